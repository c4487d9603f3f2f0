import assert from "node:assert/strict";
import { test } from "node:test";
import { measureSizesReference } from "./sizes-reference.ts";
import { measureSizes, Sizes } from "./sizes.ts";

const both = [
  ["the kernel", measureSizes],
  ["the reference", measureSizesReference],
] as const;

const near = (value: number, right: number, scale: number): void =>
  assert.ok(Math.abs(value - right) <= 1e-12 * scale, `${value}, expected ${right}`);

for (const [what, measure] of both) {
  test(`${what} measures three phases as the closed forms say, round the end of the ring`, () => {
    const [volts, n] = [[325, 310, 290] as const, 240];
    const rings = volts.map((peak, c) =>
      Float64Array.from({ length: 2 * n }, (_, k) => peak * Math.cos((2 * Math.PI * k) / n - (c * 2 * Math.PI) / 3)),
    ) as [Float64Array, Float64Array, Float64Array];
    const out = new Sizes();
    for (const from of [0, 100, n, 2 * n - 1]) {
      measure(rings, from, n, out);
      for (const [c, v] of volts.entries()) {
        near(out.squares[c]!, (n / 2) * v ** 2, n * v ** 2);
        // A crest of each phase is a sample.
        near(out.peaks[c]!, v, v);
        // The law of cosines: 120 degrees lie between them.
        const w = volts[(c + 1) % 3]!;
        const between = v ** 2 + v * w + w ** 2;
        near(out.squares[3 + c]!, (n / 2) * between, n * between);
        const peak = out.peaks[3 + c]!;
        assert.ok(peak <= Math.sqrt(between) * (1 + 1e-12) && peak >= Math.sqrt(between) * Math.cos(Math.PI / n));
      }
    }
  });

  test(`${what} keeps what is not a number out of what has none of it, and of peaks`, () => {
    const rings = [1, -2, 4].map((value) => new Float64Array(16).fill(value)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    rings[1][5] = NaN;
    const out = new Sizes();
    measure(rings, 8, 16, out);
    assert.deepEqual([...out.squares], [16, NaN, 256, NaN, NaN, 144]);
    assert.deepEqual([...out.peaks], [1, 2, 4, 3, 6, 3]);
  });
}

test("the kernel says what the reference says", () => {
  let state = 7;
  const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 31 - 1;
  const ring = (): Float64Array => Float64Array.from({ length: 8192 }, random);
  const rings = [ring(), ring(), ring()] as const;
  const [fast, plain] = [new Sizes(), new Sizes()];
  for (const [from, n] of [
    [0, 2],
    [8191, 2],
    [0, 8192],
    [5000, 6144],
    [3, 5120],
  ] as const) {
    measureSizes(rings, from, n, fast);
    measureSizesReference(rings, from, n, plain);
    for (let c = 0; c < 6; c++) {
      near(fast.squares[c]!, plain.squares[c]!, n);
      near(fast.peaks[c]!, plain.peaks[c]!, 1);
    }
  }
});

test("what is no even number of samples of the rings is refused", () => {
  const rings = [new Float64Array(8), new Float64Array(8), new Float64Array(8)] as const;
  for (const n of [0, 3, NaN]) assert.throws(() => measureSizes(rings, 0, n, new Sizes()), /expected an even number/);
  assert.throws(() => measureSizes(rings, 0, 10, new Sizes()), /10 samples from 0 on, in a ring of 8/);
  assert.throws(() => measureSizes(rings, 8, 2, new Sizes()), /2 samples from 8 on, in a ring of 8/);
});
