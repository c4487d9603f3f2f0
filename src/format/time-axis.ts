/**
 * The time axis of a recording, made as its rows come. Stamps count where there are any: what they say is followed as straight lines,
 * each a segment of one rate; where a line ends without another that begins there is a gap. What the recorder states of its rates
 * makes them exact where the stamps agree, and is remarked on where they do not.
 */
import { FormatError, type Gap } from "./recording.ts";
import type { Remarks } from "./remarks.ts";
import { narrowed, simplestRate } from "./period.ts";
import { judgeStamps, type StatedRate } from "./stamps.ts";
import { FOREVER, StraightLine } from "./straight-line.ts";

/** Rows that follow one another at one rate, in the batch that was taken. */
export interface Run {
  readonly from: number;
  readonly count: number;
  readonly rate: number;
  /** Seconds from the first sample of the recording. */
  readonly at: number;
  /** Whether it begins where the run before it ends. */
  readonly follows: boolean;
}

export interface TimeAxisOptions {
  readonly file: string;
  readonly remarks: Remarks;
  readonly stated: readonly StatedRate[];
  /** Whether rows have stamps. */
  readonly stamped: boolean;
  /** Seconds in the last digit of a stamp. */
  readonly quantum: number;
  /** Stamps are made of rates that are stated: there is nothing to judge. */
  readonly isExact: boolean;
  /** What a row is called in a remark: "line 12" of row 3. */
  readonly place: (row: number) => string;
}

/** Rows after which the rate of a segment is decided while it goes on. */
const DECIDED = 4096;

/** Rows by whose stamps all are judged. */
const JUDGED = 8192;

/** A stamp that fits nowhere is a bad one when of those after it so many fit again. */
const AHEAD = 6;

/** Steps of a stamped clock that wrap are put right by the decoders; a part of a period by which a segment may begin beside its place. */
const ASIDE = 0.02;

export class TimeAxis {
  readonly #options: TimeAxisOptions;
  /** The runs of the last batch. */
  runs: Run[] = [];
  gaps: Gap[] = [];
  #stampsCount: boolean;
  #judged = false;
  #factor = 1;
  #tolerance = 0;
  /** Rows before the batch. */
  #row = 0;
  #origin = NaN;
  /** By how much stamps were put off because they went back. */
  #shift = 0;
  readonly #line = new StraightLine();
  // What has been said of it: where, when and with what period the last run begins.
  #baseRow = 0;
  #base = 0;
  #period = NaN;
  #follows = false;
  /** The period of the segment before, and where it ended. */
  #before = NaN;
  #end = NaN;
  #toldOfMismatch = false;
  /** Rows of the batch. */
  #count = 0;

  constructor(options: TimeAxisOptions) {
    this.#options = options;
    this.#stampsCount = options.stamped;
  }

  rewind(): void {
    this.runs = [];
    this.gaps = [];
    this.#row = 0;
    this.#shift = 0;
    this.#follows = false;
    this.#period = NaN;
    this.#before = NaN;
    this.#end = NaN;
    this.#base = 0;
    this.#baseRow = 0;
    this.#line.open(0, NaN);
  }

