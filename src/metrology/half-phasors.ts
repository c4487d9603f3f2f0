/**
 * The fundamental of each terminal's voltage over half cycles, as complex numbers that add up: those of two half cycles one after
 * the other are that of a cycle, those of 20 or 24 that of a block. Angles are against the grid's zero crossings.
 */
import type { GridHalf } from "./grid-half.ts";

/** Half cycles that are kept: a block of 12 cycles. */
const KEPT = 24;

/** va, vb, vc. */
const TERMINALS = 3;

/** Sums over a half cycle of each terminal times a cosine, and times a sine. */
type Sums = Pick<GridHalf, "cosines" | "sines">;

export class HalfPhasors {
  readonly #re = new Float64Array(TERMINALS * KEPT);
  readonly #im = new Float64Array(TERMINALS * KEPT);
  readonly #missing = new Uint8Array(KEPT);
  #at = 0;
  /** Half cycles that follow one another without a gap or one that is none, up to the last one. */
  since = 0;
  /** Of the last sum, RMS-scaled by whoever asks. */
  re = 0;
  im = 0;

  half(half: GridHalf): void {
    this.take(half, half, half.missing);
  }

  /** Takes a half cycle of other terminals, whose bits in `missing` are the lowest. */
  take({ half, index, joined, uneven }: GridHalf, { cosines, sines }: Sums, missing: number): void {
    this.since = uneven ? 0 : joined ? this.since + 1 : 1;
    this.#at = (this.#at + 1) % KEPT;
    // Half cycles that begin at a falling crossing count against the basis of those that begin at a rising one; RMS of a cycle.
    const scale = (index % 2 === 0 ? 1 : -1) / (Math.SQRT2 * half);
    this.#missing[this.#at] = missing;
    for (let c = 0; c < TERMINALS; c++) {
      this.#re[c * KEPT + this.#at] = scale * cosines[c]!;
      this.#im[c * KEPT + this.#at] = -scale * sines[c]!;
    }
  }

  /** Sets `re` and `im` to the RMS pointer of `plus` less `minus` over the last `count` half cycles. */
  sum(plus: number, minus: number | undefined, count: number): void {
    let re = 0;
    let im = 0;
    for (let k = 0, at = this.#at; k < count; k++, at = at === 0 ? KEPT - 1 : at - 1) {
      re += this.#re[plus * KEPT + at]!;
      im += this.#im[plus * KEPT + at]!;
      if (minus === undefined) continue;
      re -= this.#re[minus * KEPT + at]!;
      im -= this.#im[minus * KEPT + at]!;
    }
    this.re = (2 * re) / count;
    this.im = (2 * im) / count;
  }

  /** The magnitude of the last sum. */
  get rms(): number {
    return Math.sqrt(this.re * this.re + this.im * this.im);
  }

  /** Turns of the last sum, 0 of a sine that crosses zero upwards where the grid does. */
  get turns(): number {
    return Math.atan2(this.re, -this.im) / (2 * Math.PI);
  }

  /** The channels of which anything is missing in the last `count` half cycles, as bits. */
  missing(count: number): number {
    let bits = 0;
    for (let k = 0, at = this.#at; k < count; k++, at = at === 0 ? KEPT - 1 : at - 1) bits |= this.#missing[at]!;
    return bits;
  }
}
