/** A wall time as registers have it: two bytes a register with the year counted from 1900, or a number a register. */
import { instantOf, type WallTime } from "#clock/meter-clock.ts";
import type { Meter } from "#quantity/interfaces.ts";
import type { Setting } from "#quantity/setting.ts";

/** Two bytes, the year counted from 1900; or one number, the days of a week counted from Sunday, 1. */
export type ClockPart =
  | "month, day"
  | "year, hour"
  | "minute, second"
  | "month"
  | "day"
  | "year"
  | "hour"
  | "minute"
  | "second"
  | "day of the week";

const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday, the fifth day of a week that begins with Sunday. */
const FIRST_WEEKDAY = 4;

export function clockWord(part: ClockPart, wall: WallTime): number {
  switch (part) {
    case "month, day":
      return (wall.month << 8) | wall.day;
    case "year, hour":
      return ((wall.year - 1900) << 8) | wall.hour;
    case "minute, second":
      return (wall.minute << 8) | wall.second;
    case "day of the week":
      return ((Math.floor((instantOf(wall) ?? NaN) / DAY_MS) + FIRST_WEEKDAY) % 7) + 1;
    default:
      return wall[part];
  }
}

/** A part that one setting holds: the parts of two bytes are those that can be written. */
export type SettablePart = "month, day" | "year, hour" | "minute, second";

/** The setting that a word of the clock is, with its value; a year before 2000 becomes one after all that exist. */
export function clockSetting(part: SettablePart, word: number): readonly [Setting, number] {
  const [high, low] = [word >> 8, word & 0xff];
  if (part === "month, day") return ["clock.dayMonth", (low << 8) | high];
  if (part === "minute, second") return ["clock.secondMinute", (low << 8) | high];
  return ["clock.hourYear", (low << 8) | ((high - 100) & 0xff)];
}

/** What the meter's clock shows now: its settings are day and month, hour and year less 2000, second and minute. */
export function wallOf(meter: Meter): WallTime {
  const [dayMonth, hourYear, secondMinute] = [
    meter.setting("clock.dayMonth"),
    meter.setting("clock.hourYear"),
    meter.setting("clock.secondMinute"),
  ];
  return {
    year: 2000 + (hourYear & 0xff),
    month: dayMonth & 0xff,
    day: dayMonth >> 8,
    hour: hourYear >> 8,
    minute: secondMinute & 0xff,
    second: secondMinute >> 8,
  };
}
