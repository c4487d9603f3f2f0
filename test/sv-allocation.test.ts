/** What a stream of sampled values costs in memory: a process of its own, in which nothing else has made code slow. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { following, frameOf, settings } from "./sv-rig.ts";

test("nothing is made for a frame that comes, but numbers", () => {
  const { source, receiver } = following();
  const lent = new Uint8Array(frameOf(0).length);
  const frames = Array.from({ length: settings.rate }, (_, k) => frameOf(k));
  const second = (): void => {
    for (const frame of frames) {
      lent.set(frame);
      receiver.takeFrame(lent);
    }
  };
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error("the tests run with --expose-gc");
  for (let s = 0; s < 60; s++) {
    second();
    source.read(1);
  }
  collect();
  const before = process.memoryUsage().heapUsed;
  second();
  const octets = (process.memoryUsage().heapUsed - before) / settings.rate;
  assert.equal(source.counts.taken, 61 * settings.rate);
  // Twelve to sixteen octets a number, as many as the engine does not keep in registers; a view and an object are 160 more.
  assert.ok(octets < 100, `${octets} octets a frame`);
});
