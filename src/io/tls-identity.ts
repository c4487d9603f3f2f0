/** TLS between peers that know each other by certificates of an authority: the one place that says which versions, and what becomes of a handshake. */
import type net from "node:net";
import tls from "node:tls";
import { handshakeTrouble } from "./handshake-trouble.ts";
import { peerName } from "./peer-name.ts";

/** None older is spoken (IEC 62351-3; MB-TCP-Security-v21, R-01). */
export const tlsVersions = ["1.2", "1.3"] as const;
export type TlsVersion = (typeof tlsVersions)[number];

/** PEM texts: who one is, and whose signature one believes. */
export interface TlsIdentity {
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
  /** The newest version that is spoken; 1.3 unless said. */
  readonly newest?: TlsVersion | undefined;
}

export function secured({ certificate, key, authority, newest = "1.3" }: TlsIdentity): tls.SecureContextOptions {
  return { cert: certificate, key, ca: authority, minVersion: "TLSv1.2", maxVersion: `TLSv${newest}` };
}

/** What becomes of a handshake. */
export interface Shaken {
  /** The peer has shown who it is. */
  readonly done: (secure: net.Socket) => void;
  /** Why it came to nothing, in words; the socket is closed. */
  readonly failed: (why: string) => void;
}

/** Makes TLS of a socket. */
export type Handshake = (socket: net.Socket, shaken: Shaken) => void;

/** Of the socket under TLS; Node has no other word for it, and none for the address of a socket that is closed. */
type Above = tls.TLSSocket & { readonly _parent?: net.Socket | null };

export function handshakes(identity: TlsIdentity): Handshake {
  const under = new Map<string, Shaken>();
  const bySocket = new WeakMap<net.Socket, Shaken>();
  // It listens nowhere: sockets are brought to it when their peers have begun, since TLS costs what many silent sockets do.
  const server = tls.createServer({ ...secured(identity), requestCert: true, rejectUnauthorized: true }, (secure) => {
    const shaken = under.get(peerName(secure));
    if (shaken === undefined) secure.destroy();
    else shaken.done(secure);
  });
  // A failed handshake concerns that one peer.
  server.on("tlsClientError", (error: NodeJS.ErrnoException, secure: Above) => {
    const shaken = under.get(peerName(secure)) ?? (secure._parent ? bySocket.get(secure._parent) : undefined);
    // A code, whatever its type says.
    const refused = secure.authorizationError as unknown as string | null | undefined;
    shaken?.failed(handshakeTrouble(refused ?? error.code, error.message));
    secure.destroy();
  });
  return (socket, shaken) => {
    const name = peerName(socket);
    under.set(name, shaken);
    bySocket.set(socket, shaken);
    socket.once("close", () => under.delete(name));
    server.emit("connection", socket);
  };
}
