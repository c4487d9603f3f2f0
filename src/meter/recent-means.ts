/** Running averages of power and current over the last seconds, anew each cycle: what some meters call a short demand. */
import type { CycleResult } from "./cycle-result.ts";

/** As delivered (63230-300-212, registers 1805 and 1845). */
export const SHORT_SECONDS = 15;

/** W, var and VA, import less export; the currents of a, b, c and neutral, and their mean. */
const PLACES = 8;
export const recentCurrents = 3;

export class RecentMeans {
  /** The last cycles, in no order. */
  readonly #cycles: Float64Array[];
  #next = 0;

  constructor(cycleMs: number) {
    const count = Math.max(1, Math.round((1000 * SHORT_SECONDS) / cycleMs));
    this.#cycles = Array.from({ length: count }, () => new Float64Array(PLACES).fill(NaN));
  }

  cycle({ wTotal, qTotal, sTotal, a, n }: CycleResult, meanAmps: number): void {
    const cycle = this.#cycles[this.#next];
    this.#next = (this.#next + 1) % this.#cycles.length;
    if (cycle === undefined) return;
    cycle[0] = wTotal;
    cycle[1] = qTotal;
    cycle[2] = wTotal < 0 ? -sTotal : sTotal;
    cycle.set(a, recentCurrents);
    cycle[recentCurrents + 3] = n;
    cycle[recentCurrents + 4] = meanAmps;
  }

  /** Of the cycles in which something was measured; NaN where there was none. */
  mean(place: number): number {
    let [sum, count] = [0, 0];
    for (const cycle of this.#cycles) {
      const value = cycle[place] ?? NaN;
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
    return sum / count;
  }
}
