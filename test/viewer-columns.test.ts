/** What the viewer draws of recordings, against every sample looked at one by one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { eachRow, endOf, isJoined, nearest, rateTimes, rowAt, timeOf, type Times } from "#web/page/viewer/axis.ts";
import { columnsOf, planOf, type View } from "#web/page/viewer/columns.ts";
import { noExtremes, PyramidMaker, pyramidOf, takeExtremes, type Pyramid } from "#web/page/viewer/pyramid.ts";

/** Samples as recorders have them: some absent, some spikes. */
const samples = (most: number) =>
  fc.array(fc.oneof({ weight: 8, arbitrary: fc.double({ min: -1e5, max: 1e5, noNaN: true }) }, fc.constant(NaN)), {
    minLength: 1,
    maxLength: most,
  });

/** A pyramid of samples that come in pieces, whose buckets become wider where there are more than `most`. */
function made(values: readonly number[], pieces: readonly number[], most = Infinity, isHeld = true): Pyramid {
  const maker = new PyramidMaker();
  const all = Float64Array.from(values);
  if (!isHeld) maker.letGo();
  for (let at = 0, k = 0; at < all.length; k++) {
    const count = Math.min(all.length - at, Math.max(1, pieces[k % pieces.length] ?? 1));
    maker.add(all, at, count);
    while (maker.buckets > most) maker.widen();
    at += count;
  }
  return maker.done();
}

function extremes(values: readonly number[], from: number, to: number): readonly [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values.slice(Math.max(0, from), Math.max(0, to)).map(Math.fround)) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}

const pieces = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 });

test("the extremes of any run of samples are those of each of them", () => {
  fc.assert(
    fc.property(samples(3000), pieces, fc.nat(3000), fc.nat(3000), (values, parts, from, to) => {
      const one = takeExtremes(made(values, parts), from, to, noExtremes());
      assert.deepEqual([one.least, one.most], extremes(values, from, to));
    }),
    { numRuns: 300 },
  );
});

test("where samples are not held the extremes are those of whole buckets, however often these were made wider", () => {
  fc.assert(
    fc.property(samples(3000), pieces, fc.integer({ min: 4, max: 50 }), fc.nat(3000), (values, parts, most, from) => {
      const pyramid = made(values, parts, most, false);
      assert.equal(pyramid.samples, undefined);
      assert.ok((pyramid.levels[0]?.least.length ?? 0) <= most + 1);
      const to = from + 100;
      const one = takeExtremes(pyramid, from, to, noExtremes());
      const { base, count } = pyramid;
      const [first, end] = [Math.floor(from / base) * base, Math.ceil(Math.min(count, to) / base) * base];
      const expected = from < count ? extremes(values, first, end) : extremes([], 0, 0);
      assert.deepEqual([one.least, one.most], expected);
    }),
    { numRuns: 300 },
  );
});

/** Stretches of some rates, some of them after gaps, of so many samples together. */
function stretched(count: number, cuts: readonly (readonly [number, number, number])[]): Times {
  const stretches = [];
  let [row, at] = [0, 0];
  for (let k = 0; row < count; k++) {
    const [size, rate, gap] = cuts[k % cuts.length] ?? [count, 1000, 0];
    const own = Math.min(count - row, size);
    if (row > 0) at += gap / 100;
    stretches.push({ row, count: own, at, rate, follows: row > 0 && gap === 0 });
    row += own;
    at += own / rate;
  }
  return rateTimes(stretches);
}

const cuts = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 900 }), fc.constantFrom(50, 1000, 7200), fc.constantFrom(0, 0, 3, 250)),
  { minLength: 1, maxLength: 6 },
);

