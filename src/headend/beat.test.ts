/** Meters that are read on a beat: on a clock that the test moves, with meters that take as long as the test says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { onBeat, readOnBeat, type Told } from "./beat.ts";
import { readNow, type MeterSource } from "./meter-source.ts";

/** What has been promised is kept before time goes on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Moves time millisecond by millisecond. */
async function pass(clock: VirtualClock, ms: number): Promise<void> {
  for (let k = 0; k < ms; k += 100) {
    clock.advance(100);
    await settled();
  }
}

function waiting(clock: VirtualClock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}

test("the beat does not drift, however long a reading takes within it", async () => {
  const clock = new VirtualClock();
  const starts: number[] = [];
  const took = [0, 900, 300, 0];
  const all = onBeat(
    clock,
    { intervalMs: 1000, count: 4 },
    async () => {
      starts.push(clock.elapsed());
      await waiting(clock, took[starts.length - 1] ?? 0);
    },
    () => assert.fail("none is missed"),
  );
  await pass(clock, 4000);
  await all;
  assert.deepEqual(starts, [0, 1000, 2000, 3000]);
});

test("beats that go by during a reading are said, and not caught up", async () => {
  const clock = new VirtualClock();
  const starts: number[] = [];
  const missed: number[] = [];
  const all = onBeat(
    clock,
    { intervalMs: 1000, count: 3 },
    async () => {
      starts.push(clock.elapsed());
      // 2.5 s from the first beat on: those of 1 and 2 s go by.
      await waiting(clock, starts.length === 1 ? 2500 : 0);
    },
    (beats) => missed.push(beats),
  );
  await pass(clock, 5000);
  await all;
  assert.deepEqual([starts, missed], [[0, 3000, 4000], [2]]);
});

test("a watch that is ended waits for no beat, and reads no more", async () => {
  const clock = new VirtualClock();
  const ending = new AbortController();
  let read = 0;
  const all = onBeat(
    clock,
    { intervalMs: 1000, count: Infinity, signal: ending.signal },
    async () => void read++,
    () => {},
  );
  await pass(clock, 1500);
  ending.abort();
  await all;
  await pass(clock, 2000);
  assert.equal(read, 2);
});

/** A meter that takes so long, and fails where it is told to. */
function meter(clock: VirtualClock, url: string, line: string, how: { ms: number; fails?: boolean }): MeterSource {
  return {
    url,
    line,
    async read() {
      log.push(`${url} asked at ${clock.elapsed()}`);
      await waiting(clock, how.ms);
      if (how.fails) throw new Error("silent");
      return readNow(clock, []);
    },
    close: () => Promise.resolve(),
  };
}
let log: string[] = [];

const told: Told = {
  taken: ({ url }) => void log.push(`${url} read`),
  failed: ({ url }) => void log.push(`${url} failed`),
  missed() {},
};

test("meters on one line are read one after the other, those on different lines at once; one that fails hides no other", async () => {
  log = [];
  const clock = new VirtualClock();
  const meters = [
    meter(clock, "a1", "a", { ms: 300, fails: true }),
    meter(clock, "a2", "a", { ms: 100 }),
    meter(clock, "b1", "b", { ms: 200 }),
  ];
  const all = readOnBeat(meters, { intervalMs: 1000, count: 1 }, told, clock);
  await pass(clock, 1000);
  await all;
  assert.deepEqual(log, ["a1 asked at 0", "b1 asked at 0", "b1 read", "a1 failed", "a2 asked at 300", "a2 read"]);
});

test("what is cut short by the end is no failure", async () => {
  log = [];
  const clock = new VirtualClock();
  const ending = new AbortController();
  const meters = [meter(clock, "a1", "a", { ms: 500, fails: true })];
  const all = readOnBeat(meters, { intervalMs: 1000, count: Infinity, signal: ending.signal }, told, clock);
  await pass(clock, 100);
  ending.abort();
  await all;
  await pass(clock, 1000);
  assert.deepEqual(log, ["a1 asked at 0"]);
});
