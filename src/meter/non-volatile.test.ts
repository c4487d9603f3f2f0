import assert from "node:assert/strict";
import { test } from "node:test";
import { recordOf } from "#store/memory-record.ts";
import { MemoryStore, placesOf } from "#store/store.ts";
import { NonVolatile } from "./non-volatile.ts";

test("a later version of a meter finds its runs by their names, in whatever order and of whatever length", () => {
  const drawer = new MemoryStore().drawer("m");
  const first = new NonVolatile(drawer);
  first.run("energies", 3).set([1.5, 2.5, 3.5]);
  // Longer than what is left of a block, and than a block.
  first.run("long", 300, NaN)[299] = 299;
  first.run("counts", 2, 7)[1] = 8;
  first.save();
  const second = new NonVolatile(drawer);
  assert.deepEqual([...second.run("counts", 3, 5)], [7, 8, 5]);
  assert.deepEqual([...second.run("new", 2, -1)], [-1, -1]);
  const long = second.run("long", 300);
  assert.deepEqual([long[0], long[299]], [NaN, 299]);
  assert.deepEqual([...second.run("energies", 2)], [1.5, 2.5]);
});

test("parts of a meter have runs of their own, and all of them before the first save", () => {
  const memory = new NonVolatile(new MemoryStore().drawer("m"));
  memory.run("energies", 1);
  assert.throws(() => memory.run("energies", 1), /energies comes too late, or twice/);
  memory.save();
  assert.throws(() => memory.run("late", 1), /late comes too late, or twice/);
});

test("what the format before kept as one record is taken over, and the record goes", () => {
  const drawer = new MemoryStore().drawer("m");
  drawer.put("memory", recordOf({ places: placesOf('{"energies":2,"gone":1}'), values: Float64Array.of(12.5, 7, 3) }));
  const memory = new NonVolatile(drawer);
  assert.deepEqual([...memory.run("energies", 2)], [12.5, 7]);
  memory.save();
  assert.equal(drawer.get("memory"), undefined);
  assert.deepEqual([...(drawer.numbers?.values ?? [])], [12.5, 7]);
});
