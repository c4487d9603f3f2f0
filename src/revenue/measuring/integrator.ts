/**
 * The one integrator of a revenue meter: what the source gives, as steps or samples, becomes integrals of every column.
 * Energies are by the hour, levels by the second.
 */
import type { CycleValues } from "#metrology/cycle-values.ts";
import { hasFundamental } from "#metrology/grid-half.ts";
import { wiringOf } from "#quantity/wiring.ts";
import { StepValues, type Source, type StepView } from "#waveform/source.ts";
import { Angles } from "./angles.ts";
import { addBroken, isWhole } from "./broken-cycle.ts";
import { COLUMNS } from "./columns.ts";
import type { Integrals } from "./integrals.ts";
import { aheadOf, newInputs, type Inputs } from "./inputs.ts";
import { takeQuality } from "./quality-inputs.ts";
import { fillRates, type RateSettings } from "./rates.ts";
import { SampledLine, type LineOptions } from "./sampled-line.ts";

/** What stands between the source and the meter's terminals, and what corrects for it. */
export interface Transformers {
  /** Primary over secondary of what is installed. */
  readonly pt: number;
  readonly ct: number;
}

/**
 * Looks at every half cycle, or step, before it is counted: its rates, and how many seconds it is; `same` when they are those that it
 * saw last. False when nothing of it counts, because the meter is without supply.
 */
export type Look = (rates: Float64Array, seconds: number, same: boolean) => boolean;

export interface IntegratorOptions extends Omit<LineOptions, "source"> {
  readonly source: Source;
  readonly transformers: Transformers;
  readonly integrals: Integrals;
  readonly look: Look;
  /** Nothing is known of the inputs any more: a gap, the end, or what cannot be measured. */
  readonly lost: () => void;
  /** Calibration: what watts and vars are multiplied by. */
  readonly gains: { readonly w: number; readonly q: number };
  /** Of the meter that this one goes on as; another is made where it is of another source or wiring. */
  readonly line?: SampledLine | undefined;
}

/** A spectrum is measured every so many half cycles: five times a second at 60 Hz. */
const SPECTRUM_HALVES = 24;
const pairAt = { ab: 0, bc: 1, ca: 2 } as const;
const phaseOf = { a: 0, b: 1, c: 2 } as const;

/** What is of one step only: meters take theirs one after the other. */
const [from, to] = [new StepValues(), new StepValues()];
const [start, middle, end] = [newInputs(), newInputs(), newInputs()];
const [first, half, last] = [new Float64Array(COLUMNS), new Float64Array(COLUMNS), new Float64Array(COLUMNS)];

export class Integrator {
  readonly #integrals: Integrals;
  #settings: RateSettings;
  readonly #options: IntegratorOptions;
  /** Of a source of samples. */
  readonly line: SampledLine | undefined;
  readonly angles = new Angles();
  /** Whether the rates that the integrals have are those of the last step; the gains that they were made with. */
  #holds = false;
  #gainW = 1;
  #gainQ = 1;
  #view: StepView;
  /** Why a source of steps gave none. */
  #silence: string | undefined;

  constructor(options: IntegratorOptions, settings: RateSettings) {
    this.#integrals = options.integrals;
    this.#view = viewOf(options);
    this.#settings = settings;
    this.#options = options;
    const { source, line } = options;
    if (source.kind !== "samples") return;
    const own = { ...options, source };
    const goesOn = line?.serves(own) === true;
    // What is left behind holds on to nobody.
    if (!goesOn) line?.leave();
    const made = goesOn ? line : new SampledLine(own);
    this.line = made;
    made.goOn(
      options,
      () => this.#half(made),
      () => this.#lose(),
    );
  }

  /** Why something is not measured now, in words; undefined when all is. */
  get absence(): string | undefined {
    return this.line === undefined ? this.#silence : this.line.feed.absence;
  }

  /** Compensates these losses from now on; none where there are none. */
  compensate(losses: RateSettings["losses"]): void {
    this.#settings = { ...this.#settings, losses };
    this.#holds = false;
  }

