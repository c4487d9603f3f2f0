/**
 * FTP of one meter on one link (RFC 959): a log-in by password, in the clear, and files. One command after another is carried out; ABOR alone
 * does not wait for the one before.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import { addressOf, isLoopback } from "#io/address.ts";
import type { DataPort, DataPortOptions } from "#io/data-port.ts";
import type { Link } from "#io/link.ts";
import type { FileVisitor } from "#quantity/file-visitor.ts";
import { limits } from "#quantity/limits.ts";
import { CommandReader, type FtpCommand } from "./command-reader.ts";
import { DataConnection } from "./data-connection.ts";
import { FileCommands, needLogIn } from "./file-commands.ts";
import type { FtpHost } from "./host.ts";
import { facts } from "./listing.ts";
import { encodeReply, type Reply } from "./reply.ts";

export interface FtpOptions {
  readonly clock: Clock;
  /** Whether a peer of this machine's own address counts as one that is near. */
  readonly near: boolean;
  /** Whether peers elsewhere are let in. */
  readonly elsewhere: boolean;
  /** What has come is no command. */
  readonly misunderstood: () => void;
  readonly openData: (options: DataPortOptions, taken: (link: Link) => void) => Promise<DataPort>;
}

const MISSING = [502, "there is no such command here"] as const;

/** Undefined where it has been said already. */
type Answer = Reply | undefined | Promise<Reply | undefined>;

/** RFC 775, and how old clients call what there is. */
const aliases: Readonly<Record<string, string>> = { XPWD: "PWD", XCWD: "CWD", XCUP: "CDUP" };

const features = ["UTF8", "EPSV", "SIZE", "MDTM", `MLST ${facts.map((fact) => `${fact}*;`).join("")}`, "TVFS"];

/** Serves a link until it ends. */
export function serveFtp(link: Link, host: FtpHost, options: FtpOptions): void {
  new Conversation(link, host, options).begin();
}

class Conversation {
  readonly #link: Link;
  readonly #host: FtpHost;
  readonly #options: FtpOptions;
  readonly #reader = new CommandReader();
  readonly #data: DataConnection;
  readonly #address: string | undefined;
  #queue: FtpCommand[] = [];
  #isBusy = false;
  #isOver = false;
  /** The meter was silent once: what was lost then no later reply makes up for. */
  #isLost = false;
  #user: string | undefined;
  #wrong = 0;
  #visitor: FileVisitor | undefined;
  #files: FileCommands | undefined;
  #forget = (): void => {};
  #deadline: Cancel = () => {};

