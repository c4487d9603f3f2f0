/** Means, minima and maxima of many values at once over an interval. Nothing is allocated once it is made. */
import { How } from "./columns.ts";

/** Columns that follow one another and are aggregated alike. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly how: number;
}

function runsOf(how: Uint8Array): readonly Run[] {
  const runs: Run[] = [];
  for (let from = 0, to = 0; from < how.length; from = to) {
    while (to < how.length && how[to] === how[from]) to++;
    runs.push({ from, to, how: how[from]! });
  }
  return runs;
}

/** Of columns of degrees, the pointers: what takes the same values several times makes them once. */
export class Pointers {
  readonly cosine: Float64Array;
  readonly sine: Float64Array;
  readonly #runs: readonly Run[];

  constructor(how: Uint8Array) {
    this.#runs = runsOf(how).filter((run) => run.how === How.degrees);
    this.cosine = new Float64Array(how.lastIndexOf(How.degrees) + 1);
    this.sine = new Float64Array(this.cosine.length);
  }

  /** Makes those of some values. */
  take(values: Float64Array): void {
    for (let r = 0; r < this.#runs.length; r++) {
      const { from, to } = this.#runs[r]!;
      for (let k = from; k < to; k++) {
        const angle = (values[k]! * Math.PI) / 180;
        this.cosine[k] = Math.cos(angle);
        this.sine[k] = Math.sin(angle);
      }
    }
  }
}

export class Aggregate {
  /** Filled by `close`; NaN where nothing was known. */
  readonly mean: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** Blocks (or half cycles) that it is made of, and those that were given up; seconds that the first cover. */
  count = 0;
  lost = 0;
  seconds = 0;
  /** One of them is flagged, or was given up for a jump of the phase. */
  flagged = false;
  readonly #runs: readonly Run[];
  readonly #sum: Float64Array;
  /** Of columns of degrees: `sum` has the cosines. */
  readonly #sine: Float64Array;
  readonly #known: Float64Array;

  constructor(how: Uint8Array) {
    this.#runs = runsOf(how);
    this.mean = new Float64Array(how.length);
    this.min = new Float64Array(how.length);
    this.max = new Float64Array(how.length);
    this.#sum = new Float64Array(how.length);
    this.#sine = new Float64Array(how.lastIndexOf(How.degrees) + 1);
    this.#known = new Float64Array(how.length);
    this.clear();
  }

  clear(): void {
    this.mean.fill(NaN);
    this.min.fill(NaN);
    this.max.fill(NaN);
    this.#sum.fill(0);
    this.#sine.fill(0);
    this.#known.fill(0);
    this.count = this.lost = this.seconds = 0;
    this.flagged = false;
  }

  /** Takes the values of one block, and their pointers. */
  add(values: Float64Array, pointers: Pointers, seconds: number, flagged: boolean): void {
    this.#take(values, values, values, pointers);
    this.count++;
    this.seconds += seconds;
    this.flagged ||= flagged;
  }

  /** Takes the values that a shorter interval, which has been closed, stands for; `pointers` are of its means. */
  addInterval(other: Aggregate, pointers: Pointers): void {
    if (other.count > 0) this.#take(other.mean, other.min, other.max, pointers);
    this.#addCounts(other);
  }

  /** Takes all blocks that another one has taken. */
  addAll(other: Aggregate): void {
    const { min, max } = this;
    const [sum, known] = [this.#sum, this.#known];
    const [otherSum, otherKnown] = [other.#sum, other.#known];
    for (let k = 0; k < sum.length; k++) {
      if (otherKnown[k] === 0) continue;
      sum[k]! += otherSum[k]!;
      known[k]! += otherKnown[k]!;
      if (!(min[k]! <= other.min[k]!)) min[k] = other.min[k]!;
      if (!(max[k]! >= other.max[k]!)) max[k] = other.max[k]!;
    }
    for (let k = 0; k < this.#sine.length; k++) this.#sine[k]! += other.#sine[k]!;
    this.#addCounts(other);
  }

  #addCounts(other: Aggregate): void {
    this.count += other.count;
    this.lost += other.lost;
    this.seconds += other.seconds;
    this.flagged ||= other.flagged;
  }

  /** Says that a block was given up; flagged when something had happened to the voltage. */
  lose(flagged: boolean): void {
    this.lost++;
    this.flagged ||= flagged;
  }

  #take(values: Float64Array, least: Float64Array, most: Float64Array, pointers: Pointers): void {
    for (let r = 0; r < this.#runs.length; r++) {
      const { from, to, how } = this.#runs[r]!;
      if (how === How.squares) this.#addSquares(values, from, to);
      else if (how === How.mean) this.#addValues(values, from, to);
      else this.#addPointers(values, pointers, from, to);
    }
    this.#widen(least, most);
  }

  #addSquares(values: Float64Array, from: number, to: number): void {
    const sum = this.#sum;
    const known = this.#known;
    for (let k = from; k < to; k++) {
      const value = values[k]!;
      if (Number.isNaN(value)) continue;
      known[k]!++;
      sum[k]! += value * value;
    }
  }

  #addValues(values: Float64Array, from: number, to: number): void {
    for (let k = from; k < to; k++) {
      const value = values[k]!;
      if (Number.isNaN(value)) continue;
      this.#known[k]!++;
      this.#sum[k]! += value;
    }
  }

  #addPointers(values: Float64Array, { cosine, sine }: Pointers, from: number, to: number): void {
    for (let k = from; k < to; k++) {
      if (Number.isNaN(values[k]!)) continue;
      this.#known[k]!++;
      this.#sum[k]! += cosine[k]!;
      this.#sine[k]! += sine[k]!;
    }
  }

  /** What is not a number is neither smaller nor larger. */
  #widen(least: Float64Array, most: Float64Array): void {
    const { min, max } = this;
    for (let k = 0; k < min.length; k++) {
      const low = least[k]!;
      const high = most[k]!;
      if (low < min[k]! || (Number.isNaN(min[k]!) && !Number.isNaN(low))) min[k] = low;
      if (high > max[k]! || (Number.isNaN(max[k]!) && !Number.isNaN(high))) max[k] = high;
    }
  }

  /** Makes the means of what has been taken. */
  close(): void {
    const [sum, known] = [this.#sum, this.#known];
    for (const { from, to, how } of this.#runs) {
      for (let k = from; k < to; k++) {
        if (known[k] === 0) this.mean[k] = NaN;
        else if (how === How.squares) this.mean[k] = Math.sqrt(sum[k]! / known[k]!);
        else if (how === How.mean) this.mean[k] = sum[k]! / known[k]!;
        else this.mean[k] = (Math.atan2(this.#sine[k]!, sum[k]!) * 180) / Math.PI;
      }
    }
  }
}

/** Percent by which a voltage was below the declared one: of the `low` of an interval (IEC 61000-4-30, 5.12). */
export function underDeviation(low: number, declared: number): number {
  return (100 * (declared - low)) / declared;
}

/** And above it: of the `high` of an interval. */
export function overDeviation(high: number, declared: number): number {
  return (100 * (high - declared)) / declared;
}
