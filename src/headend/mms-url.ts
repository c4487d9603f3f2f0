/** Meters that are read over IEC 61850: their URLs, like mms://host:port/IED. */
import { mmsPorts, mmsTransports, type MmsTransport } from "#protocol/iec61850/transports.ts";
import { knowsWords, numberIn, UrlError } from "./place.ts";
import { namedBy, reader, type MeterUrl } from "./reader.ts";

export interface MmsUrl extends MeterUrl {
  readonly protocol: "mms";
  readonly transport: MmsTransport["name"];
  /** What its logical devices begin with; all that there are unless said. */
  readonly ied: string | undefined;
  /** Whether a password is shown (ACSE). */
  readonly showsPassword: boolean;
  /** Requests under way at most; a server may allow fewer. */
  readonly outstanding: number;
}

const OUTSTANDING = "5";
const MOST_OUTSTANDING = 100;

/** A URL without a port is of a meter in the field. */
const transports = mmsTransports.map((transport) => ({ ...transport, port: mmsPorts[transport.name] }));

/** Its URLs; mms-reader.ts is the row of readers. */
export const mmsUrls = reader(transports, ({ transport, place, url, text }): MmsUrl => {
  knowsWords(url, text, transport, ["auth", "outstanding"]);
  const ied = url.pathname.replace(/^\//, "");
  // Names of IEDs are letters, digits and underscores (IEC 61850-6, 8.5.3).
  if (!/^\w*$/.test(ied))
    throw new UrlError(`"${text}": expected the name of an IED after the port, and references as words of their own`);
  const auth = url.searchParams.get("auth") ?? "none";
  if (auth !== "none" && auth !== "password")
    throw new UrlError(`auth of "${text}": expected none or password; found "${auth}"`);
  return {
    protocol: "mms",
    transport: transport.name,
    place,
    ied: ied === "" ? undefined : ied,
    showsPassword: auth === "password",
    outstanding: numberIn(text, "outstanding", url.searchParams.get("outstanding") ?? OUTSTANDING, [
      1,
      MOST_OUTSTANDING,
    ]),
  };
});

/** Of what speaks MMS only. Throws UrlError, which says of another protocol's URL what is taken. */
export function parseMmsUrl(text: string): MmsUrl {
  return namedBy(text, [mmsUrls], "is not MMS, and this works over MMS (IEC 61850) only").url;
}

/** Whether a text names a meter over MMS, well or not. */
export function looksMms(text: string): boolean {
  return mmsTransports.some(({ scheme }) => text.startsWith(`${scheme}:`));
}

/** Where the URLs of a meter of a site say that it is reached over MMS. */
export function reachedAt(
  urls: readonly string[],
): readonly { readonly over: "tcp" | "tls"; readonly host: string; readonly number: number }[] {
  return urls.flatMap((text) => {
    const url = new URL(text);
    const over = mmsTransports.find(({ scheme }) => url.protocol === `${scheme}:`)?.over;
    return over === undefined ? [] : [{ over, host: url.hostname, number: Number(url.port) }];
  });
}
