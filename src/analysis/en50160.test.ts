/** A week of a supply whose violations are known by construction: limits from the manuals that en50160-limits.ts names. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Assessment, type AssessmentRow, ordersText, verdictOf } from "./assessment.ts";
import { assessEn50160, type En50160Settings, type SupplyRecord, usualEn50160 } from "./en50160.ts";
import { harmonicLimits, signalLimit } from "#analysis/limits/en50160-limits.ts";
import { daysOf, MS_OF_WEEK, type TimedValues, weeksOf } from "./timed-values.ts";

const MINUTE = 60_000;
const from = Date.UTC(2026, 2, 2);
const week = { from, to: from + MS_OF_WEEK };
const settings: En50160Settings = { ...usualEn50160, nominal: 230 };

/** A quantity over a period: `value` of each interval's number; null is not known. */
function series(
  name: string,
  intervalMs: number,
  value: (k: number) => number | null,
  more: { flagged?: (k: number) => boolean; count?: number } = {},
): TimedValues {
  const count = more.count ?? MS_OF_WEEK / intervalMs;
  return {
    name,
    intervalMs,
    utc: Float64Array.from({ length: count }, (_, k) => from + k * intervalMs),
    values: Float64Array.from({ length: count }, (_, k) => value(k) ?? NaN),
    flagged: Uint8Array.from({ length: count }, (_, k) => Number(more.flagged?.(k) ?? false)),
  };
}
const tenMinutes = (
  name: string,
  value: (k: number) => number | null,
  more: { flagged?: (k: number) => boolean; count?: number } = {},
): TimedValues => series(name, 10 * MINUTE, value, more);

function only(record: Omit<SupplyRecord, "period">, with_: Partial<En50160Settings> = {}): Assessment {
  const [first, ...others] = assessEn50160({ period: week, ...record }, { ...settings, ...with_ });
  assert.deepEqual(others, []);
  return first!;
}

function row(assessment: Assessment, what: string, name?: string): AssessmentRow {
  const found = assessment.rows.find((one) => one.what === what && (name === undefined || one.name === name));
  assert.ok(found, `no row ${what}`);
  return found;
}

const at = (minutes: number): number => from + minutes * MINUTE;

test("50 of 1,008 intervals beyond are 95 % within, 51 are not: the percentile is then beyond, too", () => {
  // 253 V is the limit itself.
  const volts = (beyond: number) => tenMinutes("V.a", (k) => (k < beyond ? 253.1 + k / 1000 : 253));
  const [kept, broken] = [50, 51].map((n) => row(only({ volts: [volts(n)] }), "voltage"));
  assert.deepEqual([kept!.verdict, kept!.beyond, kept!.value, kept!.share], ["pass", 50, 253, (100 * 958) / 1008]);
  assert.deepEqual([broken!.verdict, broken!.beyond, broken!.value], ["fail", 51, 253.1]);
  assert.deepEqual(kept!.worst, { value: 253.149, utc: at(490) });
  assert.deepEqual([kept!.low, kept!.high, kept!.clause, kept!.unit], [207, 253, "4.2.2", "V"]);
});

test("voltage below: 207 V is within, and one interval below 195.5 V breaks the second rule only", () => {
  const low = tenMinutes("V.b", (k) => (k === 7 ? 195.4 : 207));
  const { rows } = only({ volts: [low] });
  assert.deepEqual(
    rows.map(({ percent, verdict, beyond, value, worst }) => [percent, verdict, beyond, value, worst?.utc]),
    [
      [95, "pass", 1, 207, at(70)],
      [100, "fail", 1, 195.4, at(70)],
    ],
  );
  const limit = only({ volts: [tenMinutes("V.b", () => 195.5)] }).rows;
  assert.deepEqual(
    limit.map(({ verdict }) => verdict),
    ["fail", "pass"],
  );
});

test("flagged intervals are left out, and counted where that is asked for", () => {
  const volts = [tenMinutes("V.a", (k) => (k < 60 ? 180 : 231), { flagged: (k) => k < 60 })];
  const out = row(only({ volts }), "voltage");
  assert.deepEqual([out.verdict, out.valid, out.flaggedOut, out.beyond, out.value], ["pass", 948, 60, 0, 231]);
  const counted = row(only({ volts }, { flagged: "counted" }), "voltage");
  assert.deepEqual([counted.verdict, counted.valid, counted.flaggedOut, counted.beyond], ["fail", 1008, 0, 60]);
});

test("two days are no week: undecided, but too many beyond are too many for any week", () => {
  const short = (beyond: number) =>
    only({ volts: [tenMinutes("V.a", (k) => (k < beyond ? 260 : 230), { count: 288 })] });
  const few = row(short(50), "voltage");
  assert.deepEqual([few.verdict, few.reason], ["undecided", "288 of 1008 intervals are known"]);
  const many = row(short(51), "voltage");
  assert.deepEqual(
    [many.verdict, many.reason],
    ["fail", "288 of 1008 intervals are known, and no more than 50 may be beyond"],
  );
  // The rule of 100 % is broken by one.
  assert.equal(short(1).rows[1]!.verdict, "fail");
});

