/** When demand sub-intervals end: on multiples of their length in local time, or when something cuts them. */
import { MINUTE_MS } from "#clock/local-time.ts";
import type { DemandSettings } from "#revenue/settings/configuration.ts";
import type { Registers } from "./registers.ts";

export class DemandTiming {
  readonly #registers: Registers;
  readonly #settings: DemandSettings;
  /** [UTC until which demands are deferred, sub-intervals that have been synchronised]. */
  readonly #state: Float64Array;
  /** A sub-interval has ended; with it an interval, or not. */
  readonly #closed: (interval: boolean) => void;
  /** The running sub-interval began on its boundary. */
  #whole = false;

  constructor(
    registers: Registers,
    settings: DemandSettings,
    state: Float64Array,
    closed: (interval: boolean) => void,
  ) {
    this.#registers = registers;
    this.#settings = settings;
    this.#state = state;
    this.#closed = closed;
  }

  /** What happens on a whole minute. */
  minute(local: number, utc: number): void {
    const { externalSync, subIntervalMinutes, subIntervals } = this.#settings;
    const minutes = Math.round(local / MINUTE_MS);
    if (externalSync || minutes % subIntervalMinutes !== 0) return;
    this.#end(utc, minutes % (subIntervalMinutes * subIntervals) === 0);
  }

  /** An interval sync input has closed. */
  sync(utc: number): void {
    if (!this.#settings.externalSync) return;
    this.#state[1] = ((this.#state[1] ?? 0) + 1) % this.#settings.subIntervals;
    this.#end(utc, this.#state[1] === 0);
  }

  #end(utc: number, interval: boolean): void {
    this.#registers.subInterval(this.#whole, utc <= (this.#state[0] ?? 0));
    this.#whole = true;
    this.#closed(interval);
  }

  /** The clock was set, or the supply failed: what is running says nothing of a demand. */
  cut(): void {
    this.#registers.subInterval(false, false);
    this.#whole = false;
  }

  /** After an outage that was long enough demands wait. */
  afterOutage(utc: number, seconds: number): void {
    this.cut();
    const { deferAfterOutageSeconds, deferSeconds } = this.#settings;
    if (seconds >= deferAfterOutageSeconds) this.#state[0] = utc + 1000 * deferSeconds;
  }
}
