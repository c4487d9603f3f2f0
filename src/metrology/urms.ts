/**
 * Urms(1/2) of IEC 61000-4-30, 5.4.1: RMS over one cycle that begins at a zero crossing of the channel's own fundamental, anew
 * each half cycle. The grid begins its half cycles at crossings of one channel; another's lie a fraction of a half cycle later. Its angle is
 * that of its fundamental over a cycle, which is believed when two half cycles agree and the grid does, and held through a disturbance: windows
 * go on as they were. Amps have the crossings of the voltage of their element (5.13.1).
 */
import type { GridHalf } from "./grid-half.ts";
import type { MeasuredChannel } from "./channels.ts";
import type { HalfPhasors } from "./half-phasors.ts";

/** By how much two half cycles may differ that agree: turns (5 degrees), and part of the RMS. */
const AGREE_TURNS = 5 / 360;
const AGREE_RMS = 0.05;

/** Below this part of the declared voltage there is no angle. */
const FLOOR = 0.02;

/** Crossings that moved by less than this part of a half cycle (half a degree) did not move. */
const STILL = 0.5 / 180;

/** Half cycles that a window touches, at most: four when one of them is short. */
const TOUCHED = 4;

export class Urms {
  /** By channel: RMS of the window that ended last; NaN where it is not known. And where it began and ended, seconds of the source's clock. */
  readonly rms: Float64Array;
  readonly begins: Float64Array;
  readonly ends: Float64Array;
  readonly channels: readonly MeasuredChannel[];
  /** By channel: which channel's crossings it has, and the declared voltage of those that have their own. */
  readonly #crossings: Uint8Array;
  readonly #declared: Float64Array;
  /** Where in a half cycle of the grid the crossing lies: above 0, up to 1. */
  readonly #place: Float64Array;
  readonly #lastTurns: Float64Array;
  readonly #lastRms: Float64Array;
  readonly #phasors: HalfPhasors;
  /** Of the last half cycles, the newest at 0: where they lie, when, what is missing; sums of squares of all and of what lies before the crossing. */
  readonly #from = new Float64Array(TOUCHED);
  readonly #at = new Float64Array(TOUCHED);
  readonly #seconds = new Float64Array(TOUCHED);
  readonly #missing = new Uint8Array(TOUCHED);
  readonly #all: readonly Float64Array[];
  readonly #head: readonly Float64Array[];
  /** The place that `head` was made for. */
  readonly #headPlace: readonly Float64Array[];
  readonly #uneven = new Uint8Array(TOUCHED);
  #since = 0;
  /** A cycle as it was last, in seconds. */
  #period = NaN;

