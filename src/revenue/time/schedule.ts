/**
 * What happens by itself at set times: freezes, self reads, billing period resets. Each is done once for every time it is due:
 * once when several times have gone by without power, and not again when the clock shows the same time twice.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS, weekdayOf } from "#clock/local-time.ts";
import { wallTimeOf } from "#clock/meter-clock.ts";
import type { Schedule } from "#revenue/settings/configuration.ts";

/** Whether a schedule is due at this whole minute of local time. */
export function isDue({ every, minute, day }: Schedule, local: number): boolean {
  if (every === "hour") return Math.floor((local % HOUR_MS) / MINUTE_MS) === minute;
  if (!["day", "week", "month"].includes(every) || Math.floor((local % DAY_MS) / MINUTE_MS) !== minute) return false;
  if (every === "day") return true;
  if (every === "week") return weekdayOf(local) === day;
  // A month that is too short has its day at its end.
  const today = wallTimeOf(local).day;
  return today === day || (today < day && wallTimeOf(local + DAY_MS).day === 1);
}

/** Whether a schedule was due after `from`, and not after `to`. */
function wasDue(schedule: Schedule, from: number, to: number): boolean {
  if (schedule.every === "hour") {
    const first = Math.floor(from / HOUR_MS) * HOUR_MS + schedule.minute * MINUTE_MS;
    return (first > from ? first : first + HOUR_MS) <= to;
  }
  for (let day = Math.floor(from / DAY_MS) * DAY_MS; day <= to; day += DAY_MS) {
    const at = day + schedule.minute * MINUTE_MS;
    if (at > from && at <= to && isDue(schedule, at)) return true;
  }
  return false;
}

export interface Scheduled {
  readonly schedule: Schedule;
  readonly run: () => void;
}

export class Schedules {
  readonly #all: readonly Scheduled[];
  /** [local time up to which everything has been done]. */
  readonly #state: Float64Array;

  constructor(all: readonly Scheduled[], state: Float64Array) {
    this.#all = all;
    this.#state = state;
  }

  /** A whole minute of local time. */
  minute(local: number): void {
    if (local <= (this.#state[0] ?? 0)) return;
    this.#state[0] = local;
    for (const { schedule, run } of this.#all) if (isDue(schedule, local)) run();
  }

  /** A demand sub-interval has ended; with it an interval, or not. */
  closed(whole: boolean): void {
    for (const { schedule, run } of this.#all) {
      if (schedule.every === "subInterval" || (whole && schedule.every === "interval")) run();
    }
  }

  /** Nobody saw the time from `from` to `to`. */
  skipped(from: number, to: number): void {
    // A clock that is further back than it was has skipped nothing.
    if (to < from) return this.set(from, to);
    const since = Math.max(from, this.#state[0] ?? 0);
    this.#state[0] = Math.max(to, this.#state[0] ?? 0);
    for (const { schedule, run } of this.#all) if (wasDue(schedule, since, to)) run();
  }

  /** The clock was set: what it jumps over by less than a day is done, what it goes back over by less is not done again. */
  set(from: number, to: number): void {
    if (Math.abs(to - from) >= DAY_MS) this.#state[0] = to;
    else if (to > from) this.skipped(from, to);
  }
}
