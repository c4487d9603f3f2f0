/**
 * Peers over UDP, each as a link: every datagram that comes from an address is one piece, and what is sent in one is one datagram. Nobody
 * hangs up: a peer has gone when nothing has come from it for a while.
 */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { Cancel, Clock } from "#clock/clock.ts";
import { limits } from "#quantity/limits.ts";
import { Entrance, type Guest } from "./entrance.ts";
import type { Link } from "./link.ts";
import { listenTrouble } from "./listen-trouble.ts";
import { noPeers, type PeerCounts } from "./peer-counts.ts";
import { PeerRoom } from "./peer-room.ts";

export interface UdpListenOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Peers at once that have been answered; what comes from one more is lost. */
  readonly maxPeers: number;
  /** What else a peer takes a place in: room that other listeners share. */
  readonly rooms?: readonly PeerRoom[] | undefined;
  /** Multicast groups that it hears, too. */
  readonly groups?: readonly string[] | undefined;
  /** A peer from which nothing comes for so long is gone. */
  readonly idleMs: number;
  readonly clock: Clock;
  /** Where it is counted what becomes of peers. */
  readonly counts?: PeerCounts;
}

export interface UdpListener {
  readonly port: number;
  readonly host: string;
  close(): Promise<void>;
}

/** One peer of a listener, by its address and port. */
class UdpPeer implements Link {
  readonly peer: string;
  readonly #socket: Socket;
  readonly #at: RemoteInfo;
  readonly #guest: Guest;
  #receiver: ((bytes: Uint8Array) => void) | undefined;
  /** Datagrams that have come and not been handed on. */
  #early: Uint8Array[] = [];
  #held = 0;
  #paused = false;
  #open = true;
  readonly #onClosed: (() => void)[] = [];
  waiting = 0;

  constructor(socket: Socket, at: RemoteInfo, guest: Guest) {
    this.peer = nameOf(at);
    this.#socket = socket;
    this.#at = at;
    this.#guest = guest;
  }

