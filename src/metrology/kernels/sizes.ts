/**
 * How large three signals and their differences are over a block: of which RMS and crest factors are made. The kernel is sizes.as.ts;
 * sizes-reference.ts says the same in plain words.
 */
import { copyRound, kernels, memory, scratch } from "./memory.ts";

/** Of x, y, z, x - y, y - z and z - x. */
export class Sizes {
  /** Sums of squares. */
  readonly squares = new Float64Array(6);
  /** The largest magnitude; what is not a number has none. */
  readonly peaks = new Float64Array(6);
}

export type MeasureSizes = (
  rings: readonly [Float64Array, Float64Array, Float64Array],
  from: number,
  n: number,
  out: Sizes,
) => void;

/** Measures `n` samples, an even number, of three rings from index `from` on, going round at their end. */
export const measureSizes: MeasureSizes = (rings, from, n, out) => {
  if (!(n > 0 && n % 2 === 0)) throw new RangeError(`sizes of ${n} samples; expected an even number`);
  const at = scratch(8 * (3 * n + 24)) / 8;
  copyRound(rings[0], from, n, at);
  copyRound(rings[1], from, n, at + n);
  copyRound(rings[2], from, n, at + 2 * n);
  kernels.measureSizes(8 * at, n, 8 * (at + 3 * n));
  const made = memory();
  for (let c = 0, k = at + 3 * n; c < 6; c++, k += 2) {
    out.squares[c] = made[k]! + made[k + 1]!;
    out.peaks[c] = Math.sqrt(Math.max(made[k + 12]!, made[k + 13]!));
  }
};
