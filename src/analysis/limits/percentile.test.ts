/** Nearest rank: the textbook's five values (ranks 1, 2, 2, 3, 5 of 15 20 35 40 50), and counts of a week and a day. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { knownCount, percentile, rankOf } from "./percentile.ts";

const five = Float64Array.of(35, 20, 15, 50, 40);

for (const [percent, value] of [
  [5, 15],
  [30, 20],
  [40, 20],
  [50, 35],
  [100, 50],
] as const) {
  test(`the ${percent}th percentile of 15, 20, 35, 40, 50 is ${value}`, () => {
    assert.equal(percentile(five, percent), value);
  });
}

test("of a week of 10 minutes 958 have to be within, of 84 values of Plt 80, of a day of 3 s 28,512", () => {
  assert.deepEqual(
    [rankOf(95, 1008), rankOf(95, 84), rankOf(99, 28_800), rankOf(99.5, 60_480)],
    [958, 80, 28_512, 60_178],
  );
});

test("where the share is a whole number the rank is it: no rounding of 0.95 or 0.07 makes it one more", () => {
  for (let n = 100; n <= 100_000; n += 100) {
    for (let p = 1; p <= 100; p++) assert.equal(rankOf(p, n), (p * n) / 100);
  }
});

test("what is not known does not count, and of nothing there is no percentile", () => {
  assert.equal(percentile(Float64Array.of(NaN, 3, NaN, 1, 2), 66), 2);
  assert.equal(knownCount(Float64Array.of(NaN, 3, NaN)), 1);
  assert.equal(percentile(Float64Array.of(NaN, NaN), 95), undefined);
  assert.equal(percentile(new Float64Array(0), 95), undefined);
});

test("every rank is what sorting says, of values that repeat, rise, fall, or are all the same", () => {
  const kinds: readonly ((k: number) => number)[] = [
    (k) => (k * 7919) % 101,
    (k) => k,
    (k) => -k,
    () => 4,
    (k) => k % 2,
  ];
  for (const kind of kinds) {
    const values = Float64Array.from({ length: 200 }, (_, k) => kind(k));
    const sorted = values.toSorted();
    for (let rank = 1; rank <= 200; rank++) assert.equal(percentile(values, rank / 2), sorted[rank - 1]);
  }
});

test("a percentile of 0 % or of 101 % is refused", () => {
  for (const percent of [0, -1, 101, NaN])
    assert.throws(() => rankOf(percent, 10), /expected more than 0 and at most 100/);
});

test("it is one of the values, at least so many are not above it, and of any smaller one they are fewer", () => {
  const value = fc.oneof(
    fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
    fc.constant(NaN),
    fc.integer({ min: 0, max: 5 }),
  );
  fc.assert(
    fc.property(fc.array(value, { maxLength: 60 }), fc.integer({ min: 1, max: 1000 }), (list, permille) => {
      const values = Float64Array.from(list);
      const known = list.filter((one) => !Number.isNaN(one));
      const found = percentile(values, permille / 10);
      if (known.length === 0) return found === undefined;
      const notAbove = (limit: number): number => known.filter((one) => one <= limit).length;
      const smaller = known.filter((one) => one < found!);
      const isEnough = (count: number): boolean => count * 1000 >= permille * known.length;
      return (
        known.includes(found!) && isEnough(notAbove(found!)) && (smaller.length === 0 || !isEnough(smaller.length))
      );
    }),
  );
});
