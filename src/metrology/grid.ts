/**
 * From samples to a grid that is locked to the fundamental: half cycles of so many instants, one after the other, each with its number,
 * its time and what is not valid in it. Whoever measures takes them from here: basic metering by half cycles, power quality by blocks.
 *
 * Windows are whole periods, end to end without gap or overlap, so that sums of products over them are exact. Samples must arrive in order; after each `push`, `next` is called
 * until it has no more.
 */
import type { Wiring } from "#quantity/wiring.ts";
import { type Acquired, Acquisition } from "./acquisition.ts";
import { Coverage } from "./coverage.ts";
import { ElementPhasors } from "./element-phasors.ts";
import { type FrequencyRange, withinRange } from "./frequency-range.ts";
import type { GridHalf, Lock } from "./grid-half.ts";
import { Lacking } from "./lacking.ts";
import { PhaseTracker, wrapTurns } from "./phase-tracker.ts";
import { CHANNELS, RawSamples } from "./raw-samples.ts";
import { Resampler } from "./resampler.ts";
import type { Samples } from "./samples.ts";
import { goesOn, Waiting } from "./waiting.ts";

export interface GridOptions {
  /** Instants a cycle: a power of two. */
  readonly grid: number;
  readonly wiring: Wiring;
  /** The range in which is measured what depends on the fundamental, in Hz; it is followed somewhat farther. */
  readonly frequency: FrequencyRange;
  /** Cycles that the rings remember. */
  readonly cyclesKept: number;
}

/** Harmonics above this part of the sampling rate are bent by the interpolation: they are absent. */
const CARRIED = 0.37;

/** A window may be off a whole period by this part to drift towards a zero crossing: it costs as much accuracy. */
const MOST_SLEW = 5e-6;

/** Turns by which windows may begin beside a zero crossing; after a jump they are aligned anew when it is more. */
const ASIDE = 0.005;
/** The first cycle's phase is not known better, with what may lie on it. */
const ASIDE_AT_FIRST = 0.03;

/** Half cycles whose lengths differ by a smaller part are of one frequency. */
const ALIKE = 0.005;

/** Half cycles that pass before the phase of one is followed. */
const SURE = 4;

/** Half cycles after which a fundamental that was not found is looked for again. */
const AGAIN = 24;

/** Half cycles in which nothing fits after which the frequency is looked for as if nothing were known. */
const PATIENCE = 8;

/** Half cycles in a row of which nothing is seen before the fundamental is lost: as long as a stretch may lack its samples. */
const UNSEEN = 28;

/** Its fields are those of the half cycle that `next` made. */
export class Grid implements GridHalf {
  readonly options: GridOptions;
  readonly grid: number;
  readonly half: number;
  readonly ring: readonly Float64Array[];
  index = -1;
  from = 0;
  at = NaN;
  seconds = 0;
  missing = 0;
  readonly coverage: Coverage;
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
  joined = false;
  uneven = false;
  lock: Lock = "dead";
  doubtful = false;
  hz = NaN;
  harmonicLimit = 0;
  /** The source's rate is too low for every fundamental of the range: what it gives is not measured. */
  tooSlow = false;
  /** Samples a second of the last run, also when its stretch has ended; 0 before the first. */
  rate = 0;
  /** Below this RMS there is no voltage to take a frequency from. */
  floorVolts = 0.001;
  /** Half cycles since the last gap, the one that `next` made among them; and since the last uneven one. */
  sinceGap = 0;
  sound = 0;
  /** Half cycles since the last uneven or doubtful one: their windows begin where they should. */
  settled = 0;
  readonly #raw = new RawSamples();
  readonly #resampler = new Resampler(this.#raw);
  readonly #tracker: PhaseTracker;
  readonly #acquisition: Acquisition;
  readonly #phasors: ElementPhasors;
  readonly #lacking = new Lacking();
  readonly #waiting = new Waiting();
  /** No more samples belong to the stretch. */
  #ended = false;
  #rate = 0;
  #perCycle = 0;
  /** The position of the first sample of the last run, and its time. */
  #runFirst = 0;
  #runAt = 0;
  /** Where the next half begins, in input samples, and how far apart its instants are; NaN while no frequency has been looked for. */
  #position = NaN;
  #step = 0;
  /** Turns of the reference that the grid takes for granted where the next half begins: a multiple of a half. */
  #turns = 0;
  /** The next half is to end at a zero crossing. */
  #align = false;
  /** For how many half cycles a fundamental has been followed. */
  #lockedHalves = 0;
  /** Half cycles until one that was not found is looked for again. */
  #again = 0;
  /** Half cycles that are as long as the frequency is known to be: those before are of another. */
  #alike = 0;
  /** Half cycles that did not fit, less those that did. */
  #unsettled = 0;
  /** The one phase that the tracker has is of a guess: what is measured first takes its place. */
  #isGuess = false;

