/**
 * Intervals of values: 150/180 cycles, which begin anew with each resynchronised block while the one under way runs to its end,
 * and intervals of minutes that end at multiples of their length of UTC. A block belongs to the interval in which it begins; two hours
 * are made of twelve times ten minutes (IEC 61000-4-30, 4.5). The same is done, without the power quality option, with values of one cycle each half cycle.
 */
import { INTERVAL_MINUTES, type IntervalMinutes } from "#quantity/quality-view.ts";
import { Aggregate, Pointers } from "./aggregate.ts";

/** What values stand for: a block, or a half cycle. */
export interface Stretch {
  /** Milliseconds since 1970 at which it begins, NaN where nobody knows; and its seconds on the source's clock. */
  readonly utc: number;
  readonly at: number;
  readonly seconds: number;
  readonly flagged: boolean;
  /** It is the first one of its interval of ten minutes, or after an interruption. */
  readonly resync: boolean;
}

/** An interval that has ended. What it hands out is overwritten by the next one. */
export interface Interval {
  readonly length: "cycles" | IntervalMinutes;
  /** Milliseconds since 1970; of 150/180 cycles NaN where nobody knows. */
  readonly utcStart: number;
  readonly utcEnd: number;
  /** It has all that belongs to it: neither the clock was set in it, nor did the source begin, stop or have a gap. */
  readonly complete: boolean;
  readonly aggregate: Aggregate;
}

export type TakeInterval = (interval: Interval) => void;

/** By how much UTC may differ from what has gone by since the stretch before, in milliseconds: what is more, somebody set. */
const SET = 100;

/** Values in 150/180 cycles: blocks of 10/12. */
const BLOCKS = 15;

class ClockInterval implements Interval {
  readonly length: IntervalMinutes;
  readonly aggregate: Aggregate;
  utcStart = NaN;
  utcEnd = NaN;
  complete = false;
  readonly #ms: number;
  /** Stretches are at most this long: what is missing at its ends may be one of them. */
  #longest = 0;

  constructor(length: IntervalMinutes, how: Uint8Array) {
    this.length = length;
    this.aggregate = new Aggregate(how);
    this.#ms = length * 60_000;
  }

  /** Whether a stretch that begins at `utc` belongs to it; one that has not begun takes any. */
  isPast(utc: number): boolean {
    return !Number.isNaN(this.utcStart) && Math.floor(utc / this.#ms) !== Math.floor(this.utcStart / this.#ms);
  }

  /** Begins with what is at `utc`. */
  begin(utc: number): void {
    if (!Number.isNaN(this.utcStart)) return;
    this.utcStart = Math.floor(utc / this.#ms) * this.#ms;
    this.utcEnd = this.utcStart + this.#ms;
  }

  add(values: Float64Array, pointers: Pointers, { seconds, flagged }: Stretch): void {
    this.aggregate.add(values, pointers, seconds, flagged);
    this.#longest = Math.max(this.#longest, seconds);
  }

  /** Takes the values that a shorter one, which has been closed, stands for; `pointers` are of its means. */
  addInterval(other: ClockInterval, pointers: Pointers): void {
    this.aggregate.addInterval(other.aggregate, pointers);
    this.#longest = Math.max(this.#longest, other.#longest);
  }

  /** Takes all that belongs to a shorter one. */
  addAll(other: ClockInterval): void {
    this.aggregate.addAll(other.aggregate);
    this.#longest = Math.max(this.#longest, other.#longest);
  }

  /** Ends it; `wasCut` when that is not at its end. */
  close(wasCut: boolean): void {
    this.aggregate.close();
    this.complete =
      !wasCut &&
      this.aggregate.lost === 0 &&
      this.aggregate.seconds >= this.#ms / 1000 - 2 * this.#longest * this.#parts;
  }

  /** Intervals that it is made of, each of which may lack a stretch at an end. */
  get #parts(): number {
    return this.length === 120 ? 12 : 1;
  }

  clear(): void {
    this.utcStart = this.utcEnd = NaN;
    this.aggregate.clear();
  }
}

class CycleInterval implements Interval {
  readonly length = "cycles";
  readonly aggregate: Aggregate;
  utcStart = NaN;
  utcEnd = NaN;
  complete = false;
  /** Values that it has had, those given up among them. */
  had = 0;

  constructor(how: Uint8Array) {
    this.aggregate = new Aggregate(how);
  }

  add(values: Float64Array, pointers: Pointers, stretch: Stretch): void {
    if (this.had++ === 0) this.utcStart = stretch.utc;
    this.utcEnd = stretch.utc + 1000 * stretch.seconds;
    this.aggregate.add(values, pointers, stretch.seconds, stretch.flagged);
  }

  lose(flagged: boolean): void {
    this.had++;
    this.aggregate.lose(flagged);
  }

  clear(): void {
    this.had = 0;
    this.utcStart = this.utcEnd = NaN;
    this.aggregate.clear();
  }
}

export class Intervals {
  readonly #take: TakeInterval;
  readonly #perCycles: number;
  readonly #pointers: Pointers;
  readonly #minutes: readonly ClockInterval[];
  /**
   * Of the length that divides all of `minutes`, which end where one of it ends: stretches are taken into this one, and the others are
   * made of it. It may be one that nobody wants.
   */
  readonly #part: ClockInterval | undefined;
  readonly #tens: ClockInterval | undefined;
  readonly #hours: ClockInterval | undefined;
  #cycles: CycleInterval;
  /** The one that overlaps the one under way. */
  #oldCycles: CycleInterval;
  #lastUtc = NaN;
  #lastAt = NaN;
  /** Where the last stretch ended, UTC. */
  #lastEnd = NaN;

