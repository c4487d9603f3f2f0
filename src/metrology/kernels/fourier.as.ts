/**
 * Fourier transforms of two real signals side by side: AssemblyScript, compiled into kernels.wasm.ts.
 *
 * A signal of n real samples is one of n / 2 complex ones, (x[2k], x[2k + 1]); a vector holds the real or the imaginary
 * parts of both signals, so no lane ever meets the other. Passes are Stockham's (Van Loan, Computational Frameworks for
 * the Fast Fourier Transform, 1.7), decimated in frequency: radix r takes x[q + s (p + m j)], j below r, to
 * y[q + s (r p + k)], k below r, each turned by exp(-2 pi i p k / (r m)), for q below s and p below m.
 */

/** Bytes of a complex number of both signals: real parts, then imaginary ones. */
const PAIR: usize = 32;

const SIN_60: f64 = 0.8660254037844386;
const COS_72: f64 = 0.30901699437494745;
const SIN_72: f64 = 0.9510565162951535;
const COS_144: f64 = -0.8090169943749475;
const SIN_144: f64 = 0.5877852522924731;

/** Takes two signals of 2 * half samples to half complex pairs. */
export function interleave(x: usize, y: usize, half: i32, z: usize): void {
  for (const end = x + ((<usize>half) << 4); x < end; x += 16, y += 16, z += PAIR) {
    const a = v128.load(x);
    const b = v128.load(y);
    v128.store(z, v128.shuffle<f64>(a, b, 0, 2));
    v128.store(z, v128.shuffle<f64>(a, b, 1, 3), 16);
  }
}

/** Writes re + i im, turned by the w that lies at `w`. */
function storeTurned(to: usize, re: v128, im: v128, w: usize): void {
  const c = v128.load64_splat(w);
  const s = v128.load64_splat(w, 8);
  v128.store(to, f64x2.sub(f64x2.mul(re, c), f64x2.mul(im, s)));
  v128.store(to, f64x2.add(f64x2.mul(re, s), f64x2.mul(im, c)), 16);
}

export function radix2(x: usize, y: usize, m: i32, s: i32, w: usize): void {
  const column = <usize>s * PAIR;
  const apart = <usize>m * column;
  for (let p = 0; p < m; p++, w += 16, y += column) {
    for (const end = x + column; x < end; x += PAIR, y += PAIR) {
      const r0 = v128.load(x);
      const i0 = v128.load(x, 16);
      const r1 = v128.load(x + apart);
      const i1 = v128.load(x + apart, 16);
      v128.store(y, f64x2.add(r0, r1));
      v128.store(y, f64x2.add(i0, i1), 16);
      storeTurned(y + column, f64x2.sub(r0, r1), f64x2.sub(i0, i1), w);
    }
  }
}

export function radix3(x: usize, y: usize, m: i32, s: i32, w: usize): void {
  const column = <usize>s * PAIR;
  const apart = <usize>m * column;
  const half = f64x2.splat(0.5);
  const sin60 = f64x2.splat(SIN_60);
  for (let p = 0; p < m; p++, w += 32, y += 2 * column) {
    for (const end = x + column; x < end; x += PAIR, y += PAIR) {
      const r0 = v128.load(x);
      const i0 = v128.load(x, 16);
      const r1 = v128.load(x + apart);
      const i1 = v128.load(x + apart, 16);
      const r2 = v128.load(x + 2 * apart);
      const i2 = v128.load(x + 2 * apart, 16);
      const sumR = f64x2.add(r1, r2);
      const sumI = f64x2.add(i1, i2);
      const midR = f64x2.sub(r0, f64x2.mul(half, sumR));
      const midI = f64x2.sub(i0, f64x2.mul(half, sumI));
      // -i sin 60 times the difference.
      const turnR = f64x2.mul(sin60, f64x2.sub(i1, i2));
      const turnI = f64x2.mul(sin60, f64x2.sub(r2, r1));
      v128.store(y, f64x2.add(r0, sumR));
      v128.store(y, f64x2.add(i0, sumI), 16);
      storeTurned(y + column, f64x2.add(midR, turnR), f64x2.add(midI, turnI), w);
      storeTurned(y + 2 * column, f64x2.sub(midR, turnR), f64x2.sub(midI, turnI), w + 16);
    }
  }
}

