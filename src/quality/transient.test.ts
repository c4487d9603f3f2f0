/** Transients from closed forms, found at the right sample; what is none; how long nothing is heard. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FakeGrid, type Signal } from "#metrology/grid-fixture.ts";
import { Grid } from "#metrology/grid.ts";
import { wirings } from "#quantity/wiring.ts";
import { Transient, type TransientSettings, transientTrouble } from "./transient.ts";

const HZ = 60;
const STEP = 1 / (512 * HZ);
const VOLTS = [118.7, 120, 121.9];

const sine: Signal = (c, t) => (c < 3 ? VOLTS[c]! : 5) * Math.SQRT2 * Math.sin(2 * Math.PI * (HZ * t - (c % 3) / 3));

const factory: TransientSettings = { volts: "ln", phase: "any", level: 10, samples: 3, reset: 120 };

interface Found {
  readonly name: string;
  readonly begins: number;
  readonly at: number;
  readonly volts: number;
}

function found(
  signal: Signal,
  settings: Partial<TransientSettings> = {},
  more: { cycles?: number; ratio?: number } = {},
) {
  const transient = new Transient({ ...factory, ...settings }, wirings.wye, more.ratio);
  const fake = new FakeGrid(512, HZ, 0, 4);
  const all: Found[] = [];
  for (let k = 0; k < 2 * (more.cycles ?? 12); k++) {
    if (!transient.half(fake.make(signal))) continue;
    const { name, begins, at, volts } = transient;
    all.push({ name, begins, at, volts });
  }
  return all;
}

/** So many volts more away from zero in channel `c`, for so many samples from one on. */
const spike =
  (c: number, from: number, samples: number, volts: number): Signal =>
  (channel, t) => {
    const value = sine(channel, t);
    const sample = Math.round(t / STEP);
    const isIn = channel === c && sample >= from && sample < from + samples;
    return isIn ? value + Math.sign(value) * volts : value;
  };

const near = (actual: number, expected: number, by = 1e-9): void =>
  assert.ok(Math.abs(actual - expected) <= by, `${actual} instead of ${expected}`);

test("sample 128 of a cycle is 20 V higher, as in the manual's picture: a level of 20 V or less finds it, a filter wants more samples", () => {
  const from = 5 * 512 + 128;
  for (const [volts, level, samples, is] of [
    [20.5, 20, 1, true],
    [20.5, 21, 1, false],
    [20.5, 10, 4, true],
    [20.5, 10, 5, false],
  ] as const) {
    const all = found(spike(0, from, 4, volts), { level, samples });
    assert.equal(all.length, is ? 1 : 0, `${volts} V, level ${level}, ${samples} samples`);
    if (!is) continue;
    near(all[0]!.begins, from * STEP);
    near(all[0]!.at, (from + samples - 1) * STEP);
    near(all[0]!.volts, 20.5);
    assert.equal(all[0]!.name, "V.a");
  }
});

test("of the negative half it is what is lower; a row of samples may lie across a half cycle; 256 of them are its most", () => {
  assert.equal(found(spike(0, 5 * 512 + 384, 4, 15)).length, 1);
  const across = found(spike(1, 5 * 512 + 254, 5, 15), { samples: 5 });
  near(across[0]!.at, (5 * 512 + 258) * STEP);
  const most = found(spike(0, 5 * 512, 256, 30), { samples: 256, level: 29 });
  near(most[0]!.at, (5 * 512 + 255) * STEP);
  assert.deepEqual(found(spike(0, 5 * 512, 255, 30), { samples: 256, level: 29 }), []);
});

test("a phase is listened to, or any; the first sample of all is the one that counts", () => {
  const both: Signal = (c, t) =>
    spike(2, 5 * 512 + 40, 20, 15)(c === 2 ? 2 : 9, t) +
    (c === 2 ? 0 : spike(0, 5 * 512 + 60, 20, 15)(c, t) - sine(9, t));
  assert.deepEqual(
    found(both).map(({ name }) => name),
    ["V.c"],
  );
  assert.deepEqual(
    found(both, { phase: "a" }).map(({ name }) => name),
    ["V.a"],
  );
  assert.deepEqual(found(both, { phase: "b" }), []);
});

test("from line to line it is the difference, and the level is secondary", () => {
  const from = 5 * 512 + 200;
  const signal = spike(1, from, 30, 300);
  for (const { name } of found(signal, { volts: "ll", phase: "any", level: 150 })) assert.match(name, /^V\.(ab|bc)$/);
  assert.equal(found(signal, { volts: "ll", phase: "any", level: 150 }).length, 1);
  assert.equal(found(signal, { volts: "ll", phase: "c", level: 150 }).length, 0, "CA has none of phase b");
  assert.equal(found(signal, { level: 2 }, { ratio: 120 }).length, 1);
  assert.equal(found(signal, { level: 3 }, { ratio: 120 }).length, 0);
});

