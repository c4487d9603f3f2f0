import assert from "node:assert/strict";
import { test } from "node:test";
import { sumHalfCycleReference } from "./half-cycle-reference.ts";
import { HalfCycleSums } from "./half-cycle-sums.ts";
import { sumHalfCycle } from "./half-cycle.ts";

const both = [
  ["the kernel", sumHalfCycle],
  ["the reference", sumHalfCycleReference],
] as const;

const near = (value: number, right: number, scale: number): void =>
  assert.ok(Math.abs(value - right) <= 1e-12 * scale, `${value}, expected ${right}`);

for (const [what, sum] of both) {
  test(`${what} sums sines as the closed forms say`, () => {
    const [volts, amps, lag, n] = [325, 14, 0.4, 256];
    const rings = Array.from({ length: 6 }, (_, c) =>
      Float64Array.from({ length: 8 * n }, (_, k) => {
        const angle = (Math.PI * k) / n - ((c % 3) * 2 * Math.PI) / 3;
        return c < 3 ? volts * Math.cos(angle) : amps * Math.cos(angle - lag);
      }),
    );
    const out = new HalfCycleSums();
    for (const from of [0, n, 5 * n, 7 * n]) {
      sum(rings, from, n, out);
      for (let phase = 0; phase < 3; phase++) {
        near(out.vv[phase]!, (n / 2) * volts ** 2, n * volts ** 2);
        near(out.ii[phase]!, (n / 2) * amps ** 2, n * amps ** 2);
        near(out.vi[phase]!, (n / 2) * volts * amps * Math.cos(lag), n * volts * amps);
        // The quarter before the first half is at the end of the ring, which holds whole cycles.
        near(out.shifted[phase]!, (n / 2) * volts * amps * Math.sin(lag), n * volts * amps);
        near(out.ll[phase]!, (n / 2) * 3 * volts ** 2, n * volts ** 2);
        // The grid passes the crest by at most half a sample.
        assert.ok(out.vPeak[phase]! <= volts && out.vPeak[phase]! > volts * Math.cos(Math.PI / n / 2) - 1e-9);
        assert.ok(out.iPeak[phase]! <= amps && out.iPeak[phase]! > amps * Math.cos(Math.PI / n / 2) - 1e-9);
      }
      near(out.neutral, 0, n * amps ** 2);
    }
  });

  test(`${what} keeps what is not a number out of other phases, and of peaks`, () => {
    const rings = Array.from({ length: 6 }, () => new Float64Array(64).fill(-2));
    rings[1]![40] = NaN;
    const out = new HalfCycleSums();
    sum(rings, 32, 32, out);
    assert.deepEqual([...out.vv], [128, NaN, 128]);
    assert.deepEqual([...out.vPeak], [2, 2, 2]);
    assert.deepEqual([...out.ll], [NaN, NaN, 0]);
    assert.equal(out.neutral, 36 * 32);
  });

  test(`${what} refuses what is not half a cycle of its rings`, () => {
    const rings = Array.from({ length: 6 }, () => new Float64Array(64));
    const out = new HalfCycleSums();
    assert.throws(() => sum(rings, 40, 32, out), /half a cycle of 32 samples from 40 on, in a ring 0 of 64/);
    for (const [from, n] of [
      [-1, 32],
      [0, 31],
      [0, 0],
      [NaN, 32],
    ] as const)
      assert.throws(() => sum(rings, from, n, out), RangeError);
    assert.throws(() => sum(rings.slice(1), 0, 32, out), /in a ring 5 of 0/);
  });
}

test("the kernel says what the reference says", () => {
  let state = 7;
  const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 31 - 1;
  const rings = Array.from({ length: 6 }, () => Float64Array.from({ length: 3072 }, random));
  const [fast, plain] = [new HalfCycleSums(), new HalfCycleSums()];
  for (const [from, n] of [
    [0, 32],
    [10, 32],
    [0, 256],
    [100, 256],
    [2816, 256],
    [1000, 2],
    [0, 3072],
  ] as const) {
    sumHalfCycle(rings, from, n, fast);
    sumHalfCycleReference(rings, from, n, plain);
    for (let k = 0; k < 22; k++) near(fast.all[k]!, plain.all[k]!, n);
  }
});
