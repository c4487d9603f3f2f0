/** IEEE 519-2022 by hand: a 480 V bus with IL 1,000 A and Isc 35,000 A, so "20 < 50" of table 2: TDD 8 %, orders 7, 3.5, 2.5, 1, 0.5 %. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type AssessmentRow, verdictOf } from "./assessment.ts";
import {
  assessIeee519,
  type HarmonicRecord,
  type HarmonicTrend,
  type Ieee519Settings,
  usualIeee519,
} from "./ieee519.ts";
import { currentLimitsOf, voltageLimitsOf } from "#analysis/limits/ieee519-limits.ts";
import { MS_OF_WEEK, type TimedValues } from "./timed-values.ts";

const from = Date.UTC(2026, 2, 2);
const period = { from, to: from + MS_OF_WEEK };
const settings: Ieee519Settings = {
  ...usualIeee519,
  busVolts: 480,
  nominal: 277,
  loadCurrent: 1000,
  shortCircuitCurrent: 35_000,
};

function timed(name: string, intervalMs: number, value: (k: number) => number): TimedValues {
  const count = MS_OF_WEEK / intervalMs;
  return {
    name,
    intervalMs,
    utc: Float64Array.from({ length: count }, (_, k) => from + k * intervalMs),
    values: Float64Array.from({ length: count }, (_, k) => value(k)),
    flagged: new Uint8Array(count),
  };
}

/** Orders 2 to 50, those named by their values, others a constant. */
function trend(
  name: string,
  intervalMs: number,
  named: Readonly<Record<number, (k: number) => number>>,
  { rest = 0, top = 50 }: { rest?: number; top?: number } = {},
): HarmonicTrend {
  const others = timed(name, intervalMs, () => rest);
  const orders = Array.from({ length: top + 1 }, (_, order) => {
    const value = named[order];
    return order < 2 ? undefined : value === undefined ? others : timed(name, intervalMs, value);
  });
  return { name, orders };
}

const none: HarmonicRecord = { period, volts: { veryShort: [], short: [] }, amps: { veryShort: [], short: [] } };
const TEN = 600_000;
const THREE = 3000;

function rowsOf(record: Partial<HarmonicRecord>, with_: Partial<Ieee519Settings> = {}): readonly AssessmentRow[] {
  return assessIeee519({ ...none, ...record }, { ...settings, ...with_ })[0]!.rows;
}

const shown = (rows: readonly AssessmentRow[], what: string): unknown[] =>
  rows
    .filter((row) => row.what === what)
    .map(({ percent, high, value, beyond, verdict }) => [percent, high, value, beyond, verdict]);

test("TDD worked by hand: 5th 60 A, 7th 40 A, 11th 20 A of 1,000 A are 7.4833 %", () => {
  // The square root of 36 + 16 + 4 percent squared.
  const amps = trend("A.a", TEN, { 5: () => 60, 7: () => 40, 11: () => 20 });
  const rows = rowsOf({ amps: { veryShort: [], short: [amps] } });
  const tdd = rows.filter(({ what }) => what === "TDD");
  assert.deepEqual(
    tdd.map(({ percent, high, verdict }) => [percent, high, verdict]),
    [
      [99, 12, "pass"],
      [95, 8, "pass"],
    ],
  );
  for (const { value } of tdd) assert.ok(Math.abs(value! - Math.sqrt(56)) < 1e-12);
  assert.equal(tdd[0]!.clause, "table 2, Isc/IL 20 < 50, 1.5 x, 99 % of 10 min of a week");
  assert.deepEqual(shown(rows, "harmonic 5"), [
    [99, 10.5, 6, 0, "pass"],
    [95, 7, 6, 0, "pass"],
  ]);
  // 2 % of the 11th are within 3.5 %.
  assert.deepEqual(shown(rows, "harmonic 11"), [
    [99, 5.25, 2, 0, "pass"],
    [95, 3.5, 2, 0, "pass"],
  ]);
});

