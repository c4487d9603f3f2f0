/** A master that looks after an outstation of ours: restarts, times, events that wait and that are lost, what is told unasked. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "#io/null-modem.ts";
import { indications } from "#protocol/dnp3/application/indications.ts";
import { serveDnp } from "#protocol/dnp3/link/serve.ts";
import { outstation } from "#protocol/dnp3/outstation/outstation.ts";
import type { OutstationSettings } from "#protocol/dnp3/outstation/host.ts";
import { Association } from "#protocol/dnp3/master/association.ts";
import { Keeping, type KeepingSettings } from "#protocol/dnp3/master/keeping.ts";
import { Line } from "#protocol/dnp3/master/line.ts";
import { read, restart } from "#protocol/dnp3/master/outstation.ts";
import { Points } from "#protocol/dnp3/master/points.ts";
import { FixtureHost, usualSettings } from "./dnp3-host.ts";

function kept(own: Partial<OutstationSettings> = {}, settings: KeepingSettings = {}) {
  const clock = new VirtualClock();
  const host = new FixtureHost(own);
  const [ours, theirs] = nullModem();
  const server = outstation(host, { clock, port: "lan1" });
  serveDnp(theirs, [{ server, settings: () => host.settings }], clock);
  const line = new Line(ours, clock, { master: 100, confirm: "never", timeoutMs: 500, retries: 0 });
  const association = new Association(line.to(1), clock, { timeoutMs: 1000, retries: 0 });
  const points = new Points();
  /** Time goes by, and the outstation looks for what has changed. */
  const pass = (ms: number): void => {
    for (let gone = 0; gone < ms; gone += 100) {
      clock.advance(100);
      host.cycle();
    }
  };
  return { clock, host, association, points, pass, keeping: new Keeping(association, points, clock, settings) };
}

test("at first everything is taken, the restart is cleared, and the time is given where it is wanted", async () => {
  const { host, keeping, points, association } = kept({}, { time: "direct" });
  const first = await keeping.poll();
  assert.deepEqual([first.restarted, first.timeGiven, first.lost], [true, true, false]);
  assert.equal(points.get("counter", 2)?.value, 1_000_002);
  assert.equal(host.times.length, 1);
  const second = await keeping.poll();
  assert.deepEqual([second.restarted, second.timeGiven, second.iin], [false, false, 0]);
  // It starts anew: all of it is taken once more.
  await restart(association, "warm");
  host.setCounters([5, 6, 7]);
  assert.equal((await keeping.poll()).restarted, true);
  assert.equal(points.get("counter", 2)?.value, 7);
});

test("a master that takes nothing unasked confirms that the outstation has begun, and is not kept waiting for its reads", async () => {
  const { association, points, pass } = kept({ unsolicited: { master: 100, confirmTimeoutMs: 5000, retries: 3 } });
  const outputs = [{ group: 10, variation: 0, which: "all" }] as const;
  await read(association, outputs, points);
  // Its first word comes with its next look.
  pass(200);
  let answered = false;
  void read(association, outputs, points).then(() => (answered = true));
  for (let k = 0; k < 20; k++) await Promise.resolve();
  assert.ok(answered, "no time went by");
});

test("who keeps no time gives none", async () => {
  const { host, keeping } = kept();
  const { timeGiven, iin } = await keeping.poll();
  assert.deepEqual([timeGiven, iin, host.times], [false, indications.needTime, []]);
});

test("events are fetched once, and those that are lost are made good by everything", async () => {
  const events = { ...usualSettings.events, scanMs: 1000, most: { freezes: 3, others: 100 } };
  const { host, keeping, points, pass } = kept({ events }, { time: "lan" });
  await keeping.poll();
  host.freeze(false);
  pass(2000);
  await keeping.poll();
  assert.equal(points.events.length, 3);
  await keeping.poll();
  assert.equal(points.events.length, 3);
  for (let k = 0; k < 10; k++) {
    host.utc += 60_000;
    host.setCounters([k, k, k]);
    host.freeze(false);
    pass(2000);
  }
  const { lost, iin } = await keeping.poll();
  assert.deepEqual([lost, iin & indications.overflow], [true, 0]);
  assert.equal(points.get("frozen counter", 0)?.value, 9);
});

test("what is told unasked comes by itself", async () => {
  const events = { ...usualSettings.events, scanMs: 1000, binary: { class: 2, variation: 2 } } as const;
  const own = { events, unsolicited: { master: 100, confirmTimeoutMs: 1000, retries: 3 } };
  const { host, keeping, points, pass } = kept(own, { unsolicited: [2] });
  await keeping.poll();
  pass(2000);
  host.setBinary(1, true);
  pass(3000);
  await new Promise<void>((resolve) => void setImmediate(resolve));
  assert.deepEqual(
    points.events.map(({ kind, index, value }) => [kind, index, value]),
    [["binary", 1, true]],
  );
});
