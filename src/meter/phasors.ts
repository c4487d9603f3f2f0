/** Phasors, harmonics and symmetrical components of the last cycle, made when somebody asks. */
import type { CycleMeter } from "#metrology/cycle-meter.ts";
import { kFactor } from "#metrology/k-factor.ts";
import { pairSpectrum } from "#metrology/pair-spectrum.ts";
import { Sequence, type PhaseSpectrum } from "#metrology/spectrum.ts";
import { pairs, phases, type Phase } from "#quantity/quantity.ts";
import type { Wiring } from "#quantity/wiring.ts";
import type { StepValues } from "#waveform/source.ts";
import { phaseIndex } from "./integrals.ts";

export class PhasorSet {
  /** RMS of the fundamental, by phase. */
  readonly magnitude = new Float64Array(3).fill(NaN);
  /** Angle against the voltage of the first phase, -180 to 180. */
  readonly degrees = new Float64Array(3).fill(NaN);
  readonly thd = new Float64Array(3).fill(NaN);
  readonly crest = new Float64Array(3).fill(NaN);
  readonly sequence = new Sequence();

  clear(): void {
    for (const array of [this.magnitude, this.degrees, this.thd, this.crest]) array.fill(NaN);
    this.sequence.clear();
  }
}

/** The volts from line to line, by pair. */
export class PairPhasors {
  readonly magnitude = new Float64Array(3).fill(NaN);
  readonly degrees = new Float64Array(3).fill(NaN);
  readonly thd = new Float64Array(3).fill(NaN);

  clear(): void {
    for (const array of [this.magnitude, this.degrees, this.thd]) array.fill(NaN);
  }
}

export class Phasors {
  readonly V = new PhasorSet();
  readonly A = new PhasorSet();
  /** Reactive power of each phase by the two definitions that need harmonics. */
  readonly fundamental = new Float64Array(3).fill(NaN);
  readonly budeanu = new Float64Array(3).fill(NaN);
  /** Watts of each element's fundamental. */
  readonly watts = new Float64Array(3).fill(NaN);
  readonly #pairs = new PairPhasors();
  readonly #kFactors = new Float64Array(3).fill(NaN);
  /** Makes what few ask for: the volts from line to line, the K factors; undefined when it is made. */
  #rest: (() => void) | undefined;

  clear(): void {
    this.#rest = undefined;
    this.#pairs.clear();
    this.#kFactors.fill(NaN);
    this.watts.fill(NaN);
    this.V.clear();
    this.A.clear();
    this.fundamental.fill(NaN);
    this.budeanu.fill(NaN);
  }

  fromCycle(cycle: CycleMeter, wiring: Wiring): void {
    this.clear();
    cycle.measureSpectra();
    let reference = NaN;
    wiring.elements.forEach(({ current, minus }, e) => {
      const k = phaseIndex[current];
      const spectrum = cycle.spectra[e];
      if (spectrum === undefined) return;
      const [v1, vAngle] = [spectrum.v[1] ?? NaN, spectrum.vAngle[1] ?? NaN];
      if (Number.isNaN(reference)) reference = vAngle;
      // The voltage of an element without a neutral is not a voltage to neutral, but its angle still shows the load.
      this.V.magnitude[k] = minus === "n" || minus === "star" ? v1 : NaN;
      this.V.degrees[k] = wrap(vAngle - reference);
      this.A.magnitude[k] = spectrum.i[1] ?? NaN;
      this.A.degrees[k] = wrap((spectrum.iAngle[1] ?? NaN) - reference);
      this.V.thd[k] = spectrum.vThd;
      this.A.thd[k] = spectrum.iThd;
      this.V.crest[k] = (cycle.values.vPeak[k] ?? NaN) / Math.sqrt(cycle.values.e2[k] ?? NaN);
      this.A.crest[k] = (cycle.values.iPeak[k] ?? NaN) / Math.sqrt(cycle.values.i2[k] ?? NaN);
      this.watts[k] = spectrum.wFundamental;
      this.fundamental[k] = spectrum.qFundamental;
      this.budeanu[k] = spectrum.qBudeanu;
    });
    this.#sequences(wiring);
    this.#rest = () => this.#restOfCycle(cycle.spectra, wiring, reference);
  }

