/**
 * The least and the largest of any run of samples, without looking at all of them: buckets of samples, of which each has its extremes, and
 * buckets of those. What is asked for is exact where the samples themselves are there: a spike of one sample is in every answer that has it.
 * Of a recording that is too long to be held only buckets are, and an answer is as wide as they are.
 */

/** What a level has of each bucket; NaN of one without a value. */
export interface Level {
  readonly least: Float32Array<ArrayBuffer>;
  readonly most: Float32Array<ArrayBuffer>;
}

/** One channel, in arrays that can be handed from thread to thread. */
export interface Pyramid {
  readonly count: number;
  /** Undefined where they are too many to be held. */
  readonly samples: Float32Array<ArrayBuffer> | undefined;
  /** Samples in a bucket of the first level; each level above has buckets of STEP of those below. */
  readonly base: number;
  readonly levels: readonly Level[];
}

/** Buckets of one level in one of the next: few levels, since each costs a way to memory that is far. */
export const STEP = 16;
/** Samples in the smallest bucket; where there is no room for so many buckets they have WIDER times as many. */
export const BASE = 32;
const WIDER = 4;

export interface Extremes {
  /** Infinity and -Infinity where there is no value. */
  least: number;
  most: number;
  /** Numbers that were looked at, summed over all questions. */
  touched: number;
}

export const noExtremes = (): Extremes => ({ least: Infinity, most: -Infinity, touched: 0 });

/** Takes the extremes of [from, to) of a level into `out`. */
function scan(least: Float32Array, most: Float32Array, from: number, to: number, out: Extremes): void {
  let [low, high] = [out.least, out.most];
  for (let k = from; k < to; k++) {
    // What lies beyond the ends is as NaN is: neither less nor more.
    const [a, b] = [least[k] as number, most[k] as number];
    if (a < low) low = a;
    if (b > high) high = b;
  }
  out.least = low;
  out.most = high;
  if (to > from) out.touched += to - from;
}

/** Takes the extremes of samples [from, to) into `out`; where samples are not held, those of all buckets that have some of them. */
export function takeExtremes(of: Pyramid, from: number, to: number, out: Extremes): Extremes {
  const { samples, base, levels } = of;
  let first = Math.max(0, from);
  let end = Math.min(of.count, to);
  if (!(first < end)) return out;
  if (samples === undefined) {
    first = Math.floor(first / base);
    end = Math.ceil(end / base);
  } else {
    const [up, down] = [Math.ceil(first / base), Math.floor(end / base)];
    if (up >= down || levels.length === 0) {
      scan(samples, samples, first, end, out);
      return out;
    }
    scan(samples, samples, first, up * base, out);
    scan(samples, samples, down * base, end, out);
    [first, end] = [up, down];
  }
  for (let k = 0; k < levels.length; k++) {
    const level = levels[k];
    if (level === undefined) break;
    const [up, down] = [Math.ceil(first / STEP), Math.floor(end / STEP)];
    if (up >= down || k === levels.length - 1) {
      scan(level.least, level.most, first, end, out);
      break;
    }
    scan(level.least, level.most, first, up * STEP, out);
    scan(level.least, level.most, down * STEP, end, out);
    [first, end] = [up, down];
  }
  return out;
}

/** A level of buckets of `step` of those of another. */
function levelAbove({ least, most }: Level, step: number): Level {
  const size = Math.ceil(least.length / step);
  const above = { least: new Float32Array(size), most: new Float32Array(size) };
  for (let k = 0; k < size; k++) {
    const one = noExtremes();
    scan(least, most, step * k, Math.min(least.length, step * (k + 1)), one);
    above.least[k] = one.least <= one.most ? one.least : NaN;
    above.most[k] = one.least <= one.most ? one.most : NaN;
  }
  return above;
}

/** Numbers that come piece by piece; there is room for twice as many where they would not fit. */
class Growing {
  #array: Float32Array<ArrayBuffer> = new Float32Array(1024);
  length = 0;

