/** What a revenue meter runs on: its voltage inputs, the auxiliary terminals, or nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSite } from "#fleet/site-file.ts";
import { makeSource } from "#fleet/sources.ts";
import type { Source } from "#waveform/source.ts";
import { clock, measure, register, revenueRig } from "./revenue-rig.ts";

/** 120 V and 5 A a phase, with events. */
function source(events: string, steps = true): Source {
  const { source: described } = parseSite(
    "site.yaml",
    `meters: [{ name: a, model: leviton-s4100, source: { synthetic: { volts: 120, amps: 5, steps: ${steps}, events: ${events} } } }]`,
  ).meters[0]!;
  return makeSource(described, { folder: ".", sampling: { perCycle: 512 }, wiring: "wye", start: 0 });
}

const outages = (rig: ReturnType<typeof revenueRig>) =>
  rig.meter.log.entries("powerOutage").map(({ at, details }) => [clock(at), details["seconds"], details["live"]]);

test("a self-powered meter is off while all of its inputs are dead: the profile and the log say for how long", () => {
  // Ten minutes of nothing, from 00:20 on.
  const rig = revenueRig({}, undefined, { source: source("[{ kind: interruption, at: 1200, for: 600 }]") });
  rig.run(25);
  assert.equal(rig.meter.powered, false);
  assert.equal(rig.meter.supply.source, undefined);
  rig.run(20);
  assert.deepEqual(outages(rig), [["01-01 00:30", 600, "none"]]);
  const records = rig.meter.profiles[0]!.records().map(({ type, start, until, values }) => [
    type,
    clock(start),
    clock(until),
    values[0],
  ]);
  // 1800 W: 450 Wh in a quarter, 150 in five minutes.
  assert.deepEqual(records, [
    ["normal", "01-01 00:00", "01-01 00:15", 450],
    ["powerFail", "01-01 00:15", "01-01 00:30", 150],
    ["normal", "01-01 00:30", "01-01 00:45", 450],
  ]);
});

test("one phase keeps it running; a dip shorter than the supply holds is no outage", () => {
  const rig = revenueRig({}, undefined, {
    source: source(
      "[{ kind: interruption, at: 100, for: 60, phases: [a, b] }, { kind: interruption, at: 300, for: 0.08 }]",
    ),
  });
  rig.run(10);
  assert.deepEqual(outages(rig), []);
  assert.equal(rig.meter.powered, true);
});

test("the auxiliary terminals stand in: no outage, and nothing is measured that is not there", () => {
  const rig = revenueRig({}, undefined, {
    source: source("[{ kind: interruption, at: 600, for: 600 }]"),
    terminals: { auxiliary: true },
  });
  rig.run(15);
  assert.equal(rig.meter.powered, true);
  assert.equal(rig.meter.supply.source, "auxiliary");
  assert.equal(rig.meter.supply.isLive(0), false);
  rig.run(15);
  assert.equal(rig.meter.supply.source, "inputs", "it goes back to the primary source");
  assert.deepEqual(outages(rig), []);
  assert.equal(rig.value(1), 600, "1800 W in twenty of thirty minutes");
});

test("with option EAP the auxiliary terminals are primary: it does not start without them, and goes on when they fail", () => {
  const terminals = { auxiliaryFirst: true, auxiliary: false, failed: false };
  const rig = revenueRig({}, undefined, { source: source("[]"), terminals });
  rig.run(10);
  assert.equal(rig.meter.powered, false, "it must start from its primary source");
  assert.equal(rig.value(1), 0);
  rig.terminals.auxiliary = true;
  rig.run(10);
  assert.equal(rig.meter.supply.source, "auxiliary");
  assert.equal(rig.value(1), 300);
  assert.deepEqual(outages(rig), [], "it was never on before");
  rig.terminals.auxiliary = false;
  rig.run(10);
  assert.deepEqual([rig.meter.supply.source, rig.value(1)], ["inputs", 600]);
});

test("on samples: an outage of two seconds, with the inputs that were live when a process was killed", () => {
  const rig = revenueRig({}, undefined, { source: source("[{ kind: interruption, at: 4, for: 2 }]", false) });
  for (let ms = 100; ms <= 9000; ms += 100) rig.meter.advance(ms);
  const [entry] = rig.meter.log.entries("powerOutage");
  const seconds = (entry!.at - Date.parse("2026-01-01T00:00:00Z")) / 1000;
  // The supply holds for a tenth of a second; half cycles come a few cycles late.
  assert.ok(Math.abs(seconds - 6) < 0.2, `back at ${seconds} s`);
  assert.equal(entry!.details["seconds"], 2);
  const again = revenueRig({}, undefined, { source: source("[]"), store: rig.store, utc: "2026-01-01T00:01:00Z" });
  assert.equal(again.meter.log.entries("powerOutage").at(-1)!.details["live"], "abc");
});

test("previous hour and day over an outage: what had come of the hour, and nothing of an hour without power", () => {
  const hourly = register(2, { storage: "previousHour" });
  const rig = revenueRig({ registers: { normal: [register(1), hourly], alternate: [], test: [] } }, () => ({
    w: 3600,
    q: 0,
  }));
  rig.run(90);
  assert.equal(rig.value(2), 3600);
  rig.fail(true);
  rig.run(40);
  rig.fail(false);
  assert.equal(rig.value(2), 1800, "01:00 to 01:30, and none after");
  rig.fail(true);
  rig.run(180);
  rig.fail(false);
  assert.equal(rig.value(2), 0, "the hour before has had no power at all");
  rig.run(20);
  assert.equal(rig.value(1), 3600 * 1.5 + 1200);
});

test("inputs without power count nothing, and are as they are when it is back", () => {
  const rig = revenueRig({
    io: [{ mode: "inputPulseCounter", ke: 1, contact: "toggle", pulseMs: 40, everyMinutes: 1, debounceMs: 0 }],
    registers: {
      normal: [register(1, { measure: { ...measure("pulses", "bidirectional"), channel: 1 } })],
      alternate: [],
      test: [],
    },
  });
  rig.run(1);
  rig.meter.setInput(1, true);
  rig.fail(true);
  rig.run(1);
  rig.meter.setInput(1, false);
  rig.run(1);
  rig.meter.setInput(1, true);
  rig.fail(false);
  rig.run(1);
  assert.equal(rig.value(1), 1);
  assert.equal(rig.meter.periphery.io.isClosed(1), true);
});