  /** `declaredVolts` are those of each channel of volts. */
  constructor(
    channels: readonly MeasuredChannel[],
    declaredVolts: (channel: MeasuredChannel) => number,
    phasors: HalfPhasors,
  ) {
    const count = channels.length;
    this.channels = channels;
    this.#phasors = phasors;
    this.#crossings = Uint8Array.from(channels, (channel, c) =>
      channel.unit === "V" ? c : voltageOf(channels, channel),
    );
    this.#declared = Float64Array.from(channels, (channel) => (channel.unit === "V" ? declaredVolts(channel) : NaN));
    this.rms = new Float64Array(count).fill(NaN);
    this.begins = new Float64Array(count).fill(NaN);
    this.ends = new Float64Array(count).fill(NaN);
    this.#place = new Float64Array(count).fill(1);
    this.#lastTurns = new Float64Array(count).fill(NaN);
    this.#lastRms = new Float64Array(count).fill(NaN);
    const arrays = (): readonly Float64Array[] => Array.from({ length: TOUCHED }, () => new Float64Array(count));
    this.#all = arrays();
    this.#head = arrays();
    this.#headPlace = arrays();
  }

  /** Takes a half cycle that `phasors` have taken. */
  half(half: GridHalf): void {
    this.#since = half.joined ? this.#since + 1 : 1;
    this.#shift(half);
    for (let c = 0; c < this.channels.length; c++) {
      if (this.#crossings[c] === c) this.#findCrossing(c, half.doubtful);
    }
    for (let c = 0; c < this.channels.length; c++) {
      const place = this.#place[this.#crossings[c]!]!;
      this.#measureHalf(half, c, place);
      this.#endWindow(half, c, place);
    }
  }

  #shift(half: GridHalf): void {
    for (let k = TOUCHED - 1; k > 0; k--) {
      this.#from[k] = this.#from[k - 1]!;
      this.#at[k] = this.#at[k - 1]!;
      this.#seconds[k] = this.#seconds[k - 1]!;
      this.#missing[k] = this.#missing[k - 1]!;
      this.#uneven[k] = this.#uneven[k - 1]!;
      this.#all[k]!.set(this.#all[k - 1]!);
      this.#head[k]!.set(this.#head[k - 1]!);
      this.#headPlace[k]!.set(this.#headPlace[k - 1]!);
    }
    this.#from[0] = half.from;
    this.#at[0] = half.at;
    this.#seconds[0] = half.seconds;
    this.#missing[0] = half.missing;
    this.#uneven[0] = half.uneven ? 1 : 0;
    if (!half.uneven) this.#period = 2 * half.seconds;
  }

  /** Looks where the crossing of a voltage is, over the last cycle. */
  #findCrossing(c: number, doubtful: boolean): void {
    const phasors = this.#phasors;
    const { plus, minus, mask } = this.channels[c]!;
    let turns = NaN;
    let rms = NaN;
    if (phasors.since >= 2 && (phasors.missing(2) & mask) === 0) {
      phasors.sum(plus, minus, 2);
      const size = phasors.rms;
      if (size >= FLOOR * this.#declared[c]!) {
        turns = phasors.turns;
        rms = size;
      }
    }
    const moved = turns - this.#lastTurns[c]!;
    const agree =
      Math.abs(moved - Math.round(moved)) < AGREE_TURNS && Math.abs(rms / this.#lastRms[c]! - 1) < AGREE_RMS;
    this.#lastTurns[c] = turns;
    this.#lastRms[c] = rms;
    // Two cycles with the edge of a dip in them can be off alike: what the grid does not believe moves no crossing.
    if (!agree || doubtful) return;
    // At half a turn there is a crossing, too.
    const place = -2 * turns - Math.floor(-2 * turns);
    const off = place - this.#place[c]!;
    if (Math.abs(off - Math.round(off)) > STILL) this.#place[c] = place === 0 ? 1 : place;
  }

  /** The squares of the half cycle, all and those before the crossing. */
  #measureHalf(half: GridHalf, c: number, place: number): void {
    const before = place * half.half;
    const head = this.#sum(half, c, 0, 0, before);
    const tail = this.#sum(half, c, 0, before, half.half);
    this.#head[0]![c] = head;
    this.#headPlace[0]![c] = place;
    this.#all[0]![c] = head + tail;
  }

  /** The window ends at the crossing within this half cycle, and began within that before the last. */
  #endWindow(half: GridHalf, c: number, place: number): void {
    const touched = place === 1 ? 2 : 3;
    let uneven = 0;
    for (let k = 0; k < touched; k++) uneven |= this.#uneven[k]!;
    if (uneven !== 0) this.#endOfTime(half, c, place);
    else if (this.#since < touched) this.#lose(c);
    else {
      this.begins[c] = touched === 2 ? this.#at[1]! : this.#at[2]! + place * this.#seconds[2]!;
      this.ends[c] = this.#at[0]! + place * this.#seconds[0]!;
      this.rms[c] = this.#isMissing(c, touched) ? NaN : Math.sqrt(this.#squares(half, c, place, touched));
    }
  }

  /** There is no window. */
  #lose(c: number): void {
    this.rms[c] = this.begins[c] = this.ends[c] = NaN;
  }

  #isMissing(c: number, touched: number): boolean {
    let missing = 0;
    for (let k = 0; k < touched; k++) missing |= this.#missing[k]!;
    return (missing & this.channels[c]!.mask) !== 0;
  }

  /** The mean square of a window of two half cycles, or of one and parts of two. */
  #squares(half: GridHalf, c: number, place: number, touched: number): number {
    // Instants of a half cycle that is longer stand for more time.
    let squares = this.#head[0]![c]! * this.#seconds[0]! + this.#all[1]![c]! * this.#seconds[1]!;
    let seconds = place * this.#seconds[0]! + this.#seconds[1]!;
    if (touched === 3) {
      const tail =
        this.#headPlace[2]![c] === place
          ? this.#all[2]![c]! - this.#head[2]![c]!
          : this.#sum(half, c, 2, place * half.half, half.half);
      squares += tail * this.#seconds[2]!;
      seconds += (1 - place) * this.#seconds[2]!;
    }
    return Math.max(0, squares) / (half.half * seconds);
  }

  /** Where a half cycle was made longer or shorter, a window is as long as a cycle was: RMS of a cycle is the same wherever it begins. */
  #endOfTime(half: GridHalf, c: number, place: number): void {
    let left = this.#period;
    let squares = 0;
    let touched = 0;
    while (left > 1e-9 && touched < this.#since && touched < TOUCHED) {
      const end = touched === 0 ? place * half.half : half.half;
      const step = this.#seconds[touched]! / half.half;
      const begin = Math.max(0, end - left / step);
      squares += this.#sum(half, c, touched, begin, end) * step;
      left -= (end - begin) * step;
      touched++;
    }
    this.#lose(c);
    if (!(left <= 1e-9)) return;
    this.ends[c] = this.#at[0]! + place * this.#seconds[0]!;
    this.begins[c] = this.ends[c]! - this.#period;
    if (!this.#isMissing(c, touched)) this.rms[c] = Math.sqrt(squares / this.#period);
  }

  /** The sum of squares of a part of the half cycle that was `back` ago. */
  #sum({ ring }: GridHalf, c: number, back: number, begin: number, end: number): number {
    const { plus, minus } = this.channels[c]!;
    return sumSquares(ring[plus]!, minus === undefined ? undefined : ring[minus]!, this.#from[back]!, begin, end);
  }
}