export function radix4(x: usize, y: usize, m: i32, s: i32, w: usize): void {
  const column = <usize>s * PAIR;
  const apart = <usize>m * column;
  for (let p = 0; p < m; p++, w += 48, y += 3 * column) {
    for (const end = x + column; x < end; x += PAIR, y += PAIR) {
      const r0 = v128.load(x);
      const i0 = v128.load(x, 16);
      const r1 = v128.load(x + apart);
      const i1 = v128.load(x + apart, 16);
      const r2 = v128.load(x + 2 * apart);
      const i2 = v128.load(x + 2 * apart, 16);
      const r3 = v128.load(x + 3 * apart);
      const i3 = v128.load(x + 3 * apart, 16);
      const evenR = f64x2.add(r0, r2);
      const evenI = f64x2.add(i0, i2);
      const oddR = f64x2.add(r1, r3);
      const oddI = f64x2.add(i1, i3);
      const lessR = f64x2.sub(r0, r2);
      const lessI = f64x2.sub(i0, i2);
      // -i times the difference.
      const turnR = f64x2.sub(i1, i3);
      const turnI = f64x2.sub(r3, r1);
      v128.store(y, f64x2.add(evenR, oddR));
      v128.store(y, f64x2.add(evenI, oddI), 16);
      storeTurned(y + column, f64x2.add(lessR, turnR), f64x2.add(lessI, turnI), w);
      storeTurned(y + 2 * column, f64x2.sub(evenR, oddR), f64x2.sub(evenI, oddI), w + 16);
      storeTurned(y + 3 * column, f64x2.sub(lessR, turnR), f64x2.sub(lessI, turnI), w + 32);
    }
  }
}

/** The last pass: m is 1, and nothing is turned. */
export function lastRadix4(x: usize, y: usize, s: i32): void {
  const column = <usize>s * PAIR;
  for (const end = x + column; x < end; x += PAIR, y += PAIR) {
    const r0 = v128.load(x);
    const i0 = v128.load(x, 16);
    const r1 = v128.load(x + column);
    const i1 = v128.load(x + column, 16);
    const r2 = v128.load(x + 2 * column);
    const i2 = v128.load(x + 2 * column, 16);
    const r3 = v128.load(x + 3 * column);
    const i3 = v128.load(x + 3 * column, 16);
    const evenR = f64x2.add(r0, r2);
    const evenI = f64x2.add(i0, i2);
    const oddR = f64x2.add(r1, r3);
    const oddI = f64x2.add(i1, i3);
    const lessR = f64x2.sub(r0, r2);
    const lessI = f64x2.sub(i0, i2);
    const turnR = f64x2.sub(i1, i3);
    const turnI = f64x2.sub(r3, r1);
    v128.store(y, f64x2.add(evenR, oddR));
    v128.store(y, f64x2.add(evenI, oddI), 16);
    v128.store(y + column, f64x2.add(lessR, turnR));
    v128.store(y + column, f64x2.add(lessI, turnI), 16);
    v128.store(y + 2 * column, f64x2.sub(evenR, oddR));
    v128.store(y + 2 * column, f64x2.sub(evenI, oddI), 16);
    v128.store(y + 3 * column, f64x2.sub(lessR, turnR));
    v128.store(y + 3 * column, f64x2.sub(lessI, turnI), 16);
  }
}