  /**
   * `minutes` are the lengths that are wanted beside 150/180 cycles, of which ten minutes are a part when two hours are. `perCycles`
   * values make 150/180 cycles.
   */
  constructor(how: Uint8Array, minutes: readonly IntervalMinutes[], take: TakeInterval, perCycles = BLOCKS) {
    this.#take = take;
    this.#perCycles = perCycles;
    const wanted = new Set(minutes);
    if (wanted.has(120)) wanted.add(10);
    const all = [...wanted].map((length) => new ClockInterval(length, how));
    this.#tens = all.find(({ length }) => length === 10);
    this.#hours = all.find(({ length }) => length === 120);
    this.#minutes = all.filter(({ length }) => length !== 120);
    const divisor = INTERVAL_MINUTES.findLast((length) => this.#minutes.every((other) => other.length % length === 0));
    if (divisor !== undefined && this.#minutes.length > 0) {
      this.#part = this.#minutes.find(({ length }) => length === divisor) ?? new ClockInterval(divisor, how);
    }
    this.#pointers = new Pointers(how);
    this.#cycles = new CycleInterval(how);
    this.#oldCycles = new CycleInterval(how);
  }

  /** Takes the values of a stretch; those of a block that overlaps another come before that one's. */
  add(values: Float64Array, stretch: Stretch): void {
    this.#turn(stretch);
    if (stretch.resync) this.#resync();
    const pointers = this.#pointers;
    pointers.take(values);
    if (this.#oldCycles.had > 0) {
      this.#oldCycles.add(values, pointers, stretch);
      this.#endCycles(this.#oldCycles);
    }
    this.#cycles.add(values, pointers, stretch);
    this.#endCycles(this.#cycles);
    if (Number.isNaN(stretch.utc)) return;
    this.#begin(stretch.utc);
    this.#part?.add(values, pointers, stretch);
  }

  /** Says that a stretch that had begun was given up. With a gap the 150/180 cycles end; for anything else they are flagged. */
  lose(stretch: Stretch, isGap: boolean): void {
    this.#turn(stretch);
    for (const interval of [this.#oldCycles, this.#cycles]) {
      if (interval.had === 0) continue;
      interval.lose(!isGap);
      if (isGap) this.#emit(interval, false);
      else this.#endCycles(interval);
    }
    if (Number.isNaN(stretch.utc)) return;
    this.#begin(stretch.utc);
    this.#part?.aggregate.lose(!isGap);
  }

  /** Begins what has not begun. */
  #begin(utc: number): void {
    this.#part?.begin(utc);
    for (const interval of this.#minutes) interval.begin(utc);
    this.#hours?.begin(utc);
  }

  /** Nothing comes for now: 150/180 cycles end here, those by the clock go on and are not complete. */
  pause(): void {
    for (const interval of [this.#oldCycles, this.#cycles]) if (interval.had > 0) this.#emit(interval, false);
    const part = this.#part;
    if (part !== undefined && !Number.isNaN(part.utcStart)) part.aggregate.lose(false);
  }

  /** Hands out what is under way: nothing more comes. */
  finish(): void {
    this.pause();
    this.#cut();
    this.#lastUtc = this.#lastAt = NaN;
  }

  /** Ends the intervals that do not have a stretch that begins at `utc`. */
  #turn({ utc, at, seconds }: Stretch): void {
    const goneBy = 1000 * (at - this.#lastAt);
    if (Math.abs(utc - this.#lastUtc - goneBy) > SET || Number.isNaN(utc) !== Number.isNaN(this.#lastUtc)) this.#cut();
    this.#lastUtc = utc;
    this.#lastAt = at;
    this.#lastEnd = utc + 1000 * seconds;
    if (this.#part?.isPast(utc) !== true) return;
    this.#endPart();
    for (const interval of this.#minutes) if (interval.isPast(utc)) this.#endMinutes(interval, false);
    if (this.#hours?.isPast(utc) === true) this.#endMinutes(this.#hours, false);
  }

  /** The clock was set, or the source stopped: what is under way ends here. */
  #cut(): void {
    this.#endPart();
    for (const interval of this.#minutes) this.#endMinutes(interval, true);
    if (this.#hours !== undefined) this.#endMinutes(this.#hours, true);
  }

  /** The others get what it has. It ends among them, or, where nobody wants it, here. */
  #endPart(): void {
    const part = this.#part;
    if (part === undefined) return;
    let isWanted = false;
    for (const interval of this.#minutes) {
      if (interval === part) isWanted = true;
      else interval.addAll(part);
    }
    if (!isWanted) part.clear();
  }

  #endMinutes(interval: ClockInterval, wasCut: boolean): void {
    if (Number.isNaN(interval.utcStart)) return;
    interval.close(wasCut);
    // What ends before its time ends where nothing came any more.
    if (wasCut && this.#lastEnd > interval.utcStart) interval.utcEnd = Math.min(interval.utcEnd, this.#lastEnd);
    if (interval === this.#tens && this.#hours !== undefined) {
      this.#pointers.take(interval.aggregate.mean);
      this.#hours.addInterval(interval, this.#pointers);
    }
    this.#take(interval);
    interval.clear();
  }

  #resync(): void {
    if (this.#cycles.had === 0) return;
    if (this.#oldCycles.had > 0) this.#emit(this.#oldCycles, false);
    [this.#cycles, this.#oldCycles] = [this.#oldCycles, this.#cycles];
  }

  #endCycles(interval: CycleInterval): void {
    if (interval.had >= this.#perCycles) this.#emit(interval, interval.aggregate.lost === 0);
  }

  #emit(interval: CycleInterval, complete: boolean): void {
    interval.aggregate.close();
    interval.complete = complete;
    this.#take(interval);
    interval.clear();
  }
}
