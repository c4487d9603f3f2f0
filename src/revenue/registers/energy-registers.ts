/** Registers of energies and of levels: consumption, instantaneous values, extremes and averages, average power factor. */
import { Accumulator, ACCUMULATOR_STATE } from "#revenue/measuring/accumulator.ts";
import type { MeasuredRegister } from "#revenue/settings/configuration.ts";
import type { Measure } from "#quantity/measure.ts";
import { columnsOf, sumOf, type Columns } from "#revenue/measuring/columns.ts";
import { RunningRegister, type RegisterContext } from "./running-register.ts";
import type { Window } from "#revenue/measuring/window.ts";

export class Consumption extends RunningRegister {
  readonly #energy: Accumulator;

  constructor(measure: Measure, { total, memory }: RegisterContext) {
    super();
    this.#energy = new Accumulator(measure, total, memory(ACCUMULATOR_STATE));
  }

  get working(): number {
    return this.#energy.value;
  }

  override turn(on: boolean): void {
    this.#energy.turn(on);
  }

  override preset(value: number): void {
    this.#energy.preset(value);
  }
}

export class Instantaneous extends RunningRegister {
  readonly #columns: Columns;
  #now = 0;

  constructor(measure: Measure) {
    super();
    this.#columns = columnsOf(measure);
  }

  get working(): number {
    return this.#now;
  }

  override window({ average }: Window): void {
    this.#now = sumOf(this.#columns, average);
  }
}

/** The smallest, the largest, or the average of a billing period: [value or sum, seconds]. */
export class Extreme extends RunningRegister {
  readonly #columns: Columns;
  readonly #state: Float64Array;
  readonly #kind: "minimum" | "maximum" | "average";

  constructor(measure: Measure, kind: "minimum" | "maximum" | "average", { memory }: RegisterContext) {
    super();
    this.#columns = columnsOf(measure);
    this.#state = memory(2);
    this.#kind = kind;
  }

  get working(): number {
    const [value = 0, seconds = 0] = this.#state;
    return this.#kind === "average" && seconds > 0 ? value / seconds : value;
  }

  override window({ average, seconds }: Window, on: boolean): void {
    if (!on) return;
    const now = sumOf(this.#columns, average);
    const [value = 0, before = 0] = this.#state;
    if (this.#kind === "average") this.#state[0] = value + now * seconds;
    else if (before === 0 || (this.#kind === "minimum" ? now < value : now > value)) this.#state[0] = now;
    this.#state[1] = before + seconds;
  }

  override billingReset(): void {
    this.#state.fill(0);
  }
}

/** W over VA of the energies of the billing period. */
export class AveragePowerFactor extends RunningRegister {
  readonly #active: Accumulator;
  readonly #apparent: Accumulator;

  constructor({ measure }: MeasuredRegister, { total, memory }: RegisterContext) {
    super();
    this.#active = new Accumulator({ ...measure, quantity: "Wh" }, total, memory(ACCUMULATOR_STATE));
    this.#apparent = new Accumulator({ ...measure, quantity: "VAh" }, total, memory(ACCUMULATOR_STATE));
  }

  get working(): number {
    return this.#apparent.value === 0 ? 1 : this.#active.value / this.#apparent.value;
  }

  override turn(on: boolean): void {
    this.#active.turn(on);
    this.#apparent.turn(on);
  }

  override billingReset(): void {
    this.#active.preset(0);
    this.#apparent.preset(0);
  }
}

export class TimeOfPeak extends RunningRegister {
  readonly #peak: RunningRegister | undefined;

  constructor({ of }: MeasuredRegister, context: RegisterContext) {
    super();
    this.#peak = context.of(of ?? 0);
  }

  /** Seconds since 1970 by local time; 0 while there is no peak. */
  get working(): number {
    return (this.#peak?.peakAt ?? 0) / 1000;
  }
}
