/**
 * An integral that grows only while it is active: the energy of a tariff, of normal operation, of a test. Turning it on and
 * off moves a mark; the integral itself goes on.
 */
import { namedState } from "#meter/named-state.ts";
import type { Measure } from "#quantity/measure.ts";
import { columnsOf, sumOf, worthOf, type Columns } from "./columns.ts";

/** What came before it was turned on last, where the integral stood then, and whether it is on. */
const AccumulatorState = namedState("kept", "mark", "on");
export const ACCUMULATOR_STATE = AccumulatorState.size;

export class Accumulator {
  readonly #columns: Columns;
  readonly #worth: number;
  readonly #total: Float64Array;
  readonly #state: InstanceType<typeof AccumulatorState>;

  constructor(measure: Measure, total: Float64Array, run: Float64Array) {
    this.#columns = columnsOf(measure);
    this.#worth = worthOf(measure.quantity);
    this.#total = total;
    this.#state = new AccumulatorState(run);
  }

  #integral(): number {
    return sumOf(this.#columns, this.#total) * this.#worth;
  }

  get value(): number {
    const { kept, mark, on } = this.#state;
    return on === 1 ? kept + (this.#integral() - mark) : kept;
  }

  /** Goes on from `value`. */
  preset(value: number): void {
    this.#state.kept = value;
    this.#state.mark = this.#integral();
  }

  turn(on: boolean): void {
    if (on === (this.#state.on === 1)) return;
    if (on) this.#state.mark = this.#integral();
    else this.#state.kept = this.value;
    this.#state.on = on ? 1 : 0;
  }
}
