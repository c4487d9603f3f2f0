/**
 * Instants that are not even, as stretches that are, which is how COMTRADE says them (rates, each up to a sample): a stretch is as long as no instant
 * in it is further from its place than half a microsecond, what the stamp of a sample is rounded by.
 */
export interface Stretch {
  /** Samples a second. */
  readonly rate: number;
  readonly count: number;
}

const OFF = 0.5e-6;

/** Where the stretch ends that begins at `from`: the sample that begins the next one, which is exactly a period after its last. */
function endOf(times: Float64Array, from: number): number {
  const base = times[from] ?? NaN;
  let [low, high] = [0, Infinity];
  let end = from + 1;
  for (let k = from + 1; k < times.length; k++) {
    const apart = (times[k] ?? NaN) - base;
    const n = k - from;
    const step = apart / n;
    if (step >= low && step <= high) end = k;
    low = Math.max(low, (apart - OFF) / n);
    high = Math.min(high, (apart + OFF) / n);
    if (low > high) return end;
  }
  return times.length;
}

/** Of rising instants; a single one says no rate, and has one a second. */
export function evenStretches(times: Float64Array): readonly Stretch[] {
  const stretches: Stretch[] = [];
  const last = times.length - 1;
  for (let from = 0; from <= last;) {
    const end = endOf(times, from);
    const count = end - from;
    // The last stretch has no sample behind it; what is one sample long goes on as what was before it.
    const to = Math.min(end, last);
    const length = (times[to] ?? NaN) - (times[from] ?? NaN);
    stretches.push({ rate: to > from ? (to - from) / length : (stretches.at(-1)?.rate ?? 1), count });
    from = end;
  }
  return stretches;
}
