/** Registers of demand over sub-intervals: present, past, peak, predicted, and what coincides with a peak. */
import { namedState } from "#meter/named-state.ts";
import { Accumulator, ACCUMULATOR_STATE } from "#revenue/measuring/accumulator.ts";
import type { MeasuredRegister } from "#revenue/settings/configuration.ts";
import type { Measure } from "#quantity/measure.ts";
import { factorEnergies } from "./factor-energies.ts";
import { instantIn, isMore, RunningRegister, type RegisterContext } from "./running-register.ts";
import type { Window } from "#revenue/measuring/window.ts";

const BEFORE = ["mark", "filled", "peak", "peakAt", "past"] as const;
/** Energies of the last whole sub-intervals, the newest first: as many as an interval has at most. */
const energies = [
  "energy1",
  "energy2",
  "energy3",
  "energy4",
  "energy5",
  "energy6",
  "energy7",
  "energy8",
  "energy9",
  "energy10",
  "energy11",
  "energy12",
] as const;
/**
 * The energy at which the running sub-interval began, how many whole ones follow on each other, peak and its instant, the demand of the last
 * whole interval; how long the running sub-interval has been, and whether the one before it made the peak.
 */
const DemandState = namedState(...BEFORE, ...energies, "ranSeconds", "peaked");

export class Demand extends RunningRegister {
  readonly #energy: Accumulator;
  readonly #run: Float64Array;
  readonly #state: InstanceType<typeof DemandState>;
  /** The part of it that holds the energies. */
  readonly #energies: Float64Array;
  readonly #context: RegisterContext;
  readonly kind: "presentDemand" | "pastDemand" | "peakDemand" | "predictedDemand";

  constructor(measure: Measure, kind: Demand["kind"], context: RegisterContext) {
    super();
    this.#energy = new Accumulator(context.integrals.of(hourly(measure)), context.memory(ACCUMULATOR_STATE));
    this.#run = context.memory(DemandState.size);
    this.#state = new DemandState(this.#run);
    this.#energies = this.#run.subarray(BEFORE.length, BEFORE.length + energies.length);
    this.#context = context;
    this.kind = kind;
  }

