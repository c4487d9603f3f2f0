/**
 * Test pulses of the LED and of the optical port: one for every Kt of energy at the meter's terminals, whichever way it flows. In
 * test mode the optical port follows a test register.
 */
import type { TestPulseSettings } from "./configuration.ts";
import type { IoContext } from "./digital-io.ts";
import { columnsOf, sumOf, worthOf, type Measure } from "./measure.ts";

class PulseOutput {
  readonly #total: Float64Array;
  readonly #kt: number;
  readonly #configured: Measure;
  #measure: Measure;
  /** [energy of which pulses were given, pulses given]. */
  readonly #state: Float64Array;

  constructor(measure: Measure, kt: number, total: Float64Array, state: Float64Array) {
    this.#total = total;
    this.#kt = kt;
    this.#configured = this.#measure = measure;
    this.#state = state;
  }

  get #energy(): number {
    return sumOf(columnsOf(this.#measure), this.#total) * worthOf(this.#measure.quantity);
  }

  /** Pulses given so far. */
  get count(): number {
    return this.#state[1] ?? 0;
  }

  /** Goes on with another measure, or with the configured one. */
  follow(measure = this.#configured): void {
    this.update();
    this.#measure = measure;
    this.#state[0] = this.#energy;
  }

  /** Gives the pulses that are due; what is left over carries on. */
  update(): void {
    const due = Math.floor((this.#energy - (this.#state[0] ?? 0)) / this.#kt + 1e-9);
    if (due <= 0) return;
    this.#state[0] = (this.#state[0] ?? 0) + due * this.#kt;
    this.#state[1] = this.count + due;
  }
}

export class TestPulses {
  readonly led: PulseOutput;
  readonly optical: PulseOutput;

  constructor({ led, optical, kt }: TestPulseSettings, { total, memory }: IoContext) {
    const make = (quantity: "Wh" | "varh", name: string): PulseOutput => {
      const measure = { quantity, phase: "polyphase", direction: "absolute", compensated: false } as const;
      return new PulseOutput(measure, kt, total, memory(`testPulse.${name}`, 2));
    };
    this.led = make(led, "led");
    this.optical = make(optical, "optical");
  }

  update(): void {
    this.led.update();
    this.optical.update();
  }
}
