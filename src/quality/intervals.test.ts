/** Intervals over hours of blocks whose values are known: figures of under- and over-deviation are those of pqopen-lib's own tests. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Aggregate, overDeviation, Pointers, underDeviation } from "./aggregate.ts";
import { Blocks } from "./blocks.ts";
import { How } from "./columns.ts";
import type { IntervalMinutes } from "#quantity/quality-view.ts";
import { type Interval, Intervals } from "./intervals.ts";
import { FakeGrid } from "#metrology/grid-fixture.ts";

const how = Uint8Array.of(How.squares, How.mean, How.degrees);

interface Ended extends Pick<Interval, "length" | "complete" | "utcStart" | "utcEnd"> {
  readonly count: number;
  readonly lost: number;
  readonly seconds: number;
  readonly flagged: boolean;
  readonly mean: readonly number[];
  readonly min: readonly number[];
  readonly max: readonly number[];
}

function collect(ended: Ended[]): (interval: Interval) => void {
  return ({ length, complete, utcStart, utcEnd, aggregate }) => {
    const { count, lost, seconds, flagged, mean, min, max } = aggregate;
    ended.push({
      length,
      complete,
      utcStart,
      utcEnd,
      count,
      lost,
      seconds,
      flagged,
      mean: [...mean],
      min: [...min],
      max: [...max],
    });
  };
}

/** Blocks of a line of `hz` over so many seconds whose values are made of the time at which they begin. */
function played(given: {
  readonly hz: number;
  readonly seconds: number;
  readonly utc: (at: number) => number;
  readonly minutes: readonly IntervalMinutes[];
  readonly value: (at: number) => number;
  readonly flagged?: (at: number) => boolean;
}): Ended[] {
  const { hz, seconds, utc, minutes, value, flagged } = given;
  const ended: Ended[] = [];
  const intervals = new Intervals(how, minutes, collect(ended));
  const cycles = hz < 55 ? 10 : 12;
  const blocks = new Blocks(cycles, utc, {
    measure: (block) => (block.flagged = flagged?.(block.at) ?? false),
    take: (block) => {
      const v = value(block.at);
      intervals.add(Float64Array.of(v, v, v), block);
    },
    giveUp: (block, why) => intervals.lose(block, why === "gap"),
  });
  const fake = new FakeGrid(2, hz);
  for (let k = 0; k < 2 * hz * seconds; k++) blocks.half(fake.make(() => 0));
  blocks.finish();
  intervals.finish();
  return ended;
}

const START = Date.UTC(2026, 10, 1, 11, 59, 30, 70);

test("two hours, across thirteen ticks: every interval has all its blocks, and no block is in two of one length", () => {
  // 30,282 or 30,283 cycles in ten minutes: no tick lies between two blocks.
  const hz = 50.4713;
  const value = (at: number): number => 230 + 10 * Math.sin(at / 97);
  const ended = played({ hz, seconds: 7300, utc: (at) => START + 1000 * at, minutes: [1, 3, 10, 120], value });
  const of = (length: Interval["length"]): Ended[] => ended.filter((each) => each.length === length);
  const tens = of(10);
  assert.equal(tens.length, 14);
  assert.equal(tens[0]!.complete, false, "began before the recording");
  for (const ten of tens.slice(1, 13)) {
    assert.ok(ten.complete, `${ten.count} blocks, ${ten.seconds} s`);
    // Of 600 s, to the end of the block that overlaps the tick; the first one began up to a cycle after its own.
    assert.equal(ten.count, 3029);
    assert.equal(ten.utcEnd - ten.utcStart, 600_000);
    // The root of the mean of squares over its ten minutes, from the integral.
    const [a, b] = [ten.utcStart, ten.utcEnd].map((utc) => (utc - START) / 1000 - 5 / hz) as [number, number];
    const squares = (t: number): number =>
      230 ** 2 * t - 2 * 230 * 10 * 97 * Math.cos(t / 97) + 100 * (t / 2 - (97 / 4) * Math.sin((2 * t) / 97));
    const expected = Math.sqrt((squares(b) - squares(a)) / 600);
    assert.ok(Math.abs(ten.mean[0]! - expected) < 0.01, `${ten.mean[0]} instead of ${expected}`);
    assert.ok(ten.min[0]! < 220.01 && ten.max[0]! > 239.99);
  }
  const hours = of(120).find(({ complete }) => complete);
  assert.ok(hours !== undefined);
  const twelve = tens.filter(({ utcStart }) => utcStart >= hours.utcStart && utcStart < hours.utcEnd);
  assert.equal(twelve.length, 12);
  assert.equal(
    hours.count,
    twelve.reduce((sum, { count }) => sum + count, 0),
  );
  assert.ok(Math.abs(hours.mean[0]! ** 2 - twelve.reduce((sum, { mean }) => sum + mean[0]! ** 2, 0) / 12) < 1e-8);
  assert.equal(hours.utcStart, Date.UTC(2026, 10, 1, 12));
  // Whole minutes: together they have every block once.
  const counted = (length: Interval["length"]): number => of(length).reduce((sum, { count }) => sum + count, 0);
  assert.equal(counted(1), counted(10));
  assert.equal(counted(3), counted(10));
  assert.equal(of(1).length, 123);
  // 15 blocks each. One overlaps each tick but the first one's, and the next begins anew with the block at the tick.
  const cycles = of("cycles");
  assert.ok(cycles.slice(0, -1).every(({ count, complete }) => count === 15 && complete));
  for (let tick = 1; tick <= 12; tick++) {
    const utc = Date.UTC(2026, 10, 1, 12) + (tick - 1) * 600_000;
    assert.equal(
      cycles.filter(({ utcStart }) => utcStart >= utc && utcStart < utc + 1000 / hz).length,
      1,
      `tick ${tick}`,
    );
    const overlap = cycles.filter(({ utcStart, utcEnd }) => utcStart < utc && utcEnd > utc + 1000 / hz);
    assert.equal(overlap.length, 1, `tick ${tick} is overlapped`);
  }
});

