/**
 * Basic metering: the values of each cycle, refreshed every half cycle (as Urms(1/2) of IEC 61000-4-30, 5.4, but for every value, and
 * on the grid's own zero crossings). Where something is not valid, what would be made of it is absent: vars and spectra where no
 * fundamental of the meter's range is known; where none is followed RMS values too, for no window is a cycle of them. Watts are a mean
 * over any time. Of a cycle of which samples were lost no means are known; energy is of what came.
 */
import type { Wiring } from "#quantity/wiring.ts";
import { CycleValues } from "./cycle-values.ts";
import { type GridHalf, hasFundamental } from "./grid-half.ts";
import { HalfCycleSums } from "./kernels/half-cycle-sums.ts";
import { sumHalfCycle } from "./kernels/half-cycle.ts";
import { type ElementRings, fillPresent } from "./present-powers.ts";
import { PhaseSpectrum } from "./spectrum.ts";

export interface CycleMeterOptions {
  readonly wiring: Wiring;
  readonly reactive: "shifted" | "fundamental" | "budeanu";
}

const phaseIndex = { a: 0, b: 1, c: 2 } as const;
const pairIndex = { ab: 0, bc: 1, ca: 2 } as const;
/** All channels, as bits. */
const EVERY = 0x3f;
/** The channels of each pair, as bits. */
const pairBits = [0b011, 0b110, 0b101] as const;

export class CycleMeter {
  readonly values = new CycleValues();
  /** Filled by `measureSpectra`. */
  readonly spectra: readonly PhaseSpectrum[];
  #grid: GridHalf;
  readonly #options: CycleMeterOptions;
  /**
   * By the phase of its current the voltage of each element, the grid's ring itself where that is one to neutral; then the currents. Of a
   * phase without an element it is what the others are measured against, which is nothing: so differences are those of the terminals.
   */
  readonly #rings: readonly Float64Array[];
  /** By element, the channels that its voltage is made of, as bits. */
  readonly #voltageBits: readonly number[];
  readonly #elements: readonly ElementRings[];
  readonly #halves = { mine: 0, other: 0, isFirst: false };
  /** Sums of the last two halves. */
  readonly #sums = [new HalfCycleSums(), new HalfCycleSums()] as const;
  /** Currents that have no element of their own. */
  readonly #single: readonly number[];
  /** Seconds and missing channels of the last two halves. */
  readonly #seconds = new Float64Array(2);
  readonly #missing = new Uint8Array(2);
  /** Which of the two is the last one. */
  #now: 0 | 1 = 0;
  /** Half cycles since the last gap, and since the last one that was no half of a period. */
  #since = 0;
  #even = 0;

