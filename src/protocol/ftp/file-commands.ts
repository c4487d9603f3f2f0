/** What somebody who has logged in can ask of a meter's files over FTP (RFC 959, 4.1; RFC 2428; RFC 3659). */
import { nodeAt, resolved, type SftpNode } from "#io/sftp-tree.ts";
import type { FileRefused, FileVisitor } from "#quantity/file-visitor.ts";
import { limits } from "#quantity/limits.ts";
import type { DataConnection, Ended } from "./data-connection.ts";
import { encodeLines, facts, factsOf, listed, timeOf, type Fact } from "./listing.ts";
import type { Reply } from "./reply.ts";

export interface FileMeans {
  readonly data: DataConnection;
  /** The address of this end, where the peer's data connection goes; undefined where it is not known. */
  readonly local: string | undefined;
  /** Sends a reply before the last one of a command. */
  readonly say: (reply: Reply) => void;
  /** Whether all that has been said has gone. */
  readonly isSaid: () => boolean;
  /** Whether the meter answers. */
  readonly answers: () => boolean;
}

const OPENS = "the connection for data is opened by the peer only: PASV, EPSV";

/** What becomes of a transfer that is not done. */
const failures: Readonly<Record<Exclude<Ended, "done">, Reply>> = {
  none: [425, "nobody has opened the connection for data"],
  late: [426, `nothing has moved for ${limits.ftp.dataMs / 1000} s`],
  lost: [426, "the connection for data broke off; nothing of it is kept"],
  aborted: [426, "aborted; nothing of it is kept"],
  long: [552, `a file has ${limits.ftp.putBytes} bytes at most`],
  barred: [426, "it may not be read any more"],
};

/** Commands of who has logged in. */
export const needLogIn: ReadonlySet<string> = new Set(
  "PWD CWD CDUP TYPE MODE STRU ALLO PASV EPSV PORT EPRT LIST NLST MLSD MLST SIZE MDTM RETR STOR DELE ABOR".split(" "),
);

type Answer = Reply | Promise<Reply>;
type Run = (argument: string) => Answer;

export class FileCommands {
  readonly #visitor: FileVisitor;
  readonly #means: FileMeans;
  #folder = "/";
  #facts: ReadonlySet<Fact> = new Set(facts);
  /** EPSV ALL: no other way from here on (RFC 2428, 4). */
  #extendedOnly = false;

