/**
 * A calendar of rates: seasons that begin on dates of every year, a schedule of each for every kind of day, holidays, and the days on which clocks
 * change, which have 23 or 25 hours. What cannot be read yet, while somebody enters it, is passed over.
 */
import { isList, isMembers, type Json } from "./configuration-value.ts";

const DAY_MS = 86_400_000;
const DAY = 1440;

/** A rate from a minute of the day on. */
export interface Switch {
  readonly minute: number;
  readonly rate: string;
}

export interface Season {
  /** Where it stands in the configuration. */
  readonly place: number;
  readonly month: number;
  readonly day: number;
  readonly days: Readonly<Record<string, readonly Switch[]>>;
}

/** When clocks change in a year: the week 5 is the last of the month, the weekday 0 Sunday. */
export interface Yearly {
  readonly month: number;
  readonly week: number;
  readonly weekday: number;
  readonly hour: number;
}

export interface Calendar {
  /** In order of the year. */
  readonly seasons: readonly Season[];
  /** The kind of holiday by date, "2026-12-25". */
  readonly holidays: ReadonlyMap<string, number>;
  readonly saving: { readonly start: Yearly; readonly end: Yearly; readonly minutes: number } | undefined;
}

export const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;

function minuteOf(text: Json | undefined): number | undefined {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(typeof text === "string" ? text : "") ?? [];
  return hour === undefined ? undefined : 60 * Number(hour) + Number(minute);
}

