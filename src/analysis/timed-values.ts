/** Values of one quantity over intervals of one length, and the days and weeks that they are judged by. */

/** Oldest first; intervals may be missing altogether. */
export interface TimedValues {
  /** As it is shown: "V.a", "THD.V.b", "Hz". */
  readonly name: string;
  /** From the start of an interval to the start of the next. */
  readonly intervalMs: number;
  /** Where each interval starts, in milliseconds since 1970. */
  readonly utc: Float64Array;
  /** NaN of what is not known. */
  readonly values: Float64Array;
  /** 1 where a dip, a swell or an interruption was in it (IEC 61000-4-30, 4.7). */
  readonly flagged: Uint8Array;
}

/** From an instant up to another one, milliseconds since 1970. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

const MS_OF_DAY = 86_400_000;
export const MS_OF_WEEK = 7 * MS_OF_DAY;

/** Throws of columns that do not belong together. */
export function checkTimed({ name, utc, values, flagged, intervalMs }: TimedValues): void {
  if (utc.length !== values.length || flagged.length !== values.length) {
    throw new RangeError(
      `${name}: ${utc.length} times, ${values.length} values, ${flagged.length} flags: expected as many of each`,
    );
  }
  if (!(intervalMs > 0)) throw new RangeError(`${name}: intervals of ${intervalMs} ms: expected more than 0`);
  for (let k = 1; k < utc.length; k++) {
    if (!(utc[k]! > utc[k - 1]!)) throw new RangeError(`${name}: time ${k} is not after the one before it`);
  }
}

/** The first index at which an interval does not start before an instant. */
export function firstFrom(utc: Float64Array, instant: number): number {
  let [low, high] = [0, utc.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (utc[middle]! < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many intervals a period holds. */
export function intervalsOf({ from, to }: Period, intervalMs: number): number {
  return Math.round((to - from) / intervalMs);
}

/** Pieces of one length from the start of a period on; the last may reach beyond its end. */
function piecesOf({ from, to }: Period, length: number): readonly Period[] {
  const pieces: Period[] = [];
  for (let start = from; start < to; start += length) pieces.push({ from: start, to: start + length });
  return pieces;
}

/** 24 hours each, from the period's own start: one that begins at noon has whole days all the same. */
export const daysOf = (period: Period): readonly Period[] => piecesOf(period, MS_OF_DAY);

/** Weeks of twenty years: of more, some clock was wrong. */
const MOST_WEEKS = 1044;

/** Throws RangeError of a period that no record is of. */
export function weeksOf(period: Period): readonly Period[] {
  const weeks = Math.ceil((period.to - period.from) / MS_OF_WEEK);
  if (weeks > MOST_WEEKS) {
    throw new RangeError(
      `there are ${weeks} weeks from the first sample to the last; expected ${MOST_WEEKS} at most: a clock was wrong`,
    );
  }
  return piecesOf(period, MS_OF_WEEK);
}