  readonly #table: Readonly<Record<string, Run>> = {
    PWD: () => [257, `"${this.#folder}"`],
    CWD: (path) => this.#goTo(path),
    CDUP: () => this.#goTo(".."),
    TYPE: (type) => (/^(A( N)?|I|L 8)$/i.test(type) ? [200, "bytes go as they are"] : [504, "there are A, I and L 8"]),
    MODE: (mode) => (/^S$/i.test(mode) ? [200, "stream"] : [504, "there is S"]),
    STRU: (structure) => (/^F$/i.test(structure) ? [200, "file"] : [504, "there is F"]),
    ALLO: () => [202, "there is no need to"],
    PASV: () => this.#passive(),
    EPSV: (protocol) => this.#extendedPassive(protocol),
    PORT: () => [502, OPENS],
    EPRT: () => [502, OPENS],
    LIST: (path) => this.#list(path, ({ longname }) => longname),
    NLST: (path) => this.#list(path, ({ filename }) => filename),
    MLSD: (path) =>
      this.#at(path, (node) =>
        node.kind === "folder"
          ? this.#list(path, (one) => factsOf(one, one.filename, this.#facts))
          : [501, "it is a file"],
      ),
    MLST: (path) => this.#at(path, (node) => [250, "what it is", factsOf(node, `/${node.name}`, this.#facts), "end"]),
    SIZE: (path) =>
      this.#at(path, (node) => (node.kind === "file" ? [213, `${node.attrs.size}`] : [550, "it is a folder"])),
    MDTM: (path) => this.#at(path, time),
    RETR: (path) => this.#retrieve(path),
    STOR: (path) => this.#store(path),
    DELE: (path) => this.#remove(path),
    ABOR: () => {
      this.#means.data.abort();
      return [226, "nothing is under way"];
    },
  };

  constructor(visitor: FileVisitor, means: FileMeans) {
    this.#visitor = visitor;
    this.#means = means;
  }

  /** Undefined of a command that there is not. */
  answer(verb: string, argument: string): Answer | undefined {
    return Object.hasOwn(this.#table, verb) ? this.#table[verb]?.(argument) : undefined;
  }

  /** OPTS MLST: which facts are told from here on (RFC 3659, 7.9). */
  choose(wanted: string): Reply {
    const names = wanted.toLowerCase().split(";");
    const chosen = facts.filter((fact) => names.includes(fact));
    this.#facts = new Set(chosen);
    return [200, `MLST OPTS ${chosen.map((fact) => `${fact};`).join("")}`];
  }

  #whole(path: string): string {
    return path.startsWith("/") ? path : `${this.#folder}/${path}`;
  }

  /** Answers about what lies at a path: where files may be read, and something lies there. */
  #at(path: string, run: (node: SftpNode) => Answer): Answer {
    const barred = this.#visitor.barred();
    if (barred !== undefined) return [550, barred];
    const node = nodeAt(this.#visitor.shelf, this.#whole(path));
    return node === undefined ? [550, "there is no such file"] : run(node);
  }

  #goTo(path: string): Answer {
    return this.#at(path, (node) => {
      if (node.kind !== "folder") return [550, "it is a file"];
      this.#folder = `/${node.name}`;
      return [250, `"${this.#folder}"`];
    });
  }

  async #passive(): Promise<Reply> {
    const { local, data } = this.#means;
    if (this.#extendedOnly || local === undefined || local.includes(":")) return [522, "there is EPSV"];
    const port = await data.open();
    if (port === undefined) return [425, "there is no port for data"];
    return [227, `Entering Passive Mode (${local.replaceAll(".", ",")},${port >> 8},${port & 255})`];
  }

  async #extendedPassive(protocol: string): Promise<Reply> {
    const { local, data } = this.#means;
    if (/^ALL$/i.test(protocol)) {
      this.#extendedOnly = true;
      return [200, "no other way from here on"];
    }
    const own = local?.includes(":") === true ? "2" : "1";
    if (protocol !== "" && protocol !== own) return [522, `Network protocol not supported, use (${own})`];
    const port = await data.open();
    if (port === undefined) return [425, "there is no port for data"];
    return [229, `Entering Extended Passive Mode (|||${port}|)`];
  }

  /** Options as `ls` has them say nothing here. */
  #list(given: string, line: (one: ReturnType<typeof listed>[number]) => string): Answer {
    const path = given.replace(/^(-[A-Za-z1]+( |$))+/, "");
    return this.#at(path, (node) => this.#send(encodeLines(listed(this.#visitor.shelf, node).map(line))));
  }

  #retrieve(path: string): Answer {
    return this.#at(path, (node) => {
      const bytes = node.kind === "file" ? this.#visitor.shelf.read(node.name) : undefined;
      return bytes === undefined ? [550, "there is no such file"] : this.#send(bytes);
    });
  }

  async #send(bytes: Uint8Array): Promise<Reply> {
    const { data, say, isSaid, answers } = this.#means;
    if (!data.isOpen) return [425, OPENS];
    say([150, `${bytes.length} bytes`]);
    const ended = await data.send(bytes, isSaid, () => answers() && this.#visitor.barred() === undefined);
    return ended === "done" ? [226, "sent"] : failures[ended];
  }

  async #store(path: string): Promise<Reply> {
    const { data, say, answers } = this.#means;
    const name = resolved(this.#whole(path))?.slice(1) ?? "";
    const { put, mayPut } = this.#visitor;
    if (put === undefined || mayPut === undefined || name === "") return [550, "nothing can be sent there"];
    const refused = mayPut(name);
    if (refused !== undefined) return refusal(refused);
    if (!data.isOpen) return [425, OPENS];
    say([150, "go on"]);
    const taken = await data.take();
    if (typeof taken === "string") return taken === "done" ? failures.lost : failures[taken];
    // Without power nothing is taken, and nothing said.
    if (!answers()) return failures.lost;
    const wrong = await put(name, taken);
    return wrong === undefined ? [226, "taken"] : refusal(wrong);
  }

  #remove(path: string): Answer {
    return this.#at(path, (node) => {
      if (node.kind !== "file") return [550, "it is a folder"];
      const refused = this.#visitor.remove(node.name);
      return refused === undefined ? [250, "removed"] : refusal(refused);
    });
  }
}

function time(node: SftpNode): Reply {
  const written = node.kind === "file" ? timeOf(node) : undefined;
  return written === undefined ? [550, "it is a folder"] : [213, written];
}

/** Each of what is wrong on a line of its own. */
function refusal({ words }: FileRefused): Reply {
  const [first = "", ...rest] = words.split("\n");
  return [550, first, ...rest];
}
