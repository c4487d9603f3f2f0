import net from "node:net";
import tls from "node:tls";
import type { Clock } from "#clock/clock.ts";
import { limits } from "#quantity/limits.ts";
import { addressOf } from "./address.ts";
import { connectTrouble } from "./connect-trouble.ts";
import { Entrance } from "./entrance.ts";
import type { Ending, Link } from "./link.ts";
import { listenTrouble } from "./listen-trouble.ts";
import { noPeers, type PeerCounts } from "./peer-counts.ts";
import { peerName } from "./peer-name.ts";
import { PeerRoom } from "./peer-room.ts";
import { handshakes, secured, type TlsIdentity } from "./tls-identity.ts";

/** What is asked of a peer's place. */
interface Places {
  /** Before the first bytes go: whether the peer may have them. */
  readonly answered?: () => boolean;
  readonly loggedIn?: () => boolean;
}

/** Milliseconds of silence after which the system asks whether the peer is there (RFC 1122, 4.2.3.6). */
const SILENT_MS = 10_000;
/** What a peer's reset is told as: whoever writes behind it hears of a broken pipe. */
const RESETS: ReadonlySet<string | undefined> = new Set(["ECONNRESET", "EPIPE"]);

function linkOf(socket: net.Socket, { answered = () => true, loggedIn }: Places = {}): Link {
  socket.setNoDelay(true);
  // Who goes without a word is missed: ten probes a second apart follow.
  socket.setKeepAlive(true, SILENT_MS);
  let fault: NodeJS.ErrnoException | undefined;
  let ending: Ending | undefined;
  // What comes behind what this end has begun is an answer to it.
  const ended = (by: Ending): void => void (ending ??= by);
  // Without this listener a peer's reset would end the process.
  socket.on("error", (error: NodeJS.ErrnoException) => {
    fault = error;
    if (RESETS.has(error.code)) ended("reset");
  });
  socket.once("end", () => ended("peer"));
  const local = addressOf(socket.localAddress);
  const certificate = socket instanceof tls.TLSSocket ? socket.getPeerX509Certificate()?.raw : undefined;
  let silent = true;
  return {
    peer: peerName(socket),
    ...(local === undefined ? {} : { local }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(loggedIn === undefined ? {} : { loggedIn }),
    get waiting() {
      return socket.writableLength;
    },
    send(bytes) {
      if (!socket.writable || (silent && !answered())) return;
      silent = false;
      socket.write(bytes);
    },
    receive(run) {
      socket.on("data", run);
    },
    pause() {
      socket.pause();
    },
    resume() {
      socket.resume();
    },
    closed(run) {
      socket.on("close", () => run(fault, ending ?? "here"));
    },
    close() {
      ended("here");
      socket.destroy();
    },
  };
}

export interface TcpListener {
  readonly port: number;
  readonly host: string;
  close(): Promise<void>;
}

export interface TcpListenOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Peers at once that have been answered; one more is refused. Others have a waiting room beside. */
  readonly maxConnections: number;
  /** Where an answer earns no place, and a log-in does (`Link.loggedIn`): how many may be on the way to it. */
  readonly logIns?: number | undefined;
  /** Whether who listens speaks first: else nothing but a socket is kept of a peer until it has said something. */
  readonly greets?: boolean | undefined;
  /** What else a peer takes a place in: room that other listeners share. */
  readonly rooms?: readonly PeerRoom[] | undefined;
  /** A peer that sends nothing for so long is gone; never unless said. */
  readonly idleMs?: number;
  /** Takes TLS 1.2 or newer only, and only peers with a certificate that the authority signed. */
  readonly tls?: TlsIdentity;
  /** By which handshakes have their time. */
  readonly clock: Clock;
  /** Where it is counted what becomes of peers. */
  readonly counts?: PeerCounts;
  /** Hears which peer was not let in over TLS, and why, in words. */
  readonly refused?: ((peer: string, why: string) => void) | undefined;
}

/** Runs when what a peer has sent is enough to begin with; until then nothing but its socket, and that, is kept. */
function whenHeard(socket: net.Socket, isEnough: (bytes: Uint8Array) => boolean, run: () => void): void {
  let bytes = new Uint8Array(0);
  const look = (): void => {
    const more = socket.read() as Uint8Array | null;
    // It has ended; the socket closes itself.
    if (more === null) return;
    bytes = Buffer.concat([bytes, more]);
    if (!isEnough(bytes)) return;
    socket.off("readable", look);
    socket.unshift(bytes);
    run();
  };
  socket.on("readable", look);
}

