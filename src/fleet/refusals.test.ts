/** What peers were refused is told so that nobody is flooded, whatever it was. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "#quantity/limits.ts";
import { textOf } from "./notice.ts";
import { Refusals } from "./refusals.ts";

test("of many refusals the first are told one by one, then how many more there were", () => {
  for (const [more, says] of [
    [0, undefined],
    [1, "and 1 more was refused"],
    [3, "and 3 more were refused"],
  ] as const) {
    const refusals = new Refusals();
    const told: string[] = [];
    refusals.told = (notice) => told.push(textOf(notice));
    for (let k = 0; k < limits.people.refusalsTold + more; k++)
      refusals.add({ level: "warn", words: "web: refused a log-in of ann: wrong" });
    refusals.beat();
    assert.equal(told[0], "web: refused a log-in of ann: wrong");
    assert.equal(told[limits.people.refusalsTold], says);
    // The next heartbeat has nothing to add.
    refusals.beat();
    assert.equal(told.length, limits.people.refusalsTold + (more === 0 ? 0 : 1));
  }
});
