/** The stretch that a revenue meter has measured last: every instantaneous value is an average over it. */
import { single } from "./columns.ts";
import type { Integrals } from "./integrals.ts";

/** How long an instantaneous value is averaged. */
const WINDOW_MS = 1500;
/** What is shorter goes with the next one: samples come in half cycles, and a few are no average. */
const SHORTEST_MS = 100;

/** What a window came to, apart from the meter that measured it. */
export type Measured = Pick<Window, "seconds" | "average">;

export class Window {
  readonly #integrals: Integrals;
  /** How long the last one was; 0 before there has been one. */
  seconds = 0;
  #from = 0;

  constructor(integrals: Integrals, last?: Measured) {
    this.#integrals = integrals;
    if (last === undefined || last.seconds === 0) return;
    integrals.resume(last.average);
    this.seconds = last.seconds;
  }

  /** Averages: powers in W, var and VA, levels in their own units. */
  get average(): Float64Array {
    return this.#integrals.average;
  }

  /** Whether anything was known of the inputs in it: where not, its averages are of nothing. */
  get isKnown(): boolean {
    return (this.average[single.seconds] ?? 0) > 0;
  }

  /** Elapsed time at which it is over. */
  get due(): number {
    return this.#from + WINDOW_MS;
  }

  begin(elapsed: number): void {
    this.#integrals.beginStretch();
    this.#from = elapsed;
  }

  isShort(elapsed: number): boolean {
    return elapsed - this.#from < SHORTEST_MS;
  }

  /** Ends it; returns how many seconds it was. */
  end(elapsed: number): number {
    this.#integrals.endStretch();
    this.seconds = (elapsed - this.#from) / 1000;
    return this.seconds;
  }
}
