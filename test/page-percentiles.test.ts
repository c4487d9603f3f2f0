/** Percentiles of a measurement log on the page: what counts, which limit is whose, by arithmetic on paper. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProfileRecordView } from "#quantity/meter-api.ts";
import { columnOf, daysBefore, expectedIn, isRowBeyond, limitsOfLogged, percentilesOf } from "#web/page/percentiles.ts";

const times = { start: "", end: "", until: "" };

function record(values: readonly (number | null)[], ...status: string[]): ProfileRecordView {
  const offsetMinutes = { start: 0, end: 0, until: 0 };
  return { ...times, sequence: 0, type: "normal", status, values, utc: times, offsetMinutes };
}

test("a channel is a measure, what of it each record has, and what it is multiplied by", () => {
  assert.deepEqual(columnOf("W.import.mean x 1000"), { name: "W.import", over: "mean", scale: 1000 });
  assert.deepEqual(columnOf("THD.V.a.max"), { name: "THD.V.a", over: "max", scale: 1 });
  assert.deepEqual(columnOf("Plt.a"), { name: "Plt.a", over: "", scale: 1 });
});

test("a limit is of means by the chosen standard, of volts by what they should be", () => {
  const declared = new Map([["V.a", 230]]);
  const limits = (name: string, standard: "public" | "en50160" | "none", over = "mean") =>
    limitsOfLogged({ name, over }, { standard }, declared);
  assert.deepEqual(limits("V.a.h5", "public"), { high: 6 });
  assert.deepEqual(limits("THD.V.ab", "en50160"), { high: 8 });
  assert.deepEqual(limits("unbalance.V.sequence", "en50160"), { high: 2 });
  assert.deepEqual(limits("Plt.a", "en50160", ""), { high: 1 });
  assert.deepEqual(limits("V.a", "en50160"), { low: 207, high: 1.1 * 230 });
  for (const [name, standard, over] of [
    ["V.a", "public", "mean"],
    ["V.b", "en50160", "mean"],
    ["V.a", "en50160", "min"],
    ["THD.V.a", "none", "mean"],
    ["THD.A.a", "en50160", "mean"],
    ["V.a.h26", "en50160", "mean"],
  ] as const)
    assert.equal(limits(name, standard, over), undefined, name);
});

test("of twenty values one may be beyond, of nineteen none; flagged ones, parts and gaps do not count", () => {
  const values = Array.from({ length: 20 }, (_, k) => record([k === 7 ? 9 : 0.1 * k]));
  const of = (records: readonly ProfileRecordView[]) => {
    const view = { channels: ["THD.V.a.mean"], minutes: 10, records };
    const { rows, ...counts } = percentilesOf(view, { days: 7, choice: { standard: "public" }, declared: new Map() });
    return { ...counts, row: rows[0]! };
  };
  const twenty = of([...values, record([50], "flagged"), record([50], "partial"), record([null])]);
  assert.deepEqual([twenty.expected, twenty.known, twenty.flagged], [1008, 21, 1]);
  // Number 19 of 20 in order: 0, 0.1, ... 1.9 without 0.7, then 9.
  assert.equal(twenty.row.p95?.toFixed(6), "1.900000");
  assert.deepEqual([twenty.row.p99, twenty.row.largest, twenty.row.outside], [9, 9, 5]);
  assert.equal(isRowBeyond(twenty.row), false);
  const nineteen = of(values.slice(1));
  assert.equal(isRowBeyond(nineteen.row), true);
  assert.equal(nineteen.row.p95, 9);
  const none = of([record([null])]).row;
  assert.deepEqual([none.p95, none.outside, isRowBeyond(none)], [undefined, undefined, false]);
});

test("IEEE 519 asks of 3 s of a day the 99th percentile, 1.5 times the limit", () => {
  const view = {
    channels: ["V.a.h5.mean"],
    minutes: "cycles",
    records: Array.from({ length: 200 }, (_, k) => record([k < 3 ? 7.6 : 4])),
  };
  const choice = { standard: "ieee519", busVolts: 480 } as const;
  const { rows, expected } = percentilesOf(view, { days: 1, choice, declared: new Map() });
  // Three of two hundred are 1.5 %; 1.5 times 5 % are 7.5 %.
  assert.deepEqual([rows[0]?.limits, rows[0]?.outside, expected], [{ high: 7.5 }, 1.5, 28_800]);
  assert.equal(isRowBeyond(rows[0]!), true);
});

test("a week goes back by the wall clock, and a log of days has no number of intervals", () => {
  assert.equal(daysBefore("2026-03-03 16:45:00", 7), "2026-02-24T16:45:00");
  assert.equal(expectedIn("day", 7), undefined);
  assert.equal(expectedIn(1, 1), 1440);
});
