/** The data log of the 4100: registers 155-178 and the window from 8000 on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { MemoryStore } from "#store/store.ts";
import { live, rig, type RigOptions } from "./rig.ts";

const bit = { full: 1, collision1: 2, collision2: 4, reset: 8, interrupted: 16, clockChanged: 32, clockReset: 64 };

/** Logs every 10 s; the first buffer holds the active power, register 21, so that entries can be told apart. */
function logger(options: RigOptions = {}) {
  const source = live();
  const load = (watts: number): void =>
    source.push({ volts: [277, 278, 279], amps: [50, 51, 52], watts: [watts, 0, 0], vars: [0, 0, 0] });
  load(0);
  const m = rig({
    source,
    logging: true,
    settings: { ctPrimary: 100, systemVoltage: 480, demandSubInterval: 10, "log.pointer.1": 21 },
    ...options,
  });
  return {
    ...m,
    load,
    /** One sub-interval with so many kilowatts: the word that buffer 1 gets is 100 times that. */
    log(kW: number): void {
      load(1000 * kW);
      m.run(10);
    },
    /** The newest entries of buffer `page`. */
    newest(page: number, count: number): number[] {
      m.write(158, page);
      const words = m.words(8000, count);
      m.write(158, 0);
      return words;
    },
  };
}

test("an entry is written at the end of each sub-interval, the newest first in the window", () => {
  const m = logger();
  for (const kW of [11, 12, 13]) m.log(kW);
  assert.deepEqual(m.newest(1, 4), [1300, 1200, 1100, 0x8000]);
  assert.equal(m.u16(163), 3);
  assert.equal(m.u16(161), 0);
  assert.deepEqual(m.newest(8, 2), [0x0101, 0x0101], "register 155: day 1 of month 1");
  assert.deepEqual(m.newest(10, 3), [30 << 8, 20 << 8, 10 << 8], "register 157: seconds above minutes");
});

test("with page 0 no buffer is chosen, and the window reads invalid", () => {
  const m = logger();
  m.log(11);
  assert.deepEqual(m.words(8000, 2), [0x8000, 0x8000]);
  assert.equal(m.u16(162), 0, "5760 entries of 10 s are less than a day");
  const slow = rig({ logging: true });
  assert.equal(slow.u16(162), 60, "60 days at 15 minutes");
});

test("the window is read with 125 registers at a time to its end at 13759", () => {
  const m = logger();
  m.log(11);
  m.write(158, 1);
  assert.equal(m.words(8000, 125)[0], 1100);
  assert.equal(m.words(13_759, 1)[0], 0x8000);
  assert.throws(() => m.words(13_760, 1), /refused with 2/);
  assert.throws(() => m.words(13_700, 61), /refused with 2/);
});

test("while a page is read one set waits; a second one writes both", () => {
  const m = logger();
  m.log(11);
  m.write(158, 1);
  m.log(12);
  assert.deepEqual(m.words(8000, 2), [1100, 0x8000], "nothing moves");
  assert.equal(m.u16(160) & 7, bit.collision1);
  m.log(13);
  assert.deepEqual(m.words(8000, 4), [1300, 1200, 1100, 0x8000], "the waiting set, then the present one");
  assert.equal(m.u16(160) & 7, bit.collision1 | bit.collision2);
  m.write(158, 0);
  m.log(14);
  assert.equal(m.u16(160) & 7, 0, "cleared at the first sub-interval with page 0");
  assert.deepEqual(m.newest(1, 4), [1400, 1300, 1200, 1100]);
});

test("a set that waited is written at the next sub-interval when the page was cleared", () => {
  const m = logger();
  m.write(158, 2);
  m.log(11);
  m.write(158, 0);
  m.log(12);
  assert.deepEqual(m.newest(1, 3), [1200, 1100, 0x8000]);
});

test("halted, nothing is logged", () => {
  const m = logger();
  m.log(11);
  m.write(159, 2);
  m.log(12);
  m.write(159, 0);
  m.log(13);
  assert.deepEqual(m.newest(1, 3), [1300, 1100, 0x8000]);
});

