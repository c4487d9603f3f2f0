/** What the page keeps of readings, and how it writes numbers and times. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { span } from "#web/page/local-time.ts";
import { clockText } from "#web/page/local-time.ts";
import { axisNumbers, axisRange, hasValues, withUnit } from "#web/page/numbers.ts";
import { SagWatch } from "#web/page/sags.ts";
import { POINTS, Trend } from "#web/page/trend.ts";

test("a reading that is said twice, before and after a lost connection, is one point", () => {
  const trend = new Trend();
  trend.add(1000, { W: 1 }, false);
  trend.add(2000, { W: 2 }, true);
  trend.add(2000, { W: 2 }, false);
  assert.deepEqual(trend.last(Infinity, ["W"]), { times: [1000, 2000], columns: [[1, 2]] });
});

test("what does not follow is no line: a gap stands between, and what is not measured is one, too", () => {
  const trend = new Trend();
  trend.add(1000, { W: 1, "V.a": 230 }, false);
  trend.add(9000, { W: 2, "V.a": null }, false);
  assert.deepEqual(trend.last(Infinity, ["W", "V.a"]), {
    times: [1000, 1001, 9000],
    columns: [
      [1, null, 2],
      [230, null, null],
    ],
  });
  assert.deepEqual([trend.has("W"), trend.has("Hz")], [true, false]);
});

test("a clock that is set back begins anew, memory has an end, and what was kept goes on", () => {
  const trend = new Trend();
  for (let k = 0; k < POINTS + 10; k++) trend.add(1000 * k, { W: k }, true);
  assert.equal(trend.size, POINTS);
  assert.deepEqual(trend.last(2000, ["W"]).columns, [[POINTS + 7, POINTS + 8, POINTS + 9]]);
  const again = new Trend(JSON.parse(JSON.stringify(trend.kept())));
  assert.deepEqual(again.last(2000, ["W"]), trend.last(2000, ["W"]));
  again.add(5000, { W: 7 }, true);
  assert.deepEqual(again.last(Infinity, ["W"]), { times: [5000], columns: [[7]] });
  // Of another version of the page, or of nobody.
  assert.equal(new Trend({ times: [1, 2], columns: { W: [1] } }).last(Infinity, ["W"]).columns[0]?.[0], null);
});

const numbers: readonly (readonly [value: number | null, unit: string, text: string])[] = [
  [37_896.2, "W", "37.896 kW"],
  [9_962_685, "W", "9.9627 MW"],
  [276.18, "V", "276.18 V"],
  [null, "V", "----"],
  [-0.000001, "A", "0.0000 A"],
  [2316, "", "2316"],
  [59.996, "Hz", "59.996 Hz"],
];
for (const [value, unit, shown] of numbers)
  test(`${value} ${unit} is written ${shown}`, () => assert.equal(withUnit(value, unit), shown));

test("labels of an axis have one prefix and as many decimals as tell them apart", () => {
  assert.deepEqual(axisNumbers([0, 250_000, 500_000, 1_000_000], "Wh"), {
    numbers: ["0.00", "0.25", "0.50", "1.00"],
    prefix: "M",
  });
  assert.deepEqual(axisNumbers([200, 225, 250], "V"), { numbers: ["200", "225", "250"], prefix: "" });
  assert.deepEqual(axisNumbers([59.98, 60, 60.02], "Hz"), { numbers: ["59.98", "60.00", "60.02"], prefix: "" });
});

test("an axis of nothing but zeros has labels that differ, and so has one of next to nothing", () => {
  for (const [least, most] of [
    [0, 0],
    [-3e-13, 2e-13],
    [1e-7, 1e-7],
  ] as const) {
    const [low, high] = axisRange(least, most, false);
    assert.ok(low <= least && high >= most && high > low);
    const { numbers } = axisNumbers(
      [0, 1, 2, 3, 4].map((k) => low + (k * (high - low)) / 4),
      "W",
    );
    assert.equal(new Set(numbers).size, 5, numbers.join(" "));
  }
});

test("labels of the axis of time have as much of a second as tells them apart", () => {
  const at = Date.UTC(2026, 2, 8, 13, 8, 10);
  const labels = (stepMs: number) => [0, 1, 2].map((k) => clockText(at + k * stepMs, stepMs));
  assert.deepEqual(labels(500), ["13:08:10.0", "13:08:10.5", "13:08:11.0"]);
  assert.deepEqual(labels(20), ["13:08:10.00", "13:08:10.02", "13:08:10.04"]);
  assert.deepEqual(labels(5), ["13:08:10.000", "13:08:10.005", "13:08:10.010"]);
  assert.deepEqual(labels(2000), ["13:08:10", "13:08:12", "13:08:14"]);
  assert.equal(clockText(at + 999), "13:08:10");
});

test("how long something has been so", () => {
  assert.deepEqual([4.4, 119, 150, 7260, 7200, 500_000].map(span), [
    "4 s",
    "119 s",
    "2 min",
    "2 h 1 min",
    "2 h",
    "5 days",
  ]);
});

test("where nothing was measured nothing is drawn: neither of no times, nor of times at which nothing is known", () => {
  const trend = new Trend();
  const drawn = (): boolean => hasValues(trend.last(Infinity, ["W", "V.a"]).columns);
  const seen = [drawn()];
  trend.add(1000, { W: null }, false);
  seen.push(drawn());
  // A value of nothing is a value.
  trend.add(2000, { W: 0 }, true);
  assert.deepEqual([...seen, drawn()], [false, false, true]);
  const watch = new SagWatch();
  assert.equal(hasValues(watch.last(10_000).volts), false);
  watch.add(
    {
      begun: 0,
      ends: [1, 1.01],
      volts: [
        [null, null],
        [null, 230.4],
        [null, null],
      ],
    },
    0,
  );
  assert.equal(hasValues(watch.last(10_000).volts), true);
});
