/** Meters that are read over IEC 60870-5-102: their URLs, like iec102://host:port/address?point=1. */
import { iec102Transports, type Iec102Transport } from "#protocol/iec102/transports.ts";
import { knowsWords, numberIn, UrlError } from "./place.ts";
import { namedBy, reader, type MeterUrl } from "./reader.ts";

export interface Iec102Url extends MeterUrl {
  readonly protocol: "iec102";
  readonly transport: Iec102Transport["name"];
  /** Link address, and of how many octets it is. */
  readonly address: number;
  readonly octets: 1 | 2;
  /** Measuring point. */
  readonly point: number;
  /** Whether a session is begun with the meter's key. */
  readonly withKey: boolean;
  /** Which objects are asked for, first and last. */
  readonly objects: readonly [number, number];
  /** What totals are counted in: watt-hours times this. */
  readonly unit: "" | "k" | "M";
  /** Which class of data is polled. */
  readonly class: 1 | 2;
}

/** What may stand after "?", beside what says where the meter is. */
const words = ["address", "octets", "point", "auth", "objects", "unit", "class"];

const units: Readonly<Record<string, Iec102Url["unit"]>> = { Wh: "", kWh: "k", MWh: "M" };
const auths: Readonly<Record<string, boolean>> = { key: true, none: false };

/** FT1.2 has even parity, and meters mostly this speed. */
const usualLine = { parity: "even", baud: "9600" } as const;

/** Its URLs; iec102-reader.ts is the row of readers. */
const rows = reader(iec102Transports, ({ transport, place, url, text }): Iec102Url => {
  knowsWords(url, text, transport, words);
  const of = (name: string, otherwise: string): string => url.searchParams.get(name) ?? otherwise;
  const octets = numberIn(text, "octets", of("octets", "2"), [1, 2]) as 1 | 2;
  const named = transport.over === "serial" ? "" : url.pathname.replace(/^\//, "");
  if (named !== "" && url.searchParams.has("address"))
    throw new UrlError(`"${text}" has its address twice; expected ${transport.form}`);
  return {
    protocol: "iec102",
    transport: transport.name,
    place,
    address: numberIn(text, "address", named === "" ? of("address", "1") : named, [0, octets === 1 ? 254 : 65_534]),
    octets,
    point: numberIn(text, "point", of("point", "1"), [1, 65_535]),
    withKey: word(text, "auth", of("auth", "key"), auths),
    objects: objectsIn(text, of("objects", "1-8")),
    unit: word(text, "unit", of("unit", "kWh"), units),
    class: numberIn(text, "class", of("class", "2"), [1, 2]) as 1 | 2,
  };
});

export const iec102Urls: typeof rows = {
  ...rows,
  parse(url, text) {
    if (url.protocol === "iec102+serial:")
      for (const [name, value] of Object.entries(usualLine))
        if (!url.searchParams.has(name)) url.searchParams.set(name, value);
    return rows.parse(url, text);
  },
};

/** Of what speaks IEC 60870-5-102 only. Throws UrlError, which says of another protocol's URL what is taken. */
export function parseIec102Url(text: string): Iec102Url {
  return namedBy(text, [iec102Urls], "is not IEC 60870-5-102, and this works over it only").url;
}

/** Whether a text names a meter over IEC 60870-5-102, well or not. */
export function looksIec102(text: string): boolean {
  return iec102Transports.some(({ scheme }) => text.startsWith(`${scheme}:`));
}

function word<T>(text: string, what: string, given: string, known: Readonly<Record<string, T>>): T {
  const found = Object.entries(known).find(([name]) => name === given);
  if (found !== undefined) return found[1];
  throw new UrlError(`${what} of "${text}": expected ${Object.keys(known).join(", ")}; found "${given}"`);
}

function objectsIn(text: string, given: string): readonly [number, number] {
  const [, first = "", last = first] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(given) ?? [];
  const [low, high] = [Number(first), Number(last)];
  if (first === "" || low < 1 || high > 255 || low > high)
    throw new UrlError(`objects of "${text}": expected some of 1 to 255, like 1-8; found "${given}"`);
  return [low, high];
}
