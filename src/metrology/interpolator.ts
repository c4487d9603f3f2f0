/** One channel between its samples: what resampling does of six at even instants, at any single one. */
import { coefficients, type SincTable, sincTable } from "./kernels/sinc-table.ts";

export class Interpolator {
  readonly #table: SincTable;
  readonly #weights: Float64Array;

  /** For instants that lie so many samples apart: from one that are as many as the samples are, or more, nothing of these is left out. */
  constructor(step = 1) {
    this.#table = sincTable(step);
    this.#weights = new Float64Array(this.#table.taps);
  }

  /** Samples that it needs: so many, of which so many lie before the one at or before the instant. */
  get taps(): number {
    return this.#table.taps;
  }

  get before(): number {
    return this.#table.before;
  }

  /** What lies a part of a sample, of 0 up to 1, behind the one at `place`. */
  at(samples: Float64Array, place: number, fraction: number): number {
    const { taps, before } = this.#table;
    const weights = this.#weights;
    coefficients(this.#table, fraction, weights);
    let sum = 0;
    for (let tap = 0, at = place - before; tap < taps; tap++, at++) sum += weights[tap]! * samples[at]!;
    return sum;
  }
}
