/** A meter's source that is a stream of sampled values: what it makes of what comes, and of what does not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { quality } from "#protocol/iec61850/sv/quality.ts";
import { SampleOrder } from "#protocol/iec61850/sv/sample-order.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";
import { following, frameOf, keptOf, type Sent } from "./sv-rig.ts";

const ALL = 0x3f;

function sends(rig: ReturnType<typeof following>, counts: readonly number[], sent: Sent = {}): void {
  for (const count of counts) rig.receiver.takeFrame(frameOf(count, sent));
}

test("samples come out as they came, in primary volts and amps", () => {
  const rig = following();
  rig.clock.advance(1);
  sends(rig, [0, 1, 2]);
  const [first, ...others] = keptOf(rig.source.read(0.001));
  assert.deepEqual(others, []);
  const run = { ...first, at: Math.round(1e9 * (first?.at ?? NaN)) };
  assert.deepEqual(run, {
    count: 3,
    rate: 4000,
    at: 0,
    joined: false,
    missing: undefined,
    va: [4, 104, 204],
    ib: [1, 101, 201],
  });
  rig.clock.advance(1);
  sends(rig, [3]);
  const [next] = keptOf(rig.source.read(0.001));
  assert.deepEqual([next?.joined, next?.va, next?.at.toFixed(9)], [true, [304], "0.000750000"]);
  assert.equal(rig.source.read(0.001).length, 0);
});

test("lost samples are missing, counted and told, and nothing stands in their place", () => {
  const rig = following();
  sends(rig, [10, 11, 14, 15]);
  const [run] = keptOf(rig.look());
  assert.deepEqual(run?.missing, [0, 0, ALL, ALL, 0, 0]);
  assert.deepEqual(run?.va, [1004, 1104, 0, 0, 1404, 1504]);
  assert.deepEqual(rig.source.order, { lost: 2, gaps: 1, jumps: 0 });
  assert.deepEqual(rig.told, ["samples were lost: 2 so far"]);
});

test("a frame that comes late is put where it belongs, unless the meter has been there", () => {
  const rig = following();
  sends(rig, [0, 1, 3, 2, 4, 2]);
  assert.deepEqual(keptOf(rig.look())[0]?.va, [4, 104, 204, 304, 404]);
  assert.deepEqual([rig.source.order.lost, rig.source.counts.late, rig.source.counts.duplicates], [0, 1, 1]);
  sends(rig, [6]);
  rig.look();
  sends(rig, [5, 7]);
  const [run] = keptOf(rig.look());
  assert.deepEqual([run?.va, rig.source.order.lost, rig.source.counts.duplicates], [[704], 1, 2]);
});

test("the count begins again each second, and loses what is lost over that", () => {
  const rig = following();
  sends(rig, [3998, 3999, 0, 2]);
  const [run] = keptOf(rig.look());
  assert.deepEqual(run?.missing, [0, 0, 0, ALL, 0]);
});

test("a stream that stops and comes again is two stretches, with the time between them", () => {
  const rig = following();
  sends(rig, [0, 1]);
  rig.clock.advance(3000);
  rig.source.read(3);
  sends(rig, [0, 1]);
  const [run] = keptOf(rig.source.read(0.1));
  assert.deepEqual([run?.joined, run?.at, run?.count], [false, 3, 2]);
  // 3 seconds less the two samples that came.
  assert.deepEqual(rig.source.order, { lost: 11_998, gaps: 1, jumps: 0 });
});

test("a counter that is set begins a stretch, and nothing was lost", () => {
  const forward = following();
  sends(forward, [0, 1, 2000, 2001]);
  assert.deepEqual(
    keptOf(forward.look()).map(({ joined, va }) => [joined, va.length]),
    [
      [false, 2],
      [false, 2],
    ],
  );
  assert.deepEqual(forward.source.order, { lost: 0, gaps: 0, jumps: 1 });
  // Back by 25 ms: as if everything came again, until nobody can believe that.
  const back = following();
  const all = Array.from({ length: 200 }, (_, k) => k);
  sends(back, all);
  sends(back, all.slice(100));
  assert.deepEqual([back.source.order.jumps, back.source.counts.duplicates], [1, 31]);
});

test("what is invalid, or a test, has no sample; what is questionable has, and is not sure", () => {
  const rig = following();
  sends(rig, [0], { quality: { 4: quality.invalid, 1: quality.test, 6: 1 } });
  const [run] = keptOf(rig.look());
  // va, vc, ib.
  assert.deepEqual([run?.missing, run?.va, run?.ib], [[0b010101], [0], [0]]);
  assert.equal(rig.source.takeDoubt(), false);
  sends(rig, [1], { quality: { 4: quality.questionable | quality.inaccurate } });
  assert.deepEqual(keptOf(rig.look())[0]?.missing, undefined);
  assert.deepEqual([rig.source.takeDoubt(), rig.source.takeDoubt()], [true, false]);
  sends(rig, [2], { synchronised: 0 });
  assert.equal(rig.source.takeDoubt(), true);
  const tests = following({ test: true });
  sends(tests, [0], { quality: { 4: quality.test } });
  assert.deepEqual(keptOf(tests.look())[0]?.va, [4]);
});

test("a second stream of the same name is told, and followed only when the first is gone", () => {
  const rig = following();
  sends(rig, [0, 1]);
  sends(rig, [77, 78, 2], { sender: 9 });
  sends(rig, [2]);
  assert.deepEqual(keptOf(rig.look())[0]?.va, [4, 104, 204]);
  assert.equal(rig.source.counts.foreign, 3);
  assert.deepEqual(rig.told, [
    "a second stream of that name comes from 02-00-00-00-00-09; that of 02-00-00-00-00-01 is followed",
  ]);
  rig.clock.advance(600);
  rig.source.read(0.6);
  sends(rig, [2400], { sender: 9 });
  assert.deepEqual(keptOf(rig.look())[0]?.joined, false);
  assert.equal(rig.told[1], "it comes from 02-00-00-00-00-09 now, before from 02-00-00-00-00-01");
});

test("what is configured otherwise is not taken, and the meter says why nothing comes", () => {
  const kinds: readonly (readonly [sent: Sent, count: number, why: string])[] = [
    [{ appId: 0x4001 }, 0, "its APPID is 16385, expected 16384"],
    [{ revision: 2 }, 0, "its configuration revision is 2, expected 1"],
    [{ simulated: true }, 0, "it is a simulation"],
    [{ size: 48 }, 0, "its values take 48 octets, expected 64"],
    [{ rate: 4800, mode: 1 }, 0, "it has 4800 samples a second, expected 4000"],
    [{}, 4100, "its counts are of 4101 samples a second or more, expected 4000"],
  ];
  for (const [sent, count, why] of kinds.slice(0, 5)) {
    const rig = following({ appId: 0x4000, revision: 1 });
    assert.equal(rig.source.silence, "nothing has come of MU01");
    sends(rig, [count], sent);
    assert.deepEqual([rig.source.silence, rig.look().length, rig.source.counts.misfit], [why, 0, 1]);
    assert.deepEqual(rig.told, [why]);
  }
  const rig = following();
  rig.receiver.takeFrame(frameOf(4100, {}, 5000));
  assert.equal(rig.source.silence, "its counts are of 4101 samples a second or more, expected 4000");
});

for (const [is, expected, before] of [
  // The first second of it is not known to be another's until it is over, nor the second one that is short.
  [4800, 4000, 4000],
  [4000, 4800, 8000],
] as const)
  test(`a stream of ${is} samples a second is not taken where ${expected} are expected, until it is of ${expected}`, () => {
    const rig = following({ rate: expected });
    const pass = (rate: number, seconds: number): void => {
      for (let k = 0; k < rate * seconds; k++) {
        if (k > 0) rig.clock.advance(1000 / rate);
        sends(rig, [k % rate]);
        if (k % 1000 === 0) rig.source.read(0.25);
      }
    };
    const sends = (_: unknown, [count = 0]: readonly number[]): boolean =>
      rig.receiver.takeFrame(frameOf(count, {}, Math.max(is, expected)));
    pass(is, 6);
    assert.equal(rig.source.counts.taken, before);
    const more = is > expected ? " or more" : "";
    assert.equal(rig.source.silence, `its counts are of ${is} samples a second${more}, expected ${expected}`);
    pass(expected, 4);
    // A second and a half after the last that was another's.
    assert.ok(rig.source.counts.taken >= before + 2 * expected, String(rig.source.counts.taken));
    assert.equal(rig.source.silence, undefined);
  });

test("a single count that cannot be ends nothing", () => {
  const rig = following();
  sends(rig, [10, 11]);
  rig.receiver.takeFrame(frameOf(4100, {}, 5000));
  sends(rig, [12]);
  assert.deepEqual([rig.source.order, rig.source.counts.taken], [{ lost: 0, gaps: 0, jumps: 0 }, 3]);
});

test("time is the stream's where the whole world's clock keeps it, and arrival's elsewhere", () => {
  const rig = following();
  rig.source.read(0);
  rig.clock.advance(1020);
  // Sampled at 10:00:01.000, come 20 ms later.
  sends(rig, [0]);
  assert.equal(keptOf(rig.source.read(1.02))[0]?.at.toFixed(6), "1.000000");
  const local = following();
  local.source.read(0);
  local.clock.advance(1020);
  sends(local, [0], { synchronised: 1 });
  local.clock.advance(10);
  assert.equal(keptOf(local.source.read(1.03))[0]?.at.toFixed(6), "1.020000");
});

test("what was taken after the instant that a meter has come to is of the next look, so that a minute ends in time and nothing is lost", () => {
  const rig = following();
  rig.source.read(0);
  for (let count = 0; count < 2000; count += 8) {
    rig.receiver.takeFrame(frameOf(count, { instants: 8 }));
    rig.clock.advance(2);
  }
  // Half a second has come; the meter's minute ends 203 ms into it (4,000 a second), and the rest of it follows at once.
  const [first, ...others] = keptOf(rig.source.read(0.203));
  assert.deepEqual([first?.count, first?.joined, others.length], [812, false, 0]);
  const [rest] = keptOf(rig.source.read(0.297));
  assert.deepEqual([rest?.count, rest?.joined, rest?.va[0]], [2000 - 812, true, 81_204]);
});

test("a stream that nobody reads keeps what a meter can look back at, and says what it has lost", () => {
  const rig = following({ rate: 4000 });
  for (let count = 0; count < 40_000; count += 8) {
    rig.receiver.takeFrame(frameOf(count % 4000, { instants: 8 }));
    rig.clock.advance(2);
  }
  const kept = rig.source.read(10).reduce((sum, { count }) => sum + count, 0);
  assert.ok(kept <= 8192, `${kept} samples`);
  assert.equal(kept + rig.source.counts.overrun, 40_000);
});

test("a thousand names that nobody follows, and a flood of counts, leave what is followed as it is", () => {
  const rig = following();
  for (let k = 0; k < 1000; k++) sends(rig, [k], { svId: `MU${1000 + k}` });
  sends(rig, [0, 1]);
  assert.equal(rig.receiver.counts.unknown, 1000);
  assert.deepEqual(keptOf(rig.look())[0]?.va, [4, 104]);
  const random = numbers(9);
  for (let k = 0; k < share(5000, 20_000, 200_000); k++) sends(rig, [random(4000)]);
  const kept = rig.look().reduce((sum, { count }) => sum + count, 0);
  assert.ok(kept <= 8192, `${kept} samples`);
  assert.ok(rig.told.length <= 32);
});

test("damaged frames are taken or refused, and never stop the rest", () => {
  const rig = following();
  const random = numbers(61);
  const samples = [frameOf(0), frameOf(8, { instants: 8 }), frameOf(1, { dataSet: "d", rate: 4000, mode: 1 })];
  for (let k = 0; k < share(3000, 20_000, 200_000); k++) {
    rig.receiver.takeFrame(mutated(samples, random));
    if (k % 100 === 0) {
      rig.clock.advance(20);
      for (const { channels, count } of rig.source.read(0.02))
        for (const channel of channels) for (let n = 0; n < count; n++) assert.ok(Number.isFinite(channel[n]));
    }
  }
  assert.ok(rig.receiver.counts.malformed > 0 && rig.source.counts.taken > 0);
  rig.clock.advance(2000);
  rig.source.read(2);
  sends(rig, [0, 1, 2]);
  rig.clock.advance(10);
  const kept = rig.source.read(0.01).map(({ count }) => count);
  assert.ok(kept.includes(3), `${kept.join()} at ${rig.source.elapsed} s`);
});

test("an order of any counts places each sample once, never before the stretch", () => {
  const random = numbers(5);
  for (let story = 0; story < share(20, 100, 1000); story++) {
    const order = new SampleOrder(4800);
    let elapsed = 0;
    for (let k = 0; k < 500; k++) {
      elapsed += random(4) === 0 ? random(700) : 1;
      const before = order.next;
      const place = order.place(random(5000), elapsed);
      if (place === "next") assert.equal(order.position, before + order.gap);
      if (place === "first") assert.equal(order.position, 0);
      if (place === "late") assert.ok(order.position < before);
      assert.ok(order.gap <= 960 && order.gap >= 0);
    }
  }
});
