/** Intervals that have ended as the page and programs see them. */
import type { MeasuredChannel } from "#metrology/channels.ts";
import type { IntervalValueView, IntervalView, QualityMeans } from "#quantity/quality-view.ts";
import { overDeviation, underDeviation, type Aggregate } from "./aggregate.ts";
import { CHANNEL_COLUMNS, channelColumn, serviceColumn } from "./columns.ts";
import type { Interval } from "./intervals.ts";

/** A column of an interval, and what is shown of it. */
export interface Shown {
  readonly name: string;
  readonly unit: "V" | "A" | "%";
  readonly column: number;
  /** Of what is shown otherwise than it is kept. */
  readonly as?: ((value: number) => number) | undefined;
}

/** What is shown of the intervals of a power-quality instrument: magnitudes, distortion, deviations, unbalance. */
export function shownOfBlocks(channels: readonly MeasuredChannel[], declared: Float64Array): readonly Shown[] {
  const service = channels.length * CHANNEL_COLUMNS;
  return [
    ...channels.flatMap(({ name, unit }, c): Shown[] => {
      const at = c * CHANNEL_COLUMNS;
      const volts = declared[c] ?? NaN;
      const deviations: Shown[] = [
        { name: `under.${name}`, unit: "%", column: at + channelColumn.low, as: (low) => underDeviation(low, volts) },
        { name: `over.${name}`, unit: "%", column: at + channelColumn.high, as: (high) => overDeviation(high, volts) },
      ];
      return [
        { name, unit, column: at + channelColumn.rms },
        { name: `THD.${name}`, unit: "%", column: at + channelColumn.thd },
        ...(Number.isNaN(volts) ? [] : deviations),
      ];
    }),
    ...(["V", "A"] as const).flatMap((unit): Shown[] => [
      { name: `unbalance.${unit}.sequence`, unit: "%", column: service + serviceColumn[`unbalance${unit}`] },
      { name: `unbalance.${unit}.zero`, unit: "%", column: service + serviceColumn[`unbalanceZero${unit}`] },
    ]),
  ];
}

/** What is shown of intervals of one cycle each half cycle. */
export function shownOfCycles(channels: readonly MeasuredChannel[]): readonly Shown[] {
  return [
    ...channels.map(({ name, unit }, column): Shown => ({ name, unit, column })),
    { name: "unbalance.V", unit: "%", column: channels.length },
    { name: "unbalance.A", unit: "%", column: channels.length + 1 },
  ];
}

/** The last interval of each length. */
export class LastIntervals {
  readonly #shown: readonly Shown[];
  readonly #cycles: 150 | 180;
  readonly #means: ((values: Float64Array) => QualityMeans) | undefined;
  readonly #last = new Map<Interval["length"], IntervalView>();

  /** `means` says what all the means come to, of intervals of blocks. */
  constructor(shown: readonly Shown[], hz: 50 | 60, means?: (values: Float64Array) => QualityMeans) {
    this.#shown = shown;
    this.#means = means;
    this.#cycles = hz === 50 ? 150 : 180;
  }

  /** Takes an interval that has ended; its numbers are overwritten by the next. */
  take(interval: Interval): void {
    const { length, utcStart, utcEnd, complete, aggregate } = interval;
    this.#last.set(length, {
      length: length === "cycles" ? `${this.#cycles} cycles` : `${length} min`,
      start: instantOf(utcStart),
      end: instantOf(utcEnd),
      complete,
      flagged: aggregate.flagged,
      parts: aggregate.count,
      values: this.#shown.map((shown) => valueOf(shown, aggregate)),
      ...(this.#means === undefined ? {} : { means: this.#means(aggregate.mean) }),
    });
  }

  /** The shortest first. */
  get views(): readonly IntervalView[] {
    const lengths = [...this.#last.keys()].toSorted((a, b) => minutesOf(a) - minutesOf(b));
    return lengths.flatMap((length) => this.#last.get(length) ?? []);
  }
}

function minutesOf(length: Interval["length"]): number {
  return length === "cycles" ? 0 : length;
}

function valueOf({ name, unit, column, as = (value) => value }: Shown, aggregate: Aggregate): IntervalValueView {
  const { mean, min, max } = aggregate;
  const of = (values: Float64Array): number | null => {
    const value = as(values[column] ?? NaN);
    return Number.isFinite(value) ? value : null;
  };
  const [least, largest] = [of(min), of(max)];
  // Of a deviation that grows as its voltage falls the least is of the largest.
  const turned = least !== null && largest !== null && least > largest;
  return { name, unit, mean: of(mean), min: turned ? largest : least, max: turned ? least : largest };
}

/** Of milliseconds since 1970; null of NaN. */
export function instantOf(utc: number): string | null {
  return Number.isNaN(utc) ? null : Temporal.Instant.fromEpochMilliseconds(Math.round(utc)).toString();
}
