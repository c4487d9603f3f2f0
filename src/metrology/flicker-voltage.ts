/** One voltage of the flickermeter: blocks 1 to 4 of IEC 61000-4-15, and what it takes to begin. */
import { cascade, SECTION_SIZE, SECTION_STATE, type FlickerFilters } from "./flicker-filter.ts";

/** Why a voltage has no Pinst. */
export type FlickerAbsence =
  /** It has begun, and has not settled. */
  | "start"
  /** The samples before are not there, or came at another rate: it has begun again, and has not settled. */
  | "gap"
  /** A sample of the voltage was missing, or was no number. */
  | "missing"
  /** There is no voltage whose fluctuation could be told. */
  | "no voltage"
  /** Fewer samples a second than it needs. */
  | "slow";

/** The level that a start begins from is that of so long, under a raised cosine: what that leaves of twice 40 Hz and above is 1e-5. */
const GATHER_SECONDS = 0.4;

/**
 * For so long after that the level is the mean of what was, or a start on the crest of slow flicker would be wrong for a minute. Not until it has
 * settled: a mean of few half cycles that are not the mains' own swings with them.
 */
const MEAN_SECONDS = 3.6;

/**
 * What a start leaves in the filters is gone after so long, to 1e-4 of the Pinst of flicker that went on before it: they fall by half
 * a decade each 0.3 s (block 4, the slowest that has much in it).
 */
const SETTLE_SECONDS = 5;

export class FlickerVoltage {
  /** Of the step that `end` ended: its last value, and its largest; NaN while `absent` says why. */
  pinst = NaN;
  pinstMax = NaN;
  absent: FlickerAbsence | undefined = "start";

  readonly #filters: FlickerFilters;
  readonly #floorVolts: number;
  readonly #state: Float64Array;
  /** Squares of the step, averaged; then, in place, what the eye makes of them. */
  readonly #x: Float64Array;
  #count = 0;

  /** Of the average that goes on: its samples, their sum, the sum of the sums, and what the one before leaves for it. */
  #inBlock = 0;
  #sum = 0;
  #sums = 0;
  #rising = 0;
  #primed = false;

  /** Block 1: the level in volts and what it multiplies squares by; the half cycle that goes on. */
  #level = NaN;
  #scale = NaN;
  #halfSum = 0;
  #halfLeft = 0;
  #halves = 0;
  #smoothed = 0;
  #largest = 0;

  /** Steps since it began: so many of the first learn the level, and so many settle. */
  #steps = 0;
  readonly #gatherSteps: number;
  readonly #meanSteps: number;
  readonly #settledSteps: number;
  #bad = false;

  constructor(filters: FlickerFilters, floorVolts: number) {
    this.#filters = filters;
    this.#floorVolts = floorVolts;
    this.#state = new Float64Array((filters.sections.length / SECTION_SIZE) * SECTION_STATE);
    this.#x = new Float64Array(filters.stepBlocks);
    this.#gatherSteps = Math.ceil(GATHER_SECONDS / filters.stepSeconds);
    this.#meanSteps = this.#gatherSteps + Math.ceil(MEAN_SECONDS / filters.stepSeconds);
    this.#settledSteps = this.#gatherSteps + Math.ceil(SETTLE_SECONDS / filters.stepSeconds);
  }

  /** A sample of the step that goes on is missing. */
  miss(): void {
    this.#bad = true;
  }

