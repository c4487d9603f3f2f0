/** Registers of demand: present, past, peak and predicted, coincident, thermal. */
import { Accumulator, ACCUMULATOR_STATE } from "#revenue/measuring/accumulator.ts";
import type { MeasuredRegister } from "#revenue/settings/configuration.ts";
import type { Measure } from "#quantity/measure.ts";
import { columnsOf, sumOf, type Columns } from "#revenue/measuring/columns.ts";
import { RunningRegister, type RegisterContext } from "./running-register.ts";
import type { Window } from "#revenue/measuring/window.ts";

/** Most sub-intervals in an interval. */
const MOST = 12;

/** Demand over sub-intervals: present, past, peak, predicted. State: [mark, filled, peak, when, past, energies of the last sub-intervals...]. */
export class Demand extends RunningRegister {
  readonly #energy: Accumulator;
  readonly #state: Float64Array;
  readonly #context: RegisterContext;
  readonly #type: "presentDemand" | "pastDemand" | "peakDemand" | "predictedDemand";
  /** Milliseconds of the running sub-interval. */
  #ran = 0;
  #peaked = false;

  constructor(measure: Measure, type: Demand["kind"], context: RegisterContext) {
    super();
    this.#energy = new Accumulator(hourly(measure), context.total, context.memory(ACCUMULATOR_STATE));
    this.#state = context.memory(5 + MOST);
    this.#context = context;
    this.#type = type;
  }

  get kind(): "presentDemand" | "pastDemand" | "peakDemand" | "predictedDemand" {
    return this.#type;
  }

  get #running(): number {
    return this.#energy.value - (this.#state[0] ?? 0);
  }

  /** Energy of the last `count` sub-intervals that ended. */
  #closed(count: number): number {
    let sum = 0;
    for (let k = 0; k < count; k++) sum += this.#state[5 + k] ?? 0;
    return sum;
  }

  get working(): number {
    const { subIntervals, subIntervalMinutes } = this.#context.demand();
    const hours = (subIntervals * subIntervalMinutes) / 60;
    switch (this.#type) {
      case "peakDemand":
        return this.#state[2] ?? 0;
      case "pastDemand":
        return this.#state[4] ?? 0;
      case "presentDemand":
        return (this.#closed(subIntervals - 1) + this.#running) / hours;
      default: {
        // What the interval will come to if the load stays what it was in the running sub-interval.
        const part = this.#ran / (subIntervalMinutes * 60);
        return (this.#closed(subIntervals - 1) + (part > 0 ? this.#running / part : 0)) / hours;
      }
    }
  }

  override turn(on: boolean): void {
    this.#energy.turn(on);
  }

  override window({ seconds }: Window): void {
    this.#ran += seconds;
  }

  override subInterval(whole: boolean, defer: boolean): void {
    const state = this.#state;
    const { subIntervals, subIntervalMinutes } = this.#context.demand();
    const energy = this.#running;
    state[0] = this.#energy.value;
    this.#ran = 0;
    this.#peaked = false;
    if (!whole || defer) {
      // An interval that was cut says nothing of a demand; the next begins anew.
      state.fill(0, 5);
      state[1] = 0;
      return;
    }
    state.copyWithin(6, 5, 5 + MOST - 1);
    state[5] = energy;
    state[1] = Math.min(MOST, (state[1] ?? 0) + 1);
    const demand = (this.#closed(subIntervals) * 60) / (subIntervals * subIntervalMinutes);
    state[4] = demand;
    if ((state[1] ?? 0) < subIntervals || demand <= (state[2] ?? 0)) return;
    state[2] = demand;
    state[3] = this.#context.local();
    this.#peaked = true;
  }

  override get peaked(): boolean {
    return this.#peaked;
  }

  override get peakAt(): number {
    return this.#state[3] ?? 0;
  }

  override billingReset(): void {
    this.#state[2] = 0;
    this.#state[3] = 0;
  }

  override preset(value: number): void {
    this.#state[2] = value;
  }
}

/** The demand of one quantity in the interval in which another had its peak: [value]. */
export class Coincident extends RunningRegister {
  readonly #past: Demand;
  readonly #apparent: Demand | undefined;
  readonly #state: Float64Array;
  readonly #peak: RunningRegister | undefined;

  constructor(settings: MeasuredRegister, context: RegisterContext) {
    super();
    this.#past = new Demand(settings.measure, "pastDemand", context);
    const factor = settings.type === "coincidentPowerFactor";
    this.#apparent = factor ? new Demand({ ...settings.measure, quantity: "VA" }, "pastDemand", context) : undefined;
    this.#state = context.memory(1);
    this.#peak = context.of(settings.of ?? 0);
  }

  get working(): number {
    return this.#state[0] ?? 0;
  }

  override turn(on: boolean): void {
    this.#past.turn(on);
    this.#apparent?.turn(on);
  }

  override subInterval(whole: boolean, defer: boolean): void {
    this.#past.subInterval(whole, defer);
    this.#apparent?.subInterval(whole, defer);
  }

  override coincide(): void {
    if (this.#peak?.peaked !== true) return;
    const past = this.#past.working;
    const apparent = this.#apparent?.working;
    this.#state[0] = apparent === undefined ? past : apparent > 0 ? past / apparent : 1;
  }

  override billingReset(): void {
    this.#state.fill(0);
  }

  override preset(value: number): void {
    this.#state[0] = value;
  }
}

/** A thermal demand follows its input so that it shows 90 % of a step after the thermal time: [now, peak, when]. */
export class Thermal extends RunningRegister {
  readonly #columns: Columns;
  readonly #state: Float64Array;
  readonly #context: RegisterContext;
  readonly #peak: boolean;
  #peaked = false;

  constructor(settings: MeasuredRegister, context: RegisterContext) {
    super();
    this.#columns = columnsOf(settings.measure);
    this.#state = context.memory(3);
    this.#context = context;
    this.#peak = settings.type === "peakThermalDemand";
  }

  get working(): number {
    return this.#state[this.#peak ? 1 : 0] ?? 0;
  }

  override window({ average, seconds }: Window, on: boolean): void {
    const state = this.#state;
    const input = on ? sumOf(this.#columns, average) : 0;
    const share = 1 - 0.1 ** (seconds / (60 * this.#context.demand().thermalMinutes));
    state[0] = (state[0] ?? 0) + (input - (state[0] ?? 0)) * share;
    this.#peaked = on && state[0] > (state[1] ?? 0);
    if (!this.#peaked) return;
    state[1] = state[0];
    state[2] = this.#context.local();
  }

  override get peaked(): boolean {
    return this.#peaked;
  }

  override get peakAt(): number {
    return this.#state[2] ?? 0;
  }

  override billingReset(): void {
    this.#state[1] = this.#state[0] ?? 0;
    this.#state[2] = 0;
  }

  override preset(value: number): void {
    this.#state[this.#peak ? 1 : 0] = value;
  }
}

/** The energy whose mean over time is a demand. */
function hourly(measure: Measure): Measure {
  const energy = {
    W: "Wh",
    var: "varh",
    VA: "VAh",
    "VA.arithmetic": "VAh.arithmetic",
    Q: "Qh",
    A: "Ah",
    A2: "A2h",
  } as const;
  return { ...measure, quantity: energy[measure.quantity as keyof typeof energy] ?? measure.quantity };
}
