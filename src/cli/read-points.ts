/** Reads a revenue meter over Modbus by its configuration, which says what its registers are. */
import { parseRevenueFile } from "#product/jemstar/configuration-file.ts";
import type { RevenueFile } from "#product/jemstar/configuration-schema.ts";
import { parseMeterUrl } from "#headend/meter-url.ts";
import { readRuns } from "#headend/read-points.ts";
import { readText } from "#io/file.ts";
import type { RevenueModel } from "#model/ametek-jemstar-ii.ts";
import { isMeasured, type RegisterSettings } from "#revenue/settings/configuration.ts";
import { primaryFactor, type Measure } from "#quantity/measure.ts";
import { parseModelNumber } from "#revenue/settings/model-number.ts";
import { orFail, orFailLater } from "./failure.ts";

export interface PointReading {
  /** As manuals number it, from 30001 or 40001. */
  readonly register: number;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

interface Options {
  readonly configuration?: string;
  readonly modelNumber?: string;
  readonly timeoutMs: number;
}

export async function readPoints(text: string, model: RevenueModel, options: Options): Promise<PointReading[]> {
  const { configuration, modelNumber = model.modelNumber, timeoutMs } = options;
  const url = orFail(2, () => parseMeterUrl(text));
  const file = orFail(2, () =>
    parseRevenueFile(
      configuration ?? "the factory's configuration",
      configuration === undefined ? "" : readText(configuration),
      parseModelNumber(modelNumber),
    ),
  );
  const { counters, analogs, analogBits, countersFrom, analogsFrom } = file.modbus;
  const runs = [
    { fn: 3, first: countersFrom - 40_001, count: 2 * counters.length },
    { fn: 4, first: analogsFrom - 30_001, count: (analogBits / 16) * analogs.length },
  ] as const;
  const [counts = [], words = []] = await orFailLater(1, () => readRuns(url, runs, { timeoutMs }));
  return [...countersOf(file, counts), ...analogsOf(file, words)];
}

function countersOf({ modbus, registers }: RevenueFile, words: readonly number[]): PointReading[] {
  const all = new Map(Object.values(registers).flatMap((list) => list.map((one) => [one.id, one] as const)));
  return modbus.counters.map(({ register, scaling }, k) => {
    const count = pairAt(words, 2 * k, modbus.order);
    const settings = all.get(register);
    return {
      register: modbus.countersFrom + 2 * k,
      name: nameOf(register, settings),
      value: (isSigned(settings) && count >= 2 ** 31 ? count - 2 ** 32 : count) / scaling,
      unit: settings === undefined ? "" : unitOf(settings),
    };
  });
}

/** A value of two registers. */
function pairAt(words: readonly number[], at: number, order: RevenueFile["modbus"]["order"]): number {
  const [first = 0, second = 0] = [words[at], words[at + 1]];
  return order === "low first" ? second * 65_536 + first : first * 65_536 + second;
}

function nameOf(id: number, settings: RegisterSettings | undefined): string {
  return settings === undefined || settings.label === "" ? `register ${id}` : settings.label;
}

/** What goes both ways can be negative. */
function isSigned(settings: RegisterSettings | undefined): boolean {
  return (
    settings !== undefined && isMeasured(settings) && ["net", "bidirectional"].includes(settings.measure.direction)
  );
}

const prefixes = { units: "", kilo: "k", mega: "M" } as const;

function unitOf(settings: RegisterSettings): string {
  return isMeasured(settings) && settings.type !== "timeOfPeak"
    ? `${prefixes[settings.units]}${settings.measure.quantity}`
    : "";
}

/** Analogs are secondary, in tenths and hundredths; they are shown as primary values. */
function analogsOf({ modbus, primary }: RevenueFile, words: readonly number[]): PointReading[] {
  return modbus.analogs.map(({ measure, scaling }, k) => {
    const { analogBits: bits, order } = modbus;
    const value = bits === 32 ? pairAt(words, 2 * k, order) : (words[k] ?? 0);
    const signed = value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
    return {
      register: modbus.analogsFrom + (bits / 16) * k,
      name: [measure.phase, measure.direction, ...(measure.compensated ? ["compensated"] : [])].join(" "),
      value: (signed / scaling) * primaryFactor(measure satisfies Measure, primary.pt, primary.ct),
      unit: measure.quantity,
    };
  });
}