  send(bytes: Uint8Array): void {
    if (!this.#open || !this.#guest.answered()) return;
    this.waiting += bytes.length;
    // Whether it comes, and whether somebody is there at all, nobody is told.
    this.#socket.send(bytes, this.#at.port, this.#at.address, () => (this.waiting -= bytes.length));
  }

  receive(run: (bytes: Uint8Array) => void): void {
    this.#receiver = run;
    this.#handOn();
  }

  take(bytes: Uint8Array): void {
    // What is too much for one that is busy is lost, as on the way to it.
    if (this.#held + bytes.length > limits.peers.readAhead) return;
    this.#early.push(bytes);
    this.#held += bytes.length;
    this.#handOn();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#handOn();
  }

  closed(run: () => void): void {
    this.#onClosed.push(run);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#early = [];
    this.#held = 0;
    this.#guest.left();
    for (const run of this.#onClosed) run();
  }

  #handOn(): void {
    while (this.#receiver !== undefined && !this.#paused && this.#open) {
      const [bytes] = this.#early;
      if (bytes === undefined) return;
      this.#early.shift();
      this.#held -= bytes.length;
      this.#receiver(bytes);
    }
  }
}

function nameOf({ address, port }: RemoteInfo): string {
  return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}

/** Those who are there, and since when nothing has come from them. */
class UdpPeers {
  readonly #socket: Socket;
  readonly #accept: (link: Link) => void;
  readonly #entrance: Entrance;
  readonly #options: UdpListenOptions;
  readonly #peers = new Map<string, { readonly link: UdpPeer; heardAt: number; idle: Cancel }>();

  constructor(socket: Socket, options: UdpListenOptions, accept: (link: Link) => void) {
    const { maxPeers, rooms = [], counts = noPeers() } = options;
    this.#socket = socket;
    this.#options = options;
    this.#accept = accept;
    this.#entrance = new Entrance([new PeerRoom(maxPeers), ...rooms], counts);
  }

  take(bytes: Uint8Array, at: RemoteInfo): void {
    const name = nameOf(at);
    const link = this.#peers.get(name)?.link ?? this.#arrival(name, at);
    const known = this.#peers.get(name);
    if (link === undefined || known === undefined) return;
    known.heardAt = this.#options.clock.elapsed();
    link.take(bytes);
  }

  #arrival(name: string, at: RemoteInfo): UdpPeer | undefined {
    const { clock, idleMs } = this.#options;
    let link: UdpPeer | undefined;
    const guest = this.#entrance.knock(at.address, () => link?.close());
    if (guest === undefined) return undefined;
    link = new UdpPeer(this.#socket, at, guest);
    if (!guest.begun()) return undefined;
    const known = { link, heardAt: clock.elapsed(), idle: () => {} };
    this.#peers.set(name, known);
    const watch = (ms: number): void => {
      known.idle = clock.after(ms, () => {
        const left = known.heardAt + idleMs - clock.elapsed();
        if (left > 0) watch(left);
        else known.link.close();
      });
    };
    watch(idleMs);
    link.closed(() => {
      known.idle();
      this.#peers.delete(name);
    });
    this.#accept(link);
    return link;
  }

  clear(): void {
    this.#entrance.clear();
    for (const { link } of this.#peers.values()) link.close();
  }
}

/** Whether an address to listen on is every one of the machine. */
function isAny(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/** Listens for datagrams. Rejects when the address cannot be had, naming it. */
export function listenUdp(options: UdpListenOptions, accept: (link: Link) => void): Promise<UdpListener> {
  const { host, port, groups = [] } = options;
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
    const peers = new UdpPeers(socket, options, accept);
    socket.once("error", (error: NodeJS.ErrnoException) => {
      socket.close();
      reject(new Error(`cannot listen on ${listenTrouble({ host, port, over: "udp" }, error)}`, { cause: error }));
    });
    socket.bind({ address: host, port }, () => {
      socket.removeAllListeners("error");
      try {
        for (const group of groups) socket.addMembership(group, isAny(host) ? undefined : host);
      } catch (error) {
        socket.close();
        reject(new Error(`cannot listen to the groups ${groups.join(", ")}`, { cause: error }));
        return;
      }
      // A port of a peer that is closed concerns that one peer, not the listener.
      socket.on("error", () => {});
      socket.on("message", (bytes, at) => peers.take(bytes, at));
      // A socket that is closed again complains.
      let closed: Promise<void> | undefined;
      const close = (): Promise<void> =>
        new Promise((done) => {
          socket.close(() => done());
          peers.clear();
        });
      resolve({ port: socket.address().port, host, close: () => (closed ??= close()) });
    });
  });
}

/** A reader's own link over UDP; rejects with a message that names the address. */
export function connectUdp(host: string, port: number): Promise<Link> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
    let fault: Error | undefined;
    let waiting = 0;
    let open = true;
    socket.once("error", (error) => {
      socket.close();
      reject(new Error(`cannot reach ${host}:${port}: ${error.message}`, { cause: error }));
    });
    // A connected socket takes datagrams of its peer only.
    socket.connect(port, host, () => {
      socket.removeAllListeners("error");
      socket.on("error", (error) => (fault = error));
      resolve({
        peer: `${host}:${port}`,
        get waiting() {
          return waiting;
        },
        send(bytes) {
          if (!open) return;
          waiting += bytes.length;
          socket.send(bytes, () => (waiting -= bytes.length));
        },
        receive: (run) => void socket.on("message", (bytes) => run(bytes)),
        // Nobody reads a conversation of one question and one answer ahead.
        pause: () => {},
        resume: () => {},
        closed: (run) => void socket.on("close", () => run(fault)),
        close() {
          if (open) socket.close();
          open = false;
        },
      });
    });
  });
}
