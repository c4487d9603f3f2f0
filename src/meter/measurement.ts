/**
 * The measuring half of an instrument: what any source gives in one calculation cycle, samples or steps, becomes integrals and a
 * result. A product without an instrument of its own takes it as it is.
 */
import { channelsOf } from "#metrology/channels.ts";
import { CycleMeter } from "#metrology/cycle-meter.ts";
import type { GridHalf } from "#metrology/grid-half.ts";
import type { Grid } from "#metrology/grid.ts";
import { withinRange } from "#metrology/frequency-range.ts";
import { HalfPhasors } from "#metrology/half-phasors.ts";
import { lastWaveforms } from "#metrology/last-waveforms.ts";
import { Urms } from "#metrology/urms.ts";
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { WaveformsView } from "#quantity/meter-api.ts";
import type { Wiring } from "#quantity/wiring.ts";
import { GridFeed } from "#waveform/grid-feed.ts";
import { StepValues, type Source, type StepView } from "#waveform/source.ts";
import { CycleResult } from "./cycle-result.ts";
import { Integrals } from "./integrals.ts";
import { Phasors } from "./phasors.ts";

/** Below this part of the system voltage there is no voltage to take a frequency from. */
const FLOOR = 0.02;

/** Cycles of the waveforms that are kept: a block of 12, and the cycle under way. */
const CYCLES_KEPT = 14;

/** Seconds of a step that are rounding. */
const LEFT = 1e-9;

/** Half cycles, oldest first. */
export interface HalfCycles {
  /** When each ended, in seconds of the source. */
  readonly ends: readonly number[];
  /**
   * Urms(1/2) of IEC 61000-4-30, 5.4: RMS volts to neutral over the cycle of each phase that ended last by then, from the phase's own
   * zero crossings.
   */
  readonly volts: readonly (readonly number[])[];
}

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
  /** To neutral. */
  #nominalVolts = 0;
  /** The last cycle was one step of so many seconds; NaN when it was not. */
  #wholeStep = NaN;
  /** Something of its samples has been counted. */
  #hasMeasured = false;
  readonly #feed: GridFeed | undefined;
  readonly #cycleMeter: CycleMeter | undefined;
  readonly #stepFrom = new StepValues();
  readonly #stepTo = new StepValues();
  readonly #phasors = new Phasors();
  #phasorsFresh = true;
  readonly #halfCycles: HalfCycles & { readonly ends: number[]; readonly volts: readonly number[][] } = {
    ends: [],
    volts: [[], [], []],
  };

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
    const voltages = channelsOf(wiring).filter(({ unit, minus }) => unit === "V" && minus === undefined);
    const feed = new GridFeed(source, { grid, wiring, frequency, cyclesKept: CYCLES_KEPT });
    const basic = new CycleMeter(feed.grid, { wiring, reactive });
    const phasors = new HalfPhasors();
    const urms = new Urms(voltages, () => this.#nominalVolts, phasors);
    const each = (half: GridHalf): void => {
      phasors.half(half);
      urms.half(half);
      this.#halfCycles.ends.push(half.at + half.seconds);
      for (let k = 0; k < voltages.length; k++) this.#halfCycles.volts[k]?.push(urms.rms[k] ?? NaN);
    };
    feed.sinks = [{ half: () => this.#half(basic) }, { half: each }];
    this.#feed = feed;
    this.#cycleMeter = basic;
  }

  /** What the service has by its settings: a small part of it is no voltage. */
  set nominalVolts(volts: number) {
    this.#nominalVolts = volts * this.wiring.lnOverSystem;
    this.#floorVolts = FLOOR * volts;
    this.#wholeStep = NaN;
    if (this.#feed !== undefined) this.#feed.grid.floorVolts = this.#floorVolts;
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
    this.#clearHalfCycles();
    this.#feed?.skip(seconds);
    if (source.kind === "steps") {
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
    this.result.fill(this.integrals.cycle, this.wiring, withinRange(hz, this.#design.frequency));
    this.#phasorsFresh = false;
  }

  #samples(seconds: number): number {
    if (this.#feed === undefined) return NaN;
    this.#clearHalfCycles();
    this.#feed.run(seconds);
    return this.#feed.grid.takeFrequency();
  }

  #clearHalfCycles(): void {
    this.#halfCycles.ends.length = 0;
    for (const volts of this.#halfCycles.volts) volts.length = 0;
  }

  #half(meter: CycleMeter): void {
    const stands = meter.half();
    if (stands === 0) return;
    this.#hasMeasured = true;
    this.integrals.add(meter.values, stands);
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

  /** Where its samples have been brought to; undefined of sources without. */
  get grid(): Grid | undefined {
    return this.#feed?.grid;
  }

  /** Why something is not measured now, in words; undefined when all is, and of sources without samples. */
  get absence(): string | undefined {
    const feed = this.#feed;
    if (feed === undefined || feed.absence !== undefined) return feed?.absence;
    return this.#hasMeasured ? undefined : "measuring has just begun";
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

  /** What was measured in the last calculation cycle; undefined for sources without samples. */
  get halfCycles(): HalfCycles | undefined {
    return this.#cycleMeter === undefined ? undefined : this.#halfCycles;
  }

  /** Seconds of its source that have been measured; 0 of sources without samples. */
  get elapsed(): number {
    return this.#source.kind === "samples" ? this.#source.elapsed : 0;
  }

  /** The last `cycles` cycles of the waveforms on the calculation grid; undefined for sources without samples. */
  waveforms(cycles: number): WaveformsView | undefined {
    const grid = this.#feed?.grid;
    return grid === undefined ? undefined : lastWaveforms(grid, cycles, this.#design.grid);
  }
}
