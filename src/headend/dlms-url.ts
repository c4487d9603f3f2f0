/** Meters that are read over DLMS/COSEM: their URLs, like dlms://host:port?client=16&server=1. */
import type { Mechanism } from "#protocol/dlms/cosem/logical-device.ts";
import { logicalNameBytes } from "#protocol/dlms/data/logical-name.ts";
import { ranges, usual } from "#protocol/dlms/hdlc/parameters.ts";
import type { SuiteId } from "#protocol/dlms/security/protection.ts";
import { dlmsTransports, framingOf, type DlmsTransport } from "#protocol/dlms/transports.ts";
import { knowsWords, numberIn, UrlError } from "./place.ts";
import { namedBy, reader, type MeterUrl } from "./reader.ts";

export interface DlmsUrl extends MeterUrl {
  readonly protocol: "dlms";
  readonly transport: DlmsTransport["name"];
  /** Service access points: wrapper ports, upper HDLC addresses. */
  readonly client: number;
  readonly server: number;
  /** The lower HDLC address, and of how many bytes the server's address is. */
  readonly physical: number;
  readonly addressBytes: 1 | 2 | 4;
  /** Of HDLC: the longest information field, bytes, and how many frames go before an acknowledgement. */
  readonly info: number;
  readonly window: number;
  readonly mechanism: Mechanism;
  /** How messages are protected; undefined where the URL does not say: both ways where somebody is shown and there are keys. */
  readonly security: Security | undefined;
  /** Messages go under a key that is made for the association. */
  readonly dedicated: boolean;
  /** Messages go in general ciphered APDUs, of which every service has the same. */
  readonly general: boolean;
  readonly suite: SuiteId;
  /** The client's system title. */
  readonly title: Uint8Array;
  /** The first invocation counter, or the object of the public client that shows which one the meter had last. */
  readonly counter: number | string | undefined;
}

export const securities = ["none", "authenticated", "encrypted", "both"] as const;
export type Security = (typeof securities)[number];

const securityWords = Object.fromEntries(securities.map((one) => [one, one]));
const yesNo = { yes: true, no: false };

/** Mechanisms of authentication as URLs name them. */
const mechanismWords: Readonly<Record<string, Mechanism>> = {
  none: "none",
  low: "low",
  high: "high",
  md5: "high-md5",
  sha1: "high-sha1",
  gmac: "high-gmac",
  sha256: "high-sha256",
  ecdsa: "high-ecdsa",
};

/** The public client, the management logical device. */
const [PUBLIC_CLIENT, MANAGEMENT] = ["16", "1"];
const TITLE = /^[0-9A-Fa-f]{16}$/;
/** "PLY", and a number: system titles begin with three letters of who made it. */
const TITLE_OF_OURS = "504c590000000001";
const HIGHEST_COUNTER = 0xffff_ffff;

/** What may stand after "?", beside what says where the meter is. */
const words = [
  "client",
  "server",
  "physical",
  "address",
  "info",
  "window",
  "auth",
  "security",
  "dedicated",
  "general",
  "suite",
  "title",
  "counter",
];

/** Its URLs; dlms-reader.ts is the row of readers. */
export const dlmsUrls = reader(dlmsTransports, ({ transport, place, url, text }): DlmsUrl => {
  knowsWords(url, text, transport, words);
  const of = (name: string, otherwise: string): string => url.searchParams.get(name) ?? otherwise;
  const isHdlc = framingOf(transport) === "hdlc";
  const bytes = numberIn(text, "address", of("address", "4"), [1, 4]);
  if (bytes === 3) throw new UrlError(`address of "${text}": expected 1, 2 or 4 bytes, found 3`);
  return {
    protocol: "dlms",
    transport: transport.name,
    place,
    client: numberIn(text, "client", of("client", PUBLIC_CLIENT), isHdlc ? [1, 127] : [1, 65_535]),
    server: numberIn(text, "server", of("server", MANAGEMENT), isHdlc ? [0, 16_383] : [0, 65_535]),
    physical: numberIn(text, "physical", of("physical", "1"), [0, 16_383]),
    addressBytes: bytes as 1 | 2 | 4,
    info: numberIn(text, "info", of("info", String(usual.maxInfoReceive)), ranges.info),
    window: numberIn(text, "window", of("window", String(usual.windowReceive)), ranges.window),
    mechanism: word(text, "auth", of("auth", "none"), mechanismWords),
    security: url.searchParams.has("security") ? word(text, "security", of("security", ""), securityWords) : undefined,
    dedicated: word(text, "dedicated", of("dedicated", "no"), yesNo),
    general: word(text, "general", of("general", "no"), yesNo),
    suite: numberIn(text, "suite", of("suite", "0"), [0, 2]) as SuiteId,
    title: titleIn(text, of("title", TITLE_OF_OURS)),
    counter: counterIn(text, url.searchParams.get("counter")),
  };
});

/** Of what speaks DLMS only. Throws UrlError, which says of another protocol's URL what is taken. */
export function parseDlmsUrl(text: string): DlmsUrl {
  return namedBy(text, [dlmsUrls], "is not DLMS, and this works over DLMS only").url;
}

export function isDlms(url: MeterUrl): url is DlmsUrl {
  return url.protocol === "dlms";
}

/** Whether a text names a meter over DLMS, well or not. */
export function looksDlms(text: string): boolean {
  return dlmsTransports.some(({ scheme }) => text.startsWith(`${scheme}:`));
}

function word<T>(text: string, what: string, given: string, words: Readonly<Record<string, T>>): T {
  const found = Object.entries(words).find(([name]) => name === given);
  if (found !== undefined) return found[1];
  throw new UrlError(`${what} of "${text}": expected ${Object.keys(words).join(", ")}; found "${given}"`);
}

function titleIn(text: string, given: string): Uint8Array {
  if (!TITLE.test(given))
    throw new UrlError(`title of "${text}": expected 16 hexadecimal digits, like ${TITLE_OF_OURS}; found "${given}"`);
  return Uint8Array.fromHex(given);
}

function counterIn(text: string, given: string | null): number | string | undefined {
  if (given === null) return undefined;
  if (!given.includes(".")) return numberIn(text, "counter", given, [0, HIGHEST_COUNTER]);
  try {
    logicalNameBytes(given);
  } catch {
    throw new UrlError(`counter of "${text}": expected a number, or an object like 0.0.43.1.0.255; found "${given}"`);
  }
  return given;
}
