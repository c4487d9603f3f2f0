/**
 * A local day, week or month of a load profile as a chart has it: by UTC, because only that goes on evenly. A day on which daylight saving begins or ends
 * has 23 or 25 hours, an interval that was not recorded is a gap, and what is remarkable about a record is a mark.
 */
import type { Text } from "#quantity/text.ts";
import type { ProfileRecordView, ProfileView } from "#quantity/meter-api.ts";
import { say } from "./language.ts";
import { clockText, dayAfter, localMs, shortDate, timeText } from "./local-time.ts";
import { profileEventTexts, profileStatusTexts, profileTexts } from "./texts/profile.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
/**
 * Hours that the axis may have, and the minutes between its labels: the first that holds all there is. A meter that has recorded for
 * minutes has no day to show yet.
 */
const WIDTHS = [
  [2, 15],
  [4, 30],
  [8, 60],
  [Infinity, 180],
] as const;

/** A channel, and what one count of it is worth. */
export interface Channel {
  /** "Wh.import". */
  readonly measure: string;
  readonly worth: number;
}

export interface Mark {
  /** UTC milliseconds. */
  readonly at: number;
  readonly words: string;
}

export interface DayChart {
  /** UTC milliseconds at which the day begins and ends. */
  readonly begin: number;
  readonly end: number;
  /** What the axis has of it: whole hours that hold all that is drawn and marked. */
  readonly range: readonly [begin: number, end: number];
  /** 23 or 25 of a day on which the clock changes. */
  readonly hours: number;
  /** Where a value begins to hold; the last of a run is there again a millisecond before the next time, which has null. */
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  readonly marks: readonly Mark[];
}

/** "Wh.import x 1000" are counts; what is said without a worth is what it is. */
export function channelOf(text: string): Channel {
  const [measure = "", worth = "1"] = text.split(" x ");
  return { measure, worth: Number(worth) };
}

/** The records of a day as they were asked for, and those of the newest that have come since; what does not follow on them is asked for. */
export function withNewest(asked: ProfileView, newest: ProfileView, day: string, days = 1): ProfileView {
  const [first] = newest.records;
  if (first === undefined || first.sequence > asked.next || newest.next <= asked.next) return asked;
  const [begin, end] = [`${day} 00:00:00`, `${dayAfter(day, days)} 00:00:00`];
  const come = newest.records.filter((one) => one.sequence >= asked.next && one.end > begin && one.start < end);
  return { ...asked, records: [...asked.records, ...come], next: newest.next };
}

/** The last of records, in order of their starts, that has begun by an instant. */
function lastBefore(records: readonly ProfileRecordView[], at: number): ProfileRecordView | undefined {
  let [low, high] = [0, records.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Date.parse(records[middle]?.utc.start ?? "") <= at) low = middle + 1;
    else high = middle;
  }
  return records[low - 1];
}

/** Local time less UTC at an instant: that of the record which it belongs to. */
function offsetAt(records: readonly ProfileRecordView[], at: number, otherwise: number): number {
  const before = lastBefore(records, at);
  if (before !== undefined) {
    // Its end may be in another offset than its start: the clock changes between two records.
    const isAfter = Date.parse(before.utc.end) <= at;
    return isAfter ? before.offsetMinutes.end : before.offsetMinutes.start;
  }
  return records[0]?.offsetMinutes.start ?? otherwise;
}

interface DayOptions {
  /** Local, "2026-03-08". */
  readonly day: string;
  readonly channel: number;
  /** Days from it on. */
  readonly days?: number;
  /** The meter's now. */
  readonly offsetMinutes: number;
  /** Marks of others, of which those of the day are shown. */
  readonly logged?: readonly Mark[];
}

export function dayChart(
  profile: ProfileView,
  { day, days = 1, channel, offsetMinutes, logged = [] }: DayOptions,
): DayChart {
  const records = profile.records.toSorted((a, b) => Date.parse(a.utc.start) - Date.parse(b.utc.start));
  const midnight = localMs(day);
  const begin = midnight - MINUTE_MS * (records[0]?.offsetMinutes.start ?? offsetMinutes);
  const end = localMs(dayAfter(day, days)) - MINUTE_MS * (records.at(-1)?.offsetMinutes.end ?? offsetMinutes);
  const { worth } = channelOf(profile.channels[channel] ?? "");
  const times: number[] = [];
  const values: (number | null)[] = [];
  let held = NaN;
  /** Ends a run: a line by steps goes as far as there is a value, and its last one has a width like all others. */
  const endRun = (): void => {
    const last = values.at(-1) ?? null;
    if (last !== null && held - 1 > (times.at(-1) ?? held)) {
      times.push(held - 1);
      values.push(last);
    }
    times.push(held);
    values.push(null);
  };
  for (const { utc, values: counted } of records) {
    const [from, to] = [Date.parse(utc.start), Date.parse(utc.end)];
    // An interval that took no time, such as a mark of a freeze, has no width.
    if (to <= from) continue;
    if (from > held) endRun();
    const value = counted[channel];
    times.push(Math.max(from, (times.at(-1) ?? from) + 1));
    values.push(value === undefined || value === null ? null : value * worth);
    held = to;
  }
  if (!Number.isNaN(held)) endRun();
  const ofDay = logged.filter(({ at }) => at >= begin && at < end);
  const marks = [...marksOf(records), ...ofDay].toSorted((a, b) => a.at - b.at);
  const { range, labelMinutes } =
    days === 1
      ? axisOf([...times, ...marks.map(({ at }) => at)], begin, end)
      : { range: [begin, end] as const, labelMinutes: DAY_MINUTES };
  return {
    begin,
    end,
    range,
    hours: (end - begin) / HOUR_MS,
    times,
    values,
    ticks: ticksOf(records, range, labelMinutes, offsetMinutes),
    marks,
  };
}