/**
 * The sum of squares of x, or x less y, over the instants from `from + begin` up to `from + end`: of one that is cut the part
 * that lies between.
 */
function sumSquares(x: Float64Array, y: Float64Array | undefined, from: number, begin: number, end: number): number {
  // Whole numbers that the loop can index with.
  const first = Math.ceil(begin) | 0;
  const last = Math.floor(end) | 0;
  if (first > last) return (end - begin) * square(x, y, from + last);
  let sum = 0;
  const stop = from + last;
  if (y === undefined) {
    for (let k = from + first; k < stop; k++) {
      const value = x[k]!;
      sum += value * value;
    }
  } else {
    for (let k = from + first; k < stop; k++) {
      const value = x[k]! - y[k]!;
      sum += value * value;
    }
  }
  if (first > begin) sum += (first - begin) * square(x, y, from + first - 1);
  if (last < end) sum += (end - last) * square(x, y, from + last);
  return sum;
}

function square(x: Float64Array, y: Float64Array | undefined, at: number): number {
  const value = y === undefined ? x[at]! : x[at]! - y[at]!;
  return value * value;
}

/** The voltage whose crossings a current has: to neutral of its phase, or that of the line pair that begins or ends with it. */
function voltageOf(channels: readonly MeasuredChannel[], { name }: MeasuredChannel): number {
  const phase = name.slice(2);
  const own = channels.findIndex((channel) => channel.name === `V.${phase}`);
  if (own >= 0) return own;
  const pair = channels.findIndex(({ unit, name }) => unit === "V" && name.slice(2).includes(phase));
  return Math.max(0, pair);
}