  constructor(link: Link, host: FtpHost, options: FtpOptions) {
    this.#link = link;
    this.#host = host;
    this.#options = options;
    this.#address = addressOf(link.peer.slice(0, link.peer.lastIndexOf(":")));
    const { local } = link;
    const peer = this.#address;
    this.#data = new DataConnection(options.clock, (taken) =>
      local === undefined || peer === undefined
        ? Promise.reject(new Error("there is no address"))
        : options.openData({ host: local, peer, clock: options.clock }, taken),
    );
  }

  begin(): void {
    const { clock, elsewhere } = this.#options;
    this.#link.closed(() => this.#over());
    if (!elsewhere && !isLoopback(this.#address))
      return this.#part([421, "FTP is for peers on this machine only, unless its listener says elsewhere: true"]);
    this.#deadline = clock.after(limits.ftp.logInMs, () => this.#part([421, "nobody has logged in"]));
    this.#link.receive((bytes) => {
      for (const command of this.#reader.take(bytes)) this.#take(command);
    });
    return this.#say([220, "Polyphase"]);
  }

  #say(reply: Reply): void {
    if (!this.#isOver) this.#link.send(encodeReply(reply));
  }

  /** Says so, and ends; who does not take it in time has it not. */
  #part(reply: Reply): void {
    this.#say(reply);
    this.#over();
    const { clock } = this.#options;
    let looks = Math.ceil(limits.ftp.partingMs / limits.peers.lookMs);
    const look = (): void => {
      if (this.#link.waiting === 0 || looks-- <= 0) this.#link.close();
      else clock.after(limits.peers.lookMs, look);
    };
    look();
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#deadline();
    this.#queue = [];
    this.#data.over();
    this.#forget();
    this.#visitor?.leave();
  }

  #take(command: FtpCommand): void {
    if (this.#isOver) return;
    if (command.verb === "ABOR" && this.#isBusy) this.#data.abort();
    this.#queue.push(command);
    if (this.#queue.length > limits.ftp.commands) return this.#part([421, "too many commands wait"]);
    this.#work();
  }

  #work(): void {
    while (!this.#isBusy && !this.#isOver) {
      const command = this.#queue.shift();
      if (command === undefined) return;
      if (this.#isLost || !this.#host.answers()) {
        this.#isLost = true;
        if (this.#host.answers()) this.#link.close();
        continue;
      }
      const reply = this.#answer(command);
      if (reply instanceof Promise) {
        this.#isBusy = true;
        reply.then(
          (said) => {
            this.#isBusy = false;
            if (!this.#host.answers()) this.#isLost = true;
            if (said !== undefined) this.#say(said);
            this.#work();
          },
          () => this.#link.close(),
        );
      } else if (reply !== undefined) this.#say(reply);
    }
  }

  #answer({ verb, argument }: FtpCommand): Answer {
    switch (verb) {
      case "":
        this.#options.misunderstood();
        return [500, "that is no command"];
      case "USER":
        return this.#name(argument);
      case "PASS":
        return this.#admit(argument);
      case "QUIT":
        return void this.#part([221, "goodbye"]);
      case "NOOP":
        return [200, "yes"];
      case "SYST":
        return [215, "UNIX Type: L8"];
      case "FEAT":
        return [211, "Features:", ...features, "end"];
      case "OPTS":
        return this.#optional(argument);
      default:
        return this.#filesAnswer(aliases[verb] ?? verb, argument);
    }
  }

  #filesAnswer(verb: string, argument: string): Reply | Promise<Reply> {
    if (this.#files !== undefined) return this.#files.answer(verb, argument) ?? MISSING;
    // Who asks for TLS hears that there is none before he says a name.
    return needLogIn.has(verb) ? [530, "log in first: USER, PASS"] : MISSING;
  }

  #optional(argument: string): Reply {
    const [, name = "", given = ""] = /^(\S+) ?(.*)$/.exec(argument) ?? [];
    if (/^UTF-?8$/i.test(name)) return /^(ON)?$/i.test(given) ? [200, "names are UTF-8"] : [501, "names are UTF-8"];
    if (/^MLST$/i.test(name)) return this.#files?.choose(given) ?? [530, "log in first: USER, PASS"];
    return [501, "it has no options"];
  }

  #name(user: string): Reply {
    if (this.#visitor !== undefined) return [530, "somebody has logged in already"];
    this.#user = user;
    return [331, "and the password"];
  }

  #admit(password: string): Answer {
    const user = this.#user;
    this.#user = undefined;
    if (this.#visitor !== undefined) return [530, "somebody has logged in already"];
    if (user === undefined) return [503, "USER comes first"];
    const most = limits.ftp.nameCharacters;
    if (user.length > most || password.length > most) return this.#refuse();
    return this.#asked(user, password);
  }

  async #asked(user: string, password: string): Promise<Reply | undefined> {
    const address = this.#address;
    const near = this.#options.near && isLoopback(address);
    const visitor = await this.#host.admit({ user, password, address, near });
    if (visitor === undefined) return this.#refuse();
    if (this.#isOver || this.#link.loggedIn?.() === false) {
      visitor.leave();
      return [421, "there is no place"];
    }
    this.#deadline();
    this.#visitor = visitor;
    this.#files = new FileCommands(visitor, {
      data: this.#data,
      local: this.#link.local,
      say: (reply) => this.#say(reply),
      isSaid: () => this.#link.waiting === 0,
      answers: () => this.#host.answers(),
    });
    this.#forget = visitor.whenOver(() => this.#part([421, "the session is over"]));
    return [230, "welcome"];
  }

  /** Names and passwords that are wrong are told alike. */
  #refuse(): Reply | undefined {
    if (++this.#wrong < limits.ftp.attempts) return [530, "that is no name and password"];
    return void this.#part([421, "that is no name and password; there is no further try"]);
  }
}