test("a continuous log drops the oldest and counts its wraps; energy at the wrap is noted", () => {
  const m = logger();
  for (let k = 0; k < 5762; k++) m.log(k % 100);
  assert.equal(m.u16(161), 1);
  assert.equal(m.u16(163), 2, "total = wraps x 5760 + entries");
  assert.deepEqual(m.newest(1, 3), [61 * 100, 60 * 100, 59 * 100], "entries 5762, 5761, 5760");
  m.write(158, 1);
  assert.equal(m.words(13_759, 1)[0], 200, "the oldest is the third entry");
  assert.ok(m.u32(164) > 0, "the energy when it rolled");
});

test("a single shot stops when it is full, and counts what it missed", () => {
  const m = logger();
  m.write(159, 1);
  for (let k = 0; k < 5763; k++) m.log(k % 100);
  assert.equal(m.u16(160) & bit.full, bit.full);
  assert.equal(m.u16(163), 5760);
  assert.equal(m.u16(161), 3);
  assert.equal(m.newest(1, 1)[0], 5900, "the 5760th, not the last");
  m.write(129, 16640);
  m.run(1);
  assert.deepEqual([m.u16(161), m.u16(163), m.u16(160) & bit.full], [0, 0, 0]);
  assert.equal(m.u16(160) & bit.reset, bit.reset);
  assert.deepEqual(m.newest(1, 2), [0x8000, 0x8000]);
});

test("passing bits show until the sub-interval after theirs has ended", () => {
  const m = logger();
  m.run(20);
  assert.equal(m.u16(160) & (bit.interrupted | bit.clockChanged), 0);
  m.write(169, 22);
  assert.equal(m.u16(160) & bit.interrupted, bit.interrupted, "the log's configuration was changed");
  m.run(10);
  assert.equal(m.u16(160) & bit.interrupted, bit.interrupted);
  m.run(10);
  assert.equal(m.u16(160) & bit.interrupted, 0);
});

test("the clock is set by three registers, together or one by one, to dates that exist", () => {
  const m = logger();
  assert.equal(m.u16(160) & bit.clockReset, bit.clockReset);
  // 29 February 2024, 23:59:58.
  assert.equal(m.write(155, (29 << 8) | 2, (23 << 8) | 24, (58 << 8) | 59), 0);
  assert.equal(m.u16(160) & (bit.clockReset | bit.clockChanged), bit.clockChanged);
  m.run(3);
  assert.deepEqual(m.words(155, 3), [(1 << 8) | 3, 24, 1 << 8], "1 March, 00:00:01");
  assert.equal(m.write(156, (24 << 8) | 24), 3, "an hour of 24");
  assert.equal(m.write(155, (31 << 8) | 4, (1 << 8) | 24, 0), 3, "31 April");
  assert.equal(m.write(157, (30 << 8) | 15), 0, "only seconds and minutes");
  assert.deepEqual(m.words(155, 3), [(1 << 8) | 3, 24, (30 << 8) | 15]);
});

test("only registers that can be logged can be chosen", () => {
  const m = logger();
  for (const register of [1, 42, 146, 155, 157, 257, 336]) assert.equal(m.write(170, register), 0, `${register}`);
  for (const register of [0, 43, 145, 147, 154, 158, 256, 337, 8000])
    assert.equal(m.write(170, register), 3, `${register}`);
  assert.equal(m.write(158, 11), 3);
  assert.equal(m.write(159, 4), 3);
});

test("the log survives a restart, the time of its newest entry too", () => {
  const store = new MemoryStore();
  const clock = new VirtualClock();
  const before = logger({ store, clock });
  for (const kW of [11, 12]) before.log(kW);
  const stamp = before.words(166, 3);
  const after = logger({ store, clock });
  assert.deepEqual(after.newest(1, 3), [1200, 1100, 0x8000]);
  assert.equal(after.u16(163), 2);
  assert.deepEqual(after.words(166, 3), stamp);
  assert.deepEqual(stamp, [0x0101, 0, 20 << 8]);
});

test("a meter without the option has neither its registers nor its window", () => {
  const m = rig();
  for (const register of [155, 178, 8000]) assert.throws(() => m.words(register), /refused with 2/);
  assert.equal(m.write(158, 1), 2);
});