  push(value: number): void {
    this.room(1)[this.length++] = value;
  }

  /** The array, with room for so many more. */
  room(more: number): Float32Array<ArrayBuffer> {
    const least = this.length + more;
    if (least > this.#array.length)
      this.#array = new Float32Array(this.#array.buffer.transfer(4 * Math.max(least, 2 * this.#array.length)));
    return this.#array;
  }

  get filled(): Float32Array<ArrayBuffer> {
    return this.#array.subarray(0, this.length);
  }

  /** All of them in an array of their own, whose room is given back. */
  done(): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#array.buffer.transfer(4 * this.length));
  }
}

/** Makes the pyramid of one channel of samples that come in their order. */
export class PyramidMaker {
  #samples: Growing | undefined = new Growing();
  #least = new Growing();
  #most = new Growing();
  #base = BASE;
  #count = 0;
  /** Of the bucket that is not full. */
  #open = noExtremes();
  #inOpen = 0;

  add(values: Float64Array, from: number, count: number): void {
    const samples = this.#samples;
    if (samples !== undefined) {
      const array = samples.room(count);
      for (let k = 0; k < count; k++) array[samples.length + k] = values[from + k] ?? NaN;
      samples.length += count;
    }
    let [least, most, inOpen] = [this.#open.least, this.#open.most, this.#inOpen];
    for (let k = from; k < from + count; k++) {
      // As it is held and drawn.
      const value = Math.fround(values[k] ?? NaN);
      if (value < least) least = value;
      if (value > most) most = value;
      if (++inOpen < this.#base) continue;
      this.#close(least, most);
      [least, most, inOpen] = [Infinity, -Infinity, 0];
    }
    this.#open.least = least;
    this.#open.most = most;
    this.#inOpen = inOpen;
    this.#count += count;
  }

  #close(least: number, most: number): void {
    const has = least <= most;
    this.#least.push(has ? least : NaN);
    this.#most.push(has ? most : NaN);
  }

  /** From here on samples are not held. */
  letGo(): void {
    this.#samples = undefined;
  }

  /** Buckets that there are. */
  get buckets(): number {
    return this.#least.length;
  }

  /** Makes buckets of WIDER times as many samples. */
  widen(): void {
    const whole = Math.floor(this.#least.length / WIDER) * WIDER;
    const rest = { least: this.#least.filled.slice(whole), most: this.#most.filled.slice(whole) };
    const above = levelAbove(
      { least: this.#least.filled.subarray(0, whole), most: this.#most.filled.subarray(0, whole) },
      WIDER,
    );
    [this.#least, this.#most] = [new Growing(), new Growing()];
    for (let k = 0; k < above.least.length; k++) {
      this.#least.push(above.least[k] ?? NaN);
      this.#most.push(above.most[k] ?? NaN);
    }
    // What is left over is of the bucket that is open.
    scan(rest.least, rest.most, 0, rest.least.length, this.#open);
    this.#inOpen += rest.least.length * this.#base;
    this.#base *= WIDER;
  }

  done(): Pyramid {
    if (this.#inOpen > 0) this.#close(this.#open.least, this.#open.most);
    const levels: Level[] = [{ least: this.#least.done(), most: this.#most.done() }];
    for (let top = levels[0]; top !== undefined && top.least.length > STEP;) {
      top = levelAbove(top, STEP);
      levels.push(top);
    }
    return { count: this.#count, samples: this.#samples?.done(), base: this.#base, levels };
  }
}

/** The pyramid of values that are there already. */
export function pyramidOf(values: Float64Array): Pyramid {
  const maker = new PyramidMaker();
  maker.add(values, 0, values.length);
  return maker.done();
}

/** The arrays of a pyramid, to be handed over. */
export function buffersOf({ samples, levels }: Pyramid): ArrayBuffer[] {
  const arrays = levels.flatMap(({ least, most }) => [least.buffer, most.buffer]);
  return samples === undefined ? arrays : [samples.buffer, ...arrays];
}
