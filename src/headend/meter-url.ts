/** URLs that name meters: modbus://host:port/unit, modbus+rtu:///dev/ttyUSB0?baud=19200&unit=1, modbus+rtutcp://host:port/unit. */
import { SystemClock } from "#clock/system-clock.ts";
import type { Link } from "#io/link.ts";
import { openSerial, type Parity } from "#io/serial.ts";
import { connectTcp } from "#io/tcp.ts";
import { ModbusClient } from "#protocol/modbus/client.ts";

export type MeterUrl =
  | { readonly kind: "tcp" | "rtu-over-tcp"; readonly host: string; readonly port: number; readonly unit: number }
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
  if (url.protocol !== "modbus:" && url.protocol !== "modbus+rtutcp:") {
    throw new UrlError(`"${text}" has no protocol that can be read yet; ${expected}`);
  }
  if (url.hostname === "") throw new UrlError(`"${text}" names no host; ${expected}`);
  return {
    kind: url.protocol === "modbus:" ? "tcp" : "rtu-over-tcp",
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? DEFAULT_PORT : number(url.port, "port", 1, 65535),
    unit: number(url.pathname.replace(/^\//, "") || "1", "unit", 0, 255),
  };
}

function decoded(path: string, text: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new UrlError(`the device of "${text}" is not well encoded; write a % as %25`);
  }
}

/** Opens the link and puts a client on it; rejects with a message that names the address or device. */
export async function openClient(url: MeterUrl, timeoutMs: number): Promise<ModbusClient> {
  const link: Link = url.kind === "rtu" ? await openSerial(url) : await connectTcp(url.host, url.port, timeoutMs);
  return new ModbusClient(link, new SystemClock(), { framing: url.kind === "tcp" ? "tcp" : "rtu", timeoutMs });
}
