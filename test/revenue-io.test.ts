/** Contacts: what an output gives in a second, what an input sees, and what a configuration leaves of both. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RevenueConfiguration } from "#revenue/settings/configuration.ts";
import { RevenueMeter } from "#revenue/revenue-meter.ts";
import type { Applied } from "#revenue/revenue-options.ts";
import { MemoryStore } from "#store/store.ts";
import { contact, measure, MinuteLoads, plain, register, revenueRig, trigger } from "./revenue-rig.ts";

const energy = (changes: object = {}) => contact("outputEnergyPulse", { measure: measure("Wh"), ...changes });
const counts = (meter: RevenueMeter): number[] => meter.periphery.io.view().map(({ count }) => count);

test("25 transitions a second, 12.5 single shots of 40 ms, 2.5 of 200 ms: what is owed waits, and an overflow says so", () => {
  // 3600 W are a watt-hour a second: 20 pulses of 0.05 Wh.
  const rig = revenueRig({
    io: [
      energy({ ke: 0.05 }),
      energy({ ke: 0.05, contact: "oneShot" }),
      energy({ ke: 0.05, contact: "oneShot", pulseMs: 200 }),
      energy({ ke: 0.02 }),
      energy({ ke: 0.05, contact: "kyz" }),
    ],
  });
  for (let ms = 2000; ms <= 20_000; ms += 2000) rig.meter.advance(ms);
  assert.deepEqual(counts(rig.meter), [400, 250, 50, 500, 400]);
  assert.equal(rig.meter.status.bits & (1 << 4), 1 << 4, "more than ten pulses a second are due");
});

test("the contacts of a second's pulses open and close evenly in the second after it, as a counter beside the meter sees them", () => {
  // A watt-hour a second: four toggles of 0.25 Wh, two single shots of 0.5 Wh and 100 ms.
  const rig = revenueRig({
    io: [energy({ ke: 0.25 }), energy({ ke: 0.5, contact: "oneShot", pulseMs: 100 })],
  });
  const seen = [0, 0];
  const last = [false, false];
  const lengths: number[] = [];
  let closedAt = 0;
  for (let ms = 5; ms <= 60_000; ms += 5) {
    rig.meter.advance(ms);
    for (const k of [0, 1]) {
      const closed = rig.meter.periphery.io.isClosed(k + 1);
      if (closed === last[k]) continue;
      last[k] = closed;
      seen[k]!++;
      if (k === 1 && closed) closedAt = ms;
      if (k === 1 && !closed) lengths.push(ms - closedAt);
    }
  }
  // Of the last stretch's, which are still under way, the first have come; a single shot is two changes.
  const [toggles = 0, shots = 0] = counts(rig.meter);
  assert.deepEqual([toggles, shots], [240, 120]);
  assert.ok(Math.abs(seen[0]! - (toggles - 5)) <= 1, `${seen[0]} of ${toggles} toggles`);
  assert.ok(Math.abs(seen[1]! / 2 - (shots - 2)) <= 1, `${seen[1]} changes of ${shots} single shots`);
  assert.ok(
    lengths.every((length) => length === 100),
    lengths.join(" "),
  );
});

test("ten pulses a second are no overflow", () => {
  const rig = revenueRig({ io: [energy({ ke: 0.1 })] });
  for (let ms = 2000; ms <= 20_000; ms += 2000) rig.meter.advance(ms);
  assert.deepEqual(counts(rig.meter), [200]);
  assert.equal(rig.meter.status.bits & (1 << 4), 0);
});

test("an input sees a hundred pulses a second, and none within its debounce time", () => {
  const rig = revenueRig({
    io: [contact("inputPulseCounter", { debounceMs: 20 })],
    registers: {
      normal: [register(1, { measure: { ...measure("pulses", "bidirectional"), channel: 1 } })],
      alternate: [],
      test: [],
    },
  });
  assert.equal(rig.meter.periphery.io.pulses(1, 500, 2), 200);
  assert.equal(rig.meter.periphery.io.pulses(2, 1, 1), undefined, "no pulse counter");
  rig.meter.advance(1000);
  for (const [ms, closed] of [
    [1000, true],
    [1010, false],
    [1015, true],
    [1045, false],
    [1060, true],
    [1080, false],
  ] as const) {
    rig.meter.advance(ms);
    rig.meter.setInput(1, closed);
  }
  // Closed since 1015, for longer than the debounce time; what it does between 1045 and 1080 is closed again for just as long as it.
  rig.meter.advance(3000);
  assert.deepEqual([rig.value(1), rig.meter.periphery.io.isClosed(1)], [202, false]);
});

const state = { quantity: "closed", phase: "polyphase", direction: "bidirectional", compensated: false } as const;

test("the state of a contact in the profile is 1 where it was closed at any time of the interval, in either profile", () => {
  const one = {
    ...plain.profiles[0]!,
    channels: [1, 2].map((number) => ({ measure: { ...state, channel: number }, km: 1, records: "always" as const })),
  };
  const rig = revenueRig({
    io: [contact("inputStatus", { debounceMs: 20 }), contact("inputPulseCounter", { debounceMs: 10 })],
    profiles: [one, { ...one, minutes: 5 }],
  });
  // The first closes for 20 ms in the second interval of five minutes, and bounces in the third; the second closes over the end of it.
  const at = (ms: number, channel: number, closed: boolean): void => {
    rig.meter.advance(ms);
    assert.ok(rig.meter.setInput(channel, closed));
  };
  at(400_000, 1, true);
  at(400_020, 1, false);
  at(700_000, 1, true);
  at(700_019, 1, false);
  at(899_000, 2, true);
  at(901_000, 2, false);
  rig.meter.advance(1_800_000);
  assert.deepEqual(
    rig.meter.profiles.map((profile) => profile.series.page(0, Infinity).map(({ values }) => values.join(""))),
    [
      ["11", "01"],
      ["00", "10", "01", "01", "00", "00"],
    ],
  );
});

test("without power no input counts or closes anything; what its contact is then, it is when power is back", () => {
  const rig = revenueRig({
    io: [contact("inputPulseCounter", { debounceMs: 20 })],
    registers: {
      normal: [register(1, { measure: { ...measure("pulses", "bidirectional"), channel: 1 } })],
      alternate: [],
      test: [],
    },
    profiles: [{ ...plain.profiles[0]!, channels: [{ measure: { ...state, channel: 1 }, km: 1, records: "always" }] }],
  });
  const at = (ms: number, closed: boolean): void => {
    rig.meter.advance(ms);
    assert.ok(rig.meter.setInput(1, closed));
  };
  // It has not settled when the supply fails; it opens and closes without power, and is closed when it is back.
  at(60_000, true);
  rig.meter.advance(60_010);
  rig.fail(true);
  for (let k = 1; k <= 5; k++) at(60_010 + 1000 * k, k % 2 === 0);
  at(70_000, true);
  rig.meter.advance(120_000);
  rig.fail(false);
  rig.meter.advance(121_000);
  assert.deepEqual([rig.value(1), rig.meter.periphery.io.isClosed(1)], [0, true]);
  at(130_000, false);
  rig.meter.advance(131_000);
  assert.deepEqual([rig.value(1), rig.meter.periphery.io.isClosed(1)], [1, false]);
  rig.meter.advance(900_000);
  assert.deepEqual(
    rig.meter.profiles[0]!.records().map(({ type, values }) => [type, ...values]),
    [
      ["powerFail", 0],
      ["normal", 1],
    ],
  );
});

test("an input that has not settled when its meter goes on from its memory settles then, and counts once", () => {
  const store = new MemoryStore().drawer("meter");
  const changes = {
    io: [contact("inputPulseCounter", { debounceMs: 100 })],
    registers: {
      normal: [register(1, { measure: { ...measure("pulses", "bidirectional"), channel: 1 } })],
      alternate: [],
      test: [],
    },
  };
  const first = revenueRig(changes, undefined, { store });
  first.run(1);
  first.meter.setInput(1, true);
  first.meter.settle();
  const second = revenueRig(changes, undefined, { store });
  assert.equal(second.meter.periphery.io.isClosed(1), false);
  second.run(1);
  assert.deepEqual([second.value(1), second.meter.periphery.io.isClosed(1)], [1, true]);
});

test("an output that rests closed opens for its pulses, and an alarm opens it", () => {
  const rig = revenueRig({
    io: [
      energy({ ke: 0.5, contact: "oneShot", pulseMs: 100, normally: "closed" }),
      energy({ ke: 1e6, normally: "closed" }),
      contact("outputAlarm", { normally: "closed" }),
    ],
    triggers: [trigger(1, { alarm: 3000, reset: 2000 })],
  });
  assert.deepEqual(
    [1, 2, 3].map((one) => rig.meter.periphery.io.isClosed(one)),
    [true, true, true],
  );
  let open = 0;
  for (let ms = 5; ms <= 30_000; ms += 5) {
    rig.meter.advance(ms);
    if (ms > 15_000 && !rig.meter.periphery.io.isClosed(1)) open += 5;
  }
  // 3600 W are a watt-hour a second: two pulses of a tenth of a second.
  assert.ok(Math.abs(open - 3000) <= 200, `open for ${open} ms of 15 s`);
  assert.deepEqual(
    [2, 3].map((one) => rig.meter.periphery.io.isClosed(one)),
    [true, false],
  );
  assert.ok(rig.meter.periphery.io.force(2, false));
  assert.equal(rig.meter.periphery.io.isClosed(2), false);
  assert.equal(rig.meter.periphery.io.view()[1]?.closed, false);
});

/** A meter that goes on from another with another configuration. */
function configured(before: RevenueConfiguration, after: RevenueConfiguration, applied: Omit<Applied, "by">) {
  const store = new MemoryStore().drawer("meter");
  const source = new MinuteLoads(() => ({ w: 3600, q: 0 }));
  const options = {
    name: "meter",
    source,
    store,
    transformers: { pt: 1, ct: 1 },
    startingCurrent: 0.002,
  };
  const utc = Date.parse("2026-01-01T00:00:00Z");
  const first = new RevenueMeter({ ...options, elapsed: 0, utc, configuration: before });
  first.advance(3_600_000);
  first.settle();
  const second = new RevenueMeter({
    ...options,
    elapsed: first.elapsed,
    utc: first.utc,
    configuration: after,
    applied: { by: { by: "test" }, ...applied },
  });
  return { first, second };
}

