/** What was acknowledged is done once: after a power failure, and where the record that says that it was done is damaged. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStore } from "#store/store.ts";
import { CommandQueue } from "./command-queue.ts";

const namesOf = (queue: CommandQueue): readonly unknown[] => queue.take().map(({ what }) => what);

test("what waited when the power failed is done by the next start, as long as no cycle has ended since", () => {
  const store = new MemoryStore().drawer("m");
  const measured = new Float64Array([1.5, 0, 250]);
  const first = new CommandQueue(store, {}, { measured });
  first.add("clearEnergy", 0);
  first.add("clearPulses", 0);
  assert.deepEqual(namesOf(new CommandQueue(store, {}, { measured: measured.slice() })), [
    "clearEnergy",
    "clearPulses",
  ]);
  assert.deepEqual(namesOf(new CommandQueue(store, {}, { measured })), [], "taken is done");
});

test("what the store says to wait, but was measured past, has been done: it is not done again", () => {
  const store = new MemoryStore().drawer("m");
  const measured = new Float64Array([1.5, 0, 250]);
  new CommandQueue(store, {}, { measured }).add("clearEnergy", 0);
  measured[2] = 250.25;
  const again = new CommandQueue(store, {}, { measured });
  assert.deepEqual(namesOf(again), []);
  again.add("clearEnergy", 0);
  assert.deepEqual(namesOf(new CommandQueue(store, {}, { measured })), ["clearEnergy"]);
});

test("what was acknowledged waits on where the numbers of the store are older than it", () => {
  const store = new MemoryStore().drawer("m");
  const measured = new Float64Array([1.5, 0, 250]);
  new CommandQueue(store, {}, { measured }).add("clearEnergy", 0);
  measured[2] = 249.75;
  assert.deepEqual(namesOf(new CommandQueue(store, {}, { measured })), ["clearEnergy"]);
});

test("what an earlier version left waiting is done", () => {
  const store = new MemoryStore().drawer("m");
  store.put("commands", new TextEncoder().encode("clearEnergy resetMaxDemand"));
  const queue = new CommandQueue(store, {}, { measured: new Float64Array([7]) });
  assert.deepEqual(new Set(namesOf(queue)), new Set(["clearEnergy", "resetMaxDemand"]));
});
