/** What an outage leaves in profiles, registers and logs when power is back. */
import { DAY_MS, HOUR_MS } from "#clock/local-time.ts";
import type { Origin } from "#quantity/log.ts";
import type { DemandTiming } from "#revenue/registers/demand-timing.ts";
import { automatic, type EventLog } from "#revenue/events/event-log.ts";
import { profileStatus, type LoadProfile } from "#revenue/profile/load-profile.ts";
import type { Registers } from "#revenue/registers/registers.ts";
import type { RevenueClock } from "#revenue/time/revenue-clock.ts";
import { phasesOf } from "./supply.ts";
import { timeText } from "#clock/time-text.ts";

export interface OutageParts {
  readonly clock: RevenueClock;
  readonly registers: Registers;
  readonly profiles: readonly LoadProfile[];
  readonly demand: DemandTiming;
  readonly log: EventLog;
}

/** Logs a change of the clock. */
export function logTimeChange(
  log: EventLog,
  what: string,
  origin: Origin,
  times: readonly [before: number, after: number],
) {
  const [before, after] = times;
  log.add("timeChange", what, origin, { before: timeText(before / 1000), after: timeText(after / 1000) });
}

/** Power failed at `down` (UTC) while the inputs of the bits in `live` were live, and is back now; returns for how many seconds. */
export function recordOutage(parts: OutageParts, down: number, live: number): number {
  const { clock, registers, profiles, demand, log } = parts;
  const { utc } = clock.time;
  const [from, to] = [clock.zone.local(down), clock.local];
  for (const profile of profiles) profile.event("powerFail", from, to, profileStatus.powerLost);
  // A clock that has gone back meanwhile does not tell how long it was.
  const seconds = Math.max(0, utc - down) / 1000;
  demand.afterOutage(utc, seconds);
  const details = { down: timeText(from / 1000), seconds: Math.round(seconds), live: phasesOf(live) };
  log.add("powerOutage", "power outage", automatic, details);
  // A change in between is not told by the profile, whose record says when power failed and when it was back.
  if (clock.zone.saving(down) !== clock.zone.saving(utc)) logTimeChange(log, "daylight saving", automatic, [from, to]);
  // Hours and days that ended: the first with what had come of it, any more with nothing.
  for (const [storage, ms] of [["previousHour", HOUR_MS] as const, ["previousDay", DAY_MS] as const]) {
    const ended = Math.floor(to / ms) - Math.floor(from / ms);
    for (let k = 0; k < Math.min(2, ended); k++) registers.period(storage);
  }
  return seconds;
}
