/**
 * Demands of the currents: a thermal demand follows the current as the bimetal of an ammeter does, so that after an interval of
 * a constant current it has gone 90 % of the way there (63230-500-225A2, chapter 4; sensitivity 90).
 */
import type { AmpsDemanded } from "#quantity/quantity.ts";
import type { CycleResult } from "./cycle-result.ts";

export const ampsPlace: Readonly<Record<AmpsDemanded, number>> = { "A.a": 0, "A.b": 1, "A.c": 2, "A.n": 3, A: 4 };
const AMPS = 5;
const SENSITIVITY = 0.9;

export class AmpsDemand {
  /** Largest, and when. */
  readonly #peaks: Float64Array;
  readonly #present = new Float64Array(AMPS).fill(NaN);

  constructor(memory: (name: string, count: number, initial?: number) => Float64Array) {
    this.#peaks = memory("amps.demand.peaks", 2 * AMPS, NaN);
  }

  /** Goes on by one calculation cycle that ends at `at`. */
  cycle({ a, n }: CycleResult, mean: number, ms: number, lengthMs: number, at: number): void {
    const part = 1 - (1 - SENSITIVITY) ** (ms / lengthMs);
    for (let k = 0; k < AMPS; k++) {
      const amps = k < 3 ? (a[k] ?? NaN) : k === 3 ? n : mean;
      if (Number.isNaN(amps)) continue;
      // A demand that begins anew begins cold.
      const before = this.#present[k] || 0;
      const present = before + (amps - before) * part;
      this.#present[k] = present;
      if (present <= (this.#peaks[2 * k] ?? NaN)) continue;
      this.#peaks[2 * k] = present;
      this.#peaks[2 * k + 1] = at;
    }
  }

  restart(): void {
    this.#present.fill(NaN);
  }

  /** The largest are 0, and the next ones larger. */
  resetPeaks(): void {
    for (let k = 0; k < AMPS; k++) {
      this.#peaks[2 * k] = 0;
      this.#peaks[2 * k + 1] = NaN;
    }
  }

  present(k: number): number {
    return this.#present[k] ?? NaN;
  }

  peak(k: number): number {
    return this.#peaks[2 * k] ?? NaN;
  }

  peakAt(k: number): number {
    return this.#peaks[2 * k + 1] ?? NaN;
  }
}
