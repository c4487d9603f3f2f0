/** Trends: each point is what its records were, by brute force; gaps stay gaps, doubtful records stand apart, and what is read is bounded. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ProfileRecord } from "#quantity/profile.ts";
import type { Series } from "#quantity/series.ts";
import type { TrendView } from "#quantity/trend-api.ts";
import { Trends, trendsOf, type TrendQuery } from "#web/trend.ts";
import { BEGIN, FLAGGED, made, record, recorded, stamp, stored, TEN_MINUTES } from "./trend-rig.ts";

const turn = async (): Promise<void> => {};
const asked = { series: "profile", number: 1, channel: 1, most: 100 } as const;

async function trendOf(
  series: Series<ProfileRecord>,
  query: Partial<TrendQuery> = {},
  name = "V.a",
): Promise<TrendView> {
  const answer = await new Trends(turn).answer(recorded(series, [name]).surface, { ...asked, ...query });
  assert.ok(typeof answer === "object", String(answer));
  return answer;
}

const days = (count: number): number => count * 86_400_000;
/** Ten years of ten minutes, as they would be without a leap day too many: 526,000 records. */
const TEN_YEARS = 526_000;

test("what is counted is the power that counts so; what is averaged is as it is", async () => {
  // 50 Wh in ten minutes are 300 W.
  const energy = await trendOf(stored([record(0, BEGIN, [50])]), {}, "Wh.import");
  assert.deepEqual(
    [energy.measure, energy.unit, energy.mean, energy.least, energy.most],
    ["W.import", "W", [300], [300], [300]],
  );
  const volts = await trendOf(stored([record(0, BEGIN, [231.5])]));
  assert.deepEqual([volts.measure, volts.unit, volts.mean], ["V.a", "V", [231.5]]);
});

test("records that are few are the points; what is missing between them lies between an end and a start", async () => {
  const records = [0, 1, 2, 9, 10].map((k, sequence) => record(sequence, BEGIN + k * TEN_MINUTES, [k]));
  const { starts, ends, mean } = await trendOf(stored(records));
  assert.deepEqual(mean, [0, 1, 2, 9, 10]);
  assert.deepEqual(
    starts.map((start, k) => [(start - BEGIN) / TEN_MINUTES, ((ends[k] ?? 0) - BEGIN) / TEN_MINUTES]),
    [0, 1, 2, 9, 10].map((k) => [k, k + 1]),
  );
});

test("nothing is known of a value that was not: neither zero nor a point of another record", async () => {
  const { mean, known } = await trendOf(stored([record(0, BEGIN, [undefined]), record(1, BEGIN + TEN_MINUTES, [5])]));
  assert.deepEqual(
    [mean, known],
    [
      [null, 5],
      [0, TEN_MINUTES],
    ],
  );
});

test("flagged records are told apart from the others of their point", async () => {
  const records = Array.from({ length: 6 }, (_, k) =>
    record(k, BEGIN + k * TEN_MINUTES, [k === 3 ? 40 : 230 + k], { status: k === 3 ? FLAGGED : 0 }),
  );
  const { least, mean, most, doubtful, known } = await trendOf(stored(records), { most: 1 });
  assert.deepEqual([least, most], [[230], [235]]);
  assert.deepEqual(mean, [Number(((230 + 231 + 232 + 234 + 235) / 5).toPrecision(7))]);
  assert.deepEqual(known, [5 * TEN_MINUTES]);
  assert.deepEqual(doubtful, [{ at: 0, least: 40, mean: 40, most: 40, known: TEN_MINUTES }]);
});

test("a record that is longer counts for longer in a mean, and one that took no time not at all", async () => {
  const records = [
    record(0, BEGIN, [10]),
    record(1, BEGIN + TEN_MINUTES, [99], { end: stamp(BEGIN + TEN_MINUTES) }),
    record(2, BEGIN + TEN_MINUTES, [40], { end: stamp(BEGIN + 3 * TEN_MINUTES) }),
  ];
  const { mean, most, records: count } = await trendOf(stored(records), { most: 1 });
  assert.deepEqual([mean, most, count], [[30], [40], 2]);
});

/** Some years of records with gaps, a clock that is set back now and then, flags and holes. */
const stories = fc.array(
  fc.record({
    skip: fc.oneof(
      { weight: 12, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: -40, max: 400 }) },
    ),
    value: fc.option(fc.integer({ min: -1000, max: 1000 }), { nil: undefined, freq: 15 }),
    flagged: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
  }),
  { minLength: 1, maxLength: 700 },
);

