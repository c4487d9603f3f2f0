/**
 * From samples to a grid that is locked to the fundamental: half cycles of so many instants, one after the other, each with its number,
 * its time and what is not valid in it. Whoever measures takes them from here: basic metering by half cycles, power quality by blocks.
 *
 * Windows are whole periods, end to end without gap or overlap, so that sums of products over them are exact. Samples must arrive in order; after each `push`, `next` is called
 * until it has no more.
 */
import type { Wiring } from "#quantity/wiring.ts";
import { Acquisition } from "./acquisition.ts";
import { estimateFrequency } from "./frequency.ts";
import { ElementPhasors } from "./element-phasors.ts";
import type { GridHalf } from "./grid-half.ts";
import { PhaseTracker, wrapTurns } from "./phase-tracker.ts";
import { ALL_CHANNELS, CHANNELS, RawSamples } from "./raw-samples.ts";
import { Resampler } from "./resampler.ts";
import type { Samples } from "./samples.ts";

export interface GridOptions {
  /** Instants a cycle: a power of two. */
  readonly grid: number;
  readonly wiring: Wiring;
  /** The range in which a fundamental is looked for, in Hz. */
  readonly frequency: readonly [number, number];
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

/** Half cycles in which nothing fits after which the frequency is looked for as if nothing were known; and cycles that are looked at. */
const PATIENCE = 8;
const LOOKED_AT = 5;

/** Its fields are those of the half cycle that `next` made. */
export class Grid implements GridHalf {
  readonly grid: number;
  readonly half: number;
  readonly ring: readonly Float64Array[];
  index = -1;
  from = 0;
  at = NaN;
  seconds = 0;
  missing = 0;
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
  joined = false;
  uneven = false;
  hz = NaN;
  harmonicLimit = 0;
  /** The source's rate is too low for every fundamental of the range: what it gives is not measured. */
  tooSlow = false;
  /** Below this RMS there is no voltage to take a frequency from. */
  floorVolts = 0.001;
  /** Half cycles since the last gap, the one that `next` made among them; and since the last uneven one. */
  sinceGap = 0;
  sound = 0;
  readonly #options: GridOptions;
  readonly #raw = new RawSamples();
  readonly #resampler = new Resampler(this.#raw);
  readonly #tracker: PhaseTracker;
  readonly #acquisition: Acquisition;
  readonly #phasors: ElementPhasors;
  /** Half cycles that were made, and the last one that each channel was not valid in. */
  #made = 0;
  readonly #lacked = new Float64Array(CHANNELS);
  /** Runs that begin a stretch of their own, until the one before them has been measured. */
  readonly #waiting: Samples[] = [];
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
  /** There is a voltage to take a frequency from, and for how many half cycles there has been. */
  #present = false;
  #presentHalves = 0;
  /** Half cycles that are as long as the frequency is known to be: those before are of another. */
  #alike = 0;
  readonly #scratch: Float64Array;

  constructor(options: GridOptions) {
    const { grid, cyclesKept, wiring, frequency } = options;
    this.#options = options;
    this.grid = grid;
    this.half = grid / 2;
    this.ring = Array.from({ length: CHANNELS }, () => new Float64Array(cyclesKept * grid));
    this.#tracker = new PhaseTracker(frequency);
    this.#acquisition = new Acquisition(wiring, frequency);
    this.#phasors = new ElementPhasors(wiring, this.half);
    this.cosines = this.#phasors.fundamental.cosines;
    this.sines = this.#phasors.fundamental.sines;
    this.#scratch = new Float64Array(LOOKED_AT * grid);
  }

