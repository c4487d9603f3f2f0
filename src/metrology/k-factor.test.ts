import assert from "node:assert/strict";
import { test } from "node:test";
import { kFactor } from "./k-factor.ts";

test("the K factor: a sine has 1, each harmonic weighs its order squared, and direct current nothing", () => {
  assert.equal(kFactor([0, 7]), 1);
  assert.equal(kFactor([3, 7]), 1);
  // 100 A, 20 A of the 5th, 10 A of the 7th: (10000 + 25 x 400 + 49 x 100) / 10500 = 24900 / 10500.
  assert.equal(kFactor([50, 100, 0, 0, 0, 20, 0, 10]), 24_900 / 10_500);
});

test("no current has no K factor", () => {
  assert.equal(kFactor([0, 0, 0]), NaN);
});
