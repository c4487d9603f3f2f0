/** IP addresses as sockets and URLs write them. */
import net from "node:net";
import { networkInterfaces } from "node:os";

/** One way of writing an address: an IPv4 address in IPv6 as IPv4, no zone, small letters; undefined of what is none. */
export function addressOf(text: string | undefined): string | undefined {
  const bare = text?.replace(/^\[(.*)\]$/, "$1").replace(/%.*$/, "");
  if (bare === undefined || net.isIP(bare) === 0) return undefined;
  if (net.isIPv4(bare)) return bare;
  const written = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(written);
  if (mapped === null) return written;
  const [high, low] = [Number.parseInt(mapped[1] ?? "", 16), Number.parseInt(mapped[2] ?? "", 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** Whether an address is this machine's own, 127.0.0.0/8 or ::1. */
export function isLoopback(address: string | undefined): boolean {
  const one = addressOf(address);
  return one === "::1" || (one !== undefined && net.isIPv4(one) && one.startsWith("127."));
}

/** Addresses of this machine's interfaces by which others may reach it: none of loopback, none that holds on one link only. */
export function ownAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  return all.filter(({ internal, address }) => !internal && !/^fe[89ab]/i.test(address)).map(({ address }) => address);
}
