/**
 * The power-quality instrument of a meter: blocks of 10 or 12 cycles and what is made of them, Urms(1/2), frequency of ten
 * seconds, flicker. It takes samples and half cycles as they come and says what the last block had, the intervals as they end.
 */
import type { GridHalf } from "#metrology/grid-half.ts";
import { FlickerMeter, type FlickerSamples } from "#metrology/flicker-meter.ts";
import type { FlickerLamp } from "#metrology/flicker-response.ts";
import type { Measure } from "#quantity/measure.ts";
import type { IntervalMinutes, IntervalView, QualityPart, QualityView, TakeEnded } from "#quantity/quality-view.ts";
import type { Wiring } from "#quantity/wiring.ts";
import { BlockSpectrum } from "./block-spectrum.ts";
import { type Block, Blocks, type GivenUp } from "./blocks.ts";
import { channelsOf, type MeasuredChannel } from "#metrology/channels.ts";
import { CHANNEL_COLUMNS, channelColumn, columnCount, howColumns } from "./columns.ts";
import { Disturbance, type DisturbanceLimits, usualLimits } from "./disturbance.ts";
import { endedOf, type EndedParts } from "./ended-interval.ts";
import { type FlickerInterval, FlickerStatistics } from "./flicker-statistics.ts";
import { HalfPhasors } from "#metrology/half-phasors.ts";
import { instantOf, LastIntervals, shownOfBlocks } from "./interval-view.ts";
import { Intervals, type TakeInterval } from "./intervals.ts";
import { type LastBlock, measured } from "./measured.ts";
import type { Rotation } from "./service-sequences.ts";
import { TenSeconds } from "./ten-seconds.ts";
import { PinstHistory } from "./pinst-history.ts";
import { SeverityHistory } from "./severity-history.ts";
import { Urms } from "#metrology/urms.ts";
import { meansOf, viewOf } from "./view.ts";

export interface QualityOptions {
  readonly wiring: Wiring;
  /** Nominal frequency: blocks are of 10 cycles at 50 Hz, of 12 at 60 Hz. */
  readonly hz: 50 | 60;
  /** The declared voltage: to neutral where the wiring has voltages to neutral, else from line to line. */
  readonly nominalVolts: number;
  /** Of which voltages dips, swells and flicker are, where the wiring has both; to neutral unless said. */
  readonly pqVoltage?: "ln" | "ll";
  readonly rotation: Rotation;
  readonly flickerLamp: FlickerLamp;
  /** The maximum demand load current, of which TDD is. */
  readonly demandAmps?: number | undefined;
  /** The frequency of mains signals. */
  readonly signalHz?: number | undefined;
  /** Intervals that are wanted beside 150/180 cycles; ten minutes and two hours unless said. */
  readonly minutes?: readonly IntervalMinutes[];
  readonly limits?: DisturbanceLimits;
  /** Milliseconds of UTC now; NaN where nobody knows. */
  readonly utc: () => number;
  /** Takes an interval that has ended. */
  readonly onInterval?: TakeInterval;
  /** Takes one likewise, by the words of the vocabulary. */
  readonly ended?: TakeEnded;
  /** Takes the values of each half cycle, and whether the voltage is disturbed. */
  readonly onUrms?: (urms: Urms, disturbed: boolean) => void;
  /** Takes ten seconds that have ended. */
  readonly onTenSeconds?: (ten: TenSeconds) => void;
  /** Take Pst of ten minutes, and Plt of two hours, of the voltages that dips are of. */
  readonly onPst?: (interval: FlickerInterval) => void;
  readonly onPlt?: (interval: FlickerInterval) => void;
}

/** Below this part of the declared voltage there is no flicker. */
const FLICKER_FLOOR = 0.1;

/** What is made when the first half cycle says how fine the grid is. */
interface Parts {
  readonly spectrum: BlockSpectrum;
  readonly blocks: Blocks;
  readonly phasors: HalfPhasors;
  readonly urms: Urms;
  readonly ten: TenSeconds;
}

