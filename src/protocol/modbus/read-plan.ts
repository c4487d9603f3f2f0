/**
 * Which requests read a set of values: the fewest that the device allows. No value is cut in two, because a device may
 * change it between two answers; and no request touches registers that nobody asked for unless the device lets it.
 */
import { MAX_READ } from "./pdu.ts";

/** Registers that belong together: a value to read, or a request that reads several. */
export interface Span {
  readonly first: number;
  readonly count: number;
}

export interface ReadLimits {
  /** Most registers that the device answers at once; 125, the protocol's own limit, unless it has less. */
  readonly most?: number;
  /** Most unwanted registers between two values that a request may run along; 0 unless the device has no holes there. */
  readonly gap?: number;
}

/**
 * The requests in ascending order. `there` are registers that the device has, wanted or not: a request may run along them. Throws a
 * RangeError for a value that no request can hold.
 */
export function planReads(
  values: readonly Span[],
  { most = MAX_READ, gap = 0 }: ReadLimits = {},
  there: readonly Span[] = [],
): Span[] {
  const limit = Math.min(most, MAX_READ);
  const long = values.find(({ count }) => count > limit);
  if (long !== undefined) {
    throw new RangeError(`the value at ${long.first} has ${long.count} registers; a request reads at most ${limit}`);
  }
  // The first value that is left must be in some request; of those that hold it, the one that begins with it reaches furthest.
  let left = values.toSorted((a, b) => a.first - b.first || a.count - b.count);
  const requests: Span[] = [];
  const runs = runsOf(there);
  /** How far a request that reaches to `end` may go on to the next value. */
  const reach = (end: number): number =>
    Math.max(end + gap, runs.find(({ first, end: last }) => first <= end && end < last)?.end ?? 0);
  while (left[0] !== undefined) {
    const { first } = left[0];
    let end = first;
    const later: Span[] = [];
    for (const value of left) {
      const valueEnd = value.first + value.count;
      if (value.first <= (end === first ? first : reach(end)) && valueEnd <= first + limit)
        end = Math.max(end, valueEnd);
      else later.push(value);
    }
    requests.push({ first, count: end - first });
    left = later;
  }
  return requests;
}

/** Registers without a hole between them, in ascending order. */
function runsOf(spans: readonly Span[]): readonly { readonly first: number; readonly end: number }[] {
  const runs: { first: number; end: number }[] = [];
  for (const { first, count } of spans.toSorted((a, b) => a.first - b.first)) {
    const last = runs.at(-1);
    if (last !== undefined && first <= last.end) last.end = Math.max(last.end, first + count);
    else runs.push({ first, end: first + count });
  }
  return runs;
}
