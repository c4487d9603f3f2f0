/**
 * Frequency over ten seconds of UTC: whole cycles over their duration, those that overlap the tick left out (IEC 61000-4-30,
 * 5.1). Where a cycle begins and ends is taken from the fundamental over the 10 or 12 cycles around it, which harmonics and interharmonics
 * that lie a multiple of 5 Hz off do not move.
 */
import type { GridHalf } from "#metrology/grid-half.ts";
import type { MeasuredChannel } from "#metrology/channels.ts";
import type { HalfPhasors } from "#metrology/half-phasors.ts";

/** Why there is no frequency. */
export type NoFrequency =
  /** The source had a gap, began or ended in the ten seconds. */
  | "gap"
  /** The clock was set in them. */
  | "clock"
  /** There was no voltage to take it from, for a while at least. */
  | "no voltage"
  /** The fundamental was outside of the range in which a meter measures, or none was found in the voltage. */
  | "range";

const TEN = 10_000;

/** Half cycles whose times are kept. */
const KEPT = 24;

/** Cycles must cover so many of the ten seconds, and no more. */
const ENOUGH = 9.5;
const TOO_MANY = 10.01;

/** Half cycles without a voltage after which cycles are no longer counted, and those without a fundamental that is followed. */
const MOST_DARK = 10;
const MOST_LOST = 50;

/** Below this part of the declared voltage a channel has no frequency. */
const FLOOR = 0.1;

/** A beginning of a cycle, and of each voltage the turns there, against the grid, and those that were counted; NaN of what has none. */
interface Mark {
  index: number;
  at: number;
  readonly turns: Float64Array;
  readonly counted: Float64Array;
}

export class TenSeconds {
  /** Of the last ten seconds that ended, and their end in milliseconds of UTC; NaN, and why, when there is none. */
  hz = NaN;
  utc = NaN;
  why: NoFrequency | undefined = "gap";
  /** A dip, a swell or an interruption was in them. */
  flagged = false;
  readonly #voltages: readonly MeasuredChannel[];
  readonly #declared: Float64Array;
  readonly #phasors: HalfPhasors;
  readonly #utc: (at: number) => number;
  readonly #window: number;
  /** Nominal frequency. */
  readonly #nominal: number;
  readonly #times = new Float64Array(KEPT);
  readonly #utcs = new Float64Array(KEPT);
  /** Turns of each voltage, counted from half cycle to half cycle, by which whole ones are told; the last, and those of the half cycles that are kept. */
  readonly #turns: Float64Array;
  readonly #counted: Float64Array;
  /** By voltage, half cycles in a row without it, and whether there were too many. */
  readonly #dark: Uint16Array;
  readonly #wasDark: Uint8Array;
  #first: Mark;
  #last: Mark;
  /** In which ten seconds the last mark lies. */
  #tick = NaN;
  #gap = true;
  /** They are the first of which anything is known. */
  #began = true;
  /** Half cycles in a row in which no fundamental of the range was followed, and whether there were too many. */
  #lost = 0;
  #wasLost = false;
  #disturbed = false;

  constructor(
    cycles: 10 | 12,
    channels: readonly MeasuredChannel[],
    declaredVolts: (channel: MeasuredChannel) => number,
    phasors: HalfPhasors,
    utc: (at: number) => number,
  ) {
    this.#window = 2 * cycles;
    this.#voltages = channels.filter(({ unit }) => unit === "V");
    this.#declared = Float64Array.from(this.#voltages, declaredVolts);
    this.#phasors = phasors;
    this.#utc = utc;
    const count = this.#voltages.length;
    this.#turns = new Float64Array(count);
    this.#counted = new Float64Array(count * KEPT);
    this.#dark = new Uint16Array(count);
    this.#wasDark = new Uint8Array(count);
    this.#nominal = cycles * 5;
    const nothing = (): Float64Array => new Float64Array(count).fill(NaN);
    const mark = (): Mark => ({ index: 0, at: NaN, turns: nothing(), counted: nothing() });
    this.#first = mark();
    this.#last = mark();
  }

  /** Says that the voltage was disturbed. */
  disturb(): void {
    this.#disturbed = true;
  }

