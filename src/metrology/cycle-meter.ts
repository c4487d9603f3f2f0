/**
 * From samples to the values of each cycle. Samples go in as they come; `next` hands out half cycles one by one,
 * each with the values of the cycle that ends with it (as Urms(1/2) of IEC 61000-4-30, 5.4, but for every value).
 *
 * Windows are whole periods of the fundamental, end to end without gap or overlap, so that sums of products over
 * them are exact. A source that samples a whole number of times a cycle passes through unchanged.
 */
import type { Wiring } from "#quantity/wiring.ts";
import { CycleValues } from "./cycle-values.ts";
import { estimateFrequency, phaseAt, PhaseTracker } from "./frequency.ts";
import { HalfCycleSums, sumDifferenceSquares, sumHalfCycle, sumTotalSquares } from "./half-cycle.ts";
import { CHANNELS, Resampler } from "./resampler.ts";
import { PhaseSpectrum } from "./spectrum.ts";

export interface CycleMeterOptions {
  /** Samples a cycle of the grid: a power of two. */
  readonly grid: number;
  readonly wiring: Wiring;
  /** The range in which a fundamental is looked for, in Hz. */
  readonly frequency: readonly [number, number];
  readonly reactive: "shifted" | "fundamental" | "budeanu";
}

/** Cycles that the grid remembers: for waveform views and for finding a frequency anew. */
export const CYCLES_KEPT = 8;

const phaseIndex = { a: 0, b: 1, c: 2 } as const;
const pairIndex = { ab: 0, bc: 1, ca: 2 } as const;

