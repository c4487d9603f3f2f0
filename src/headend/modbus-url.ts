/** Meters that are read over Modbus: their URLs, like modbus://host:port/unit, and lines to them. */
import type { LateAnswer } from "#protocol/modbus/given-up.ts";
import { ModbusLine } from "#protocol/modbus/line.ts";
import { framingOf, modbusTransports, unitIn, type ModbusTransport } from "#protocol/modbus/transports.ts";
import { connect, knowsWords, numberIn, placeName } from "./place.ts";
import { namedBy, reader, type LineSettings, type MeterUrl } from "./reader.ts";
import { realClock } from "./real-clock.ts";

export interface ModbusUrl extends MeterUrl {
  readonly protocol: "modbus";
  readonly transport: ModbusTransport["name"];
  readonly unit: number;
}

/** What its registers are only a model or a configuration says. */
export const modbusReader = reader(modbusTransports, ({ transport, place, url, text }): ModbusUrl => {
  knowsWords(url, text, transport, transport.over === "serial" ? ["unit"] : []);
  const { given, range } = unitIn(url, transport);
  return { protocol: "modbus", transport: transport.name, place, unit: numberIn(text, "unit", given, range) };
});

/** Of what speaks Modbus only, unless `foreign` says what else. Throws UrlError, which says of another protocol's URL what is taken. */
export function parseModbusUrl(text: string, foreign = "is not Modbus, and this works over Modbus only"): ModbusUrl {
  return namedBy(text, [modbusReader], foreign).url;
}

export function isModbus(url: MeterUrl): url is ModbusUrl {
  return url.protocol === "modbus";
}

/** Whether two units are behind the same device, port or gateway. */
export function sameLine(a: ModbusUrl, b: ModbusUrl): boolean {
  return a.transport === b.transport && placeName(a.place) === placeName(b.place);
}

const RETRIES = 2;
const BACK_OFF_MS = 200;

/** A line to what the URL names, which is opened when it is first needed. */
export function lineTo(
  { transport, place }: ModbusUrl,
  { timeoutMs, retries = RETRIES, outstanding = 1, maxRegisters }: LineSettings,
  late?: (answer: LateAnswer) => void,
): ModbusLine {
  return new ModbusLine(() => connect(place, timeoutMs), realClock, {
    framing: framingOf({ name: transport }),
    timeoutMs,
    retries,
    backOffMs: BACK_OFF_MS,
    outstanding,
    maxRegisters,
    baud: place.over === "serial" ? place.baud : undefined,
    late,
  });
}

/** Opens a line to what the URL names; rejects with a message that names the address or device. */
export async function openLine(
  url: ModbusUrl,
  settings: LineSettings,
  late?: (answer: LateAnswer) => void,
): Promise<ModbusLine> {
  const line = lineTo(url, settings, late);
  await line.open();
  return line;
}
