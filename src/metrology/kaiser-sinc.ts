/**
 * A windowed-sinc interpolator as a table: `phases` + 1 rows of `taps` coefficients, one row a fraction of a sample,
 * each row normalised to sum 1. Between rows the coefficients are interpolated linearly.
 *
 * Oppenheim and Schafer, Discrete-Time Signal Processing, 7.6 (the Kaiser window); 24 taps with beta 10.5 hold
 * 0.0005 % up to 0.35 of the sampling rate. A `stretch` above 1 lowers the cut-off to 1 / stretch of the input's
 * Nyquist frequency, for output rates below the input's, and widens the kernel by as much.
 */
export class KaiserSinc {
  static readonly phases = 512;
  readonly taps: number;
  /** Row r starts at r * taps. */
  readonly table: Float64Array;

  constructor(stretch = 1, tapsAtOne = 24, beta = 10.5) {
    const half = Math.ceil((tapsAtOne / 2) * Math.max(1, stretch));
    this.taps = 2 * half;
    this.table = new Float64Array((KaiserSinc.phases + 1) * this.taps);
    const cut = 1 / Math.max(1, stretch);
    const atZero = besselI0(beta);
    for (let row = 0; row <= KaiserSinc.phases; row++) {
      const fraction = row / KaiserSinc.phases;
      const from = row * this.taps;
      let sum = 0;
      for (let k = 0; k < this.taps; k++) {
        // Tap k sits at sample k - half + 1 relative to the sample at or before the wanted instant.
        const x = k - half + 1 - fraction;
        const edge = x / half;
        const window = Math.abs(edge) >= 1 ? 0 : besselI0(beta * Math.sqrt(1 - edge * edge)) / atZero;
        const value = sinc(cut * x) * window;
        this.table[from + k] = value;
        sum += value;
      }
      for (let k = 0; k < this.taps; k++) this.table[from + k]! /= sum;
    }
  }

  /** Taps before the sample at or before the wanted instant; as many plus one lie after it. */
  get before(): number {
    return this.taps / 2 - 1;
  }

  /** Writes the `taps` coefficients for a fraction of 0 up to 1 of a sample into `out`. */
  coefficients(fraction: number, out: Float64Array): void {
    const place = fraction * KaiserSinc.phases;
    const row = Math.floor(place);
    const part = place - row;
    const { table, taps } = this;
    let at = row * taps;
    if (part === 0) {
      for (let k = 0; k < taps; k++) out[k] = table[at++]!;
      return;
    }
    for (let k = 0; k < taps; k++, at++) {
      const low = table[at]!;
      out[k] = low + part * (table[at + taps]! - low);
    }
  }
}

function sinc(x: number): number {
  // At whole numbers the sine of a multiple of pi is not quite zero, and a coherent source must pass unchanged.
  if (Number.isInteger(x)) return x === 0 ? 1 : 0;
  return Math.sin(Math.PI * x) / (Math.PI * x);
}

/** The modified Bessel function of order zero (Abramowitz and Stegun 9.6.12). */
function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
