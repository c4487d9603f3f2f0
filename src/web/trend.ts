/** How a value of a meter has gone, in at most so many points: least, mean and most of each, doubtful records apart, gaps kept. */
import { limits } from "#quantity/limits.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { Profile, ProfileRecord } from "#quantity/profile.ts";
import { runsBetween } from "#quantity/series.ts";
import type { TrendSeries, TrendSeriesView, TrendsView, TrendView } from "#quantity/trend-api.ts";
import { trendChannelsOf } from "./trend-channel.ts";
import { addRecord, addTaken, clearChannel, SLICE, TrendPieces, type Piece } from "./trend-pieces.ts";

export interface TrendQuery {
  readonly series: TrendSeries;
  readonly number: number;
  /** From 1. */
  readonly channel: number;
  /** Milliseconds of UTC; all there is unless said. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly most: number;
}

function seriesOf(surface: MeterSurface, series: TrendSeries): readonly Profile[] {
  return series === "profile" ? surface.profiles : surface.measurementLogs;
}

function endsOf(profile: Profile): { readonly from: number; readonly to: number } | undefined {
  const [oldest] = profile.page(profile.first, 1);
  const [newest] = profile.page(profile.next - 1, 1);
  if (oldest === undefined || newest === undefined) return undefined;
  // The newest is not the last by its clock where that was set back.
  return { from: Math.min(oldest.start.utc, newest.start.utc), to: Math.max(oldest.end.utc, newest.end.utc) };
}

/** What there is to be seen. */
export function trendsOf(surface: MeterSurface): TrendsView {
  const of = (series: TrendSeries): readonly TrendSeriesView[] =>
    seriesOf(surface, series).map((profile, k) => {
      const ends = endsOf(profile);
      return {
        series,
        number: k + 1,
        interval: profile.interval,
        records: profile.next - profile.first,
        from: ends?.from ?? null,
        to: ends?.to ?? null,
        channels: trendChannelsOf(profile).map(({ channel, measure, unit, side }) => ({
          channel,
          measure,
          unit,
          side,
        })),
      };
    });
  return { name: surface.identity.name, series: [...of("profile"), ...of("log")] };
}

/** A point that is being made. */
interface Point {
  readonly index: number;
  start: number;
  end: number;
  offset: number;
  records: number;
  readonly numbers: Float64Array;
}

const NUMBERS = 8;

/** Points by their places in a stretch of time. */
class Points {
  readonly #points = new Map<number, Point>();
  readonly #from: number;
  readonly #length: number;
  readonly #most: number;

  constructor(from: number, to: number, most: number) {
    this.#most = most;
    this.#from = from;
    this.#length = Math.max(1, (to - from) / most);
  }

