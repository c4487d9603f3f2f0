/**
 * What stamps are worth, judged by the first some thousand of them: how far they may lie beside the instants of an even rate, and what
 * they have to be multiplied by.
 */

/** What a recorder says of its rates: so many samples a second up to and with sample `end`, counted from 1. */
export interface StatedRate {
  readonly rate: number;
  readonly end: number;
}

export interface StampTrust {
  /** Stamps are of no use: there are none, or they stand still. */
  readonly none: boolean;
  /** What they are multiplied by. */
  readonly factor: number;
  /** Seconds by which one may lie beside the instants of an even rate. */
  readonly tolerance: number;
  /** Why, where it is not as it should be. */
  readonly remark: string | undefined;
}

/** Rounding of stamps, and of the sums that make them. */
const ROUNDING = 1.05;

/** Rows a segment must have on average before jitter is taken for changes of the rate. */
const SHORT = 12;

/** Judges stamps in seconds at [from, to). `quantum` is the last digit in which they are printed, in seconds. */
export function judgeStamps(
  times: Float64Array,
  [from, to]: readonly [number, number],
  quantum: number,
  stated: number | undefined,
): StampTrust {
  const steps: number[] = [];
  let last = NaN;
  let [zeros, back] = [0, 0];
  for (let k = from; k < to; k++) {
    const t = times[k]!;
    if (!Number.isFinite(t)) continue;
    const step = t - last;
    last = t;
    if (Number.isNaN(step)) continue;
    if (step > 0) steps.push(step);
    else if (step === 0) zeros++;
    else back++;
  }
  const none = { none: true, factor: 1, tolerance: 0, remark: undefined };
  if (steps.length === 0) return zeros + back === 0 ? none : { ...none, remark: "the stamps stand still" };
  if (back > steps.length) return { ...none, remark: "the stamps go back more often than on" };
  const sorted = steps.toSorted((a, b) => a - b);
  const usual = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  const even = zeros === 0 && (sorted[Math.floor(sorted.length * 0.98)] ?? 0) - (sorted[0] ?? 0) < 0.01 * quantum;
  const mistaken = stated === undefined ? undefined : mistakenUnit(usual, even, quantum, stated);
  if (mistaken !== undefined) {
    return {
      none: false,
      factor: mistaken.factor,
      tolerance: ROUNDING * quantum * mistaken.factor,
      remark: mistaken.remark,
    };
  }
  // Several samples with one stamp: it is printed more coarsely than they follow one another.
  const coarse = zeros > 0.2 * (zeros + steps.length) ? (sorted[Math.floor(sorted.length * 0.9)] ?? 0) : 0;
  let tolerance = ROUNDING * Math.max(quantum, coarse) + 1e-12;
  const rows = to - from;
  if (stretches(times, [from, to], tolerance) <= 2 + rows / SHORT)
    return { none: false, factor: 1, tolerance, remark: undefined };
  const mean = (zeros + steps.length > 0 ? sorted.reduce((a, b) => a + b, 0) : NaN) / (zeros + steps.length);
  const remark = "the stamps jitter: samples are taken for evenly spaced";
  for (tolerance = Math.max(tolerance, 0.5 * Math.min(usual, mean)); tolerance < 1000 * usual; tolerance *= 2) {
    if (stretches(times, [from, to], tolerance) <= 2 + rows / SHORT)
      return { none: false, factor: 1, tolerance, remark };
  }
  return { ...none, remark: "the stamps follow no rate" };
}

/** A clock that counts in another unit than it should, or adds up steps that were rounded to whole counts. */
function mistakenUnit(
  usual: number,
  even: boolean,
  quantum: number,
  stated: number,
): { factor: number; remark: string | undefined } | undefined {
  const ratio = usual * stated;
  for (const factor of [1e-6, 1e-3, 1e3, 1e6]) {
    if (Math.abs(ratio * factor - 1) < 0.01) {
      return { factor, remark: `the stamps count in a unit of ${factor} times what they should` };
    }
  }
  const off = Math.abs(usual - 1 / stated);
  // Not a count of its own: a period that counts can say would have been printed.
  if (even && off > 1e-9 * usual && off < quantum) {
    const harmless = off < 1e-5 * usual;
    return {
      factor: 1 / ratio,
      remark: harmless
        ? undefined
        : "the stamps add up a period that was rounded to whole counts; the stated rate is taken",
    };
  }
  return undefined;
}

/** How many straight lines it takes to pass all stamps within a tolerance. */
export function stretches(times: Float64Array, [from, to]: readonly [number, number], tolerance: number): number {
  let count = 1;
  let [anchor, first, low, high] = [NaN, from, 0, Infinity];
  for (let k = from; k < to; k++) {
    const t = times[k]!;
    if (!Number.isFinite(t)) continue;
    const n = k - first;
    if (!Number.isNaN(anchor) && n > 0) {
      low = Math.max(low, (t - anchor - tolerance) / n);
      high = Math.min(high, (t - anchor + tolerance) / n);
      if (low <= high) continue;
      count++;
    }
    [anchor, first, low, high] = [t, k, 0, Infinity];
  }
  return count;
}
