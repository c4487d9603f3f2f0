/**
 * What is known of one cycle, refreshed every half cycle: squares and powers as means over the cycle. Indices 0, 1
 * and 2 are phases a, b and c, or the pairs ab, bc and ca. What is not known is NaN. The fields are made once
 * and overwritten.
 */
export class CycleValues {
  /** Mean squares: voltage to neutral, line to line, of the measuring element, current. */
  readonly v2 = new Float64Array(3);
  readonly ll2 = new Float64Array(3);
  readonly e2 = new Float64Array(3);
  readonly i2 = new Float64Array(3);
  n2 = NaN;
  /** Active power of each element, W, positive on import. */
  readonly p = new Float64Array(3);
  /** Reactive power of each element by the meter's own definition, var, positive when the current lags on import. */
  readonly q = new Float64Array(3);
  /**
   * By element, powers of what is present of the cycle, and the part of it that is: energy is their product with the time. Of a whole cycle they are
   * those above, and 1; where samples were lost those above are not known.
   */
  readonly presentP = new Float64Array(3).fill(NaN);
  readonly presentQ = new Float64Array(3).fill(NaN);
  /** Of the same, mean squares of the element's volts and amps. */
  readonly presentE2 = new Float64Array(3).fill(NaN);
  readonly presentI2 = new Float64Array(3).fill(NaN);
  readonly present = new Float64Array(3);
  /** Largest magnitudes seen in the cycle. */
  readonly vPeak = new Float64Array(3);
  readonly iPeak = new Float64Array(3);
}
