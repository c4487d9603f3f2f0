/**
 * Time of use: which rate is active when. Seasons begin on dates of every year; each has a day schedule for every weekday and
 * for two kinds of holidays; a day schedule is a list of times at which a rate begins.
 */
import { DAY_MS, MINUTE_MS, weekdayOf } from "./local-time.ts";
import { wallTimeOf } from "./meter-clock.ts";

export const rates = ["A", "B", "C", "D", "E", "F", "G", "H"] as const;
export type Rate = (typeof rates)[number];

/** Sunday to Saturday, then the two kinds of holidays. */
export const dayTypes = [
  "sunday",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "holiday1",
  "holiday2",
] as const;
export type DayType = (typeof dayTypes)[number];

/** A rate from a minute of the day on. */
export interface Switch {
  readonly minute: number;
  readonly rate: Rate;
}

export interface Season {
  readonly month: number;
  readonly day: number;
  readonly days: Readonly<Record<DayType, readonly Switch[]>>;
}

export interface Holiday {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly type: 1 | 2;
}

export interface TouSchedule {
  /** In order of the year; before the first the last one of the year before goes on. None: no rate is ever active. */
  readonly seasons: readonly Season[];
  readonly holidays: readonly Holiday[];
}

export class TouCalendar {
  readonly #seasons: readonly Season[];
  readonly #holidays: ReadonlyMap<number, 1 | 2>;
  /** What the day that was asked for last has. */
  #day = NaN;
  #season = 0;
  #switches: readonly Switch[] = [];
  #before: Rate | undefined;

  constructor({ seasons, holidays }: TouSchedule) {
    this.#seasons = [...seasons].sort((a, b) => a.month * 100 + a.day - (b.month * 100 + b.day));
    this.#holidays = new Map(holidays.map(({ year, month, day, type }) => [dayNumber(year, month, day), type]));
  }

  #look(local: number): void {
    const day = Math.floor(local / DAY_MS);
    if (day === this.#day || this.#seasons.length === 0) return;
    // A day begins with the rate that the day before ended with, unless a switch stands at midnight.
    this.#before = undefined;
    for (let back = 7; back >= 1 && this.#before === undefined; back--) {
      for (let past = day - back; past < day; past++)
        this.#before = this.#scheduleOf(past).at(-1)?.rate ?? this.#before;
    }
    this.#day = day;
    this.#switches = this.#scheduleOf(day);
    this.#season = this.#seasonOf(day);
  }

  #seasonOf(day: number): number {
    const { month, day: date } = wallTimeOf(day * DAY_MS);
    const begun = this.#seasons.findLastIndex((one) => one.month * 100 + one.day <= month * 100 + date);
    return begun < 0 ? this.#seasons.length - 1 : begun;
  }

  #scheduleOf(day: number): readonly Switch[] {
    const holiday = this.#holidays.get(day);
    const type = dayTypes[holiday === undefined ? weekdayOf(day * DAY_MS) : 6 + holiday] ?? "sunday";
    return this.#seasons[this.#seasonOf(day)]?.days[type] ?? [];
  }

  /** Which of the seasons a local time lies in: 0 is the first of the year; undefined without seasons. */
  seasonAt(local: number): number | undefined {
    if (this.#seasons.length === 0) return undefined;
    this.#look(local);
    return this.#season;
  }

  rateAt(local: number): Rate | undefined {
    if (this.#seasons.length === 0) return undefined;
    this.#look(local);
    const minute = Math.floor((local - this.#day * DAY_MS) / MINUTE_MS);
    return this.#switches.findLast((one) => one.minute <= minute)?.rate ?? this.#before;
  }

  /** The next local time after this at which a rate or a season may begin: a switch, or midnight. */
  nextSwitch(local: number): number {
    this.#look(local);
    const day = Math.floor(local / DAY_MS) * DAY_MS;
    const minute = (local - day) / MINUTE_MS;
    const next = this.#switches.find((one) => one.minute > minute);
    return next === undefined ? day + DAY_MS : day + next.minute * MINUTE_MS;
  }
}

function dayNumber(year: number, month: number, day: number): number {
  return Math.floor(Date.UTC(year, month - 1, day) / DAY_MS);
}
