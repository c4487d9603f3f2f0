import assert from "node:assert/strict";
import { test } from "node:test";
import { pairSpectrum, type Potential } from "./pair-spectrum.ts";

/** Harmonics by order: RMS, degrees. */
function potential(...harmonics: readonly (readonly [order: number, rms: number, degrees: number])[]): Potential {
  const [v, vAngle] = [new Float64Array(8), new Float64Array(8)];
  for (const [order, rms, degrees] of harmonics) {
    v[order] = rms;
    vAngle[order] = (degrees * Math.PI) / 180;
  }
  return { v, vAngle };
}

function close(found: number, wanted: number): void {
  assert.ok(Math.abs(found - wanted) < 1e-9, `${found}, not ${wanted}`);
}

test("of two phases a third of a turn apart: root 3 times as much, 30 degrees ahead; what is common to both is gone", () => {
  const a = potential([1, 100, 0], [3, 10, 40], [5, 6, 0]);
  // The 5th of b turns five times as far: -600 degrees are 120.
  const b = potential([1, 100, -120], [3, 10, 40], [5, 6, -600]);
  const { magnitude, angle, thd } = pairSpectrum(a, b);
  close(magnitude, 100 * Math.sqrt(3));
  close(angle, Math.PI / 6);
  // 6 root 3 of 100 root 3; the third harmonic is the same in both.
  close(thd, 6);
});

test("against the terminal that all is measured against, a pair is what is measured, or its opposite", () => {
  const c = potential([1, 208, 60], [5, 10.4, 0]);
  const from = pairSpectrum(c, undefined);
  close(from.magnitude, 208);
  close(from.angle, Math.PI / 3);
  close(from.thd, 5);
  const to = pairSpectrum(undefined, c);
  close(to.magnitude, 208);
  close(to.angle, (-2 * Math.PI) / 3);
  close(to.thd, 5);
});

test("nothing is known between two terminals that nobody measures", () => {
  assert.equal(pairSpectrum(undefined, undefined).magnitude, NaN);
});
