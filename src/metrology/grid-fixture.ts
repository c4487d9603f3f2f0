/**
 * Half cycles made from closed forms, as a grid that is locked exactly would hand them out: what tests of
 * this room measure.
 */
import { Coverage } from "./coverage.ts";
import type { GridHalf, Lock } from "./grid-half.ts";
import { HalfFundamental } from "./half-fundamental.ts";

/** The volts or amps of channel `c` (va, vb, vc, ia, ib, ic) at a time in seconds. */
export type Signal = (c: number, seconds: number) => number;

export class FakeGrid implements GridHalf {
  readonly grid: number;
  readonly half: number;
  readonly ring: readonly Float64Array[];
  index = -1;
  from = 0;
  at = 0;
  seconds = 0;
  missing = 0;
  readonly coverage: Coverage;
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
  joined = false;
  uneven = false;
  lock: Lock = "locked";
  doubtful = false;
  hz: number;
  harmonicLimit: number;
  #end: number;
  readonly #fundamental: HalfFundamental;

  constructor(grid: number, hz: number, begins = 0, cyclesKept = 16) {
    this.grid = grid;
    this.half = grid / 2;
    this.hz = hz;
    this.harmonicLimit = grid / 2 - 1;
    this.ring = Array.from({ length: 6 }, () => new Float64Array(cyclesKept * grid));
    this.coverage = new Coverage(cyclesKept * grid, this.half);
    this.#end = begins;
    this.#fundamental = new HalfFundamental(this.half);
    this.cosines = this.#fundamental.cosines;
    this.sines = this.#fundamental.sines;
  }

  /** Makes the next half cycle; `missing` are the channels that have no samples. */
  make(signal: Signal, missing = 0): this {
    const { half, ring } = this;
    this.joined = this.index >= 0;
    this.uneven = this.doubtful = false;
    this.lock = "locked";
    this.index++;
    this.from = (this.index % (ring[0]!.length / half)) * half;
    this.at = this.#end;
    this.seconds = 0.5 / this.hz;
    this.#end += this.seconds;
    this.missing = missing;
    this.coverage.takeNone(missing, this.from);
    for (let c = 0; c < 6; c++) {
      for (let k = 0; k < half; k++) {
        const value = signal(c, this.at + (k * this.seconds) / half);
        ring[c]![this.from + k] = (missing & (1 << c)) === 0 ? value : 0;
      }
    }
    this.#fundamental.measure(ring, this.from);
    return this;
  }

  /** Says that the one just made is not joined, or uneven. */
  but(what: Partial<Pick<GridHalf, "joined" | "uneven" | "lock" | "doubtful">>): this {
    Object.assign(this, what);
    return this;
  }

  /** Seconds of the source that nobody saw: the next half cycle begins after them. */
  skip(seconds: number): void {
    this.#end += seconds;
    this.index += 2 * Math.round(seconds * this.hz);
  }
}

export interface Component {
  /** Of the fundamental's frequency, or absolute where `hz` is given. */
  readonly order?: number;
  readonly hz?: number;
  readonly rms: number;
  readonly degrees?: number;
}

/** The sum of such components at a time, sines at 0 degrees. */
export function wave(components: readonly Component[], fundamental: number, seconds: number): number {
  let sum = 0;
  for (const { order = 1, hz = order * fundamental, rms, degrees = 0 } of components) {
    sum += Math.SQRT2 * rms * Math.sin(2 * Math.PI * hz * seconds + (degrees * Math.PI) / 180);
  }
  return sum;
}