test("no sample is lost at any zoom: each column has the extremes of the samples whose times are in it", () => {
  fc.assert(
    fc.property(
      samples(3000),
      cuts,
      fc.double({ min: -0.2, max: 1, noNaN: true }),
      fc.double({ min: 1e-4, max: 1.5, noNaN: true }),
      fc.integer({ min: 1, max: 60 }),
      (values, parts, begin, wide, width) => {
        const times = stretched(values.length, parts);
        const all = endOf(times);
        const view: View = { from: begin * all, to: (begin + wide) * all };
        const plan = planOf(times, view, width);
        const { least, most } = columnsOf(pyramidOf(Float64Array.from(values)), plan);
        // Each sample is in the column of its time: sorted one by one.
        const expected = Array.from({ length: width }, () => [Infinity, -Infinity] as [number, number]);
        for (const [k, value] of values.entries()) {
          const x = columnOf(view, width, timeOf(times, k), plan.rows, k);
          const column = expected[x];
          if (column === undefined || Number.isNaN(value)) continue;
          column[0] = Math.min(column[0], Math.fround(value));
          column[1] = Math.max(column[1], Math.fround(value));
        }
        for (const [x, [low, high]] of expected.entries()) {
          assert.ok(low <= high ? least[x] === low : Number.isNaN(least[x]), `least of column ${x}`);
          assert.ok(low <= high ? most[x] === high : Number.isNaN(most[x]), `most of column ${x}`);
        }
      },
    ),
    { numRuns: 500 },
  );
});

/** The column of a time; of one that is at an edge but for rounding, that which has the sample. */
function columnOf({ from, to }: View, width: number, time: number, rows: Float64Array, row: number): number {
  const x = (width * (time - from)) / (to - from);
  const near = Math.round(x);
  const edge = from + ((to - from) * near) / width;
  // A millionth of the longest period.
  if (Math.abs(edge - time) > 2.1e-8 + 1e-12 * Math.abs(time)) return Math.floor(x);
  return row < (rows[near] ?? 0) ? near - 1 : near;
}

test("a time has as many samples before it as there are, and each sample is found at its own", () => {
  fc.assert(
    fc.property(cuts, fc.integer({ min: 1, max: 2000 }), (parts, count) => {
      const times = stretched(count, parts);
      for (let row = 0; row < count; row++) {
        const at = timeOf(times, row);
        assert.equal(rowAt(times, at), row);
        assert.equal(nearest(times, at), row);
      }
      const [first, end] = [Math.floor(count / 3), Math.ceil((2 * count) / 3)];
      const seen: unknown[] = [];
      eachRow(times, first, end, (...one) => seen.push(one));
      assert.deepEqual(
        seen,
        Array.from({ length: end - first }, (_, k) => [
          first + k,
          timeOf(times, first + k),
          isJoined(times, first + k),
        ]),
      );
    }),
    { numRuns: 50 },
  );
});

test("nothing is near a time within a gap, and lines are broken there", () => {
  const times = rateTimes([
    { row: 0, count: 100, at: 0, rate: 1000, follows: false },
    { row: 100, count: 100, at: 5, rate: 1000, follows: false },
    { row: 200, count: 50, at: 5.1, rate: 500, follows: true },
  ]);
  assert.equal(nearest(times, 2.5), undefined);
  assert.equal(nearest(times, 0.0504), 50);
  assert.equal(nearest(times, -0.5), undefined);
  assert.deepEqual(
    [0, 50, 100, 150, 200, 201].map((row) => isJoined(times, row)),
    [false, true, false, true, true, true],
  );
  const single: Times = {
    kind: "times",
    count: 4,
    times: Float64Array.of(0, 1, 60, 61),
    breaks: Float64Array.of(2),
  };
  assert.deepEqual(
    [nearest(single, 30), nearest(single, 60.4), isJoined(single, 2), isJoined(single, 3)],
    [undefined, 2, false, true],
  );
});

test("a spike of one sample in a million is in its column at every zoom, and few numbers are looked at for it", () => {
  const count = 1_000_000;
  const spike = 654_321;
  const values = Float64Array.from({ length: count }, (_, k) => Math.sin(k / 20));
  values[spike] = 7;
  const pyramid = pyramidOf(values);
  const times = rateTimes([{ row: 0, count, at: 0, rate: 10_000, follows: false }]);
  const width = 1200;
  for (let seconds = 100; seconds > 0.01; seconds /= 1.3) {
    const from = Math.max(0, spike / 10_000 - seconds / 3);
    const plan = planOf(times, { from, to: from + seconds }, width);
    const { most, touched } = columnsOf(pyramid, plan);
    const x = Math.floor((width * (spike / 10_000 - from)) / seconds);
    assert.ok(
      [x - 1, x, x + 1].some((one) => most[one] === 7),
      `${seconds} s`,
    );
    // At the ends of a column up to 31 samples and 15 buckets of each level on either side, not all 833 of it.
    assert.ok(touched <= width * 100, `${touched} numbers at ${seconds} s`);
  }
});
