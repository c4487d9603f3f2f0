/** What every screen has at its top, and the load-profile indicators at its foot. */
import { wallTimeOf } from "#clock/meter-clock.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { Profile } from "#quantity/profile.ts";
import { localOf } from "#quantity/stamp.ts";
import type { Screen, Tone } from "#panel/picture.ts";
import { displayOf } from "./setup.ts";
import { clockText } from "./times.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday; weeks begin on Sundays. */
const SUNDAY_MS = 4 * DAY_MS;

export function headerOf(
  surface: MeterSurface,
  configuration: unknown,
): Pick<Screen, "clock" | "rate" | "marks" | "intervals"> {
  const { rate, testMode, alarms, failures, battery, timeSource } = surface.status();
  const now = surface.now();
  const marks: { readonly text: string; readonly tone: Tone }[] = [];
  if (now.synchronised && timeSource !== undefined && timeSource !== "crystal")
    marks.push({ text: "SYNC", tone: "good" });
  if (alarms.length > 0) marks.push({ text: "ALARM", tone: "bad" });
  if (failures.length > 0) marks.push({ text: "DIAGNOSTIC", tone: "bad" });
  if (battery.replace === "now") marks.push({ text: "BATTERY", tone: "bad" });
  if (testMode) marks.push({ text: "TEST MODE", tone: "warning" });
  const local = localOf(now);
  return {
    clock: clockText(now, displayOf(configuration).dateFormat),
    ...(rate === "none" ? {} : { rate: `TOU Rate ${rate}` }),
    marks,
    intervals: surface.profiles.map(({ interval }, k) => ({
      label: `Load Profile ${k + 1} Interval`,
      done: intervalDone(interval, local),
    })),
  };
}

/** How much of an interval has gone by: intervals begin where the wall clock's do. */
function intervalDone(interval: Profile["interval"], local: number): number {
  if (interval === "cycles") return 0;
  if (interval === "month") {
    const { year, month } = wallTimeOf(local);
    const [from, to] = [
      monthBegins(year, month),
      month === 12 ? monthBegins(year + 1, 1) : monthBegins(year, month + 1),
    ];
    return (local - from) / (to - from);
  }
  const length = interval === "day" ? DAY_MS : interval === "week" ? 7 * DAY_MS : interval * MINUTE_MS;
  const past = interval === "week" ? local + SUNDAY_MS : local;
  return (((past % length) + length) % length) / length;
}

function monthBegins(year: number, month: number): number {
  return Temporal.PlainDate.from({ year, month, day: 1 }).toZonedDateTime("UTC").epochMilliseconds;
}
