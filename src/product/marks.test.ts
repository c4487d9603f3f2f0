/** Marks of readers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStore } from "#store/store.ts";
import { Marks } from "./marks.ts";

test("each reader has a mark of its own in each series, which looking does not move, and a restart keeps", () => {
  const store = new MemoryStore().drawer("m");
  const marks = new Marks(store);
  assert.equal(marks.mark("billing", "profile 1", 96), 96);
  assert.equal(marks.mark("billing", "profile 1"), 96);
  assert.equal(marks.mark("billing", "profile 1"), 96);
  assert.deepEqual([marks.mark("billing", "profile 2"), marks.mark("scada", "profile 1")], [0, 0]);
  assert.equal(new Marks(store).mark("billing", "profile 1"), 96);
});

test("a reader may go back, and what was moved longest ago goes when there are too many", () => {
  const marks = new Marks(new MemoryStore().drawer("m"));
  marks.mark("first", "profile 1", 5);
  marks.mark("second", "profile 1", 6);
  marks.mark("first", "profile 1", 4);
  for (let k = 0; k < 255; k++) marks.mark(`reader ${k}`, "profile 1", k + 1);
  assert.deepEqual([marks.mark("first", "profile 1"), marks.mark("second", "profile 1")], [4, 0]);
});

test("where a series begins anew every reader is at its beginning, after a restart as well, and elsewhere where he was", () => {
  const store = new MemoryStore().drawer("m");
  const marks = new Marks(store);
  marks.mark("billing", "profile 1", 96);
  marks.mark("scada", "profile 1", 40);
  marks.mark("billing", "log alarm", 7);
  marks.forget((series) => series.startsWith("profile"));
  for (const one of [marks, new Marks(store)]) {
    assert.deepEqual(
      [one.mark("billing", "profile 1"), one.mark("scada", "profile 1"), one.mark("billing", "log alarm")],
      [0, 0, 7],
    );
  }
});
