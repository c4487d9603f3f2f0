/**
 * What is known of one block of 10 or 12 cycles: RMS, crest factor, and by a transform whose lines lie a tenth or twelfth of the
 * fundamental apart (5 Hz) what IEC 61000-4-7 makes of it.
 *
 * Harmonic h is the subgroup: its line and the two beside it (3.2.5, as IEC 61000-4-30, 5.8 has it). Interharmonics are centred
 * subgroups: the lines between two harmonics but those beside them. Groups (3.2.4) are there, too, for tests of emission. THD is of subgroups (THDS) over that of order 1, to order
 * 128 as the manual has it or as far as the source's rate carries. An angle is that of the harmonic's own line: 0 where a sine of that order crosses
 * zero upwards together with the fundamental of the first voltage, so that it does not depend on where the block begins.
 */
import type { Wiring } from "#quantity/wiring.ts";
import type { Bins } from "#metrology/kernels/bins.ts";
import { GRID_PASSBAND } from "#metrology/kernels/sinc-table.ts";
import { realFourier } from "#metrology/kernels/real-fourier.ts";
import { measureSizes, Sizes } from "#metrology/kernels/sizes.ts";
import { kFactor } from "#metrology/k-factor.ts";
import type { MeasuredChannel } from "#metrology/channels.ts";
import {
  ANGLES,
  CHANNEL_COLUMNS,
  channelColumn,
  columnCount,
  HARMONICS,
  INTERHARMONICS,
  serviceColumn,
} from "./columns.ts";
import { type Rotation, ServiceSequences } from "./service-sequences.ts";

export interface BlockSettings {
  readonly wiring: Wiring;
  readonly channels: readonly MeasuredChannel[];
  readonly cycles: 10 | 12;
  /** Instants a cycle of the grid. */
  readonly grid: number;
  /** The installed rotation: which sequence is the positive one. */
  readonly rotation: Rotation;
  /** The declared voltage of a channel, of which deviations are; undefined of amps. */
  readonly declaredVolts: (channel: MeasuredChannel) => number | undefined;
  /** The maximum demand load current, of which TDD is; undefined where it is not known. */
  readonly demandAmps?: number | undefined;
  /** The frequency of mains signals. */
  readonly signalHz?: number | undefined;
}

/** A block that has just ended: where it lies in the rings and what is to be known of it. */
export interface BlockSpan {
  /** Where in the rings its first instant lies; it may go round their end. */
  readonly from: number;
  readonly seconds: number;
  /** Bit c is set where channel c is not valid in it. */
  readonly missing: number;
  /** The highest order that the source's rate carries; not whole. */
  readonly harmonicLimit: number;
}

