/** Who did something, from where, as logs have it. */
import type { Peer } from "#quantity/authority.ts";
import type { Origin } from "#quantity/log.ts";

/** What logs call those whom a protocol lets in without a name. */
const unnamed: Readonly<Record<string, string>> = { modbus: "Modbus", dnp3: "DNP", http: "HTTP", panel: "front panel" };

/** `user` is who somebody is, as far as he has been admitted. */
export function originOf(peer: Peer, user: string | undefined): Origin {
  const { protocol, port, address, near } = peer;
  const by = user ?? (near && protocol === "http" ? "site" : (unnamed[protocol] ?? protocol));
  return { by, port, protocol, ...(address === undefined ? {} : { peer: address }) };
}
