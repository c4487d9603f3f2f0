/**
 * What follows from volts, amps, watts and vars of any window: of one half cycle's values as of a calculation cycle's
 * averages. IEEE 1459 for the quadrants; the signs of the power factor as the meters' manuals have them.
 */

/** W / VA, -1 to 1, signed by the direction of W; with nothing flowing the factor is 1. */
export function powerFactor(w: number, s: number): number {
  return s === 0 ? 1 : Math.max(-1, Math.min(1, w / s));
}

/** 1 to 4, counter-clockwise: import and lagging, export and var import, export and var export, import and leading. */
export function quadrantOf(w: number, q: number): number {
  if (Number.isNaN(w)) return NaN;
  return q >= 0 ? (w < 0 ? 2 : 1) : w < 0 ? 3 : 4;
}

/**
 * The power factor with the JEMStar's sign: + for lagging (quadrants 1 and 3), - for leading (2 and 4). Unity is neither, and has
 * no minus: vars that are rounding would flicker there.
 */
export function leadLagFactor(w: number, q: number, s: number): number {
  const factor = Math.abs(powerFactor(w, s));
  const leading = quadrantOf(w, q) % 2 === 0;
  return leading && factor < 1 ? -factor : factor;
}

/** Q-hour power lags active power by 60 degrees: W / 2 + var sqrt(3) / 2. */
export function qPower(w: number, q: number): number {
  return w / 2 + (q * Math.sqrt(3)) / 2;
}

/** Apparent power as the vector sum of W and var. */
export function vectorPower(w: number, q: number): number {
  return Math.sqrt(w * w + q * q);
}

/** The mean of the valid ones; NaN when there is none. */
export function mean(values: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (let k = 0; k < values.length; k++) {
    if (Number.isNaN(values[k]!)) continue;
    sum += values[k]!;
    count++;
  }
  return sum / count;
}

/** The sum of the valid ones; NaN when there is none. */
export function total(values: Float64Array): number {
  let sum = NaN;
  for (let k = 0; k < values.length; k++) {
    if (!Number.isNaN(values[k]!)) sum = Number.isNaN(sum) ? values[k]! : sum + values[k]!;
  }
  return sum;
}

/** Largest deviation from the mean, in percent of the mean. */
export function imbalance(values: Float64Array): number {
  const middle = mean(values);
  let worst = NaN;
  for (let k = 0; k < values.length; k++) {
    const off = Math.abs(values[k]! - middle);
    if (!Number.isNaN(off) && !(off <= worst)) worst = off;
  }
  return (100 * worst) / middle;
}
