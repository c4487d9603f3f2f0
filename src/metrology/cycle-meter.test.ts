/** Accuracy against closed form: 0.001 % of reading and 0.0001 Hz, at any frequency in range (DESIGN.md, numbers to reach). */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { WiringName } from "#quantity/wiring.ts";
import { Metered } from "./metering-fixture.ts";

/** Order, then RMS and degrees of volts and amps as parts of the fundamental's. */
type Wave = readonly [order: number, v: number, vDegrees: number, i: number, iDegrees: number];

interface Signal {
  readonly hz: number;
  readonly rate: number;
  readonly grid: number;
  readonly waves: readonly Wave[];
  readonly wiring?: WiringName;
  readonly perCycle?: number;
}

const volts = [229.1, 230.4, 231.7];
const amps = [10.3, 11.7, 13.1];
const lag = [17, -40, 69];
const radians = Math.PI / 180;

/** Samples straight from the formula; nothing here is shared with the code under test. */
function samples({ hz, rate, waves }: Signal, seconds: number): Float64Array[] {
  const count = Math.round(seconds * rate);
  const all: readonly Wave[] = [[1, 1, 0, 1, 0], ...waves];
  return [0, 1, 2, 3, 4, 5].map((c) => {
    const k = c % 3;
    return Float64Array.from({ length: count }, (_, n) => {
      const theta = 2 * Math.PI * hz * (n / rate) + 0.4 - (k * 2 * Math.PI) / 3;
      let sum = 0;
      for (const [order, v, vDegrees, i, iDegrees] of all) {
        const shift = order === 1 && c >= 3 ? -lag[k]! : c < 3 ? vDegrees : iDegrees;
        sum += (c < 3 ? v : i) * Math.sin(order * theta + shift * radians);
      }
      return Math.SQRT2 * (c < 3 ? volts[k]! : amps[k]!) * sum;
    });
  });
}

interface Measured {
  readonly v: number[];
  readonly i: number[];
  readonly p: number[];
  readonly q: number[];
  readonly ll: number[];
  readonly n: number;
  readonly hz: number;
}

/** Means over all cycles after the first half second. */
function measure(signal: Signal, reactive: "shifted" | "fundamental" | "budeanu" = "shifted"): Measured {
  const { grid, wiring = "wye" } = signal;
  const metered = new Metered({ grid, wiring, reactive, floorVolts: 10 });
  const { meter } = metered;
  const channels = samples(signal, 3);
  metered.push(channels, channels[0]!.length, signal.rate, signal.perCycle ?? 0);
  const sums = { v: [0, 0, 0], i: [0, 0, 0], p: [0, 0, 0], q: [0, 0, 0], ll: [0, 0, 0] };
  let neutral = 0;
  let weight = 0;
  let passed = 0;
  for (let half = metered.next(); half > 0; half = metered.next()) {
    passed += half;
    if (passed < 0.5) {
      metered.grid.takeFrequency();
      continue;
    }
    weight += half;
    const { values } = meter;
    for (let k = 0; k < 3; k++) {
      sums.v[k]! += values.v2[k]! * half;
      sums.i[k]! += values.i2[k]! * half;
      sums.p[k]! += values.p[k]! * half;
      sums.q[k]! += values.q[k]! * half;
      sums.ll[k]! += values.ll2[k]! * half;
    }
    neutral += values.n2 * half;
  }
  const root = (list: number[]): number[] => list.map((sum) => Math.sqrt(sum / weight));
  const mean = (list: number[]): number[] => list.map((sum) => sum / weight);
  return {
    v: root(sums.v),
    i: root(sums.i),
    ll: root(sums.ll),
    p: mean(sums.p),
    q: mean(sums.q),
    n: Math.sqrt(neutral / weight),
    hz: metered.grid.takeFrequency(),
  };
}

function within(actual: number, expected: number, tolerance: number, what: string): void {
  const off = Math.abs(actual / expected - 1);
  assert.ok(off <= tolerance, `${what}: ${actual} is ${(100 * off).toExponential(2)} % off ${expected}`);
}

const LIMIT = 1e-5;
const pure: readonly Wave[] = [];
const rich: readonly Wave[] = [
  [3, 0.1, 20, 0.3, -50],
  [5, 0.06, 40, 0.2, 100],
  [7, 0.04, -70, 0.15, 10],
  [11, 0.03, 0, 0.1, 33],
  [13, 0.02, 5, 0.08, 150],
];
/** Harmonics to the 50th, for a converter of 30,720 Hz. */
const wide: readonly Wave[] = [...rich, [29, 0.05, 12, 0.07, -20], [49, 0.04, 80, 0.05, 10], [50, 0.01, 3, 0.03, 44]];