  constructor(grid: GridHalf, options: CycleMeterOptions) {
    this.#grid = grid;
    this.#options = options;
    const { elements, currents } = options.wiring;
    const length = grid.ring[0]!.length;
    const voltages = ([0, 1, 2] as const).map((k) => {
      const element = elements.find(({ current }) => phaseIndex[current] === k);
      if (element !== undefined) {
        return element.minus === "n" ? grid.ring[phaseIndex[element.plus]]! : new Float64Array(length);
      }
      const isReference = elements.some(({ minus }) => minus !== "n" && minus !== "star" && phaseIndex[minus] === k);
      return isReference ? new Float64Array(length) : grid.ring[k]!;
    });
    this.#rings = [...voltages, ...grid.ring.slice(3)];
    this.#voltageBits = elements.map(({ plus, minus }) =>
      minus === "star" ? 7 : (1 << phaseIndex[plus]) | (minus === "n" ? 0 : 1 << phaseIndex[minus]),
    );
    this.#elements = elements.map(({ current }, e) => {
      const phase = phaseIndex[current];
      const [volts, amps] = [this.#rings[phase]!, this.#rings[3 + phase]!];
      return { phase, volts, amps, voltageBits: this.#voltageBits[e]! };
    });
    this.spectra = elements.map(() => new PhaseSpectrum(grid.grid));
    const own: readonly string[] = elements.map(({ current }) => current);
    this.#single = currents.filter((phase) => !own.includes(phase)).map((phase) => phaseIndex[phase]);
    this.#clear();
  }

  #clear(): void {
    const { values } = this;
    for (const array of [values.v2, values.ll2, values.e2, values.i2, values.p, values.q]) array.fill(NaN);
    values.vPeak.fill(NaN);
    values.iPeak.fill(NaN);
    values.n2 = NaN;
  }

  /**
   * Takes the half cycle that the grid has made. Returns for how many seconds its values stand: its own length, of the first whole
   * cycle after a gap that of both halves; 0 of a half cycle after a gap, which ends no cycle.
   */
  half(half = this.#grid): number {
    this.#grid = half;
    const { joined, uneven, seconds, missing } = this.#grid;
    if (!joined) this.#since = this.#even = 0;
    this.#since++;
    this.#even = uneven ? 0 : this.#even + 1;
    this.#now = this.#now === 0 ? 1 : 0;
    const now = this.#now;
    this.#seconds[now] = seconds;
    // The one that goes lies before the two that stay.
    const before = this.#missing[now]!;
    this.#missing[now] = missing;
    const isFirst = this.#since === 1;
    this.#sum(now, isFirst);
    if (isFirst) return 0;
    if (this.#since === 2) {
      this.#repeatQuarter(now, EVERY);
      this.#fill(now);
      return this.#seconds[0]! + this.#seconds[1]!;
    }
    if (before !== 0) this.#repeatQuarter(now, before);
    this.#fill(now);
    return seconds;
  }

  #sum(now: 0 | 1, isFirst: boolean): void {
    const { from, half } = this.#grid;
    const { elements } = this.#options.wiring;
    for (let e = 0; e < elements.length; e++) {
      const { plus, minus, current } = elements[e]!;
      const voltage = this.#rings[phaseIndex[current]]!;
      if (minus === "star") this.#starVoltage(voltage, phaseIndex[plus], from);
      else if (minus !== "n") this.#pairVoltage(voltage, phaseIndex[plus], phaseIndex[minus], from);
    }
    const sums = this.#sums[now];
    sumHalfCycle(this.#rings, from, half, sums);
    if (isFirst) sums.shifted.fill(0);
  }

  /** The quarter before the first cycle after a gap, or behind lost samples, is not known: that of its end, a cycle later, stands for it. */
  #repeatQuarter(now: 0 | 1, missing: number): void {
    const { from, half, ring } = this.#grid;
    const quarter = half / 2;
    const before = from === 0 ? ring[0]!.length - half : from - half;
    const { shifted } = this.#sums[now === 0 ? 1 : 0];
    for (let e = 0; e < this.#elements.length; e++) {
      const { phase, volts: v, amps: i, voltageBits } = this.#elements[e]!;
      if ((missing & voltageBits) === 0) continue;
      let sum = 0;
      for (let k = 0; k < quarter; k++) sum += v[from + quarter + k]! * i[before + k]!;
      for (let k = quarter; k < half; k++) sum += v[before + k - quarter]! * i[before + k]!;
      shifted[phase] = sum;
    }
  }

  /** Makes the values of the last two halves. */
  #fill(now: 0 | 1): void {
    const { wiring, reactive } = this.#options;
    const { values } = this;
    const { half } = this.#grid;
    const a = this.#seconds[now]!;
    const b = this.#seconds[1 - now]!;
    // Halves that are not alike count by their lengths.
    const mine = a / ((a + b) * half);
    const other = b / ((a + b) * half);
    const s = this.#sums[now];
    const p = this.#sums[now === 0 ? 1 : 0];
    const missing = this.#missing[0]! | this.#missing[1]!;
    const { lock } = this.#grid;
    const hasQuarter = this.#hasQuarter;
    for (let e = 0; e < wiring.elements.length; e++) {
      const { minus, current } = wiring.elements[e]!;
      const k = phaseIndex[current];
      const noVolts = (missing & this.#voltageBits[e]!) !== 0;
      const noAmps = (missing & (8 << k)) !== 0;
      values.e2[k] = noVolts ? NaN : s.vv[k]! * mine + p.vv[k]! * other;
      values.i2[k] = noAmps ? NaN : s.ii[k]! * mine + p.ii[k]! * other;
      values.p[k] = noVolts || noAmps ? NaN : s.vi[k]! * mine + p.vi[k]! * other;
      values.vPeak[k] = noVolts ? NaN : Math.max(s.vPeak[k]!, p.vPeak[k]!);
      values.iPeak[k] = noAmps ? NaN : Math.max(s.iPeak[k]!, p.iPeak[k]!);
      if (minus === "n") values.v2[k] = values.e2[k]!;
      if (reactive === "shifted") {
        values.q[k] = noVolts || noAmps || !hasQuarter ? NaN : s.shifted[k]! * mine + p.shifted[k]! * other;
      }
    }
    for (let n = 0; n < wiring.ll.length; n++) {
      const k = pairIndex[wiring.ll[n]!];
      const bits = pairBits[k]!;
      values.ll2[k] = (missing & bits) === 0 ? s.ll[k]! * mine + p.ll[k]! * other : NaN;
    }
    for (let n = 0; n < this.#single.length; n++) {
      const k = this.#single[n]!;
      values.i2[k] = (missing & (8 << k)) === 0 ? s.ii[k]! * mine + p.ii[k]! * other : NaN;
    }
    values.n2 = missing < 8 ? s.neutral * mine + p.neutral * other : NaN;
    if (lock === "lost") this.#forgetRms();
    if (reactive !== "shifted") this.#reactiveOfSpectra();
    this.#fillPresent(mine, other);
  }

  /** What is present of each element's powers. */
  #fillPresent(mine: number, other: number): void {
    const { values } = this;
    const halves = this.#halves;
    halves.mine = mine;
    halves.other = other;
    halves.isFirst = this.#since === 2;
    const missing = this.#missing[0]! | this.#missing[1]!;
    for (let e = 0; e < this.#elements.length; e++) {
      const element = this.#elements[e]!;
      const k = element.phase;
      if ((missing & (element.voltageBits | (8 << k))) !== 0) {
        fillPresent(values, this.#grid, element, halves);
        if (!this.#hasQuarter) values.presentQ[k] = NaN;
        continue;
      }
      values.presentP[k] = values.p[k]!;
      values.presentQ[k] = values.q[k]!;
      values.presentE2[k] = values.e2[k]!;
      values.presentI2[k] = values.i2[k]!;
      values.present[k] = 1;
    }
  }

  /** A quarter of a period before lies elsewhere when a half is none. */
  get #hasQuarter(): boolean {
    return this.#even >= Math.min(2, this.#since) && hasFundamental(this.#grid.lock);
  }

  #forgetRms(): void {
    const { values } = this;
    for (const array of [values.v2, values.ll2, values.e2, values.i2, values.vPeak, values.iPeak]) array.fill(NaN);
    values.n2 = NaN;
  }

  #reactiveOfSpectra(): void {
    const { wiring, reactive } = this.#options;
    this.measureSpectra();
    for (let e = 0; e < wiring.elements.length; e++) {
      const spectrum = this.spectra[e]!;
      const k = phaseIndex[wiring.elements[e]!.current];
      const q = reactive === "budeanu" ? spectrum.qBudeanu : spectrum.qFundamental;
      this.values.q[k] = Number.isNaN(this.values.p[k]!) ? NaN : q;
    }
  }

  #pairVoltage(out: Float64Array, plus: number, minus: number, at: number): void {
    const p = this.#grid.ring[plus]!;
    const m = this.#grid.ring[minus]!;
    for (let k = at, end = at + this.#grid.half; k < end; k++) out[k] = p[k]! - m[k]!;
  }

  #starVoltage(out: Float64Array, plus: number, at: number): void {
    const [a, b, c] = this.#grid.ring as [Float64Array, Float64Array, Float64Array];
    const p = this.#grid.ring[plus]!;
    for (let k = at, end = at + this.#grid.half; k < end; k++) out[k] = p[k]! - (a[k]! + b[k]! + c[k]!) / 3;
  }

  /** Takes the last cycle apart into harmonics, element by element; what is not valid of it is absent. */
  measureSpectra(): void {
    const { from, half, ring, harmonicLimit, lock, doubtful } = this.#grid;
    // A jump of the phase within a cycle makes harmonics of it that nothing else has.
    const isCycle = this.#even > 1 && !doubtful && hasFundamental(lock);
    const start = from === 0 ? ring[0]!.length - half : from - half;
    const { elements } = this.#options.wiring;
    const missing = this.#missing[0]! | this.#missing[1]!;
    for (let e = 0; e < elements.length; e++) {
      const k = phaseIndex[elements[e]!.current];
      const spectrum = this.spectra[e]!;
      const [noVolts, noAmps] = [(missing & this.#voltageBits[e]!) !== 0, (missing & (8 << k)) !== 0];
      if (!isCycle || (noVolts && noAmps)) spectrum.clear();
      else {
        spectrum.measure(this.#rings[k]!, ring[3 + k]!, start, harmonicLimit);
        if (noVolts) spectrum.clearVolts();
        if (noAmps) spectrum.clearAmps();
      }
    }
  }
}
