import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bins, binsOf } from "./bins.ts";
import { ReferenceFourier } from "./real-fourier-reference.ts";
import { realFourier } from "./real-fourier.ts";

/** What meters use, and products of the other factors. */
const lengths = [8, 16, 24, 40, 64, 120, 128, 256, 360, 512, 600, 640, 768, 1000, 5120, 6144] as const;

/** Numbers of -1 to 1 that are the same each time. */
function noise(length: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** The definition, with every turn reduced before its cosine is taken. */
function naive(x: Float64Array): Bins {
  const n = x.length;
  const out = binsOf(n);
  const cos = Float64Array.from({ length: n }, (_, k) => Math.cos((2 * Math.PI * k) / n));
  const sin = Float64Array.from({ length: n }, (_, k) => Math.sin((2 * Math.PI * k) / n));
  for (let k = 0; k <= n / 2; k++) {
    let re = 0;
    let im = 0;
    for (let j = 0, turn = 0; j < n; j++, turn = (turn + k) % n) {
      re += x[j]! * cos[turn]!;
      im -= x[j]! * sin[turn]!;
    }
    out.re[k] = re;
    out.im[k] = im;
  }
  return out;
}

/** The largest difference of two spectra, beside the RMS of a bin of one of them. */
function difference(a: Bins, b: Bins): number {
  let most = 0;
  let squares = 0;
  for (let k = 0; k < a.re.length; k++) {
    most = Math.max(most, Math.hypot(a.re[k]! - b.re[k]!, a.im[k]! - b.im[k]!));
    squares += a.re[k]! ** 2 + a.im[k]! ** 2;
  }
  return most / Math.sqrt(squares / a.re.length);
}

for (const n of lengths) {
  const x = noise(n, n);
  const y = noise(n, n + 1);
  const [wantedX, wantedY] = [naive(x), naive(y)];
  for (const [what, transform] of [
    ["the kernel", realFourier(n)],
    ["the reference", new ReferenceFourier(n)],
  ] as const) {
    test(`${what} gives the spectrum of ${n} samples, of one signal and of two`, () => {
      const [one, other] = [binsOf(n), binsOf(n)];
      transform.forward(x, 0, one);
      assert.ok(difference(wantedX, one) < 1e-12, `${difference(wantedX, one)}`);
      transform.pair(x, y, 0, one, other);
      assert.ok(difference(wantedX, one) < 1e-12, `${difference(wantedX, one)}`);
      assert.ok(difference(wantedY, other) < 1e-12, `${difference(wantedY, other)}`);
    });
  }
}

for (const [what, transform] of [
  ["the kernel", realFourier(6144)],
  ["the reference", new ReferenceFourier(6144)],
] as const) {
  test(`${what} puts twelve cycles and their harmonics each into its bin`, () => {
    const n = 6144;
    const orders = [1, 3, 50, 128] as const;
    const x = Float64Array.from({ length: n }, (_, k) =>
      orders.reduce((sum, h) => sum + Math.cos((2 * Math.PI * 12 * h * k) / n - 1) / h, 7),
    );
    const out = binsOf(n);
    transform.forward(x, 0, out);
    for (let k = 0; k <= n / 2; k++) {
      const h = orders.find((order) => 12 * order === k);
      const amplitude = k === 0 ? 7 * n : h === undefined ? 0 : n / 2 / h;
      const angle = k === 0 ? 0 : -1;
      assert.ok(Math.abs(out.re[k]! - amplitude * Math.cos(angle)) < 1e-9 * n, `bin ${k}: ${out.re[k]}`);
      assert.ok(Math.abs(out.im[k]! - amplitude * Math.sin(angle)) < 1e-9 * n, `bin ${k}: ${out.im[k]}`);
    }
  });

  test(`${what} goes round at the end of a ring, each signal at that of its own`, () => {
    const [x, y] = [noise(9000, 3), noise(7000, 4)];
    const around = (ring: Float64Array): Float64Array =>
      Float64Array.from({ length: 6144 }, (_, k) => ring[(5000 + k) % ring.length]!);
    const [oneX, oneY, otherX, otherY] = [binsOf(6144), binsOf(6144), binsOf(6144), binsOf(6144)];
    transform.pair(x, y, 5000, oneX, oneY);
    transform.pair(around(x), around(y), 0, otherX, otherY);
    assert.deepEqual([oneX, oneY], [otherX, otherY]);
  });

  test(`${what} gives as many bins as are wanted`, () => {
    const x = noise(6144, 5);
    const all = binsOf(6144);
    const few: Bins = { re: new Float64Array(100), im: new Float64Array(100) };
    transform.forward(x, 0, all);
    transform.pair(x, x, 0, few, { re: new Float64Array(7), im: new Float64Array(7) });
    assert.ok(difference(few, { re: all.re.slice(0, 100), im: all.im.slice(0, 100) }) < 1e-12);
  });
}

test("a transform is made once, and only of lengths that it can have", () => {
  assert.equal(realFourier(512), realFourier(512));
  for (const n of [0, 4, 12, 56, 100, 6145, -8, NaN, Infinity]) {
    assert.throws(() => realFourier(n), /expected 8 times a product of 2, 3 and 5/, `${n}`);
    assert.throws(() => new ReferenceFourier(n), /expected 8 times a product of 2, 3 and 5/, `${n}`);
  }
});

test("a ring that is too short for a window is refused", () => {
  const out = binsOf(64);
  assert.throws(() => realFourier(64).forward(new Float64Array(63), 0, out), /64 samples from 0 on, in a ring of 63/);
  assert.throws(() => realFourier(64).forward(new Float64Array(64), 64, out), /64 samples from 64 on/);
});

test("what is not finite stays with its own signal", () => {
  const x = noise(512, 1);
  const bad = noise(512, 2);
  bad[100] = NaN;
  bad[200] = Infinity;
  const [one, other, wanted] = [binsOf(512), binsOf(512), binsOf(512)];
  realFourier(512).pair(x, bad, 0, one, other);
  realFourier(512).forward(x, 0, wanted);
  assert.deepEqual(one, wanted);
  assert.ok(other.re.every(Number.isNaN));
});