// prettier-ignore
const signals: readonly (readonly [what: string, signal: Omit<Signal, "hz">, frequencies: readonly number[]])[] = [
  ["a sine at 2,520 Hz", { rate: 2520, grid: 64, waves: pure }, [45, 47.3, 50, 53.7, 57.01, 59.3, 60, 62.1, 65]],
  ["harmonics below 0.35 of 2,520 Hz", { rate: 2520, grid: 64, waves: rich }, [45, 48.8, 50, 55.5, 59.3, 60, 60.5, 65]],
  ["harmonics to the 50th at 30,720 Hz", { rate: 30_720, grid: 512, waves: wide }, [45, 49.3, 50, 59.3, 60, 65]],
  ["harmonics at 10 kHz", { rate: 10_000, grid: 256, waves: wide }, [50, 59.3]],
];

for (const [what, signal, frequencies] of signals) {
  test(`${what}: every value within 0.001 % and 0.0001 Hz, 45 to 65 Hz`, () => {
    for (const hz of frequencies) {
      const m = measure({ ...signal, hz });
      const vTrue = Math.sqrt(1 + signal.waves.reduce((sum, [, v]) => sum + v * v, 0));
      const iTrue = Math.sqrt(1 + signal.waves.reduce((sum, [, , , i]) => sum + i * i, 0));
      for (let k = 0; k < 3; k++) {
        within(m.v[k]!, volts[k]! * vTrue, LIMIT, `${hz} Hz V${k}`);
        within(m.i[k]!, amps[k]! * iTrue, LIMIT, `${hz} Hz I${k}`);
        let p = Math.cos(lag[k]! * radians);
        let q = Math.sin(lag[k]! * radians);
        for (const [order, v, vDegrees, i, iDegrees] of signal.waves) {
          const between = (vDegrees - iDegrees) * radians;
          p += v * i * Math.cos(between);
          // The shift is a quarter of the fundamental's period: `order` quarters of the harmonic's.
          q += v * i * Math.cos(between - (order * Math.PI) / 2);
        }
        const va = volts[k]! * amps[k]!;
        within(m.p[k]!, va * p, LIMIT, `${hz} Hz P${k}`);
        within(m.q[k]!, va * q, 2 * LIMIT, `${hz} Hz Q${k}`);
      }
      assert.ok(Math.abs(m.hz - hz) < 1e-4, `${hz} Hz is measured as ${m.hz}`);
    }
  });
}

test("fundamental and Budeanu's reactive power are what their definitions say", () => {
  const signal: Signal = { hz: 59.3, rate: 30_720, grid: 512, waves: rich };
  const fundamental = measure(signal, "fundamental");
  const budeanu = measure(signal, "budeanu");
  for (let k = 0; k < 3; k++) {
    const va = volts[k]! * amps[k]!;
    const q1 = Math.sin(lag[k]! * radians);
    within(fundamental.q[k]!, va * q1, LIMIT, `Q1 of phase ${k}`);
    const sum = rich.reduce((total, [, v, vd, i, id]) => total + v * i * Math.sin((vd - id) * radians), q1);
    within(budeanu.q[k]!, va * sum, LIMIT, `Budeanu of phase ${k}`);
  }
});

test("the worked example of 62053's fifth harmonic: P 1.0400, T/4 0.83138 at half power factor", () => {
  // Per unit, from the table of power definitions: U5 10 %, I5 40 % in phase, fundamental at 60 degrees lagging.
  const channels = [0, 3].map((c) =>
    Float64Array.from({ length: 9000 }, (_, n) => {
      const theta = 2 * Math.PI * 50 * (n / 3000);
      const fifth = (c === 0 ? 0.1 : 0.4) * Math.sin(5 * theta);
      return Math.SQRT2 * (Math.sin(theta - (c === 0 ? 0 : Math.PI / 3)) + fifth);
    }),
  );
  const [v, i] = channels as [Float64Array, Float64Array];
  const none = new Float64Array(9000);
  const metered = new Metered({ grid: 64, wiring: "1-phase-ln" });
  metered.push([v, none, none, i, none, none], 9000, 3000);
  while (metered.next() > 0);
  const { meter } = metered;
  assert.ok(Math.abs(meter.values.p[0]! - 0.54) < 1e-5, `P ${meter.values.p[0]}`);
  // 0.86603 of the fundamental; the fifth, five quarters on, adds cos(-450 degrees) = 0.
  assert.ok(Math.abs(meter.values.q[0]! - 0.86603) < 2e-5, `Q ${meter.values.q[0]}`);
});

test("line-to-line volts and the neutral's amps are those of the phasors", () => {
  const m = measure({ hz: 50, rate: 2520, grid: 64, waves: pure });
  const between = (x: number, y: number): number => Math.sqrt(x * x + y * y + x * y);
  within(m.ll[0]!, between(volts[0]!, volts[1]!), LIMIT, "Vab");
  within(m.ll[1]!, between(volts[1]!, volts[2]!), LIMIT, "Vbc");
  within(m.ll[2]!, between(volts[2]!, volts[0]!), LIMIT, "Vca");
  let re = 0;
  let im = 0;
  for (let k = 0; k < 3; k++) {
    re += amps[k]! * Math.cos((-120 * k - lag[k]!) * radians);
    im += amps[k]! * Math.sin((-120 * k - lag[k]!) * radians);
  }
  within(m.n, Math.hypot(re, im), LIMIT, "In");
});

