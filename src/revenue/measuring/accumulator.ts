/**
 * An integral that grows only while it is active: the energy of a tariff, of normal operation, of a test. Turning it on and
 * off moves a mark; the integral itself goes on.
 */
import { namedState } from "#meter/named-state.ts";
import type { Integral } from "./integrals.ts";

/** What came before it was turned on last, where the integral stood then, and whether it is on. */
const AccumulatorState = namedState("kept", "mark", "on");
export const ACCUMULATOR_STATE = AccumulatorState.size;

export class Accumulator {
  readonly #integral: Integral;
  readonly #state: InstanceType<typeof AccumulatorState>;

  constructor(integral: Integral, run: Float64Array) {
    this.#integral = integral;
    this.#state = new AccumulatorState(run);
  }

  get value(): number {
    const { kept, mark, on } = this.#state;
    return on === 1 ? kept + (this.#integral.value - mark) : kept;
  }

  /** Goes on from `value`. */
  preset(value: number): void {
    this.#state.kept = value;
    this.#state.mark = this.#integral.value;
  }

  turn(on: boolean): void {
    if (on === (this.#state.on === 1)) return;
    if (on) this.#state.mark = this.#integral.value;
    else this.#state.kept = this.value;
    this.#state.on = on ? 1 : 0;
  }
}
