import { type Bins, checkLength } from "./bins.ts";

/**
 * What real-fourier.ts does, in plain words: Cooley and Tukey's transform of mixed radix (An algorithm for the machine
 * calculation of complex Fourier series, 1965), decimated in time, of the two signals as one complex one, x + iy.
 */
export class ReferenceFourier {
  readonly n: number;
  /** exp(-2 pi i k / n). */
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #factors: readonly number[];
  readonly #re: Float64Array;
  readonly #im: Float64Array;
  readonly #zero: Float64Array;

  constructor(n: number) {
    checkLength(n);
    this.n = n;
    this.#cos = Float64Array.from({ length: n }, (_, k) => Math.cos((2 * Math.PI * k) / n));
    this.#sin = Float64Array.from({ length: n }, (_, k) => -Math.sin((2 * Math.PI * k) / n));
    const factors: number[] = [];
    for (let rest = n, factor = 2; rest > 1;) {
      if (rest % factor === 0) {
        factors.push(factor);
        rest /= factor;
      } else factor++;
    }
    this.#factors = factors;
    this.#re = new Float64Array(n);
    this.#im = new Float64Array(n);
    this.#zero = new Float64Array(n);
  }

  /** The spectrum of `n` samples of `x` from `from` on, going round at its end. */
  forward(x: Float64Array, from: number, out: Bins): void {
    this.pair(x, this.#zero, from, out, { re: new Float64Array(0), im: new Float64Array(0) });
  }

  /** The spectra of two signals at once. */
  pair(x: Float64Array, y: Float64Array, from: number, outX: Bins, outY: Bins): void {
    const { n } = this;
    const re = this.#re;
    const im = this.#im;
    const real = Float64Array.from({ length: n }, (_, k) => x[(from + k) % x.length]!);
    const imaginary = Float64Array.from({ length: n }, (_, k) => y[(from + k) % y.length]!);
    this.#transform(real, imaginary, 0, 1, 0, 0);
    // Of a real signal bin n - k is the conjugate of bin k: that tells the two apart.
    for (let k = 0; k <= n / 2; k++) {
      const back = (n - k) % n;
      if (k < outX.re.length) {
        outX.re[k] = (re[k]! + re[back]!) / 2;
        outX.im[k] = (im[k]! - im[back]!) / 2;
      }
      if (k < outY.re.length) {
        outY.re[k] = (im[k]! + im[back]!) / 2;
        outY.im[k] = (re[back]! - re[k]!) / 2;
      }
    }
  }

  /** Transforms every `stride`-th sample from `first` on into bins from `to` on. `level` counts the factors taken. */
  #transform(x: Float64Array, y: Float64Array, first: number, stride: number, to: number, level: number): void {
    const { n } = this;
    const re = this.#re;
    const im = this.#im;
    const factor = this.#factors[level];
    if (factor === undefined) {
      re[to] = x[first]!;
      im[to] = y[first]!;
      return;
    }
    const length = n / stride / factor;
    for (let r = 0; r < factor; r++) {
      this.#transform(x, y, first + r * stride, stride * factor, to + r * length, level + 1);
    }
    const partRe = new Float64Array(factor);
    const partIm = new Float64Array(factor);
    for (let k = 0; k < length; k++) {
      for (let r = 0; r < factor; r++) {
        partRe[r] = re[to + r * length + k]!;
        partIm[r] = im[to + r * length + k]!;
      }
      for (let q = 0; q < factor; q++) {
        let sumRe = 0;
        let sumIm = 0;
        for (let r = 0; r < factor; r++) {
          const turn = (r * (k + q * length) * stride) % n;
          const c = this.#cos[turn]!;
          const s = this.#sin[turn]!;
          sumRe += partRe[r]! * c - partIm[r]! * s;
          sumIm += partRe[r]! * s + partIm[r]! * c;
        }
        re[to + q * length + k] = sumRe;
        im[to + q * length + k] = sumIm;
      }
    }
  }
}