/** "07:30" of a minute of the day. */
export function timeText(minute: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

export function switchesIn(value: Json | undefined): readonly Switch[] {
  if (!isList(value)) return [];
  const switches = value.flatMap((one) => {
    const { at, rate } = isMembers(one) ? one : {};
    const minute = minuteOf(at);
    return minute === undefined || typeof rate !== "string" ? [] : [{ minute, rate }];
  });
  return switches.toSorted((a, b) => a.minute - b.minute);
}

function numbersIn<K extends string>(value: Json | undefined, ...keys: readonly K[]): Record<K, number> | undefined {
  if (!isMembers(value)) return undefined;
  const found = keys.map((key) => [key, value[key]] as const);
  return found.every(([, one]) => typeof one === "number")
    ? (Object.fromEntries(found) as Record<K, number>)
    : undefined;
}

export function calendarIn(value: Json | undefined, saving: Json | undefined): Calendar {
  const { seasons, holidays } = isMembers(value) ? value : {};
  const read = (isList(seasons) ? seasons : []).flatMap((one, place) => {
    const begins = numbersIn(one, "month", "day");
    const { days } = isMembers(one) ? one : {};
    if (begins === undefined) return [];
    const schedules = Object.entries(isMembers(days) ? days : {}).map(
      ([type, list]) => [type, switchesIn(list)] as const,
    );
    return [{ place, ...begins, days: Object.fromEntries(schedules) }];
  });
  const dates = (isList(holidays) ? holidays : []).flatMap((one) => {
    const { date, type = 1 } = isMembers(one) ? one : {};
    return typeof date === "string" && typeof type === "number" ? [[date, type] as const] : [];
  });
  const { start, end, minutes = 60 } = isMembers(saving) ? saving : {};
  const [from, to] = [start, end].map((one) => numbersIn(one, "month", "week", "weekday", "hour"));
  return {
    seasons: read.toSorted((a, b) => a.month * 100 + a.day - (b.month * 100 + b.day)),
    holidays: new Map(dates),
    saving:
      from === undefined || to === undefined || typeof minutes !== "number"
        ? undefined
        : { start: from, end: to, minutes },
  };
}

const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** The number of a day since 1970; NaN of what is no date. */
export function dayNumber(date: string): number {
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
}

/** 0 is Sunday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** Every day of a year. */
export function daysOf(year: number): readonly string[] {
  const first = Math.floor(Date.UTC(year, 0, 1) / DAY_MS);
  const next = Math.floor(Date.UTC(year + 1, 0, 1) / DAY_MS);
  return Array.from({ length: next - first }, (_, k) => dateOf(first + k));
}

/** The season that a day lies in: before the first of a year the last one goes on. */
export function seasonOn({ seasons }: Calendar, date: string): Season | undefined {
  const at = Number(date.slice(5, 7)) * 100 + Number(date.slice(8, 10));
  return seasons.findLast(({ month, day }) => month * 100 + day <= at) ?? seasons.at(-1);
}

/** "monday", or "holiday1". */
export function kindOfDay({ holidays }: Calendar, date: string): string {
  const holiday = holidays.get(date);
  return holiday === undefined ? (weekdays[weekdayOf(dayNumber(date))] ?? "") : `holiday${holiday}`;
}

function switchesOn(calendar: Calendar, date: string): readonly Switch[] {
  return seasonOn(calendar, date)?.days[kindOfDay(calendar, date)] ?? [];
}

/** The rate that a day begins with: that which the days before ended with, unless a switch stands at midnight. */
function rateBefore(calendar: Calendar, date: string): string | undefined {
  const day = dayNumber(date);
  for (let back = 1; back <= 7; back++) {
    const last = switchesOn(calendar, dateOf(day - back)).at(-1);
    if (last !== undefined) return last.rate;
  }
  return undefined;
}

/** When a rule of clocks comes in a year. */
function ruleIn(
  year: number,
  { month, week, weekday, hour }: Yearly,
): { readonly day: number; readonly minute: number } {
  const first = Math.floor(Date.UTC(year, month - 1, 1) / DAY_MS);
  const next = Math.floor(Date.UTC(year, month, 1) / DAY_MS);
  let day = first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (week - 1);
  while (day >= next) day -= 7;
  return { day, minute: 60 * hour };
}

/** A day on which clocks change: at which minute since midnight, and by how many minutes they go forward. */
export interface ClockChange {
  readonly date: string;
  readonly minute: number;
  readonly forward: number;
}

export function clockChangesIn({ saving }: Calendar, year: number): readonly ClockChange[] {
  if (saving === undefined || !isRule(saving.start) || !isRule(saving.end)) return [];
  const { minutes } = saving;
  const [start, end] = [ruleIn(year, saving.start), ruleIn(year, saving.end)];
  // Clocks that go back at midnight make the day before longer.
  const ends = end.minute >= minutes ? end : { day: end.day - 1, minute: DAY + end.minute };
  return [
    { date: dateOf(start.day), minute: start.minute, forward: minutes },
    { date: dateOf(ends.day), minute: ends.minute, forward: -minutes },
  ];
}

function isRule({ month, week, weekday }: Yearly): boolean {
  return month >= 1 && month <= 12 && week >= 1 && week <= 5 && weekday >= 0 && weekday <= 6;
}

/** A stretch of a day in minutes since its midnight, as they go by: a day of 25 hours has 1500. */
export interface Part {
  readonly from: number;
  readonly to: number;
  /** What the wall clock shows when it begins. */
  readonly wall: number;
  /** Undefined while none is active. */
  readonly rate: string | undefined;
}

/** The rates of a day, one after the other. */
export function partsOf(calendar: Calendar, date: string): readonly Part[] {
  const change = clockChangesIn(calendar, Number(date.slice(0, 4))).find((one) => one.date === date);
  const whole = DAY - (change?.forward ?? 0);
  const switches = switchesOn(calendar, date);
  const before = calendar.seasons.length === 0 ? undefined : rateBefore(calendar, date);
  const rateAt = (wall: number): string | undefined =>
    switches.findLast(({ minute }) => minute <= wall)?.rate ?? before;
  const wallAt = (minute: number): number =>
    change === undefined || minute < change.minute ? minute : minute + change.forward;
  const bounds = [0, whole, ...(change === undefined ? [] : [change.minute])];
  for (const { minute } of switches)
    for (const at of [minute, minute - (change?.forward ?? 0)])
      if (wallAt(at) === minute || (change !== undefined && at === change.minute)) bounds.push(at);
  const parts: Part[] = [];
  const sorted = [...new Set(bounds)].filter((at) => at >= 0 && at <= whole).toSorted((a, b) => a - b);
  for (const [k, from] of sorted.entries()) {
    const to = sorted[k + 1];
    if (to === undefined) break;
    const [wall, last] = [wallAt(from), parts.at(-1)];
    const rate = rateAt(wall);
    if (last !== undefined && last.rate === rate) parts[parts.length - 1] = { ...last, to };
    else parts.push({ from, to, wall, rate });
  }
  return parts;
}

/** Days of a year one after the other that have the same rates at the same times. */
export interface Stretch {
  readonly first: number;
  readonly days: number;
  readonly parts: readonly Part[];
}

export function stretchesOf(calendar: Calendar, year: number): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let before = "";
  for (const [k, date] of daysOf(year).entries()) {
    const parts = partsOf(calendar, date);
    const text = JSON.stringify(parts);
    const last = stretches.at(-1);
    if (last !== undefined && text === before) stretches[stretches.length - 1] = { ...last, days: last.days + 1 };
    else stretches.push({ first: k, days: 1, parts });
    before = text;
  }
  return stretches;
}

/** Rates that a calendar has, in order. */
export function ratesIn({ seasons }: Calendar): readonly string[] {
  const all = seasons.flatMap(({ days }) => Object.values(days).flatMap((list) => list.map(({ rate }) => rate)));
  return [...new Set(all)].toSorted();
}
