/**
 * A group of the measurement log as it goes into files, each record once, in order: ranges of records that end in one period. A range is over
 * when a record of another period comes, when its period is over by the clock, or when somebody ends it.
 */
import type { ProfileRecord } from "#quantity/profile.ts";
import type { Series } from "#quantity/series.ts";
import type { LocalTime } from "#clock/local-time.ts";
import { periodOf, type LogPeriod, type Period } from "./periods.ts";

/** Milliseconds after the end of a period, or of a day, for which its last record may be waited for: power quality has it a block later. */
export const GRACE = 20_000;

/** Records that are looked at in one go. */
const PAGE = 500;

export interface LogRange {
  readonly from: number;
  /** The number after the last. */
  readonly to: number;
  readonly period: Period;
}

export class LogReader {
  readonly #series: Series<ProfileRecord>;
  readonly #of: LogPeriod;
  /** Records before this one have been looked at. */
  #seen: number;
  #open: LogRange | undefined;

  /** `next` is the first record that is in no file yet. */
  constructor(series: Series<ProfileRecord>, of: LogPeriod, next: number) {
    this.#series = series;
    this.#of = of;
    this.#seen = next;
  }

  /** The first record that is in no range that was over. */
  get next(): number {
    return this.#open?.from ?? this.#seen;
  }

  /** Ranges that are over. */
  look(now: number, zone: LocalTime): readonly LogRange[] {
    const over: LogRange[] = [];
    while (this.#seen < this.#series.next) {
      const from = Math.max(this.#seen, this.#series.first);
      this.#seen = Math.min(from + PAGE, this.#series.next);
      for (const record of this.#series.page(from, PAGE)) this.#take(record, zone, over);
    }
    const { period } = this.#open ?? {};
    const isOver = period !== undefined && (now >= period.end + GRACE || now < period.begin);
    return isOver ? [...over, ...this.end()] : over;
  }

  #take({ sequence, end }: ProfileRecord, zone: LocalTime, over: LogRange[]): void {
    const open = this.#open;
    // A record is of the period in which it ends: one that ends at midnight of the day before.
    if (open !== undefined && end.utc > open.period.begin && end.utc <= open.period.end) {
      this.#open = { ...open, to: sequence + 1 };
      return;
    }
    over.push(...this.end());
    this.#open = { from: sequence, to: sequence + 1, period: periodOf(end.utc - 1, this.#of, zone) };
  }

  /** The range that goes on ends with what there is of it. */
  end(): readonly LogRange[] {
    const open = this.#open;
    this.#open = undefined;
    return open === undefined ? [] : [open];
  }
}
