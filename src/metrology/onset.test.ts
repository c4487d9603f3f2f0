/** A fundamental that begins, returns, or lies outside of the range: closed forms of what is measured from its first half cycle on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Metered } from "./metering-fixture.ts";

const RATE = 10_000;
const VOLTS = 230;
const AMPS = 5;
/** Amps lag by 60 degrees: what a wrong frequency does to vars is largest beside. */
const LAG = Math.PI / 3;

interface Half {
  readonly at: number;
  readonly seconds: number;
  readonly lock: string;
  readonly uneven: boolean;
  readonly volts: number;
  readonly watts: number;
  readonly vars: number;
}

/** Three phases of `hz` where `isThere`, from a phase of so many turns on, with 8 % of order 5 and 5 % of order 7 where they are wanted. */
function run(
  isThere: (t: number) => boolean,
  given: { hz: number; turns?: number; harmonics?: boolean; seconds?: number; frequency?: readonly [number, number] },
): { halves: Half[]; m: Metered; kWs: number } {
  const { hz, turns = 0, harmonics = false, seconds = 1.5, frequency = [42, 69.5] } = given;
  const n = Math.round(seconds * RATE);
  let kWs = 0;
  const channels = [0, 1, 2, 3, 4, 5].map((c) =>
    Float64Array.from({ length: n }, (_, k) => {
      const t = k / RATE;
      if (!isThere(t)) return 0;
      const theta = 2 * Math.PI * (hz * t + turns - (c % 3) / 3);
      if (c >= 3) return Math.SQRT2 * AMPS * Math.sin(theta - LAG);
      const above = harmonics ? 0.08 * Math.sin(5 * theta + 1) + 0.05 * Math.sin(7 * theta) : 0;
      return Math.SQRT2 * VOLTS * (Math.sin(theta) + above);
    }),
  );
  const m = new Metered({ grid: 128, floorVolts: 5, frequency });
  const halves: Half[] = [];
  const step = RATE / 50;
  for (let from = 0; from < n; from += step) {
    const part = channels.map((x) => x.subarray(from, from + step));
    m.push(part, step, RATE);
    if (from + step >= n) m.grid.finish();
    for (let stands = m.next(); stands > 0; stands = m.next()) {
      const { at, seconds: length, lock, uneven } = m.grid;
      const { v2, p, q } = m.meter.values;
      const volts = Math.sqrt(v2[0]!);
      halves.push({ at, seconds: length, lock, uneven, volts, watts: p[0]!, vars: q[0]! });
      kWs += (p[0]! * stands) / 1000;
    }
  }
  return { halves, m, kWs };
}

const near = (actual: number, expected: number, part: number, what: string): void =>
  assert.ok(Math.abs(actual / expected - 1) <= part, `${what}: ${actual}, expected ${expected}`);

const WATTS = VOLTS * AMPS * Math.cos(LAG);
const VARS = VOLTS * AMPS * Math.sin(LAG);

/** What holds of all half cycles that lie a cycle and a half after `begins`: true volts, watts and vars, and half cycles as long as half a period. */
function holdsFrom(begins: number, halves: readonly Half[], hz: number, harmonics: boolean, what: string): void {
  const rms = VOLTS * (harmonics ? Math.hypot(1, 0.08, 0.05) : 1);
  const after = halves.filter(({ at }) => at > begins + 1.5 / hz);
  assert.ok(after.length > 50, what);
  for (const { at, seconds, volts, watts, vars, uneven } of after) {
    const where = `${what}, ${at.toFixed(4)} s`;
    if (!uneven) near(seconds, 0.5 / hz, harmonics ? 5e-4 : 2e-4, `${where}: half a period`);
    near(volts, rms, harmonics ? 5e-4 : 2e-4, `${where}: volts`);
    near(watts, WATTS, 1e-3, `${where}: watts`);
    if (!Number.isNaN(vars)) near(vars, VARS, 2e-3, `${where}: vars`);
  }
  // Vars are known again two cycles after the half cycle that was made longer or shorter; with harmonics its phase may be known better later.
  const uneven = harmonics ? 2 : 1;
  assert.ok(after.filter(({ vars }) => Number.isNaN(vars)).length <= 3 * uneven, `${what}: vars are absent too long`);
  assert.ok(halves.filter((half) => half.uneven).length <= uneven, `${what}: uneven`);
}