test("energy pulses that are set up otherwise begin at zero, without a burst for the energy of before", () => {
  const { first, second } = configured(
    { ...plain, io: [energy({ ke: 10 }), contact("inputStatus")] },
    { ...plain, io: [energy({ ke: 5 }), contact("inputStatus")] },
    { registers: false, profiles: false, pulses: true },
  );
  assert.deepEqual(counts(first), [360, 0]);
  assert.deepEqual(counts(second), [0, 0]);
  second.advance(3_660_000);
  assert.deepEqual(counts(second), [12, 0], "60 Wh of 5 each");
});

test("other ratios leave totalization and test pulses where they were: only what comes counts by them", () => {
  const totalization = [{ measure: measure("Wh"), enabled: true, tariff: "total", inputs: [] }] as const;
  const configuration: RevenueConfiguration = {
    ...plain,
    totalization,
    registers: {
      normal: [register(1, { measure: { ...measure("totalization", "bidirectional"), channel: 1 } })],
      alternate: [],
      test: [],
    },
  };
  const { first, second } = configured(
    configuration,
    { ...configuration, primary: { ...plain.primary, pt: 10 }, testPulses: { led: "varh", optical: "varh", kt: 1.8 } },
    { registers: true, profiles: true, pulses: false },
  );
  assert.equal(first.registers.show(1)?.value, 3600);
  assert.equal(first.periphery.testPulses.led.count, 2000);
  second.advance(3_660_000);
  assert.equal(second.registers.show(1)?.value, 600, "60 Wh at the terminals are 600 primary");
  assert.equal(second.periphery.testPulses.led.count, 2000, "there are no vars");
});

