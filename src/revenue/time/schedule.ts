/**
 * What happens by itself at set times of the wall clock: freezes, self reads, billing period resets. Each time is kept as an
 * instant of UTC, and done once: late when nobody saw it (without power, by a clock that was set over it), and not again when a
 * clock that was set back shows it twice.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS, weekdayOf, type LocalTime } from "#clock/local-time.ts";
import { wallTimeOf } from "#clock/meter-clock.ts";
import { namedState } from "#meter/named-state.ts";
import type { Schedule } from "#revenue/settings/configuration.ts";

/** Whether a schedule of days, weeks or months is due on the day that begins at this midnight of local time. */
function isDay({ every, day }: Schedule, midnight: number): boolean {
  if (every === "day") return true;
  if (every === "week") return weekdayOf(midnight) === day;
  // A month that is too short has its day at its end.
  const today = wallTimeOf(midnight).day;
  return today === day || (today < day && wallTimeOf(midnight + DAY_MS).day === 1);
}

/** The next instant after `after` at which the wall clock shows this minute of an hour; a change shows what it leads to. */
function nextOfHour(minute: number, zone: LocalTime, after: number): number {
  for (let from = after; ;) {
    const local = zone.local(from);
    const begun = Math.floor(local / HOUR_MS) * HOUR_MS + minute * MINUTE_MS;
    const next = from + (begun > local ? begun : begun + HOUR_MS) - local;
    const change = zone.nextChange(from) ?? Infinity;
    if (next < change) return next;
    if (Math.floor((zone.local(change) % HOUR_MS) / MINUTE_MS) === minute) return change;
    from = change;
  }
}

/** The next instant of UTC after `after` at which a schedule is due; Infinity for what follows something else than the clock. */
export function nextDue(schedule: Schedule, zone: LocalTime, after: number): number {
  const { every, minute } = schedule;
  if (every === "hour") return nextOfHour(minute, zone, after);
  if (every !== "day" && every !== "week" && every !== "month") return Infinity;
  // From the day before: clocks that have gone back over midnight may have shown this day already.
  for (let day = Math.floor(zone.local(after) / DAY_MS) - 1; ; day++) {
    if (!isDay(schedule, day * DAY_MS)) continue;
    const at = zone.utcOf(day * DAY_MS + minute * MINUTE_MS);
    if (at > after) return at;
  }
}

export interface Scheduled {
  readonly schedule: Schedule;
  readonly run: () => void;
}

/** Instant of UTC up to which everything has been done. */
const ScheduleState = namedState("done");
export const SCHEDULE_STATE = ScheduleState.size;

export class Schedules {
  readonly #all: readonly Scheduled[];
  readonly #zone: LocalTime;
  readonly #state: InstanceType<typeof ScheduleState>;
  readonly #due: number[] = [];
  /** The next instant of UTC at which something is due. */
  next = Infinity;

  /** `run` is non-volatile, NaN at first. */
  constructor(all: readonly Scheduled[], zone: LocalTime, run: Float64Array) {
    this.#all = all;
    this.#zone = zone;
    this.#state = new ScheduleState(run);
  }

  /** Goes on from an instant: what was due before it, and was not done, is not. */
  begin(utc: number): void {
    const { done } = this.#state;
    this.#state.done = Number.isNaN(done) ? utc : Math.max(done, utc);
    this.#plan();
  }

  #plan(): void {
    this.#all.forEach(({ schedule }, k) => (this.#due[k] = nextDue(schedule, this.#zone, this.#state.done)));
    this.next = Math.min(Infinity, ...this.#due);
  }

  /** The clock shows this instant: does what is due. */
  reach(utc: number): void {
    if (!(utc > this.#state.done)) return;
    const due = this.#all.filter((_, k) => (this.#due[k] ?? Infinity) <= utc);
    this.#state.done = utc;
    this.#plan();
    for (const { run } of due) run();
  }

  /** A demand sub-interval has ended; with it an interval, or not. */
  closed(whole: boolean): void {
    for (const { schedule, run } of this.#all) {
      if (schedule.every === "subInterval" || (whole && schedule.every === "interval")) run();
    }
  }

  /** Nobody saw the time from `from` to `to`; a clock that is further back than it was has skipped nothing. */
  skipped(from: number, to: number): void {
    this.begin(from);
    if (to < from) this.set(from, to);
    else this.reach(to);
  }

  /** The clock was set: what it jumps over by less than a day is done, what it goes back over by less is not done again. */
  set(from: number, to: number): void {
    if (Math.abs(to - from) >= DAY_MS) {
      this.#state.done = to;
      this.#plan();
    } else this.reach(to);
  }
}