  /** Measures the next `seconds`; false when nothing is known of the inputs for some of them. */
  run(seconds: number): boolean {
    const { source } = this.#options;
    if (source.kind === "samples") return this.#samples(seconds);
    const { gains } = this.#options;
    if (gains.w !== this.#gainW || gains.q !== this.#gainQ) this.#holds = false;
    let left = seconds;
    while (left > 1e-9) {
      // To somebody who has not looked before a source says everything.
      if (!this.#holds) this.#view = viewOf(this.#options);
      const took = source.step(left, from, to, this.#view);
      if (!(took > 0)) {
        this.#holds = false;
        this.#silence = source.ended ? "its source has come to its end" : "its source says nothing";
        this.#lose();
        return false;
      }
      this.#silence = undefined;
      left -= took;
      if (this.#holds && source.steady === true) this.#goOn(took);
      else this.#step(took);
    }
    return true;
  }

  /** The step that is in `from` and `to`. */
  #step(seconds: number): void {
    this.#take(from, start);
    this.#take(to, end);
    this.angles.take(end, this.#settings);
    if (same(start, end)) this.#hold(seconds);
    else this.#ramp(seconds);
  }

  #samples(seconds: number): boolean {
    if (this.line === undefined) return false;
    const { feed, inputs } = this.line;
    feed.run(seconds);
    inputs.hz = feed.grid.takeFrequency();
    if (feed.grid.tooSlow) this.#lose();
    return !feed.takeLack() && feed.absence === undefined;
  }

  /** Counts a half cycle; one of which nothing is known counts nowhere. */
  #half(line: SampledLine): void {
    const { meter, volts, inputs, vars } = line;
    const stands = meter.half();
    if (stands === 0) return;
    if (line.halves++ % SPECTRUM_HALVES === 0) this.#spectra(line);
    const { pt, ct } = this.#options.transformers;
    const { gains } = this.#options;
    const { values } = meter;
    // Powers are known together or not at all: what flows without a fundamental of the range has no vars.
    const isKnown = hasFundamental(line.feed.grid.lock);
    for (let k = 0; k < 3; k++) {
      inputs.v[k] = Math.sqrt(Math.max(0, values.v2[k]!)) / pt;
      inputs.ll[k] = Math.sqrt(Math.max(0, values.ll2[k]!)) / pt;
      inputs.a[k] = Math.sqrt(Math.max(0, values.i2[k]!)) / ct;
      inputs.presentV[k] = Math.sqrt(values.presentE2[k]!) / pt;
      inputs.presentA[k] = Math.sqrt(values.presentI2[k]!) / ct;
      // Of a cycle that lost samples what is present of its powers: it is energy, see `#add`.
      inputs.w[k] = isKnown ? (values.presentP[k]! * gains.w) / (pt * ct) : NaN;
      // A cycle with a jump of the phase has no quarter: its vars are taken to be those of the cycle before, as its watts go on.
      if (!Number.isNaN(values.q[k]!)) vars[k] = values.q[k]!;
      const q = values.presentQ[k]!;
      inputs.q[k] = ((Number.isNaN(q) ? vars[k]! : q) * gains.q) / (pt * ct);
    }
    inputs.n = Math.sqrt(Math.max(0, values.n2)) / ct;
    volts.take(pt, inputs);
    if (this.#isKnown(inputs)) this.#add(inputs, values, stands);
    else this.#lose();
  }

  #lose(): void {
    this.angles.forget();
    this.#options.lost();
  }

  /** Whether anything that the wiring measures is known: of what is not, rates say so. */
  #isKnown({ v, ll, a, w }: Inputs): boolean {
    const { ln, ll: pairs, currents, elements } = wiringOf(this.#options.wiring);
    return (
      elements.some(({ current }) => Number.isFinite(w[phaseOf[current]]!)) ||
      ln.some((phase) => Number.isFinite(v[phaseOf[phase]]!)) ||
      pairs.some((pair) => Number.isFinite(ll[pairAt[pair]]!)) ||
      currents.some((phase) => Number.isFinite(a[phaseOf[phase]]!))
    );
  }

  /** Distortion and angles of the last cycle, or of the last block of power quality. */
  #spectra(line: SampledLine): void {
    const { meter, inputs } = line;
    meter.measureSpectra();
    const isKnown = hasFundamental(line.feed.grid.lock);
    // Of a rate that carries none what is beside the fundamental is the error of its samples.
    const hasHarmonics = line.feed.grid.harmonicLimit >= 2;
    const { thdV, thdA, firstV, firstA, angleV, angleA } = inputs;
    const { pt, ct } = this.#options.transformers;
    wiringOf(this.#options.wiring).elements.forEach(({ current }, e) => {
      const k = phaseOf[current];
      const spectrum = meter.spectra[e]!;
      const { e2, i2 } = meter.values;
      const isDistortion = isKnown && hasHarmonics;
      // What is not known of this cycle stays as it was.
      if (!isKnown || !Number.isNaN(spectrum.v[1]!)) {
        thdV[k] = isDistortion ? distortion(e2[k]!, spectrum.v[1]!) : NaN;
        firstV[k] = isKnown ? known(spectrum.v[1]!) / pt : NaN;
        angleV[k] = spectrum.vAngle[1]!;
      }
      if (!isKnown || !Number.isNaN(spectrum.i[1]!)) {
        thdA[k] = isDistortion ? distortion(i2[k]!, spectrum.i[1]!) : NaN;
        firstA[k] = isKnown ? known(spectrum.i[1]!) / ct : NaN;
        angleA[k] = spectrum.iAngle[1]!;
      }
    });
    const { quality } = this.#options;
    const { elements, neutral, sequences } = this.#settings;
    // One that only ends the intervals of a measurement log says nothing of them.
    if (quality !== undefined && sequences) takeQuality(quality, elements, neutral, inputs);
    this.angles.take(inputs, this.#settings);
  }

  #take(values: StepValues, out: Inputs): void {
    const { gains, transformers } = this.#options;
    this.#gainW = gains.w;
    this.#gainQ = gains.q;
    const { pt, ct } = transformers;
    out.hz = values.hz;
    out.n = known(values.n) / ct;
    for (let k = 0; k < 3; k++) {
      out.v[k] = known(values.v[k]!) / pt;
      out.ll[k] = known(values.ll[k]!) / pt;
      out.seen[k] = this.#settings.neutral ? out.v[k]! : out.ll[k]!;
      out.a[k] = known(values.a[k]!) / ct;
      out.w[k] = (known(values.w[k]!) * gains.w) / (pt * ct);
      out.q[k] = (known(values.q[k]!) * gains.q) / (pt * ct);
      out.thdV[k] = known(values.thdV[k]!);
      out.thdA[k] = known(values.thdA[k]!);
      // Of an element's volts; where they are line to line, the second is ahead of the first as the triangle has it.
      const volts = this.#settings.neutral ? out.v[k]! : out.ll[k === 2 ? 1 : 0]!;
      out.firstV[k] = volts * fundamental(out.thdV[k]!);
      out.firstA[k] = out.a[k]! * fundamental(out.thdA[k]!);
      out.angleV[k] = values.angle[k]!;
      if (!this.#settings.neutral) out.angleV[k] = k === 2 ? aheadOf(out.ll[0]!, out.ll[1]!, out.ll[2]!) : 0;
      out.angleA[k] = out.angleV[k]! - Math.atan2(values.q[k]!, values.w[k]!);
    }
  }

  /** Adds a half cycle. */
  #add(inputs: Inputs, values: CycleValues, seconds: number): void {
    fillRates(inputs, this.#settings, first);
    if (!this.#options.look(first, seconds, false)) return;
    const { elements } = this.#settings;
    if (isWhole(values, elements)) this.#integrals.add(first, seconds);
    else addBroken(this.#integrals, { rates: first, seconds, inputs, values }, elements);
  }

  /** Inputs stay as they are for `seconds`. */
  #hold(seconds: number): void {
    fillRates(start, this.#settings, first);
    this.#holds = this.#options.look(first, seconds, false);
    if (this.#holds) this.#integrals.hold(first, seconds);
  }

  /** They are as they were. */
  #goOn(seconds: number): void {
    if (this.#options.look(this.#integrals.rates, seconds, true)) this.#integrals.goOn(seconds);
  }

  /** Adds a straight line from the start to the end, cut wherever a power passes zero, by Simpson's rule. */
  #ramp(seconds: number): void {
    const cuts = [0, 1];
    let [w0, w1, q0, q1] = [0, 0, 0, 0];
    for (const k of this.#settings.elements) {
      crossing(start.w[k]!, end.w[k]!, cuts);
      crossing(start.q[k]!, end.q[k]!, cuts);
      w0 += start.w[k]!;
      w1 += end.w[k]!;
      q0 += start.q[k]!;
      q1 += end.q[k]!;
    }
    crossing(w0, w1, cuts);
    crossing(q0, q1, cuts);
    cuts.sort((a, b) => a - b);
    this.#holds = false;
    this.#rate(1, last);
    if (!this.#options.look(last, seconds, false)) return;
    for (let part = 1; part < cuts.length; part++) {
      const [from, to] = [cuts[part - 1]!, cuts[part]!];
      const width = to - from;
      if (width <= 0) continue;
      // A hair inside, so that each part lies in one quadrant.
      this.#rate(from + 1e-9 * width, first);
      this.#rate((from + to) / 2, half);
      this.#rate(to - 1e-9 * width, last);
      this.#integrals.addCurve(first, half, last, seconds * width);
    }
  }

  #rate(at: number, out: Float64Array): void {
    const [a, b, m] = [start, end, middle];
    m.hz = a.hz + (b.hz - a.hz) * at;
    m.n = a.n + (b.n - a.n) * at;
    m.angleV.set(a.angleV);
    m.angleA.set(a.angleA);
    m.thdV.set(b.thdV);
    m.thdA.set(b.thdA);
    for (let k = 0; k < 3; k++) {
      m.v[k] = a.v[k]! + (b.v[k]! - a.v[k]!) * at;
      m.ll[k] = a.ll[k]! + (b.ll[k]! - a.ll[k]!) * at;
      m.seen[k] = a.seen[k]! + (b.seen[k]! - a.seen[k]!) * at;
      m.a[k] = a.a[k]! + (b.a[k]! - a.a[k]!) * at;
      m.w[k] = a.w[k]! + (b.w[k]! - a.w[k]!) * at;
      m.q[k] = a.q[k]! + (b.q[k]! - a.q[k]!) * at;
      m.firstV[k] = a.firstV[k]! + (b.firstV[k]! - a.firstV[k]!) * at;
      m.firstA[k] = a.firstA[k]! + (b.firstA[k]! - a.firstA[k]!) * at;
    }
    fillRates(m, this.#settings, out);
  }
}

function viewOf({ wiring }: IntegratorOptions): StepView {
  return { wiring: wiringOf(wiring), reactive: "shifted" };
}

/** Less than this part of the RMS is no fundamental that anything could be a part of. */
const LEAST_FUNDAMENTAL = 0.01;

/**
 * Percent by the total RMS, of which this is the square, and the fundamental (section Percent THD, without power quality); NaN of what
 * has no fundamental.
 */
function distortion(square: number, fundamental: number): number {
  if (!(fundamental > LEAST_FUNDAMENTAL * Math.sqrt(square))) return NaN;
  return (100 * Math.sqrt(Math.max(0, square - fundamental ** 2))) / fundamental;
}

/** What the fundamental is of an RMS value with so many percent of distortion. */
function fundamental(thd: number): number {
  return thd === 0 ? 1 : 1 / Math.sqrt(1 + (thd / 100) ** 2);
}

/** An input that is not known is not there. */
function known(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

function same(a: Inputs, b: Inputs): boolean {
  if (a.hz !== b.hz || a.n !== b.n) return false;
  for (let k = 0; k < 3; k++) {
    if (a.v[k] !== b.v[k] || a.a[k] !== b.a[k] || a.w[k] !== b.w[k] || a.q[k] !== b.q[k] || a.ll[k] !== b.ll[k])
      return false;
    if (a.thdV[k] !== b.thdV[k] || a.thdA[k] !== b.thdA[k]) return false;
  }
  return true;
}

function crossing(from: number, to: number, cuts: number[]): void {
  if (from * to < 0) cuts.push(from / (from - to));
}
