/** The sampling period that fits stamps: all periods between two bounds do, and the simplest of them is the recorder's. */

/** Stamps from which on their mean slope says more than their extremes. */
const ENOUGH = 16;

/** With fewer the mean step is believed to this part of it. */
const FEW = 1e-3;

/** How many standard errors of a slope are still believed. */
const BELIEVED = 6;

/** The rate with the fewest digits between two, or the one in the middle where none is simpler. */
export function simplestRate(low: number, high: number): number {
  const middle = (low + high) / 2;
  if (!(low > 0 && Number.isFinite(high))) return middle;
  for (let digits = Math.floor(Math.log10(high)); digits > -12; digits--) {
    const step = 10 ** digits;
    const rate = digits >= 0 ? Math.round(middle / step) * step : Math.round(middle / step) / 10 ** -digits;
    if (rate >= low && rate <= high) return rate;
  }
  return middle;
}

/**
 * Narrows bounds of the period by the slope of the straight line that fits stamps best (least squares). `times` are seconds at
 * [from, to), NaN where there is none.
 */
export function narrowed(
  times: Float64Array,
  [from, to]: readonly [number, number],
  [low, high]: readonly [number, number],
): readonly [number, number] {
  let [count, sumK, sumT, last] = [0, 0, 0, 0];
  const first = times[from] ?? NaN;
  for (let k = from; k < to; k++) {
    const t = times[k]! - first;
    if (!Number.isFinite(t)) continue;
    count++;
    sumK += k - from;
    sumT += t;
    last = t / Math.max(1, k - from);
  }
  if (count < ENOUGH) return last > 0 ? within([low, high], last, FEW * last) : [low, high];
  const [meanK, meanT] = [sumK / count, sumT / count];
  let [kk, kt] = [0, 0];
  for (let k = from; k < to; k++) {
    const t = times[k]! - first;
    if (!Number.isFinite(t)) continue;
    kk += (k - from - meanK) ** 2;
    kt += (k - from - meanK) * (t - meanT);
  }
  const slope = kt / kk;
  let rest = 0;
  for (let k = from; k < to; k++) {
    const t = times[k]! - first;
    if (Number.isFinite(t)) rest += (t - meanT - slope * (k - from - meanK)) ** 2;
  }
  const error = BELIEVED * Math.sqrt(rest / (count - 2) / kk);
  return within([low, high], slope, error);
}

/** The part of bounds that lies within an error of a value; the bounds themselves where there is none. */
function within([low, high]: readonly [number, number], value: number, error: number): readonly [number, number] {
  const [lower, upper] = [Math.max(low, value - error), Math.min(high, value + error)];
  return lower <= upper ? [lower, upper] : [low, high];
}
