/** Which sample is at which time: stretches of one rate with gaps between them, or a time for each value. Times are seconds from the first sample. */

export interface Stretch {
  /** The sample it begins with. */
  readonly row: number;
  readonly count: number;
  readonly at: number;
  /** Samples a second. */
  readonly rate: number;
  /** Whether nothing lies between it and the one before. */
  readonly follows: boolean;
}

/** Stretches as arrays that can be handed from thread to thread. */
export interface RateTimes {
  readonly kind: "rates";
  readonly count: number;
  readonly rows: Float64Array<ArrayBuffer>;
  readonly ats: Float64Array<ArrayBuffer>;
  readonly rates: Float64Array<ArrayBuffer>;
  readonly follows: Uint8Array<ArrayBuffer>;
}

/** A time for each value. */
export interface SingleTimes {
  readonly kind: "times";
  readonly count: number;
  /** Ascending. */
  readonly times: Float64Array<ArrayBuffer>;
  /** Values with nothing between them and the one before, ascending: lines are broken before them. */
  readonly breaks: Float64Array<ArrayBuffer>;
}

export type Times = RateTimes | SingleTimes;

export function rateTimes(stretches: readonly Stretch[]): RateTimes {
  return {
    kind: "rates",
    count: stretches.reduce((sum, { count }) => sum + count, 0),
    rows: Float64Array.from(stretches, ({ row }) => row),
    ats: Float64Array.from(stretches, ({ at }) => at),
    rates: Float64Array.from(stretches, ({ rate }) => rate),
    follows: Uint8Array.from(stretches, ({ follows }) => (follows ? 1 : 0)),
  };
}

export function buffersOfTimes(times: Times): ArrayBuffer[] {
  if (times.kind === "times") return [times.times.buffer, times.breaks.buffer];
  return [times.rows.buffer, times.ats.buffer, times.rates.buffer, times.follows.buffer];
}

/** How many of ascending numbers are less than `limit`; with `same`, or equal to it. */
export function countBelow(numbers: Float64Array, limit: number, same = false): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const one = numbers[middle] ?? Infinity;
    if (one < limit || (same && one === limit)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A part of a sample's period by which the time of a sample may be off what it is made of. */
const ROUNDING = 1e-6;

/** How many samples are before a time. */
export function rowAt(times: Times, seconds: number): number {
  if (times.kind === "times") return countBelow(times.times, seconds);
  const k = countBelow(times.ats, seconds) - 1;
  if (k < 0) return 0;
  const row = times.rows[k] ?? 0;
  const end = times.rows[k + 1] ?? times.count;
  const into = (seconds - (times.ats[k] ?? 0)) * (times.rates[k] ?? 0);
  return row + Math.min(end - row, Math.max(0, Math.ceil(into - ROUNDING)));
}

/** Which stretch a sample is of. */
export function stretchOf({ rows }: RateTimes, row: number): number {
  return Math.max(0, countBelow(rows, row, true) - 1);
}

/** The time of a sample. */
export function timeOf(times: Times, row: number): number {
  if (times.kind === "times") return times.times[row] ?? NaN;
  const k = stretchOf(times, row);
  return (times.ats[k] ?? NaN) + (row - (times.rows[k] ?? 0)) / (times.rates[k] ?? NaN);
}

/** Whether there is nothing between a sample and the one before it. */
export function isJoined(times: Times, row: number): boolean {
  if (row <= 0) return false;
  if (times.kind === "times") {
    const k = countBelow(times.breaks, row);
    return times.breaks[k] !== row;
  }
  const k = stretchOf(times, row);
  return times.rows[k] !== row || times.follows[k] === 1;
}

/** When the last sample ends. */
export function endOf(times: Times): number {
  if (times.count === 0) return 0;
  const last = times.count - 1;
  if (times.kind === "times") return times.times[last] ?? 0;
  return timeOf(times, last) + 1 / (times.rates.at(-1) ?? Infinity);
}

/** The sample nearest to a time; undefined where none is near: in a gap, before the first, after the last. */
export function nearest(times: Times, seconds: number): number | undefined {
  const after = rowAt(times, seconds);
  const before = after - 1;
  const [a, b] = [before >= 0 ? seconds - timeOf(times, before) : Infinity, Infinity];
  const later = after < times.count ? timeOf(times, after) - seconds : b;
  const row = later < a ? after : before;
  if (row < 0 || row >= times.count) return undefined;
  const away = Math.min(a, later);
  // Between two that are joined there is always one; beyond the ends a period is still its sample's.
  if (before >= 0 && after < times.count && isJoined(times, after)) return row;
  return away <= periodAt(times, row) ? row : undefined;
}

function periodAt(times: Times, row: number): number {
  if (times.kind === "rates") return 1 / (times.rates[stretchOf(times, row)] ?? NaN);
  const near = [row - 1, row + 1].filter((one) => one >= 0 && one < times.count);
  return Math.min(...near.map((one) => Math.abs(timeOf(times, one) - timeOf(times, row))));
}

/** Goes over samples [first, end) with their times, and whether nothing lies between each and the one before. */
export function eachRow(
  times: Times,
  first: number,
  end: number,
  run: (row: number, seconds: number, isJoined: boolean) => void,
): void {
  if (times.kind === "times") {
    for (let row = first; row < end; row++) run(row, times.times[row] ?? NaN, isJoined(times, row));
    return;
  }
  for (let k = stretchOf(times, first), row = first; row < end; k++) {
    const [begins, at, rate] = [times.rows[k] ?? 0, times.ats[k] ?? NaN, times.rates[k] ?? NaN];
    const ends = Math.min(end, times.rows[k + 1] ?? Infinity);
    for (; row < ends; row++) run(row, at + (row - begins) / rate, row > begins || (times.follows[k] === 1 && row > 0));
  }
}
