/** What 9-2LE and IEC 61869-9 fix of a stream: samples a second, instants a frame, and the values of an instant. */

export const standards = ["9-2LE", "61869-9"] as const;
export type Standard = (typeof standards)[number];

/**
 * Instants in a frame, by standard and samples a second. 9-2LE: 80 samples a nominal cycle, one a frame, and 256, eight a frame, of 50 and
 * 60 Hz. IEC 61869-9, table 902: 4,800 Hz in pairs and 14,400 Hz in sixes are preferred; those of 9-2LE are there for what is older.
 */
const rates: Readonly<Record<Standard, Readonly<Record<number, number>>>> = {
  "9-2LE": { 4000: 1, 4800: 1, 12_800: 8, 15_360: 8 },
  "61869-9": { 4000: 1, 4800: 2, 12_800: 8, 14_400: 6, 15_360: 8 },
};

/** Of every standard, in order. */
export const ratesOfAll = [...new Set(standards.flatMap((one) => Object.keys(rates[one]).map(Number)))].sort(
  (a, b) => a - b,
);

export function ratesOf(standard: Standard): readonly number[] {
  return Object.keys(rates[standard]).map(Number);
}

/** Instants in a frame; undefined of a rate that a standard does not have. */
export function instantsOf(standard: Standard, rate: number): number | undefined {
  return rates[standard][rate];
}

/** The values of an instant of 9-2LE, and of I4U4 of IEC 61869-9, in their order. */
export const phasorNames = ["ia", "ib", "ic", "in", "va", "vb", "vc", "vn"] as const;

/** Amps and volts of one unit: 1 mA and 10 mV, primary. */
export const AMPS = 0.001;
export const VOLTS = 0.01;
