/** Meters that are read over DNP3: their URLs, like dnp3://host:port/address?master=100. */
import { dnp3Transports, type Dnp3Transport } from "#protocol/dnp3/transports.ts";
import { knowsWords, numberIn, UrlError } from "./place.ts";
import { namedBy, reader, type MeterUrl } from "./reader.ts";

/** When the outstation has to confirm frames of the data link that it gets. */
export const linkConfirms = ["never", "multi-frame", "always"] as const;
export type LinkConfirm = (typeof linkConfirms)[number];

export interface Dnp3Url extends MeterUrl {
  readonly protocol: "dnp3";
  readonly transport: Dnp3Transport["name"];
  /** Link addresses of the outstation and of who asks. */
  readonly address: number;
  readonly master: number;
  readonly confirm: LinkConfirm;
}

/** Link addresses of stations: those above are reserved, or mean everybody (IEEE 1815 clause 9.2.4.1.3). */
export const addressRange = [0, 65_519] as const;

/** What an outstation usually has, and a master. */
const [OUTSTATION, MASTER] = ["1", "100"];

/** Its URLs; dnp3-reader.ts is the row of readers. */
export const dnp3Urls = reader(dnp3Transports, ({ transport, place, url, text }): Dnp3Url => {
  const onLine = transport.over === "serial";
  knowsWords(url, text, transport, ["master", "confirm", ...(onLine ? ["address"] : [])]);
  const given = onLine ? url.searchParams.get("address") : url.pathname.replace(/^\//, "");
  const confirm = url.searchParams.get("confirm") ?? "never";
  const found = linkConfirms.find((one) => one === confirm);
  if (found === undefined)
    throw new UrlError(`confirm of "${text}": expected ${linkConfirms.join(", ")}; found "${confirm}"`);
  return {
    protocol: "dnp3",
    transport: transport.name,
    place,
    address: numberIn(text, "address", given === null || given === "" ? OUTSTATION : given, addressRange),
    master: numberIn(text, "master", url.searchParams.get("master") ?? MASTER, addressRange),
    confirm: found,
  };
});

/** Of what speaks DNP3 only. Throws UrlError, which says of another protocol's URL what is taken. */
export function parseDnp3Url(text: string): Dnp3Url {
  return namedBy(text, [dnp3Urls], "is not DNP3, and this works over DNP3 only").url;
}

/** Whether a text names a meter over DNP3, well or not. */
export function looksDnp3(text: string): boolean {
  return dnp3Transports.some(({ scheme }) => text.startsWith(`${scheme}:`));
}

/** Where a meter of a site is reached over DNP3. */
export type DnpListener =
  | { readonly over: "tcp" | "tls" | "udp"; readonly host: string; readonly number: number }
  /** Which of the meter's serial lines it is, in their order from 0. */
  | { readonly over: "serial"; readonly line: number; readonly baud: number; readonly parity: string };

/** Where the URLs of a meter of a site say that it is reached over DNP3. */
export function reachedAt(urls: readonly string[]): readonly DnpListener[] {
  const lines = [
    ...new Set(
      urls
        .map((one) => new URL(one))
        .filter(isLine)
        .map(({ pathname }) => pathname),
    ),
  ];
  return urls.flatMap((text): readonly DnpListener[] => {
    const url = new URL(text);
    const over = dnp3Transports.find(({ scheme }) => url.protocol === `${scheme}:`)?.over;
    if (over === undefined) return [];
    if (over === "serial")
      return [
        {
          over,
          line: lines.indexOf(url.pathname),
          baud: Number(url.searchParams.get("baud")),
          parity: url.searchParams.get("parity") ?? "none",
        },
      ];
    return [{ over, host: url.hostname.replace(/^\[(.*)\]$/, "$1"), number: Number(url.port) }];
  });
}

/** A serial line, and no optical head. */
function isLine({ protocol, hostname }: URL): boolean {
  return hostname === "" && !protocol.includes("optical");
}
