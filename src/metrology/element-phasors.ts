/**
 * The fundamental of each element's voltage over the cycle that ends with each half, against the grid; and which of them the grid is locked to.
 * Where the reference has lost its voltage another takes its place, with what it was off before: the grid does not notice.
 */
import type { Wiring } from "#quantity/wiring.ts";
import type { GridHalf } from "./grid-half.ts";
import { HalfFundamental } from "./half-fundamental.ts";
import { wrapTurns } from "./phase-tracker.ts";

/** What an element's voltage is measured against, other than a phase. */
const NEUTRAL = -1;
const STAR = -2;

const phaseIndex = { a: 0, b: 1, c: 2 } as const;

/** How fast what an element is off the reference is forgotten, a half cycle. */
const FORGET = 0.05;

export class ElementPhasors {
  readonly #wiring: Wiring;
  /** By element: the terminals of its voltage. */
  readonly #plus: Uint8Array;
  readonly #minus: Int8Array;
  /** Of the half that ended last. */
  readonly fundamental: HalfFundamental;
  /** Of va, vb, vc over the last half and the one before it, real and imaginary, against a sine that begins with the half. */
  readonly #re = new Float64Array(6);
  readonly #im = new Float64Array(6);
  /** By element: peak-free magnitude (RMS) and turns at the beginning of the cycle. */
  readonly #rms: Float64Array;
  readonly #turns: Float64Array;
  /** Turns by which an element is ahead of what the grid is locked to; NaN until both were seen. */
  readonly #ahead: Float64Array;
  #reference = 0;
  /** Of the last half and the one before it; all of one that is no half. */
  #blind = [0, 0];
  /** Half cycles, up to the last one, of which too little was there to say anything of any element. */
  unseen = 0;
  /** RMS of the strongest element's fundamental. */
  strongest = 0;

  constructor(wiring: Wiring, half: number) {
    this.#wiring = wiring;
    this.fundamental = new HalfFundamental(half);
    const count = wiring.elements.length;
    this.#plus = Uint8Array.from(wiring.elements, ({ plus }) => phaseIndex[plus]);
    this.#minus = Int8Array.from(wiring.elements, ({ minus }) =>
      minus === "n" ? NEUTRAL : minus === "star" ? STAR : phaseIndex[minus],
    );
    this.#rms = new Float64Array(count);
    this.#turns = new Float64Array(count);
    this.#ahead = new Float64Array(count).fill(NaN);
  }

  /** The element that the grid is locked to from now on. */
  refer(element: number): void {
    this.#reference = element;
    this.#ahead.fill(NaN);
    this.#ahead[element] = 0;
  }

  /** Takes the half cycle that the grid has made; whether it ends a whole cycle. */
  endHalf({ ring, from, half, index, joined, uneven, coverage }: GridHalf): boolean {
    const now = index % 2 === 0 ? 0 : 3;
    const before = 3 - now;
    this.fundamental.measure(ring, from);
    this.#re.set(this.fundamental.cosines, now);
    this.#im.set(this.fundamental.sines, now);
    this.#blind[0] = this.#blind[1]!;
    this.#blind[1] = coverage.blind | (uneven ? -1 : 0);
    this.unseen = joined && coverage.blind !== 0 && this.#isBlind() ? this.unseen + 1 : 0;
    // A cycle has two halves that are halves.
    if (!joined || this.#blind[0] === -1 || this.#blind[1] === -1) return false;
    const scale = Math.SQRT1_2 / half;
    this.strongest = 0;
    for (let e = 0; e < this.#rms.length; e++) {
      const re = this.#part(this.#re, e, now, before);
      const im = this.#part(this.#im, e, now, before);
      const rms = Math.sqrt(re * re + im * im) * scale;
      this.#rms[e] = rms;
      // The cycle begins with the half before.
      this.#turns[e] = Math.atan2(re, im) / (2 * Math.PI);
      if (rms > this.strongest) this.strongest = rms;
    }
    return true;
  }

  /** Of an element over the cycle: against the basis of its first half the second one counts the other way. */
  #part(x: Float64Array, e: number, now: number, before: number): number {
    const plus = this.#plus[e]!;
    const minus = this.#minus[e]!;
    const high = x[before + plus]! - x[now + plus]!;
    if (minus === NEUTRAL) return high;
    if (minus !== STAR) return high - (x[before + minus]! - x[now + minus]!);
    let sum = 0;
    for (let k = 0; k < 3; k++) sum += x[before + k]! - x[now + k]!;
    return high - sum / 3;
  }

  /** Turns of the reference at the beginning of the cycle; NaN where no element of which is known how far ahead it is has a voltage. */
  turns(): number {
    if (!this.#isStrong(this.#reference)) this.#refer();
    const reference = this.#reference;
    if (!this.#isStrong(reference)) return NaN;
    return this.#turns[reference]! - this.#ahead[reference]!;
  }

  /** The last cycle was as it was expected: how far each element is ahead can be told from it. */
  settle(): void {
    const turns = this.#turns[this.#reference]! - this.#ahead[this.#reference]!;
    for (let e = 0; e < this.#rms.length; e++) {
      if (e === this.#reference || !this.#isStrong(e)) continue;
      const ahead = wrapTurns(this.#turns[e]! - turns);
      const known = this.#ahead[e]!;
      this.#ahead[e] = Number.isNaN(known) ? ahead : known + FORGET * wrapTurns(ahead - known);
    }
  }

  #isStrong(e: number): boolean {
    return !this.#isBlindTo(e) && this.#rms[e]! >= this.strongest * Math.SQRT1_2;
  }

  #isBlindTo(e: number): boolean {
    const { plus, minus } = this.#wiring.elements[e]!;
    const channels = minus === "star" ? 7 : (1 << phaseIndex[plus]) | (minus === "n" ? 0 : 1 << phaseIndex[minus]);
    return ((this.#blind[0]! | this.#blind[1]!) & channels) !== 0;
  }

  /** Whether the last cycle says nothing of any element. */
  #isBlind(): boolean {
    for (let e = 0; e < this.#rms.length; e++) if (!this.#isBlindTo(e)) return false;
    return true;
  }

  /** Another element takes the reference's place. */
  #refer(): void {
    for (let e = 0; e < this.#rms.length; e++) {
      if (!this.#isStrong(e)) continue;
      // Of one that was never seen beside the reference nothing is known: it is as good as any.
      if (Number.isNaN(this.#ahead[e]!)) this.#ahead[e] = 0;
      this.#reference = e;
      return;
    }
  }
}