test("of a short record's flagged intervals none can be beyond: 908 others may have 45", () => {
  const of = (beyond: number) => {
    const isFlagged = (k: number): boolean => k < 100;
    const value = (k: number): number => (k >= 100 && k < 100 + beyond ? 260 : 230);
    return row(only({ volts: [tenMinutes("V.a", value, { count: 288, flagged: isFlagged })] }), "voltage").verdict;
  };
  assert.deepEqual([45, 46].map(of), ["undecided", "fail"]);
});

test("an island's voltage is within +10 and -15 %, all of the time, low and medium", () => {
  for (const level of ["low", "medium"] as const) {
    const of = (volts: number) =>
      only({ volts: [tenMinutes("V.a", () => volts)] }, { level, connection: "islanded" }).rows.map(
        ({ verdict }) => verdict,
      );
    assert.deepEqual([195.5, 195.4, 253, 253.1].map(of), [["pass"], ["fail"], ["pass"], ["fail"]]);
  }
});

test("gaps: 958 known intervals of 1,008 speak for the week, 957 do not", () => {
  const gaps = (known: number) => row(only({ volts: [tenMinutes("V.a", (k) => (k < known ? 230 : null))] }), "voltage");
  assert.deepEqual([gaps(958).verdict, gaps(958).valid], ["pass", 958]);
  assert.deepEqual([gaps(957).verdict, gaps(957).reason], ["undecided", "957 of 1008 intervals are known"]);
  const none = row(only({ volts: [tenMinutes("V.a", () => null)] }), "voltage");
  assert.deepEqual([none.verdict, none.value, none.worst, none.share], ["undecided", undefined, undefined, undefined]);
});

test("frequency: 302 of 60,480 values beyond 1 % are kept, 303 are not; 47.0 Hz is within, 46.9 is not", () => {
  const hz = (beyond: number, value: number) => series("Hz", 10_000, (k) => (k < beyond ? value : 50.5));
  const verdicts = (beyond: number, value: number, with_: Partial<En50160Settings> = {}) =>
    only({ hz: hz(beyond, value) }, with_).rows.map(({ verdict }) => verdict);
  assert.deepEqual(verdicts(302, 47), ["pass", "pass"]);
  assert.deepEqual(verdicts(303, 47), ["fail", "pass"]);
  assert.deepEqual(verdicts(1, 46.9), ["pass", "fail"]);
  assert.deepEqual(verdicts(1, 52.1), ["pass", "fail"]);
  // An island: 2 % of 95 %, 15 % of all.
  assert.deepEqual(verdicts(3024, 42.5, { connection: "islanded" }), ["pass", "pass"]);
  assert.deepEqual(verdicts(3025, 42.4, { connection: "islanded" }), ["fail", "fail"]);
});

test("Plt: 4 of 84 values above 1 are kept, 5 are not", () => {
  const plt = (above: number) => [series("Plt.a", 120 * MINUTE, (k) => (k < above ? 1.01 : 1))];
  assert.equal(row(only({ plt: plt(4) }), "Plt").verdict, "pass");
  assert.equal(row(only({ plt: plt(5) }), "Plt").verdict, "fail");
});

test("each harmonic of each channel has its own limit: at it, and 51 intervals just above it", () => {
  const limits = harmonicLimits("2010");
  assert.deepEqual(
    [...limits.keys()].toSorted((a, b) => a - b),
    Array.from({ length: 24 }, (_, k) => k + 2),
  );
  const orders = new Map([...limits].map(([order, limit]) => [order, tenMinutes("", () => limit)]));
  const wrong = new Map(orders).set(
    11,
    tenMinutes("", (k) => (k >= 957 ? 3.51 : 0)),
  );
  const assessment = only({
    harmonics: [
      { name: "V.a", orders },
      { name: "V.b", orders: wrong },
    ],
  });
  const failed = assessment.rows.filter(({ verdict }) => verdict !== "pass");
  assert.deepEqual(
    failed.map(({ what, name, value, worst }) => [what, name, value, worst?.utc]),
    [["harmonic 11", "V.b", 3.51, at(9570)]],
  );
  assert.equal(assessment.rows.length, 48);
  assert.equal(verdictOf(assessment), "fail");
});

test("the amendment lets order 15 have 1 % and order 21 0.75 %", () => {
  const orders = new Map([
    [15, tenMinutes("", () => 1)],
    [21, tenMinutes("", () => 0.75)],
  ]);
  const verdicts = (edition: "2010" | "amended") =>
    only({ harmonics: [{ name: "V.a", orders }] }, { edition }).rows.map(({ verdict }) => verdict);
  assert.deepEqual(verdicts("2010"), ["fail", "fail"]);
  assert.deepEqual(verdicts("amended"), ["pass", "pass"]);
});

