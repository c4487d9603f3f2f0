/** Where a meter is reached: a TCP port, one over TLS, a UDP port, a serial port, an optical head; as URLs say it, whatever the protocol. */
import { identityProblems } from "#io/certificate.ts";
import { readText } from "#io/file.ts";
import type { Link } from "#io/link.ts";
import { didYouMean } from "#quantity/nearest.ts";
import type { Parity, SerialLink } from "#io/serial.ts";
import { connectTcp } from "#io/tcp.ts";
import { connectUdp } from "#io/udp-listener.ts";

export type Place =
  | { readonly over: "tcp"; readonly host: string; readonly port: number }
  | { readonly over: "udp"; readonly host: string; readonly port: number }
  | {
      readonly over: "tls";
      readonly host: string;
      readonly port: number;
      /** PEM files. */
      readonly certificate: string;
      readonly key: string;
      readonly authority: string;
    }
  | { readonly over: "serial"; readonly device: string; readonly baud: number; readonly parity: Parity }
  /** As fast as it goes on after the sign-on. */
  | { readonly over: "optical"; readonly device: string; readonly baud: number };

/** A transport as a protocol's own table has it. */
export interface Transport {
  readonly over: Place["over"];
  readonly scheme: string;
  /** Where it is looked for unless the URL says it. */
  readonly port?: number;
  /** Its URLs in words. */
  readonly form: string;
}

/** What is wrong with a URL, and what was expected. */
export class UrlError extends Error {}

/** A number of a URL; throws UrlError where it is none from `low` to `high`. */
export function numberIn(text: string, what: string, given: string, [low, high]: readonly [number, number]): number {
  const value = Number(given);
  if (given.trim() === "" || !Number.isInteger(value) || value < low || value > high) {
    throw new UrlError(`${what} of "${text}": expected ${low} to ${high}, found "${given}"`);
  }
  return value;
}

/** Questions of a URL that say where a meter is. */
const placeWords: Readonly<Record<Place["over"], readonly string[]>> = {
  tcp: [],
  udp: [],
  tls: ["certificate", "key", "authority"],
  serial: ["baud", "parity"],
  optical: ["baud", "parity"],
};

/** Throws UrlError of a question that nobody answers: a misspelt one must not be taken for one that was not asked. */
export function knowsWords(url: URL, text: string, { over }: Pick<Transport, "over">, own: readonly string[]): void {
  const known = [...own, ...placeWords[over]];
  for (const name of url.searchParams.keys()) {
    if (known.includes(name)) continue;
    const expected = known.length === 0 ? "nothing after ?" : known.join(", ");
    throw new UrlError(`"${text}" has ${name}${didYouMean(name, known)}; expected ${expected}`);
  }
}

/** Bits per second that serial ports are set to. */
const [SLOWEST, FASTEST] = [300, 921_600];

const parities: readonly Parity[] = ["none", "even", "odd"];

/** The place that a URL names; `text` is the URL as it was given. Throws UrlError. */
export function placeIn(url: URL, text: string, { over, port, form }: Transport): Place {
  if (over === "serial" || over === "optical") {
    const parity = parities.find((name) => name === (url.searchParams.get("parity") ?? "none"));
    if (url.pathname === "" || url.pathname === "/") throw new UrlError(`"${text}" names no device; expected ${form}`);
    if (parity === undefined) throw new UrlError(`parity of "${text}": expected ${parities.join(", ")}`);
    const baud = numberIn(text, "baud", url.searchParams.get("baud") ?? "19200", [SLOWEST, FASTEST]);
    const device = decoded(url.pathname, text);
    return over === "serial" ? { over, device, baud, parity } : { over, device, baud };
  }
  if (url.hostname === "") throw new UrlError(`"${text}" names no host; expected ${form}`);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (url.port === "" && port === undefined) throw new UrlError(`"${text}" names no port; expected ${form}`);
  const place = { host, port: numberIn(text, "port", url.port === "" ? String(port) : url.port, [1, 65_535]) };
  if (over === "tcp" || over === "udp") return { over, ...place };
  const file = (name: string): string => {
    const given = url.searchParams.get(name);
    if (given !== null && given !== "") return given;
    throw new UrlError(`"${text}" has no ${name}; expected ?certificate=FILE&key=FILE&authority=FILE (PEM)`);
  };
  return { over, ...place, certificate: file("certificate"), key: file("key"), authority: file("authority") };
}

function decoded(path: string, text: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new UrlError(`the device of "${text}" is not well encoded; write a % as %25`);
  }
}

/** What to call a place: "127.0.0.1:1502", "/dev/ttyUSB0". Two that are called the same are one. */
export function placeName(place: Place): string {
  return "device" in place ? place.device : `${place.host}:${place.port}`;
}

/** Opens a serial port, whose speed can be changed; rejects with a message that names the device. */
export async function openPort(place: Extract<Place, { device: string }>): Promise<SerialLink> {
  // A third of a start would be loading what only a serial port needs.
  const { openSerial } = await import("#io/serial.ts");
  return openSerial({ parity: "none", ...place });
}

/**
 * Opens a link, which `signal` closes; rejects with a message that names the address or device, with UrlError where a file that the URL names cannot
 * be read, and with the signal's reason as soon as it ends what is being opened.
 */
export async function connect(place: Place, timeoutMs: number, signal?: AbortSignal): Promise<Link> {
  if (signal === undefined) return open(place, timeoutMs);
  signal.throwIfAborted();
  const opening = open(place, timeoutMs);
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (): void => {
    reject(signal.reason);
    void opening.then(
      (link) => link.close(),
      () => {},
    );
  };
  ended.catch(() => {});
  signal.addEventListener("abort", end);
  const forget = (): void => signal.removeEventListener("abort", end);
  try {
    const link = await Promise.race([opening, ended]);
    link.closed(forget);
    return link;
  } catch (error) {
    forget();
    throw error;
  }
}

async function open(place: Place, timeoutMs: number): Promise<Link> {
  if ("device" in place) return openPort(place);
  const { host, port } = place;
  if (place.over === "tcp") return connectTcp(host, port, timeoutMs);
  if (place.over === "udp") return connectUdp(host, port);
  const { certificate, key, authority } = place;
  const problems = identityProblems({ certificate, key, authority });
  if (problems.length > 0) throw new UrlError(problems.join("; "));
  const [own, secret, signer] = [readText(certificate), readText(key), readText(authority)];
  return connectTcp(host, port, timeoutMs, { certificate: own, key: secret, authority: signer });
}
