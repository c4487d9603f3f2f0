/**
 * Spectra of real signals, two at a time. The kernel is fourier.as.ts; real-fourier-reference.ts says the same in plain
 * words.
 */
import { type Bins, checkLength } from "./bins.ts";
import { copyOut, copyRound, kernels, memory, scratch, take } from "./memory.ts";

interface Pass {
  readonly radix: 2 | 3 | 4 | 5;
  readonly m: number;
  readonly s: number;
  /** Where its turns lie. */
  readonly w: number;
}

const transforms = new Map<number, RealFourier>();

/** The transform of `n` samples that the process shares: 8 times a product of twos, threes and fives. */
export function realFourier(n: number): RealFourier {
  let transform = transforms.get(n);
  if (transform === undefined) transforms.set(n, (transform = new RealFourier(n)));
  return transform;
}

/** Writes exp(-2 pi i k / n) as cosine and sine to number `at` of the memory. */
function writeTurn(at: number, k: number, n: number): void {
  memory()[at] = Math.cos((2 * Math.PI * k) / n);
  memory()[at + 1] = -Math.sin((2 * Math.PI * k) / n);
}

class RealFourier {
  readonly n: number;
  readonly #passes: readonly Pass[];
  /** Where the turns of `untangle` lie. */
  readonly #w: number;

  constructor(n: number) {
    checkLength(n);
    this.n = n;
    const half = n / 2;
    // The last factor, a four, has no turns; it is there since n is a multiple of 8.
    const radices: Pass["radix"][] = [];
    let rest = half / 4;
    for (const radix of [3, 5, 4, 2] as const) {
      for (; rest % radix === 0; rest /= radix) radices.push(radix);
    }
    let s = 1;
    this.#passes = radices.map((radix) => {
      const length = half / s;
      const m = length / radix;
      const pass: Pass = { radix, m, s, w: take(16 * m * (radix - 1)) };
      for (let p = 0, at = pass.w / 8; p < m; p++) {
        for (let k = 1; k < radix; k++, at += 2) writeTurn(at, (p * k) % length, length);
      }
      s *= radix;
      return pass;
    });
    this.#w = take(16 * (half + 1));
    for (let k = 0; k <= half; k++) writeTurn(this.#w / 8 + 2 * k, k, n);
  }

  /** The spectrum of `n` samples of `x` from `from` on, going round at its end. */
  forward(x: Float64Array, from: number, out: Bins): void {
    this.#transform(x, undefined, from, out, undefined);
  }

  /** The spectra of two signals at once, in the time of one. */
  pair(x: Float64Array, y: Float64Array, from: number, outX: Bins, outY: Bins): void {
    this.#transform(x, y, from, outX, outY);
  }

  #transform(x: Float64Array, y: Float64Array | undefined, from: number, outX: Bins, outY: Bins | undefined): void {
    const { n } = this;
    const half = n / 2;
    const bins = Math.min(half + 1, Math.max(outX.re.length, outY?.re.length ?? 0));
    // Two places of half pairs each; the signals, and later the bins, lie in that which is free.
    const first = scratch(32 * n + 64);
    const second = first + 16 * n + 32;
    copyRound(x, from, n, second / 8);
    if (y !== undefined) copyRound(y, from, n, second / 8 + n);
    let [z, free] = [first, second];
    kernels.interleave(second, y === undefined ? second : second + 8 * n, half, z);
    for (const { radix, m, s, w } of this.#passes) {
      if (radix === 4) kernels.radix4(z, free, m, s, w);
      else if (radix === 2) kernels.radix2(z, free, m, s, w);
      else if (radix === 3) kernels.radix3(z, free, m, s, w);
      else kernels.radix5(z, free, m, s, w);
      [z, free] = [free, z];
    }
    kernels.lastRadix4(z, free, half / 4);
    kernels.untangle(free, half, bins, this.#w, z);
    takeBins(z / 8, bins, outX);
    if (outY !== undefined) takeBins(z / 8 + 2 * bins, bins, outY);
  }
}

/** Takes as many bins as there are and `out` has room for from number `at` of the memory on. */
function takeBins(at: number, bins: number, out: Bins): void {
  const count = Math.min(bins, out.re.length);
  copyOut(at, count, out.re, 0);
  copyOut(at + bins, count, out.im, 0);
}