/** A record of a handshake (RFC 8446, 5.1). */
const HANDSHAKE = 22;

/** Whether a first record of TLS is whole, by its length, or is none: who sends half a ClientHello has begun nothing. */
function isRecord(bytes: Uint8Array): boolean {
  const [type, , , high = Infinity, low = Infinity] = bytes;
  return type !== HANDSHAKE || bytes.length >= Math.min(limits.peers.tlsRecord, 5 + 256 * high + low);
}

function onArrival(options: TcpListenOptions, entrance: Entrance, accept: (link: Link) => void) {
  const { clock, counts = noPeers(), idleMs, logIns, greets = false, refused = () => {} } = options;
  const shake = options.tls === undefined ? undefined : handshakes(options.tls);
  const idle = (socket: net.Socket): void => {
    if (idleMs !== undefined) socket.setTimeout(idleMs, () => socket.destroy());
  };
  return (socket: net.Socket): void => {
    let sentAway = false;
    const guest = entrance.knock(socket.remoteAddress ?? "", () => {
      sentAway = true;
      socket.destroy();
    });
    // A reset before there is a link would end the process.
    socket.on("error", () => {});
    if (guest === undefined) return void socket.destroy();
    const places = logIns === undefined ? { answered: guest.answered } : { loggedIn: guest.answered };
    const tooLate = shake && clock.after(limits.peers.handshakeMs, () => socket.destroy());
    let shaking = shake !== undefined;
    socket.once("close", () => {
      guest.left();
      tooLate?.();
      if (shaking && !sentAway) counts.handshakesFailed++;
    });
    if (shake === undefined) idle(socket);
    if (greets && shake === undefined) return accept(linkOf(socket, places));
    whenHeard(socket, shake === undefined ? () => true : isRecord, () => {
      if (!guest.begun()) return;
      if (shake === undefined) return accept(linkOf(socket, places));
      const name = peerName(socket);
      shake(socket, {
        done(secure) {
          shaking = false;
          tooLate?.();
          idle(secure);
          accept(linkOf(secure, places));
        },
        failed(why) {
          if (!sentAway) refused(name, why);
        },
      });
    });
  };
}

/** Listens for TCP peers. Rejects when the address cannot be had, naming it, or when the certificate is none. */
export function listenTcp(options: TcpListenOptions, accept: (link: Link) => void): Promise<TcpListener> {
  const { host, port, maxConnections, rooms = [], counts = noPeers(), logIns } = options;
  const entrance = new Entrance([new PeerRoom(maxConnections), ...rooms], counts, logIns);
  return new Promise((resolve, reject) => {
    const sockets = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 };
    const server = net.createServer(sockets, onArrival({ ...options, counts }, entrance, accept));
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(new Error(`cannot listen on ${listenTrouble({ host, port }, error)}`, { cause: error }));
    });
    server.listen({ host, port, backlog: limits.peers.backlog }, () => {
      server.removeAllListeners("error");
      // A failed accept (too many open files) concerns that one peer, not the listener.
      server.on("error", () => {});
      const address = server.address();
      resolve({
        port: typeof address === "object" && address !== null ? address.port : port,
        host,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            entrance.clear();
          }),
      });
    });
  });
}

/** Connects to a TCP listener, over TLS when there is an identity; rejects with a message that names the address. */
export function connectTcp(host: string, port: number, timeoutMs = 5000, identity?: TlsIdentity): Promise<Link> {
  return new Promise((resolve, reject) => {
    const socket =
      identity === undefined
        ? net.connect({ host, port, noDelay: true })
        : tls.connect({ host, port, ...secured(identity) });
    const fail = (why: string) => {
      socket.destroy();
      reject(new Error(`cannot connect to ${host}:${port}: ${why}`));
    };
    socket.setTimeout(timeoutMs, () => fail(`no answer within ${timeoutMs} ms`));
    socket.once("error", (error) => fail(connectTrouble(host, error, identity === undefined ? "tcp" : "tls")));
    socket.once(identity === undefined ? "connect" : "secureConnect", () => {
      socket.setTimeout(0);
      resolve(linkOf(socket));
    });
  });
}
