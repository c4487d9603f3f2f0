/**
 * Times of PQDIF: a day and the seconds since its midnight, UTC. pqdif_ph.h says that days count from 1 January 1900, but its own constant
 * (25,569 days to 1970) is that of spreadsheets: day 1 is 31 December 1899, and files are so.
 */
export interface PqdifTime {
  /** Days since 30 December 1899. */
  readonly day: number;
  /** Seconds since midnight, with what a double holds of their fraction. */
  readonly seconds: number;
}

/** EXCEL_DAYCOUNT_ADJUST of pqdif_ph.h: the day of 1 January 1970. */
const DAY_1970 = 25_569;
const DAY_SECONDS = 86_400;

/** Day 0 without a second: a clock that nobody has set, or no time at all. */
export function isUnset({ day, seconds }: PqdifTime): boolean {
  return day === 0 && seconds === 0;
}

/** Milliseconds since 1970, to a quarter of a microsecond or so. */
export function utcOf({ day, seconds }: PqdifTime): number {
  return 1000 * ((day - DAY_1970) * DAY_SECONDS + seconds);
}

/** Milliseconds since 1970 that a calendar has (ECMA-262, 21.4.1.1). */
const LAST = 8.64e15;

/** The same where it is a time: a clock that stands where days begin to count was never set, one beyond all calendars says nothing either. */
export function knownUtcOf(time: PqdifTime | undefined): number | undefined {
  const utc = time === undefined ? NaN : utcOf(time);
  return utc >= 0 && utc <= LAST ? utc : undefined;
}

/** The time `seconds` after an instant in milliseconds since 1970: with what a double of milliseconds cannot say in `seconds`. */
export function timeOf(utc: number, seconds = 0): PqdifTime {
  const days = Math.floor(utc / (1000 * DAY_SECONDS));
  return later({ day: DAY_1970 + days, seconds: (utc - days * 1000 * DAY_SECONDS) / 1000 }, seconds);
}

export function later({ day, seconds }: PqdifTime, by: number): PqdifTime {
  const sum = seconds + by;
  const days = Math.floor(sum / DAY_SECONDS);
  return days === 0 ? { day, seconds: sum } : { day: day + days, seconds: sum - days * DAY_SECONDS };
}

/** Seconds from `from` to `to`. */
export function secondsBetween(from: PqdifTime, to: PqdifTime): number {
  return (to.day - from.day) * DAY_SECONDS + (to.seconds - from.seconds);
}
