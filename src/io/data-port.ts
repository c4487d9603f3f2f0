/** A TCP port that is open for one connection of one peer: what a conversation on another connection has said of (RFC 959, 3.2). */
import type { Clock } from "#clock/clock.ts";
import { addressOf } from "./address.ts";
import type { Link } from "./link.ts";
import { listenTcp } from "./tcp.ts";

export interface DataPort {
  readonly port: number;
  /** Ends the connection, too. */
  close(): void;
}

export interface DataPortOptions {
  /** Where it listens: the address that the peer has reached already. */
  readonly host: string;
  /** The peer's: whoever comes from elsewhere is sent away. */
  readonly peer: string;
  readonly clock: Clock;
}

/** Opens one, on any free port. `taken` runs once, with the first connection from the peer's address. */
export async function openDataPort(
  { host, peer, clock }: DataPortOptions,
  taken: (link: Link) => void,
): Promise<DataPort> {
  let isTaken = false;
  const listener = await listenTcp({ host, port: 0, maxConnections: 1, greets: true, clock }, (link) => {
    const from = addressOf(link.peer.slice(0, link.peer.lastIndexOf(":")));
    if (isTaken || from !== peer) return link.close();
    isTaken = true;
    return taken(link);
  });
  return { port: listener.port, close: () => void listener.close() };
}
