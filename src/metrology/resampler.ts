import { KaiserSinc } from "./kaiser-sinc.ts";

type Six = [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

/** Inputs of a meter, in the order of its channel arrays. */
export const CHANNELS = 6;

/**
 * Brings six channels from the source's sampling rate to any instants. It keeps what the kernel still needs of the
 * past; positions count input samples from the first one ever appended.
 */
export class Resampler {
  readonly #in: Float64Array[] = [];
  #capacity = 4096;
  /** Absolute position of the first sample held, and how many are held. */
  #first = 0;
  #held = 0;
  #kernel = new KaiserSinc();
  #stretch = 1;
  #coefficients = new Float64Array(this.#kernel.taps);

  constructor() {
    for (let c = 0; c < CHANNELS; c++) this.#in.push(new Float64Array(this.#capacity));
  }

  /** One past the last position held. */
  get end(): number {
    return this.#first + this.#held;
  }

  /** The first sample held that lies `back` before `position` or later: for looking at raw input. */
  raw(channel: number): { readonly samples: Float64Array; readonly first: number; readonly count: number } {
    return { samples: this.#in[channel]!, first: this.#first, count: this.#held };
  }

  append(channels: readonly Float64Array[], count: number): void {
    if (this.#held + count > this.#capacity) this.#grow(this.#held + count);
    for (let c = 0; c < CHANNELS; c++) {
      const from = channels[c]!;
      const to = this.#in[c]!;
      for (let k = 0, at = this.#held; k < count; k++, at++) to[at] = from[k]!;
    }
    this.#held += count;
  }

  #grow(needed: number): void {
    this.#capacity = 2 ** Math.ceil(Math.log2(needed));
    for (let c = 0; c < CHANNELS; c++) {
      const larger = new Float64Array(this.#capacity);
      larger.set(this.#in[c]!.subarray(0, this.#held));
      this.#in[c] = larger;
    }
  }

  /** Forgets what no instant at or after `position` needs. */
  release(position: number): void {
    const keep = Math.floor(position) - this.#kernel.before - 1;
    const drop = Math.min(this.#held, keep - this.#first);
    if (drop <= 0) return;
    for (let c = 0; c < CHANNELS; c++) this.#in[c]!.copyWithin(0, drop, this.#held);
    this.#first += drop;
    this.#held -= drop;
  }

  /** Sets the kernel for outputs that lie `step` input samples apart. */
  prepare(step: number): void {
    const stretch = step <= 1.0001 ? 1 : step;
    if (Math.abs(stretch / this.#stretch - 1) < 0.05) return;
    this.#stretch = stretch;
    this.#kernel = new KaiserSinc(stretch);
    this.#coefficients = new Float64Array(this.#kernel.taps);
  }

  /** Whether all that instants up to `position` need has arrived. */
  covers(position: number): boolean {
    return Math.floor(position) + this.#kernel.taps / 2 < this.end;
  }

  /**
   * Writes `count` instants, from `position` on and `step` apart, to `out[channel][at...]`. What lies before the
   * first sample reads as zero.
   */
  resample(position: number, step: number, count: number, out: readonly Float64Array[], at: number): void {
    const kernel = this.#kernel;
    const taps = kernel.taps;
    const c = this.#coefficients;
    const [x0, x1, x2, x3, x4, x5] = this.#in as Six;
    const [y0, y1, y2, y3, y4, y5] = out as unknown as Six;
    for (let k = 0; k < count; k++) {
      const instant = position + k * step;
      const whole = Math.floor(instant);
      kernel.coefficients(instant - whole, c);
      let from = whole - this.#first - kernel.before;
      let tap = 0;
      if (from < 0) {
        tap = Math.min(taps, -from);
        from = 0;
      }
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let s4 = 0;
      let s5 = 0;
      for (; tap < taps; tap++, from++) {
        const w = c[tap]!;
        s0 += w * x0[from]!;
        s1 += w * x1[from]!;
        s2 += w * x2[from]!;
        s3 += w * x3[from]!;
        s4 += w * x4[from]!;
        s5 += w * x5[from]!;
      }
      const to = at + k;
      y0[to] = s0;
      y1[to] = s1;
      y2[to] = s2;
      y3[to] = s3;
      y4[to] = s4;
      y5[to] = s5;
    }
  }
}
