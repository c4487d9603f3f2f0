import type net from "node:net";

/** What a peer is called: its address and port. */
export function peerName({ remoteAddress = "?", remotePort = 0 }: net.Socket): string {
  return `${remoteAddress}:${remotePort}`;
}
