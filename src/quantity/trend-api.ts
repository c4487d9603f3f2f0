/** What a site's HTTP API says of how a value has gone over days and years, made of a meter's load profiles and measurement log. */
import type { Side } from "./measure.ts";

export const trendSeries = ["profile", "log"] as const;
/** A load profile, or a group of the measurement log. */
export type TrendSeries = (typeof trendSeries)[number];

export interface TrendChannelView {
  /** Counted from 1. */
  readonly channel: number;
  /** "W.import" of a channel that counts Wh.import. */
  readonly measure: string;
  readonly unit: string;
  readonly side: Side | null;
}

export interface TrendSeriesView {
  readonly series: TrendSeries;
  readonly number: number;
  /** Minutes, or "day", "week", "month", "cycles". */
  readonly interval: number | string;
  readonly records: number;
  /** When the oldest record began and the newest ended, milliseconds since 1970; null of an empty one. */
  readonly from: number | null;
  readonly to: number | null;
  readonly channels: readonly TrendChannelView[];
}

export interface TrendsView {
  readonly name: string;
  readonly series: readonly TrendSeriesView[];
}

type Column = readonly (number | null)[];

/** Points, oldest first, by columns: each of some records that follow on each other in time. */
export interface TrendView extends TrendChannelView {
  readonly name: string;
  readonly series: TrendSeries;
  readonly number: number;
  /** Milliseconds since 1970. What lies between the end of a point and the start of the next is not known. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Minutes that local time was ahead of UTC where it starts. */
  readonly offsets: readonly number[];
  /** Of the records that nothing is remarkable about; null where there are none. */
  readonly least: Column;
  readonly mean: Column;
  readonly most: Column;
  /** Milliseconds of them. */
  readonly known: readonly number[];
  /** Of the others: flagged ones, and those of a clock that was set, a test, an overflow; by the places of their points. */
  readonly doubtful: readonly {
    readonly at: number;
    readonly least: number;
    readonly mean: number;
    readonly most: number;
    readonly known: number;
  }[];
  /** Records that stand behind the points. */
  readonly records: number;
}
