import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FlickerClasses, severity } from "./flicker-classes.ts";
import { FlickerStatistics, type FlickerInterval, type FlickerStep } from "./flicker-statistics.ts";

/** Pst of the values themselves, sorted: the level that is exceeded in p % of the time lies between the values at that rank. */
function exact(values: readonly number[]): number {
  const falling = values.toSorted((a, b) => b - a);
  return severity(
    (percent) => falling[Math.min(falling.length - 1, Math.ceil((percent / 100) * falling.length - 1e-9) - 1)]!,
  );
}

function classified(values: readonly number[]): number {
  const classes = new FlickerClasses();
  for (const value of values) classes.add(value);
  return classes.pst();
}

test("a level that does not change has the Pst of the closed form", () => {
  // All percentiles are the level: the weights add up to 0.5096.
  for (const level of [0.01, 0.5, 1, 1.962323, 40, 5000]) {
    const expected = Math.sqrt(0.5096 * level);
    assert.ok(Math.abs(classified([level, level, level]) / expected - 1) < 1.4e-3, `${level}`);
  }
});

test("Pst by classes is within 0.14 % of Pst by the sorted values, whatever their distribution", () => {
  const level = fc.oneof(
    fc.double({ min: 2.5e-4, max: 1e6, noNaN: true }),
    fc.double({ min: -8, max: 13.8, noNaN: true }).map(Math.exp),
    fc.constantFrom(0.3, 0.30001, 7, 1024, 1023.999),
  );
  fc.assert(
    fc.property(fc.array(level, { minLength: 1, maxLength: 3000 }), (values) => {
      const ratio = classified(values) / exact(values);
      assert.ok(Math.abs(ratio - 1) < 1.4e-3, `${ratio}`);
    }),
    { numRuns: 300, seed: 12 },
  );
});

test("a smooth distribution is far nearer: 0.01 %", () => {
  // Evenly spread logarithms: the level that p % exceed is known. 120,000 values are ten minutes.
  const n = 120_000;
  const levelAbove = (share: number): number => 0.05 * 400 ** (1 - share);
  const values = Array.from({ length: n }, (_, k) => levelAbove((k + 0.5) / n));
  const expected = severity((percent) => levelAbove(percent / 100));
  assert.ok(Math.abs(classified(values) / expected - 1) < 1e-4);
});

test("nothing has no Pst, no flicker has none that could be told, and what is above all classes is the highest", () => {
  assert.ok(Number.isNaN(classified([])));
  assert.ok(classified([0, 0, 0]) < 0.012);
  assert.ok(Math.abs(classified([1e12]) / Math.sqrt(0.5096 * 2 ** 20) - 1) < 2e-3);
});

const MINUTE = 60_000;
const TEN = 10 * MINUTE;

interface Part {
  readonly minutes: number;
  readonly level?: number;
  readonly absent?: FlickerStep["absent"][number];
  /** Minutes without a step. */
  readonly nothing?: true;
  readonly flag?: true;
}

/** Steps of a second from `utc` on, by parts; what ends is collected. */
function run(utc: number, parts: readonly Part[]) {
  const statistics = new FlickerStatistics(1);
  const shorts: FlickerInterval[] = [];
  const longs: FlickerInterval[] = [];
  statistics.onShort = (interval) => shorts.push(interval);
  statistics.onLong = (interval) => longs.push(interval);
  let now = utc;
  for (const { minutes, level = 1, absent, nothing, flag } of parts) {
    if (nothing) {
      now += minutes * MINUTE;
      continue;
    }
    for (let second = 0; second < Math.round(minutes * 60); second++) {
      now += 1000;
      const pinst = absent === undefined ? level : NaN;
      statistics.step({ pinst: [pinst], pinstMax: [1.5 * pinst], absent: [absent], seconds: 1 }, now);
      if (flag) statistics.flag();
    }
  }
  return { statistics, shorts, longs };
}

const NOON = Date.UTC(2026, 10, 26, 12);
/** The Pst of a level that does not change, and the level of a Pst. */
const levelOf = (pst: number): number => pst ** 2 / 0.5096;
const near = (actual: number | undefined, expected: number): void =>
  assert.ok(actual !== undefined && Math.abs(actual / expected - 1) < 1.4e-3, `${actual} for ${expected}`);

test("Pst ends at each tenth minute of UTC, and is absent where less than the ten minutes was measured", () => {
  const { shorts } = run(NOON + 3 * MINUTE, [
    { minutes: 7 },
    { minutes: 10, level: levelOf(2) },
    { minutes: 5 },
    { minutes: 0.1, absent: "missing" },
    { minutes: 14.9, level: levelOf(0.5) },
    { minutes: 1 },
  ]);
  assert.deepEqual(
    shorts.map(({ utc, voltages }) => [(utc - NOON) / MINUTE, voltages[0]!.missing]),
    [
      [10, "420.0 s instead of 600: the clock was set"],
      [20, undefined],
      [30, "not measured for 6.0 s: a sample of the voltage was missing"],
      [40, undefined],
    ],
  );
  near(shorts[1]!.voltages[0]!.value, 2);
  near(shorts[3]!.voltages[0]!.value, 0.5);
  assert.equal(shorts[1]!.voltages[0]!.pinstMax, 1.5 * levelOf(2));
  assert.equal(shorts[0]!.voltages[0]!.value, undefined);
});

