/**
 * The discrete Fourier transform of two real sequences at once, as one complex one (Cooley and Tukey, radix 2).
 * The length is a power of two and fixed for the life of the object.
 */
export class TwinFourier {
  readonly n: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #reversed: Uint16Array;

  constructor(n: number) {
    this.n = n;
    this.re = new Float64Array(n);
    this.im = new Float64Array(n);
    this.#cos = Float64Array.from({ length: n / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / n));
    this.#sin = Float64Array.from({ length: n / 2 }, (_, k) => Math.sin((2 * Math.PI * k) / n));
    const bits = Math.log2(n);
    this.#reversed = Uint16Array.from({ length: n }, (_, k) => {
      let out = 0;
      for (let bit = 0; bit < bits; bit++) out |= ((k >> bit) & 1) << (bits - 1 - bit);
      return out;
    });
  }

  /** Transforms x + jy, x and y being n samples of the rings `x` and `y` from index `from` on, which may wrap. */
  transform(x: Float64Array, y: Float64Array, from: number): void {
    const { n, re, im } = this;
    const ring = x.length;
    for (let k = 0; k < n; k++) {
      let at = from + k;
      if (at >= ring) at -= ring;
      const to = this.#reversed[k]!;
      re[to] = x[at]!;
      im[to] = y[at]!;
    }
    for (let size = 2; size <= n; size *= 2) {
      const half = size / 2;
      const stride = n / size;
      for (let start = 0; start < n; start += size) {
        for (let k = 0, t = 0; k < half; k++, t += stride) {
          const a = start + k;
          const b = a + half;
          const c = this.#cos[t]!;
          const s = this.#sin[t]!;
          const br = re[b]! * c + im[b]! * s;
          const bi = im[b]! * c - re[b]! * s;
          re[b] = re[a]! - br;
          im[b] = im[a]! - bi;
          re[a]! += br;
          im[a]! += bi;
        }
      }
    }
  }
}
