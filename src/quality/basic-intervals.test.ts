import assert from "node:assert/strict";
import { test } from "node:test";
import { CycleMeter } from "#metrology/cycle-meter.ts";
import { wirings } from "#quantity/wiring.ts";
import { BasicIntervals } from "./basic-intervals.ts";
import type { Interval } from "./intervals.ts";
import { FakeGrid } from "#metrology/grid-fixture.ts";

test("a minute of one-cycle values each half cycle: 7,200 at 60 Hz, their arithmetic mean, and the least of them", () => {
  const wiring = wirings.wye;
  const fake = new FakeGrid(16, 60);
  const meter = new CycleMeter(fake, { wiring, reactive: "shifted" });
  const ended: {
    length: Interval["length"];
    count: number;
    complete: boolean;
    mean: number[];
    min: number[];
    max: number[];
  }[] = [];
  const basic = new BasicIntervals(
    wiring,
    60,
    [1],
    // Half a millisecond: a half cycle that begins at the tick is after it.
    (at) => 1000 * at + 0.5,
    ({ length, complete, aggregate: { count, mean, min, max } }) =>
      ended.push({ length, complete, count, mean: [...mean], min: [...min], max: [...max] }),
  );
  // Phase b: 100 V, and 80 V for the last 15 of 60 seconds, from a crossing on; a 120, c 110.
  const level = (c: number, t: number): number => [120, t % 60 >= 45 ? 80 : 100, 110, 3, 4, 5][c]!;
  const signal = (c: number, t: number): number =>
    Math.SQRT2 * level(c, t + 1e-9) * Math.sin(2 * Math.PI * 60 * t - ((c % 3) * 2 * Math.PI) / 3);
  for (let k = 0; k < 2 * 60 * 121; k++) {
    fake.make(signal);
    const stands = meter.half();
    basic.half(fake, meter.values, stands > 0);
  }
  basic.finish();
  const minutes = ended.filter(({ length }) => length === 1);
  assert.deepEqual(
    minutes.map(({ count, complete }) => [count, complete]),
    [
      [7199, true],
      [7200, true],
      [120, false],
    ],
  );
  const second = minutes[1]!;
  assert.ok(Math.abs(second.mean[0]! - 120) < 1e-9);
  // Three quarters at 100 and one at 80, not the root of the mean of squares (95.4); the cycles that have both are two of 7,200.
  assert.ok(Math.abs(second.mean[1]! - 95) < 0.01, `${second.mean[1]}`);
  assert.ok(Math.abs(second.min[1]! - 80) < 1e-9 && Math.abs(second.max[1]! - 100) < 1e-9);
  // The largest deviation from the mean: 110 is the mean of 120, 100, 110; later 80 of 103.33.
  const u = second.mean[9]!;
  assert.ok(Math.abs(u - (0.75 * (1000 / 110) + (0.25 * (100 * (310 / 3 - 80))) / (310 / 3))) < 0.01, `${u}`);
  assert.ok(Math.abs(second.mean[10]! - 25) < 1e-9);
  const cycles = ended.filter(({ length }) => length === "cycles");
  assert.ok(cycles.slice(0, -1).every(({ count }) => count === 360));
  assert.equal(cycles.length, Math.ceil((2 * 60 * 121 - 1) / 360));
});
