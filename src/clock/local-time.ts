/**
 * Local time by a meter's own rules: an offset from UTC, and daylight saving between two dates that are told by month, week
 * and weekday, as meters have it. All arithmetic is on days and milliseconds: a year of it must cost nothing.
 */
import { instantOf, wallTimeOf, type WallTime } from "./meter-clock.ts";

/** "Last Sunday in March, 01:00": the time of day is local, by the time that ends there. */
export interface YearlyInstant {
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 4, or 5 for the last one of the month. */
  readonly week: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly hour: number;
}

export interface DaylightSaving {
  readonly start: YearlyInstant;
  readonly end: YearlyInstant;
  /** By how much clocks go forward. */
  readonly minutes: number;
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** 0 is Sunday. 1970-01-01 was a Thursday. */
export function weekdayOf(local: number): number {
  return (((Math.floor(local / DAY_MS) + 4) % 7) + 7) % 7;
}

/** The day of a rule in a year, at its hour, in milliseconds of local time. */
function inYear(year: number, { month, week, weekday, hour }: YearlyInstant): number {
  const first = instantOf({ year, month, day: 1, hour: 0, minute: 0, second: 0 }) ?? NaN;
  const next = month === 12 ? { year: year + 1, month: 1 } : { year, month: month + 1 };
  const end = instantOf({ ...next, day: 1, hour: 0, minute: 0, second: 0 }) ?? NaN;
  let day = first + ((weekday - weekdayOf(first) + 7) % 7) * DAY_MS + (week - 1) * 7 * DAY_MS;
  while (day >= end) day -= 7 * DAY_MS;
  return day + hour * HOUR_MS;
}

export class LocalTime {
  readonly #offset: number;
  readonly #saving: DaylightSaving | undefined;
  /** Changes of the year that was asked for last, as UTC. */
  #year = NaN;
  #start = NaN;
  #end = NaN;

  /** `offsetMinutes` is what standard time is ahead of UTC. */
  constructor(offsetMinutes: number, saving?: DaylightSaving) {
    this.#offset = offsetMinutes * MINUTE_MS;
    this.#saving = saving;
  }

  #changes(year: number): void {
    if (this.#saving === undefined || this.#year === year) return;
    const { start, end, minutes } = this.#saving;
    this.#year = year;
    this.#start = inYear(year, start) - this.#offset;
    this.#end = inYear(year, end) - this.#offset - minutes * MINUTE_MS;
  }

  /** Whether daylight saving is in force. */
  saving(utc: number): boolean {
    if (this.#saving === undefined) return false;
    this.#changes(wallTimeOf(utc + this.#offset).year);
    // South of the equator summer goes over the new year.
    if (this.#start <= this.#end) return utc >= this.#start && utc < this.#end;
    return utc >= this.#start || utc < this.#end;
  }

  /** Milliseconds of local time since 1970, as a wall clock shows them. */
  local(utc: number): number {
    return utc + this.#offset + (this.saving(utc) ? (this.#saving?.minutes ?? 0) * MINUTE_MS : 0);
  }

  wall(utc: number): WallTime {
    return wallTimeOf(this.local(utc));
  }

  /** The next instant after `utc` at which daylight saving begins or ends; undefined where it never does. */
  nextChange(utc: number): number | undefined {
    if (this.#saving === undefined) return undefined;
    const { year } = wallTimeOf(utc + this.#offset);
    let next = Infinity;
    for (const one of [year, year + 1]) {
      this.#changes(one);
      for (const change of [this.#start, this.#end]) if (change > utc && change < next) next = change;
    }
    return next;
  }

  /** The instant at which clocks show `local`: the first of two in the autumn, the one after the gap in spring. */
  utcOf(local: number): number {
    const summer = local - this.#offset - (this.#saving?.minutes ?? 0) * MINUTE_MS;
    return this.saving(summer) ? summer : local - this.#offset;
  }
}
