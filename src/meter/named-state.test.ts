/** Named numbers of non-volatile memory. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { namedState } from "./named-state.ts";

const Peak = namedState("value", "at");

test("names are places of the run that they were made on", () => {
  const run = Float64Array.of(3600, NaN, 7);
  const peak = new Peak(run);
  assert.equal(Peak.size, 2);
  assert.equal(peak.value, 3600);
  peak.at = 5;
  assert.deepEqual([...run], [3600, 5, 7]);
  run[0] = 1800;
  assert.equal(peak.value, 1800);
});

test("two of a kind do not share their numbers", () => {
  const [one, other] = [new Peak(new Float64Array(2)), new Peak(new Float64Array(2))];
  one.value = 1;
  assert.equal(other.value, 0);
});
