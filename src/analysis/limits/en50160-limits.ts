/**
 * Limits of EN 50160, low voltage (to 1 kV) and medium voltage (to 36 kV). Read in: Rockwell 1426-UM001J, "PowerMonitor 5000",
 * Appendix H, "EN 50160 Conformance Tracking" (edition 2010, both voltages, synchronous and islanded), pages 473 to 476; Schneider,
 * "PM8000: EN 50160:2010" technical note (harmonics, N1/N and N2/N at most 5 %, invalid intervals left out). The standard's own text
 * was not at hand. What is marked "not confirmed" stands in neither.
 */
import type { Rule } from "./rule.ts";

/** "amended": with the later values of orders 15 and 21 (not confirmed: from general knowledge). */
export type Edition = "2010" | "amended";
export type VoltageLevel = "low" | "medium";
/** Whether the network hangs together with others, or is an island. */
export type Connection = "synchronous" | "islanded";

/** Percent of the nominal value. */
interface Deviation {
  readonly below: number;
  readonly above: number;
  readonly percent: number;
}

/** Frequency, 10 s. The standard says 99.5 % of a year, and of an island 95 % of a week. */
export const frequencyLimits: Readonly<Record<Connection, readonly Deviation[]>> = {
  synchronous: [
    { below: 1, above: 1, percent: 99.5 },
    { below: 6, above: 4, percent: 100 },
  ],
  islanded: [
    { below: 2, above: 2, percent: 95 },
    { below: 15, above: 15, percent: 100 },
  ],
};

/** Voltage, 10 minutes, of a week. */
export const voltageLimits: Readonly<Record<VoltageLevel, Readonly<Record<Connection, readonly Deviation[]>>>> = {
  low: {
    synchronous: [
      { below: 10, above: 10, percent: 95 },
      { below: 15, above: 10, percent: 100 },
    ],
    islanded: [{ below: 15, above: 10, percent: 100 }],
  },
  medium: {
    synchronous: [
      { below: 10, above: 10, percent: 99 },
      { below: 15, above: 15, percent: 100 },
    ],
    islanded: [{ below: 15, above: 10, percent: 100 }],
  },
};

/** Plt, two hours; negative by positive sequence in percent, 10 minutes; THD to order 40 in percent, 10 minutes: of a week. */
export const pltLimit: Rule = { high: 1, percent: 95 };
export const unbalanceLimit: Rule = { high: 2, percent: 95 };
export const thdLimit: Rule = { high: 8, percent: 95 };
/** Each harmonic: of a week. */
export const HARMONIC_PERCENT = 95;
/** The standard has no values above. */
export const TOP_ORDER = 25;

// prettier-ignore
const harmonicTable: readonly (readonly [orders: readonly number[], percent: number])[] = [
  // not multiples of 3
  [[5], 6], [[7], 5], [[11], 3.5], [[13], 3], [[17], 2], [[19, 23, 25], 1.5],
  // odd multiples of 3; in medium voltage order 3 "can be substantially lower", by the network's design
  [[3], 5], [[9], 1.5], [[15, 21], 0.5],
  // even
  [[2], 2], [[4], 1], [[6, 8, 10, 12, 14, 16, 18, 20, 22, 24], 0.5],
];

/** Not confirmed. */
const amendedTable: readonly (readonly [orders: readonly number[], percent: number])[] = [
  [[15], 1],
  [[21], 0.75],
];

/** Percent of the fundamental, by order. */
export function harmonicLimits(edition: Edition): ReadonlyMap<number, number> {
  const rows = edition === "2010" ? harmonicTable : [...harmonicTable, ...amendedTable];
  return new Map(rows.flatMap(([orders, percent]) => orders.map((order): [number, number] => [order, percent])));
}

/** Mains signalling, means of 3 s. */
export const SIGNAL_PERCENT = 99;

/**
 * The curve of mains signalling in low voltage: kHz and percent of the nominal voltage, straight on two logarithmic axes between.
 * Not confirmed: the manuals show it as a figure only; from general knowledge.
 */
const signalCurve: readonly (readonly [kHz: number, percent: number])[] = [
  [0.1, 9],
  [0.5, 9],
  [1, 5],
  [10, 5],
  [100, 1],
];

/** Percent of the nominal voltage that a signal of a frequency may have; undefined outside 0.1 to 100 kHz. */
export function signalLimit(hz: number): number | undefined {
  const kHz = hz / 1000;
  const above = signalCurve.findIndex(([at]) => at >= kHz);
  const [right, left] = [signalCurve[above], signalCurve[above - 1]];
  if (right === undefined) return undefined;
  if (right[0] === kHz) return right[1];
  if (left === undefined) return undefined;
  return left[1] * (right[1] / left[1]) ** (Math.log(kHz / left[0]) / Math.log(right[0] / left[0]));
}

/** The rule that a deviation makes of a nominal value. */
export function bandOf(nominal: number, { below, above, percent }: Deviation): Rule {
  return { low: (nominal * (100 - below)) / 100, high: (nominal * (100 + above)) / 100, percent };
}
