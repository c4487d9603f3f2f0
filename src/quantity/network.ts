/** By what peers are told apart and counted: whoever has many addresses counts as often as he has networks. */

/** Groups of an IPv6 address that name the network; one host has as many addresses in its own as it likes (RFC 4291, 2.5.1). */
const NETWORK = 4;
const GROUPS = 8;

/** An IPv4 address itself; of IPv6 the network of 64 bits: "2001:db8:0:7::/64". "unknown" of a peer that has none. */
export function networkOf(address: string | undefined): string {
  if (address === undefined) return "unknown";
  // An address of IPv4 that came over a socket of IPv6 is the same host's.
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(":")) return mapped ?? address;
  const [left = "", right] = (address.split("%")[0] ?? "").toLowerCase().split("::");
  const groups = (part: string): string[] => (part === "" ? [] : part.split(":"));
  const [before, after] = [groups(left), groups(right ?? "")];
  // What "::" leaves out is zeros.
  const between =
    right === undefined ? [] : Array<string>(Math.max(0, GROUPS - before.length - after.length)).fill("0");
  return `${[...before, ...between, ...after].slice(0, NETWORK).join(":")}::/64`;
}
