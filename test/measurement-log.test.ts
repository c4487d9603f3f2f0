/** The measurement log of a meter on a source of steps: its records against arithmetic on what the source gives. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FileError } from "#product/file-error.ts";
import { INTERVAL_MINUTES } from "#quantity/quality-view.ts";
import type { Measure, Reduction } from "#quantity/measure.ts";
import { profileStatus } from "#quantity/profile.ts";
import type { LogChannel, LogGroupSettings } from "#revenue/settings/measurement-log.ts";
import { logCapacity, methodsOf } from "#revenue/settings/measurement-log.ts";
import {
  measure,
  MemoryStore,
  parseModelNumber,
  parseRevenueFile,
  plain,
  revenueRig,
  type Load,
} from "./revenue-rig.ts";

const logged = (of: Measure, method: Reduction, changes: Partial<LogChannel> = {}): LogChannel => ({
  measure: of,
  method,
  side: "primary",
  units: "units",
  ...changes,
});

const watts = measure("W", "bidirectional");
const volts = measure("V", "bidirectional", "a");

/** 300 W more and 2 V less each minute. */
const rising = (minute: number): Load => ({ w: 3000 + 300 * minute, q: 0, v: 120 - 2 * minute });

const group = (interval: LogGroupSettings["interval"], ...channels: readonly LogChannel[]): LogGroupSettings => ({
  interval,
  channels,
});

const five = group(
  5,
  logged(volts, "minimum"),
  logged(volts, "maximum"),
  logged(volts, "average"),
  logged(volts, "snapshot"),
  logged(watts, "average"),
  logged(measure("Wh"), "total"),
);

const close = (found: readonly (number | undefined)[] | undefined, expected: readonly (number | undefined)[]): void => {
  assert.equal(found?.length, expected.length);
  expected.forEach((value, k) => {
    const one = found?.[k];
    if (value === undefined || one === undefined) assert.equal(one, value, `channel ${k}`);
    else assert.ok(Math.abs(one - value) <= 1e-6 * Math.abs(value), `channel ${k}: ${one} instead of ${value}`);
  });
};

test("a record of five minutes has the least, largest, mean and last of its steps, and their energy", () => {
  const { meter, run } = revenueRig({ measurementLog: [five] }, rising);
  run(11);
  const records = meter.measurementLog.groups[0]!.series.page(0, 99);
  assert.deepEqual(
    records.map(({ start, end, status }) => [start.utc % 3_600_000, end.utc % 3_600_000, status]),
    [
      [0, 300_000, 0],
      [300_000, 600_000, 0],
    ],
  );
  // Minutes 0 to 4: 120, 118 ... 112 V; 3,000 to 4,200 W, which are 3,600 W for a twelfth of an hour.
  close(records[0]?.values, [112, 120, 116, 112, 3600, 300]);
  // Minutes 5 to 9: 110 ... 102 V; 4,500 to 5,700 W.
  close(records[1]?.values, [102, 110, 106, 102, 5100, 425]);
});

test("150 or 180 cycles are three seconds where there are no samples, and their energies are those of the load profile", () => {
  const cycles = group("cycles", logged(measure("Wh"), "total"), logged(watts, "maximum"));
  const { meter, run } = revenueRig({ measurementLog: [cycles] }, rising);
  run(15);
  const records = meter.measurementLog.groups[0]!.series.page(0, 999);
  assert.equal(records.length, 300);
  assert.ok(records.every(({ start, end, status }) => end.utc - start.utc === 3000 && status === 0));
  const sum = records.reduce((all, { values }) => all + values[0]!, 0);
  // A quarter of an hour at 3,000 + 300 x 7 W on average.
  assert.ok(Math.abs(sum - 5100 / 4) < 1e-3, `${sum} Wh`);
  close(records.map(({ values }) => values[1]).slice(19, 21), [3000, 3300]);
});

test("every length of interval ends at its multiples of UTC, and the first record is partial where it began within one", () => {
  for (const minutes of INTERVAL_MINUTES) {
    const { meter, run } = revenueRig({ measurementLog: [group(minutes, logged(watts, "average"))] }, undefined, {
      utc: "2026-01-01T00:00:30Z",
    });
    run(2 * minutes);
    const records = meter.measurementLog.groups[0]!.series.page(0, 99);
    assert.equal(records.length, 2, `${minutes} min`);
    assert.ok(records.every(({ end }) => end.utc % (minutes * 60_000) === 0));
    assert.deepEqual(
      records.map(({ status }) => status),
      [profileStatus.partial, 0],
    );
  }
});

