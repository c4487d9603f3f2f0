/** What is drawn of a channel in a stretch of time: of each column of pixels the extremes of its samples, or the samples themselves where they are few. */
import { isJoined, rowAt, type Times } from "./axis.ts";
import { noExtremes, takeExtremes, type Extremes, type Pyramid } from "./pyramid.ts";

/** A stretch of time, in seconds from the first sample. */
export interface View {
  readonly from: number;
  readonly to: number;
}

/** Which samples are in each column; made once for all channels that have their times in common. */
export interface Plan {
  readonly width: number;
  /** The first sample of each column; one more for the end of the last. */
  readonly rows: Float64Array;
  /** Whether nothing lies between the first sample of a column and the one before it. */
  readonly joined: Uint8Array;
}

/** Samples of a column above which columns are drawn, and not the samples. */
export const DENSE = 2;

export function planOf(times: Times, { from, to }: View, width: number): Plan {
  const rows = new Float64Array(width + 1);
  const joined = new Uint8Array(width);
  for (let x = 0; x <= width; x++) rows[x] = rowAt(times, from + ((to - from) * x) / width);
  for (let x = 0; x < width; x++) joined[x] = isJoined(times, rows[x] ?? 0) ? 1 : 0;
  return { width, rows, joined };
}

/** Whether there are more samples than can be drawn one by one. */
export function isDense({ rows, width }: Plan): boolean {
  return (rows[width] ?? 0) - (rows[0] ?? 0) > DENSE * width;
}

/** By column the least and the most; NaN of a column without a value. */
export interface Columns {
  readonly least: Float32Array;
  readonly most: Float32Array;
  readonly touched: number;
}

export function columnsOf(pyramid: Pyramid, { width, rows }: Plan): Columns {
  const [least, most] = [new Float32Array(width), new Float32Array(width)];
  const one = noExtremes();
  for (let x = 0; x < width; x++) {
    one.least = Infinity;
    one.most = -Infinity;
    takeExtremes(pyramid, rows[x] ?? 0, rows[x + 1] ?? 0, one);
    const has = one.least <= one.most;
    least[x] = has ? one.least : NaN;
    most[x] = has ? one.most : NaN;
  }
  return { least, most, touched: one.touched };
}

/** The extremes of what is seen of a channel. */
export function extremesIn(pyramid: Pyramid, { rows, width }: Plan): Extremes {
  return takeExtremes(pyramid, rows[0] ?? 0, rows[width] ?? 0, noExtremes());
}
