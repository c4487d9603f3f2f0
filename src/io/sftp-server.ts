/**
 * An SSH server of one meter on one link: a log-in by password, and files by SFTP (version 3, draft-ietf-secsh-filexfer-02). There is no
 * shell, no command and no forwarding, and nothing can be written; a file can be removed by whoever may.
 */
import type { Socket } from "node:net";
import type { Connection, ServerChannel, SFTPWrapper } from "ssh2";
import type { Cancel, Clock } from "#clock/clock.ts";
import type { FileVisitor } from "#quantity/file-visitor.ts";
import { limits } from "#quantity/limits.ts";
import { addressOf } from "./address.ts";
import type { Link } from "./link.ts";
import { LinkStream } from "./link-stream.ts";
import { SftpConversation } from "./sftp-conversation.ts";
import type { SftpHost } from "./sftp-host.ts";
import { algorithms, ssh2 } from "./ssh2.ts";

export interface SftpOptions {
  readonly clock: Clock;
  /** Whether a peer of this machine's own address counts as one that is near. */
  readonly near: boolean;
  /** Is told what went wrong with a peer, in words. */
  readonly trouble: (why: string) => void;
}

/** What the server calls itself. */
const IDENT = "polyphase";

/** The longest that a timer of Node waits: who is connected is looked after by whoever listens. */
const NEVER_MS = 2 ** 31 - 1;

const own: ReadonlySet<string | undefined> = new Set(["127.0.0.1", "::1"]);

/** The address of a link's peer, "192.0.2.7:50214" or "::1:50214". */
function addressIn(peer: string): string | undefined {
  return addressOf(peer.slice(0, peer.lastIndexOf(":")));
}

/** Serves a link until it ends. */
export function serveSftp(link: Link, host: SftpHost, options: SftpOptions): void {
  let key: string;
  try {
    key = host.hostKey();
  } catch (error) {
    options.trouble(error instanceof Error ? error.message : String(error));
    return link.close();
  }
  const stream = new LinkStream(link, options.clock);
  const deadline = new Deadline(options.clock, () => stream.destroy());
  stream.on("close", () => deadline.met());
  deadline.set(limits.ssh.exchangeMs);
  const server = new (ssh2().Server)(
    { hostKeys: [key], ident: IDENT, algorithms, keepaliveInterval: NEVER_MS },
    (client) => serveClient(client, { link, stream, host, options, deadline }),
  );
  server.on("error", () => stream.destroy());
  // Somebody who is gone before he has said a word.
  stream.on("error", () => {});
  // Of a socket it takes what a stream has.
  server.injectSocket(stream as unknown as Socket);
}

/** Until when something is to have happened. */
class Deadline {
  readonly #clock: Clock;
  readonly #missed: () => void;
  #cancel: Cancel = () => {};

  constructor(clock: Clock, missed: () => void) {
    this.#clock = clock;
    this.#missed = missed;
  }

  /** In so many milliseconds from now, whatever it was before. */
  set(ms: number): void {
    this.#cancel();
    this.#cancel = this.#clock.after(ms, this.#missed);
  }

  met(): void {
    this.#cancel();
  }
}

interface Peer {
  readonly link: Link;
  readonly stream: LinkStream;
  readonly host: SftpHost;
  readonly options: SftpOptions;
  readonly deadline: Deadline;
}

function serveClient(client: Connection, { link, stream, host, options, deadline }: Peer): void {
  let wrong = 0;
  let visitor: FileVisitor | undefined;
  const end = (): void => {
    client.end();
    stream.end();
  };
  client.on("error", () => stream.destroy());
  client.once("handshake", () => deadline.set(limits.ssh.logInMs));
  client.on("authentication", (context) => {
    if (context.method !== "password") return context.reject(["password"]);
    const { username: user, password } = context;
    const { nameCharacters, attempts } = limits.ssh;
    const refuse = (): void => {
      context.reject(["password"]);
      if (++wrong >= attempts) end();
      else if (visitor === undefined && !stream.destroyed) deadline.set(limits.ssh.logInMs);
    };
    if (!host.answers()) return undefined;
    if (user.length > nameCharacters || password.length > nameCharacters) return refuse();
    const address = addressIn(link.peer);
    const near = options.near && own.has(address);
    host.admit({ user, password, address, near }).then(
      (admitted) => {
        if (admitted === undefined) return refuse();
        if (stream.destroyed || visitor !== undefined || link.loggedIn?.() === false) return admitted.leave();
        visitor = admitted;
        deadline.met();
        const forget = admitted.whenOver(end);
        stream.once("close", () => {
          forget();
          admitted.leave();
        });
        return context.accept();
      },
      () => stream.destroy(),
    );
    return undefined;
  });
  let channels = 0;
  client.on("session", (accept, reject) => {
    if (visitor === undefined || channels >= limits.ssh.channels) return reject();
    const admitted = visitor;
    channels++;
    const session = accept();
    session.on("close", () => void channels--);
    session.on("sftp", (acceptSftp) => {
      const sftp = acceptSftp();
      const conversation = new SftpConversation(sftp, admitted, {
        clock: options.clock,
        answers: () => host.answers(),
        /** What is on its way to the peer. */
        waiting: () => stream.writableLength + link.waiting,
        end: () => stream.destroy(),
      });
      const channel = sftp as unknown as ServerChannel;
      channel.on("end", () => {
        exitWell(client, sftp);
        channel.end();
      });
      channel.on("close", () => conversation.over());
    });
    return undefined;
  });
}

/** Tells that all went well, as scp of OpenSSH wants to hear; the library says that of commands only. */
function exitWell(client: Connection, sftp: SFTPWrapper): void {
  const { _protocol } = client as unknown as {
    readonly _protocol: { exitStatus(channel: number, status: number): void };
  };
  const { outgoing } = sftp as unknown as { readonly outgoing: { readonly id: number; readonly state: string } };
  if (outgoing.state === "open") _protocol.exitStatus(outgoing.id, 0);
}
