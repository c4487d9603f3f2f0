import net from "node:net";
import type { Link } from "./link.ts";

/** Bytes that a peer may leave unread before it is dropped. */
const MAX_UNSENT = 4 << 20;

function linkOf(socket: net.Socket, active: () => void = () => {}): Link {
  socket.setNoDelay(true);
  let fault: Error | undefined;
  // Without this listener a peer's reset would end the process.
  socket.on("error", (error) => (fault = error));
  const peer = `${socket.remoteAddress ?? "?"}:${socket.remotePort ?? 0}`;
  return {
    peer,
    send(bytes) {
      if (socket.writable) socket.write(bytes);
      // A peer that never reads its answers must not make this process keep them all.
      if (socket.writableLength > MAX_UNSENT) socket.destroy();
    },
    receive(run) {
      socket.on("data", (bytes: Uint8Array) => {
        active();
        run(bytes);
      });
    },
    closed(run) {
      socket.on("close", () => run(fault));
    },
    close() {
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
  /** When one more peer comes, the one that has been idle longest goes. */
  readonly maxConnections: number;
  /** A peer that sends nothing for so long is gone; never unless said. */
  readonly idleMs?: number;
}

/** Listens for TCP peers. Rejects when the address cannot be had, naming it. */
export function listenTcp(options: TcpListenOptions, accept: (link: Link) => void): Promise<TcpListener> {
  /** When each peer last sent something, in order of sending. */
  const lastActive = new Map<net.Socket, number>();
  let order = 0;
  const server = net.createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }, (socket) => {
    if (lastActive.size >= options.maxConnections) {
      const [idle] = [...lastActive].reduce((least, entry) => (entry[1] < least[1] ? entry : least));
      idle.destroy();
      lastActive.delete(idle);
    }
    lastActive.set(socket, ++order);
    if (options.idleMs !== undefined) socket.setTimeout(options.idleMs, () => socket.destroy());
    socket.on("close", () => lastActive.delete(socket));
    accept(linkOf(socket, () => void lastActive.set(socket, ++order)));
  });
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "another program uses it" : error.message;
      reject(new Error(`cannot listen on ${options.host}:${options.port}: ${why}`, { cause: error }));
    });
    server.listen({ host: options.host, port: options.port, backlog: 511 }, () => {
      server.removeAllListeners("error");
      // A failed accept (too many open files) concerns that one peer, not the listener.
      server.on("error", () => {});
      const address = server.address();
      resolve({
        port: typeof address === "object" && address !== null ? address.port : options.port,
        host: options.host,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            for (const socket of lastActive.keys()) socket.destroy();
          }),
      });
    });
  });
}

/** Connects to a TCP listener; rejects with a message that names the address. */
export function connectTcp(host: string, port: number, timeoutMs = 5000): Promise<Link> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, noDelay: true });
    const fail = (why: string) => {
      socket.destroy();
      reject(new Error(`cannot connect to ${host}:${port}: ${why}`));
    };
    socket.setTimeout(timeoutMs, () => fail(`no answer within ${timeoutMs} ms`));
    socket.once("error", (error: NodeJS.ErrnoException) =>
      fail(error.code === "ECONNREFUSED" ? "nothing listens there" : error.message),
    );
    socket.once("connect", () => {
      socket.setTimeout(0);
      resolve(linkOf(socket));
    });
  });
}
