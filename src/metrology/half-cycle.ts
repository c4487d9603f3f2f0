/**
 * The sums over one half cycle of one phase. The loop runs for every sample of every meter: sums stay in locals and
 * go to the caller's object at the end.
 */
export class HalfCycleSums {
  vv = 0;
  ii = 0;
  vi = 0;
  /** Current times the voltage a quarter of a cycle earlier: the manual's reactive power, current advanced by 90 degrees. */
  shifted = 0;
  vPeak = 0;
  iPeak = 0;
}

/**
 * Sums `n` samples of rings `v` and `i` from index `from` on. `n` is half a cycle and `from` a multiple of it, so the
 * run does not wrap; the quarter before it may.
 */
export function sumHalfCycle(v: Float64Array, i: Float64Array, from: number, n: number, out: HalfCycleSums): void {
  let vv = 0;
  let ii = 0;
  let vi = 0;
  let shifted = 0;
  let vPeak = 0;
  let iPeak = 0;
  const quarter = n / 2;
  let earlier = from === 0 ? v.length - quarter : from - quarter;
  for (let k = from, turn = from + quarter, end = from + n; k < end; k++, earlier++) {
    if (k === turn) earlier = from;
    const vk = v[k]!;
    const ik = i[k]!;
    vv += vk * vk;
    ii += ik * ik;
    vi += vk * ik;
    shifted += v[earlier]! * ik;
    const va = Math.abs(vk);
    const ia = Math.abs(ik);
    if (va > vPeak) vPeak = va;
    if (ia > iPeak) iPeak = ia;
  }
  out.vv = vv;
  out.ii = ii;
  out.vi = vi;
  out.shifted = shifted;
  out.vPeak = vPeak;
  out.iPeak = iPeak;
}

/** The sum of squares of the difference of two runs. */
export function sumDifferenceSquares(x: Float64Array, y: Float64Array, from: number, n: number): number {
  let sum = 0;
  for (let k = from, end = from + n; k < end; k++) {
    const d = x[k]! - y[k]!;
    sum += d * d;
  }
  return sum;
}

/** The sum of squares of the sum of three runs: the neutral's current. */
export function sumTotalSquares(x: Float64Array, y: Float64Array, z: Float64Array, from: number, n: number): number {
  let sum = 0;
  for (let k = from, end = from + n; k < end; k++) {
    const total = x[k]! + y[k]! + z[k]!;
    sum += total * total;
  }
  return sum;
}
