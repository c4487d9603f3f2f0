/**
 * Follows the fundamental of one channel by its phase. It is told, half cycle by half cycle, the phase in the middle of the last cycle
 * and the time of that, and says what the frequency is and will be.
 *
 * The frequency is the phase's difference over 200 ms: the interval of IEC 61000-4-30, over which every interharmonic that lies
 * a multiple of 5 Hz off beats whole times and adds nothing. Its slope is the difference of two such, so that a steady ramp is followed
 * without lag. What does not fit is not believed until it has lasted: the phase in the middle of a dip's edge is nobody's.
 */

/** Measures kept: a slope takes twice 200 ms of half cycles, at 69 Hz. */
const KEPT = 64;

/** The interval of a frequency, seconds. */
const INTERVAL = 0.2;

/**
 * Turns by which a phase may be off what was expected of it half a cycle later: so many of a quiet signal, and so many times what it
 * was off of late, up to a most.
 */
const GATE = 0.004;
const GATE_TIMES = 4;
const WIDEST_GATE = 0.02;

/** How fast what phases were off is forgotten, a half cycle. */
const FORGET = 0.1;

/** And how much more for every half cycle in which nothing was seen. */
const GATE_GROWTH = 0.0005;

/** Turns by which two phases that did not fit differ at most when they are of one jump. */
const ALIKE = 0.002;

/** Turns a half cycle by which a step of the frequency may be off, and what its pace may differ by. */
const LARGEST_PACE = 0.2;
const PACE_ALIKE = 0.006;

/** No grid's frequency changes faster than this, in Hz a second. */
const STEEPEST = 20;

/** What became of a phase: it fits, it does not (yet), or a jump has been believed: windows are to be aligned anew. */
export type Followed = "fits" | "doubtful" | "jumped";

export class PhaseTracker {
  readonly #turns = new Float64Array(KEPT);
  readonly #times = new Float64Array(KEPT);
  #count = 0;
  /** Turns and seconds of what did not fit, the last three of them. */
  readonly #doubts = new Float64Array(3);
  readonly #doubtTimes = new Float64Array(3);
  #doubted = 0;
  /** Turns by which phases were off of late. */
  #usual = WIDEST_GATE / GATE_TIMES;
  /** What is believed, in Hz. */
  readonly range: readonly [number, number];
  /** Over the last interval, in Hz, its slope in Hz a second, and the middle of it. */
  #hz: number;
  #slope = 0;
  #middle = 0;
  /** Sum and number of the frequencies since `take`. */
  #sum = 0;
  #taken = 0;

  /** `range` in Hz: nothing outside a quarter more than it is believed. */
  constructor(range: readonly [number, number]) {
    this.range = [range[0] * 0.8, range[1] * 1.25];
    this.#hz = (range[0] + range[1]) / 2;
  }

  /** Whether it knows a frequency: half an interval has been seen. */
  get known(): boolean {
    return this.#count > INTERVAL * this.#hz;
  }