  /** Takes a half cycle that `phasors` have taken; whether ten seconds have ended. */
  half(half: GridHalf): boolean {
    const { index, at } = half;
    if (!half.joined) this.#gap = true;
    this.#count(half);
    this.#times[index % KEPT] = at;
    this.#utcs[index % KEPT] = this.#utc(at);
    // In the middle of the window a half cycle begins.
    const middle = index - this.#window / 2 + 1;
    if (middle % 2 !== 0 || this.#phasors.since < this.#window) return false;
    const tick = Math.floor(this.#utcs[middle % KEPT]! / TEN);
    if (tick === this.#tick) {
      this.#mark(this.#last, middle);
      return false;
    }
    const isEnd = !Number.isNaN(this.#tick) && !Number.isNaN(tick);
    if (isEnd) this.#end();
    this.#began = !isEnd;
    this.#tick = tick;
    this.#gap = this.#wasLost = this.#disturbed = false;
    this.#wasDark.fill(0);
    this.#mark(this.#first, middle);
    this.#mark(this.#last, middle);
    return isEnd;
  }

  /** Nothing more comes for now: the last ten seconds are of before. */
  finish(): void {
    this.#gap = true;
    this.hz = NaN;
    this.why = "gap";
  }

  /**
   * Counts the turns of each voltage in a half cycle. Its phase against the grid says them but for whole ones, and these are told by how
   * long it is: were the frequency 20 Hz off, by a fifth of a turn. So they go on where the grid has lost the frequency, or aligns anew.
   */
  #count({ index, seconds, lock }: GridHalf): void {
    const phasors = this.#phasors;
    this.#lost = lock === "outside" || lock === "lost" ? this.#lost + 1 : 0;
    if (this.#lost > MOST_LOST) this.#wasLost = true;
    const missing = phasors.missing(2);
    for (let c = 0; c < this.#voltages.length; c++) {
      const { plus, minus, mask } = this.#voltages[c]!;
      const expected = this.#turns[c]! + seconds * this.#nominal;
      phasors.sum(plus, minus, 2);
      const isThere = (missing & mask) === 0 && phasors.rms >= FLOOR * this.#declared[c]!;
      // Where the next half cycle begins, on the grid, and the voltage beside it.
      const here = (index + 1) / 2 + phasors.turns;
      this.#turns[c] = isThere ? here + Math.round(expected - here) : expected;
      this.#dark[c] = isThere ? 0 : this.#dark[c]! + 1;
      if (this.#dark[c]! > MOST_DARK) this.#wasDark[c] = 1;
      this.#counted[c * KEPT + (index % KEPT)] = this.#turns[c]!;
    }
  }

  #mark(mark: Mark, index: number): void {
    const phasors = this.#phasors;
    const missing = phasors.missing(this.#window);
    mark.index = index;
    mark.at = this.#times[index % KEPT]!;
    for (let c = 0; c < this.#voltages.length; c++) {
      const { plus, minus, mask } = this.#voltages[c]!;
      phasors.sum(plus, minus, this.#window);
      const isThere = (missing & mask) === 0 && phasors.rms >= FLOOR * this.#declared[c]!;
      mark.turns[c] = isThere ? phasors.turns : NaN;
      mark.counted[c] = this.#counted[c * KEPT + (index % KEPT)]!;
    }
  }

  #end(): void {
    const [first, last] = [this.#first, this.#last];
    this.hz = NaN;
    this.why = undefined;
    this.flagged = this.#disturbed;
    this.utc = (this.#tick + 1) * TEN;
    const seconds = last.at - first.at;
    if (this.#gap || (this.#began && seconds < ENOUGH)) this.why = "gap";
    else if (!(seconds >= ENOUGH && seconds <= TOO_MANY)) this.why = "clock";
    else if (this.#wasLost) this.why = "range";
    else {
      // The first voltage, or where that was lost another.
      for (let c = 0; c < first.turns.length; c++) {
        const moved = last.turns[c]! - first.turns[c]!;
        if (Number.isNaN(moved) || this.#wasDark[c] === 1) continue;
        // But for whole cycles they are these.
        const cycles = (last.index - first.index) / 2 + moved;
        const counted = last.counted[c]! - first.counted[c]!;
        this.hz = (cycles + Math.round(counted - cycles)) / seconds;
        return;
      }
      this.why = "no voltage";
    }
  }
}
