/** Phasors, harmonics and symmetrical components of the last cycle, made when somebody asks. */
import type { CycleMeter } from "#metrology/cycle-meter.ts";
import { Sequence } from "#metrology/spectrum.ts";
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
    this.sequence.positive = this.sequence.negative = this.sequence.zero = NaN;
  }
}

export class Phasors {
  readonly V = new PhasorSet();
  readonly A = new PhasorSet();
  /** Reactive power of each phase by the two definitions that need harmonics. */
  readonly fundamental = new Float64Array(3).fill(NaN);
  readonly budeanu = new Float64Array(3).fill(NaN);

  clear(): void {
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
      this.fundamental[k] = spectrum.qFundamental;
      this.budeanu[k] = spectrum.qBudeanu;
    });
    this.#sequences(wiring);
  }

  fromStep(step: StepValues, wiring: Wiring): void {
    this.clear();
    const reference = step.angle[0] ?? NaN;
    for (const { current } of wiring.elements) {
      const k = phaseIndex[current];
      const angle = step.angle[k] ?? NaN;
      const lag = Math.atan2(step.q[k] ?? NaN, step.w[k] ?? NaN);
      this.V.magnitude[k] = step.v[k] ?? NaN;
      this.V.degrees[k] = wrap(angle - reference);
      this.A.magnitude[k] = step.a[k] ?? NaN;
      this.A.degrees[k] = wrap(angle - lag - reference);
      this.V.thd[k] = step.thdV[k] ?? NaN;
      this.A.thd[k] = step.thdA[k] ?? NaN;
    }
    this.#sequences(wiring);
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

function wrap(radians: number): number {
  const degrees = (radians * 180) / Math.PI;
  return degrees - 360 * Math.round(degrees / 360);
}