  /** The frequency at `time`, which is not long after the last phase. */
  hzAt(time: number): number {
    const [low, high] = this.range;
    return Math.min(high, Math.max(low, this.#hz + this.#slope * (time - this.#middle)));
  }

  /** The phase, in turns, at `time`. */
  turnsAt(time: number): number {
    const last = (this.#count - 1) % KEPT;
    const since = time - this.#times[last]!;
    return this.#turns[last]! + since * this.hzAt(this.#times[last]! + since / 2);
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** The mean frequency since the last call, NaN when nothing was seen. */
  take(): number {
    const mean = this.#sum / this.#taken;
    this.#sum = this.#taken = 0;
    return mean;
  }

  /** Sets a frequency that was found otherwise; no phase is known. */
  reset(hz: number): void {
    this.#hz = hz;
    this.lose();
  }

  /** Says that the next phase has no connection with the last one. */
  lose(): void {
    const [low, high] = this.range;
    this.#hz = Math.min(high, Math.max(low, this.#hz));
    this.#slope = 0;
    this.#usual = WIDEST_GATE / GATE_TIMES;
    this.#count = 0;
    this.#doubted = 0;
  }

  /** Takes the phase at `time` (seconds), in turns, of which whole ones do not matter. */
  follow(turns: number, time: number): Followed {
    if (this.#count === 0) {
      this.#add(turns, time);
      return "fits";
    }
    const expected = this.turnsAt(time);
    const found = expected + wrapTurns(turns - expected);
    const half = 0.5 / this.#hz;
    const halves = Math.max(1, (time - this.#times[(this.#count - 1) % KEPT]!) / half);
    const off = Math.abs(found - expected);
    const gate = Math.min(WIDEST_GATE, GATE + GATE_TIMES * this.#usual) + GATE_GROWTH * (halves - 1);
    const fits = off < gate;
    this.#usual += (fits ? FORGET : FORGET / 4) * (Math.min(WIDEST_GATE / 2, off) - this.#usual);
    if (fits) {
      // The cycle after one that did not fit shares a half with it.
      if (this.#doubted === 0) this.#add(found, time);
      this.#doubted = 0;
      return "fits";
    }
    return this.#doubt(found, time) ? "jumped" : "doubtful";
  }

  #add(turns: number, time: number): void {
    this.#turns[this.#count % KEPT] = turns;
    this.#times[this.#count % KEPT] = time;
    this.#count++;
    // Numbers that only grow lose their last digits: everything is told from the last phase.
    if (this.#count >= 2 * KEPT) this.#count = KEPT + (this.#count % KEPT);
    this.#estimate();
    if (!this.known) return;
    this.#sum += this.hzAt(time);
    this.#taken++;
  }

  /** The frequency over the last interval, and how it has changed since the one before. */
  #estimate(): void {
    const held = Math.min(this.#count, KEPT) - 1;
    if (held < 1) return;
    const whole = 2 * Math.round(INTERVAL * this.#hz);
    // Over less than half an interval what beats with the fundamental says more than its phase does.
    if (held < whole / 2) return;
    const span = Math.min(held, whole);
    const last = this.#count - 1;
    const k = last % KEPT;
    const j = (last - span) % KEPT;
    const t0 = this.#times[j]!;
    const t1 = this.#times[k]!;
    const hz = (this.#turns[k]! - this.#turns[j]!) / (t1 - t0);
    this.#middle = (t0 + t1) / 2;
    this.#slope = 0;
    if (held >= 2 * span) {
      const i = (last - 2 * span) % KEPT;
      const before = (this.#turns[j]! - this.#turns[i]!) / (t0 - this.#times[i]!);
      const slope = (2 * (hz - before)) / (t1 - this.#times[i]!);
      this.#slope = Math.max(-STEEPEST, Math.min(STEEPEST, slope));
    }
    const [low, high] = this.range;
    this.#hz = Math.min(high, Math.max(low, hz));
  }

  /** Remembers a phase that does not fit; true when it and those before it make a jump, or a step of the frequency. */
  #doubt(turns: number, time: number): boolean {
    const [doubts, times] = [this.#doubts, this.#doubtTimes];
    // So does the one before it.
    if (this.#doubted === 0 && this.#count > 2) {
      this.#count--;
      this.#estimate();
    }
    doubts[0] = doubts[1]!;
    doubts[1] = doubts[2]!;
    doubts[2] = turns;
    times[0] = times[1]!;
    times[1] = times[2]!;
    times[2] = time;
    this.#doubted++;
    // An edge of a dip lies in two cycles, one after the other, whose phases can be off alike: a third one tells it from a jump.
    if (this.#doubted < 3) return false;
    const pace = (k: number): number =>
      wrapTurns(doubts[k]! - doubts[k - 1]! - (this.turnsAt(times[k]!) - this.turnsAt(times[k - 1]!)));
    const last = pace(2);
    const before = pace(1);
    if (Math.abs(last) < ALIKE) {
      if (Math.abs(before) >= ALIKE) return false;
      // The frequency goes on as it was: what is known of it does, too.
      const jump = turns - this.turnsAt(time);
      for (let k = 0; k < KEPT; k++) this.#turns[k]! += jump;
      this.#doubted = 0;
      this.#add(turns, time);
      return true;
    }
    if (Math.abs(last) > LARGEST_PACE || Math.abs(last - before) > PACE_ALIKE) return false;
    const hz = this.hzAt(time) + (last + before) / (times[2]! - times[0]!);
    this.reset(hz);
    this.#add(turns, time);
    return true;
  }
}

/** Within half a turn. */
export function wrapTurns(turns: number): number {
  return turns - Math.round(turns);
}