test("medium voltage: 99 % within 10 %, all within 15 % up and down", () => {
  const verdicts = (beyond: number, volts: number) =>
    only(
      { volts: [tenMinutes("V.ab", (k) => (k < beyond ? volts : 20_000))] },
      { level: "medium", nominal: 20_000 },
    ).rows.map(({ verdict }) => verdict);
  assert.deepEqual(verdicts(10, 23_000), ["pass", "pass"]);
  assert.deepEqual(verdicts(11, 23_000), ["fail", "pass"]);
  assert.deepEqual(verdicts(1, 23_001), ["pass", "fail"]);
});

test("mains signalling: 99 % of each day on its own; the row is of the worst day", () => {
  // 9 % of 230 V; a day has 28,800 values: 288 may be beyond.
  const signal = (beyond: number) =>
    series("V.a", 3000, (k) => (Math.floor(k / 28_800) === 3 && k % 28_800 < beyond ? 21 : 20.7));
  const of = (beyond: number) => row(only({ signals: [signal(beyond)] }, { signalHz: 175 }), "mains signalling");
  assert.deepEqual([of(288).verdict, of(288).value], ["pass", 20.7]);
  const broken = of(289);
  assert.deepEqual([broken.verdict, broken.value, broken.beyond, broken.expected], ["fail", 21, 289, 28_800]);
  assert.equal(broken.period.from, from + 3 * 24 * 60 * MINUTE);
});

test("the curve of signalling at its corners, and between them straight on logarithmic axes", () => {
  assert.deepEqual([100, 500, 1000, 10_000, 100_000].map(signalLimit), [9, 9, 5, 5, 1]);
  assert.ok(Math.abs(signalLimit(Math.sqrt(0.5) * 1000)! - Math.sqrt(45)) < 1e-12);
  assert.deepEqual([99, 100_001].map(signalLimit), [undefined, undefined]);
});

test("what the record does not have is absent with the reason, and the whole is then not passed", () => {
  const assessment = only({
    volts: [tenMinutes("V.a", () => 230)],
    why: { flicker: "the recording has no ten whole minutes" },
  });
  assert.deepEqual(assessment.absent, [
    { what: "frequency", reason: "the record has none" },
    { what: "flicker", reason: "the recording has no ten whole minutes" },
    { what: "unbalance", reason: "the record has none" },
    { what: "THD", reason: "the record has none" },
    { what: "harmonics", reason: "the record has none" },
  ]);
  assert.equal(verdictOf(assessment), "undecided");
  const few = only({ harmonics: [{ name: "V.a", orders: new Map([[2, tenMinutes("", () => 1)]]) }] });
  assert.equal(few.absent.at(-1)?.what, "harmonics 3 to 25 of V.a");
});

test("a supply that keeps everything passes as a whole", () => {
  const orders = new Map([...harmonicLimits("2010").keys()].map((order) => [order, tenMinutes("", () => 0.4)]));
  const assessment = only({
    hz: series("Hz", 10_000, () => 50.02),
    volts: [tenMinutes("V.a", () => 231), tenMinutes("V.b", () => 229), tenMinutes("V.c", () => 232)],
    plt: [series("Plt.a", 120 * MINUTE, () => 0.6)],
    unbalance: tenMinutes("unbalance", () => 2),
    thd: [tenMinutes("THD.V.a", () => 8)],
    harmonics: [{ name: "V.a", orders }],
  });
  assert.deepEqual(assessment.absent, []);
  assert.equal(verdictOf(assessment), "pass");
});

test("a record of a week and a day is two weeks, the second not decided", () => {
  const volts = [tenMinutes("V.a", () => 230, { count: 1152 })];
  const two = assessEn50160({ period: { from, to: from + MS_OF_WEEK + 86_400_000 }, volts }, settings);
  assert.deepEqual(
    two.map((one) => one.rows[0]!.verdict),
    ["pass", "undecided"],
  );
  assert.equal(weeksOf({ from, to: from }).length, 0);
});

test("a week that begins at noon has seven whole days", () => {
  const noon = from + 12 * 60 * MINUTE;
  const days = daysOf({ from: noon, to: noon + MS_OF_WEEK });
  assert.deepEqual([days.length, days[0]!.from, days.at(-1)!.to], [7, noon, noon + MS_OF_WEEK]);
});

test("columns that do not belong together, and times that go back, are refused", () => {
  const good = tenMinutes("V.a", () => 230);
  const refused = (bad: TimedValues, says: RegExp) => assert.throws(() => only({ volts: [bad] }), says);
  refused({ ...good, flagged: new Uint8Array(3) }, /V.a: 1008 times, 1008 values, 3 flags/);
  refused({ ...good, utc: good.utc.toReversed() }, /V.a: time 1 is not after the one before it/);
  refused({ ...good, intervalMs: 0 }, /V.a: intervals of 0 ms/);
  assert.throws(() => only({}, { nominal: 0 }), /nominal 0 V: expected more than 0/);
});

test("orders are read in runs", () => {
  assert.equal(ordersText([2, 3, 4, 7, 9, 10, 12]), "2 to 4, 7, 9, 10, 12");
});