  get #running(): number {
    return this.#energy.value - this.#state.mark;
  }

  /** Energy of the last `count` sub-intervals that ended. */
  #closed(count: number): number {
    let sum = 0;
    for (let k = 0; k < count; k++) sum += this.#energies[k] ?? 0;
    return sum;
  }

  get working(): number {
    const { subIntervals, subIntervalMinutes } = this.#context.demand();
    const hours = (subIntervals * subIntervalMinutes) / 60;
    switch (this.kind) {
      case "peakDemand":
        return this.#state.peak;
      case "pastDemand":
        return this.#state.past;
      case "presentDemand":
        return (this.#closed(subIntervals - 1) + this.#running) / hours;
      default: {
        // What the interval will come to if the load stays what it was in the running sub-interval.
        const part = this.#state.ranSeconds / (subIntervalMinutes * 60);
        return (this.#closed(subIntervals - 1) + (part > 0 ? this.#running / part : 0)) / hours;
      }
    }
  }

  /** What it has of the running interval: of the whole sub-intervals before, how many of them there are, and of the running one. */
  get so(): { readonly before: number; readonly whole: number; readonly running: number } {
    const { subIntervals } = this.#context.demand();
    const whole = Math.min(subIntervals - 1, this.#state.filled);
    return { before: this.#closed(whole), whole, running: this.#running };
  }

  /** Demand of the interval that has just ended; undefined while not all of its sub-intervals were whole. */
  get ended(): number | undefined {
    return this.#state.filled >= this.#context.demand().subIntervals ? this.#state.past : undefined;
  }

  override turn(on: boolean): void {
    this.#energy.turn(on);
  }

  override get looks(): boolean {
    return this.kind === "predictedDemand";
  }

  override window({ seconds }: Window): void {
    this.#state.ranSeconds += seconds;
  }

  override subInterval(whole: boolean, defer: boolean): void {
    const state = this.#state;
    const { subIntervals, subIntervalMinutes } = this.#context.demand();
    const energy = this.#running;
    state.mark = this.#energy.value;
    state.ranSeconds = 0;
    state.peaked = 0;
    if (!whole || defer) {
      // An interval that was cut says nothing of a demand; the next begins anew.
      this.#energies.fill(0);
      state.filled = 0;
      return;
    }
    this.#energies.copyWithin(1, 0, energies.length - 1);
    this.#energies[0] = energy;
    state.filled = Math.min(energies.length, state.filled + 1);
    if (state.filled < subIntervals) return;
    const demand = (this.#closed(subIntervals) * 60) / (subIntervals * subIntervalMinutes);
    state.past = demand;
    if (!isMore(demand, state.peak)) return;
    state.peak = demand;
    state.peakAt = this.#context.utc();
    state.peaked = 1;
  }

  override get peaked(): boolean {
    return this.#state.peaked === 1;
  }

  override get peakAt(): number | undefined {
    return instantIn(this.#state.peakAt);
  }

  override billingReset(): void {
    this.preset(0);
  }

  /** A peak that somebody gives it is of now. */
  override preset(value: number): void {
    this.#state.peak = value;
    this.#state.peakAt = value === 0 ? NaN : this.#context.utc();
  }

  /** Nothing has been measured. */
  restart(): void {
    this.#energy.preset(0);
    this.#run.fill(0);
  }
}

/** A coincident value; whether it is a demand or a power factor from energies, as it is now. */
const CoincidentState = namedState("value", "begun");

/** The demand of one quantity in the interval in which another had its peak. */
export class Coincident extends RunningRegister {
  readonly #demand: Demand;
  readonly #state: InstanceType<typeof CoincidentState>;
  readonly #peak: RunningRegister | undefined;

  constructor(settings: MeasuredRegister, context: RegisterContext) {
    super();
    this.#demand = new Demand(settings.measure, "pastDemand", context);
    this.#state = new CoincidentState(context.memory(CoincidentState.size));
    this.#peak = context.of(settings.of ?? 0);
  }

  get working(): number {
    return this.#state.value;
  }

  override turn(on: boolean): void {
    this.#demand.turn(on);
  }

  override subInterval(whole: boolean, defer: boolean): void {
    this.#demand.subInterval(whole, defer);
  }

  override coincide(): void {
    if (this.#peak?.peaked === true) this.#state.value = this.#demand.ended ?? this.#state.value;
  }

  override billingReset(): void {
    this.#state.value = 0;
  }

  override preset(value: number): void {
    this.#state.value = value;
  }
}

/** The power factor of the interval in which another quantity had its peak: its active over its apparent energy. */
export class CoincidentFactor extends RunningRegister {
  readonly #active: Demand;
  readonly #apparent: Demand;
  readonly #state: InstanceType<typeof CoincidentState>;
  readonly #peak: RunningRegister | undefined;

  constructor({ measure, of }: MeasuredRegister, context: RegisterContext) {
    super();
    const { active, apparent } = factorEnergies(measure);
    this.#active = new Demand(active, "pastDemand", context);
    this.#apparent = new Demand(apparent, "pastDemand", context);
    this.#state = new CoincidentState(context.memory(CoincidentState.size));
    this.#peak = context.of(of ?? 0);
    // Memory that says nothing may be of anything.
    if (this.#state.begun === 1) return;
    this.#state.begun = 1;
    this.#state.value = NaN;
    this.#active.restart();
    this.#apparent.restart();
  }

  get working(): number | undefined {
    const { value } = this.#state;
    return Number.isNaN(value) ? undefined : value;
  }

  override turn(on: boolean): void {
    this.#active.turn(on);
    this.#apparent.turn(on);
  }

  override subInterval(whole: boolean, defer: boolean): void {
    this.#active.subInterval(whole, defer);
    this.#apparent.subInterval(whole, defer);
  }

  override coincide(): void {
    if (this.#peak?.peaked !== true) return;
    const { ended: active } = this.#active;
    const { ended: apparent } = this.#apparent;
    if (active !== undefined && apparent !== undefined)
      this.#state.value = apparent > 0 ? Math.min(1, active / apparent) : NaN;
  }

  override billingReset(): void {
    this.#state.value = NaN;
  }

  override preset(value: number): void {
    this.#state.value = value;
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
