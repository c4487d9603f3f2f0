/** The correlation of va, vb and vc with half a period of a cosine and a sine: of its halves a cycle's fundamental is made. */
type Three = readonly [Float64Array, Float64Array, Float64Array];

export class HalfFundamental {
  /** Of the half cycle that was measured last, by terminal. */
  readonly cosines = new Float64Array(3);
  readonly sines = new Float64Array(3);
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;

  constructor(half: number) {
    this.#cos = Float64Array.from({ length: half }, (_, k) => Math.cos((Math.PI * k) / half));
    this.#sin = Float64Array.from({ length: half }, (_, k) => Math.sin((Math.PI * k) / half));
  }

  /** Measures the half cycle that begins at `from` of the rings. */
  measure(ring: readonly Float64Array[], from: number): void {
    const [a, b, c] = ring as Three;
    const cos = this.#cos;
    const sin = this.#sin;
    let ar = 0;
    let ai = 0;
    let br = 0;
    let bi = 0;
    let cr = 0;
    let ci = 0;
    for (let k = 0, at = from; k < cos.length; k++, at++) {
      const x = cos[k]!;
      const y = sin[k]!;
      const va = a[at]!;
      const vb = b[at]!;
      const vc = c[at]!;
      ar += va * x;
      ai += va * y;
      br += vb * x;
      bi += vb * y;
      cr += vc * x;
      ci += vc * y;
    }
    this.cosines[0] = ar;
    this.cosines[1] = br;
    this.cosines[2] = cr;
    this.sines[0] = ai;
    this.sines[1] = bi;
    this.sines[2] = ci;
  }
}
