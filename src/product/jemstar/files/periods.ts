/** Days and periods of local time by which files are made: a day begins at midnight by the wall clock, and has 23 or 25 hours where that is set. */
import { DAY_MS, HOUR_MS, MINUTE_MS, type LocalTime } from "#clock/local-time.ts";

/** How long an observation of the measurement log can be ("1 observation per 10 minutes to 1 observation per 7 days"). */
export const logPeriods = {
  "10 minutes": 10 * MINUTE_MS,
  "15 minutes": 15 * MINUTE_MS,
  "20 minutes": 20 * MINUTE_MS,
  "30 minutes": 30 * MINUTE_MS,
  "1 hour": HOUR_MS,
  "2 hours": 2 * HOUR_MS,
  "4 hours": 4 * HOUR_MS,
  "6 hours": 6 * HOUR_MS,
  "8 hours": 8 * HOUR_MS,
  "12 hours": 12 * HOUR_MS,
  "1 day": DAY_MS,
  "2 days": 2 * DAY_MS,
  "3 days": 3 * DAY_MS,
  "4 days": 4 * DAY_MS,
  "5 days": 5 * DAY_MS,
  "6 days": 6 * DAY_MS,
  "7 days": 7 * DAY_MS,
} as const;
export type LogPeriod = keyof typeof logPeriods;

/** Milliseconds of UTC: the end is not of it. */
export interface Period {
  readonly begin: number;
  readonly end: number;
}

type Zone = Pick<LocalTime, "local" | "utcOf" | "nextMidnight">;

/** The day in which an instant lies. */
export function dayOf(utc: number, zone: Zone): Period {
  let day = Math.floor(zone.local(utc) / DAY_MS);
  let begin = zone.utcOf(day * DAY_MS);
  // Clocks that go back over midnight come to it twice: the day begins at the second.
  while (begin > utc) begin = zone.utcOf(--day * DAY_MS);
  return { begin, end: zone.nextMidnight(utc) };
}

/** 1970-01-01 was a Thursday: days that are counted from the Sunday before it make weeks that begin on Sunday. */
const SUNDAY = 4;

/**
 * The period in which an instant lies. Those of hours and minutes count from midnight, and end there at the latest; those of days are so
 * many days from the Sunday before 1970: weeks begin on Sunday.
 */
export function periodOf(utc: number, of: LogPeriod, zone: Zone): Period {
  const ms = logPeriods[of];
  const day = dayOf(utc, zone);
  if (ms < DAY_MS) {
    const begin = day.begin + Math.floor((utc - day.begin) / ms) * ms;
    return { begin, end: Math.min(begin + ms, day.end) };
  }
  if (ms === DAY_MS) return day;
  const days = ms / DAY_MS;
  // The middle of a day is in it whatever is done with its ends.
  const number = Math.floor(zone.local((day.begin + day.end) / 2) / DAY_MS) + SUNDAY;
  const first = number - (((number % days) + days) % days) - SUNDAY;
  return { begin: zone.utcOf(first * DAY_MS), end: zone.utcOf((first + days) * DAY_MS) };
}