test("a flagged block flags its intervals, and no others", () => {
  const ended = played({
    hz: 60,
    seconds: 1300,
    utc: (at) => Date.UTC(2026, 0, 1) + 1000 * at,
    minutes: [5, 10],
    value: () => 1,
    flagged: (at) => at > 400 && at < 400.25,
  });
  const flagged = ended
    .filter((each) => each.flagged)
    .map(({ length, utcStart }) => [length, (utcStart - Date.UTC(2026, 0, 1)) / 1000]);
  assert.deepEqual(
    flagged.filter(([length]) => length !== "cycles"),
    [
      [5, 300],
      [10, 0],
    ],
  );
  assert.equal(flagged.filter(([length]) => length === "cycles").length, 1);
});

test("a clock that is set ends what is under way", () => {
  const ended = played({
    hz: 50,
    seconds: 201,
    // At 90 s it is set back by 20 s: the minute from 60 s on is cut, and begins anew.
    utc: (at) => Date.UTC(2026, 0, 1) + 1000 * (at < 90 ? at : at - 20),
    minutes: [1],
    value: (at) => at,
  });
  const minutes = ended.filter(({ length }) => length === 1);
  assert.deepEqual(
    minutes.map(({ utcStart, complete, count }) => [(utcStart - Date.UTC(2026, 0, 1)) / 60_000, complete, count]),
    [
      [0, true, 300],
      [1, false, 150],
      [1, false, 250],
      [2, true, 300],
      [3, false, 5],
    ],
  );
});

test("without UTC there are no minutes, and with none there is nothing of them", () => {
  const ended = played({ hz: 50, seconds: 10, utc: () => NaN, minutes: [1, 10, 120], value: () => 230 });
  assert.deepEqual([...new Set(ended.map(({ length }) => length))], ["cycles"]);
  assert.deepEqual(
    ended.map(({ count, complete }) => [count, complete]),
    [
      [15, true],
      [15, true],
      [15, true],
      [5, false],
    ],
  );
});

test("a gap ends the 150/180 cycles; a lost block is counted, and flags", () => {
  const ended: Ended[] = [];
  const intervals = new Intervals(how, [1], collect(ended));
  const at = (seconds: number, resync = false) => ({
    utc: 1000 * seconds,
    at: seconds,
    seconds: 0.2,
    flagged: false,
    resync,
  });
  const one = Float64Array.of(1, 1, 1);
  for (let k = 0; k < 5; k++) intervals.add(one, at(k / 5, k === 0));
  intervals.lose(at(1), false);
  for (let k = 6; k < 15; k++) intervals.add(one, at(k / 5));
  intervals.add(one, at(3));
  intervals.lose(at(3.2), true);
  intervals.add(one, at(20, true));
  intervals.add(one, at(60));
  assert.deepEqual(
    ended.map(({ length, count, lost, complete, flagged }) => [length, count, lost, complete, flagged]),
    [
      ["cycles", 14, 1, false, true],
      ["cycles", 1, 1, false, false],
      [1, 16, 2, false, true],
    ],
  );
});

