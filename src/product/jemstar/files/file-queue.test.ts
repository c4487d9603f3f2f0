/** One file after another beside the loop: their order, how many wait, what cannot be written, the end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readPqdif, timeOf } from "#format/pqdif/pqdif.ts";
import { FileQueue, type FileJob } from "./file-queue.ts";

const MIB = 1 << 20;

function queueOf() {
  const kept: string[] = [];
  const failed: string[] = [];
  const bytes: Uint8Array[] = [];
  let rests = 0;
  const queue = new FileQueue({
    failed: (why) => void failed.push(why),
    rest: async () => {
      rests++;
      return false;
    },
  });
  const job = (name: string, weight = 1): FileJob => ({
    weight,
    *begin() {
      yield;
      // What PQDIF cannot say is refused when it is written.
      const created = name === "bad" ? undefined : timeOf(0);
      const keep = (found: Uint8Array): void => void (kept.push(name), bytes.push(found));
      return name === "none"
        ? undefined
        : { content: { container: { fileName: name, created }, observations: [] }, keep };
    },
  });
  return { queue, kept, failed, bytes, job, rests: () => rests };
}

test("files come in their order, after whoever handed them out has gone on; what leaves none leaves none", async () => {
  const { queue, kept, failed, bytes, job, rests } = queueOf();
  for (const name of ["a", "none", "b", "bad", "c"]) queue.add(job(name));
  assert.deepEqual(kept, []);
  await queue.idle;
  assert.deepEqual(kept, ["a", "b", "c"]);
  assert.equal(rests(), 1);
  assert.equal(failed.length, 1);
  assert.match(failed[0]!, /bad, container: expected created, which IEEE 1159.3 requires/);
  assert.equal((await readPqdif("x", bytes[2]!)).container.fileName, "c");
});

test("no more than 32 MiB wait: the oldest of more are written at once, and none is there twice", async () => {
  const { queue, kept, job } = queueOf();
  for (let k = 0; k < 1000; k++) {
    queue.add(job(`${k}`, MIB));
    assert.equal(kept.length, Math.max(0, k + 1 - 32));
  }
  await queue.idle;
  assert.deepEqual(
    kept,
    Array.from({ length: 1000 }, (_, k) => `${k}`),
  );
});

test("more than may wait while one is being written: that one is written at once, and not again", async () => {
  const { queue, kept, job } = queueOf();
  queue.add(job("first", 30 * MIB));
  // In the middle of its steps, or of being compressed.
  for (let k = 0; k < 5; k++) await Promise.resolve();
  queue.add(job("second", 30 * MIB));
  assert.deepEqual(kept, ["first"]);
  await queue.idle;
  assert.deepEqual(kept, ["first", "second"]);
});

test("an end writes all that waits, and nothing after it; a cold start forgets it", async () => {
  const stopped = queueOf();
  for (const name of ["a", "b"]) stopped.queue.add(stopped.job(name));
  stopped.queue.stop();
  assert.deepEqual(stopped.kept, ["a", "b"]);
  await stopped.queue.idle;
  assert.deepEqual(stopped.kept, ["a", "b"]);

  // Where the meter goes on after all, so does it.
  stopped.queue.resume();
  stopped.queue.add(stopped.job("c"));
  await stopped.queue.idle;
  assert.deepEqual(stopped.kept, ["a", "b", "c"]);

  const forgotten = queueOf();
  for (const name of ["a", "b"]) forgotten.queue.add(forgotten.job(name));
  await Promise.resolve();
  forgotten.queue.forget();
  await forgotten.queue.idle;
  assert.deepEqual(forgotten.kept, []);
  forgotten.queue.add(forgotten.job("c"));
  await forgotten.queue.idle;
  assert.deepEqual(forgotten.kept, ["c"]);
});