for (const hz of [42.5, 45, 50, 55.7, 60, 69]) {
  for (const harmonics of [false, true]) {
    test(`${hz} Hz that appear on a dead line${harmonics ? ", with harmonics," : ""} are measured from the first cycle on, at any angle`, () => {
      for (let k = 0; k < 8; k++) {
        const begins = 0.4 + k * 0.0031;
        const { halves, kWs } = run((t) => t >= begins, { hz, turns: k / 8, harmonics });
        const what = `${hz} Hz, from ${begins.toFixed(4)} s`;
        holdsFrom(begins, halves, hz, harmonics, what);
        // Nothing that flowed is lost, and nothing counted twice; of the last part of a half cycle there is none.
        const expected = ((1.5 - begins) * WATTS) / 1000;
        assert.ok(Math.abs(kWs - expected) < (0.012 * VOLTS * AMPS) / 1000, `${what}: ${kWs} kWs of ${expected}`);
      }
    });
  }
}

test("a voltage that returns after an interruption, of however long, at whatever phase, is measured from its first cycle on", () => {
  for (const [gone, turns] of [
    [0.03, 0],
    [0.1, 0.3],
    [0.5, 0.77],
  ] as const) {
    const back = 0.7037 + gone;
    const hz = 50.3;
    const n = 2 * RATE;
    const channels = [0, 1, 2, 3, 4, 5].map((c) =>
      Float64Array.from({ length: n }, (_, k) => {
        const t = k / RATE;
        if (t >= 0.7037 && t < back) return 0;
        const theta = 2 * Math.PI * (hz * t + (t >= back ? turns : 0) - (c % 3) / 3);
        return Math.SQRT2 * (c < 3 ? VOLTS * Math.sin(theta) : AMPS * Math.sin(theta - LAG));
      }),
    );
    const m = new Metered({ grid: 128, floorVolts: 5, frequency: [42.5, 69] });
    m.push(channels, n, RATE);
    let seen = 0;
    while (m.next() > 0) {
      if (m.grid.at < back + 1.5 / hz) continue;
      seen++;
      near(Math.sqrt(m.meter.values.v2[0]!), VOLTS, 2e-4, `${gone} s, at ${m.grid.at.toFixed(4)} s`);
      near(m.meter.values.p[0]!, WATTS, 5e-4, `watts, ${gone} s, at ${m.grid.at.toFixed(4)} s`);
    }
    assert.ok(seen > 50);
  }
});

test("a stretch that begins dead is cut by no later onset: a voltage within the first cycles gives the frequency that it has", () => {
  for (const begins of [0.004, 0.021, 0.05, 0.09, 0.13]) {
    const { halves } = run((t) => t >= begins, { hz: 47.3, turns: 0.4 });
    for (const { at, volts, watts } of halves.filter(({ at }) => at > begins + 1.5 / 47.3)) {
      near(volts, VOLTS, 1e-3, `from ${begins} s, at ${at.toFixed(4)} s`);
      near(watts, WATTS, 2e-3, `watts from ${begins} s, at ${at.toFixed(4)} s`);
    }
  }
});

for (const hz of [40, 71]) {
  test(`${hz} Hz of a meter of 45 to 65 Hz: volts, amps and watts are true, vars, harmonics and the frequency absent`, () => {
    const { halves, m } = run(() => true, { hz, frequency: [45, 65], harmonics: true });
    const rms = VOLTS * Math.hypot(1, 0.08, 0.05);
    for (const { at, lock, volts, watts, vars } of halves) {
      near(volts, rms, 1e-4, `volts at ${at} s`);
      near(watts, WATTS, 2e-4, `watts at ${at} s`);
      assert.ok(Number.isNaN(vars) && lock === "outside", `vars at ${at} s: ${vars}`);
    }
    m.meter.measureSpectra();
    assert.ok(Number.isNaN(m.meter.spectra[0]!.v[1]!) && Number.isNaN(m.meter.spectra[0]!.vThd));
    assert.ok(Number.isNaN(m.grid.takeFrequency()) && Number.isNaN(m.grid.hz));
    assert.ok(Math.abs(m.grid.followedHz - hz) < 0.01, `${m.grid.followedHz} Hz`);
  });
}