  /** Where what lies between two instants belongs. */
  at({ start, end, offset, records }: Omit<Piece, "numbers" | "at">): Float64Array {
    const place = Math.floor(((start + end) / 2 - this.#from) / this.#length);
    // What lies in the time for a part only belongs to its first or its last point.
    const index = Math.min(Math.max(place, 0), this.#most - 1);
    let point = this.#points.get(index);
    if (point === undefined) {
      point = { index, start, end, offset, records: 0, numbers: new Float64Array(NUMBERS) };
      clearChannel(point.numbers, 0);
      this.#points.set(index, point);
    }
    if (start < point.start) [point.start, point.offset] = [start, offset];
    point.end = Math.max(point.end, end);
    point.records += records;
    return point.numbers;
  }

  get inOrder(): readonly Point[] {
    return [...this.#points.values()].toSorted((a, b) => a.index - b.index);
  }
}

interface Held {
  readonly profile: Profile;
  readonly pieces: TrendPieces;
}

export class Trends {
  /** By meter and series, those that were asked for last at the end. */
  readonly #held = new Map<string, Held>();
  readonly #turn: () => Promise<void>;

  constructor(turn: () => Promise<void>) {
    this.#turn = turn;
  }

  /** In words what is wrong with the question; undefined of a series that there is not. */
  async answer(surface: MeterSurface, query: TrendQuery): Promise<TrendView | string | undefined> {
    const { series, number, channel } = query;
    const profile = seriesOf(surface, series)[number - 1];
    if (profile === undefined) return undefined;
    const channels = trendChannelsOf(profile);
    const shown = channels[channel - 1];
    if (shown === undefined) return `channel: expected one from 1 to ${channels.length}`;
    const ends = endsOf(profile);
    const { from = ends?.from ?? 0, to = ends?.to ?? 0 } = query;
    if (to < from) return "to: expected an instant that is not before from";
    const points = new Points(from, to, query.most);
    if (ends !== undefined) await this.#fill(points, { surface, profile, query: { ...query, from, to } });
    const { measure, unit, side } = shown;
    return { name: surface.identity.name, series, number, channel, measure, unit, side, ...columnsOf(points.inOrder) };
  }

  async #fill(points: Points, asked: Asked): Promise<void> {
    const { profile, query } = asked;
    const { from, to, most } = query;
    const count = runsBetween(profile, from, to).reduce((sum, { first, next }) => sum + next - first, 0);
    const pieces = count <= limits.web.trendRecords * most ? undefined : await this.#piecesOf(asked);
    const runs = runsBetween(profile, from, to);
    for (const { first, next } of runs) {
      // The record after the last of a run may begin in time, and end later.
      const isRunOn = runs.every((other) => other.first !== next);
      const last = isRunOn ? Math.min(next + 1, profile.next) : next;
      const whole = pieces?.whole(query.channel - 1, { first, next });
      for (const piece of whole?.pieces ?? []) addTaken(points.at(piece), 0, piece);
      const [begin, end] = [whole?.first ?? last, whole?.next ?? last];
      await this.#records(points, asked, first, Math.min(begin, last));
      await this.#records(points, asked, Math.max(first, end), last);
    }
  }

  /** Adds records from a number to before another, each that lies in the time for a part at least. */
  async #records(points: Points, { profile, query }: Asked, first: number, next: number): Promise<void> {
    const channel = trendChannelsOf(profile)[query.channel - 1];
    if (channel === undefined) return;
    const isIn = ({ start, end }: ProfileRecord): boolean =>
      end.utc > start.utc && end.utc > query.from && start.utc < query.to;
    for (let at = first; at < next; at += SLICE) {
      for (const record of profile.page(at, Math.min(SLICE, next - at))) {
        if (!isIn(record)) continue;
        const { start, end } = record;
        const place = { start: start.utc, end: end.utc, offset: start.offsetMinutes, records: 1 };
        addRecord(points.at(place), 0, channel, record);
      }
      if (at + SLICE < next) await this.#turn();
    }
  }

  async #piecesOf({ surface, profile, query: { series, number } }: Asked): Promise<TrendPieces> {
    const key = `${surface.identity.name}\n${series} ${number}`;
    const before = this.#held.get(key);
    // A meter that is set up otherwise has other series.
    const held = before?.profile === profile ? before : { profile, pieces: new TrendPieces(profile) };
    this.#held.delete(key);
    this.#held.set(key, held);
    await held.pieces.grow(this.#turn);
    let size = [...this.#held.values()].reduce((sum, { pieces }) => sum + pieces.size, 0);
    for (const [other, { pieces }] of this.#held) {
      if (size <= limits.web.trendNumbers || other === key) break;
      this.#held.delete(other);
      size -= pieces.size;
    }
    return held.pieces;
  }
}

interface Asked {
  readonly surface: MeterSurface;
  readonly profile: Profile;
  readonly query: TrendQuery & { readonly from: number; readonly to: number };
}

type Columns = Omit<TrendView, "name" | "series" | "number" | "channel" | "measure" | "unit" | "side">;

/** Digits of a value: more than its accuracy is worth. */
const DIGITS = 7;

function columnsOf(points: readonly Point[]): Columns {
  const plain = (value: number): number => Number(value.toPrecision(DIGITS));
  /** Least, mean and most of the one half of its numbers. */
  const of = ({ numbers }: Point, at: number) => {
    const [least = 0, most = 0, sum = 0, known = 0] = numbers.subarray(at, at + NUMBERS / 2);
    return known > 0 ? { least: plain(least), mean: plain(sum / known), most: plain(most), known } : undefined;
  };
  const good = points.map((one) => of(one, 0));
  return {
    starts: points.map(({ start }) => start),
    ends: points.map(({ end }) => end),
    offsets: points.map(({ offset }) => offset),
    least: good.map((one) => one?.least ?? null),
    mean: good.map((one) => one?.mean ?? null),
    most: good.map((one) => one?.most ?? null),
    known: good.map((one) => one?.known ?? 0),
    doubtful: points.flatMap((one, at) => {
      const doubtful = of(one, NUMBERS / 2);
      return doubtful === undefined ? [] : [{ at, ...doubtful }];
    }),
    records: points.reduce((sum, { records }) => sum + records, 0),
  };
}
