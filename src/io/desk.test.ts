/** Who waits at a desk waits by where he comes from. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Desk } from "./desk.ts";

/** A desk whose work ends when it is told to. */
function desk(room: { atOnce: number; waiting: number; each: number }) {
  const one = new Desk(room);
  const ends: (() => void)[] = [];
  const begun: string[] = [];
  const turnedAway: string[] = [];
  const come = (place: string): void => {
    const work = (): Promise<string> => {
      begun.push(place);
      return new Promise((resolve) => ends.push(() => resolve(place)));
    };
    void one.take(place, work).then((done) => done === undefined && turnedAway.push(place));
  };
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    one,
    begun,
    turnedAway,
    come,
    settled,
    async end() {
      ends.shift()?.();
      await settled();
    },
  };
}

test("places take turns, however many wait from one of them", async () => {
  const { one, begun, come, end, settled } = desk({ atOnce: 1, waiting: 100, each: 50 });
  for (let k = 0; k < 30; k++) come("crowd");
  come("mine");
  come("mine");
  come("other");
  await settled();
  assert.equal(one.waiting, 32);
  for (let k = 0; k < 7; k++) await end();
  assert.deepEqual(begun, ["crowd", "crowd", "mine", "other", "crowd", "mine", "crowd", "crowd"]);
});

test("a place fills no more than its share, and whoever is the first of his place finds room", async () => {
  const { one, begun, turnedAway, come, end, settled } = desk({ atOnce: 1, waiting: 6, each: 4 });
  for (let k = 0; k < 10; k++) come("crowd");
  await settled();
  assert.equal(turnedAway.length, 5, "one is worked on, four wait");
  come("b");
  come("c");
  await settled();
  assert.equal(one.waiting, 6);
  come("mine");
  await settled();
  assert.equal(one.waiting, 6, "it is no more than may wait");
  assert.equal(turnedAway.filter((place) => place === "crowd").length, 6, "the last of the crowd has gone for it");
  for (let k = 0; k < 4; k++) await end();
  assert.deepEqual(begun, ["crowd", "crowd", "b", "c", "mine"]);
});

test("where one waits from each place, the next is turned away, and the desk is free again at the end", async () => {
  const { one, begun, turnedAway, come, end, settled } = desk({ atOnce: 2, waiting: 3, each: 4 });
  for (const place of ["a", "b", "c", "d", "e", "f"]) come(place);
  await settled();
  assert.deepEqual(turnedAway, ["f"]);
  for (let k = 0; k < 5; k++) await end();
  assert.equal(one.waiting, 0);
  come("g");
  come("h");
  await settled();
  assert.deepEqual(begun, ["a", "b", "c", "d", "e", "g", "h"]);
});

test("work that fails gives its place back", async () => {
  const one = new Desk({ atOnce: 1, waiting: 1, each: 1 });
  await assert.rejects(
    one.take("a", () => Promise.reject(new Error("broken"))),
    /broken/,
  );
  assert.equal(await one.take("a", async () => 1), 1);
});