test("no extreme is lost, no record is told twice, and no point stands where nothing was, however pieces fall", async () => {
  await fc.assert(
    fc.asyncProperty(stories, fc.integer({ min: 1, max: 12 }), async (story, most) => {
      let at = BEGIN;
      const records = story.map(({ skip, value, flagged }, k) => {
        at += skip * TEN_MINUTES;
        const one = record(k, at, [value], { status: flagged ? FLAGGED : 0 });
        at += TEN_MINUTES;
        return one;
      });
      const {
        least,
        mean,
        most: greatest,
        known,
        doubtful,
        starts,
        ends,
        ...rest
      } = await trendOf(stored(records), { most });
      const outer = [records[0], records.at(-1)].filter((one) => one !== undefined);
      const from = Math.min(...outer.map(({ start }) => start.utc));
      const to = Math.max(...outer.map(({ end }) => end.utc));
      // A record of before the first or after the last instant belongs to no trend between them.
      const inTime = records.filter(({ start, end }) => end.utc > from && start.utc < to);
      const plain = inTime.filter(({ status, values: [value] }) => status === 0 && value !== undefined);
      const values = plain.map(({ values: [value = 0] }) => value);
      assert.equal(rest.records, inTime.length);
      assert.ok(starts.length <= most);
      const valued = <T>(list: readonly (T | null)[]): T[] => list.filter((one) => one !== null);
      if (values.length > 0) {
        assert.equal(Math.min(...valued(least)), Math.min(...values));
        assert.equal(Math.max(...valued(greatest)), Math.max(...values));
      }
      const sum = valued(mean.map((one, k) => (one === null ? null : one * (known[k] ?? 0)))).reduce(
        (a, b) => a + b,
        0,
      );
      const expected = values.reduce((a, b) => a + b, 0) * TEN_MINUTES;
      assert.ok(Math.abs(sum - expected) <= 1e-5 * values.length * 1000 * TEN_MINUTES, `${sum} ${expected}`);
      assert.equal(
        known.reduce((a, b) => a + b, 0),
        plain.length * TEN_MINUTES,
      );
      const flagged = inTime.filter(({ status, values: [value] }) => status !== 0 && value !== undefined);
      assert.equal(
        doubtful.reduce((all, one) => all + one.known, 0),
        flagged.length * TEN_MINUTES,
      );
      starts.forEach((start, k) => assert.ok((ends[k] ?? 0) > start));
    }),
    { numRuns: 300 },
  );
});

test("ten years of ten minutes are read once; after that a question reads a few records, and a spike of one is in its point", async () => {
  const spike = 300_123;
  const series = made(TEN_YEARS, (k) => record(k, BEGIN + k * TEN_MINUTES, [k === spike ? 400 : 230]));
  const { surface, read } = recorded(series, ["V.a"]);
  const trends = new Trends(turn);
  const answer = async (query: Partial<TrendQuery>): Promise<TrendView> => {
    const view = await trends.answer(surface, { ...asked, most: 1000, ...query });
    assert.ok(typeof view === "object");
    return view;
  };
  const all = await answer({});
  assert.ok(all.starts.length <= 1000);
  assert.equal(all.records, TEN_YEARS);
  assert.equal(all.most.filter((one) => one === 400).length, 1);
  assert.ok(read() < TEN_YEARS + 2000);
  await answer({});
  assert.ok(read() < 200, "of pieces only its ends are read");
  // Zooming in asks anew: a year, a month, a day.
  const around = BEGIN + spike * TEN_MINUTES;
  for (const [length, bound] of [
    [days(365), 2000],
    [days(30), 16 * 1000 + 2000],
    [days(1), 200],
  ] as const) {
    const part = await answer({ from: around - length / 2, to: around + length / 2 });
    assert.equal(Math.max(...part.most.map((one) => one ?? 0)), 400);
    const count = read();
    assert.ok(count < bound, `${count} records of ${length}`);
    assert.ok(part.starts.length <= 1000);
    // Nothing of what lies beside it, but for a part of a record.
    assert.ok((part.starts[0] ?? 0) > around - length / 2 - 9 * TEN_MINUTES);
    assert.ok((part.ends.at(-1) ?? 0) < around + length / 2 + 9 * TEN_MINUTES);
  }
  assert.equal((await answer({ from: around - days(1), to: around + days(1) })).starts.length, 288);
});

test("others are served between slices of a long series", async () => {
  let turns = 0;
  const trends = new Trends(async () => void turns++);
  const series = made(20_000, (k) => record(k, BEGIN + k * TEN_MINUTES, [k]));
  await trends.answer(recorded(series, ["V.a"]).surface, { ...asked, most: 10 });
  assert.ok(turns >= 20_000 / 500);
});

test("a series that grows is in the next answer, and one that began anew has nothing of before in it", async () => {
  const records = (count: number, value: number): ProfileRecord[] =>
    Array.from({ length: count }, (_, k) => record(k, BEGIN + k * TEN_MINUTES, [value]));
  const series = stored(records(400, 1));
  const { surface } = recorded(series, ["V.a"]);
  const trends = new Trends(turn);
  const most = async (): Promise<number> => {
    const view = await trends.answer(surface, { ...asked, most: 2 });
    assert.ok(typeof view === "object");
    return Math.max(...view.most.map((one) => one ?? 0));
  };
  assert.equal(await most(), 1);
  series.add(() => record(400, BEGIN + 400 * TEN_MINUTES, [7]));
  assert.equal(await most(), 7);
  series.clear();
  for (const one of records(450, 3))
    series.add(() => ({ ...one, start: stamp(one.start.utc + 1), end: stamp(one.end.utc + 1) }));
  assert.equal(await most(), 3);
});

test("what there is to be seen is listed with its ends; what there is not is said", async () => {
  const { surface } = recorded(stored([record(0, BEGIN, [1, 2])]), ["Wh.import", "V.a"]);
  assert.deepEqual(trendsOf(surface), {
    name: "m",
    series: [
      {
        series: "profile",
        number: 1,
        interval: 10,
        records: 1,
        from: BEGIN,
        to: BEGIN + TEN_MINUTES,
        channels: [
          { channel: 1, measure: "W.import", unit: "W", side: null },
          { channel: 2, measure: "V.a", unit: "V", side: null },
        ],
      },
    ],
  });
  const trends = new Trends(turn);
  assert.equal(await trends.answer(surface, { ...asked, number: 2 }), undefined);
  assert.match(String(await trends.answer(surface, { ...asked, channel: 3 })), /channel: expected one from 1 to 2/);
  assert.match(String(await trends.answer(surface, { ...asked, from: 5, to: 4 })), /not before from/);
});

test("an empty series has no points", async () => {
  const { starts, records } = await trendOf(stored([]));
  assert.deepEqual([starts, records], [[], 0]);
});