  /** The mean frequency since the last call, in Hz; NaN while there is no voltage to take it from. */
  takeFrequency(): number {
    const hz = this.#tracker.take();
    if (!this.#present) return NaN;
    return this.#perCycle > 0 ? this.#rate / this.#perCycle : hz;
  }

  /** Samples a second of the last run. */
  get rate(): number {
    return this.#rate;
  }

  /** Channels that are not valid in one of so many half cycles, the last ones; as bits. */
  missingIn(halves: number): number {
    let bits = 0;
    for (let c = 0; c < CHANNELS; c++) if (this.#lacked[c]! > this.#made - halves) bits |= 1 << c;
    return bits;
  }

  /** Takes the next samples of the source. */
  push(run: Samples): void {
    if (run.count === 0) return;
    const goesOn = run.joined && (run.rate === this.#rate || run.perCycle > 0) && run.perCycle === this.#perCycle;
    if (this.#waiting.length === 0 && (this.#rate === 0 || (goesOn && !this.#ended))) {
      if (this.#rate === 0) this.#begin(run);
      this.#append(run);
      return;
    }
    this.#ended = true;
    const channels = run.channels.map((samples) => samples.slice(0, run.count));
    this.#waiting.push({ ...run, channels, missing: run.missing?.slice(0, run.count) });
  }

  /** Says that nothing more comes for now: what is there is measured to its last sample, and what comes later begins anew. */
  finish(): void {
    if (this.#rate > 0) this.#ended = true;
  }

  #begin(run: Samples): void {
    this.#raw.clear();
    this.#ended = false;
    this.#position = NaN;
    this.sinceGap = this.sound = 0;
    this.tooSlow = CARRIED * run.rate < this.#options.frequency[1] && run.perCycle === 0;
  }

  #append(run: Samples): void {
    this.#runFirst = this.#raw.end;
    this.#runAt = run.at;
    this.#rate = run.rate;
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
      const waiting = this.#waiting.shift();
      if (waiting === undefined) return false;
      this.#begin(waiting);
      this.#append(waiting);
      // What waits behind it is of other stretches, but for what goes on with it.
      this.#takeWaiting();
    }
  }

  #takeWaiting(): void {
    for (let run = this.#waiting[0]; run !== undefined; run = this.#waiting[0]) {
      if (!run.joined || run.rate !== this.#rate || run.perCycle !== this.#perCycle) break;
      this.#append(run);
      this.#waiting.shift();
    }
    this.#ended = this.#waiting.length > 0;
  }

  /** Finds the frequency in what has come so far, and the first zero crossing to begin at. */
  #acquire(): boolean {
    const raw = this.#raw;
    if (this.#rate === 0 || raw.end === 0) return false;
    if (this.#perCycle > 0) {
      this.#startAt(0, 0, this.#perCycle / this.grid);
      return true;
    }
    const found = this.#acquisition.find(raw, this.#rate, this.floorVolts, this.#ended);
    if (found === undefined) return false;
    const { frequency, turns, reference } = found;
    this.#present = !Number.isNaN(frequency);
    if (!this.#present) {
      this.#tracker.lose();
      // Any element will do, and another takes its place when it stays dead.
      this.#phasors.refer(0);
      this.#startAt(0, 0, this.#rate / (this.#tracker.hzAt(0) * this.grid));
      return true;
    }
    this.#phasors.refer(reference);
    this.#tracker.reset(frequency * this.#rate);
    // The first zero crossing, rising or falling.
    const crossing = Math.ceil(2 * turns - 1e-6) / 2;
    this.#startAt(Math.max(0, (crossing - turns) / frequency), crossing, 1 / (frequency * this.grid));
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
    this.uneven = this.#align;
    this.#align = false;
    this.joined = this.sinceGap++ > 0;
    this.index++;
    // A jump may have made a rising crossing of what would have been a falling one: the numbers follow.
    if (this.uneven && (Math.round(2 * (this.#turns + turns)) & 1) !== ((this.index + 1) & 1)) this.index++;
    this.from = (this.index % (ring[0]!.length / half)) * half;
    this.at = this.#timeAt(position);
    this.seconds = (half * step) / this.#rate;
    this.#resampler.resample(position, step, half, ring, this.from);
    const { reach } = this.#resampler;
    const end = Math.floor(position + (half - 1) * step) + reach + 1;
    this.missing = this.#raw.missing(Math.floor(position) - reach + 1, end) & ALL_CHANNELS;
    this.sound = this.uneven ? 0 : this.sound + 1;
    this.#made++;
    for (let c = 0; c < CHANNELS; c++) if ((this.missing & (1 << c)) !== 0) this.#lacked[c] = this.#made;
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
    const phasors = this.#phasors;
    const tracker = this.#tracker;
    const isCycle = phasors.endHalf(this);
    const voltage = phasors.strongest;
    const present = isCycle ? voltage >= this.floorVolts : this.#present;
    if (this.#perCycle > 0) {
      this.#present = present;
      this.#step = this.#perCycle / this.grid;
      this.hz = present ? this.#rate / this.#perCycle : NaN;
      return;
    }
    if (!present && this.#present) tracker.lose();
    this.#present = present;
    const end = this.at + this.seconds;
    this.#presentHalves = present ? this.#presentHalves + 1 : 0;
    // The first cycle that has a voltage may have had none at its beginning.
    this.#alike++;
    if (isCycle && this.#presentHalves > 2 && this.#alike > 1) this.#followPhase(end);
    const next = tracker.hzAt(end + this.seconds / 2);
    this.hz = present && tracker.known ? tracker.hzAt(end) : NaN;
    const aside = present && !tracker.isEmpty ? wrapTurns(tracker.turnsAt(end) - this.#turns) : 0;
    const slew = Math.max(-MOST_SLEW, Math.min(MOST_SLEW, 0.05 * aside));
    this.#step = (this.#rate * (1 - slew)) / (next * this.grid);
    this.#resampler.prepare(this.#step);
  }

  #followPhase(end: number): void {
    const tracker = this.#tracker;
    const phase = this.#phasors.turns();
    if (Number.isNaN(phase)) return;
    const wasEmpty = tracker.isEmpty;
    const before = tracker.hzAt(end);
    // In the middle of a cycle the phase does not depend on how long the cycle was taken for.
    const followed = tracker.follow(phase + 0.5, end - this.seconds);
    if (followed === "fits") this.#phasors.settle();
    if (Math.abs(tracker.hzAt(end) / before - 1) > ALIKE) this.#alike = 0;
    if (followed === "jumped" || wasEmpty) {
      const aside = Math.abs(wrapTurns(tracker.turnsAt(end) - this.#turns));
      this.#align = aside > (wasEmpty ? ASIDE_AT_FIRST : ASIDE);
    }
    if (tracker.unsettled > PATIENCE && this.#presentHalves > 2 * LOOKED_AT && this.sinceGap > 2 * LOOKED_AT)
      this.#findAnew();
  }

  /** Looks for the frequency in the last cycles, with no idea but its range; the next phase is the first one. */
  #findAnew(): void {
    const n = LOOKED_AT * this.grid;
    this.#phasors.voltage(this, this.#scratch);
    const gridRate = this.#rate / this.#step;
    const [low, high] = this.#options.frequency;
    const found = estimateFrequency(this.#scratch, 0, n, (0.9 * low) / gridRate, (1.1 * high) / gridRate, 1e-9);
    if (!(found * gridRate > 0.9 * low && found * gridRate < 1.1 * high)) return;
    this.#tracker.reset(found * gridRate);
    this.#alike = 0;
  }
}
