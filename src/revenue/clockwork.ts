/**
 * What happens when the clock comes to an instant: demand sub-intervals and profile intervals, schedules, rates and seasons, hours
 * and days end; and what becomes of them when the clock is set, or nobody saw the time go by.
 */
import { automatic } from "#revenue/events/event-log.ts";
import { Schedules, SCHEDULE_STATE } from "#revenue/time/schedule.ts";
import type { RevenueClock } from "#revenue/time/revenue-clock.ts";
import type { Ledger } from "./ledger.ts";
import type { MeterMemory } from "./meter-memory.ts";
import type { Recorder } from "./recorder.ts";
import type { RevenueMeterOptions } from "./revenue-options.ts";
import type { TerminalSide } from "./terminal-side.ts";
import { SEASON_STATE, Tariffs } from "./tariffs.ts";

export interface ClockworkParts {
  readonly memory: MeterMemory;
  readonly clock: RevenueClock;
  readonly recorder: Recorder;
  readonly ledger: Ledger;
  readonly terminal: TerminalSide;
}

export class Clockwork {
  readonly clock: RevenueClock;
  readonly tariffs: Tariffs;
  readonly #parts: ClockworkParts;
  readonly #schedules: Schedules;
  /** The next change of daylight saving, UTC. */
  #change: number;

  constructor({ configuration }: RevenueMeterOptions, parts: ClockworkParts) {
    const { memory, clock, recorder, ledger, terminal } = parts;
    const { registers, billing } = ledger;
    this.clock = clock;
    this.#parts = parts;
    const state = memory.run("season", SEASON_STATE, NaN);
    this.tariffs = new Tariffs({ clock, registers, periphery: terminal.periphery, log: recorder.log, state });
    const { timekeeping, selfRead } = configuration;
    this.#schedules = new Schedules(
      [
        { schedule: timekeeping.freeze, run: () => billing.freeze(automatic) },
        { schedule: selfRead, run: () => billing.selfRead() },
        { schedule: timekeeping.billingReset, run: () => void billing.reset(automatic) },
      ],
      clock.zone,
      memory.run("schedules", SCHEDULE_STATE, NaN),
    );
    this.#change = clock.zone.nextChange(clock.utc) ?? Infinity;
    recorder.status.condition("daylightSaving", clock.zone.saving(clock.utc));
  }

  /** Goes on from now on the memory of the meter before; `anew` where registers begin at zero. */
  begin(anew: boolean): void {
    const { utc } = this.clock;
    this.#schedules.begin(utc);
    this.#parts.ledger.periods.begin(utc, anew);
    this.tariffs.follow();
  }

  /** The next instant of UTC at which there may be something to do. */
  next(powered: boolean): number {
    const { nextMinute } = this.clock;
    if (!powered) return nextMinute;
    const { ledger, recorder } = this.#parts;
    return Math.min(nextMinute, ledger.periods.next, recorder.measurementLog.next(this.clock.utc));
  }

  /** The clock shows this instant; without power only the clock itself goes on. */
  reach(utc: number, powered: boolean): void {
    const { clock } = this;
    const { recorder, ledger } = this.#parts;
    if (powered && utc % 60_000 === 0) this.#minute(utc);
    if (powered) recorder.measurementLog.reach(utc);
    if (powered && utc >= ledger.periods.next) ledger.periods.reach(utc);
    if (utc >= this.tariffs.next) this.tariffs.follow();
    if (utc < this.#change) return;
    this.#change = clock.zone.nextChange(utc) ?? Infinity;
    recorder.status.condition("daylightSaving", clock.zone.saving(utc));
    if (powered) recorder.logTimeChange("daylight saving", automatic, [clock.endStamp(utc), clock.stamp(utc)]);
  }

  #minute(utc: number): void {
    const { recorder, ledger, terminal } = this.#parts;
    // The interval that ends belongs to the billing period that ends with it.
    ledger.demand.minute(utc);
    if (utc >= this.#schedules.next) this.#schedules.reach(utc);
    if (recorder.minute(utc)) terminal.periphery.interval();
    // By the wall clock as it was until now: a change of daylight saving comes after what ends with it.
    terminal.periphery.minute(this.clock.zone.local(utc - 1) + 1);
  }

  /** A demand sub-interval has ended; with it an interval, or not. */
  closed(interval: boolean): void {
    this.#parts.terminal.periphery.subInterval(this.clock.time.elapsed);
    this.#schedules.closed(interval);
  }

  /** The clock has been set from one instant to another. */
  set(from: number, to: number): void {
    const { recorder, ledger } = this.#parts;
    this.#moved();
    recorder.moved();
    ledger.periods.set(from, to);
    this.tariffs.follow();
    this.#schedules.set(from, to);
  }

  /** Power is back after it failed at `down` (UTC); the inputs of the bits in `live` were live then. */
  outage(down: number, live: number, seconds: number): void {
    const { recorder, ledger } = this.#parts;
    const { utc } = this.clock;
    this.#moved();
    recorder.outage(down, live, seconds);
    ledger.outage(down, utc, seconds);
    this.tariffs.follow();
    this.#schedules.skipped(down, utc);
  }

  #moved(): void {
    const { zone, utc } = this.clock;
    this.#change = zone.nextChange(utc) ?? Infinity;
    this.#parts.recorder.status.condition("daylightSaving", zone.saving(utc));
  }
}