/** The part of a day that holds some times, and how far apart its labels are. */
function axisOf(
  times: readonly number[],
  begin: number,
  end: number,
): { readonly range: readonly [number, number]; readonly labelMinutes: number } {
  const [width, labelMinutes] = widthOf(times, begin, end);
  if (width >= end - begin || times.length === 0) return { range: [begin, end], labelMinutes };
  const from = Math.min(hourOf(times, begin), end - width);
  return { range: [from, from + width], labelMinutes };
}

/** The hour of a day that the first of some times is in. */
function hourOf(times: readonly number[], begin: number): number {
  const hours = Math.floor((Math.min(...times) - begin) / HOUR_MS);
  return begin + HOUR_MS * Math.max(0, hours);
}

/** Milliseconds, and the minutes between two labels. */
function widthOf(times: readonly number[], begin: number, end: number): readonly [number, number] {
  const needed = times.length === 0 ? Infinity : Math.max(...times) - hourOf(times, begin);
  const [hours, minutes] = WIDTHS.find(([hours]) => HOUR_MS * hours >= needed) ?? [Infinity, 180];
  return [Math.min(HOUR_MS * hours, end - begin), minutes];
}

function ticksOf(
  records: readonly ProfileRecordView[],
  [begin, end]: DayChart["range"],
  labelMinutes: number,
  otherwise: number,
): DayChart["ticks"] {
  const ticks = [];
  for (let at = begin; at < end; at += MINUTE_MS * Math.min(60, labelMinutes)) {
    const wall = at + MINUTE_MS * offsetAt(records, at, otherwise);
    const local = clockText(wall);
    const minutes = 60 * Number(local.slice(0, 2)) + Number(local.slice(3, 5));
    const label = labelMinutes === DAY_MINUTES ? shortDate(wall) : local.slice(0, 5);
    if (local.endsWith(":00") && minutes % labelMinutes === 0) ticks.push({ at, label });
  }
  return ticks;
}

/** What it is called; what is known by no text is called as the meter has it. */
function wordFor(texts: Readonly<Record<string, Text>>, key: string): string {
  const text = Object.hasOwn(texts, key) ? texts[key] : undefined;
  return text === undefined ? key : say(text);
}

/** What an event that ends a record says of it already. */
const implied: Readonly<Record<string, readonly string[]>> = {
  powerFail: ["powerLost"],
  timeSet: ["timeChanged"],
  daylightSaving: ["timeChanged"],
  testMode: ["testMode"],
};

/** What is remarkable about a record, in words; empty of one like all others. */
export function remarkOf({ type, status }: Pick<ProfileRecordView, "type" | "status">): string {
  const others = status.filter((one) => implied[type]?.includes(one) !== true);
  if (type === "normal") return others.map((one) => wordFor(profileStatusTexts, one)).join(", ");
  const isCut = others.includes("partial");
  return [
    `${wordFor(profileEventTexts, type)}${isCut ? say(profileTexts.whichCut) : ""}`,
    ...others.filter((one) => one !== "partial").map((one) => wordFor(profileStatusTexts, one)),
  ].join(", ");
}

/** "03:00 to 04:00" of two local times; to the second where the minutes do not tell them apart. */
function timesOf(from: string, to: string): string {
  if (from === to) return timeText(from.slice(0, 16));
  const length = from.slice(0, 16) === to.slice(0, 16) ? 19 : 16;
  return say(profileTexts.fromTo, { from: timeText(from.slice(0, length)), to: timeText(to.slice(0, length)) });
}

/** What is remarkable about the records, and what is missing between them. */
function marksOf(records: readonly ProfileRecordView[]): Mark[] {
  return records.flatMap((record, k) => {
    const { start, end, utc } = record;
    const remark = remarkOf(record);
    const next = records[k + 1];
    const own = remark === "" ? [] : [{ at: Date.parse(utc.start), words: `${timesOf(start, end)}: ${remark}` }];
    const isGap = next !== undefined && Date.parse(next.utc.start) > Date.parse(utc.end);
    const gap = isGap
      ? [{ at: Date.parse(utc.end), words: `${timesOf(end, next.start)}: ${say(profileTexts.nothing)}` }]
      : [];
    return [...own, ...gap];
  });
}