  /** Takes the stamps of rows [0, count), in seconds; returns how many of them are in runs now: the others have to come again. */
  take(times: Float64Array, count: number, isLast: boolean): number {
    this.runs = [];
    this.#count = count;
    if (count === 0) return 0;
    if (!this.#judged) this.#judge(times, count);
    if (this.#stampsCount) return this.#follow(times, count, isLast);
    this.#byStatedRates(count);
    this.#row += count;
    return count;
  }

  #judge(times: Float64Array, count: number): void {
    const { quantum, isExact, remarks, file, stated } = this.#options;
    this.#judged = true;
    if (this.#stampsCount) {
      const trust = isExact
        ? { none: false, factor: 1, tolerance: quantum, remark: undefined }
        : judgeStamps(times, [0, Math.min(count, JUDGED)], quantum, stated[0]?.rate);
      if (trust.remark !== undefined) remarks.add(trust.remark, this.#options.place(0), trust.remark);
      this.#factor = trust.factor;
      this.#tolerance = trust.tolerance;
      // One sample has no step, and does with the rate that is stated.
      this.#stampsCount = !trust.none;
      for (let k = 0; k < count && Number.isNaN(this.#origin); k++) {
        if (Number.isFinite(times[k]!)) this.#origin = times[k]!;
      }
    }
    if (this.#stampsCount || stated.length > 0) return;
    const one = count === 1 ? "one sample alone says none" : "the stamps say none";
    const why = this.#options.stamped ? one : "there is no column of time";
    const how = "say it with --rate, or with rate: in a site file";
    throw new FormatError(file, this.#options.place(0), `there is no sampling rate: none is given, and ${why}; ${how}`);
  }

  #byStatedRates(count: number): void {
    for (let k = 0; k < count;) {
      const { rate, end } = this.#statedAt(this.#row + k) ?? { rate: NaN, end: Infinity };
      const n = Math.min(count - k, end - (this.#row + k));
      if (this.#period !== 1 / rate) {
        if (!Number.isNaN(this.#period)) this.#base += (this.#row + k - this.#baseRow) * this.#period;
        this.#baseRow = this.#row + k;
        this.#period = 1 / rate;
      }
      this.#emit(k, n);
      k += n;
    }
  }

  /** The stated rate of a row; the last one goes on. */
  #statedAt(row: number): StatedRate | undefined {
    const { stated } = this.#options;
    for (const one of stated) if (row < one.end) return one;
    const last = stated.at(-1);
    return last && { rate: last.rate, end: Infinity };
  }

  #secondsOf(stamp: number): number {
    const seconds = (stamp - this.#origin) * this.#factor;
    return Math.abs(seconds) < FOREVER ? seconds : NaN;
  }

  #follow(times: Float64Array, count: number, isLast: boolean): number {
    /** Rows of the batch that are in runs. */
    let done = 0;
    const tolerance = this.#tolerance;
    let boundary = this.#boundary(this.#row);
    for (let k = 0; k < count; k++) {
      let row = this.#row + k;
      if (!Number.isNaN(this.#line.at) && row < boundary) {
        const clock = { origin: this.#origin, factor: this.#factor, tolerance, period: this.#period };
        k = this.#line.follow(times, this.#row, [k, Math.min(count, boundary - this.#row)], clock);
        row = this.#row + k;
        if (k >= count) break;
      }
      if (row === boundary) {
        // Another rate is stated from here on.
        this.#decide(times, [done, k]);
        done = k;
        this.#close(row);
        boundary = this.#boundary(row);
      }
      const seconds = this.#secondsOf(times[k]!);
      if (Number.isNaN(seconds)) continue;
      if (Number.isNaN(this.#line.at)) {
        this.#line.open(row, seconds);
        this.#place(times, k, row);
        continue;
      }
      const n = row - this.#line.row;
      if (n === 0) continue;
      const low = (seconds - this.#line.at - tolerance) / n;
      const high = (seconds - this.#line.at + tolerance) / n;
      if (low <= this.#line.high && high >= this.#line.low) {
        if (low > this.#line.low) this.#line.low = low;
        if (high < this.#line.high) this.#line.high = high;
        if (this.#period < this.#line.low || this.#period > this.#line.high) {
          // The rate was decided too early: from here on a better one.
          this.#emit(done, k - done);
          done = k;
          this.#end = this.#base + (row - this.#baseRow) * this.#period;
          [this.#baseRow, this.#base, this.#before, this.#period] = [row, this.#end, this.#period, NaN];
          this.#period = 1 / simplestRate(1 / this.#line.high, 1 / this.#line.low);
          this.#follows = true;
        }
        continue;
      }
      if (k + AHEAD >= count && !isLast && k > 0) {
        count = k;
        break;
      }
      if (this.#isStray(times, k, count)) {
        const where = this.#options.place(row);
        this.#options.remarks.add("stray stamp", where, "its stamp does not fit those around it, and is not used");
        continue;
      }
      const alone = this.#isAlone(times, k, n);
      const from = alone ? k - 1 : k;
      if (alone) this.#line.high = Infinity;
      this.#decide(times, [done, from]);
      done = from;
      this.#close(this.#row + from);
      k = from - 1;
    }
    const rows = this.#row + count - this.#baseRow;
    if (isLast || !Number.isNaN(this.#period) || rows >= DECIDED) {
      this.#decide(times, [done, count]);
      done = count;
    }
    this.#row += done;
    return done;
  }

  /** The next row from which on another rate is stated. */
  #boundary(row: number): number {
    const here = this.#statedAt(row);
    return here === undefined ? Infinity : here.end;
  }

  /** Ends the segment before `row`. */
  #close(row: number): void {
    if (!Number.isNaN(this.#period)) {
      this.#end = this.#base + (row - this.#baseRow) * this.#period;
      this.#before = this.#period;
    }
    this.#period = NaN;
    this.#baseRow = row;
    this.#line.open(row, NaN);
  }

  /** Says when a segment begins whose first stamp is that of row k: where the one before ended, or later, or not before. */
  #place(times: Float64Array, k: number, row: number): void {
    if (Number.isNaN(this.#end)) {
      this.#base = 0;
      this.#follows = false;
      return;
    }
    const lead = row - this.#baseRow;
    let at = this.#line.at + this.#shift;
    // Rows without a stamp before it are of its rate, which is about the one before.
    if (lead > 0) at -= lead * this.#before;
    const aside = at - this.#end;
    const least = Math.min(this.#before, this.#nextStep(times, k));
    this.#follows = Math.abs(aside) <= this.#tolerance + ASIDE * least;
    if (this.#follows) {
      // A stamp's own rounding does not add up from segment to segment; jitter is no time of its own.
      if (Math.abs(aside) > ASIDE * least) at = this.#end;
    } else if (aside < 0) {
      const back = `time goes back by ${seconds(-aside)}: what follows is put after what was before`;
      this.#options.remarks.add("time goes back", this.#options.place(row), back);
      this.#shift -= aside;
      at = this.#end;
    } else if (aside > Math.max(this.#before, this.#nextStep(times, k)) * (1 - ASIDE) - this.#tolerance) {
      this.gaps.push({ at: this.#end, seconds: aside });
      const what = `${seconds(aside)} without samples before it`;
      this.#options.remarks.add("gap", this.#options.place(row), what);
    }
    this.#base = at;
  }

  #nextStep(times: Float64Array, k: number): number {
    const step = k + 1 < this.#count ? (times[k + 1]! - times[k]!) * this.#factor : NaN;
    return step > 0 ? step : this.#before;
  }

  /** Whether the stamp of row k is the only one that does not fit. */
  #isStray(times: Float64Array, k: number, count: number): boolean {
    let [fits, looked] = [0, 0];
    for (let j = k + 1; j < count && looked < AHEAD; j++) {
      const seconds = this.#secondsOf(times[j]!);
      if (Number.isNaN(seconds)) continue;
      looked++;
      const n = this.#row + j - this.#line.row;
      if ((seconds - this.#line.at - this.#tolerance) / n > this.#line.high) continue;
      if ((seconds - this.#line.at + this.#tolerance) / n < this.#line.low) continue;
      fits++;
    }
    return fits >= 3 && this.#row + k - this.#line.row > 2;
  }

  /** Whether the line has two rows only, which are not of one segment: the second one begins what follows. */
  #isAlone(times: Float64Array, k: number, n: number): boolean {
    if (n !== 2 || k < 1) return false;
    const step = this.#secondsOf(times[k - 1]!) - this.#line.at;
    const next = (times[k]! - times[k - 1]!) * this.#factor;
    const usual = Number.isNaN(this.#before) ? next : this.#before;
    return Math.abs(step - usual) > this.#tolerance + 0.25 * usual && step > next;
  }

  /** Puts rows of the batch into a run, at the period that fits them. */
  #decide(times: Float64Array, [from, to]: readonly [number, number]): void {
    if (to <= from) return;
    if (Number.isNaN(this.#period)) this.#period = this.#choose(times, from, to);
    this.#emit(from, to - from);
  }

  #choose(times: Float64Array, from: number, to: number): number {
    const stated = this.#statedAt(this.#row + from)?.rate;
    const [low, high] = [this.#line.low, this.#line.high];
    const fits = (period: number): boolean => period >= low && period <= high;
    if (stated !== undefined && fits(1 / stated)) return 1 / stated;
    const alone = !(high < Infinity) || !(high > 0);
    if (alone) {
      // One sample: it is as long as those before it.
      const period = Number.isNaN(this.#before) ? 1 / (stated ?? NaN) : this.#before;
      if (!Number.isNaN(period)) return period;
      const next = this.#nextStep(times, to);
      if (!Number.isNaN(next)) return next;
      const where = this.#options.place(this.#row + from);
      throw new FormatError(this.#options.file, where, "one sample alone says no sampling rate");
    }
    if (fits(this.#before)) return this.#before;
    const [least, most] = narrowed(times, [from, to], [low / this.#factor, high / this.#factor]);
    if (!(least > 0)) return (most * this.#factor) / 2;
    const period = 1 / simplestRate(1 / (most * this.#factor), 1 / (least * this.#factor));
    if (stated !== undefined && !this.#toldOfMismatch) {
      this.#toldOfMismatch = true;
      const rates = `${Number(stated.toPrecision(9))} Hz is stated, the stamps are of ${Number((1 / period).toPrecision(9))} Hz`;
      this.#options.remarks.add("rate", this.#options.place(this.#row + from), `${rates}: the stamps are taken`);
    }
    return period;
  }

  #emit(from: number, count: number): void {
    if (count <= 0) return;
    const at = this.#base + (this.#row + from - this.#baseRow) * this.#period;
    const begins = this.#row + from === this.#baseRow;
    const follows = this.#row + from > 0 && (!begins || this.#follows || !this.#stampsCount);
    // The inverse of an inverse is not quite what it was.
    const rate = Number((1 / this.#period).toPrecision(14));
    this.runs.push({ from, count, rate, at, follows });
  }
}

function seconds(value: number): string {
  return `${Number(value.toPrecision(6))} s`;
}
