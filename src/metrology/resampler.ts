/**
 * Brings six channels from the source's sampling rate to any instants. Beyond the first and, once the stretch has ended, the last
 * sample the signal is taken to go on as its own image in that sample (an odd reflection): only the kernel reaches there, no
 * instant does.
 */
import { resample } from "./kernels/resample.ts";
import { sincTable } from "./kernels/sinc-table.ts";
import { CHANNELS, type RawSamples } from "./raw-samples.ts";

export class Resampler {
  readonly #raw: RawSamples;
  #table = sincTable(1);
  /** What the kernel reads where it reaches beyond an end. */
  #window = new Float64Array(0);

  constructor(raw: RawSamples) {
    this.#raw = raw;
  }

  /** Samples that the kernel needs before and after an instant. */
  get reach(): number {
    return this.#table.after;
  }

  /** Up to here, in parts of the source's rate, what is resampled is right. */
  get passband(): number {
    return this.#table.passband;
  }

  /** Sets the kernel for outputs that lie `step` input samples apart. */
  prepare(step: number): void {
    this.#table = sincTable(step);
  }

  /** Whether all that instants up to `position` need has arrived; once the stretch has ended, whether it lies in it. */
  covers(position: number, ended: boolean): boolean {
    const { end } = this.#raw;
    return ended ? position <= end - 1 + 1e-6 : Math.floor(position) + this.reach < end;
  }

  /** Writes `count` instants, from `position` on and `step` apart, to `out[channel][at...]`. */
  resample(position: number, step: number, count: number, out: readonly Float64Array[], at: number): void {
    const raw = this.#raw;
    const table = this.#table;
    const low = Math.floor(position) - table.before;
    const high = Math.floor(position + (count - 1) * step) + table.after + 1;
    if (low >= raw.first && high <= raw.end) {
      resample(table, raw.samples, position - raw.first, step, count, out, at);
      return;
    }
    this.#reflect(low, high);
    resample(table, this.#window, position - low, step, count, out, at);
  }

  /** Fills the window with the samples from `low` up to `high`, reflected in the first and the last one. */
  #reflect(low: number, high: number): void {
    const { samples, first, end } = this.#raw;
    const length = CHANNELS * (high - low);
    if (this.#window.length < length) this.#window = new Float64Array(2 * length);
    const window = this.#window;
    const last = end - 1;
    for (let k = low; k < high; k++) {
      // A stretch may be shorter than the kernel: the image of an image is not looked for.
      const edge = k < first ? first : k > last ? last : -1;
      const image = edge < 0 ? k : Math.max(first, Math.min(last, 2 * edge - k));
      for (let c = 0; c < CHANNELS; c++) {
        const value = samples[CHANNELS * (image - first) + c]!;
        const mirror = edge < 0 ? 0 : samples[CHANNELS * (edge - first) + c]!;
        window[CHANNELS * (k - low) + c] = edge < 0 ? value : 2 * mirror - value;
      }
    }
  }
}
