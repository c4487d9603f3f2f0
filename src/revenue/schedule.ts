/** When something that happens by itself is due. */
import { DAY_MS, HOUR_MS, MINUTE_MS, weekdayOf } from "#clock/local-time.ts";
import { wallTimeOf } from "#clock/meter-clock.ts";
import type { DemandSettings, Schedule } from "./configuration.ts";

/** Whether a schedule is due at this whole minute of local time. */
export function isDue({ every, minute, day }: Schedule, local: number, demand: DemandSettings): boolean {
  const ofDay = Math.floor((local % DAY_MS) / MINUTE_MS);
  switch (every) {
    case "subInterval":
      return local % (demand.subIntervalMinutes * MINUTE_MS) === 0;
    case "interval":
      return local % (demand.subIntervalMinutes * demand.subIntervals * MINUTE_MS) === 0;
    case "hour":
      return Math.floor((local % HOUR_MS) / MINUTE_MS) === minute;
    case "day":
      return ofDay === minute;
    case "week":
      return ofDay === minute && weekdayOf(local) === day;
    case "month":
      return ofDay === minute && wallTimeOf(local).day === day;
    default:
      // By a billing period reset, or never.
      return false;
  }
}
