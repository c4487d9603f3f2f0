import net from "node:net";
import tls from "node:tls";
import type { Link } from "./link.ts";
import { PeerRoom, type Guest } from "./peer-room.ts";

/** Bytes that a peer may leave unread before it is dropped. */
const MAX_UNSENT = 4 << 20;

function linkOf(socket: net.Socket, active: () => void = () => {}): Link {
  socket.setNoDelay(true);
  let fault: Error | undefined;
  // Without this listener a peer's reset would end the process.
  socket.on("error", (error) => (fault = error));
  const peer = `${socket.remoteAddress ?? "?"}:${socket.remotePort ?? 0}`;
  const certificate = socket instanceof tls.TLSSocket ? socket.getPeerX509Certificate()?.raw : undefined;
  return {
    peer,
    ...(certificate === undefined ? {} : { certificate }),
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
  /** What else a peer takes a place in: room that other listeners share. */
  readonly rooms?: readonly PeerRoom[] | undefined;
  /** A peer that sends nothing for so long is gone; never unless said. */
  readonly idleMs?: number;
  /** Takes TLS 1.2 or newer only, and only peers with a certificate that the authority signed. */
  readonly tls?: TlsIdentity;
}

/** PEM texts: who one is, and whose signature one believes. */
export interface TlsIdentity {
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
}

/** A peer that does not finish its handshake for so long is gone. */
const HANDSHAKE_MS = 10_000;

function secured({ certificate, key, authority }: TlsIdentity): tls.SecureContextOptions {
  return { cert: certificate, key, ca: authority, minVersion: "TLSv1.2" };
}

function serverFor(options: TcpListenOptions, accept: (socket: net.Socket) => void): net.Server {
  const sockets = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 };
  if (options.tls === undefined) return net.createServer(sockets, accept);
  const mutual = { requestCert: true, rejectUnauthorized: true, handshakeTimeout: HANDSHAKE_MS };
  const server = tls.createServer({ ...sockets, ...secured(options.tls), ...mutual }, accept);
  // Peers in the middle of a handshake are not counted below.
  server.maxConnections = 2 * options.maxConnections;
  // A failed handshake concerns that one peer.
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  return server;
}

/** Listens for TCP peers. Rejects when the address cannot be had, naming it, or when the certificate is none. */
export function listenTcp(options: TcpListenOptions, accept: (link: Link) => void): Promise<TcpListener> {
  const own = new PeerRoom(options.maxConnections);
  const rooms = [own, ...(options.rooms ?? [])];
  const accepted = (socket: net.Socket): void => {
    const leave = (): void => rooms.forEach((room) => room.leave(guest));
    const guest: Guest = {
      dismiss() {
        leave();
        socket.destroy();
      },
    };
    for (const room of rooms) room.enter(guest);
    if (options.idleMs !== undefined) socket.setTimeout(options.idleMs, () => socket.destroy());
    socket.on("close", leave);
    accept(linkOf(socket, () => rooms.forEach((room) => room.heard(guest))));
  };
  return new Promise((resolve, reject) => {
    const server = serverFor(options, accepted);
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
            own.clear();
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
    socket.once("error", (error: NodeJS.ErrnoException) =>
      fail(error.code === "ECONNREFUSED" ? "nothing listens there" : error.message),
    );
    socket.once(identity === undefined ? "connect" : "secureConnect", () => {
      socket.setTimeout(0);
      resolve(linkOf(socket));
    });
  });
}
