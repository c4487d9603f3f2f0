/**
 * Intervals of a meter without the power quality option (manual, section Meters without Power Quality enabled): means, minima and
 * maxima of the values of one cycle, of which there is one each half cycle. Means are arithmetic, unbalance is the largest deviation from the mean.
 */
import type { CycleValues } from "#metrology/cycle-values.ts";
import type { GridHalf } from "#metrology/grid-half.ts";
import { imbalance } from "#metrology/power.ts";
import type { Wiring } from "#quantity/wiring.ts";
import { channelsOf, type MeasuredChannel } from "#metrology/channels.ts";
import { How } from "./columns.ts";
import type { IntervalMinutes } from "#quantity/quality-view.ts";
import { Intervals, type Stretch, type TakeInterval } from "./intervals.ts";

/** Half cycles in 150 or 180 cycles. */
const HALVES = { 50: 300, 60: 360 } as const;

const TEN_MINUTES = 600_000;

export class BasicIntervals {
  /** What the first columns are; behind them stands the unbalance of volts, and of amps, in percent. */
  readonly channels: readonly MeasuredChannel[];
  readonly #utc: (at: number) => number;
  readonly #intervals: Intervals;
  readonly #row: Float64Array;
  /** By channel: which of the three of its kind it is. */
  readonly #places: Uint8Array;
  readonly #volts: Float64Array;
  readonly #amps: Float64Array;
  readonly #stretch = { utc: NaN, at: NaN, seconds: 0, flagged: false, resync: true };
  #tick = NaN;
  #isUnderWay = false;

  /** `utc` says what time a second on the source's clock is; NaN where nobody knows. */
  constructor(
    wiring: Wiring,
    hz: 50 | 60,
    minutes: readonly IntervalMinutes[],
    utc: (at: number) => number,
    take: TakeInterval,
  ) {
    this.channels = channelsOf(wiring);
    this.#utc = utc;
    const count = this.channels.length + 2;
    this.#intervals = new Intervals(new Uint8Array(count).fill(How.mean), minutes, take, HALVES[hz]);
    this.#row = new Float64Array(count);
    this.#places = Uint8Array.from(this.channels, ({ plus }) => plus % 3);
    // Deviations are of the voltages to neutral where there are any.
    this.#volts = new Float64Array(wiring.ln.length > 0 ? wiring.ln.length : wiring.ll.length);
    this.#amps = new Float64Array(wiring.currents.length);
  }

  /** Takes the values of the cycle that ends with a half cycle; `ends` is false where it ends none, after a gap. */
  half(half: GridHalf, values: CycleValues, ends: boolean): void {
    const stretch = this.#stretch;
    if (!half.joined && this.#isUnderWay) {
      stretch.resync = true;
      this.#intervals.lose(this.#begin(half), true);
    }
    this.#isUnderWay = ends;
    if (!ends) return;
    const { channels } = this;
    let [volts, amps] = [0, 0];
    for (let c = 0; c < channels.length; c++) {
      const { unit, minus } = channels[c]!;
      const place = this.#places[c]!;
      const squares = unit === "A" ? values.i2 : minus === undefined ? values.v2 : values.ll2;
      const rms = Math.sqrt(squares[place]!);
      this.#row[c] = rms;
      if (unit === "A") this.#amps[amps++] = rms;
      else if (volts < this.#volts.length) this.#volts[volts++] = rms;
    }
    this.#row[channels.length] = imbalance(this.#volts);
    this.#row[channels.length + 1] = imbalance(this.#amps);
    this.#intervals.add(this.#row, this.#begin(half));
    stretch.resync = false;
  }

  #begin({ at, seconds }: GridHalf): Stretch {
    const stretch = this.#stretch;
    stretch.at = at;
    stretch.seconds = seconds;
    stretch.utc = this.#utc(at);
    const tick = Math.floor(stretch.utc / TEN_MINUTES);
    if (tick !== this.#tick && !Number.isNaN(tick)) stretch.resync = true;
    this.#tick = tick;
    return stretch;
  }

  /** Nothing comes for now. */
  pause(): void {
    this.#intervals.pause();
    this.#isUnderWay = false;
    this.#stretch.resync = true;
  }

  /** Nothing more comes. */
  finish(): void {
    this.pause();
    this.#intervals.finish();
  }
}