  /**
   * Takes samples [from, from + n) of `plus` less those of `minus`, in volts; they must lie within one step. Their squares are
   * averaged by a triangle two blocks long, a block apart: what a block of 1,920 Hz would alias is taken off twice.
   */
  add(plus: Float64Array, minus: Float64Array | undefined, from: number, n: number): void {
    const block = this.#filters.block;
    const end = from + n;
    let k = from;
    while (k < end) {
      const until = Math.min(end, k + block - this.#inBlock);
      this.#inBlock += until - k;
      let sum = this.#sum;
      let sums = this.#sums;
      if (minus === undefined) {
        for (; k < until; k++) {
          const v = plus[k]!;
          sum += v * v;
          sums += sum;
        }
      } else {
        for (; k < until; k++) {
          const v = plus[k]! - minus[k]!;
          sum += v * v;
          sums += sum;
        }
      }
      if (this.#inBlock < block) {
        this.#sum = sum;
        this.#sums = sums;
        return;
      }
      // `sums` weighs the first sample of the block most: the falling side is one less of each, the rising side what is left.
      this.#x[this.#count++] = (this.#rising + sums - sum) / (block * block);
      this.#rising = (block + 1) * sum - sums;
      this.#inBlock = 0;
      this.#sum = 0;
      this.#sums = 0;
    }
  }

  /** Ends the step. */
  end(): void {
    const count = this.#count;
    this.#count = 0;
    this.pinst = NaN;
    this.pinstMax = NaN;
    if (this.#bad) return this.#begin("missing");
    if (!this.#primed) {
      // The first average has no rising side: the step that it lies in is given up.
      this.#primed = true;
      return;
    }
    if (this.#steps < this.#gatherSteps) return this.#gather(count);
    const trouble = this.#normalise(count);
    if (trouble !== undefined) return this.#begin(trouble);
    this.#perceive(count);
    if (this.#steps < this.#settledSteps) {
      this.#steps++;
      return;
    }
    this.absent = undefined;
    this.pinst = this.#filters.scale * this.#smoothed;
    this.pinstMax = this.#filters.scale * this.#largest;
  }

  /** What was is forgotten: the next sample is the first of a step. */
  restart(why: FlickerAbsence): void {
    this.#count = 0;
    this.#inBlock = 0;
    this.#begin(why);
  }

  #begin(why: FlickerAbsence): void {
    this.absent = why;
    this.pinst = NaN;
    this.pinstMax = NaN;
    this.#primed = false;
    this.#bad = false;
    this.#steps = 0;
    this.#halfSum = 0;
    this.#rising = 0;
    this.#sum = 0;
    this.#sums = 0;
  }

  /** The level of the first cycles; with it everything stands as if it had been so for ever. */
  #gather(count: number): void {
    const turn = (2 * Math.PI) / (count * this.#gatherSteps);
    const first = this.#steps * count + 0.5;
    for (let k = 0; k < count; k++) this.#halfSum += (1 - Math.cos(turn * (first + k))) * this.#x[k]!;
    this.#steps++;
    if (this.#steps < this.#gatherSteps) return;
    const square = this.#halfSum / (count * this.#gatherSteps);
    if (!(square < Infinity)) return this.#begin("missing");
    if (square < this.#floorVolts ** 2) return this.#begin("no voltage");
    this.#level = Math.sqrt(square);
    this.#scale = 1 / square;
    this.#halfSum = 0;
    this.#halfLeft = this.#filters.halfCycle;
    this.#halves = Math.round((count * this.#gatherSteps) / this.#filters.halfCycle);
    // A steady 1 at the high-pass, nothing behind it.
    this.#state.fill(0);
    this.#state[0] = -this.#filters.sections[0]!;
    this.#smoothed = 0;
  }

  /** Block 1, by nominal half cycles: what those beat with the mains is 1e-4 of the level at most after the filter. */
  #normalise(count: number): FlickerAbsence | undefined {
    const { halfCycle, levelGain } = this.#filters;
    const learning = this.#steps < this.#meanSteps;
    for (let k = 0; k < count; k++) {
      const square = this.#x[k]!;
      this.#x[k] = square * this.#scale;
      this.#halfLeft--;
      if (this.#halfLeft > 0) {
        this.#halfSum += square;
        continue;
      }
      // The half cycle ends within this average.
      const over = -this.#halfLeft;
      const rms = Math.sqrt((this.#halfSum + (1 - over) * square) / halfCycle);
      this.#halves++;
      this.#level += (learning ? 1 / this.#halves : levelGain) * (rms - this.#level);
      if (this.#level < this.#floorVolts) return "no voltage";
      this.#scale = 1 / (this.#level * this.#level);
      this.#halfSum = over * square;
      this.#halfLeft += halfCycle;
    }
    // What was no number, or too large for its square, is in one of these.
    return this.#halfSum + this.#level < Infinity ? undefined : "missing";
  }

  /** Blocks 3 and 4. */
  #perceive(count: number): void {
    const { sections, smoothing } = this.#filters;
    cascade(sections, this.#state, this.#x, count);
    let smoothed = this.#smoothed;
    let largest = 0;
    for (let k = 0; k < count; k++) {
      const x = this.#x[k]!;
      smoothed += smoothing * (x * x - smoothed);
      if (smoothed > largest) largest = smoothed;
    }
    this.#smoothed = smoothed;
    this.#largest = largest;
  }
}
