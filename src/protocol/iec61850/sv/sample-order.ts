/**
 * The order of samples by smpCnt, which counts those of a second: what is next, what was lost between, what comes late or again, and where
 * a stream begins anew. Arrival decides only where the count alone cannot.
 */
import { ratesOfAll } from "./profiles.ts";

/** Seconds of samples that may be lost in a row, or come late, within one stretch: after more it begins anew. */
const FARTHEST_SECONDS = 0.2;

/** Milliseconds after which a stream that has stopped begins anew, whatever it counts. */
const SILENT_MS = 500;

/** Milliseconds by which arrival may differ from the count where both say that samples were lost: a machine that stood still sends late. */
const LATE_MS = 260;

/** So many samples that have been there, one behind the other, are a counter that was set back. */
const SET_BACK = 32;

/** Milliseconds after which a stream whose counts were another rate's may be of this one: longer than a second. */
const OTHER_MS = 1500;

/** So many counts beyond the rate, one behind the other, are of another rate. */
const SURE = 8;

/** What a sample is to those before it. */
export type Place = "next" | "first" | "late" | "beyond";

export class SampleOrder {
  /** Samples a second. */
  readonly rate: number;
  /** Of the sample that was placed last, and of the next one: samples since the stretch began. */
  position = 0;
  next = 0;
  /** Between that sample and the one before it. */
  gap = 0;
  readonly counts = {
    /** Never came, as far as can be known. */
    lost: 0,
    /** Stretches without a single one of them. */
    gaps: 0,
    /** Times that a stream began anew without samples being lost: its counter was set, or it had been off. */
    jumps: 0,
  };
  /** Samples a second that it seems to have instead, while it is of another rate. */
  otherRate = 0;
  readonly #farthest: number;
  /** When it was seen last that it is of another rate; the count before, and the end of the last second that was not at this rate's. */
  #otherAt = -Infinity;
  #before = -1;
  #shortEnd = -1;
  /** Counts beyond this rate, one behind the other. */
  #beyond = 0;
  #begun = false;
  #expected = 0;
  #last = 0;
  #behind = 0;
  #lastBehind = 0;

  constructor(rate: number) {
    this.rate = rate;
    this.#farthest = Math.floor(FARTHEST_SECONDS * rate);
  }

  /** Places a sample that came at so many elapsed milliseconds. */
  place(count: number, elapsed: number): Place {
    const { rate } = this;
    const isOther = this.#isOther(count, elapsed);
    // Of another rate nothing is taken; a single count that cannot be is a frame's fault.
    if (isOther) this.#begun = false;
    if (isOther || count >= rate) return "beyond";
    this.gap = 0;
    if (!this.#begun) return this.#begin(count, elapsed);
    const silent = elapsed - this.#last;
    const ahead = (count - this.#expected + rate) % rate;
    if (silent <= SILENT_MS) {
      if (ahead === 0) return this.#goOn(count, elapsed);
      if (rate - ahead <= this.#farthest) return this.#late(count, rate - ahead, elapsed);
      if (ahead <= this.#farthest) {
        this.gap = ahead;
        this.#lose(ahead);
        return this.#goOn(count, elapsed);
      }
    }
    // Whole seconds that no count shows.
    const seconds = Math.max(0, Math.round(silent / 1000 - ahead / rate));
    const lost = ahead + seconds * rate;
    if (lost > 0 && Math.abs((1000 * lost) / rate - silent) <= LATE_MS) this.#lose(lost);
    else this.counts.jumps++;
    return this.#begin(count, elapsed);
  }

  /**
   * Whether it is of another rate: it counts on beyond this one, or twice running begins again where another one of the standard ends. One end
   * alone can be of samples that were lost.
   */
  #isOther(count: number, elapsed: number): boolean {
    const { rate } = this;
    const end = this.#before + 1;
    if (count >= rate) {
      this.#beyond = count === end ? this.#beyond + 1 : 1;
      this.otherRate = Math.max(count + 1, elapsed - this.#otherAt < OTHER_MS ? this.otherRate : 0);
      if (this.#beyond >= SURE) this.#otherAt = elapsed;
    } else if (count === 0 && this.#before > 0) {
      const isShort = end < rate && ratesOfAll.includes(end);
      if (isShort && this.#shortEnd === end) {
        this.#otherAt = elapsed;
        this.otherRate = end;
      }
      this.#shortEnd = isShort ? end : -1;
    }
    this.#before = count;
    return elapsed - this.#otherAt < OTHER_MS;
  }

  /** What came late had not been lost. */
  found(): void {
    this.counts.lost--;
    this.#behind = 0;
  }

  /** What comes next begins a stretch. */
  end(): void {
    this.#begun = false;
  }

  #lose(samples: number): void {
    this.counts.lost += samples;
    this.counts.gaps++;
  }

  #begin(count: number, elapsed: number): Place {
    this.#begun = true;
    this.next = 0;
    this.#goOn(count, elapsed);
    return "first";
  }

  #goOn(count: number, elapsed: number): Place {
    this.position = this.next + this.gap;
    this.next = this.position + 1;
    this.#expected = count + 1 === this.rate ? 0 : count + 1;
    this.#last = elapsed;
    this.#behind = 0;
    return "next";
  }

  #late(count: number, behind: number, elapsed: number): Place {
    const follows = count === (this.#lastBehind + 1) % this.rate;
    this.#behind = follows ? this.#behind + 1 : 1;
    this.#lastBehind = count;
    if (this.#behind >= SET_BACK) {
      this.counts.jumps++;
      return this.#begin(count, elapsed);
    }
    this.position = this.next - behind;
    return "late";
  }
}