test("another schedule of billing resets takes what cumulative registers had added up, and nothing else", () => {
  const demand = { type: "peakDemand", measure: measure("W") } as const;
  const lists = {
    registers: {
      normal: [
        register(1),
        register(2, { ...demand, storage: "cumulative" }),
        register(3, { ...demand, storage: "continuousCumulative" }),
        register(4, demand),
      ],
      alternate: [],
      test: [],
    },
    timekeeping: { ...plain.timekeeping, billingReset: { every: "hour", minute: 0, day: 0 } as const },
  };
  const monthly = { ...plain.timekeeping, billingReset: { every: "month", minute: 0, day: 1 } as const };
  const { first, second } = configured(
    { ...plain, ...lists },
    { ...plain, ...lists, timekeeping: monthly },
    { registers: false, profiles: false, pulses: false, billing: true },
  );
  const values = (meter: RevenueMeter): number[] => [1, 2, 3, 4].map((id) => meter.registers.value(id)!);
  assert.deepEqual(values(first), [3600, 3600, 3600, 0]);
  assert.deepEqual(values(second), [3600, 0, 0, 0]);
});

test("an input's state outlasts a configuration; a channel that is something else now begins open", () => {
  const before = { ...plain, io: [contact("inputStatus"), contact("outputAlarm")] };
  const store = new MemoryStore().drawer("meter");
  const rig = revenueRig(before, undefined, { store });
  rig.meter.setInput(1, true);
  rig.meter.periphery.io.force(2, true);
  rig.run(1);
  const again = revenueRig({ io: [contact("inputStatus"), contact("outputEndOfInterval")] }, undefined, { store });
  assert.deepEqual([again.meter.periphery.io.isClosed(1), again.meter.periphery.io.isClosed(2)], [true, false]);
});
