/** URLs that name meters: modbus://host:port/unit, modbus+rtu:///dev/ttyUSB0?baud=19200&unit=1, modbus+rtutcp://host:port/unit, modbus+tls://host:port/unit?certificate=FILE&key=FILE&authority=FILE. */
import type { Link } from "#io/link.ts";
import { openSerial, type Parity } from "#io/serial.ts";
import { readText } from "#io/file.ts";
import { connectTcp, type TlsIdentity } from "#io/tcp.ts";
import { ModbusLine } from "#protocol/modbus/line.ts";
import { realClock } from "./real-clock.ts";

export type MeterUrl =
  | { readonly kind: "tcp" | "rtu-over-tcp"; readonly host: string; readonly port: number; readonly unit: number }
  | {
      readonly kind: "tls";
      readonly host: string;
      readonly port: number;
      readonly unit: number;
      /** PEM files. */
      readonly certificate: string;
      readonly key: string;
      readonly authority: string;
    }
  | {
      readonly kind: "rtu";
      readonly device: string;
      readonly baud: number;
      readonly parity: Parity;
      readonly unit: number;
    };

/** What is wrong with a URL, and what was expected. */
export class UrlError extends Error {}

const DEFAULT_PORT = 1502;
const DEFAULT_TLS_PORT = 1802;
const parities: readonly Parity[] = ["none", "even", "odd"];

export function parseMeterUrl(text: string): MeterUrl {
  const expected = "expected modbus://host:port/unit, or modbus+rtu:///dev/ttyUSB0?baud=19200&unit=1";
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UrlError(`"${text}" is not a meter's URL; ${expected}`);
  }
  const number = (value: string, what: string, low: number, high: number): number => {
    const parsed = Number(value);
    if (value === "" || !Number.isInteger(parsed) || parsed < low || parsed > high) {
      throw new UrlError(`${what} of "${text}": expected ${low} to ${high}, found "${value}"`);
    }
    return parsed;
  };
  if (url.protocol === "modbus+rtu:") {
    const parity = parities.find((name) => name === (url.searchParams.get("parity") ?? "none"));
    if (url.pathname === "" || url.pathname === "/") throw new UrlError(`"${text}" names no device; ${expected}`);
    if (parity === undefined) throw new UrlError(`parity of "${text}": expected ${parities.join(", ")}`);
    return {
      kind: "rtu",
      device: decoded(url.pathname, text),
      baud: number(url.searchParams.get("baud") ?? "19200", "baud", 1200, 921600),
      parity,
      unit: number(url.searchParams.get("unit") ?? "1", "unit", 1, 247),
    };
  }
  if (!(url.protocol in kinds)) {
    throw new UrlError(`"${text}" has no protocol that can be read yet; ${expected}`);
  }
  if (url.hostname === "") throw new UrlError(`"${text}" names no host; ${expected}`);
  const kind = kinds[url.protocol as keyof typeof kinds];
  const place = {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? (kind === "tls" ? DEFAULT_TLS_PORT : DEFAULT_PORT) : number(url.port, "port", 1, 65535),
    unit: number(url.pathname.replace(/^\//, "") || "1", "unit", 0, 255),
  };
  if (kind !== "tls") return { kind, ...place };
  const file = (name: string): string => {
    const given = url.searchParams.get(name);
    if (given !== null && given !== "") return given;
    throw new UrlError(`"${text}" has no ${name}; expected ?certificate=FILE&key=FILE&authority=FILE (PEM)`);
  };
  return { kind, ...place, certificate: file("certificate"), key: file("key"), authority: file("authority") };
}

const kinds = { "modbus:": "tcp", "modbus+rtutcp:": "rtu-over-tcp", "modbus+tls:": "tls" } as const;

function decoded(path: string, text: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new UrlError(`the device of "${text}" is not well encoded; write a % as %25`);
  }
}

/** Whether two units are behind the same device, port or gateway. */
export function sameLine(a: MeterUrl, b: MeterUrl): boolean {
  if (a.kind === "rtu" || b.kind === "rtu") return a.kind === "rtu" && b.kind === "rtu" && a.device === b.device;
  return a.kind === b.kind && a.host === b.host && a.port === b.port;
}

/** How long to wait for each answer, and how often to ask again what can be asked again. */
export interface LineSettings {
  readonly timeoutMs: number;
  readonly retries?: number;
  /** Requests under way at once, where the URL is TCP. */
  readonly outstanding?: number;
}

const RETRIES = 2;
const BACK_OFF_MS = 200;

function identityOf({ certificate, key, authority }: Extract<MeterUrl, { kind: "tls" }>): TlsIdentity {
  return { certificate: readText(certificate), key: readText(key), authority: readText(authority) };
}

/** Opens a line to what the URL names; rejects with a message that names the address or device. */
export async function openLine(url: MeterUrl, settings: LineSettings): Promise<ModbusLine> {
  const { timeoutMs, retries = RETRIES, outstanding = 1 } = settings;
  const identity = url.kind === "tls" ? identityOf(url) : undefined;
  const connect = (): Promise<Link> =>
    url.kind === "rtu" ? openSerial(url) : connectTcp(url.host, url.port, timeoutMs, identity);
  const framing = url.kind === "tcp" || url.kind === "tls" ? "tcp" : "rtu";
  const line = new ModbusLine(connect, realClock, {
    framing,
    timeoutMs,
    retries,
    backOffMs: BACK_OFF_MS,
    outstanding,
  });
  await line.open();
  return line;
}
