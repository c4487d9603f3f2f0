/** Where peers are: whoever has many addresses counts as often as he has places. */
import type { Peer } from "#quantity/authority.ts";
import { networkOf } from "#quantity/network.ts";

/** The network of its address; of a peer without an address, its port. */
export function placeOf({ address, port }: Pick<Peer, "address" | "port">): string {
  return address === undefined ? port : networkOf(address);
}