test("two elements and a virtual star measure a three-wire load exactly, balanced or not (Blondel)", () => {
  // Without a neutral the currents sum to zero, so the powers of any two-element or star arrangement are the load's.
  const n = 9000;
  const rate = 3000;
  const theta = (k: number): number => (2 * Math.PI * 50 * k) / rate;
  const v = [0, 1, 2].map((p) =>
    Float64Array.from({ length: n }, (_, k) => 325 * (1 + p / 50) * Math.sin(theta(k) - (p * 2 * Math.PI) / 3)),
  );
  const ia = Float64Array.from({ length: n }, (_, k) => 12 * Math.sin(theta(k) - 0.5));
  const ic = Float64Array.from({ length: n }, (_, k) => 17 * Math.sin(theta(k) + 1.8));
  const ib = ia.map((x, k) => -x - ic[k]!);
  let truth = 0;
  for (let k = 0; k < n; k++) truth += (v[0]![k]! * ia[k]! + v[1]![k]! * ib[k]! + v[2]![k]! * ic[k]!) / n;
  for (const name of ["delta", "two-element", "open-delta"] as const) {
    const metered = new Metered({ grid: 64, wiring: name, floorVolts: 10 });
    metered.push([...v, ia, ib, ic], n, rate);
    while (metered.next() > 0);
    const { meter } = metered;
    const total = meter.values.p.reduce((sum, p) => sum + (Number.isNaN(p) ? 0 : p), 0);
    within(total, truth, LIMIT, name);
    if (name === "open-delta") within(Math.sqrt(meter.values.i2[1]!), rms(ib), 2 * LIMIT, "Ib of its own transformer");
  }
});

function rms(x: Float64Array): number {
  return Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length);
}

test("a coherent source passes through sample by sample", () => {
  const hz = 59.3;
  const channels = samples({ hz, rate: 512 * hz, grid: 512, waves: wide }, 0.2);
  const metered = new Metered({ grid: 512 });
  metered.push(channels, channels[0]!.length, 512 * hz, 512);
  metered.next();
  for (let c = 0; c < 6; c++) {
    assert.deepEqual(metered.grid.ring[c]!.slice(0, 512), channels[c]!.slice(0, 512), `channel ${c}`);
  }
  assert.ok(Math.abs(metered.grid.takeFrequency() - hz) < 1e-9);
});

test("the frequency is followed through a drift, found again after an outage, and not taken from nothing", () => {
  const rate = 2520;
  const n = 12 * rate;
  // 50 Hz rising by 0.2 Hz a second; dead between 6 and 8 s; then 62 Hz.
  let theta = 0;
  const hzAt = (t: number): number => (t < 6 ? 50 + 0.2 * t : 62);
  const v = Float64Array.from({ length: n }, (_, k) => {
    const t = k / rate;
    theta += (2 * Math.PI * hzAt(t)) / rate;
    return t >= 6 && t < 8 ? 0 : 325 * Math.sin(theta);
  });
  const none = new Float64Array(n);
  const meter = new Metered({ grid: 64, wiring: "1-phase-ln", floorVolts: 10 });
  const seen: number[] = [];
  for (let s = 0; s < 12; s++) {
    const part = (x: Float64Array): Float64Array => x.slice(s * rate, (s + 1) * rate);
    meter.push([part(v), part(none), part(none), part(none), part(none), part(none)], rate, rate);
    while (meter.next() > 0);
    seen.push(meter.grid.takeFrequency());
  }
  for (let s = 1; s < 6; s++) assert.ok(Math.abs(seen[s]! - hzAt(s + 0.5)) < 0.01, `second ${s}: ${seen[s]}`);
  assert.ok(Number.isNaN(seen[7]), "no frequency without voltage");
  for (let s = 9; s < 12; s++) assert.ok(Math.abs(seen[s]! - 62) < 1e-3, `second ${s}: ${seen[s]}`);
});

test("measuring does not allocate", () => {
  const meter = new Metered({ grid: 64, floorVolts: 10 });
  const second = samples({ hz: 60, rate: 2520, grid: 64, waves: rich }, 1);
  const run = (seconds: number): void => {
    for (let s = 0; s < seconds; s++) {
      meter.push(second, 2520, 2520);
      while (meter.next() > 0);
    }
  };
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error("the tests run with --expose-gc");
  run(400);
  collect();
  const before = process.memoryUsage().heapUsed;
  run(400);
  collect();
  // 48,000 half cycles.
  assert.ok((process.memoryUsage().heapUsed - before) / 48_000 < 4);
});
