/** The stretch that a revenue meter has measured last: every instantaneous value is an average over it. */
import { COLUMNS, LEVELS_AT, single } from "./columns.ts";

/** How long an instantaneous value is averaged. */
const WINDOW_MS = 1500;
/** What is shorter goes with the next one: samples come in half cycles, and a few are no average. */
const SHORTEST_MS = 100;

export class Window {
  /** Averages: powers in W, var and VA, levels in their own units. */
  readonly average = new Float64Array(COLUMNS);
  /** How long the last one was. */
  seconds = 0;
  readonly #begin = new Float64Array(COLUMNS);
  #from = 0;

  /** Begins a stretch where the integrals stand. */
  begin(total: Float64Array, elapsed: number): void {
    this.#begin.set(total);
    this.#from = elapsed;
  }

  isDue(elapsed: number): boolean {
    return elapsed - this.#from >= WINDOW_MS;
  }

  isShort(elapsed: number): boolean {
    return elapsed - this.#from < SHORTEST_MS;
  }

  /** Ends it; returns how many seconds it was. Samples come in half cycles: what was measured of it is what is averaged over. */
  end(total: Float64Array, elapsed: number): number {
    const { average } = this;
    this.seconds = (elapsed - this.#from) / 1000;
    const measured = (total[single.seconds] ?? 0) - (this.#begin[single.seconds] ?? 0);
    const perSecond = measured > 0 ? 1 / measured : 0;
    for (let k = 0; k < COLUMNS; k++) {
      average[k] = ((total[k] ?? 0) - (this.#begin[k] ?? 0)) * perSecond * (k < LEVELS_AT ? 3600 : 1);
    }
    return this.seconds;
  }
}
