/**
 * What a meter without power quality logs (option ML; manual, section Meters without Power Quality enabled): values of one cycle each
 * half cycle, over the intervals of its measurement log.
 */
import { CycleMeter } from "#metrology/cycle-meter.ts";
import type { GridHalf } from "#metrology/grid-half.ts";
import type { IntervalView, QualityPart, TakeEnded } from "#quantity/quality-view.ts";
import type { Wiring } from "#quantity/wiring.ts";
import { BasicIntervals } from "./basic-intervals.ts";
import type { Interval } from "./intervals.ts";
import { LastIntervals, shownOfCycles } from "./interval-view.ts";
import type { IntervalMinutes } from "#quantity/quality-view.ts";

export interface CycleInstrumentOptions {
  readonly wiring: Wiring;
  readonly hz: 50 | 60;
  readonly minutes: readonly IntervalMinutes[];
  /** Milliseconds of UTC now; NaN where nobody knows. */
  readonly utc: () => number;
  /** Takes an interval that has ended. What is in it the meter measures itself, each half cycle. */
  readonly ended?: TakeEnded;
}

export class CycleInstrument implements QualityPart {
  readonly #options: CycleInstrumentOptions;
  readonly #intervals: BasicIntervals;
  readonly #last: LastIntervals;
  #meter: CycleMeter | undefined;
  #utcOfSource = NaN;

  constructor(options: CycleInstrumentOptions) {
    const { wiring, hz, minutes } = options;
    this.#options = options;
    const utc = (at: number): number => this.#utcOfSource + 1000 * at;
    this.#intervals = new BasicIntervals(wiring, hz, minutes, utc, (interval) => this.#end(interval));
    this.#last = new LastIntervals(shownOfCycles(this.#intervals.channels), hz);
  }

  #end(interval: Interval): void {
    this.#last.take(interval);
    const { length, utcStart, utcEnd, complete, aggregate } = interval;
    const { flagged } = aggregate;
    this.#options.ended?.({ length, utcStart, utcEnd, complete, flagged, value: () => undefined });
  }

  /** What comes next begins at so many seconds of the source, which is now. */
  begin(at: number): void {
    this.#utcOfSource = this.#options.utc() - 1000 * at;
  }

  half(half: GridHalf): void {
    this.#meter ??= new CycleMeter(half, { wiring: this.#options.wiring, reactive: "shifted" });
    const ends = this.#meter.half(half) > 0;
    this.#intervals.half(half, this.#meter.values, ends);
  }

  pause(): void {
    this.#intervals.pause();
  }

  finish(): void {
    this.#intervals.finish();
  }

  view(): undefined {
    return undefined;
  }

  intervals(): readonly IntervalView[] {
    return this.#last.views;
  }

  value(): undefined {
    return undefined;
  }
}
