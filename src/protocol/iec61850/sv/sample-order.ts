/**
 * The order of samples by smpCnt, which counts those of a second: what is next, what was lost between, what comes late or again, and where
 * a stream begins anew. Arrival decides only where the count alone cannot.
 */

/** Seconds of samples that may be lost in a row, or come late, within one stretch: after more it begins anew. */
const FARTHEST_SECONDS = 0.2;

/** Milliseconds after which a stream that has stopped begins anew, whatever it counts. */
const SILENT_MS = 500;

/** Milliseconds by which arrival may differ from the count where both say that samples were lost: a machine that stood still sends late. */
const LATE_MS = 260;

/** So many samples that have been there, one behind the other, are a counter that was set back. */
const SET_BACK = 32;

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
  readonly #farthest: number;
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
    if (count >= rate) return "beyond";
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