type Six = readonly [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

/** TDD is of the orders 2 to 63 (manual, section TDD), the K factor of those to 50 (IEEE C57.110). */
const TDD_ORDERS = 63;
const K_ORDERS = 50;

/** A mains signal whose frequency lies nearer to a line than this part of their distance is that line, else the four around it. */
const ON_LINE = 0.05;

/** Below this part of a channel's RMS a line is rounding, and has no angle. */
const LEAST_LINE = 1e-7;

const DEGREES = 180 / Math.PI;

/** What every block is taken apart in, whoever's it is. */
const lines: readonly Bins[] = Array.from({ length: 6 }, () => makeLines());
const squares = new Float64Array((HARMONICS + 1) * 12);
const volts = new Sizes();
const amps = new Sizes();
const kOrders = new Float64Array(K_ORDERS + 1);

function makeLines(): Bins {
  return { re: new Float64Array((HARMONICS + 1) * 12), im: new Float64Array((HARMONICS + 1) * 12) };
}

export class BlockSpectrum {
  /** See columns.ts. */
  readonly values: Float64Array;
  /** The highest order that was carried, at most 128. */
  orders = 0;
  /** Instants a cycle of the grid, where it is they that carry no more, however fast the source is; undefined where it is the source. */
  limitingGrid: number | undefined;
  readonly #settings: BlockSettings;
  readonly #transform: ReturnType<typeof realFourier>;
  readonly #used: readonly number[];
  readonly #declared: Float64Array;
  /** Radians of the fundamentals, against the beginning of the block; NaN of what has none. */
  readonly #turns: Float64Array;
  readonly #sequences: ServiceSequences;

  constructor(settings: BlockSettings) {
    const { channels, wiring, rotation, declaredVolts, cycles, grid } = settings;
    this.#settings = settings;
    this.#transform = realFourier(cycles * grid);
    this.values = new Float64Array(columnCount(channels.length)).fill(NaN);
    const used = new Set<number>();
    for (const { plus, minus } of channels) used.add(plus).add(minus ?? plus);
    this.#used = [...used];
    this.#declared = Float64Array.from(channels, (channel) => declaredVolts(channel) ?? NaN);
    this.#turns = new Float64Array(channels.length);
    this.#sequences = new ServiceSequences(wiring, channels, rotation);
  }

  /** Measures a block of the rings. */
  measure(ring: readonly Float64Array[], span: BlockSpan): void {
    const { channels, cycles } = this.#settings;
    const n = this.#transform.n;
    const carried = Math.min(span.harmonicLimit, (n / 2 - 1) / cycles);
    this.orders = Math.max(0, Math.min(HARMONICS, Math.floor(carried - 1 / cycles)));
    const { grid } = this.#settings;
    this.limitingGrid = this.orders >= Math.floor(GRID_PASSBAND * grid - 1 / cycles) ? grid : undefined;
    const gaps = Math.max(-1, Math.min(INTERHARMONICS, Math.floor(carried - 1 + 1 / cycles)));
    this.values.fill(NaN);
    this.#turns.fill(NaN);
    for (let k = 0; k < this.#used.length; k += 2) {
      const [x, y] = [this.#used[k]!, this.#used[k + 1]];
      if (y === undefined) this.#transform.forward(ring[x]!, span.from, lines[x]!);
      else this.#transform.pair(ring[x]!, ring[y]!, span.from, lines[x]!, lines[y]!);
    }
    const [va, vb, vc, ia, ib, ic] = ring as Six;
    measureSizes([va, vb, vc], span.from, n, volts);
    measureSizes([ia, ib, ic], span.from, n, amps);
    for (let c = 0; c < channels.length; c++) {
      if ((channels[c]!.mask & span.missing) !== 0) continue;
      this.#measureTime(c);
      if (this.orders < 1) continue;
      this.#measureLines(c);
      this.#turns[c] = this.#angle(c, cycles);
      this.#measureHarmonics(c);
      for (let h = 0; h <= gaps; h++) this.#setGap(c, h);
      for (let h = 1; h <= gaps; h++) this.#setGroup(c, h);
      if (channels[c]!.unit === "A") this.#measureAmps(c);
      else this.#measureSignal(c, span);
    }
    this.values[channels.length * CHANNEL_COLUMNS + serviceColumn.hz] = cycles / span.seconds;
    if (this.orders >= 1) this.#sequences.measure(this.values, this.#turns);
  }

  /** RMS and crest factor, from the instants themselves. */
  #measureTime(c: number): void {
    const { plus, minus } = this.#settings.channels[c]!;
    const n = this.#transform.n;
    const of = plus < 3 ? volts : amps;
    // The difference of two of three is that of the first one after which the other comes.
    const place = minus === undefined ? plus % 3 : 3 + ((plus + 1) % 3 === minus ? plus : minus);
    const sum = of.squares[place]!;
    const peak = of.peaks[place]!;
    const rms = Math.sqrt(sum / n);
    const at = c * CHANNEL_COLUMNS;
    const { values } = this;
    values[at + channelColumn.rms] = rms;
    if (rms > 0) values[at + channelColumn.crest] = peak / rms;
    const declared = this.#declared[c]!;
    values[at + channelColumn.low] = Math.min(rms, declared);
    values[at + channelColumn.high] = Math.max(rms, declared);
  }

  /** The squares of the RMS of every line. */
  #measureLines(c: number): void {
    const { plus, minus } = this.#settings.channels[c]!;
    const { cycles } = this.#settings;
    const n = this.#transform.n;
    const { re, im } = lines[plus]!;
    const end = Math.min(n / 2, (this.orders + 1) * cycles);
    const scale = 2 / (n * n);
    if (minus === undefined) {
      for (let k = 0; k < end; k++) squares[k] = scale * (re[k]! * re[k]! + im[k]! * im[k]!);
    } else {
      const { re: minusRe, im: minusIm } = lines[minus]!;
      for (let k = 0; k < end; k++) {
        const r = re[k]! - minusRe[k]!;
        const i = im[k]! - minusIm[k]!;
        squares[k] = scale * (r * r + i * i);
      }
    }
    squares[0]! /= 2;
  }

  /** The angle of a line of a channel, that of a sine being 0; in radians. */
  #angle(c: number, k: number): number {
    const { plus, minus } = this.#settings.channels[c]!;
    const rms = this.values[c * CHANNEL_COLUMNS + channelColumn.rms]!;
    if (!(squares[k]! > (LEAST_LINE * rms) ** 2)) return NaN;
    const of = lines[plus]!;
    if (minus === undefined) return Math.atan2(of.re[k]!, -of.im[k]!);
    const other = lines[minus]!;
    return Math.atan2(of.re[k]! - other.re[k]!, other.im[k]! - of.im[k]!);
  }

  #measureHarmonics(c: number): void {
    const { cycles } = this.#settings;
    const { values, orders } = this;
    const turn = this.#turns[0]!;
    const at = c * CHANNEL_COLUMNS;
    const first = at + channelColumn.harmonic;
    values[first] = Math.sqrt(squares[0]!);
    let [odd, even, one] = [0, 0, 0];
    for (let h = 1; h <= orders; h++) {
      const k = h * cycles;
      const square = squares[k - 1]! + squares[k]! + squares[k + 1]!;
      values[first + h] = Math.sqrt(square);
      if (h === 1) one = square;
      else if (h % 2 === 1) odd += square;
      else even += square;
      if (h > ANGLES) continue;
      const degrees = DEGREES * (this.#angle(c, k) - h * turn);
      values[at + channelColumn.degrees + h] = degrees - 360 * Math.round(degrees / 360);
    }
    values[at + channelColumn.fundamental] = Math.sqrt(squares[cycles]!);
    // Of what has no fundamental nothing is a part.
    if (orders < 2 || !(one > (LEAST_LINE * values[at + channelColumn.rms]!) ** 2)) return;
    values[at + channelColumn.thd] = 100 * Math.sqrt((odd + even) / one);
    values[at + channelColumn.thdOdd] = 100 * Math.sqrt(odd / one);
    values[at + channelColumn.thdEven] = 100 * Math.sqrt(even / one);
  }

  /** What lies between order h and the next: without the lines beside them the centred subgroup, with them the group. */
  #setGap(c: number, h: number): void {
    const { cycles } = this.#settings;
    const below = h * cycles;
    let sum = 0;
    for (let k = below + 2; k <= below + cycles - 2; k++) sum += squares[k]!;
    const at = c * CHANNEL_COLUMNS + h;
    this.values[at + channelColumn.interharmonic] = Math.sqrt(sum);
    sum += squares[below + 1]! + squares[below + cycles - 1]!;
    this.values[at + channelColumn.interharmonicGroup] = Math.sqrt(sum);
  }

  /** The line of order h and those nearest to it; the two in the middle between two orders count half. */
  #setGroup(c: number, h: number): void {
    const { cycles } = this.#settings;
    const reach = cycles / 2;
    const at = h * cycles;
    let sum = (squares[at - reach]! + squares[at + reach]!) / 2;
    for (let k = at - reach + 1; k < at + reach; k++) sum += squares[k]!;
    this.values[c * CHANNEL_COLUMNS + channelColumn.group + h] = Math.sqrt(sum);
  }

  #measureAmps(c: number): void {
    const { demandAmps } = this.#settings;
    const { values, orders } = this;
    const at = c * CHANNEL_COLUMNS;
    const first = at + channelColumn.harmonic;
    kOrders.fill(0);
    for (let h = 1; h <= Math.min(orders, K_ORDERS); h++) kOrders[h] = values[first + h]!;
    if (orders >= 2 && values[at + channelColumn.rms]! > 0) values[at + channelColumn.k] = kFactor(kOrders);
    if (demandAmps === undefined || orders < 2) return;
    let [odd, even] = [0, 0];
    for (let h = 2; h <= Math.min(orders, TDD_ORDERS); h++) {
      const square = values[first + h]! ** 2;
      if (h % 2 === 1) odd += square;
      else even += square;
    }
    values[at + channelColumn.tdd] = (100 * Math.sqrt(odd + even)) / demandAmps;
    values[at + channelColumn.tddOdd] = (100 * Math.sqrt(odd)) / demandAmps;
    values[at + channelColumn.tddEven] = (100 * Math.sqrt(even)) / demandAmps;
  }

  /** IEC 61000-4-30, 5.10: the line of the signal, or the root of the sum of the squares of the four nearest where it lies between lines. */
  #measureSignal(c: number, { seconds }: BlockSpan): void {
    const { signalHz, cycles } = this.#settings;
    if (signalHz === undefined) return;
    const place = signalHz * seconds;
    const nearest = Math.round(place);
    if (nearest < 2 || nearest + 2 >= (this.orders + 1) * cycles) return;
    let sum = squares[nearest]!;
    if (Math.abs(place - nearest) > ON_LINE) {
      const below = Math.floor(place);
      sum = squares[below - 1]! + squares[below]! + squares[below + 1]! + squares[below + 2]!;
    }
    this.values[c * CHANNEL_COLUMNS + channelColumn.signal] = Math.sqrt(sum);
  }
}
