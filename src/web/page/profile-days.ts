/**
 * A local day of a load profile as a chart has it: by UTC, because only that goes on evenly. A day on which daylight saving begins or ends
 * has 23 or 25 hours, an interval that was not recorded is a gap, and what is remarkable about a record is a mark.
 */
import type { ProfileRecordView, ProfileView } from "#quantity/meter-api.ts";
import { clockText, dayAfter, localMs } from "./local-time.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Hours between the labels of the axis. */
const LABEL_HOURS = 3;

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
  /** 23 or 25 of a day on which the clock changes. */
  readonly hours: number;
  /** Where a value begins to hold; the last of a run holds until the next time, which has null. */
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
export function withNewest(asked: ProfileView, newest: ProfileView, day: string): ProfileView {
  const [first] = newest.records;
  if (first === undefined || first.sequence > asked.next || newest.next <= asked.next) return asked;
  const [begin, end] = [`${day} 00:00:00`, `${dayAfter(day, 1)} 00:00:00`];
  const come = newest.records.filter((one) => one.sequence >= asked.next && one.end > begin && one.start < end);
  return { ...asked, records: [...asked.records, ...come], next: newest.next };
}

/** Local time less UTC at an instant: that of the record which it belongs to. */
function offsetAt(records: readonly ProfileRecordView[], at: number, otherwise: number): number {
  const before = records.findLast(({ utc }) => Date.parse(utc.start) <= at);
  if (before !== undefined) {
    // Its end may be in another offset than its start: the clock changes between two records.
    const isAfter = Date.parse(before.utc.end) <= at;
    return isAfter ? before.offsetMinutes.end : before.offsetMinutes.start;
  }
  return records[0]?.offsetMinutes.start ?? otherwise;
}

/** `day` is local, "2026-03-08"; `offsetMinutes` is the meter's now. */
export function dayChart(profile: ProfileView, day: string, channel: number, offsetMinutes: number): DayChart {
  const records = profile.records.toSorted((a, b) => Date.parse(a.utc.start) - Date.parse(b.utc.start));
  const midnight = localMs(day);
  const begin = midnight - MINUTE_MS * (records[0]?.offsetMinutes.start ?? offsetMinutes);
  const end = midnight + 24 * HOUR_MS - MINUTE_MS * (records.at(-1)?.offsetMinutes.end ?? offsetMinutes);
  const { worth } = channelOf(profile.channels[channel] ?? "");
  const times: number[] = [];
  const values: (number | null)[] = [];
  let held = NaN;
  for (const { utc, values: counted } of records) {
    const [from, to] = [Date.parse(utc.start), Date.parse(utc.end)];
    // An interval that took no time, such as a mark of a freeze, has no width.
    if (to <= from) continue;
    if (from > held) {
      times.push(held);
      values.push(null);
    }
    const value = counted[channel];
    times.push(Math.max(from, (times.at(-1) ?? from) + 1));
    values.push(value === undefined ? null : value * worth);
    held = to;
  }
  if (!Number.isNaN(held)) {
    times.push(held);
    values.push(null);
  }
  return {
    begin,
    end,
    hours: (end - begin) / HOUR_MS,
    times,
    values,
    ticks: ticksOf(records, begin, end, offsetMinutes),
    marks: marksOf(records),
  };
}

function ticksOf(
  records: readonly ProfileRecordView[],
  begin: number,
  end: number,
  otherwise: number,
): DayChart["ticks"] {
  const ticks = [];
  for (let at = begin; at < end; at += HOUR_MS) {
    const local = clockText(at + MINUTE_MS * offsetAt(records, at, otherwise));
    if (local.slice(3) === "00:00" && Number(local.slice(0, 2)) % LABEL_HOURS === 0)
      ticks.push({ at, label: local.slice(0, 5) });
  }
  return ticks;
}

const events: Readonly<Record<string, string>> = {
  powerFail: "power failed",
  timeSet: "the clock was set",
  daylightSaving: "daylight saving changed",
  testMode: "test mode",
  configuration: "the configuration was changed",
  freeze: "freeze",
  billingReset: "billing reset",
  preset: "registers were preset",
  midnight: "midnight",
  recalibration: "recalibrated",
  diagnostic: "a diagnostic",
};

const statuses: Readonly<Record<string, string>> = {
  overflow: "more counts than fit",
  partial: "not a whole interval",
  powerLost: "power was lost in it",
  testMode: "test mode in it",
  timeChanged: "the clock changed in it",
  noInputs: "no inputs in it",
};

/** What is remarkable about the records, and what is missing between them. */
function marksOf(records: readonly ProfileRecordView[]): Mark[] {
  return records.flatMap(({ type, status, start, end, utc }, k) => {
    const said = [...(type === "normal" ? [] : [events[type] ?? type]), ...status.map((one) => statuses[one] ?? one)];
    const next = records[k + 1];
    const own =
      said.length === 0
        ? []
        : [{ at: Date.parse(utc.start), words: `${start.slice(11, 16)} to ${end.slice(11, 16)}: ${said.join(", ")}` }];
    const isGap = next !== undefined && Date.parse(next.utc.start) > Date.parse(utc.end);
    const gap = isGap
      ? [{ at: Date.parse(utc.end), words: `${end.slice(11, 16)} to ${next.start.slice(11, 16)}: nothing recorded` }]
      : [];
    return [...own, ...gap];
  });
}
