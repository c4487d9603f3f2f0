/** When demand sub-intervals end: on multiples of their length from midnight of standard time, or when something cuts them. */
import { DAY_MS, MINUTE_MS, type LocalTime } from "#clock/local-time.ts";
import { namedState } from "#meter/named-state.ts";
import type { DemandSettings } from "#revenue/settings/configuration.ts";
import type { Registers } from "./registers.ts";

/** Age of the meter until which demands are deferred, ms; sub-intervals that were synchronised; the running one is whole so far. */
const DemandState = namedState("deferredUntil", "synchronised", "whole");
export const DEMAND_STATE = DemandState.size;

export interface DemandTimingContext {
  readonly registers: Registers;
  readonly settings: DemandSettings;
  readonly zone: Pick<LocalTime, "standard">;
  /** Non-volatile. */
  readonly state: Float64Array;
  /** Milliseconds that the meter has been there for: no setting of its clock moves them. */
  readonly age: () => number;
  /** A sub-interval has ended; with it an interval, or not. */
  readonly closed: (interval: boolean) => void;
}

export class DemandTiming {
  readonly #context: DemandTimingContext;
  readonly #state: InstanceType<typeof DemandState>;

  constructor(context: DemandTimingContext) {
    this.#context = context;
    this.#state = new DemandState(context.state);
  }

  /** What happens on a whole minute of UTC. */
  minute(utc: number): void {
    const { externalSync, subIntervalMinutes, subIntervals } = this.#context.settings;
    if (externalSync) return;
    const minutes = Math.round((this.#context.zone.standard(utc) % DAY_MS) / MINUTE_MS);
    if (minutes % subIntervalMinutes !== 0) return;
    this.#end(minutes % (subIntervalMinutes * subIntervals) === 0);
  }

  /** An interval sync input has closed. */
  sync(): void {
    const { externalSync, subIntervals } = this.#context.settings;
    if (!externalSync) return;
    this.#state.synchronised = (this.#state.synchronised + 1) % subIntervals;
    this.#end(this.#state.synchronised === 0);
  }

  #end(interval: boolean): void {
    const { registers, age, closed } = this.#context;
    registers.subInterval(this.#state.whole === 1, age() <= this.#state.deferredUntil);
    this.#state.whole = 1;
    closed(interval);
  }

  /** Milliseconds of the running sub-interval that are over; by inputs nobody knows. */
  elapsedMs(utc: number): number {
    const { externalSync, subIntervalMinutes } = this.#context.settings;
    return externalSync ? 0 : (this.#context.zone.standard(utc) % DAY_MS) % (subIntervalMinutes * MINUTE_MS);
  }

  /** What the running sub-interval says nothing of a demand for. */
  get hindered(): "cut" | "deferred" | undefined {
    if (this.#state.whole !== 1) return "cut";
    return this.#context.age() <= this.#state.deferredUntil ? "deferred" : undefined;
  }

  /** The clock was set, the supply failed, demand is another: what is running says nothing of a demand. */
  cut(): void {
    this.#context.registers.subInterval(false, false);
    this.#state.whole = 0;
  }

  /** After an outage that was long enough demands wait. */
  afterOutage(seconds: number): void {
    this.cut();
    const { deferAfterOutageSeconds, deferSeconds } = this.#context.settings;
    if (seconds >= deferAfterOutageSeconds) this.#state.deferredUntil = this.#context.age() + 1000 * deferSeconds;
  }
}
