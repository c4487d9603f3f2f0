/** What an activity calendar has, and how clients send it: undefined of what has another shape, or says what no calendar has. */
import { dateTimeOf, DATE_TIME_LENGTH } from "#protocol/dlms/data/date-time.ts";
import { logicalNameOf, type LogicalName } from "#protocol/dlms/data/logical-name.ts";
import type { Data } from "#protocol/dlms/data/data.ts";
import { membersOf, wholeOf } from "./read-data.ts";

/** A script from a time of the day on. */
export interface DayAction {
  readonly minute: number;
  readonly script: LogicalName;
  readonly selector: number;
}

export interface ActivityCalendar {
  readonly name: string;
  readonly seasons: readonly {
    readonly name: string;
    readonly month: number;
    readonly day: number;
    readonly week: string;
  }[];
  /** Day ids from Monday to Sunday. */
  readonly weeks: readonly { readonly name: string; readonly days: readonly number[] }[];
  readonly days: readonly { readonly id: number; readonly actions: readonly DayAction[] }[];
}

/** Members of an array that a calendar may have: day profiles, of which it has the most, are numbered by a byte. */
const MOST = 256;
const LONGEST_NAME = 32;
const WEEK = 7;

function listOf<T>(data: Data, of: (member: Data) => T | undefined): readonly T[] | undefined {
  if (data.type !== "array" || data.value.length > MOST) return undefined;
  const found: T[] = [];
  for (const member of data.value) {
    const one = of(member);
    if (one === undefined) return undefined;
    found.push(one);
  }
  return found;
}

export function nameOf(data: Data): string | undefined {
  if (data.type !== "octet-string" || data.value.length > LONGEST_NAME) return undefined;
  return String.fromCharCode(...data.value);
}

/** Begins on a day of every year, at midnight. */
export function seasonsOf(data: Data): ActivityCalendar["seasons"] | undefined {
  return listOf(data, (member) => {
    const [named, start, of] = membersOf(member, 3) ?? [];
    const name = named && nameOf(named);
    const week = of && nameOf(of);
    if (name === undefined || week === undefined) return undefined;
    if (start?.type !== "octet-string" || start.value.length !== DATE_TIME_LENGTH) return undefined;
    const { year, month, day, weekday, hour = 0, minute = 0, second = 0 } = dateTimeOf(start.value);
    if (year !== undefined || weekday !== undefined || hour + minute + second > 0) return undefined;
    if (typeof month !== "number" || typeof day !== "number") return undefined;
    return { name, month, day, week };
  });
}

export function weeksOf(data: Data): ActivityCalendar["weeks"] | undefined {
  return listOf(data, (member) => {
    const [named, ...ids] = membersOf(member, 1 + WEEK) ?? [];
    const name = named && nameOf(named);
    const days = ids.map(wholeOf).filter((id) => id !== undefined);
    return name === undefined || days.length < WEEK ? undefined : { name, days };
  });
}

function actionOf(data: Data): DayAction | undefined {
  const [start, script, selected] = membersOf(data, 3) ?? [];
  const selector = selected && wholeOf(selected);
  if (start?.type !== "octet-string" || start.value.length !== 4 || selector === undefined) return undefined;
  if (script?.type !== "octet-string" || script.value.length !== 6) return undefined;
  const [hour = 24, minute = 60, second, hundredths] = start.value;
  if (hour > 23 || minute > 59 || second !== 0 || (hundredths !== 0 && hundredths !== 0xff)) return undefined;
  return { minute: 60 * hour + minute, script: logicalNameOf(script.value), selector };
}

export function daysOf(data: Data): ActivityCalendar["days"] | undefined {
  return listOf(data, (member) => {
    const [number, schedule] = membersOf(member, 2) ?? [];
    const id = number && wholeOf(number);
    const actions = schedule && listOf(schedule, actionOf);
    return id === undefined || actions === undefined ? undefined : { id, actions };
  });
}
