/** URLs that name meters, like modbus://host:port/unit: each protocol's own transports say which there are. */
import { ModbusLine } from "#protocol/modbus/line.ts";
import { framingOf, modbusTransports, unitIn, type ModbusTransport } from "#protocol/modbus/transports.ts";
import { connect, numberIn, placeIn, placeName, UrlError, type Place, type Transport } from "./place.ts";
export { UrlError } from "./place.ts";
import { realClock } from "./real-clock.ts";

export interface ModbusUrl {
  readonly protocol: "modbus";
  readonly transport: ModbusTransport["name"];
  readonly place: Place;
  readonly unit: number;
}

interface Named<Way> {
  readonly transport: Way;
  readonly place: Place;
  readonly url: URL;
  /** As it was given. */
  readonly text: string;
}

/** How the URLs of one protocol are read. */
function reader<Way extends Transport, Read>(transports: readonly Way[], read: (named: Named<Way>) => Read) {
  return {
    forms: transports.map(({ form }) => form),
    /** Undefined where it has no such scheme. */
    read(url: URL, text: string): Read | undefined {
      const transport = transports.find(({ scheme }) => `${scheme}:` === url.protocol);
      return transport && read({ transport, place: placeIn(url, text, transport), url, text });
    },
  };
}

/** The protocols that can be read, a row each. */
const readers = [
  reader(modbusTransports, ({ transport, place, url, text }): ModbusUrl => {
    const { given, range } = unitIn(url, transport);
    return { protocol: "modbus", transport: transport.name, place, unit: numberIn(text, "unit", given, range) };
  }),
];

/** URLs that can be read, in words. */
export const meterUrlForms: readonly string[] = readers.flatMap(({ forms }) => forms);

export type MeterUrl = NonNullable<ReturnType<(typeof readers)[number]["read"]>>;

/** Throws UrlError. */
export function parseMeterUrl(text: string): MeterUrl {
  const expected = `expected ${meterUrlForms.slice(0, -1).join(", ")} or ${meterUrlForms.at(-1) ?? ""}`;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UrlError(`"${text}" is not a meter's URL; ${expected}`);
  }
  for (const one of readers) {
    const read = one.read(url, text);
    if (read !== undefined) return read;
  }
  throw new UrlError(`"${text}" has no protocol that can be read yet; ${expected}`);
}

/** Whether two units are behind the same device, port or gateway. */
export function sameLine(a: MeterUrl, b: MeterUrl): boolean {
  return a.transport === b.transport && placeName(a.place) === placeName(b.place);
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

/** Opens a line to what the URL names; rejects with a message that names the address or device. */
export async function openLine({ transport, place }: ModbusUrl, settings: LineSettings): Promise<ModbusLine> {
  const { timeoutMs, retries = RETRIES, outstanding = 1 } = settings;
  const line = new ModbusLine(() => connect(place, timeoutMs), realClock, {
    framing: framingOf({ name: transport }),
    timeoutMs,
    retries,
    backOffMs: BACK_OFF_MS,
    outstanding,
  });
  await line.open();
  return line;
}