  constructor(options: GridOptions) {
    const { grid, cyclesKept, wiring, frequency } = options;
    this.options = options;
    this.grid = grid;
    this.half = grid / 2;
    this.ring = Array.from({ length: CHANNELS }, () => new Float64Array(cyclesKept * grid));
    this.coverage = new Coverage(cyclesKept * grid, this.half);
    this.#tracker = new PhaseTracker(frequency);
    this.#acquisition = new Acquisition(wiring, this.#tracker.range);
    this.#phasors = new ElementPhasors(wiring, this.half);
    this.cosines = this.#phasors.fundamental.cosines;
    this.sines = this.#phasors.fundamental.sines;
  }

  /** The mean frequency since the last call, in Hz; NaN while no fundamental of the range is known. */
  takeFrequency(): number {
    const hz = this.#tracker.take();
    if (this.#lockedHalves === 0) return NaN;
    return withinRange(this.#perCycle > 0 ? this.#rate / this.#perCycle : hz, this.options.frequency);
  }

  /** The frequency that is followed, whether or not in the range; NaN of none. */
  get followedHz(): number {
    if (this.#lockedHalves === 0) return NaN;
    return this.#perCycle > 0 ? this.#rate / this.#perCycle : this.#tracker.hzAt(this.at + this.seconds);
  }

  /** Channels that are not valid in one of so many half cycles, the last ones; as bits. */
  missingIn(halves: number): number {
    return this.#lacking.in(halves);
  }

  /** Takes the next samples of the source. */
  push(run: Samples): void {
    if (run.count === 0) return;
    const isNext = this.#rate === 0 || (!this.#ended && goesOn(run, this.#rate, this.#perCycle));
    if (!this.#waiting.isEmpty || !isNext) {
      this.#ended = true;
      this.#waiting.add(run);
      return;
    }
    if (this.#rate === 0) this.#begin(run);
    this.#append(run);
  }

  /** Says that nothing more comes for now: what is there is measured to its last sample, and what comes later begins anew. */
  finish(): void {
    if (this.#rate > 0) this.#ended = true;
  }

  #begin(run: Samples): void {
    this.#raw.clear();
    this.#ended = false;
    this.#position = NaN;
    this.sinceGap = this.sound = this.settled = this.#lockedHalves = this.#unsettled = 0;
    this.lock = "dead";
    this.tooSlow = CARRIED * run.rate < this.options.frequency[1] && run.perCycle === 0;
  }

  #append(run: Samples): void {
    this.#runFirst = this.#raw.end;
    this.#runAt = run.at;
    this.#rate = this.rate = run.rate;
    this.#perCycle = run.perCycle;
    if (this.tooSlow) return;
    this.#raw.append(run.channels, run.count, run.missing);
  }

  /** Makes the next half cycle; false when more samples are needed first. */
  next(): boolean {
    for (;;) {
      if (!this.tooSlow && (!Number.isNaN(this.#position) || this.#acquire()) && this.#advance()) return true;
      if (!this.#ended) return false;
      this.#rate = 0;
      this.#ended = false;
      const waiting = this.#waiting.take();
      if (waiting === undefined) return false;
      this.#begin(waiting);
      this.#append(waiting);
      // What waits behind it is of other stretches, but for what goes on with it.
      for (let run; (run = this.#waiting.takeNext(this.#rate, this.#perCycle)) !== undefined;) this.#append(run);
      this.#ended = !this.#waiting.isEmpty;
    }
  }

  /** Finds the frequency in what has come so far, and the first zero crossing to begin at. */
  #acquire(): boolean {
    if (this.#rate === 0 || this.#raw.end === 0) return false;
    if (this.#perCycle > 0) {
      this.#startAt(0, 0, this.#perCycle / this.grid);
      return true;
    }
    const found = this.#look(0);
    if (found === undefined) return false;
    const { frequency, turns } = found;
    if (Number.isNaN(frequency)) {
      // Any element will do, and another takes its place when it stays dead.
      this.#phasors.refer(0);
      this.#startAt(0, 0, this.#rate / (this.#tracker.hzAt(0) * this.grid));
      return true;
    }
    // The first zero crossing, rising or falling.
    const crossing = Math.ceil(2 * turns - 1e-6) / 2;
    this.#startAt(Math.max(0, (crossing - turns) / frequency), crossing, 1 / (frequency * this.grid));
    return true;
  }

  /** Looks for a fundamental in the samples from a position on; undefined when more are needed. */
  #look(from: number): Acquired | undefined {
    const found = this.#acquisition.find(this.#raw, from, this.#rate, this.floorVolts, this.#ended);
    if (found === undefined) return undefined;
    if (Number.isNaN(found.frequency)) this.#lose(found.hasVoltage);
    else {
      this.lock = "locked";
      this.#phasors.refer(found.reference);
      this.#tracker.reset(found.frequency * this.#rate);
    }
    return found;
  }

  /** There is no fundamental to follow. */
  #lose(hasVoltage: boolean): void {
    this.#tracker.lose();
    this.lock = hasVoltage ? "lost" : "dead";
    this.#lockedHalves = 0;
    this.#again = AGAIN;
  }

  /**
   * Looks for the fundamental of a voltage that appears in the next half, or has long been without one, or been of another: that half is made
   * when all is known of it, and ends at a zero crossing. False when more samples are needed first.
   */
  #seek(): boolean {
    const whole = Math.floor(this.#position);
    const end = this.#position + this.half * this.#step;
    if (this.lock === "dead" && !this.#acquisition.hasVoltage(this.#raw, whole, end, this.floorVolts)) return true;
    if (this.lock === "lost" && this.#again-- > 0) return true;
    const found = this.#look(whole);
    if (found === undefined) return this.#ended;
    this.#unsettled = 0;
    const { frequency, turns } = found;
    if (Number.isNaN(frequency)) return true;
    const ahead = turns + frequency * (this.#position - whole);
    this.#tracker.follow(ahead, this.#timeAt(this.#position));
    this.#isGuess = true;
    this.#align = Math.abs(wrapTurns(ahead - this.#turns)) > ASIDE_AT_FIRST;
    this.#step = 1 / (frequency * this.grid);
    this.#resampler.prepare(this.#step);
    return true;
  }

  /** Begins to measure at a position, at a phase of so many turns: whole ones are those of the time that has passed. */
  #startAt(position: number, turns: number, step: number): void {
    this.#position = position;
    this.#step = step;
    const falling = Math.abs(wrapTurns(turns)) > 0.25 ? 1 : 0;
    // Half cycles that nobody saw count, so that a number says when it was.
    const expected = Math.round(2 * this.#timeAt(position) * (this.#rate / (step * this.grid)));
    let index = Math.max(this.index + 1, expected);
    if (index % 2 !== falling) index++;
    this.index = index - 1;
    this.#turns = index / 2;
    this.#align = false;
    this.#resampler.prepare(step);
  }

  #timeAt(position: number): number {
    return this.#runAt + (position - this.#runFirst) / this.#rate;
  }

  #advance(): boolean {
    const { half, ring } = this;
    const [position, tracker] = [this.#position, this.#tracker];
    const isLooking = this.lock === "dead" || this.lock === "lost" || this.#unsettled > PATIENCE;
    if (isLooking && this.#perCycle === 0) {
      if (!this.#resampler.covers(position + (half - 1) * this.#step, this.#ended) || !this.#seek()) return false;
    }
    let step = this.#step;
    let turns = 0.5;
    // What is not known any more cannot be aligned to.
    if (tracker.isEmpty) this.#align = false;
    if (this.#align) {
      // As long as it takes to the zero crossing that is nearest to where it would have ended.
      const begins = tracker.turnsAt(this.#timeAt(position));
      const ends = Math.round(2 * begins + 1) / 2;
      turns = ends - begins;
      step *= 2 * turns;
      this.#turns = ends - turns;
    }
    if (!this.#resampler.covers(position + (half - 1) * step, this.#ended)) return false;
    this.uneven = this.#align || this.lock === "lost";
    const isAligned = this.#align;
    this.#align = false;
    this.joined = this.sinceGap++ > 0;
    this.index++;
    // A jump may have made a rising crossing of what would have been a falling one: the numbers follow.
    if (isAligned && (Math.round(2 * (this.#turns + turns)) & 1) !== ((this.index + 1) & 1)) this.index++;
    this.from = (this.index % (ring[0]!.length / half)) * half;
    this.at = this.#timeAt(position);
    this.seconds = (half * step) / this.#rate;
    const { reach } = this.#resampler;
    this.missing = this.coverage.look(this.#raw, position, step, this.from, reach);
    this.#resampler.resample(position, step, half, ring, this.from);
    this.sound = this.uneven ? 0 : this.sound + 1;
    this.#lacking.take(this.missing);
    this.#position = position + half * step;
    this.#turns += turns;
    this.#raw.release(Math.floor(this.#position) - reach - 1);
    // Samples that are the grid's instants are not interpolated.
    const coherent = this.#perCycle > 0 && step === 1;
    this.harmonicLimit = coherent ? half - 1 : this.#resampler.passband * this.grid * step;
    this.#follow();
    return true;
  }

  /** Takes the phase of the cycle that ends with this half, and says how far apart the instants of the next one are. */
  #follow(): void {
    const [phasors, tracker] = [this.#phasors, this.#tracker];
    const isCycle = phasors.endHalf(this);
    // What was not seen for a while is taken to go on as it was.
    const goesOn = phasors.unseen > 0 && phasors.unseen <= UNSEEN && this.#lockedHalves > 0;
    const hasVoltage = goesOn || phasors.strongest >= this.floorVolts;
    this.doubtful = false;
    if (this.#perCycle > 0) {
      const hz = this.#rate / this.#perCycle;
      if (isCycle) this.#lockedHalves = hasVoltage ? this.#lockedHalves + 1 : 0;
      this.#step = this.#perCycle / this.grid;
      this.hz = this.#lockedHalves > 0 ? withinRange(hz, this.options.frequency) : NaN;
      this.lock = this.#lockedHalves === 0 ? "dead" : Number.isNaN(this.hz) ? "outside" : "locked";
      this.settled = this.sound;
      return;
    }
    // What there is, if anything, is looked at where the next half is made.
    if (isCycle && !hasVoltage && this.lock !== "lost") this.#lose(false);
    const end = this.at + this.seconds;
    const isFollowed = this.lock === "locked" || this.lock === "outside";
    this.#lockedHalves = isFollowed ? this.#lockedHalves + 1 : 0;
    // A cycle at the beginning may have had no voltage for a part of it.
    this.#alike++;
    if (isFollowed && isCycle && this.#lockedHalves > SURE && this.#alike > 1) this.#followPhase(end);
    this.settled = this.uneven || this.doubtful ? 0 : this.settled + 1;
    const next = tracker.hzAt(end + this.seconds / 2);
    const now = withinRange(tracker.hzAt(end), this.options.frequency);
    if (isFollowed) this.lock = Number.isNaN(now) ? "outside" : "locked";
    this.hz = isFollowed && tracker.known ? now : NaN;
    const aside = isFollowed && !tracker.isEmpty ? wrapTurns(tracker.turnsAt(end) - this.#turns) : 0;
    const slew = Math.max(-MOST_SLEW, Math.min(MOST_SLEW, 0.05 * aside));
    this.#step = (this.#rate * (1 - slew)) / (next * this.grid);
    this.#resampler.prepare(this.#step);
  }

  #followPhase(end: number): void {
    const [phase, tracker] = [this.#phasors.turns(), this.#tracker];
    if (Number.isNaN(phase)) return;
    const before = tracker.hzAt(end);
    if (this.#isGuess) tracker.reset(before);
    this.#isGuess = false;
    const wasEmpty = tracker.isEmpty;
    // In the middle of a cycle the phase does not depend on how long the cycle was taken for.
    const followed = tracker.follow(phase + 0.5, end - this.seconds);
    this.doubtful = followed !== "fits";
    this.#unsettled = Math.max(0, this.#unsettled + (this.doubtful ? 1 : -1));
    if (followed === "fits") this.#phasors.settle();
    if (Math.abs(tracker.hzAt(end) / before - 1) > ALIKE) this.#alike = 0;
    if (followed === "jumped" || wasEmpty) {
      const aside = Math.abs(wrapTurns(tracker.turnsAt(end) - this.#turns));
      this.#align = aside > (wasEmpty ? ASIDE_AT_FIRST : ASIDE);
    }
  }
}
