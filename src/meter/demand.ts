/**
 * Demand: the mean of power and current over a demand interval of one sub-interval (block) or several (rolling), and the
 * extremes since they were reset. Sub-intervals end by time, or by command when their length is 0 (external synchronisation).
 */
import { energy, KINDS } from "./integrals.ts";
import type { Measurement } from "./measurement.ts";

/**
 * What a demand is taken of: W, var, VA, each imported and exported (reactive import is quadrants 1 and 2); W of each phase,
 * import less export; the currents of the phases and of the neutral.
 */
const flow = { phases: 6, currents: 9 } as const;
const POWERS = 6;
const FLOWS = 13;
const MOST_SUB_INTERVALS = 6;

/** Extremes beside those of the six powers by direction. */
const extreme = { wMost: 0, wLeast: 1, va: 2, currents: 3 } as const;
const EXTREMES = 7;

/** What is kept of demands through a power failure; NaN until a full interval has ended. */
export interface DemandMaxima {
  /** Largest import and export of W, var, VA. */
  readonly powers: Float64Array;
  /** When each of the powers' was, where the meter remembers it. */
  readonly at?: Float64Array | undefined;
  /** W, var, VA of the interval in which W was largest, then of that of var, of VA; where the meter remembers it. */
  readonly coincident?: Float64Array | undefined;
  /** Largest and smallest W, largest VA whatever the direction, largest currents of a, b, c and neutral. */
  readonly extremes: Float64Array;
}

export function demandMaxima(
  memory: (name: string, count: number, initial: number) => Float64Array,
  {
    peaksAt,
    coincident,
  }: { readonly peaksAt: Float64Array | undefined; readonly coincident: Float64Array | undefined },
): DemandMaxima {
  const powers = memory("demand.max", POWERS, NaN);
  return { powers, extremes: memory("demand.extremes", EXTREMES, NaN), at: peaksAt, coincident };
}

export class Demand {
  readonly #maxima: DemandMaxima;
  readonly #measured: Pick<Measurement, "integrals" | "result">;
  readonly #directional: boolean;
  /** Of a, b, c and neutral; NaN of what is not measured. */
  readonly #ampereHours = new Float64Array(4).fill(NaN);
  /** Integrals at the start of the running sub-interval. */
  readonly #origin = new Float64Array(FLOWS);
  readonly #now = new Float64Array(FLOWS);
  /** The last sub-intervals that ended, newest first: integrals, then hours. */
  readonly #closed: Float64Array[] = [];
  readonly #present = new Float64Array(FLOWS).fill(NaN);
  #elapsedMs = 0;

  /** A meter that does not know directions has one reactive demand, of all quadrants. */
  constructor(measured: Pick<Measurement, "integrals" | "result">, maxima: DemandMaxima, directional: boolean) {
    this.#directional = directional;
    this.#measured = measured;
    this.#maxima = maxima;
    this.#take(this.#origin);
  }

  #take(out: Float64Array): void {
    const { total } = this.#measured.integrals;
    out[0] = total[energy.whImport] ?? 0;
    out[1] = total[energy.whExport] ?? 0;
    const upper = (total[energy.q1] ?? 0) + (total[energy.q2] ?? 0);
    const lower = (total[energy.q3] ?? 0) + (total[energy.q4] ?? 0);
    out[2] = this.#directional ? upper : upper + lower;
    out[3] = this.#directional ? lower : 0;
    out[4] = total[energy.vahImport] ?? 0;
    out[5] = total[energy.vahExport] ?? 0;
    for (let k = 0; k < 3; k++) {
      const at = (k + 1) * KINDS;
      out[flow.phases + k] = (total[at + energy.whImport] ?? 0) - (total[at + energy.whExport] ?? 0);
    }
    out.set(this.#ampereHours, flow.currents);
  }

