/** Registers of energies and of levels: consumption, instantaneous values, extremes and averages, average power factor. */
import { namedState } from "#meter/named-state.ts";
import { Accumulator, ACCUMULATOR_STATE } from "#revenue/measuring/accumulator.ts";
import type { MeasuredRegister } from "#revenue/settings/configuration.ts";
import type { Measure } from "#quantity/measure.ts";
import { columnsOf, sumOf, type Columns } from "#revenue/measuring/columns.ts";
import { factorEnergies } from "./factor-energies.ts";
import { RunningRegister, type RegisterContext } from "./running-register.ts";
import type { Window } from "#revenue/measuring/window.ts";

export class Consumption extends RunningRegister {
  readonly #energy: Accumulator;

  constructor(measure: Measure, { integrals, memory }: RegisterContext) {
    super();
    this.#energy = new Accumulator(integrals.of(measure), memory(ACCUMULATOR_STATE));
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
  #now: number | undefined;

  constructor(measure: Measure) {
    super();
    this.#columns = columnsOf(measure);
  }

  get working(): number | undefined {
    return this.#now;
  }

  override get looks(): boolean {
    return true;
  }

  override resume(window: Window): void {
    this.window(window);
  }

  override window({ average, isKnown }: Window): void {
    const now = isKnown ? sumOf(this.#columns, average) : NaN;
    this.#now = Number.isNaN(now) ? undefined : now;
  }
}

/** What the power-quality instrument measured in its last block. */
export class OfPowerQuality extends RunningRegister {
  readonly #measure: Measure;
  readonly #quality: RegisterContext["quality"];

  constructor(measure: Measure, { quality }: RegisterContext) {
    super();
    this.#measure = measure;
    this.#quality = quality;
  }

  get working(): number | undefined {
    return this.#quality?.value(this.#measure);
  }
}

/** What another meter says. */
export class OfAnother extends RunningRegister {
  readonly #channel: number;
  readonly #communicated: RegisterContext["communicated"];

  constructor({ channel = 0 }: Measure, { communicated }: RegisterContext) {
    super();
    this.#channel = channel;
    this.#communicated = communicated;
  }

  get working(): number | undefined {
    return this.#communicated(this.#channel);
  }
}

/** The smallest or the largest value, or the sum by the second of an average; how long it was measured. */
const ExtremeState = namedState("value", "seconds");

/** The smallest, the largest, or the average of a billing period. */
export class Extreme extends RunningRegister {
  readonly #columns: Columns;
  readonly #state: InstanceType<typeof ExtremeState>;
  readonly #kind: "minimum" | "maximum" | "average";

  constructor(measure: Measure, kind: "minimum" | "maximum" | "average", { memory }: RegisterContext) {
    super();
    this.#columns = columnsOf(measure);
    this.#state = new ExtremeState(memory(ExtremeState.size));
    this.#kind = kind;
  }

  get working(): number | undefined {
    const { value, seconds } = this.#state;
    if (!(seconds > 0)) return undefined;
    return this.#kind === "average" ? value / seconds : value;
  }

  override get looks(): boolean {
    return true;
  }

  override window({ average, seconds, isKnown }: Window, on: boolean): void {
    if (!on || !isKnown) return;
    const state = this.#state;
    const now = sumOf(this.#columns, average);
    // What was not known in it is no extreme, and no part of an average.
    if (Number.isNaN(now)) return;
    if (this.#kind === "average") state.value += now * seconds;
    else if (state.seconds === 0 || (this.#kind === "minimum" ? now < state.value : now > state.value))
      state.value = now;
    state.seconds += seconds;
  }

  override billingReset(): void {
    this.#state.value = 0;
    this.#state.seconds = 0;
  }
}

/** Both energies are those of `factorEnergies`. */
const FactorState = namedState("begun");

/** W over VA of the energies of the billing period; nothing while nothing has flowed in it. */
export class AveragePowerFactor extends RunningRegister {
  readonly #active: Accumulator;
  readonly #apparent: Accumulator;

  constructor({ measure }: MeasuredRegister, { integrals, memory }: RegisterContext) {
    super();
    const { active, apparent } = factorEnergies(measure);
    this.#active = new Accumulator(integrals.of(active), memory(ACCUMULATOR_STATE));
    this.#apparent = new Accumulator(integrals.of(apparent), memory(ACCUMULATOR_STATE));
    const state = new FactorState(memory(FactorState.size));
    // Memory that says nothing may be of other energies: net ones.
    if (state.begun !== 1 && measure.direction === "bidirectional") this.billingReset();
    state.begun = 1;
  }

  get working(): number | undefined {
    const apparent = this.#apparent.value;
    return apparent > 0 ? Math.min(1, this.#active.value / apparent) : undefined;
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

  get working(): number | undefined {
    return this.#peak?.peakAt;
  }
}