test("neither a sag's beginning nor a notch is one; its end is, and even harmonics are not", () => {
  const sag: Signal = (c, t) => sine(c, t) * (t > 0.0512 && t < 0.1234 ? 0.5 : 1);
  const all = found(sag, { phase: "a" });
  assert.equal(all.length, 1);
  assert.ok(all[0]!.at > 0.1234 && all[0]!.at < 0.1234 + 0.004);
  const uneven: Signal = (c, t) => sine(c, t) + 30 * Math.cos(4 * Math.PI * HZ * t) + 12;
  assert.deepEqual(found(uneven), []);
});

test("after one nothing is heard for so many half cycles, from the sample on", () => {
  // Every two cycles, five samples.
  const again: Signal = (c, t) => spike(0, 1024 * Math.floor(Math.round(t / STEP) / 1024) + 100, 5, 15)(c, t);
  const at = (reset: number): number[] =>
    found(again, { reset, samples: 5 }, { cycles: 24 }).map(({ at }) => Math.round(at / STEP));
  const first = 1024 + 104;
  assert.deepEqual(
    at(1),
    Array.from({ length: 11 }, (_, k) => first + 1024 * k),
  );
  assert.deepEqual(
    at(4),
    at(1).filter((_, k) => k % 2 === 0),
    "the first sample of the next row is still deaf",
  );
  assert.deepEqual(at(3), at(1));
  assert.deepEqual(
    at(17),
    at(1).filter((_, k) => k % 5 === 0),
  );
  assert.deepEqual(at(432_000), [first]);
  // To the sample: two cycles are four half cycles, and the one behind them is heard.
  for (const [later, count] of [
    [1024, 1],
    [1025, 2],
  ] as const) {
    const twice: Signal = (c, t) => spike(0, Math.round(t / STEP) < 2048 ? 1124 : 1124 + later, 1, 15)(c, t);
    assert.equal(found(twice, { reset: 4, samples: 1 }).length, count, `${later} samples later`);
  }
});

test("across a gap, a half cycle that is none, and missing samples nothing is compared", () => {
  const transient = new Transient({ ...factory, samples: 1 }, wirings.wye);
  const fake = new FakeGrid(512, HZ, 0, 4);
  const half = (volts: number, but = {}, missing = 0): boolean =>
    transient.half(fake.make((c, t) => (volts / 120) * sine(c, t), missing).but(but));
  for (let k = 0; k < 6; k++) assert.ok(!half(120));
  assert.ok(!half(200, { joined: false }));
  for (let k = 0; k < 6; k++) assert.ok(!half(200));
  assert.ok(!half(300, { uneven: true }));
  for (let k = 0; k < 6; k++) assert.ok(!half(300));
  assert.ok(!half(400, { lock: "lost" }));
  for (let k = 0; k < 6; k++) assert.ok(!half(400));
  // What is missing is 0 in the rings: what comes behind it is not above that.
  for (let k = 0; k < 2; k++) assert.ok(!half(400, {}, 0b111));
  for (let k = 0; k < 6; k++) assert.ok(!half(400));
  assert.ok(half(450));
});

test("whatever the samples, those are found that a plain look at all of them finds", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 40, maxLength: 400 }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 5 }),
      (noise, level, samples, reset) => {
        // Noise lies on the sine for a few samples each, at other places of every phase.
        const count = 10 * 512;
        const values = [0, 1, 2].map((c) =>
          Float64Array.from({ length: count }, (_, n) => sine(c, n * STEP) + noise[(7 * c + (n >> 2)) % noise.length]!),
        );
        const expected: [name: string, sample: number][] = [];
        const runs = [0, 0, 0];
        let deafUntil = 512;
        for (let n = 512; n < count; n++) {
          if (n < deafUntil) continue;
          for (let c = 0; c < 3; c++) {
            const above = Math.abs(values[c]![n]!) - Math.abs(values[c]![n - 512]!) > level;
            runs[c] = above ? runs[c]! + 1 : 0;
          }
          const c = runs.findIndex((run) => run >= samples);
          if (c < 0) continue;
          expected.push([["V.a", "V.b", "V.c"][c]!, n]);
          runs.fill(0);
          deafUntil = n + 1 + 256 * reset;
        }
        const signal: Signal = (c, t) => (c < 3 ? values[c]![Math.round(t / STEP)]! : 0);
        const all = found(signal, { level, samples, reset }, { cycles: 10 });
        assert.deepEqual(
          all.map(({ name, at }) => [name, Math.round(at / STEP)]),
          expected,
        );
      },
    ),
    { numRuns: 60, seed: 13 },
  );
});

test("looking for them allocates nothing", () => {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error("the tests run with --expose-gc");
  const transient = new Transient({ ...factory, reset: 1 }, wirings.wye);
  // Of two cycles the second has a spike: each time it comes round it is above the first.
  const fake = new FakeGrid(512, HZ, 0, 4);
  for (let k = 0; k < 4; k++) fake.make(spike(0, 600, 50, 50));
  let times = 0;
  const run = (): void => {
    for (let k = 0; k < 20_000; k++, fake.from = (fake.from + 256) % 1024) if (transient.half(fake)) times++;
  };
  run();
  collect();
  const before = process.memoryUsage().heapUsed;
  run();
  collect();
  assert.ok((process.memoryUsage().heapUsed - before) / 20_000 < 4);
  assert.equal(times, 10_000);
});

