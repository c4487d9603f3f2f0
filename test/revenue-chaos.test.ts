/** Whatever happens, in whatever order: nothing is counted twice, nothing is lost, and the profile says what happened. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { RevenueConfiguration } from "#revenue/settings/configuration.ts";
import { RevenueMeter } from "#revenue/revenue-meter.ts";
import { MemoryStore } from "#store/store.ts";
import { StepValues } from "#waveform/source.ts";
import { spoken, type SpokenMeter } from "./revenue-spoken.ts";
import { allYear, channel, contact, eastern, measure, MinuteLoads, plain, register } from "./revenue-rig.ts";

/** Who does what happens. */
const origin = { by: "story" };

const rates = ["A", "B", "C"] as const;
const configuration: RevenueConfiguration = {
  ...plain,
  registers: {
    normal: [
      register(1, { decimals: 3 }),
      register(2, { measure: measure("Wh", "received"), decimals: 3 }),
      ...rates.map((tariff, k) => register(10 + k, { tariff, decimals: 3 })),
      register(20, { storage: "billingReset", decimals: 3 }),
    ],
    alternate: [],
    test: [register(200, { decimals: 3 })],
  },
  profiles: [
    { ...plain.profiles[0]!, channels: [channel(measure("Wh"), 7), channel(measure("Wh", "received"), 3)] },
    { ...plain.profiles[0]!, minutes: 5, data: "engineering", channels: [channel(measure("Wh"), 1)] },
  ],
  tou: allYear({ minute: 0, rate: "A" }, { minute: 420, rate: "B" }, { minute: 1080, rate: "C" }),
  timekeeping: {
    ...plain.timekeeping,
    utcOffsetMinutes: -300,
    daylightSaving: eastern,
    billingReset: { every: "day", minute: 0, day: 0 },
    freeze: { every: "hour", minute: 30, day: 0 },
  },
  resetLockoutMinutes: 0,
  // Nothing happens in test mode but what the story says.
  testMode: { timeoutMinutes: 1e9 },
  io: [contact("inputTouOverride")],
  overrideRate: "C",
};

/** What can happen, and how long it takes or how far it goes. */
const happening = fc.record({
  what: fc.constantFrom("run", "fail", "bus", "freeze", "reset", "set", "restart", "input", "test", "apply"),
  /** Seconds that go by first; mostly not whole minutes. */
  after: fc.integer({ min: 1, max: 20_000 }),
  by: fc.integer({ min: -7200, max: 7200 }),
});

/** Watts by minute of elapsed time, both ways. */
const load = (minute: number): number => ((Math.imul(minute + 1, 2_654_435_761) >>> 0) % 9000) - 2000;

/** The source goes on, unseen. */
function skip(source: MinuteLoads, seconds: number): void {
  const [from, to] = [new StepValues(), new StepValues()];
  for (let left = seconds; left > 1e-9;) left -= source.step(left, from, to);
}

test("the sum of the profile is the register, the tariffs add up to it, and it is what the load was while the meter measured", () => {
  fc.assert(
    fc.property(fc.array(happening, { minLength: 5, maxLength: 40 }), (story) => {
      const store = new MemoryStore().drawer("chaos");
      // From the afternoon before clocks go back.
      let utc = Date.parse("2026-10-31T18:00:00Z");
      let elapsed = 0;
      const expected = { delivered: 0, received: 0, tested: 0 };
      const terminals = { auxiliaryFirst: false, auxiliary: false, failed: false };
      /** The bus that the meter measures, and lives on, is dead. */
      let dead = false;
      const source = new MinuteLoads((minute) => (dead ? { w: 0, q: 0, v: 0 } : { w: load(minute), q: 0 }));
      const make = (applied: boolean): SpokenMeter =>
        spoken(
          new RevenueMeter({
            name: "chaos",
            source,
            elapsed,
            utc,
            store,
            configuration,
            transformers: { pt: 1, ct: 1 },
            startingCurrent: 0,
            terminals,
            applied: applied ? { by: origin, registers: false, profiles: false, pulses: false } : undefined,
          }),
        );
      let meter = make(false);
      /** Lets so many seconds go by; what they should have counted is added up apart. */
      const pass = (seconds: number): void => {
        for (let left = seconds; left > 0;) {
          const minute = Math.floor(elapsed / 60_000);
          const took = Math.min(left, ((minute + 1) * 60_000 - elapsed) / 1000);
          const energy = (load(minute) * took) / 3600;
          if (!dead && !terminals.failed) {
            if (meter.testMode.on) expected.tested += Math.max(0, energy);
            else if (energy > 0) expected.delivered += energy;
            else expected.received -= energy;
          }
          elapsed += took * 1000;
          meter.advance(elapsed);
          left -= took;
        }
      };
      for (const { what, after, by } of story) {
        pass(after);
        if (what === "fail") {
          terminals.failed = !terminals.failed;
          meter.supplied();
        } else if (what === "bus") {
          dead = !dead;
          // What is dead for less than a moment is no outage.
          pass(1);
        } else if (what === "restart") {
          // The process is gone for a while: the load goes on, and nobody measures it.
          utc = meter.utc + Math.abs(by) * 1000;
          skip(source, Math.abs(by));
          elapsed += Math.abs(by) * 1000;
          meter = make(false);
        } else if (what === "apply") {
          if (!meter.powered) continue;
          meter.settle();
          utc = meter.utc;
          meter = make(true);
        } else if (what === "input") meter.setInput(1, !meter.periphery.io.isClosed(1));
        else if (!meter.powered) continue;
        else if (what === "freeze") meter.billing.freeze(origin);
        else if (what === "reset") meter.billing.reset(origin);
        else if (what === "set") meter.setTime(meter.utc + by * 1000, origin);
        else if (what === "test") {
          if (meter.testMode.on) meter.testMode.leave(origin);
          else meter.testMode.enter(origin);
        }
      }
      dead = false;
      terminals.failed = false;
      meter.supplied();
      pass(1);
      if (meter.testMode.on) meter.testMode.leave(origin);
      meter.billing.freeze(origin);
      const value = (id: number): number => meter.registers.show(id)?.value ?? NaN;
      const near = (found: number, wanted: number, within: number, name: string): void =>
        assert.ok(Math.abs(found - wanted) <= within, `${name}: ${found} for ${wanted}`);
      near(value(1), expected.delivered, 1e-6, "delivered");
      near(value(2), expected.received, 1e-6, "received");
      near(value(200), expected.tested, 1e-6, "in test mode");
      near(value(10) + value(11) + value(12), value(1), 1e-6, "tariffs");
      const sum = (profile: number, place: number): number =>
        meter.profiles[profile]!.records().reduce((total, { values }) => total + (values[place] ?? 0), 0);
      assert.equal(sum(0, 0), Math.floor(value(1) / 7 + 1e-6), "16-bit counts delivered");
      assert.equal(sum(0, 1), Math.floor(value(2) / 3 + 1e-6), "16-bit counts received");
      // Engineering values are 32-bit floating point numbers.
      near(sum(1, 0), value(1), 1e-6 * (1 + value(1)), "engineering values");
      // Records follow one another without a hole.
      const records = meter.profiles[0]!.records();
      for (let k = 1; k < records.length; k++) assert.equal(records[k]!.start, records[k - 1]!.until, `record ${k}`);
    }),
    { numRuns: 150, seed: 20_261_121 },
  );
});
