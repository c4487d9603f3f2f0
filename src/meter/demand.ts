/**
 * Demand: the mean of active, reactive and apparent power over a demand interval of one sub-interval (block) or
 * several (rolling), and its maxima by direction since they were reset. Sub-intervals end by time, or by command
 * when their length is 0 (external synchronisation).
 */
import { energy, type Integrals } from "./integrals.ts";

/** W, var, VA, each imported and exported. Reactive import is quadrants 1 and 2. */
const FLOWS = 6;
const MOST_SUB_INTERVALS = 6;

export class Demand {
  /** Largest import and export of W, var, VA; NaN until a full interval has ended. */
  readonly #maximum: Float64Array;
  readonly #integrals: Integrals;
  readonly #directional: boolean;
  /** When each maximum was, where the meter remembers it. */
  readonly #peaksAt: Float64Array | undefined;
  /** Energies at the start of the running sub-interval. */
  readonly #origin = new Float64Array(FLOWS);
  readonly #now = new Float64Array(FLOWS);
  /** The last sub-intervals that ended, newest first: energies, then hours. */
  readonly #closed: Float64Array[] = [];
  readonly #present = new Float64Array(FLOWS).fill(NaN);
  #elapsedMs = 0;

  /** A meter that does not know directions has one reactive demand, of all quadrants. */
  constructor(integrals: Integrals, maximum: Float64Array, directional: boolean, peaksAt?: Float64Array) {
    this.#directional = directional;
    this.#peaksAt = peaksAt;
    this.#integrals = integrals;
    this.#maximum = maximum;
    this.#energies(this.#origin);
  }

  #energies(out: Float64Array): void {
    const { total } = this.#integrals;
    out[0] = total[energy.whImport] ?? 0;
    out[1] = total[energy.whExport] ?? 0;
    const upper = (total[energy.q1] ?? 0) + (total[energy.q2] ?? 0);
    const lower = (total[energy.q3] ?? 0) + (total[energy.q4] ?? 0);
    out[2] = this.#directional ? upper : upper + lower;
    out[3] = this.#directional ? lower : 0;
    out[4] = total[energy.vahImport] ?? 0;
    out[5] = total[energy.vahExport] ?? 0;
  }

  /** Milliseconds of the running sub-interval that have passed. */
  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** Goes on by one calculation cycle that ends at `at`; true when a sub-interval ended with it. */
  cycle(ms: number, subIntervals: number, lengthMs: number, endNow: boolean, at = NaN): boolean {
    this.#elapsedMs += ms;
    const due = lengthMs > 0 && this.#elapsedMs >= lengthMs;
    if (!due && !endNow) return false;
    this.#energies(this.#now);
    const closed = this.#closed.length >= MOST_SUB_INTERVALS ? this.#closed.pop() : undefined;
    const entry = closed ?? new Float64Array(FLOWS + 1);
    for (let k = 0; k < FLOWS; k++) entry[k] = (this.#now[k] ?? 0) - (this.#origin[k] ?? 0);
    entry[FLOWS] = this.#elapsedMs / 3_600_000;
    this.#closed.unshift(entry);
    this.#origin.set(this.#now);
    this.#elapsedMs = 0;
    this.#conclude(lengthMs === 0 ? 1 : subIntervals, at);
    return true;
  }

  #conclude(wanted: number, at: number): void {
    const window = this.#closed.slice(0, wanted);
    const hours = window.reduce((sum, entry) => sum + (entry[FLOWS] ?? 0), 0);
    for (let k = 0; k < FLOWS; k++) {
      this.#present[k] = window.reduce((sum, entry) => sum + (entry[k] ?? 0), 0) / hours;
    }
    // The first sub-intervals after a start are no full interval: they show, but set no maximum.
    if (window.length < wanted) return;
    for (let k = 0; k < FLOWS; k++) {
      const present = this.#present[k] ?? NaN;
      if (present <= (this.#maximum[k] ?? NaN)) continue;
      this.#maximum[k] = present;
      if (this.#peaksAt !== undefined) this.#peaksAt[k] = at;
    }
  }

  /** Starts over after a change of the interval: what was measured under the old one says nothing of the new. */
  restart(): void {
    this.#closed.length = 0;
    this.#present.fill(NaN);
    this.#elapsedMs = 0;
    this.#energies(this.#origin);
  }

  /** The maxima become the present demands, or zero. */
  resetMaximum(to: "present" | "zero"): void {
    if (to === "zero") this.#maximum.fill(0);
    else this.#maximum.set(this.#present);
    this.#peaksAt?.fill(NaN);
  }

  /** When the largest import of W (0), var (1) or VA (2) was; NaN where nobody knows. */
  peakAt(unit: number): number {
    return this.#peaksAt?.[2 * unit] ?? NaN;
  }

  /** Import less export of W (0), var (1) or VA (2); NaN until the first sub-interval has ended. */
  present(unit: number): number {
    return (this.#present[2 * unit] ?? NaN) - (this.#present[2 * unit + 1] ?? NaN);
  }

  maximum(unit: number, exported: boolean): number {
    return this.#maximum[2 * unit + (exported ? 1 : 0)] ?? NaN;
  }
}