/**
 * A capacitor bank that is switched onto a source behind an inductance at time zero, from u(t) = U cos(w t + phi): the voltage of the capacitor is
 * the forced one plus A e^(-a t) cos(wd t) + B e^(-a t) sin(wd t), with uc(0) = 0 and i(0) = 0.
 */
function switched(peak: number, phi: number, { r, l, c }: { r: number; l: number; c: number }): (t: number) => number {
  const w = 2 * Math.PI * HZ;
  const [re, im] = [1 - w * w * l * c, w * r * c];
  const [gain, lag] = [1 / Math.hypot(re, im), Math.atan2(im, re)];
  const [a, w0] = [r / (2 * l), 1 / Math.sqrt(l * c)];
  const wd = Math.sqrt(w0 * w0 - a * a);
  const forced = (t: number): number => peak * gain * Math.cos(w * t + phi - lag);
  const A = -forced(0);
  const B = (a * A + w * peak * gain * Math.sin(phi - lag)) / wd;
  return (t) => forced(t) + Math.exp(-a * t) * (A * Math.cos(wd * t) + B * Math.sin(wd * t));
}

test("a capacitor bank is switched in at the crest: it is found at the sample at which the closed form is above the level", () => {
  // 600 Hz, of a time constant of 10 ms; the voltage falls to zero at once and swings to nearly twice the crest half a period later.
  const peak = Math.SQRT2 * 120;
  const l = 1e-3;
  const c = 1 / ((2 * Math.PI * 600) ** 2 * l);
  const at = (5 + 0.25) / HZ + 0.3 * STEP;
  const phi = 2 * Math.PI * HZ * at - Math.PI / 2;
  const bank = switched(peak, phi, { r: 2 * l * 100, l, c });
  const volts = (t: number): number => (t < at ? peak * Math.sin(2 * Math.PI * HZ * t) : bank(t - at));
  // Arithmetic on the samples: the third in a row above the cycle before by more than 20 V.
  let row = 0;
  let sample = 512;
  while (row < 3) {
    const above = Math.abs(volts(sample * STEP)) - Math.abs(volts((sample - 512) * STEP));
    row = above > 20 ? row + 1 : 0;
    sample++;
  }
  const expected = (sample - 1) * STEP;
  assert.ok(expected > at && expected < at + 1 / 600, "within the first swing");
  const signal: Signal = (channel, t) => (channel === 0 ? volts(t) : sine(channel, t));
  const exact = found(signal, { level: 20 });
  assert.equal(exact.length, 1);
  near(exact[0]!.at, expected);

  // The same through a converter of 30,720 a second and the grid that follows the line.
  const grid = new Grid({ grid: 512, wiring: wirings.wye, frequency: [42.5, 69], cyclesKept: 32 });
  const transient = new Transient({ ...factory, level: 20 }, wirings.wye);
  const times: number[] = [];
  for (let pushed = 0; pushed < 8192; pushed += 1024) {
    const channels = [0, 1, 2, 3, 4, 5].map((c) =>
      Float64Array.from({ length: 1024 }, (_, k) => signal(c, (pushed + k) * STEP)),
    );
    grid.push({
      channels,
      count: 1024,
      rate: 30_720,
      perCycle: 0,
      at: pushed * STEP,
      joined: pushed > 0,
      missing: undefined,
    });
    while (grid.next()) if (transient.half(grid)) times.push(transient.at);
  }
  assert.equal(times.length, 1);
  near(times[0]!, expected, 1.01 * STEP);
});

test("what cannot be is said", () => {
  const trouble = (settings: Partial<TransientSettings>, wiring: "wye" | "delta" = "wye"): string | undefined =>
    transientTrouble({ ...factory, ...settings }, wirings[wiring]);
  assert.equal(trouble({}), undefined);
  assert.equal(trouble({ level: 913, samples: 256, reset: 432_000 }), undefined);
  assert.equal(trouble({ level: 0.9 }), "transient: the level is 0.9 V: expected 1 to 913");
  assert.match(trouble({ level: NaN }) ?? "", /NaN V/);
  assert.match(trouble({ samples: 257 }) ?? "", /samples is 257: expected a whole number from 1 to 256/);
  assert.match(trouble({ reset: 0 }) ?? "", /reset is 0: expected a whole number from 1 to 432000/);
  assert.match(
    trouble({ volts: "ln" }, "delta") ?? "",
    /no voltage ln of phase any in this wiring: expected one of V\.ab/,
  );
  assert.throws(() => new Transient({ ...factory, samples: 0 }, wirings.wye), /samples is 0/);
});
