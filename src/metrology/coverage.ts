/**
 * What is there of the instants of a grid whose samples were not all there. A sample stands for the time from half way after the one before it to
 * half way to the one behind; an instant for as much of its own time as samples stand for. So that what is summed with these weights is of the samples
 * that came, each as long as it was, and of no others.
 */
import { ALL_CHANNELS, CHANNELS, type RawSamples } from "./raw-samples.ts";

/** What is less of an instant is rounding. */
const ROUNDING = 1e-9;

/** A half cycle of which less than this part is there has no phase. */
const ENOUGH_FOR_PHASE = 0.75;

/** Samples that are missing in a row are taken to lie on a curve up to this part of a cycle, for what lies beside them. */
export const CURVED = 1 / 8;

export class Coverage {
  /** By channel, of the instants in the rings: from 0, nothing is there, to 1. Undefined while nothing has been missing. */
  weights: readonly Float64Array[] | undefined;
  /** Channels of which too little is there of the last half cycle to have a phase, as bits. */
  blind = 0;
  readonly #length: number;
  readonly #half: number;
  /** Half cycles since the last one of which something was missing, up to those in the rings. */
  #whole = 0;

  /** Of rings of so many instants, of which so many are a half cycle. */
  constructor(length: number, half: number) {
    this.#length = length;
    this.#half = half;
  }

  /**
   * Looks at what is there of a half cycle whose first instant lies at `position` of the samples, the next ones `step` apart, and in the rings from
   * `from` on, and bridges what is missing, as far as a kernel of that reach may look; the channels that it is missing of, as bits.
   */
  look(raw: RawSamples, position: number, step: number, from: number, reach: number): number {
    const half = this.#half;
    const [first, last] = [Math.floor(position), Math.floor(position + (half - 1) * step)];
    const missing = raw.missing(first - reach + 1, last + reach + 1) & ALL_CHANNELS;
    if (missing === 0) this.#takeWhole(from);
    else {
      raw.bridge(first - reach - 1, last + reach + 3, Math.floor(CURVED * 2 * half * step));
      this.#take(raw, position, step, from);
    }
    return missing;
  }

  /** All of a half cycle is there. */
  #takeWhole(from: number): void {
    this.blind = 0;
    if (this.weights === undefined || this.#whole >= this.#length / this.#half) return;
    this.#whole++;
    for (let c = 0; c < CHANNELS; c++) this.weights[c]!.fill(1, from, from + this.#half);
  }

  /** Of a half cycle nothing is there of these channels, and all of the others. */
  takeNone(channels: number, from: number): void {
    if (channels === 0) return this.#takeWhole(from);
    const weights = this.#begin(from);
    for (let c = 0; c < CHANNELS; c++) if ((channels & (1 << c)) !== 0) weights[c]!.fill(0, from, from + this.#half);
    this.blind = channels;
  }

  /** All is there of a half cycle of which something is about to be taken out. */
  #begin(from: number): readonly Float64Array[] {
    const weights = (this.weights ??= Array.from({ length: CHANNELS }, () => new Float64Array(this.#length).fill(1)));
    for (let c = 0; c < CHANNELS; c++) weights[c]!.fill(1, from, from + this.#half);
    this.#whole = 0;
    return weights;
  }

  #take(raw: RawSamples, position: number, step: number, from: number): void {
    const half = this.#half;
    const weights = this.#begin(from);
    // In samples: instant k stands for what begins at `begin + k * step`.
    const begin = position - step / 2;
    const first = Math.max(raw.first, Math.floor(begin));
    const end = Math.min(raw.end, Math.ceil(begin + half * step) + 1);
    for (let sample = first; sample < end; sample++) {
      const bits = raw.missingAt(sample);
      if (bits !== 0) this.#takeOut(bits, (sample - 0.5 - begin) / step, (sample + 0.5 - begin) / step, from);
    }
    this.blind = 0;
    for (let c = 0; c < CHANNELS; c++) {
      const ring = weights[c]!;
      let sum = 0;
      for (let k = from; k < from + half; k++) {
        if (ring[k]! < ROUNDING) ring[k] = 0;
        sum += ring[k]!;
      }
      if (sum < ENOUGH_FOR_PHASE * half) this.blind |= 1 << c;
    }
  }

  /** What lies between two times, in instants from the first, is not there of these channels. */
  #takeOut(bits: number, begin: number, end: number, from: number): void {
    const last = Math.min(this.#half, Math.ceil(end));
    for (let k = Math.max(0, Math.floor(begin)); k < last; k++) {
      const part = Math.min(end, k + 1) - Math.max(begin, k);
      for (let c = 0; c < CHANNELS; c++) if ((bits & (1 << c)) !== 0) this.weights![c]![from + k]! -= part;
    }
  }
}
