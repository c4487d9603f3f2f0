import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { estimateFrequency } from "./frequency.ts";
import { PhaseSpectrum, Sequence } from "./spectrum.ts";

test("harmonics come out with their amplitudes, angles and distortion", () => {
  const n = 64;
  const spectrum = new PhaseSpectrum(n);
  const at = (k: number): number => (2 * Math.PI * k) / n;
  const v = Float64Array.from(
    { length: n },
    (_, k) => Math.SQRT2 * (230 * Math.sin(at(k)) + 23 * Math.sin(5 * at(k) + 0.7)),
  );
  const i = Float64Array.from(
    { length: n },
    (_, k) => Math.SQRT2 * (10 * Math.sin(at(k) - 0.5) + 4 * Math.sin(7 * at(k))) + 1,
  );
  spectrum.measure(v, i, 0);
  const close = (actual: number, expected: number): void =>
    assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} for ${expected}`);
  close(spectrum.v[1]!, 230);
  close(spectrum.v[5]!, 23);
  close(spectrum.vAngle[5]!, 0.7);
  close(spectrum.i[0]!, 1);
  close(spectrum.iAngle[1]!, -0.5);
  close(spectrum.vThd, 10);
  close(spectrum.iThd, 40);
  close(spectrum.qFundamental, 2300 * Math.sin(0.5));
});

test("symmetrical components of a textbook case", () => {
  // Positive 200, negative 10 at 30 degrees, zero 6 at -45 degrees, put together by hand.
  const part = (m: number, degrees: number): [number, number] => [
    m * Math.cos((degrees * Math.PI) / 180),
    m * Math.sin((degrees * Math.PI) / 180),
  ];
  const sum = (k: number): [number, number] => {
    const parts = [part(200, -120 * k), part(10, 30 + 120 * k), part(6, -45)];
    return [parts.reduce((t, [re]) => t + re, 0), parts.reduce((t, [, im]) => t + im, 0)];
  };
  const phasors = [0, 1, 2].map(sum);
  const sequence = new Sequence();
  sequence.measure(
    Float64Array.from(phasors, ([re, im]) => Math.hypot(re, im)),
    Float64Array.from(phasors, ([re, im]) => Math.atan2(im, re)),
  );
  assert.ok(Math.abs(sequence.positive - 200) < 1e-9);
  assert.ok(Math.abs(sequence.negative - 10) < 1e-9);
  assert.ok(Math.abs(sequence.zero - 6) < 1e-9);
});

test("a frequency is found from six cycles to a thousandth of a hertz, and none in silence", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 45, max: 65, noNaN: true }),
      fc.double({ min: 0, max: 6.2, noNaN: true }),
      (hz, phase) => {
        const x = Float64Array.from({ length: 336 }, (_, k) => {
          const theta = (2 * Math.PI * hz * k) / 2520 + phase;
          return Math.sin(theta) + 0.05 * Math.sin(5 * theta) + 0.03;
        });
        const found = estimateFrequency(x, 0, 336, 40 / 2520, 72 / 2520, 0.1) * 2520;
        assert.ok(Math.abs(found - hz) < 2e-2, `${hz} is found as ${found}`);
      },
    ),
    { numRuns: 200 },
  );
  assert.ok(Number.isNaN(estimateFrequency(new Float64Array(336), 0, 336, 0.02, 0.03, 0.1)));
});
