/**
 * What Pinst was in the blocks that are still to come: flicker is of samples, which come before the half cycles that are made of them,
 * as much as a minute at once. Kept in tenths of a second of the source, so that a block is as long as those whose middles lie in it.
 */
import type { FlickerStep } from "./flicker-statistics.ts";

const PER_SECOND = 10;
/** More than the minute that a meter goes on by at most. */
const BINS = 1024;

export class PinstHistory {
  readonly #voltages: number;
  /** Sums and counts by bin and voltage, and which tenth of a second each bin is of. */
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;
  readonly #tenths = new Float64Array(BINS).fill(NaN);

  constructor(voltages: number) {
    this.#voltages = voltages;
    this.#sums = new Float64Array(BINS * voltages);
    this.#counts = new Uint32Array(BINS * voltages);
  }

  /** Takes a step that ends at so many seconds of the source. */
  add({ pinst, absent, seconds }: FlickerStep, at: number): void {
    const tenth = Math.floor((at - seconds / 2) * PER_SECOND);
    const bin = ((tenth % BINS) + BINS) % BINS;
    const first = bin * this.#voltages;
    if (this.#tenths[bin] !== tenth) {
      this.#tenths[bin] = tenth;
      this.#sums.fill(0, first, first + this.#voltages);
      this.#counts.fill(0, first, first + this.#voltages);
    }
    for (let k = 0; k < this.#voltages; k++) {
      if (absent[k] !== undefined) continue;
      this.#sums[first + k]! += pinst[k] ?? 0;
      this.#counts[first + k]!++;
    }
  }

  /** The mean of a voltage from one second of the source to another; NaN where there was none. */
  mean(voltage: number, from: number, to: number): number {
    let [sum, count] = [0, 0];
    const end = Math.round(to * PER_SECOND);
    for (let tenth = Math.round(from * PER_SECOND); tenth < end; tenth++) {
      const bin = ((tenth % BINS) + BINS) % BINS;
      if (this.#tenths[bin] !== tenth) continue;
      sum += this.#sums[bin * this.#voltages + voltage]!;
      count += this.#counts[bin * this.#voltages + voltage]!;
    }
    return count === 0 ? NaN : sum / count;
  }
}