for (const hz of [5, 16.7, 25, 150, 400, 1000]) {
  test(`${hz} Hz: no fundamental is found, and none is made up; watts are those that flowed`, () => {
    const { halves, m, kWs } = run(() => true, { hz, frequency: [45, 65], turns: 0.13 });
    assert.ok(halves.length > 50);
    for (const { at, lock, volts, vars } of halves) {
      assert.ok(
        Number.isNaN(volts) && Number.isNaN(vars) && lock === "lost",
        `at ${at} s: ${volts} V, ${vars} var, ${lock}`,
      );
    }
    m.meter.measureSpectra();
    assert.ok(Number.isNaN(m.meter.spectra[0]!.v[1]!));
    assert.ok(Number.isNaN(m.grid.takeFrequency()));
    // Two times the frequency's own swing at either end is not a whole one of it.
    const most = 0.012 * VOLTS * AMPS + (VOLTS * AMPS) / (2 * Math.PI * hz);
    assert.ok(Math.abs(1000 * kWs - 1.5 * WATTS) < most, `${kWs} kWs`);
  });
}

test("a generator that runs up is measured as soon as it is in the range", () => {
  const n = 4 * RATE;
  let turns = 0;
  const v = [0, 1, 2].map(() => new Float64Array(n));
  for (let k = 0; k < n; k++) {
    // 10 Hz to 50 Hz within two seconds, and from there on 50 Hz.
    turns += Math.min(50, 10 + (20 * k) / RATE) / RATE;
    for (let c = 0; c < 3; c++) v[c]![k] = Math.SQRT2 * VOLTS * Math.sin(2 * Math.PI * (turns - c / 3));
  }
  const none = new Float64Array(n);
  const m = new Metered({ grid: 128, floorVolts: 5 });
  m.push([...v, none, none, none], n, RATE);
  let seen = 0;
  while (m.next() > 0) {
    if (m.grid.at < 0.8) assert.ok(Number.isNaN(m.grid.hz), `${m.grid.hz} Hz at ${m.grid.at} s`);
    if (m.grid.at < 2.6) continue;
    seen++;
    near(m.grid.hz, 50, 1e-4, `at ${m.grid.at} s`);
    near(Math.sqrt(m.meter.values.v2[0]!), VOLTS, 1e-4, `at ${m.grid.at} s`);
  }
  assert.ok(seen > 100);
});

test("a fundamental that leaves the range for good is lost, in one way or the other, and found when it is back", () => {
  for (const away of [16.7, 400]) {
    const n = 4 * RATE;
    let turns = 0;
    const v = [0, 1, 2].map(() => new Float64Array(n));
    for (let k = 0; k < n; k++) {
      const t = k / RATE;
      turns += (t > 1 && t < 2.5 ? away : 50) / RATE;
      for (let c = 0; c < 3; c++) v[c]![k] = Math.SQRT2 * VOLTS * Math.sin(2 * Math.PI * (turns - c / 3));
    }
    const none = new Float64Array(n);
    const m = new Metered({ grid: 128, floorVolts: 5 });
    m.push([...v, none, none, none], n, RATE);
    while (m.next() > 0) {
      const { at, lock, hz } = m.grid;
      if (at > 1.4 && at < 2.4) assert.ok(lock === "lost" && Number.isNaN(hz), `${away} Hz, at ${at} s: ${lock}`);
      if (at > 3) near(Math.sqrt(m.meter.values.v2[0]!), VOLTS, 1e-4, `${away} Hz, at ${at} s`);
    }
    near(m.grid.hz, 50, 1e-5, "at the end");
  }
});
