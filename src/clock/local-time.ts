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
  readonly #shift: number;
  readonly #saving: DaylightSaving | undefined;
  /** The stretch between two changes that was asked for last: what is asked for next mostly lies in it. */
  #from = -Infinity;
  #until = Infinity;
  #summer = false;

  /** `offsetMinutes` is what standard time is ahead of UTC. */
  constructor(offsetMinutes: number, saving?: DaylightSaving) {
    this.#offset = offsetMinutes * MINUTE_MS;
    this.#shift = (saving?.minutes ?? 0) * MINUTE_MS;
    this.#saving = saving;
    if (saving !== undefined) this.#until = -Infinity;
  }

  /** Finds the stretch in which an instant lies. */
  #look(utc: number): void {
    if (this.#saving === undefined || (utc >= this.#from && utc < this.#until)) return;
    const { start, end } = this.#saving;
    const { year } = wallTimeOf(utc + this.#offset);
    this.#from = -Infinity;
    this.#until = Infinity;
    for (const one of [year - 1, year, year + 1]) {
      const changes = [
        [inYear(one, start) - this.#offset, true],
        [inYear(one, end) - this.#offset - this.#shift, false],
      ] as const;
      for (const [at, summer] of changes) {
        if (at > utc) this.#until = Math.min(this.#until, at);
        else if (at > this.#from) {
          this.#from = at;
          this.#summer = summer;
        }
      }
    }
  }

  /** Whether daylight saving is in force. */
  saving(utc: number): boolean {
    this.#look(utc);
    return this.#summer;
  }

  /** Milliseconds of standard time since 1970: local time that knows no daylight saving. */
  standard(utc: number): number {
    return utc + this.#offset;
  }

  /**
   * The next instant after `utc` at which a step of standard time begins, of so many milliseconds since midnight. What an outage or a set
   * clock ends ends between two milliseconds: sums of such would be rounded, and no instant that steps begin at.
   */
  nextStep(utc: number, length: number): number {
    return (Math.floor((Math.floor(utc) + this.#offset) / length) + 1) * length - this.#offset;
  }

  /** Minutes that local time is ahead of UTC then. */
  offsetMinutes(utc: number): number {
    return (this.local(utc) - utc) / MINUTE_MS;
  }

  /** Milliseconds of local time since 1970, as a wall clock shows them. */
  local(utc: number): number {
    return utc + this.#offset + (this.saving(utc) ? this.#shift : 0);
  }

  wall(utc: number): WallTime {
    return wallTimeOf(this.local(utc));
  }

  /** The next instant after `utc` at which daylight saving begins or ends; undefined where it never does. */
  nextChange(utc: number): number | undefined {
    if (this.#saving === undefined) return undefined;
    this.#look(utc);
    return this.#until;
  }

  /**
   * The instant of UTC at which the wall clock comes to `local`: the first of two where clocks go back over it, the one at which
   * they go forward where that leaves it out. A midnight at which clocks go back is the second one: the first is the evening's end.
   */
  utcOf(local: number): number {
    const standard = local - this.#offset;
    const summer = standard - this.#shift;
    if (this.saving(summer)) return summer;
    return this.saving(standard) ? (this.nextChange(summer) ?? standard) : standard;
  }

  /** The next instant after `utc` at which a day of the wall clock begins. */
  nextMidnight(utc: number): number {
    const day = Math.floor(this.local(utc) / DAY_MS);
    // Clocks that have gone back over midnight are in the day before again, whose end has been.
    for (let next = day + 1; ; next++) {
      const at = this.utcOf(next * DAY_MS);
      if (at > utc) return at;
    }
  }

  /** The next instant after `utc` at which an hour of the wall clock begins: also one that clocks leave out, or end in its middle. */
  nextHour(utc: number): number {
    for (let from = utc; ;) {
      const local = this.local(from);
      const next = from + HOUR_MS - modulo(local, HOUR_MS);
      const change = this.nextChange(from) ?? Infinity;
      if (change >= next) return next;
      const [before, after] = [local + change - from, this.local(change)];
      if (Math.floor(before / HOUR_MS) !== Math.floor(after / HOUR_MS)) return change;
      from = change;
    }
  }
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
