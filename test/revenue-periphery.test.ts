/** Inputs, outputs, totalization and triggers of the revenue meter. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RevenueMeter } from "#revenue/revenue-meter.ts";
import { MemoryStore } from "#store/store.ts";
import type { InputOutputSettings } from "#revenue/settings/configuration.ts";
import { allYear, channel, clock, contact, measure, register, revenueRig, trigger } from "./revenue-rig.ts";

const counter: InputOutputSettings = contact("inputPulseCounter");
const eight = (...first: InputOutputSettings[]): InputOutputSettings[] =>
  Array.from({ length: 8 }, (_, k) => first[k] ?? contact("none"));

test("the manual's example of totalization: inputs that toggle once a minute come out at 126,600", () => {
  const weights = [100, 200, 300, 400, 500, 600];
  const rig = revenueRig(
    {
      io: eight(...weights.map(() => counter)),
      totalization: [
        {
          measure: measure("Wh", "delivered", "a"),
          enabled: true,
          tariff: "total",
          inputs: weights.map((weight, k) => ({ channel: k + 1, weight, subtract: false })),
        },
      ],
      registers: {
        normal: [register(1, { measure: { ...measure("totalization"), channel: 1 } })],
        alternate: [],
        test: [],
      },
      profiles: [
        {
          channels: [channel({ ...measure("totalization"), channel: 1 }, 10)],
          minutes: 60,
          externalSync: false,
          data: "counts",
          events: true,
          freezeMarkers: true,
        },
      ],
    },
    // 120 V and 5 A per phase.
    () => ({ w: 1800, q: 0 }),
  );
  for (let minute = 0; minute < 60; minute++) {
    weights.forEach((_, k) => assert.equal(rig.meter.setInput(k + 1, minute % 2 === 0), true));
    rig.run(1);
  }
  assert.equal(rig.text(1), "126600");
  assert.deepEqual(rig.meter.profiles[0]!.records()[0]!.values, [12_660]);
});

test("totalization subtracts, counts without the meter's own registration, and only under its rate", () => {
  const rig = revenueRig({
    io: eight(counter, counter),
    totalization: [
      {
        enabled: false,
        tariff: "total",
        inputs: [
          { channel: 1, weight: 10, subtract: false },
          { channel: 2, weight: 3, subtract: true },
        ],
      },
      { measure: measure("Wh"), enabled: true, tariff: "B", inputs: [] },
    ],
    registers: {
      normal: [
        register(1, { measure: { ...measure("totalization"), channel: 1 } }),
        register(2, { measure: { ...measure("totalization"), channel: 2 } }),
        register(3, { measure: { ...measure("pulses"), channel: 2 } }),
      ],
      alternate: [],
      test: [],
    },
    tou: allYear({ minute: 0, rate: "A" }, { minute: 30, rate: "B" }),
  });
  rig.meter.periphery.io.pulses(1, 7, 100);
  rig.meter.periphery.io.pulses(2, 5, 100);
  rig.run(60);
  // 70 - 15; half an hour of 3600 W.
  assert.deepEqual(
    [1, 2, 3].map((id) => rig.text(id)),
    ["55", "1800", "5"],
  );
});

test("a pulse is one change of state; what comes within the debounce time is the contact's bouncing", () => {
  const rig = revenueRig({
    io: eight({ ...counter, debounceMs: 50 }),
    registers: { normal: [register(1, { measure: { ...measure("pulses"), channel: 1 } })], alternate: [], test: [] },
  });
  rig.run(1);
  const changes = (from: number, ...at: readonly (readonly [number, boolean])[]): void => {
    for (const [ms, closed] of at) {
      rig.meter.advance(from + ms);
      assert.equal(rig.meter.setInput(1, closed), true);
    }
    rig.meter.advance(from + 1000);
  };
  // It bounces twice while it closes.
  changes(60_000, [0, true], [3, false], [7, true], [9, false], [12, true]);
  assert.deepEqual([rig.text(1), rig.meter.periphery.io.isClosed(1)], ["1", true]);
  // Opened for 49 ms it has only bounced, for 50 ms it was open.
  changes(70_000, [0, false], [49, true]);
  assert.deepEqual([rig.text(1), rig.meter.periphery.io.isClosed(1)], ["1", true]);
  changes(80_000, [0, false], [50, true]);
  assert.deepEqual([rig.text(1), rig.meter.periphery.io.isClosed(1)], ["3", true]);
  // However it bounces, it is in the end what its contact is.
  changes(90_000, [0, false], [5, true], [10, false]);
  assert.deepEqual([rig.text(1), rig.meter.periphery.io.isClosed(1)], ["4", false]);
  assert.equal(rig.meter.setInput(2, true), false, "channel 2 is no input");
});

test("energy pulses: a transition for every Ke, 25 a second at most, and an overflow above ten", () => {
  const pulse: InputOutputSettings = contact("outputEnergyPulse", { measure: measure("Wh"), ke: 0.5 });
  const rig = revenueRig({ io: eight(pulse) });
  rig.run(10);
  // 600 Wh in ten minutes.
  assert.equal(rig.meter.periphery.io.view()[0]?.count, 1200);
  assert.equal(rig.meter.status.bits & 16, 0);
  const fast = revenueRig({ io: eight({ ...pulse, ke: 0.02 }) });
  fast.run(1);
  // 60 Wh are 3000 transitions, 1500 of which fit into a minute.
  assert.equal(fast.meter.periphery.io.view()[0]?.count, 1500);
  assert.equal(fast.meter.status.bits & 16, 16);
});

test("a TOU override input selects its rate while it is closed", () => {
  const rig = revenueRig({
    io: eight(contact("inputTouOverride")),
    overrideRate: "H",
    registers: {
      normal: [register(1, { tariff: "A" }), register(2, { tariff: "H" }), register(3)],
      alternate: [],
      test: [],
    },
    tou: allYear({ minute: 0, rate: "A" }),
  });
  rig.run(20);
  rig.meter.setInput(1, true);
  rig.run(10);
  rig.meter.setInput(1, false);
  rig.run(30);
  assert.deepEqual(
    [1, 2, 3].map((id) => rig.value(id)),
    [3000, 600, 3600],
  );
});

test("a trigger: alarm level, reset level below it, delays; the log has both ends", () => {
  const watts = [4000, 6000, 4800, 4000, 6000, 6000, 6000, 4000, 4000, 4000];
  const rig = revenueRig(
    {
      triggers: [trigger(1, {}), trigger(2, { delayMs: 120_000, resetDelayMs: 180_000 })],
      triggerBits: [[1], [2], [1, 2]],
    },
    (minute) => ({ w: watts[minute % 10]!, q: 0 }),
  );
  const states: number[][] = [];
  for (let minute = 0; minute < 10; minute++) {
    rig.run(1);
    states.push(rig.meter.periphery.triggers.active().map(({ id }) => id));
  }
  // 4800 is below the alarm and above the reset level. Trigger 2 waits two minutes, and three until it lets go.
  assert.deepEqual(states, [[], [1], [1], [], [1], [1, 2], [1, 2], [2], [2], []]);
  const log = rig.meter.log
    .entries("alarm")
    .map(({ at, what, details }) => [clock(at), what, details["trigger"], details["value"]]);
  assert.deepEqual(log.slice(0, 2), [
    ["01-01 00:01", "alarm", 1, 6000],
    ["01-01 00:03", "alarm cleared", 1, 4000],
  ]);
  assert.equal(log.length, 6);
});

test("any phase, all phases, and combinations make the trigger word; a bit stays for its interval", () => {
  const rig = revenueRig(
    {
      triggers: [
        trigger(1, { measure: measure("A", "bidirectional"), phase: "any", operator: "<", alarm: 1, reset: 1.1 }),
        trigger(2, { measure: measure("A", "bidirectional"), phase: "all", operator: "<", alarm: 1, reset: 1.1 }),
        trigger(3, { measure: measure("W", "bidirectional"), operator: "<", alarm: 100, reset: 110 }),
      ],
      triggerBits: [[1], [2], [2, 3], []],
    },
    (minute) => (minute === 3 ? { w: 30, q: 0 } : { w: 3600, q: 0 }),
  );
  rig.run(3);
  assert.equal(rig.meter.periphery.triggers.bits, 0);
  rig.run(1);
  assert.equal(rig.meter.periphery.triggers.bits, 7);
  rig.run(5);
  assert.deepEqual(rig.meter.periphery.triggers.active(), []);
  assert.equal(rig.meter.periphery.triggers.bits, 7, "the minimum duration is the load-profile interval");
  rig.run(6);
  assert.equal(rig.meter.periphery.triggers.bits, 0);
});

test("an alarm closes the alarm output", () => {
  const rig = revenueRig({ io: eight(contact("outputAlarm")), triggers: [trigger(1, {})] }, (minute) => ({
    w: minute === 1 ? 6000 : 1000,
    q: 0,
  }));
  const states: boolean[] = [];
  for (let minute = 0; minute < 3; minute++) {
    rig.run(1);
    states.push(rig.meter.periphery.io.view()[0]!.closed);
  }
  assert.deepEqual(states, [false, true, false]);
});

test("an input's trigger: closed for a tenth of a second is an alarm, for less is none", () => {
  const rig = revenueRig({
    io: eight(contact("inputStatus")),
    triggers: [trigger(1, { measure: undefined, input: 1, alarm: undefined, reset: undefined })],
  });
  const { meter } = rig;
  const at = (ms: number, closed: boolean): void => {
    meter.advance(ms);
    assert.ok(meter.setInput(1, closed));
  };
  at(10_000, true);
  at(10_090, false);
  at(20_000, true);
  at(20_100, false);
  at(30_000, true);
  meter.advance(31_000);
  const log = meter.log.entries("alarm").map(({ at: local, what }) => [local % 60_000, what]);
  assert.deepEqual(log, [
    [20_100, "alarm"],
    [20_100, "alarm cleared"],
    [30_100, "alarm"],
  ]);
});

test("a threshold on a register is looked at once a second, in what the register displays", () => {
  const rig = revenueRig({ triggers: [trigger(1, { measure: undefined, register: 1, alarm: 10, reset: 5 })] }, () => ({
    w: 3600,
    q: 0,
  }));
  // A watt-hour a second.
  for (let ms = 500; ms <= 10_500; ms += 500) rig.meter.advance(ms);
  assert.deepEqual(rig.meter.periphery.triggers.active(), []);
  rig.meter.advance(11_000);
  assert.deepEqual(rig.meter.periphery.triggers.active(), [
    {
      id: 1,
      label: "trigger 1",
      description: "1,Register,Register 1,>,10,0,5",
      value: 11,
      of: "register 1",
      level: "> 10",
      reset: "<= 5",
    },
  ]);
  assert.ok(rig.meter.billing.preset(1, 0, { by: "test" }));
  rig.meter.advance(12_000);
  assert.deepEqual(rig.meter.periphery.triggers.active(), []);
});

const alarmOutput: InputOutputSettings = contact("outputAlarm");

test("an alarm output that triggers name closes with them; others close with any", () => {
  const rig = revenueRig(
    {
      io: eight(alarmOutput, alarmOutput),
      triggers: [trigger(1, {}), trigger(2, { alarm: 8000, reset: 7000, output: 2 })],
    },
    (minute) => ({ w: [1000, 6000, 9000, 1000][minute]!, q: 0 }),
  );
  const states: boolean[][] = [];
  for (let minute = 0; minute < 4; minute++) {
    rig.run(1);
    states.push(
      rig.meter.periphery.io
        .view()
        .slice(0, 2)
        .map(({ closed }) => closed),
    );
  }
  assert.deepEqual(states, [
    [false, false],
    [true, false],
    [true, true],
    [false, false],
  ]);
});

test("an alarm that is over when its meter goes on leaves nothing closed; what somebody has closed stays, whatever other alarms do", () => {
  const store = new MemoryStore().drawer("meter");
  const configuration = {
    io: eight(alarmOutput, alarmOutput, contact("outputEndOfInterval")),
    triggers: [trigger(1, { output: 1 }), trigger(2, { alarm: 80_000, reset: 70_000, output: 2 })],
  };
  const closed = ({ meter }: { readonly meter: RevenueMeter }): boolean[] =>
    meter.periphery.io
      .view()
      .slice(0, 3)
      .map((one) => one.closed);
  const rig = revenueRig(configuration, (minute) => ({ w: minute === 0 ? 1000 : 6000, q: 0 }), { store });
  rig.run(1);
  assert.ok(rig.meter.periphery.io.force(2, true));
  // The alarm of the first output begins.
  rig.run(1);
  assert.deepEqual(closed(rig).slice(0, 2), [true, true]);
  // A sub-interval of a quarter of an hour has just ended.
  rig.meter.advance(15 * 60_000 + 300);
  assert.deepEqual(closed(rig), [true, true, true]);
  rig.meter.settle();
  const again = revenueRig(configuration, () => ({ w: 1000, q: 0 }), { store });
  again.run(1);
  assert.deepEqual(closed(again), [false, true, false]);
  // One that goes on is closed as before.
  rig.meter.settle();
  const still = revenueRig(configuration, () => ({ w: 6000, q: 0 }), { store });
  still.run(1);
  assert.deepEqual(closed(still).slice(0, 2), [true, true]);
});

test("an input that changes just before the supply fails holds nothing up", () => {
  const rig = revenueRig({ io: eight(contact("inputStatus")) });
  rig.meter.advance(10_000);
  assert.ok(rig.meter.setInput(1, true));
  rig.fail(true);
  rig.meter.advance(20_000);
  assert.equal(rig.meter.elapsed, 20_000);
});