test("a week: 5th of 7.1 % in 50 intervals is kept by the 95th percentile, in 51 not; 10.6 % in 11 breaks the 99th", () => {
  const of = (count: number, amps: number) =>
    shown(
      rowsOf({ amps: { veryShort: [], short: [trend("A.a", TEN, { 5: (k) => (k < count ? amps : 70) })] } }),
      "harmonic 5",
    );
  assert.deepEqual(of(50, 71), [
    [99, 10.5, 7.1, 0, "pass"],
    [95, 7, 7, 50, "pass"],
  ]);
  assert.deepEqual(of(51, 71), [
    [99, 10.5, 7.1, 0, "pass"],
    [95, 7, 7.1, 51, "fail"],
  ]);
  assert.deepEqual(of(10, 106), [
    [99, 10.5, 7, 10, "pass"],
    [95, 7, 7, 10, "pass"],
  ]);
  assert.deepEqual(of(11, 106), [
    [99, 10.5, 10.6, 11, "fail"],
    [95, 7, 7, 11, "pass"],
  ]);
});

test("a day: 288 of its 28,800 values of 3 s beyond twice the limit are kept, 289 are not, on whatever day", () => {
  const day = 28_800;
  const of = (count: number) => {
    const value = (k: number): number => (Math.floor(k / day) === 4 && k % day < count ? 141 : 140);
    return rowsOf({ amps: { veryShort: [trend("A.a", THREE, { 5: value }, { top: 5 })], short: [] } }).find(
      ({ what }) => what === "harmonic 5",
    )!;
  };
  assert.deepEqual([of(288).verdict, of(288).value, of(288).high], ["pass", 14, 14]);
  assert.deepEqual([of(289).verdict, of(289).value, of(289).period.from], ["fail", 14.1, from + 4 * 86_400_000]);
});

test("voltage at 480 V: 5 % each and 8 % THD of 277 V, 1.5 times of 3 s", () => {
  const volts = (intervalMs: number) => trend("V.a", intervalMs, { 5: () => 13.85 }, { top: 5 });
  const rows = rowsOf({ volts: { veryShort: [volts(THREE)], short: [volts(TEN)] } });
  assert.deepEqual(
    rows.filter(({ what }) => what === "harmonic 5").map(({ percent, high, verdict }) => [percent, high, verdict]),
    [
      [99, 7.5, "pass"],
      [95, 5, "pass"],
    ],
  );
  assert.deepEqual(
    rows
      .filter(({ what }) => what === "THD")
      .map(({ percent, high, verdict, reason }) => [percent, high, verdict, reason]),
    [
      [99, 12, "undecided", "orders 6 to 50 are not known"],
      [95, 8, "undecided", "orders 6 to 50 are not known"],
    ],
  );
});

test("where any of its orders is flagged the sum is", () => {
  const amps = trend("A.a", TEN, { 5: () => 60 });
  const orders = amps.orders.map((one, order) =>
    order === 13 && one !== undefined
      ? { ...one, flagged: Uint8Array.from(one.flagged, (_, k) => Number(k < 7)) }
      : one,
  );
  const tdd = rowsOf({ amps: { veryShort: [], short: [{ name: "A.a", orders }] } }).find(({ what }) => what === "TDD")!;
  assert.deepEqual([tdd.flaggedOut, tdd.valid], [7, 1001]);
});

test("a sum without all of its orders fails where it is too much already", () => {
  const volts = trend("V.a", TEN, { 3: () => 23 }, { top: 5 });
  const thd = rowsOf({ volts: { veryShort: [], short: [volts] } }).find(({ what }) => what === "THD")!;
  assert.deepEqual([thd.verdict, thd.reason], ["fail", undefined]);
});

// By hand from the tables: volts, ratio, TDD, and the limits of orders 3, 13, 19, 29, 49.
const worked: readonly [busVolts: number, ratio: number, row: string, tdd: number, limits: readonly number[]][] = [
  [480, 19.9, "< 20", 5, [4, 2, 1.5, 0.6, 0.3]],
  [480, 20, "20 < 50", 8, [7, 3.5, 2.5, 1, 0.5]],
  [13_800, 50, "50 < 100", 12, [10, 4.5, 4, 1.5, 0.7]],
  [69_000, 100, "100 < 1000", 15, [12, 5.5, 5, 2, 1]],
  [69_000, 1000, "100 < 1000", 15, [12, 5.5, 5, 2, 1]],
  [400, 1001, "> 1000", 20, [15, 7, 6, 2.5, 1.4]],
  [115_000, 30, "20 < 50", 4, [3.5, 1.75, 1.25, 0.5, 0.25]],
  [161_000, 5000, "> 1000", 10, [7.5, 3.5, 3, 1.25, 0.7]],
  [230_000, 24.9, "< 25", 1.5, [1, 0.5, 0.38, 0.15, 0.1]],
  [230_000, 25, "25 < 50", 2.5, [2, 1, 0.75, 0.3, 0.15]],
  [500_000, 50, ">= 50", 3.75, [3, 1.5, 1.15, 0.45, 0.22]],
];
for (const [busVolts, ratio, row, tdd, limits] of worked) {
  test(`limits of current at ${busVolts} V and Isc/IL ${ratio}`, () => {
    const found = currentLimitsOf(busVolts, ratio);
    assert.deepEqual([found.row, found.tdd, [3, 13, 19, 29, 49].map(found.limitOf)], [row, tdd, limits]);
  });
}

