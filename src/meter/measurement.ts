/**
 * The measuring half of an instrument: what any source gives in one calculation cycle, samples or steps, becomes integrals and a
 * result. A product without an instrument of its own takes it as it is.
 */
import { CycleMeter } from "#metrology/cycle-meter.ts";
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { Wiring } from "#quantity/wiring.ts";
import { StepValues, type Source, type StepView } from "#waveform/source.ts";
import { CycleResult } from "./cycle-result.ts";
import { Integrals } from "./integrals.ts";
import { Phasors } from "./phasors.ts";

/** Below this part of the system voltage there is no voltage to take a frequency from. */
const FLOOR = 0.02;

/** What prints as the limit of the range belongs to it: half of the registers' last digit. */
const EDGE_HZ = 0.005;

/** Seconds of a step that are rounding. */
const LEFT = 1e-9;

/** What it has to know of the instrument around it. */
export type Measuring = Pick<InstrumentDesign, "grid" | "frequency" | "reactive" | "directional">;

export class Measurement {
  readonly wiring: Wiring;
  readonly result = new CycleResult();
  readonly integrals: Integrals;
  readonly #design: Measuring;
  readonly #source: Source;
  readonly #view: StepView;
  #floorVolts = 0;
  /** The last cycle was one step of so many seconds; NaN when it was not. */
  #wholeStep = NaN;
  readonly #cycleMeter: CycleMeter | undefined;
  readonly #stepFrom = new StepValues();
  readonly #stepTo = new StepValues();
  readonly #phasors = new Phasors();
  #phasorsFresh = true;
  /** RMS volts to neutral of each half cycle of the running calculation cycle, by phase. */
  readonly #halfCycleVolts: readonly [number[], number[], number[]] = [[], [], []];

  /** `total` are the integrals of the meter's life (ENERGIES of them), which go on through changes of the wiring. */
  constructor(options: {
    readonly design: Measuring;
    readonly source: Source;
    readonly wiring: Wiring;
    readonly total: Float64Array;
  }) {
    const { design, source, wiring } = options;
    this.wiring = wiring;
    this.#design = design;
    this.#source = source;
    this.integrals = new Integrals(options.total, wiring, design.directional);
    this.#view = { wiring, reactive: design.reactive };
    if (source.kind !== "samples") return;
    const { grid, frequency, reactive } = design;
    this.#cycleMeter = new CycleMeter({ grid, wiring, frequency, reactive });
  }

  /** What the service has by its settings: a small part of it is no voltage. */
  set nominalVolts(volts: number) {
    this.#floorVolts = FLOOR * volts;
    this.#wholeStep = NaN;
    if (this.#cycleMeter !== undefined) this.#cycleMeter.floorVolts = this.#floorVolts;
  }

  /** Measures the next `seconds` of the source; false when they were like those before, and so is the result. */
  run(seconds: number): boolean {
    const steps = this.#source.kind === "steps" ? this.#source : undefined;
    // A source whose whole cycle was one step is asked for another like it first.
    if (steps !== undefined && this.#wholeStep === seconds) {
      const took = steps.step(seconds, this.#stepFrom, this.#stepTo, this.#view);
      if (steps.steady === true && took === seconds) {
        this.integrals.endCycle();
        return false;
      }
      this.#measure(seconds, took);
    } else this.#measure(seconds);
    return true;
  }

  /** Lets the next `seconds` of the source go by: nothing is measured, and nothing counted. */
  skip(seconds: number): void {
    this.integrals.beginCycle();
    this.#wholeStep = NaN;
    const source = this.#source;
    if (source.kind === "samples") source.read(seconds);
    else {
      for (let left = seconds; left > LEFT;) {
        const took = source.step(left, this.#stepFrom, this.#stepTo, this.#view);
        if (!(took > 0)) break;
        left -= took;
      }
    }
    this.result.fill(this.integrals.cycle, this.wiring, NaN);
    this.#phasorsFresh = false;
  }

  /** `took` is the length of a step that has been taken already. */
  #measure(seconds: number, took?: number): void {
    this.integrals.beginCycle();
    const hz = this.#source.kind === "samples" ? this.#samples(seconds) : this.#steps(seconds, took);
    this.integrals.endCycle();
    const [low, high] = this.#design.frequency;
    const inRange = hz >= low - EDGE_HZ && hz < high + EDGE_HZ;
    this.result.fill(this.integrals.cycle, this.wiring, inRange ? hz : NaN);
    this.#phasorsFresh = false;
  }

  #samples(seconds: number): number {
    const meter = this.#cycleMeter;
    const source = this.#source;
    if (meter === undefined || source.kind !== "samples") return NaN;
    meter.push(source.channels, source.read(seconds), source.rate, source.perCycle);
    for (const volts of this.#halfCycleVolts) volts.length = 0;
    for (let half = meter.next(); half > 0; half = meter.next()) {
      this.integrals.add(meter.values, half);
      const { v2 } = meter.values;
      for (let k = 0; k < 3; k++) this.#halfCycleVolts[k]?.push(Math.sqrt(v2[k] ?? NaN));
    }
    return meter.takeFrequency();
  }

  #steps(seconds: number, first?: number): number {
    const source = this.#source;
    if (source.kind !== "steps") return NaN;
    this.#wholeStep = NaN;
    let left = seconds;
    let took = first;
    while (left > LEFT) {
      took ??= source.step(left, this.#stepFrom, this.#stepTo, this.#view);
      if (!(took > 0)) return NaN;
      this.integrals.addStep(this.#stepFrom, this.#stepTo, took);
      if (took === seconds) this.#wholeStep = seconds;
      left -= took;
      took = undefined;
    }
    return this.#stepTo.v.some((volts) => volts >= this.#floorVolts) ? this.#stepTo.hz : NaN;
  }

  /** Of the last cycle; made at the first look after each calculation cycle. */
  get phasors(): Phasors {
    if (this.#phasorsFresh) return this.#phasors;
    this.#phasorsFresh = true;
    if (Number.isNaN(this.result.wTotal)) this.#phasors.clear();
    else if (this.#cycleMeter !== undefined) this.#phasors.fromCycle(this.#cycleMeter, this.wiring);
    else this.#phasors.fromStep(this.#stepTo, this.wiring);
    return this.#phasors;
  }

  /** Reactive power by phase under one of its definitions; NaN where that one is not measured. */
  reactive(way: "shifted" | "fundamental" | "budeanu"): Float64Array {
    if (way === this.#design.reactive) return this.result.q;
    if (way === "shifted") return this.result.q.map(() => NaN);
    return this.phasors[way];
  }

  /**
   * RMS volts to neutral over each cycle that ended with a half of the last calculation cycle (Urms(1/2) of IEC 61000-4-30, 5.4), by
   * phase, oldest first; undefined for sources without samples.
   */
  get halfCycleVolts(): readonly (readonly number[])[] | undefined {
    return this.#cycleMeter === undefined ? undefined : this.#halfCycleVolts;
  }

  /** The last `cycles` cycles of the waveforms on the calculation grid; undefined for sources without samples. */
  waveforms(cycles: number): readonly Float64Array[] | undefined {
    const meter = this.#cycleMeter;
    if (meter === undefined || meter.halves < 2 * cycles + 1) return undefined;
    const count = cycles * this.#design.grid;
    // Whole cycles, so that they begin at a rising zero crossing.
    const end = (meter.halves - (meter.halves % 2)) * meter.halfLength;
    return meter.ring.map((ring) =>
      Float64Array.from({ length: count }, (_, k) => ring[(end - count + k) % ring.length] ?? NaN),
    );
  }
}
