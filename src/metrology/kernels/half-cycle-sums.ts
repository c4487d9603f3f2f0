/** Sums over half a cycle of three voltages and three currents, and the largest of each without its sign. */
export class HalfCycleSums {
  /** All of them, in the order in which the kernel writes them. */
  readonly all = new Float64Array(22);
  /** Squares of the voltages, of the currents, and products of the two. */
  readonly vv = this.all.subarray(0, 3);
  readonly ii = this.all.subarray(3, 6);
  readonly vi = this.all.subarray(6, 9);
  /** Current times the voltage a quarter of a cycle earlier: the manual's reactive power, current advanced by 90 degrees. */
  readonly shifted = this.all.subarray(9, 12);
  readonly vPeak = this.all.subarray(12, 15);
  readonly iPeak = this.all.subarray(15, 18);
  /** Squares of the differences a - b, b - c and c - a of the voltages. */
  readonly ll = this.all.subarray(18, 21);

  /** Squares of the sum of the currents. */
  get neutral(): number {
    return this.all[21]!;
  }
}

/** Throws where half a cycle is not a whole number of quarters, or wraps. */
export function checkHalfCycle(rings: readonly Float64Array[], from: number, n: number): void {
  for (let c = 0; c < 6; c++) {
    const length = rings[c]?.length ?? 0;
    if (!(n > 0 && n % 2 === 0 && from >= 0 && from + n <= length)) {
      throw new RangeError(`half a cycle of ${n} samples from ${from} on, in a ring ${c} of ${length}`);
    }
  }
}