export class QualityInstrument implements QualityPart {
  readonly channels: readonly MeasuredChannel[];
  readonly #options: QualityOptions;
  readonly #cycles: 10 | 12;
  /** The voltages that dips, swells and flicker are of. */
  readonly #watched: readonly number[];
  /** Those and the amps: of which each half cycle has an RMS; the watched ones come first. */
  readonly #eachHalf: readonly MeasuredChannel[];
  readonly #declared: Float64Array;
  readonly #intervals: Intervals;
  readonly #lastIntervals: LastIntervals;
  readonly #disturbance: Disturbance;
  readonly #flickerMeter: FlickerMeter;
  readonly #flicker: FlickerStatistics;
  readonly #last: LastBlock;
  readonly #severities = new SeverityHistory();
  readonly #pinst: PinstHistory;
  readonly #endedParts: EndedParts;
  /** Values of the block that is being handed out. */
  #newest: Float64Array;
  readonly #nothing: Float64Array;
  #parts: Parts | undefined;
  /** Milliseconds of UTC at the source's beginning, as the clock has it now. */
  #utcOfSource = NaN;

  constructor(options: QualityOptions) {
    const { wiring, hz, pqVoltage = "ln", limits = usualLimits, minutes = [10, 120], flickerLamp } = options;
    this.#options = options;
    this.#cycles = hz === 50 ? 10 : 12;
    this.channels = channelsOf(wiring);
    const { channels } = this;
    const hasBoth = wiring.ln.length > 0 && wiring.ll.length > 0;
    const length = pqVoltage === "ll" || wiring.ln.length === 0 ? "V.ab".length : "V.a".length;
    const voltages = channels.flatMap(({ unit }, c) => (unit === "V" ? [c] : []));
    this.#watched = hasBoth ? voltages.filter((c) => channels[c]!.name.length === length) : voltages;
    const amps = channels.filter(({ unit }) => unit === "A");
    this.#eachHalf = [...this.#watched.map((c) => channels[c]!), ...amps];
    this.#declared = Float64Array.from(channels, (channel) => this.#declaredVolts(channel));
    this.#newest = this.#nothing = new Float64Array(columnCount(channels.length)).fill(NaN);
    this.#disturbance = new Disturbance(limits);
    this.#lastIntervals = new LastIntervals(shownOfBlocks(channels, this.#declared), hz, (values) =>
      meansOf({ channels, values }),
    );
    this.#intervals = new Intervals(howColumns(channels.length), minutes, (interval) => {
      this.#lastIntervals.take(interval);
      options.onInterval?.(interval);
      options.ended?.(endedOf(interval, this.#endedParts));
    });
    this.#flickerMeter = new FlickerMeter({
      lamp: flickerLamp,
      mains: hz,
      voltages: this.#watched.map((c) => flickerVoltage(channels[c]!)),
      floorVolts: FLICKER_FLOOR * (this.#declared[this.#watched[0]!] ?? 0),
    });
    this.#flicker = new FlickerStatistics(this.#watched.length);
    this.#pinst = new PinstHistory(this.#watched.length);
    this.#flicker.onShort = (ended) => {
      this.#severities.add("Pst", ended);
      options.onPst?.(ended);
    };
    this.#flicker.onLong = (ended) => {
      this.#severities.add("Plt", ended);
      options.onPlt?.(ended);
    };
    this.#last = {
      channels,
      declared: this.#declared,
      cycles: this.#cycles,
      values: new Float64Array(columnCount(channels.length)).fill(NaN),
      orders: 0,
      limitingGrid: undefined,
      utcEnd: NaN,
      flagged: false,
      missing: 0,
      why: undefined,
      isThere: false,
    };
    this.#endedParts = {
      block: this.#last,
      // A block that ends 150/180 cycles is the newest; what ends by the clock ends with the one before.
      last: (length) => (length === "cycles" ? this.#newest : this.#last.values),
      flicker: this.#severities,
      voltageOf: (measure) => this.#voltageOf(measure),
    };
  }

  /** Of a channel of volts; NaN of amps. */
  #declaredVolts({ unit, minus }: MeasuredChannel): number {
    const { wiring, nominalVolts } = this.#options;
    if (unit === "A") return NaN;
    return minus === undefined || wiring.ln.length === 0 ? nominalVolts : nominalVolts / wiring.lnOverSystem;
  }

  #utcAt = (at: number): number => this.#utcOfSource + 1000 * at;

  /** What comes next begins at so many seconds of the source, which is now. */
  begin(at: number): void {
    this.#utcOfSource = this.#options.utc() - 1000 * at;
  }

  /** Takes samples as they are: flicker is of them. */
  run(run: FlickerSamples): void {
    const meter = this.#flickerMeter;
    meter.push(run);
    while (meter.next()) {
      this.#flicker.step(meter, this.#utcAt(meter.at));
      this.#pinst.add(meter, meter.at);
    }
  }

  /** Takes a half cycle of the grid. */
  half(half: GridHalf): void {
    this.#parts ??= this.#make(half);
    const { phasors, urms, ten, blocks } = this.#parts;
    phasors.half(half);
    urms.half(half);
    const disturbed = this.#watch(urms);
    if (disturbed) this.#flag(urms, blocks, ten);
    this.#options.onUrms?.(urms, disturbed);
    if (ten.half(half)) this.#options.onTenSeconds?.(ten);
    blocks.half(half);
  }

  /** Nothing comes for now. */
  pause(): void {
    this.#parts?.blocks.finish();
    this.#flicker.finish();
    this.#parts?.ten.finish();
    this.#intervals.pause();
    // A source that stopped between two blocks has given up none: what is known is of before, all the same.
    if (this.#last.isThere && this.#last.why === undefined) this.#forget("ended", this.#last.utcEnd);
  }

  /** Nothing more comes: intervals that are under way end here. */
  finish(): void {
    this.pause();
    this.#flicker.end();
    this.#intervals.finish();
  }

  #make({ grid }: GridHalf): Parts {
    const { wiring, rotation, demandAmps, signalHz } = this.#options;
    const { channels } = this;
    const cycles = this.#cycles;
    const declaredVolts = (channel: MeasuredChannel): number => this.#declaredVolts(channel);
    const phasors = new HalfPhasors();
    return {
      phasors,
      spectrum: new BlockSpectrum({ wiring, channels, cycles, grid, rotation, declaredVolts, demandAmps, signalHz }),
      blocks: new Blocks(cycles, this.#utcAt, {
        measure: (block, last) => this.#measure(block, last),
        take: (block) => this.#take(block),
        giveUp: (block, why) => this.#giveUp(block, why),
      }),
      urms: new Urms(this.#eachHalf, declaredVolts, phasors),
      ten: new TenSeconds(cycles, channels, declaredVolts, phasors, this.#utcAt),
    };
  }

  #watch({ rms }: Urms): boolean {
    let least = NaN;
    let largest = NaN;
    for (let k = 0; k < this.#watched.length; k++) {
      const part = rms[k]! / this.#declared[this.#watched[k]!]!;
      if (!(part >= least)) least = Number.isNaN(part) ? least : part;
      if (!(part <= largest)) largest = Number.isNaN(part) ? largest : part;
    }
    return this.#disturbance.take(least, largest);
  }

  /** Flags what the last windows of the watched voltages lie in. */
  #flag({ begins, ends }: Urms, blocks: Blocks, ten: TenSeconds): void {
    let from = Infinity;
    let to = -Infinity;
    for (let k = 0; k < this.#watched.length; k++) {
      if (begins[k]! < from) from = begins[k]!;
      if (ends[k]! > to) to = ends[k]!;
    }
    if (!(from < to)) return;
    blocks.disturb(from, to);
    ten.disturb();
    this.#flicker.flag();
  }

  #measure(block: Block, { ring }: GridHalf): void {
    this.#parts!.spectrum.measure(ring, block);
  }

  #take(block: Block): void {
    const { spectrum } = this.#parts!;
    const last = this.#last;
    this.#feel(spectrum.values, block);
    this.#newest = spectrum.values;
    // Of which nothing is there, that is no block of an interval.
    if (this.channels.every(({ mask }) => (mask & block.missing) !== 0)) this.#intervals.lose(block, true);
    else this.#intervals.add(spectrum.values, block);
    last.values.set(spectrum.values);
    last.orders = spectrum.orders;
    last.limitingGrid = spectrum.limitingGrid;
    last.utcEnd = block.utc + 1000 * block.seconds;
    last.flagged = block.flagged;
    last.missing = block.missing;
    last.why = undefined;
    last.isThere = true;
  }

  /** Writes among the values of a block what was felt in it. */
  #feel(values: Float64Array, { at, seconds }: Block): void {
    for (let k = 0; k < this.#watched.length; k++)
      values[this.#watched[k]! * CHANNEL_COLUMNS + channelColumn.pinst] = this.#pinst.mean(k, at, at + seconds);
  }

  #giveUp(block: Block, why: GivenUp): void {
    this.#newest = this.#nothing;
    this.#intervals.lose(block, why !== "realigned");
    this.#forget(why, block.utc + 1000 * block.seconds);
  }

  /** Nothing of the last block is known. */
  #forget(why: GivenUp, utcEnd: number): void {
    const last = this.#last;
    last.values.fill(NaN);
    last.orders = 0;
    last.limitingGrid = undefined;
    last.utcEnd = utcEnd;
    // A jump of the phase is a disturbance; a gap is none.
    last.flagged = why === "realigned";
    last.missing = 0;
    last.why = why;
    last.isThere = true;
  }

  view(): QualityView | undefined {
    if (!this.#last.isThere) return undefined;
    const names = this.#watched.map((c) => this.channels[c]!.name);
    const flicker = this.#flicker;
    const voltages = flicker.view().map((one, k) => ({ name: names[k]!, ...one }));
    const ends = { pst: instantOf(flicker.short?.utc ?? NaN), plt: instantOf(flicker.long?.utc ?? NaN) };
    return viewOf(this.#last, { voltages, ends, missing: flicker.missing(names) }, this.#parts?.ten);
  }

  intervals(): readonly IntervalView[] {
    return this.#lastIntervals.views;
  }

  value(measure: Measure): number | undefined {
    if (measure.quantity === "Hz.10s") return known(this.#parts?.ten.hz);
    if (/^P(inst|st|lt)/.test(measure.quantity)) return this.#flickerValue(measure);
    return known(measured(this.#last, measure));
  }

  logs(measure: Measure): boolean {
    if (/^(under|over)\./.test(measure.quantity)) return false;
    if (/^P(inst|st|lt)/.test(measure.quantity)) return this.#voltageOf(measure) !== undefined;
    return measured(this.#last, measure) !== undefined;
  }

  #flickerValue(measure: Measure): number | undefined {
    const place = this.#voltageOf(measure);
    if (place === undefined) return undefined;
    const key = measure.quantity.split(".", 1)[0]?.toLowerCase() as "pinst" | "pst" | "plt";
    return this.#flicker.view()[place]?.[key] ?? undefined;
  }

  /** Which of the watched voltages a measure of flicker is of; undefined of another. */
  #voltageOf({ quantity, phase }: Measure): number | undefined {
    const place = ({ a: 0, b: 1, c: 2 } as Partial<Record<string, number>>)[phase];
    const first = this.#watched[0];
    if (place === undefined || first === undefined) return undefined;
    const isOfPairs = this.channels[first]!.minus !== undefined;
    return isOfPairs === quantity.endsWith(".ll") && place < this.#watched.length ? place : undefined;
  }
}

function flickerVoltage({ plus, minus }: MeasuredChannel): { readonly plus: number; readonly minus?: number } {
  return minus === undefined ? { plus } : { plus, minus };
}

function known(value: number | undefined): number | undefined {
  return value === undefined || Number.isNaN(value) ? undefined : value;
}
