/** What the sections on energy decide without a browser: money, rates, spans of a profile, gaps of a trend, rows to take away. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BilledEnergyView, BillsView } from "#quantity/bills-api.ts";
import type { ProfileView, RegisterView } from "#quantity/meter-api.ts";
import type { TrendView } from "#quantity/trend-api.ts";
import { centsOf, keptPrices, moneyOf, noPrices, plainMoney } from "#web/page/bill-money.ts";
import { billsCsv } from "#web/page/bill-rows.ts";
import { rateTable } from "#web/page/energy-rates.ts";
import { daysOf, moved, sumOf } from "#web/page/profile-span.ts";
import { trendLines, trendTicks } from "#web/page/trend-lines.ts";

const energy = (total: number | null, rates: BilledEnergyView["rates"]): BilledEnergyView => ({
  measure: "Wh.import",
  unit: "Wh",
  side: "primary",
  total,
  rates,
  unknown: 0,
});

test("an amount is rounded to hundredths, halves up, whatever a product of binary numbers makes of them", () => {
  // 1.005 is a little less in binary, and is meant as it stands there.
  for (const [amount, cents] of [
    [1.005, 101],
    [1.0049, 100],
    [0, 0],
    [2.675, 268],
    [0.125, 13],
    [-1.005, -100],
    [12.34, 1234],
  ] as const)
    assert.equal(centsOf(amount), cents, String(amount));
  assert.deepEqual([plainMoney(1234), plainMoney(5), plainMoney(-1205)], ["12.34", "0.05", "-12.05"]);
});

test("each rate has its price, or that of all; the total is the sum of what was rounded; a rate without a price makes no amount", () => {
  const used = energy(3_333_000, [
    { rate: "A", value: 1_111_000 },
    { rate: "B", value: 2_222_000 },
  ]);
  // 1,111 kWh at 0.1001 are 111.2111, 2,222 kWh at 0.2002 are 444.8444.
  const money = moneyOf(used, { currency: "EUR", byRate: { A: 0.1001, B: 0.2002 } });
  assert.deepEqual(money, {
    amounts: [
      { rate: "A", cents: 11_121 },
      { rate: "B", cents: 44_484 },
    ],
    cents: 55_605,
  });
  assert.equal(moneyOf(used, { currency: "", byRate: { A: 0.1 } }), undefined);
  assert.equal(moneyOf(used, { currency: "", byRate: { "": 0.1 } })?.cents, 11_110 + 22_220);
  assert.equal(moneyOf(used, noPrices), undefined);
  assert.equal(moneyOf(energy(null, []), { currency: "", byRate: { "": 1 } }), undefined);
  assert.equal(moneyOf(energy(5000, []), { currency: "", byRate: { "": 1 } })?.cents, 500);
});

test("prices that a browser keeps and that are none are none", () => {
  const kept = (text: string | null) => keptPrices({ getItem: () => text }, "m");
  for (const text of [null, "", "[", "7", "null"]) assert.deepEqual(kept(text), noPrices);
  assert.deepEqual(kept('{"currency":"EUR","byRate":{"A":0.3,"B":"x","C":null}}'), {
    currency: "EUR",
    byRate: { A: 0.3 },
  });
});

test("a table of bills has a line for each rate and the total, and quotes what has to be", () => {
  const view: BillsView = {
    name: "m",
    by: "day",
    source: "profile",
    profile: 1,
    interval: 15,
    hasRates: true,
    bills: [
      {
        period: "2026-03-09",
        from: { at: "2026-03-09 00:00:00", utc: "", offsetMinutes: 0 },
        to: null,
        hours: null,
        isRunning: true,
        isWhole: false,
        missing: [],
        missingSeconds: 0,
        records: 3,
        doubtful: 0,
        beyond: 0,
        clockBack: 0,
        events: [],
        eventCount: 0,
        energies: [energy(3000, [{ rate: null, value: 3000 }])],
        peaks: [{ measure: "W.import", unit: "W", value: 12, rate: null }],
      },
    ],
  };
  const lines = billsCsv(view, { currency: "a,b", byRate: { "": 1 } }).split("\r\n");
  assert.equal(
    lines[1],
    '2026-03-09,2026-03-09 00:00:00,,,false,true,0,3,0,Wh.import,Wh,primary,none,3000,12,,3.00,"a,b"',
  );
  assert.equal(
    lines[2],
    '2026-03-09,2026-03-09 00:00:00,,,false,true,0,3,0,Wh.import,Wh,primary,total,3000,12,,3.00,"a,b"',
  );
});

test("registers of energies stand together by rate; peaks, kept ones and what is no energy do not", () => {
  const register = (id: number, name: string, measure?: string): RegisterView => ({
    id,
    label: name,
    name,
    value: id,
    text: String(id),
    unit: "kWh",
    scale: 1000,
    ...(measure === undefined ? {} : { measure }),
  });
  const { rates, rows } = rateTable([
    register(1, "Wh.import", "Wh.import"),
    register(2, "Wh.import.rateC", "Wh.import"),
    register(3, "Wh.import.rateA", "Wh.import"),
    register(4, "Wh.import.rateA.billingReset", "Wh.import"),
    register(5, "W.import.peakDemand.rateA", "W.import"),
    register(6, "varh.import", "varh.import"),
    register(7, "lastFreeze"),
  ]);
  assert.deepEqual(rates, ["A", "C"]);
  assert.deepEqual(
    rows.map(({ measure, byRate, total }) => [measure, byRate.map((one) => one?.id), total?.id]),
    [["Wh.import", [3, 2], 1]],
  );
});

test("a week begins on Monday, a month has its own days, and both are left at their ends", () => {
  assert.deepEqual(daysOf("day", "2026-03-08"), { day: "2026-03-08", days: 1 });
  assert.deepEqual(daysOf("week", "2026-03-08"), { day: "2026-03-02", days: 7 });
  assert.deepEqual(daysOf("week", "2026-03-09"), { day: "2026-03-09", days: 7 });
  assert.deepEqual(daysOf("month", "2024-02-29"), { day: "2024-02-01", days: 29 });
  assert.deepEqual(daysOf("month", "2026-12-31"), { day: "2026-12-01", days: 31 });
  assert.deepEqual(
    [
      moved("week", "2026-03-08", -1),
      moved("week", "2026-03-08", 1),
      moved("month", "2026-01-31", 1),
      moved("month", "2026-03-31", -1),
      moved("day", "2026-03-01", -1),
    ],
    ["2026-02-23", "2026-03-09", "2026-02-01", "2026-02-01", "2026-02-28"],
  );
});

test("what is counted adds up, what is averaged does not, and nothing known is no zero", () => {
  const view = (channel: string, values: (number | null)[]) =>
    ({ channels: [channel], records: values.map((value) => ({ values: [value] })) }) as unknown as ProfileView;
  assert.equal(sumOf(view("Wh.import x 1000", [1, null, 2]), 0), 3000);
  assert.equal(sumOf(view("V.a x 1", [230, 231]), 0), undefined);
  assert.equal(sumOf(view("Wh.import", [null]), 0), undefined);
});

const trend = (
  points: readonly (readonly [start: number, end: number, mean: number | null])[],
  doubtful: TrendView["doubtful"] = [],
): TrendView => ({
  name: "m",
  series: "profile",
  number: 1,
  channel: 1,
  measure: "V.a",
  unit: "V",
  side: null,
  starts: points.map(([start]) => start),
  ends: points.map(([, end]) => end),
  offsets: points.map(() => 0),
  least: points.map(([, , mean]) => mean),
  mean: points.map(([, , mean]) => mean),
  most: points.map(([, , mean]) => mean),
  known: points.map(([start, end]) => end - start),
  doubtful,
  records: points.length,
});

test("a point holds from its start to its end; between an end and the next start there is nothing", () => {
  const lines = trendLines(
    trend([
      [0, 10, 1],
      [10, 20, 2],
      [50, 60, 3],
    ]),
  );
  assert.deepEqual(lines.times, [0, 9, 10, 19, 20, 50, 59, 60]);
  assert.deepEqual(lines.mean, [1, 1, 2, 2, null, 3, 3, null]);
  assert.deepEqual([lines.gaps, lines.gapMs], [1, 30]);
});

test("times of a chart go on, also where the clock was set back and instants come twice", () => {
  const { times, gaps } = trendLines(
    trend(
      [
        [0, 100, 1],
        [40, 140, 2],
        [20, 120, null],
      ],
      [{ at: 2, least: 5, mean: 5, most: 5, known: 100 }],
    ),
  );
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
  assert.equal(new Set(times).size, times.length);
  assert.equal(gaps, 0);
});

test("labels of an axis are round local times, few enough to be read, from an hour to ten years", () => {
  const from = Date.parse("2026-03-03T10:20:00Z");
  for (const length of [3_600_000, 86_400_000, 7 * 86_400_000, 31 * 86_400_000, 366 * 86_400_000, 3653 * 86_400_000]) {
    const ticks = trendTicks(from, from + length, 330);
    assert.ok(ticks.length >= 2 && ticks.length <= 16, `${length}: ${ticks.length}`);
    assert.ok(ticks.every(({ at }) => at >= from && at <= from + length));
    // Noon comes every day, and is called so.
    const dated = ticks.filter(({ label }) => label !== "12:00");
    assert.equal(new Set(dated.map(({ label }) => label)).size, dated.length, String(length));
  }
  assert.deepEqual(
    trendTicks(Date.parse("2016-01-01T00:00Z"), Date.parse("2026-01-01T00:00Z"), 0).map(({ label }) => label),
    ["2016", "2017", "2018", "2019", "2020", "2021", "2022", "2023", "2024", "2025", "2026"],
  );
});
