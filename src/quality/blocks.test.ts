import assert from "node:assert/strict";
import { test } from "node:test";
import { type Block, Blocks, type BlockTaker } from "./blocks.ts";
import { FakeGrid } from "#metrology/grid-fixture.ts";

/** What a taker was told, one line each: when it was measured, when it was handed out. */
function recorded(): BlockTaker & { readonly told: string[] } {
  const told: string[] = [];
  const name = ({ at, seconds, missing, flagged, resync }: Block): string =>
    `${at.toFixed(3)}+${seconds.toFixed(3)}${missing === 0 ? "" : ` missing ${missing}`}${flagged ? " flagged" : ""}${resync ? " resync" : ""}`;
  return {
    told,
    measure: (block, half) => told.push(`measure ${name(block)} at ${half.index}`),
    take: (block) => told.push(`take ${name(block)}`),
    giveUp: (block, why) => told.push(`${why} ${name(block)}`),
  };
}

const silence = (): number => 0;
const nobodyKnows = (): number => NaN;

function run(fake: FakeGrid, blocks: Blocks, halves: number, missing = 0): void {
  for (let k = 0; k < halves; k++) blocks.half(fake.make(silence, missing));
}

test("blocks follow one another, and are handed out a cycle after they end", () => {
  const taker = recorded();
  const fake = new FakeGrid(8, 50);
  const blocks = new Blocks(10, nobodyKnows, taker);
  run(fake, blocks, 42);
  assert.deepEqual(taker.told, [
    "measure 0.000+0.200 resync at 19",
    "take 0.000+0.200 resync",
    "measure 0.200+0.200 at 39",
    "take 0.200+0.200",
  ]);
});

test("at ten minutes of UTC a new block begins with the next cycle, and the old one overlaps it", () => {
  const taker = recorded();
  const fake = new FakeGrid(8, 60);
  // The tick is at 0.25 s: the cycle that begins there is the one at 15 cycles.
  const blocks = new Blocks(12, (at) => 1_000 * at + 600_000 - 250, taker);
  run(fake, blocks, 24 * 3 + 8);
  assert.deepEqual(taker.told, [
    "measure 0.000+0.200 resync at 23",
    "take 0.000+0.200 resync",
    "measure 0.200+0.200 at 47",
    "take 0.200+0.200",
    "measure 0.250+0.200 resync at 53",
    "take 0.250+0.200 resync",
    "measure 0.450+0.200 at 77",
    "take 0.450+0.200",
  ]);
});

test("a tick between two cycles is that of the one after it", () => {
  const taker = recorded();
  const fake = new FakeGrid(8, 50);
  run(fake, new Blocks(10, (at) => 1_000 * at - 61, taker), 40);
  assert.deepEqual(
    taker.told.filter((line) => line.startsWith("measure")),
    ["measure 0.000+0.200 resync at 19", "measure 0.080+0.200 resync at 27"],
  );
});

test("a gap gives up what is under way, and the next block begins with a rising crossing", () => {
  const taker = recorded();
  const fake = new FakeGrid(8, 50);
  const blocks = new Blocks(10, nobodyKnows, taker);
  run(fake, blocks, 23);
  fake.skip(1);
  // Half cycle 123 begins at a falling crossing.
  blocks.half(fake.make(silence).but({ joined: false }));
  run(fake, blocks, 21);
  blocks.finish();
  assert.deepEqual(taker.told, [
    "measure 0.000+0.200 resync at 19",
    "take 0.000+0.200 resync",
    "gap 0.200+0.030",
    "measure 1.240+0.200 resync at 143",
    "take 1.240+0.200 resync",
    "ended 1.440+0.010",
  ]);
});

test("a half cycle that is none is in no block", () => {
  const taker = recorded();
  const fake = new FakeGrid(8, 50);
  const blocks = new Blocks(10, nobodyKnows, taker);
  run(fake, blocks, 5);
  blocks.half(fake.make(silence).but({ uneven: true }));
  run(fake, blocks, 22);
  assert.deepEqual(taker.told, [
    "realigned 0.000+0.050 resync",
    "measure 0.060+0.200 resync at 25",
    "take 0.060+0.200 resync",
  ]);
});

test("what is missing is missing in the whole block, and only there", () => {
  const taker = recorded();
  const fake = new FakeGrid(8, 50);
  const blocks = new Blocks(10, nobodyKnows, taker);
  run(fake, blocks, 20);
  run(fake, blocks, 1, 0b10);
  run(fake, blocks, 1, 0b1000);
  run(fake, blocks, 40);
  assert.deepEqual(
    taker.told.filter((line) => line.startsWith("take")),
    ["take 0.000+0.200 resync", "take 0.200+0.200 missing 10", "take 0.400+0.200"],
  );
});

test("a disturbance flags every block that it was in, also one that had ended when it was known", () => {
  const taker = recorded();
  const fake = new FakeGrid(8, 50);
  const blocks = new Blocks(10, nobodyKnows, taker);
  run(fake, blocks, 21);
  // One cycle from 0.195 s on is known half a cycle after the block has ended.
  blocks.disturb(0.195, 0.215);
  run(fake, blocks, 20);
  blocks.disturb(0.4, 0.42);
  run(fake, blocks, 21);
  assert.deepEqual(
    taker.told.filter((line) => line.startsWith("take")),
    ["take 0.000+0.200 flagged resync", "take 0.200+0.200 flagged", "take 0.400+0.200 flagged"],
  );
  const calm = recorded();
  const others = new FakeGrid(8, 50);
  const later = new Blocks(10, nobodyKnows, calm);
  run(others, later, 21);
  later.disturb(0.2, 0.22);
  run(others, later, 1);
  assert.deepEqual(calm.told.slice(1), ["take 0.000+0.200 resync"]);
});
