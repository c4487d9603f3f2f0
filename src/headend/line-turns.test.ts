import assert from "node:assert/strict";
import { test } from "node:test";
import { LineTurns } from "./line-turns.ts";

/** What asks on a line, and when it may go on. */
function asking() {
  const turns = new LineTurns();
  const under: string[] = [];
  const goOn = new Map<string, () => void>();
  const ask = (line: string, who: string, fails = false): Promise<void> =>
    turns.take(line, async () => {
      under.push(who);
      await new Promise<void>((resolve) => goOn.set(who, resolve));
      under.splice(under.indexOf(who), 1);
      if (fails) throw new Error(who);
    });
  const end = async (who: string): Promise<void> => {
    goOn.get(who)?.();
    for (let k = 0; k < 10; k++) await Promise.resolve();
  };
  return { ask, end, under };
}

test("on one line one asks after the other, in the order in which they came; on another line nobody waits", async () => {
  const { ask, end, under } = asking();
  const all = [ask("bus", "a"), ask("bus", "b"), ask("gateway", "c"), ask("bus", "d")];
  assert.deepEqual(under, ["a", "c"]);
  await end("a");
  assert.deepEqual(under, ["c", "b"]);
  await end("b");
  assert.deepEqual(under, ["c", "d"]);
  await end("c");
  await end("d");
  await Promise.all(all);
});

test("whoever fails on a line lets the next one ask, and hears of it himself", async () => {
  const { ask, end, under } = asking();
  const first = ask("bus", "a", true);
  const second = ask("bus", "b");
  const failed = assert.rejects(first, /^Error: a$/);
  await end("a");
  await failed;
  assert.deepEqual(under, ["b"]);
  await end("b");
  await second;
});
