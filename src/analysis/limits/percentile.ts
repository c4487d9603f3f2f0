/**
 * Percentiles as the standards mean them: the value that so many percent of the values do not exceed, by nearest rank. It is one of
 * the values, never between two: the smallest that at least p percent of all are not above, number ceil(p N / 100) of N in order.
 * "95 % of the values shall be within" (EN 50160) holds exactly when this percentile does; "exceeded for 1 % of the period" (IEEE 519)
 * is the 99th. Values that are not known (NaN) do not count.
 */

/** Which of `count` values in order of size, counted from 1; undefined of none. Percents have at most three decimals. */
export function rankOf(percent: number, count: number): number | undefined {
  if (!(percent > 0 && percent <= 100)) {
    throw new RangeError(`a percentile of ${percent} %: expected more than 0 and at most 100`);
  }
  // Whole numbers, as 0.95 has no exact double: 95 % of 20 is 19.
  return count === 0 ? undefined : Math.ceil((Math.round(percent * 1000) * count) / 100_000);
}

/** How many of the values are known. */
export function knownCount(values: Float64Array): number {
  let known = 0;
  for (let k = 0; k < values.length; k++) if (!Number.isNaN(values[k]!)) known++;
  return known;
}

/** The percentile by nearest rank; undefined where nothing is known. */
export function percentile(values: Float64Array, percent: number): number | undefined {
  return percentileOf(
    values.filter((value) => !Number.isNaN(value)),
    percent,
  );
}

/** Of values that are all known, in no order; they are moved. */
export function percentileOf(values: Float64Array, percent: number): number | undefined {
  const rank = rankOf(percent, values.length);
  return rank === undefined ? undefined : nthSmallest(values, rank - 1);
}

/** The n-th smallest, counted from 0, by partitions of ever fewer values around one of them (C. A. R. Hoare, "Find", 1961). */
function nthSmallest(values: Float64Array, n: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = middleOf(values[low]!, values[(low + high) >> 1]!, values[high]!);
    let [left, right] = [low, high];
    while (left <= right) {
      while (values[left]! < pivot) left++;
      while (values[right]! > pivot) right--;
      if (left > right) break;
      const moved = values[left]!;
      values[left++] = values[right]!;
      values[right--] = moved;
    }
    if (n <= right) high = right;
    else if (n >= left) low = left;
    else break;
  }
  return values[n]!;
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
