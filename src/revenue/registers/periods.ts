/**
 * Hours and days of the wall clock, whose energies registers keep ("previous hour", "previous day"). Every one is of an hour and a
 * day at most: what a clock that was set back shows twice counts once, the first time.
 */
import { DAY_MS, type LocalTime } from "#clock/local-time.ts";
import { namedState } from "#meter/named-state.ts";
import type { Registers } from "./registers.ts";

type Period = "previousHour" | "previousDay";

/**
 * Instant up to which hours and days have been counted; whether counting rests until the clock is there again; whether something
 * cut the hour and the day that run, and those that are kept.
 */
const PeriodState = namedState("counted", "resting", "hourCut", "dayCut", "lastHourCut", "lastDayCut");
export const PERIOD_STATE = PeriodState.size;

export class Periods {
  readonly #registers: Registers;
  readonly #zone: LocalTime;
  readonly #state: InstanceType<typeof PeriodState>;
  /** The next instant of UTC at which an hour or a day ends, or counting goes on. */
  next = Infinity;

  /** `run` is non-volatile, NaN at first. */
  constructor(registers: Registers, zone: LocalTime, run: Float64Array) {
    this.#registers = registers;
    this.#zone = zone;
    this.#state = new PeriodState(run);
  }

  /** Whether the hour, or the day, that is kept was cut: by an outage, a time set, or because the meter began in it. */
  isCut(period: Period): boolean {
    return (period === "previousHour" ? this.#state.lastHourCut : this.#state.lastDayCut) === 1;
  }

  /** Goes on from an instant; of a meter that has just begun, or whose registers have, the running hour and day are cut. */
  begin(utc: number, anew: boolean): void {
    const state = this.#state;
    if (anew || Number.isNaN(state.counted)) {
      Object.assign(state, { counted: utc, resting: 0, hourCut: 1, dayCut: 1, lastHourCut: 0, lastDayCut: 0 });
    }
    this.#plan();
  }

  #plan(): void {
    const { counted, resting } = this.#state;
    this.next = resting === 1 ? counted : Math.min(this.#zone.nextHour(counted), this.#zone.nextMidnight(counted));
  }

  /** The clock shows this instant: ends the hours and days that are over. */
  reach(utc: number): void {
    const state = this.#state;
    if (utc < state.counted) return;
    if (state.resting === 1) {
      this.#registers.resumePeriods();
      state.resting = 0;
    }
    this.#end("previousHour", (from) => this.#zone.nextHour(from), utc);
    this.#end("previousDay", (from) => this.#zone.nextMidnight(from), utc);
    state.counted = utc;
    this.#plan();
  }

  /** The first that ended has what came of it; of those after it, which nobody measured, the last is kept: nothing. */
  #end(period: Period, after: (utc: number) => number, utc: number): void {
    const first = after(this.#state.counted);
    if (first > utc) return;
    this.#keep(period, first < utc);
    if (after(first) <= utc) this.#keep(period, true);
  }

  #keep(period: Period, cut: boolean): void {
    const state = this.#state;
    this.#registers.period(period);
    if (period === "previousHour")
      [state.lastHourCut, state.hourCut] = [state.hourCut === 1 || cut ? 1 : 0, cut ? 1 : 0];
    else [state.lastDayCut, state.dayCut] = [state.dayCut === 1 || cut ? 1 : 0, cut ? 1 : 0];
  }

  /** The clock was set, or nobody saw the time from `from` to `to`. */
  set(from: number, to: number): void {
    const state = this.#state;
    state.hourCut = 1;
    state.dayCut = 1;
    // What ended until then has been kept.
    if (state.resting === 0 && from > state.counted) state.counted = from;
    if (to >= state.counted) return this.reach(to);
    if (to <= state.counted - DAY_MS) {
      // What ran was of days that are to come again.
      this.#registers.beginPeriods();
      state.counted = to;
      state.resting = 0;
    } else if (state.resting === 0) {
      this.#registers.pausePeriods();
      state.resting = 1;
    }
    this.#plan();
  }
}