test("primary and secondary values differ by the ratios of the transformers", () => {
  const both = group(
    1,
    ...(["primary", "secondary"] as const).flatMap((side) => [
      logged(volts, "average", { side }),
      logged(volts, "maximum", { side }),
      logged(watts, "snapshot", { side }),
      logged(measure("Wh"), "total", { side }),
    ]),
  );
  const primary = { ...plain.primary, pt: 10, ct: 40 };
  const { meter, run } = revenueRig({ primary, measurementLog: [both] }, () => ({ w: 3600, q: 0 }));
  run(1);
  const { values } = meter.measurementLog.groups[0]!.series.last!;
  close(values, [1200, 1200, 1_440_000, 24_000, 120, 120, 3600, 60]);
});

test("an interval goes on over an outage within it and says so; one that would have ended meanwhile ends where power failed", () => {
  const { meter, run, fail } = revenueRig({ measurementLog: [group(10, logged(measure("Wh"), "total"))] }, () => ({
    w: 3600,
    q: 0,
  }));
  run(3);
  fail(true);
  run(2);
  fail(false);
  run(10);
  fail(true);
  run(10);
  fail(false);
  run(5);
  const records = meter.measurementLog.groups[0]!.series.page(0, 99);
  const { partial, powerLost } = profileStatus;
  assert.deepEqual(
    records.map(({ start, end, status }) => [(start.utc / 60_000) % 60, (end.utc / 60_000) % 60, status]),
    [
      [0, 10, partial | powerLost],
      [10, 15, partial | powerLost],
      [25, 30, partial],
    ],
  );
  // 60 Wh a minute: eight minutes, five, five.
  close(
    records.map(({ values }) => values[0]),
    [480, 300, 300],
  );
});

test("a clock that is set ends the record, and nothing is counted twice or lost", () => {
  const { meter, run } = revenueRig({ measurementLog: [group(10, logged(measure("Wh"), "total"))] }, () => ({
    w: 3600,
    q: 0,
  }));
  run(4);
  meter.setTime(meter.utc + 60_000, { by: "test" });
  run(5);
  const records = meter.measurementLog.groups[0]!.series.page(0, 99);
  const { partial, timeChanged } = profileStatus;
  assert.deepEqual(
    records.map(({ status }) => status),
    [partial | timeChanged, partial],
  );
  close(
    records.map(({ values }) => values[0]),
    [240, 300],
  );
});

test("a sag flags the record that it is in, and no other", () => {
  const sag = {
    id: 1,
    enabled: true,
    label: "sag",
    measure: volts,
    phase: "any",
    operator: "<",
    alarm: 108,
    reset: 110,
    delayMs: 0,
    resetDelayMs: 0,
    records: "sagSwell",
  } as const;
  const load = (minute: number): Load => ({ w: 3600, q: 0, v: minute === 7 ? 90 : 120 });
  const { meter, run } = revenueRig({ triggers: [sag], measurementLog: [group(5, logged(volts, "minimum"))] }, load);
  run(15);
  const records = meter.measurementLog.groups[0]!.series.page(0, 99);
  assert.deepEqual(
    records.map(({ status, values }) => [status, values[0]]),
    [
      [0, 120],
      [profileStatus.flagged, 90],
      [0, 120],
    ],
  );
});

test("what was recorded and what is under way are there after the process has ended", () => {
  const store = new MemoryStore().drawer("jem");
  const settings = { measurementLog: [five] };
  const before = revenueRig(settings, rising, { store });
  before.run(7);
  before.meter.save();
  const after = revenueRig(settings, () => ({ w: 6000, q: 0, v: 119 }), { store, utc: "2026-01-01T00:07:00Z" });
  after.run(3);
  const records = after.meter.measurementLog.groups[0]!.series.page(0, 99);
  assert.equal(records.length, 2);
  close(records[0]?.values, [112, 120, 116, 112, 3600, 300]);
  // Two minutes at 110 and 108 V, 4,500 and 4,800 W, and three at 119 V and 6,000 W.
  close(records[1]?.values, [108, 119, (110 + 108 + 3 * 119) / 5, 119, (4500 + 4800 + 18_000) / 5, 455]);
});

test("what no source of steps has is absent, and takes nothing from what it has", () => {
  const pst = logged(measure("Pst", "bidirectional", "a"), "average");
  const fifth = logged({ ...volts, order: 5 }, "maximum");
  const { meter, run } = revenueRig({ measurementLog: [group(1, pst, fifth, logged(volts, "average"))] }, rising);
  run(1);
  close(meter.measurementLog.groups[0]!.series.last?.values, [undefined, undefined, 120]);
});