test("Plt ends at each even hour: the cube root of the mean of twelve cubes", () => {
  const levels = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 4];
  const { longs, statistics } = run(NOON, [
    ...levels.map((pst) => ({ minutes: 10, level: levelOf(pst) })),
    { minutes: 1, level: 7 },
  ]);
  assert.equal(longs.length, 1);
  assert.equal(longs[0]!.utc, NOON + 120 * MINUTE);
  const plt = Math.cbrt(levels.reduce((sum, pst) => sum + pst ** 3, 0) / 12);
  near(longs[0]!.voltages[0]!.value, plt);
  assert.equal(longs[0]!.voltages[0]!.flagged, false);
  const [view] = statistics.view();
  assert.equal(view!.pinst, 7);
  near(view!.pst ?? undefined, 4);
  near(view!.plt ?? undefined, plt);
});

test("a flagged Pst is there and flagged; Plt leaves it out and is flagged", () => {
  const { shorts, longs } = run(NOON, [
    { minutes: 60 },
    { minutes: 1, level: levelOf(50), flag: true },
    { minutes: 9 },
    { minutes: 51 },
  ]);
  const flagged = shorts[6]!.voltages[0]!;
  assert.ok(flagged.flagged && flagged.value! > 15);
  assert.deepEqual(shorts.filter(({ voltages }) => voltages[0]!.flagged).length, 1);
  const plt = longs[0]!.voltages[0]!;
  assert.ok(plt.flagged);
  near(plt.value, Math.sqrt(0.5096));
});

test("Plt is absent where a Pst is, and where all are flagged", () => {
  const gap = run(NOON, [{ minutes: 30 }, { minutes: 1, absent: "gap" }, { minutes: 90 }]);
  assert.deepEqual(gap.longs[0]!.voltages[0], {
    value: undefined,
    pinstMax: undefined,
    flagged: false,
    missing: "11 of 12 values of Pst",
  });
  const all = run(NOON, [{ minutes: 121, flag: true }]);
  assert.equal(all.longs[0]!.voltages[0]!.missing, "all 12 values of Pst are flagged");
  assert.ok(all.longs[0]!.voltages[0]!.flagged);
});

test("after a time without steps what was before is no longer shown, and no interval is made up", () => {
  const { shorts, longs, statistics } = run(NOON, [
    { minutes: 120 },
    { minutes: 195, nothing: true },
    { minutes: 4, level: 2 },
  ]);
  assert.deepEqual(
    shorts.slice(11).map(({ utc, voltages }) => [(utc - NOON) / MINUTE, voltages[0]!.missing]),
    [
      [120, undefined],
      [310, "samples were not there"],
    ],
  );
  assert.deepEqual(
    longs.map(({ utc }) => (utc - NOON) / MINUTE),
    [120],
  );
  assert.deepEqual(statistics.view()[0]!.pst, null);
});

test("a clock that is set ends the interval, which has no Pst", () => {
  const { shorts } = run(NOON, [{ minutes: 13 }, { minutes: 5, nothing: true }, { minutes: 3 }]);
  assert.equal(shorts[0]!.voltages[0]!.missing, undefined);
  assert.equal(shorts[1]!.voltages[0]!.missing, "300.0 s instead of 600: the clock was set");
  const back = new FlickerStatistics(1);
  const step = { pinst: [1], pinstMax: [1], absent: [undefined], seconds: 1 };
  for (let k = 1; k <= 300; k++) back.step(step, NOON + k * 1000);
  back.step(step, NOON - TEN + 5000);
  assert.equal(back.short!.voltages[0]!.missing, "300.0 s instead of 600: the clock was set");
  // It went back over the end of two hours.
  assert.deepEqual(back.missing(["V.a"]), [
    "Pst of V.a: 300.0 s instead of 600: the clock was set",
    "Plt of V.a: 0 of 12 values of Pst",
  ]);
});

test("why there is no Pst and no Plt is said once of all voltages that have one reason", () => {
  const statistics = new FlickerStatistics(3);
  assert.deepEqual(statistics.missing(["V.a", "V.b", "V.c"]), ["Pst and Plt: none has ended since measuring began"]);
  // C has no voltage for the last ten minutes of two hours.
  for (let k = 1; k <= 7201; k++) {
    const lacks = k > 6600 ? ("no voltage" as const) : undefined;
    const step = { pinst: [1, 1, 1], pinstMax: [1, 1, 1], absent: [undefined, undefined, lacks], seconds: 1 };
    statistics.step(step, NOON + k * 1000);
  }
  assert.deepEqual(statistics.missing(["V.a", "V.b", "V.c"]), [
    "Pst of V.c: not measured for 600.0 s: there was no voltage",
    "Plt of V.c: 11 of 12 values of Pst",
  ]);
});

test("while nobody knows the time there is Pinst only, and none of it gets into an interval", () => {
  const statistics = new FlickerStatistics(1);
  const step = { pinst: [3], pinstMax: [3], absent: [undefined], seconds: 1 };
  for (let k = 0; k < 300; k++) statistics.step(step, NaN);
  assert.deepEqual(statistics.view(), [{ pinst: 3, pst: null, pstFlagged: false, plt: null, pltFlagged: false }]);
  // The clock is set in the middle of ten minutes: 300 and 300 seconds are not these ten minutes.
  for (let k = 1; k <= 301; k++) statistics.step(step, NOON + 5 * MINUTE + k * 1000);
  assert.equal(statistics.short!.voltages[0]!.missing, "300.0 s instead of 600: the clock was set");
  for (let k = 302; k <= 901; k++) statistics.step(step, NOON + 5 * MINUTE + k * 1000);
  near(statistics.short!.voltages[0]!.value, Math.sqrt(0.5096 * 3));
  statistics.step(step, NaN);
  assert.deepEqual(statistics.view(), [{ pinst: 3, pst: null, pstFlagged: false, plt: null, pltFlagged: false }]);
});