  #restOfCycle(spectra: readonly PhaseSpectrum[], wiring: Wiring, reference: number): void {
    // A terminal that no element begins at is what the elements end at.
    const of = (phase: Phase): PhaseSpectrum | undefined =>
      spectra[wiring.elements.findIndex(({ plus }) => plus === phase)];
    for (const pair of wiring.ll) {
      const k = pairs.indexOf(pair);
      const { magnitude, angle, thd } = pairSpectrum(of(phases[k] ?? "a"), of(phases[(k + 1) % 3] ?? "a"));
      this.#pairs.magnitude[k] = magnitude;
      this.#pairs.degrees[k] = wrap(angle - reference);
      this.#pairs.thd[k] = thd;
    }
    wiring.elements.forEach(({ current }, e) => {
      this.#kFactors[phaseIndex[current]] = kFactor(spectra[e]?.i ?? []);
    });
  }

  get pairs(): PairPhasors {
    this.#finish();
    return this.#pairs;
  }

  get kFactors(): Float64Array {
    this.#finish();
    return this.#kFactors;
  }

  #finish(): void {
    this.#rest?.();
    this.#rest = undefined;
  }

  fromStep(step: StepValues, wiring: Wiring): void {
    this.clear();
    let reference = NaN;
    for (const { plus, minus, current } of wiring.elements) {
      const k = phaseIndex[current];
      const angle =
        minus === "n" || minus === "star"
          ? (step.angle[phaseIndex[plus]] ?? NaN)
          : lineAngle(step, phaseIndex[plus], phaseIndex[minus]);
      if (Number.isNaN(reference)) reference = angle;
      const [w1, q1] = [step.w1[k] ?? NaN, step.q1[k] ?? NaN];
      // Where the fundamentals are not known the harmonics are taken for part of them.
      const lag = Number.isNaN(w1) ? Math.atan2(step.q[k] ?? NaN, step.w[k] ?? NaN) : Math.atan2(q1, w1);
      this.V.magnitude[k] = fundamentalOf(step.v[k], step.thdV[k]);
      this.V.degrees[k] = wrap(angle - reference);
      this.A.magnitude[k] = fundamentalOf(step.a[k], step.thdA[k]);
      this.A.degrees[k] = wrap(angle - lag - reference);
      this.V.thd[k] = step.thdV[k] ?? NaN;
      this.A.thd[k] = step.thdA[k] ?? NaN;
      this.watts[k] = w1;
      this.fundamental[k] = q1;
    }
    this.#sequences(wiring);
    this.#rest = () => this.#restOfStep(step, wiring, reference);
  }

  #restOfStep(step: StepValues, wiring: Wiring, reference: number): void {
    step.finish();
    for (const { current } of wiring.elements)
      this.#kFactors[phaseIndex[current]] = step.kA[phaseIndex[current]] ?? NaN;
    for (const pair of wiring.ll) {
      const k = pairs.indexOf(pair);
      this.#pairs.thd[k] = step.thdLl[k] ?? NaN;
      this.#pairs.magnitude[k] = fundamentalOf(step.ll[k], step.thdLl[k]);
      this.#pairs.degrees[k] = wrap(lineAngle(step, k, (k + 1) % 3) - reference);
    }
  }

  #sequences(wiring: Wiring): void {
    if (wiring.elements.length < 3) return;
    for (const set of [this.V, this.A]) {
      set.sequence.measure(
        set.magnitude,
        set.degrees.map((degrees) => (degrees * Math.PI) / 180),
      );
    }
  }
}

/** The angle of the voltage between two phases, of which the volts to neutral are known. */
function lineAngle({ v, angle }: StepValues, plus: number, minus: number): number {
  const along = (of: (x: number) => number): number =>
    (v[plus] ?? NaN) * of(angle[plus] ?? NaN) - (v[minus] ?? NaN) * of(angle[minus] ?? NaN);
  return Math.atan2(along(Math.sin), along(Math.cos));
}

/** What is left of an RMS without its harmonics, as far as they are known. */
function fundamentalOf(rms = NaN, thd = NaN): number {
  return Number.isNaN(thd) ? rms : rms / Math.hypot(1, thd / 100);
}

function wrap(radians: number): number {
  const degrees = (radians * 180) / Math.PI;
  return degrees - 360 * Math.round(degrees / 360);
}
