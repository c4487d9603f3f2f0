/**
 * What stands in the place of samples that are missing, so that what lies beside them can be interpolated: a curve through their neighbours. It is
 * measured nowhere: `coverage.ts` says what is there.
 */
import { CHANNELS } from "./kernels/window.ts";

/** What is missing of samples, which lie interleaved: bit c is set where channel c has none. */
export interface Holed {
  readonly samples: Float64Array;
  readonly missing: Uint8Array;
}

/**
 * Bridges what is missing of the samples at places from `low` up to, not including, `high`, of which the others are there: up to `curved` in a
 * row by a curve of third order through two on either side, more by a straight line; at an end by the neighbour.
 */
export function bridge({ samples, missing }: Holed, low: number, high: number, curved: number): void {
  let any = 0;
  for (let k = low; k < high; k++) any |= missing[k]!;
  for (let c = 0; c < CHANNELS; c++) {
    const bit = 1 << c;
    if ((any & bit) === 0) continue;
    for (let from = low; from < high; from++) {
      if ((missing[from]! & bit) === 0) continue;
      let to = from + 1;
      while (to < high && (missing[to]! & bit) !== 0) to++;
      const isCurved =
        to - from <= curved &&
        from - 2 >= low &&
        to + 1 < high &&
        ((missing[from - 2]! | missing[to + 1]!) & bit) === 0;
      if (isCurved) curve(samples, c, from, to);
      else line(samples, c, { from, to, before: from > low, behind: to < high });
      from = to;
    }
  }
}

/** By Lagrange's formula through the two samples before and the two behind. */
function curve(samples: Float64Array, c: number, from: number, to: number): void {
  const [a, b, d, e] = [from - 2, from - 1, to, to + 1];
  const ya = samples[CHANNELS * a + c]! / ((a - b) * (a - d) * (a - e));
  const yb = samples[CHANNELS * b + c]! / ((b - a) * (b - d) * (b - e));
  const yd = samples[CHANNELS * d + c]! / ((d - a) * (d - b) * (d - e));
  const ye = samples[CHANNELS * e + c]! / ((e - a) * (e - b) * (e - d));
  for (let x = from; x < to; x++) {
    const [p, q, r, s] = [x - a, x - b, x - d, x - e];
    samples[CHANNELS * x + c] = ya * q * r * s + yb * p * r * s + yd * p * q * s + ye * p * q * r;
  }
}

/** From the sample before to that behind; where only one of them is known, that. */
function line(
  samples: Float64Array,
  c: number,
  { from, to, before, behind }: { from: number; to: number; before: boolean; behind: boolean },
): void {
  const [first, last] = [before ? from - 1 : to, behind ? to : from - 1];
  const y0 = before || behind ? samples[CHANNELS * first + c]! : 0;
  const y1 = before || behind ? samples[CHANNELS * last + c]! : 0;
  const slope = last > first ? (y1 - y0) / (last - first) : 0;
  for (let x = from; x < to; x++) samples[CHANNELS * x + c] = y0 + slope * (x - first);
}