  /** Milliseconds of the running sub-interval that have passed. */
  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  #addCurrents(ms: number): void {
    const { a, n } = this.#measured.result;
    for (let k = 0; k < 4; k++) {
      const amps = k < 3 ? (a[k] ?? NaN) : n;
      if (Number.isNaN(amps)) continue;
      const before = this.#ampereHours[k] ?? NaN;
      this.#ampereHours[k] = (Number.isNaN(before) ? 0 : before) + (amps * ms) / 3_600_000;
    }
  }

  /** Goes on by one calculation cycle that ends at `at`; true when a sub-interval ended with it. */
  cycle(ms: number, subIntervals: number, lengthMs: number, endNow: boolean, at = NaN): boolean {
    this.#elapsedMs += ms;
    this.#addCurrents(ms);
    const due = lengthMs > 0 && this.#elapsedMs >= lengthMs;
    if (!due && !endNow) return false;
    this.#take(this.#now);
    const closed = this.#closed.length >= MOST_SUB_INTERVALS ? this.#closed.pop() : undefined;
    const entry = closed ?? new Float64Array(FLOWS + 1);
    for (let k = 0; k < FLOWS; k++) {
      const origin = this.#origin[k] ?? NaN;
      // A current that was measured for the first time began at nothing.
      entry[k] = (this.#now[k] ?? NaN) - (Number.isNaN(origin) ? 0 : origin);
    }
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
    const { powers, extremes } = this.#maxima;
    for (let k = 0; k < POWERS; k++) {
      const present = this.#present[k] ?? NaN;
      if (present <= (powers[k] ?? NaN)) continue;
      powers[k] = present;
      if (this.#maxima.at !== undefined) this.#maxima.at[k] = at;
      // Of imports: W, var and VA have two places each.
      if (k % 2 === 0) this.#maxima.coincident?.set([this.present(0), this.present(1), this.present(2)], (3 * k) / 2);
    }
    const now = this.#nowExtremes();
    for (let k = 0; k < EXTREMES; k++) {
      const [present, kept] = [now[k] ?? NaN, extremes[k] ?? NaN];
      if (k === extreme.wLeast ? !(present >= kept) : !(present <= kept)) extremes[k] = present;
    }
  }

  #nowExtremes(): Float64Array {
    const w = this.present(0);
    return Float64Array.of(w, w, this.apparent, ...this.#present.subarray(flow.currents, FLOWS));
  }

  /** Starts over after a change of the interval: what was measured under the old one says nothing of the new. */
  restart(): void {
    this.#closed.length = 0;
    this.#present.fill(NaN);
    this.#elapsedMs = 0;
    this.#take(this.#origin);
  }

  /** The extremes become the present demands, or zero. */
  resetMaximum(to: "present" | "zero"): void {
    const { powers, extremes, at, coincident } = this.#maxima;
    if (to === "zero") {
      powers.fill(0);
      extremes.fill(0);
    } else {
      powers.set(this.#present.subarray(0, POWERS));
      extremes.set(this.#nowExtremes());
    }
    at?.fill(NaN);
    coincident?.fill(NaN);
  }

  /** When the largest import of W (0), var (1) or VA (2) was; NaN where nobody knows. */
  peakAt(unit: number): number {
    return this.#maxima.at?.[2 * unit] ?? NaN;
  }

  /** W (0), var (1) or VA (2) of the interval in which the import of another was largest; NaN where nobody knows. */
  coincident(peak: number, unit: number): number {
    return this.#maxima.coincident?.[3 * peak + unit] ?? NaN;
  }

  /** What the running sub-interval will have been, import less export, if what is left of it goes on at `rate`. */
  predicted(unit: number, rate: number, lengthMs: number): number {
    if (!(lengthMs > 0)) return NaN;
    this.#take(this.#now);
    const so = (place: number): number => (this.#now[place] ?? NaN) - (this.#origin[place] ?? NaN);
    const leftHours = (lengthMs - this.#elapsedMs) / 3_600_000;
    return (so(2 * unit) - so(2 * unit + 1) + rate * leftHours) / (lengthMs / 3_600_000);
  }

  /**
   * What was imported, or exported, of W (0), var (1) or VA (2) by the hour: in the whole sub-intervals before the running one that belong to an
   * interval of so many, and in the running one.
   */
  so(unit: number, exported: boolean, subIntervals: number): { readonly before: number; readonly running: number } {
    this.#take(this.#now);
    const place = 2 * unit + (exported ? 1 : 0);
    const before = this.#closed.slice(0, subIntervals - 1);
    return {
      before: before.reduce((sum, entry) => sum + (entry[place] ?? 0), 0),
      running: (this.#now[place] ?? NaN) - (this.#origin[place] ?? NaN),
    };
  }

  /** Whole sub-intervals before the running one that belong to an interval of so many. */
  whole(subIntervals: number): number {
    return Math.min(this.#closed.length, subIntervals - 1);
  }

  /** Import less export of W (0), var (1) or VA (2); NaN until the first sub-interval has ended. */
  present(unit: number): number {
    return (this.#present[2 * unit] ?? NaN) - (this.#present[2 * unit + 1] ?? NaN);
  }

  /** What was imported, or exported, of W (0), var (1) or VA (2) over the interval. */
  directed(unit: number, exported: boolean): number {
    return this.#present[2 * unit + (exported ? 1 : 0)] ?? NaN;
  }

  /** VA whatever the direction. */
  get apparent(): number {
    return (this.#present[4] ?? NaN) + (this.#present[5] ?? NaN);
  }

  /** Import less export of W of a phase, 0 to 2. */
  phase(k: number): number {
    return this.#present[flow.phases + k] ?? NaN;
  }

  /** Of the phases, 0 to 2, and the neutral, 3. */
  current(k: number): number {
    return this.#present[flow.currents + k] ?? NaN;
  }

  maximum(unit: number, exported: boolean): number {
    return this.#maxima.powers[2 * unit + (exported ? 1 : 0)] ?? NaN;
  }

  /** Largest or smallest W, import less export. */
  extremeActive(which: "most" | "least"): number {
    return this.#maxima.extremes[which === "most" ? extreme.wMost : extreme.wLeast] ?? NaN;
  }

  get maximumApparent(): number {
    return this.#maxima.extremes[extreme.va] ?? NaN;
  }

  maximumCurrent(k: number): number {
    return this.#maxima.extremes[extreme.currents + k] ?? NaN;
  }
}
