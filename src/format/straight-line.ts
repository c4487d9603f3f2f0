/** A straight line through stamps, of which a segment of one rate is made: between which periods it may rise to pass all of them. */

/** No recording takes a thousand years: a stamp that says so is none. */
export const FOREVER = 3e10;

/** How stamps become seconds, and what has been said of the line. */
interface Clock {
  readonly origin: number;
  readonly factor: number;
  /** Seconds by which a stamp may lie beside the line. */
  readonly tolerance: number;
  /** The period that was decided on; NaN before. */
  readonly period: number;
}

export class StraightLine {
  /** A stamp that lies on it, and its row. */
  at = NaN;
  row = 0;
  /** Its period lies between these. */
  low = 0;
  high = Infinity;

  /** Begins at a row with its stamp. */
  open(row: number, stamp: number): void {
    this.row = row;
    this.at = stamp;
    this.low = 0;
    this.high = Infinity;
  }

  /** Goes on over `times` from k to `to`, of which the first is `before` rows from the beginning; says which one leaves the line or the period. */
  follow(times: Float64Array, before: number, [from, to]: readonly [number, number], clock: Clock): number {
    const { origin, factor, tolerance, period } = clock;
    const { at } = this;
    let { low, high } = this;
    let k = from;
    for (let n = before + k - this.row; k < to; k++, n++) {
      const seconds = (times[k]! - origin) * factor;
      if (n === 0 || !(seconds < FOREVER && seconds > -FOREVER)) continue;
      const early = seconds - at - tolerance;
      const late = seconds - at + tolerance;
      if (early > high * n || late < low * n) break;
      // Divisions take longer than all the rest, and bounds seldom change.
      if (early > low * n) low = early / n;
      if (late < high * n) high = late / n;
      if (period < low || period > high) break;
    }
    this.low = low;
    this.high = high;
    return k;
  }
}