test("lengths that are not multiples of one another, with a clock that was set: each interval is what its own blocks make of it", () => {
  const hz = 49.97;
  const seconds = 1500;
  const flagged = (at: number): boolean => at > 610 && at < 611;
  // The clock is set on by 1000 s after 700 s; of each seventh block nothing is known.
  const utc = (at: number): number => START + 1000 * at + (at > 700 ? 1_000_000 : 0);
  const value = (at: number): number => (Math.floor(5 * at) % 7 === 0 ? NaN : 100 + 70 * Math.sin(at / 31));
  for (const minutes of [[3, 4], [10, 15, 2], [5]] as const) {
    const ended = played({ hz, seconds, utc, minutes, value, flagged }).filter(({ length }) => length !== "cycles");
    const blocks: (readonly [at: number, utc: number])[] = [];
    played({ hz, seconds, utc, minutes: [], value: (at) => (blocks.push([at, utc(at)]), 0) });
    assert.ok(ended.length > minutes.length * 2 && blocks.length > 7000);
    assert.deepEqual(new Set(ended.map(({ length }) => length)), new Set(minutes));
    for (const { utcStart, utcEnd, length, count, lost, mean, min, max, flagged: isFlagged } of ended) {
      const own = blocks.filter(([, at]) => at >= utcStart && at < utcEnd).map(([at]) => at);
      const known = own.map(value).filter((v) => !Number.isNaN(v));
      assert.equal(count, own.length, `${length} minutes from ${new Date(utcStart).toISOString()}`);
      const sum = (f: (v: number) => number): number => known.reduce((total, v) => total + f(v), 0);
      const rad = Math.PI / 180;
      const expected = [
        Math.sqrt(sum((v) => v * v) / known.length),
        sum((v) => v) / known.length,
        Math.atan2(
          sum((v) => Math.sin(v * rad)),
          sum((v) => Math.cos(v * rad)),
        ) / rad,
      ];
      for (const [k, wanted] of expected.entries()) assert.ok(Math.abs(mean[k]! / wanted - 1) < 1e-12);
      assert.deepEqual([...new Set(min), ...new Set(max)], [Math.min(...known), Math.max(...known)]);
      // The block that was under way when the source ended is given up.
      assert.equal(isFlagged, own.some(flagged) || lost > 0);
    }
  }
});

test("a column is aggregated as it should be; what is absent in a block is in no mean", () => {
  const aggregate = new Aggregate(how);
  const pointers = new Pointers(how);
  for (const values of [Float64Array.of(3, 3, 170), Float64Array.of(NaN, NaN, NaN), Float64Array.of(4, 4, -160)]) {
    pointers.take(values);
    aggregate.add(values, pointers, 0.2, false);
  }
  aggregate.close();
  assert.ok(Math.abs(aggregate.mean[0]! - Math.sqrt(12.5)) < 1e-12);
  assert.equal(aggregate.mean[1], 3.5);
  assert.ok(Math.abs(aggregate.mean[2]! + 175) < 1e-9);
  assert.deepEqual([aggregate.min[0], aggregate.max[0], aggregate.count], [3, 4, 3]);
  aggregate.clear();
  aggregate.close();
  assert.deepEqual([aggregate.mean[0], aggregate.min[0], aggregate.max[0]], [NaN, NaN, NaN]);
});

test("under- and over-deviation: 5 of 10 values at 78.75 % and 119.17 % are 10 %, as pqopen-lib's own tests expect it", () => {
  for (const [value, expected] of [
    [0.7875, [10, 0]],
    [1.1917, [0, 10]],
  ] as const) {
    const two = Uint8Array.of(How.squares, How.squares);
    const aggregate = new Aggregate(two);
    for (let k = 0; k < 10; k++) {
      const u = k < 5 ? value : 1;
      aggregate.add(Float64Array.of(Math.min(u, 1), Math.max(u, 1)), new Pointers(two), 0.2, false);
    }
    aggregate.close();
    assert.ok(Math.abs(underDeviation(aggregate.mean[0]!, 1) - expected[0]) < 0.005);
    assert.ok(Math.abs(overDeviation(aggregate.mean[1]!, 1) - expected[1]) < 0.005);
  }
});