test("a group keeps 1,460,000 values, and at most 1,095 days", () => {
  const channels = Array.from({ length: 50 }, () => logged(volts, "average"));
  // "144 x 400 channels per day ... approximately 203 days": 1,460,000 / 50 / 144.
  const records = logCapacity(group(10, ...channels));
  assert.equal(Math.floor(records / 144), 202);
  assert.equal(logCapacity(group(10, ...channels.slice(0, 5))), 1095 * 144);
  assert.equal(logCapacity(group("cycles", ...channels)), 29_200);
});

// ── how it is set up ──────────────────────────────────────────────────────────────────────────────────────────────

function problemsOf(text: string, options = "-PQ2"): readonly string[] {
  try {
    parseRevenueFile("file", text, parseModelNumber(`JSII-09I6020-2A-DIO${options}`));
    return [];
  } catch (error) {
    assert.ok(error instanceof FileError);
    return error.problems;
  }
}

const oneOf = (channel: string): string => `measurementLog: [{ channels: [${channel}] }]`;

test("what the table of channels has is taken, and what it does not have is refused with what it has", () => {
  const voltsOf = "quantity: V, phase: a";
  assert.deepEqual(problemsOf(oneOf(`{ measure: { ${voltsOf} }, method: minimum }`)), []);
  assert.deepEqual(problemsOf(oneOf(`{ measure: { ${voltsOf}, order: 64, part: angle }, method: snapshot }`)), []);
  const cases: [channel: string, problem: RegExp][] = [
    [`{ measure: { ${voltsOf} }, method: total }`, /channels\[0\]\.method: of V expected minimum, .*; found total/],
    ["{ measure: { quantity: Pst, phase: a }, method: maximum }", /method: of Pst expected average; found maximum/],
    ["{ measure: { quantity: V.zero }, method: average }", /method: of V.zero expected snapshot; found average/],
    ["{ measure: { quantity: Wh }, method: average }", /method: of Wh expected total; found average/],
    ["{ measure: { quantity: rotation.V }, method: average }", /quantity: the measurement log has no rotation.V/],
    [`{ measure: { ${voltsOf}, order: 65 }, method: average }`, /order: expected 2 to 64; found 65/],
    ["{ measure: { quantity: pulses, channel: 3 }, method: total }", /channel: channel 3 is no input/],
  ];
  for (const [channel, problem] of cases) assert.match(problemsOf(oneOf(channel)).join("\n"), problem);
});

test("the log takes option ML, PQ2 or PQ3, and what power quality measures takes PQ2 or PQ3", () => {
  const watt = oneOf("{ measure: { quantity: W }, method: average }");
  assert.deepEqual(problemsOf(watt, "-ML"), []);
  for (const options of ["", "-PQ1"])
    assert.match(problemsOf(watt, options).join("\n"), /measurementLog: it is option ML or PQ2 or PQ3, which was not/);
  const harmonic = oneOf("{ measure: { quantity: A, phase: a, order: 5 }, method: average }");
  assert.match(problemsOf(harmonic, "-ML").join("\n"), /A.h5 is option PQ2 or PQ3, which was not ordered/);
});

test("there are at most eight groups of fifty channels, and two lengths of intervals besides ten minutes", () => {
  const channel = "{ measure: { quantity: W }, method: average }";
  const log = (...intervals: readonly (string | number)[]): string =>
    `measurementLog: [${intervals.map((one) => `{ interval: ${one}, channels: [${channel}] }`).join(", ")}]`;
  assert.deepEqual(problemsOf(log("cycles", 10, 120, 10, 120, "cycles", 10, 10)), []);
  assert.match(
    problemsOf(log(1, 5, 60)).join("\n"),
    /at most three intervals, of which one is 10 minutes; found .*1, 5, 60/,
  );
  assert.notDeepEqual(problemsOf(log(...Array.from({ length: 9 }, () => 10))), []);
  assert.notDeepEqual(problemsOf(log(7)), []);
  assert.notDeepEqual(problemsOf(oneOf(Array.from({ length: 51 }, () => channel).join(", "))), []);
});

test("of every quantity the manual's table has the methods of its kind", () => {
  assert.deepEqual(methodsOf({ quantity: "TDD.A" }), ["minimum", "maximum", "average", "snapshot"]);
  assert.deepEqual(methodsOf({ quantity: "A.negative" }), ["snapshot"]);
  assert.deepEqual(methodsOf({ quantity: "closed" }), ["total"]);
  assert.deepEqual(methodsOf({ quantity: "systemBits" }), []);
});

test("the example of the documents is a configuration", () => {
  const document = readFileSync(new URL("../docs/models/ametek-jemstar-ii.md", import.meta.url), "utf8");
  const example = /```yaml\n(measurementLog:\n[^`]*)```/.exec(document)?.[1];
  assert.ok(example !== undefined);
  assert.deepEqual(problemsOf(example), []);
});
