import assert from "node:assert/strict";
import { test } from "node:test";
import { Absences } from "./absences.ts";

test("a reason that goes on is one absence, also where it says how long it has gone on", () => {
  const absences = new Absences();
  for (let second = 5; second < 10; second++) {
    absences.add(second, second + 1, `a gap: nothing has been sampled for ${second - 4}.0 s`);
    absences.add(second, second + 1, "Pst and Plt: none has ended since measuring began");
  }
  absences.add(30, 31, "a gap: nothing has been sampled for 1.0 s");
  assert.deepEqual(absences.list, [
    { from: 5, to: 10, reason: "a gap: nothing has been sampled for 5.0 s" },
    { from: 5, to: 10, reason: "Pst and Plt: none has ended since measuring began" },
    { from: 30, to: 31, reason: "a gap: nothing has been sampled for 1.0 s" },
  ]);
});

test("reasons that differ otherwise are not one", () => {
  const absences = new Absences();
  absences.add(0, 1, "orders above 35: the source's rate does not carry them");
  absences.add(1, 2, "orders above 17: the source's rate does not carry them");
  assert.equal(absences.list.length, 2);
});

test("absences beyond those that are kept are counted", () => {
  const absences = new Absences();
  for (let k = 0; k < 1003; k++) absences.add(10 * k, 10 * k + 1, "missing");
  assert.equal(absences.list.length, 1000);
  assert.deepEqual(absences.left, ["3 absences beyond the first 1000 are not kept"]);
});