export class CycleMeter {
  /** Below this RMS there is no voltage to take a frequency from. */
  floorVolts = 0.001;
  readonly values = new CycleValues();
  /** Filled by `measureSpectra`. */
  readonly spectra: readonly PhaseSpectrum[];
  /** The grid's last cycles, channel by channel (va, vb, vc, ia, ib, ic), as rings; `written` counts halves. */
  readonly ring: readonly Float64Array[];
  #halves = 0;
  readonly #options: CycleMeterOptions;
  readonly #half: number;
  readonly #resampler = new Resampler();
  readonly #tracker: PhaseTracker;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  /** The voltage of each element; the ring itself where that is a voltage to neutral. */
  readonly #element: Float64Array[];
  /** Sums of the last two halves, by element; `#now` is the one just made. */
  readonly #sums: readonly (readonly [HalfCycleSums, HalfCycleSums])[];
  readonly #ll: readonly (readonly [number, number])[] = [
    [0, 1],
    [1, 2],
    [2, 0],
  ];
  readonly #llSums: Float64Array[] = [new Float64Array(2), new Float64Array(2), new Float64Array(2)];
  readonly #neutralSums = new Float64Array(2);
  #rate = 0;
  #perCycle = 0;
  /** Where the next half begins, in input samples, and how far apart its grid is. */
  #position = NaN;
  #step = 0;
  /** How far apart the grid of the last half was. */
  #lastStep = 0;
  #reference = 0;
  /** Cycles since the reference voltage came (back); 0 while there is none. */
  #present = 0;
  readonly #scratch: Float64Array;

  constructor(options: CycleMeterOptions) {
    this.#options = options;
    const { grid } = options;
    this.#half = grid / 2;
    this.ring = Array.from({ length: CHANNELS }, () => new Float64Array(CYCLES_KEPT * grid));
    this.#tracker = new PhaseTracker((options.frequency[0] + options.frequency[1]) / 2);
    this.#cos = Float64Array.from({ length: grid }, (_, k) => Math.cos((2 * Math.PI * k) / grid));
    this.#sin = Float64Array.from({ length: grid }, (_, k) => Math.sin((2 * Math.PI * k) / grid));
    this.#scratch = new Float64Array(CYCLES_KEPT * grid);
    this.#element = options.wiring.elements.map(({ plus, minus }) =>
      minus === "n" ? this.ring[phaseIndex[plus]]! : new Float64Array(CYCLES_KEPT * grid),
    );
    this.#sums = options.wiring.elements.map(() => [new HalfCycleSums(), new HalfCycleSums()] as const);
    this.spectra = options.wiring.elements.map(() => new PhaseSpectrum(grid));
    const { values } = this;
    for (const array of [values.v2, values.ll2, values.e2, values.i2, values.p, values.q]) array.fill(NaN);
    values.vPeak.fill(NaN);
    values.iPeak.fill(NaN);
  }

  /** Grid samples a half cycle, and how many halves have been written since the start. */
  get halfLength(): number {
    return this.#half;
  }

  get halves(): number {
    return this.#halves;
  }

  /** Hz; NaN while there is no voltage to take it from. The mean since the last call. */
  takeFrequency(): number {
    if (this.#perCycle > 0) return this.#present > 0 ? this.#rate / this.#perCycle : NaN;
    const hz = this.#tracker.take();
    return this.#present > 0 ? hz : NaN;
  }

  /**
   * Takes `count` samples of each of six channels (va, vb, vc, ia, ib, ic; primary volts and amps) at `rate` a second.
   * `perCycle` is not zero when the source promises a whole number of samples a cycle.
   */
  push(channels: readonly Float64Array[], count: number, rate: number, perCycle: number): void {
    if (perCycle > 0) {
      this.#step = perCycle / this.#options.grid;
      if (Number.isNaN(this.#position)) this.#position = 0;
    }
    this.#rate = rate;
    this.#perCycle = perCycle;
    this.#resampler.append(channels, count);
  }

  /** Measures the next half cycle; its length in seconds, or 0 when more samples are needed first. */
  next(): number {
    if (Number.isNaN(this.#position) && !this.#acquire()) return 0;
    const half = this.#half;
    // The first half has no cycle before it to end, and no earlier quarter for its reactive power: nor has the second.
    while (this.#halves < 2) if (!this.#advance(half)) return 0;
    return this.#advance(half) ? (half * this.#lastStep) / this.#rate : 0;
  }

  /** The voltage of an element at the k-th sample held. */
  #rawVoltage(e: number, k: number): number {
    const at = (phase: number): number => this.#resampler.raw(phase).samples[k]!;
    const { plus, minus } = this.#options.wiring.elements[e]!;
    const low = minus === "n" ? 0 : minus === "star" ? (at(0) + at(1) + at(2)) / 3 : at(phaseIndex[minus]);
    return at(phaseIndex[plus]) - low;
  }

  #advance(half: number): boolean {
    if (!this.#resampler.covers(this.#position + (half - 1) * this.#step)) return false;
    this.#resampler.prepare(this.#step);
    const at = (this.#halves % (2 * CYCLES_KEPT)) * half;
    this.#resampler.resample(this.#position, this.#step, half, this.ring, at);
    this.#position += half * this.#step;
    this.#resampler.release(this.#position);
    this.#halves++;
    this.#lastStep = this.#step;
    this.#sum(at);
    if (this.#halves % 2 === 0) this.#endCycle(at - half, (2 * half * this.#step) / this.#rate);
    return true;
  }

  /** Finds the frequency in what has come so far, and the first rising zero crossing to begin at. */
  #acquire(): boolean {
    const [low, high] = this.#options.frequency;
    const needed = Math.ceil((6 * this.#rate) / low);
    const { count } = this.#resampler.raw(0);
    if (this.#rate === 0 || count < needed) return false;
    // The first element, unless its voltage is much weaker than another's.
    const samples = new Float64Array(needed);
    let most = 0;
    for (let e = 0; e < this.#element.length; e++) {
      let squares = 0;
      for (let k = 0; k < needed; k++) squares += this.#rawVoltage(e, k) ** 2;
      if (squares <= 2 * most) continue;
      most = squares;
      this.#reference = e;
    }
    for (let k = 0; k < needed; k++) samples[k] = this.#rawVoltage(this.#reference, k);
    const frequency = estimateFrequency(
      samples,
      0,
      needed,
      (0.9 * low) / this.#rate,
      (1.1 * high) / this.#rate,
      this.floorVolts,
    );
    this.#position = 0;
    if (!Number.isNaN(frequency)) {
      this.#tracker.reset(frequency * this.#rate);
      const turn = phaseAt(samples, 0, needed, frequency) / (2 * Math.PI);
      this.#position = (Math.ceil(turn) - turn) / frequency;
      this.#present = CYCLES_KEPT;
    }
    this.#step = this.#rate / (this.#tracker.hz * this.#options.grid);
    return true;
  }

  #sum(at: number): void {
    const half = this.#half;
    const { wiring, reactive, grid } = this.#options;
    const { values, ring } = this;
    const now = this.#halves & 1;
    const mean = 1 / grid;
    for (let e = 0; e < wiring.elements.length; e++) {
      const { plus, minus, current } = wiring.elements[e]!;
      const voltage = this.#element[e]!;
      if (minus === "star") this.#starVoltage(voltage, phaseIndex[plus], at);
      else if (minus !== "n") this.#pairVoltage(voltage, phaseIndex[plus], phaseIndex[minus], at);
      const sums = this.#sums[e]!;
      const s = sums[now]!;
      const p = sums[1 - now]!;
      const k = phaseIndex[current];
      sumHalfCycle(voltage, ring[3 + k]!, at, half, s);
      values.e2[k] = (s.vv + p.vv) * mean;
      values.i2[k] = (s.ii + p.ii) * mean;
      values.p[k] = (s.vi + p.vi) * mean;
      values.vPeak[k] = Math.max(s.vPeak, p.vPeak);
      values.iPeak[k] = Math.max(s.iPeak, p.iPeak);
      if (minus === "n") values.v2[k] = values.e2[k]!;
      if (reactive === "shifted") values.q[k] = (s.shifted + p.shifted) * mean;
    }
    for (const pair of wiring.ll) {
      const k = pairIndex[pair];
      const [x, y] = this.#ll[k]!;
      const sums = this.#llSums[k]!;
      sums[now] = sumDifferenceSquares(ring[x]!, ring[y]!, at, half);
      values.ll2[k] = (sums[0]! + sums[1]!) * mean;
    }
    if (wiring.currents.length > wiring.elements.length) {
      // A conductor with a current but no element of its own: its current is still measured.
      for (const phase of wiring.currents) {
        const k = phaseIndex[phase];
        if (wiring.elements.some((element) => element.current === phase)) continue;
        const before = at === 0 ? ring[3]!.length - half : at - half;
        values.i2[k] = (sumSquares(ring[3 + k]!, at, half) + sumSquares(ring[3 + k]!, before, half)) * mean;
      }
    }
    this.#neutralSums[now] = sumTotalSquares(ring[3]!, ring[4]!, ring[5]!, at, half);
    values.n2 = (this.#neutralSums[0]! + this.#neutralSums[1]!) * mean;
    if (reactive !== "shifted") {
      this.measureSpectra();
      for (let e = 0; e < wiring.elements.length; e++) {
        const spectrum = this.spectra[e]!;
        const q = reactive === "budeanu" ? spectrum.qBudeanu : spectrum.qFundamental;
        values.q[phaseIndex[wiring.elements[e]!.current]] = q;
      }
    }
  }

  #pairVoltage(out: Float64Array, plus: number, minus: number, at: number): void {
    const p = this.ring[plus]!;
    const m = this.ring[minus]!;
    for (let k = at, end = at + this.#half; k < end; k++) out[k] = p[k]! - m[k]!;
  }

  #starVoltage(out: Float64Array, plus: number, at: number): void {
    const [a, b, c] = this.ring as [Float64Array, Float64Array, Float64Array];
    const p = this.ring[plus]!;
    for (let k = at, end = at + this.#half; k < end; k++) out[k] = p[k]! - (a[k]! + b[k]! + c[k]!) / 3;
  }

  /** Takes the last cycle apart into harmonics, element by element. */
  measureSpectra(): void {
    const from = (((this.#halves + 2 * CYCLES_KEPT - 2) % (2 * CYCLES_KEPT)) * this.#half) % this.ring[0]!.length;
    const { elements } = this.#options.wiring;
    for (let e = 0; e < elements.length; e++) {
      this.spectra[e]!.measure(this.#element[e]!, this.ring[3 + phaseIndex[elements[e]!.current]]!, from);
    }
  }

  /** Follows the fundamental once a cycle: the window began at ring index `from` and lasted `seconds`. */
  #endCycle(from: number, seconds: number): void {
    const { grid } = this.#options;
    let strongest = 0;
    let most = 0;
    for (let e = 0; e < this.#element.length; e++) {
      const sums = this.#sums[e]!;
      const squares = sums[0].vv + sums[1].vv;
      if (squares > most) {
        most = squares;
        strongest = e;
      }
    }
    if (!(Math.sqrt(most / grid) >= this.floorVolts)) {
      this.#present = 0;
      this.#tracker.lose();
      return;
    }
    this.#present++;
    if (this.#perCycle > 0) return;
    const mine = this.#sums[this.#reference];
    if (mine === undefined || mine[0].vv + mine[1].vv < most / 2) {
      this.#reference = strongest;
      this.#tracker.lose();
    }
    // After an absence, or a jump, the frequency is looked for anew once enough cycles have gone by.
    if (this.#present === CYCLES_KEPT - 1 || (this.#tracker.lost && this.#present >= CYCLES_KEPT)) {
      this.#findAnew(this.#element[this.#reference]!, from);
      if (this.#present > CYCLES_KEPT) this.#present = CYCLES_KEPT;
      return;
    }
    const x = this.#element[this.#reference]!;
    let re = 0;
    let im = 0;
    for (let k = 0; k < grid; k++) {
      re += x[from + k]! * this.#cos[k]!;
      im += x[from + k]! * this.#sin[k]!;
    }
    const next = this.#tracker.follow(Math.atan2(re, im), seconds);
    this.#step = (next * this.#rate) / grid;
  }

  #findAnew(x: Float64Array, from: number): void {
    const { grid, frequency } = this.#options;
    const n = (CYCLES_KEPT - 2) * grid;
    const start = from + grid - n + x.length;
    for (let k = 0; k < n; k++) this.#scratch[k] = x[(start + k) % x.length]!;
    const gridRate = this.#rate / this.#step;
    const [low, high] = frequency;
    const found = estimateFrequency(this.#scratch, 0, n, (0.9 * low) / gridRate, (1.1 * high) / gridRate, 1e-9);
    if (Number.isNaN(found)) return;
    this.#tracker.reset(found * gridRate);
    this.#step = this.#rate / (this.#tracker.hz * grid);
  }
}

function sumSquares(x: Float64Array, from: number, n: number): number {
  let sum = 0;
  for (let k = from, end = from + n; k < end; k++) sum += x[k]! * x[k]!;
  return sum;
}
