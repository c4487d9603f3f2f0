/** The kernel is half-cycle.as.ts; half-cycle-reference.ts says the same in plain words. */
import { checkHalfCycle, type HalfCycleSums } from "./half-cycle-sums.ts";
import { copyIn, copyOut, kernels, scratch } from "./memory.ts";

/**
 * Sums `n` samples of six rings (three voltages, three currents) from index `from` on. `n` is half a cycle, an even number; the run does not
 * wrap, but the quarter before it may.
 */
export function sumHalfCycle(rings: readonly Float64Array[], from: number, n: number, out: HalfCycleSums): void {
  checkHalfCycle(rings, from, n);
  const quarter = n / 2;
  const at = scratch(8 * (3 * (n + quarter) + 3 * n + 22)) / 8;
  let to = at;
  for (let c = 0; c < 6; c++) {
    const ring = rings[c]!;
    if (c >= 3) copyIn(ring, from, n, to);
    else if (from >= quarter) copyIn(ring, from - quarter, quarter + n, to);
    else {
      // The quarter before is partly, or whole, at the end of the ring.
      copyIn(ring, ring.length - quarter + from, quarter - from, to);
      copyIn(ring, 0, from + n, to + quarter - from);
    }
    to += c < 3 ? quarter + n : n;
  }
  kernels.sumHalfCycle(8 * at, 8 * (at + 3 * (quarter + n)), n, quarter, 8 * to);
  copyOut(to, 22, out.all, 0);
}