export function radix5(x: usize, y: usize, m: i32, s: i32, w: usize): void {
  const column = <usize>s * PAIR;
  const apart = <usize>m * column;
  const c1 = f64x2.splat(COS_72);
  const c2 = f64x2.splat(COS_144);
  const s1 = f64x2.splat(SIN_72);
  const s2 = f64x2.splat(SIN_144);
  for (let p = 0; p < m; p++, w += 64, y += 4 * column) {
    for (const end = x + column; x < end; x += PAIR, y += PAIR) {
      const r0 = v128.load(x);
      const i0 = v128.load(x, 16);
      const r1 = v128.load(x + apart);
      const i1 = v128.load(x + apart, 16);
      const r2 = v128.load(x + 2 * apart);
      const i2 = v128.load(x + 2 * apart, 16);
      const r3 = v128.load(x + 3 * apart);
      const i3 = v128.load(x + 3 * apart, 16);
      const r4 = v128.load(x + 4 * apart);
      const i4 = v128.load(x + 4 * apart, 16);
      const outerR = f64x2.add(r1, r4);
      const outerI = f64x2.add(i1, i4);
      const innerR = f64x2.add(r2, r3);
      const innerI = f64x2.add(i2, i3);
      const outerLessR = f64x2.sub(r1, r4);
      const outerLessI = f64x2.sub(i1, i4);
      const innerLessR = f64x2.sub(r2, r3);
      const innerLessI = f64x2.sub(i2, i3);
      const mid1R = f64x2.add(r0, f64x2.add(f64x2.mul(c1, outerR), f64x2.mul(c2, innerR)));
      const mid1I = f64x2.add(i0, f64x2.add(f64x2.mul(c1, outerI), f64x2.mul(c2, innerI)));
      const mid2R = f64x2.add(r0, f64x2.add(f64x2.mul(c2, outerR), f64x2.mul(c1, innerR)));
      const mid2I = f64x2.add(i0, f64x2.add(f64x2.mul(c2, outerI), f64x2.mul(c1, innerI)));
      // -i times the sums of the differences.
      const turn1R = f64x2.add(f64x2.mul(s1, outerLessI), f64x2.mul(s2, innerLessI));
      const turn1I = f64x2.neg(f64x2.add(f64x2.mul(s1, outerLessR), f64x2.mul(s2, innerLessR)));
      const turn2R = f64x2.sub(f64x2.mul(s2, outerLessI), f64x2.mul(s1, innerLessI));
      const turn2I = f64x2.sub(f64x2.mul(s1, innerLessR), f64x2.mul(s2, outerLessR));
      v128.store(y, f64x2.add(r0, f64x2.add(outerR, innerR)));
      v128.store(y, f64x2.add(i0, f64x2.add(outerI, innerI)), 16);
      storeTurned(y + column, f64x2.add(mid1R, turn1R), f64x2.add(mid1I, turn1I), w);
      storeTurned(y + 2 * column, f64x2.add(mid2R, turn2R), f64x2.add(mid2I, turn2I), w + 16);
      storeTurned(y + 3 * column, f64x2.sub(mid2R, turn2R), f64x2.sub(mid2I, turn2I), w + 32);
      storeTurned(y + 4 * column, f64x2.sub(mid1R, turn1R), f64x2.sub(mid1I, turn1I), w + 48);
    }
  }
}

/**
 * Takes the transforms of the half complex pairs at z to the first `bins` bins of the two real signals. At `w` lie cosine and sine of
 * -2 pi k / (2 half). Four runs of `bins` numbers are written to `out`: real and imaginary parts of the first signal, then of the second.
 */
export function untangle(z: usize, half: i32, bins: i32, w: usize, out: usize): void {
  const run = (<usize>bins) << 3;
  const last = z + <usize>half * PAIR;
  const point5 = f64x2.splat(0.5);
  let back = z;
  let here = z;
  for (let k = 0; k < bins; k++) {
    const hereR = v128.load(here);
    const hereI = v128.load(here, 16);
    const backR = v128.load(back);
    const backI = v128.load(back, 16);
    const c = v128.load64_splat(w);
    const s = v128.load64_splat(w, 8);
    // Of the even samples (sum and difference with the conjugate of bin half - k), and of the odd ones, turned.
    const evenR = f64x2.add(hereR, backR);
    const evenI = f64x2.sub(hereI, backI);
    const oddR = f64x2.add(hereI, backI);
    const oddI = f64x2.sub(backR, hereR);
    const re = f64x2.mul(point5, f64x2.add(evenR, f64x2.sub(f64x2.mul(oddR, c), f64x2.mul(oddI, s))));
    const im = f64x2.mul(point5, f64x2.add(evenI, f64x2.add(f64x2.mul(oddR, s), f64x2.mul(oddI, c))));
    v128.store_lane<f64>(out, re, 0);
    v128.store_lane<f64>(out + run, im, 0);
    v128.store_lane<f64>(out + 2 * run, re, 1);
    v128.store_lane<f64>(out + 3 * run, im, 1);
    out += 8;
    w += 16;
    // Bin half is bin 0 once more.
    here = here + PAIR === last ? z : here + PAIR;
    back = (back === z ? last : back) - PAIR;
  }
}