test("orders at the ends of the bands; even ones to 6 have half, those above all", () => {
  const { limitOf } = currentLimitsOf(480, 10);
  assert.deepEqual([2, 4, 6].map(limitOf), [2, 2, 2]);
  assert.deepEqual(
    [8, 10, 11, 12, 16, 17, 22, 23, 34, 35, 50].map(limitOf),
    [4, 4, 2, 2, 2, 1.5, 1.5, 0.6, 0.6, 0.3, 0.3],
  );
  for (const order of [1, 51]) assert.throws(() => limitOf(order), /expected 2 to 50/);
});

test("limits of voltage: a bus at the end of a class belongs to it", () => {
  const of = (volts: number) => [voltageLimitsOf(volts).individual, voltageLimitsOf(volts).thd];
  assert.deepEqual([1000, 1001, 69_000, 69_001, 161_000, 161_001].map(of), [
    [5, 8],
    [3, 5],
    [3, 5],
    [1.5, 2.5],
    [1.5, 2.5],
    [1, 1.5],
  ]);
});

test("what a setting lacks is absent with the reason; the ratio goes before Isc", () => {
  const amps = { veryShort: [], short: [trend("A.a", TEN, {}, { rest: 1 })] };
  const reasons = (with_: Partial<Ieee519Settings>, without: readonly (keyof Ieee519Settings)[] = []) => {
    const all = Object.fromEntries(
      Object.entries({ ...settings, ...with_ }).filter(([key]) => !without.some((one) => one === key)),
    ) as unknown as Ieee519Settings;
    return assessIeee519({ ...none, amps }, all)[0]!.absent.filter(({ what }) => what === "current");
  };
  assert.match(reasons({}, ["loadCurrent"])[0]!.reason, /IL is not set/);
  assert.match(reasons({}, ["shortCircuitCurrent"])[0]!.reason, /neither Isc\/IL nor Isc is set/);
  assert.match(reasons({ generation: 10.1 })[0]!.reason, /IEEE 1547 or IEEE 2800/);
  assert.match(reasons({ busVolts: 100 })[0]!.reason, /table 2 begins at 120 V/);
  assert.deepEqual(reasons({ generation: 10 }), []);
  const rows = rowsOf({ amps }, { shortCircuitRatio: 60 });
  assert.ok(rows.every(({ clause }) => clause.startsWith("table 2, Isc/IL 50 < 100")));
});

test("a record without anything says so for each statistic, and is not passed", () => {
  const [assessment] = assessIeee519(none, settings);
  assert.equal(assessment!.absent.length, 5);
  assert.equal(verdictOf(assessment!), "undecided");
});

test("orders of other times than the rest, and settings that are no size, are refused", () => {
  const bad = { name: "A.a", orders: [undefined, undefined, timed("", TEN, () => 1), timed("", THREE, () => 1)] };
  const record = { ...none, amps: { veryShort: [], short: [bad] } };
  assert.throws(() => assessIeee519(record, settings), /A.a: its orders are not of the same times/);
  for (const [with_, says] of [
    [{ nominal: 0 }, /nominal 0 V/],
    [{ busVolts: -1 }, /a bus of -1 V/],
    [{ loadCurrent: 0 }, /IL 0 A/],
    [{ shortCircuitRatio: 0 }, /Isc\/IL of 0/],
  ] as const) {
    assert.throws(() => assessIeee519(none, { ...settings, ...with_ }), says);
  }
});
