/**
 * Test pulses of the LED and of the optical port: one for every Kt of energy at the meter's terminals, whichever way it flows. In
 * test mode the optical port follows a test register. While somebody talks on that port it gives none, and none later for the energy of
 * that time.
 */
import type { TestPulseSettings } from "#revenue/settings/configuration.ts";
import type { IoContext } from "./digital-io.ts";
import { energies, type EnergyQuantity, type Measure } from "#quantity/measure.ts";
import { namedState } from "#meter/named-state.ts";
import type { Integral, Integrals } from "#revenue/measuring/integrals.ts";

/** Energy of which pulses were given, pulses given, and what they are of: 1 and so on by the list of energies, 0 of a test register. */
const PulseState = namedState("energy", "given", "of");

interface Followed {
  readonly measure: Measure;
  /** The configured weight unless said. */
  readonly kt?: number | undefined;
}

interface Output {
  readonly measure: Measure;
  readonly kt: number;
  readonly isHeld: () => boolean;
}

class PulseOutput {
  readonly #isHeld: () => boolean;
  readonly #integrals: Integrals;
  readonly #configured: { readonly measure: Measure; readonly kt: number };
  #kt: number;
  #energy: Integral;
  readonly #state: InstanceType<typeof PulseState>;
  /** What the state says of the configured measure. */
  readonly #known: number;

  constructor({ measure, kt, isHeld }: Output, integrals: Integrals, run: Float64Array) {
    this.#isHeld = isHeld;
    this.#integrals = integrals;
    this.#configured = { measure, kt };
    this.#kt = kt;
    this.#energy = integrals.of(measure);
    const state = new PulseState(run);
    this.#state = state;
    this.#known = 1 + energies.indexOf(measure.quantity as EnergyQuantity);
    if (state.of === this.#known) return;
    // What was measured before it gave pulses of this is none of theirs: the process may have ended while it followed another one.
    state.energy = this.#energy.value;
    state.of = this.#known;
  }

  /** Pulses given so far. */
  get count(): number {
    return this.#state.given;
  }

  /** Goes on with another measure and weight, or with the configured ones. */
  follow(followed: Followed = this.#configured): void {
    this.update();
    const { measure, kt = this.#configured.kt } = followed;
    this.#state.of = followed === this.#configured ? this.#known : 0;
    this.#energy = this.#integrals.of(measure);
    this.#kt = kt;
    this.#state.energy = this.#energy.value;
  }

  /** Gives the pulses that are due; what is left over carries on. */
  update(): void {
    if (this.#isHeld()) {
      this.#state.energy = this.#energy.value;
      return;
    }
    const due = Math.floor((this.#energy.value - this.#state.energy) / this.#kt + 1e-9);
    if (due <= 0) return;
    this.#state.energy += due * this.#kt;
    this.#state.given += due;
  }
}

export class TestPulses {
  readonly led: PulseOutput;
  readonly optical: PulseOutput;

  constructor({ led, optical, kt }: TestPulseSettings, { integrals, memory, opticalTalks }: IoContext) {
    const make = (quantity: "Wh" | "varh", name: string, isHeld: () => boolean): PulseOutput => {
      const measure = { quantity, phase: "polyphase", direction: "absolute", compensated: false } as const;
      return new PulseOutput({ measure, kt, isHeld }, integrals, memory(`testPulse.${name}`, PulseState.size));
    };
    this.led = make(led, "led", () => false);
    this.optical = make(optical, "optical", opticalTalks ?? (() => false));
  }

  update(): void {
    this.led.update();
    this.optical.update();
  }
}
