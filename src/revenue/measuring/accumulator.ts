/**
 * An integral that grows only while it is active: the energy of a tariff, of normal operation, of a test. Turning it on and
 * off moves a mark; the integral itself goes on.
 */
import type { Measure } from "#quantity/measure.ts";
import { columnsOf, sumOf, worthOf, type Columns } from "./columns.ts";

/** [kept from earlier, where the integral stood when it was turned on, whether it is on]. */
export const ACCUMULATOR_STATE = 3;

export class Accumulator {
  readonly #columns: Columns;
  readonly #worth: number;
  readonly #total: Float64Array;
  readonly #state: Float64Array;

  constructor(measure: Measure, total: Float64Array, state: Float64Array) {
    this.#columns = columnsOf(measure);
    this.#worth = worthOf(measure.quantity);
    this.#total = total;
    this.#state = state;
  }

  #integral(): number {
    return sumOf(this.#columns, this.#total) * this.#worth;
  }

  get value(): number {
    const [kept = 0, mark = 0, on = 0] = this.#state;
    return on === 1 ? kept + (this.#integral() - mark) : kept;
  }

  /** Goes on from `value`. */
  preset(value: number): void {
    this.#state[0] = value;
    this.#state[1] = this.#integral();
  }

  turn(on: boolean): void {
    if (on === (this.#state[2] === 1)) return;
    if (on) this.#state[1] = this.#integral();
    else this.#state[0] = this.value;
    this.#state[2] = on ? 1 : 0;
  }
}
