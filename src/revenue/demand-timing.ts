/** When demand sub-intervals end: on multiples of their length in local time, or when something cuts them. */
import { MINUTE_MS } from "#clock/local-time.ts";
import type { DemandSettings } from "./configuration.ts";
import type { Registers } from "./registers.ts";

export class DemandTiming {
  readonly #registers: Registers;
  readonly #settings: DemandSettings;
  /** [UTC until which demands are deferred]. */
  readonly #state: Float64Array;
  /** The running sub-interval began on its boundary. */
  #whole = false;

  constructor(registers: Registers, settings: DemandSettings, state: Float64Array) {
    this.#registers = registers;
    this.#settings = settings;
    this.#state = state;
  }

  /** What happens on a whole minute. */
  minute(local: number, utc: number): void {
    if (this.#settings.externalSync || local % (this.#settings.subIntervalMinutes * MINUTE_MS) !== 0) return;
    this.#end(utc);
  }

  /** An interval sync input has closed. */
  sync(utc: number): void {
    if (this.#settings.externalSync) this.#end(utc);
  }

  #end(utc: number): void {
    this.#registers.subInterval(this.#whole, utc <= (this.#state[0] ?? 0));
    this.#whole = true;
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
