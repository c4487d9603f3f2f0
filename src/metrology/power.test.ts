import assert from "node:assert/strict";
import { test } from "node:test";
import { Metered } from "./metering-fixture.ts";
import { imbalance, leadLagFactor, mean, powerFactor, qPower, quadrantOf, total, vectorPower } from "./power.ts";
import { Sequence } from "./spectrum.ts";

test("a power factor of exactly 1 has no minus, whatever the last digit of the vars is", () => {
  for (const q of [1e-9, -1e-9, 0, -0]) assert.equal(leadLagFactor(1000, q, Math.hypot(1000, q)), 1);
  // What a number can tell from 1 keeps its sign: 1000 W at 0.1 var.
  assert.ok(leadLagFactor(1000, -0.1, Math.hypot(1000, -0.1)) < 0);
});

test("the quadrants and the two signs of the power factor, by the manual's figures", () => {
  // 3 kW and 4 kvar make 5 kVA in each quadrant.
  const cases: readonly (readonly [w: number, q: number, quadrant: number, pf: number, leadLag: number])[] = [
    [3, 4, 1, 0.6, 0.6],
    [-3, 4, 2, -0.6, -0.6],
    [-3, -4, 3, -0.6, 0.6],
    [3, -4, 4, 0.6, -0.6],
  ];
  for (const [w, q, quadrant, pf, leadLag] of cases) {
    assert.equal(vectorPower(w, q), 5);
    assert.equal(quadrantOf(w, q), quadrant);
    assert.equal(powerFactor(w, 5), pf);
    assert.equal(leadLagFactor(w, q, 5), leadLag);
  }
  assert.equal(powerFactor(0, 0), 1);
  assert.ok(Number.isNaN(quadrantOf(NaN, 1)));
});

test("Q is W at 60 degrees lagging: all of VA there, half of it at unity", () => {
  assert.ok(Math.abs(qPower(Math.cos(Math.PI / 3), Math.sin(Math.PI / 3)) - 1) < 1e-12);
  assert.equal(qPower(1, 0), 0.5);
});

test("means, totals and imbalance leave out what is not measured", () => {
  const values = Float64Array.of(230, NaN, 224);
  assert.equal(mean(values), 227);
  assert.equal(total(values), 454);
  assert.ok(Math.abs(imbalance(values) - (100 * 3) / 227) < 1e-12);
  assert.ok(Number.isNaN(mean(Float64Array.of(NaN))) && Number.isNaN(total(Float64Array.of(NaN))));
});

test("every half cycle has its own value of everything: a load that changes is followed", () => {
  // 60 Hz at 3,840 Hz; the current doubles and turns from 30 degrees lagging to 45 leading at 0.5 s.
  const rate = 3840;
  const n = rate;
  const at = (k: number): number => (2 * Math.PI * 60 * k) / rate;
  const v = [0, 1, 2].map((p) =>
    Float64Array.from(
      { length: n },
      (_, k) => 100 * Math.SQRT2 * (1 + p / 100) * Math.sin(at(k) - (2 * Math.PI * p) / 3),
    ),
  );
  const i = [0, 1, 2].map((p) =>
    Float64Array.from({ length: n }, (_, k) => {
      const [size, lag] = k < n / 2 ? [5, Math.PI / 6] : [10, -Math.PI / 4];
      return Math.SQRT2 * size * Math.sin(at(k) - (2 * Math.PI * p) / 3 - lag);
    }),
  );
  const metered = new Metered({ grid: 64, floorVolts: 10 });
  const { meter } = metered;
  metered.push([...v, ...i], n, rate);
  const sequence = new Sequence();
  let passed = 0;
  let halves = 0;
  for (let half = metered.next(); half > 0; half = metered.next()) {
    passed += half;
    // Around the change a cycle holds some of both.
    if (Math.abs(passed - 0.5) < 0.05) continue;
    halves++;
    const [size, lag] = passed < 0.5 ? [5, Math.PI / 6] : [10, -Math.PI / 4];
    const { values, spectra } = meter;
    meter.measureSpectra();
    const close = (actual: number, expected: number, what: string): void =>
      assert.ok(
        Math.abs(actual - expected) <= 1e-4 * Math.abs(expected) + 1e-6,
        `${what} at ${passed}: ${actual} for ${expected}`,
      );
    for (let k = 0; k < 3; k++) {
      const va = 100 * (1 + k / 100) * size;
      close(values.p[k]!, va * Math.cos(lag), "W");
      close(values.q[k]!, va * Math.sin(lag), "var, shifted");
      close(spectra[k]!.qFundamental, va * Math.sin(lag), "var, fundamental");
      close(spectra[k]!.qBudeanu, va * Math.sin(lag), "var, Budeanu");
      close(Math.sqrt(values.e2[k]! * values.i2[k]!), va, "VA, arithmetic");
      close(vectorPower(values.p[k]!, values.q[k]!), va, "VA, vector");
      close(leadLagFactor(values.p[k]!, values.q[k]!, va), Math.cos(lag) * Math.sign(lag), "PF");
      close(qPower(values.p[k]!, values.q[k]!), va * Math.cos(Math.PI / 3 - lag), "Q");
      close(values.v2[k]!, (100 * (1 + k / 100)) ** 2, "V2");
      close(values.i2[k]!, size * size, "A2");
      // The peak is that of 64 samples a cycle, up to 0.12 % below the wave's.
      assert.ok(Math.abs(values.iPeak[k]! / Math.sqrt(values.i2[k]!) - Math.SQRT2) < 2e-3, "crest factor");
      assert.ok(spectra[k]!.vThd < 0.01 && spectra[k]!.iThd < 0.01, "THD");
      assert.equal(quadrantOf(values.p[k]!, values.q[k]!), lag > 0 ? 1 : 4);
    }
    close(total(values.p), 303 * size * Math.cos(lag), "total W");
    close(imbalance(values.v2.map(Math.sqrt)), 100 / 101, "imbalance of the volts");
    sequence.measure(
      Float64Array.from(spectra, (s) => s.v[1]!),
      Float64Array.from(spectra, (s) => s.vAngle[1]!),
    );
    close(sequence.positive, 101, "positive sequence");
    // 100, 101 and 102 V at 120 degrees: |100 + 101 a + 102 a²| / 3 = sqrt(3) / 3.
    close(sequence.negative, Math.sqrt(3) / 3, "negative sequence");
    close(sequence.zero, Math.sqrt(3) / 3, "zero sequence");
  }
  assert.ok(halves > 100);
});
