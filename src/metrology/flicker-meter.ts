/**
 * The flickermeter of IEC 61000-4-15 (Edition 2), blocks 1 to 4: from samples of a source at its own rate to the instantaneous
 * flicker sensation Pinst of up to three voltages. Block 5 is quality/flicker-statistics.ts.
 */
import { flickerFilters, type FlickerFilters } from "./flicker-filter.ts";
import type { FlickerLamp, FlickerMains } from "./flicker-response.ts";
import type { Samples } from "./samples.ts";
import { FlickerVoltage, type FlickerAbsence } from "./flicker-voltage.ts";

/** Below so many samples a second the filters are no longer those of the standard. */
const SLOWEST = 800;

/** What of samples the flickermeter looks at. */
export type FlickerSamples = Omit<Samples, "perCycle">;

export interface FlickerOptions {
  readonly lamp: FlickerLamp;
  readonly mains: FlickerMains;
  /** Each voltage by the index of its channel, or of the two that it is the difference of. */
  readonly voltages: readonly { readonly plus: number; readonly minus?: number }[];
  /** A voltage of less has no flicker that could be told. */
  readonly floorVolts: number;
}

export class FlickerMeter {
  readonly options: FlickerOptions;
  /** Of the step that next() made, by voltage: its last value and its largest; NaN where `absent` says why. */
  readonly pinst: Float64Array;
  readonly pinstMax: Float64Array;
  readonly absent: (FlickerAbsence | undefined)[];
  /** Seconds on the source's clock at which the step ended, and its length (about 5 ms). */
  at = NaN;
  seconds = NaN;

  #filters: FlickerFilters | undefined;
  #voltages: readonly FlickerVoltage[] = [];
  #rate = NaN;
  #run: FlickerSamples | undefined;
  /** Samples of the run that were used; samples of the step that goes on, and how many it takes. */
  #used = 0;
  #inStep = 0;
  #stepSamples = 0;

  constructor(options: FlickerOptions) {
    this.options = options;
    const count = options.voltages.length;
    this.pinst = new Float64Array(count).fill(NaN);
    this.pinstMax = new Float64Array(count).fill(NaN);
    this.absent = Array.from({ length: count }, () => "start" as const);
  }

  /** Takes a run, which next() reads: it must stand until next() has said false. */
  push(run: FlickerSamples): void {
    this.#run = run;
    this.#used = 0;
    if (run.rate !== this.#rate) this.#set(run.rate);
    else if (!run.joined) for (const voltage of this.#voltages) voltage.restart("gap");
    if (!run.joined) this.#inStep = 0;
  }

  /** Goes on by a step; false when the run is used up. */
  next(): boolean {
    const run = this.#run;
    if (run === undefined) return false;
    const n = Math.min(this.#stepSamples - this.#inStep, run.count - this.#used);
    if (this.#filters !== undefined) this.#add(run, this.#used, n);
    this.#used += n;
    this.#inStep += n;
    if (this.#inStep < this.#stepSamples) {
      this.#run = undefined;
      return false;
    }
    this.#inStep = 0;
    this.at = run.at + this.#used / this.#rate;
    for (let k = 0; k < this.#voltages.length; k++) {
      const voltage = this.#voltages[k]!;
      voltage.end();
      this.pinst[k] = voltage.pinst;
      this.pinstMax[k] = voltage.pinstMax;
      this.absent[k] = voltage.absent;
    }
    return true;
  }

  #set(rate: number): void {
    const { lamp, mains, voltages, floorVolts } = this.options;
    const changed = !Number.isNaN(this.#rate);
    this.#rate = rate;
    this.#inStep = 0;
    if (rate < SLOWEST) {
      this.#filters = undefined;
      this.#voltages = [];
      this.#stepSamples = Math.max(1, Math.round(rate / 200));
      this.seconds = this.#stepSamples / rate;
      this.absent.fill("slow");
      this.pinst.fill(NaN);
      this.pinstMax.fill(NaN);
      return;
    }
    const filters = flickerFilters(lamp, mains, rate);
    this.#filters = filters;
    this.#voltages = voltages.map(() => new FlickerVoltage(filters, floorVolts));
    if (changed) for (const voltage of this.#voltages) voltage.restart("gap");
    this.#stepSamples = filters.block * filters.stepBlocks;
    this.seconds = filters.stepSeconds;
  }

  #add(run: FlickerSamples, from: number, n: number): void {
    const { voltages } = this.options;
    let missing = 0;
    if (run.missing !== undefined) for (let k = from; k < from + n; k++) missing |= run.missing[k]!;
    for (let k = 0; k < voltages.length; k++) {
      const { plus, minus } = voltages[k]!;
      const bits = (1 << plus) | (minus === undefined ? 0 : 1 << minus);
      if ((missing & bits) !== 0) this.#voltages[k]!.miss();
      this.#voltages[k]!.add(run.channels[plus]!, minus === undefined ? undefined : run.channels[minus]!, from, n);
    }
  }
}
