import { binsOf } from "./kernels/bins.ts";
import { realFourier } from "./kernels/real-fourier.ts";

/**
 * Voltage and current of one phase over one cycle, taken apart into harmonics: RMS amplitudes and angles, and what
 * follows from them. Angles are those of a sine: 0 where a rising zero crossing begins the window.
 */
export class PhaseSpectrum {
  /** RMS of harmonic h at index h; index 0 is the direct component. */
  readonly v: Float64Array;
  readonly i: Float64Array;
  readonly vAngle: Float64Array;
  readonly iAngle: Float64Array;
  /** Power of the fundamental, W. */
  wFundamental = NaN;
  /** Fundamental reactive power, and Budeanu's sum over all harmonics, in var; positive when the current lags. */
  qFundamental = NaN;
  qBudeanu = NaN;
  /** Total harmonic distortion in percent of the fundamental (IEC 61000-4-7, every harmonic of the grid). */
  vThd = NaN;
  iThd = NaN;
  readonly #n: number;
  readonly #bins: readonly [ReturnType<typeof binsOf>, ReturnType<typeof binsOf>];

  constructor(grid: number) {
    this.#n = grid;
    this.#bins = [binsOf(grid), binsOf(grid)];
    const harmonics = grid / 2;
    this.v = new Float64Array(harmonics);
    this.i = new Float64Array(harmonics);
    this.vAngle = new Float64Array(harmonics);
    this.iAngle = new Float64Array(harmonics);
  }

  /** Nothing is known. */
  clear(): void {
    this.clearVolts();
    this.clearAmps();
  }

  /** Nothing is known of the volts, and of no power. */
  clearVolts(): void {
    this.v.fill(NaN);
    this.vAngle.fill(NaN);
    this.vThd = this.wFundamental = this.qFundamental = this.qBudeanu = NaN;
  }

  /** Nothing is known of the amps, and of no power. */
  clearAmps(): void {
    this.i.fill(NaN);
    this.iAngle.fill(NaN);
    this.iThd = this.wFundamental = this.qFundamental = this.qBudeanu = NaN;
  }

  /**
   * Measures one cycle of the rings `v` and `i` that begins at `from`. What lies above the order `limit` the samples do not carry: it
   * is NaN, and in no sum.
   */
  measure(v: Float64Array, i: Float64Array, from: number, limit = Infinity): void {
    const n = this.#n;
    const [volts, amps] = this.#bins;
    realFourier(n).pair(v, i, from, volts, amps);
    const scale = Math.SQRT2 / n;
    let budeanu = 0;
    let vSquares = 0;
    let iSquares = 0;
    for (let h = 0; h < n / 2; h++) {
      if (h > limit) {
        this.v[h] = this.i[h] = this.vAngle[h] = this.iAngle[h] = NaN;
        continue;
      }
      const k = h === 0 ? scale / Math.SQRT2 : scale;
      const vr = volts.re[h]! * k;
      const vi = volts.im[h]! * k;
      const ir = amps.re[h]! * k;
      const ii = amps.im[h]! * k;
      this.v[h] = Math.hypot(vr, vi);
      this.i[h] = Math.hypot(ir, ii);
      // A sine has its spectral line at -90 degrees.
      this.vAngle[h] = Math.atan2(vr, -vi);
      this.iAngle[h] = Math.atan2(ir, -ii);
      if (h === 0) continue;
      // Im(V conj(I)): positive when I lags V.
      const q = vi * ir - vr * ii;
      budeanu += q;
      if (h === 1) {
        this.qFundamental = q;
        this.wFundamental = vr * ir + vi * ii;
      } else {
        vSquares += this.v[h]! ** 2;
        iSquares += this.i[h]! ** 2;
      }
    }
    this.qBudeanu = budeanu;
    // Of what carries no harmonic there is no distortion, not one of nothing.
    const hasHarmonics = limit >= 2;
    this.vThd = hasHarmonics ? distortion(vSquares, this.v[1]!) : NaN;
    this.iThd = hasHarmonics ? distortion(iSquares, this.i[1]!) : NaN;
  }
}

/** Less than this part of what lies above it is no fundamental that anything could be a percentage of: the cycle of a phase jump has none. */
const LEAST_FUNDAMENTAL = 0.01;

function distortion(squares: number, fundamental: number): number {
  const above = Math.sqrt(squares);
  return fundamental > LEAST_FUNDAMENTAL * above ? (100 * above) / fundamental : NaN;
}

/** Positive, negative and zero sequence of three phasors (Fortescue), given as RMS and angle: their magnitudes and angles. */
export class Sequence {
  positive = NaN;
  negative = NaN;
  zero = NaN;
  /** In radians. */
  readonly angle = { positive: NaN, negative: NaN, zero: NaN };

  clear(): void {
    this.positive = this.negative = this.zero = NaN;
    this.angle.positive = this.angle.negative = this.angle.zero = NaN;
  }

  measure(magnitudes: Float64Array, angles: Float64Array): void {
    let pr = 0;
    let pi = 0;
    let nr = 0;
    let ni = 0;
    let zr = 0;
    let zi = 0;
    for (let k = 0; k < 3; k++) {
      const m = magnitudes[k]!;
      const angle = angles[k]!;
      const turn = (k * 2 * Math.PI) / 3;
      pr += m * Math.cos(angle + turn);
      pi += m * Math.sin(angle + turn);
      nr += m * Math.cos(angle - turn);
      ni += m * Math.sin(angle - turn);
      zr += m * Math.cos(angle);
      zi += m * Math.sin(angle);
    }
    this.positive = Math.hypot(pr, pi) / 3;
    this.negative = Math.hypot(nr, ni) / 3;
    this.zero = Math.hypot(zr, zi) / 3;
    this.angle.positive = Math.atan2(pi, pr);
    this.angle.negative = Math.atan2(ni, nr);
    this.angle.zero = Math.atan2(zi, zr);
  }
}
