/** Of samples that carry no second harmonic there is no distortion and no K factor: not one of nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { kFactor } from "./k-factor.ts";
import { pairSpectrum } from "./pair-spectrum.ts";
import { PhaseSpectrum } from "./spectrum.ts";

test("a rate that carries the fundamental alone has no distortion to show, one that carries the second order has", () => {
  const n = 64;
  const wave = (second: number): Float64Array =>
    Float64Array.from({ length: n }, (_, k) => {
      const turn = (2 * Math.PI * k) / n;
      return Math.SQRT2 * (Math.sin(turn) + second * Math.sin(2 * turn));
    });
  const [a, b] = [new PhaseSpectrum(n), new PhaseSpectrum(n)];
  for (const [limit, thd, k] of [
    [1.85, NaN, NaN],
    // 10 % of the second: K is (1 + 4 * 0.01) / 1.01.
    [2.1, 10, 1.04 / 1.01],
  ] as const) {
    a.measure(wave(0.1), wave(0.1), 0, limit);
    b.measure(
      wave(0).map((value) => -value),
      wave(0),
      0,
      limit,
    );
    for (const [found, expected] of [
      [a.vThd, thd],
      [a.iThd, thd],
      [kFactor(a.i), k],
      // Against its opposite: twice the fundamental, and the same second order.
      [pairSpectrum(a, b).thd, thd / 2],
    ] as const)
      assert.ok(Object.is(found, expected) || Math.abs(found - expected) < 1e-9, `${found} for ${expected}`);
  }
});
