/**
 * The stretch that a revenue meter has measured last: every instantaneous value is an average over it. It ends early when other
 * inputs are known than at its beginning: what is lost is not known from then on, and what comes is not mixed with what was.
 */
import { single } from "./columns.ts";
import type { Integrals } from "./integrals.ts";
import { ALL_ROWS, unknownRows } from "./known.ts";

/** How long an instantaneous value is averaged. */
const WINDOW_MS = 1500;
/** How long at first of samples, where nothing is known yet of something that is measured. */
const HASTY_MS = 300;
/** What is shorter goes with the next one: samples come in half cycles, and a few are no average. */
const SHORTEST_MS = 100;

/** What a window came to, apart from the meter that measured it. */
export type Measured = Pick<Window, "seconds" | "average">;

export class Window {
  readonly #integrals: Integrals;
  /** How long the last one was; 0 before there has been one. */
  seconds = 0;
  #from = 0;
  /** What is not known of the inputs now: rows of known.ts. */
  #lost = ALL_ROWS;
  readonly #isSampled: boolean;
  #isHasty = false;

  constructor(
    integrals: Integrals,
    { last, isSampled }: { readonly last?: Measured | undefined; readonly isSampled: boolean },
  ) {
    this.#integrals = integrals;
    this.#isSampled = isSampled;
    if (last === undefined || last.seconds === 0) return;
    integrals.resume(last.average);
    this.seconds = last.seconds;
    if (this.isKnown) this.#lost = unknownRows(last.average);
  }

  /** Averages: powers in W, var and VA, levels in their own units; NaN of what was not known in it, or is not any more. */
  get average(): Float64Array {
    return this.#integrals.average;
  }

  /** Whether anything was known of the inputs in it: where not, its averages are of nothing. */
  get isKnown(): boolean {
    return (this.average[single.seconds] ?? 0) > 0;
  }

  /** Whether something is measured of which no window has come to its end yet. */
  get isAwaited(): boolean {
    return !this.isKnown || (unknownRows(this.average) & ~this.#lost) !== 0;
  }

  /** Elapsed time at which it is over. */
  get due(): number {
    return this.#from + (this.#isHasty ? HASTY_MS : WINDOW_MS);
  }

  begin(elapsed: number): void {
    this.#integrals.beginStretch();
    this.#from = elapsed;
    this.#isHasty = false;
  }

  isShort(elapsed: number): boolean {
    return elapsed - this.#from < SHORTEST_MS;
  }

  /** Whether nothing is known. */
  get isBlind(): boolean {
    return this.#lost === ALL_ROWS;
  }

  /** Whether other inputs are known at these rates than before; without rates, none are. */
  isOther(rates?: Float64Array): boolean {
    return lostAt(rates) !== this.#lost;
  }

  /** Everything is lost, and what was measured last was measured so briefly that it has only just been shown: it goes with the next end. */
  leave(): void {
    this.#lost = ALL_ROWS;
  }

  /** What is known from here on: nothing is said any more of what is not. */
  follow(rates?: Float64Array): void {
    const lost = lostAt(rates);
    if ((this.#lost & ~lost) !== 0) this.#isHasty = this.#isSampled;
    this.#lost = lost;
    this.#integrals.forget(lost);
  }

  /** Ends it; returns how many seconds it was. */
  end(elapsed: number): number {
    this.#integrals.endStretch();
    this.#integrals.forget(this.#lost);
    this.seconds = (elapsed - this.#from) / 1000;
    return this.seconds;
  }
}

function lostAt(rates: Float64Array | undefined): number {
  return rates === undefined ? ALL_ROWS : unknownRows(rates);
}
