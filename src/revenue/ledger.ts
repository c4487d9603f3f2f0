/** What is billed: registers, when demands and the hours and days that registers keep end, billing periods, freezes and presets. */
import { MINUTE_MS } from "#clock/local-time.ts";
import type { DemandInterval } from "#quantity/demand-interval.ts";
import { DEMAND_STATE, DemandTiming } from "#revenue/registers/demand-timing.ts";
import { PERIOD_STATE, Periods } from "#revenue/registers/periods.ts";
import { Registers, type RegistersContext } from "#revenue/registers/registers.ts";
import type { DemandSettings } from "#revenue/settings/configuration.ts";
import type { RevenueClock } from "#revenue/time/revenue-clock.ts";
import { Billing, BILLING_STATE } from "./billing.ts";
import type { Integrals } from "#revenue/measuring/integrals.ts";
import type { MeterMemory } from "./meter-memory.ts";
import type { Recorder } from "./recorder.ts";
import type { RevenueMeterOptions } from "./revenue-options.ts";

export interface LedgerContext {
  readonly memory: MeterMemory;
  readonly integrals: Integrals;
  readonly clock: RevenueClock;
  readonly recorder: Recorder;
  /** Milliseconds that the meter has been there for. */
  readonly age: () => number;
  /** Works off what was measured so far. */
  readonly settle: () => void;
  readonly quality: RegistersContext["quality"];
  readonly communicated: RegistersContext["communicated"];
  /** What registers show that are no measurements. */
  readonly item: RegistersContext["item"];
  /** A demand sub-interval has ended; with it an interval, or not. */
  readonly closed: (interval: boolean) => void;
}

export class Ledger {
  readonly registers: Registers;
  readonly demand: DemandTiming;
  readonly periods: Periods;
  readonly billing: Billing;
  readonly #settings: DemandSettings;
  readonly #utc: () => number;

  constructor({ store, configuration, standing = [] }: RevenueMeterOptions, context: LedgerContext) {
    const { memory, integrals, clock, recorder, age, settle, quality, communicated, item, closed } = context;
    const { pt, ct } = configuration.primary;
    this.registers = new Registers(configuration.registers, {
      integrals,
      memory: memory.run,
      utc: () => clock.utc,
      stamp: (at) => clock.stamp(at),
      pt,
      ct,
      store,
      isCut: (storage) => this.periods.isCut(storage),
      demand: () => configuration.demand,
      quality,
      communicated,
      standing,
      item,
    });
    const { registers } = this;
    const state = memory.run("deferred", DEMAND_STATE);
    const settings = configuration.demand;
    this.#settings = settings;
    this.#utc = () => clock.utc;
    this.demand = new DemandTiming({ registers, settings, zone: clock.zone, state, age, closed });
    this.periods = new Periods(registers, clock.zone, memory.run("periods", PERIOD_STATE, NaN));
    this.billing = new Billing({
      configuration,
      registers,
      recorder,
      clock,
      age,
      settle,
      state: memory.run("billing", BILLING_STATE, NaN),
    });
  }

  /** The demand interval that runs, of a meter that has registers of demand. */
  demandInterval(isTesting: boolean): DemandInterval | undefined {
    const measures = this.registers.demands();
    if (measures.length === 0) return undefined;
    const { externalSync, subIntervals, subIntervalMinutes } = this.#settings;
    return {
      subIntervals,
      subIntervalMs: externalSync ? undefined : subIntervalMinutes * MINUTE_MS,
      elapsedMs: this.demand.elapsedMs(this.#utc()),
      whole: Math.min(...measures.map(({ whole }) => whole)),
      goesOnAt: "mean",
      unforeseen: isTesting ? "testMode" : this.demand.hindered,
      measures: measures.map(({ measure, before, running }) => ({ measure, before, running })),
    };
  }

  /** Nobody saw the time from `from` to `to`, for so many seconds. */
  outage(from: number, to: number, seconds: number): void {
    this.demand.afterOutage(seconds);
    this.periods.set(from, to);
  }
}
