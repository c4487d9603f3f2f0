/** Whatever happens, in whatever order: nothing is counted twice, nothing is lost, and the profile says what happened. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { localOf } from "#quantity/stamp.ts";
import type { ProfileEvent, ProfileRecord } from "#quantity/profile.ts";
import type { RevenueConfiguration } from "#revenue/settings/configuration.ts";
import { RevenueMeter } from "#revenue/revenue-meter.ts";
import { MemoryStore } from "#store/store.ts";
import { StepValues } from "#waveform/source.ts";
import { share } from "./share.ts";
import { spoken, type SpokenMeter } from "./revenue-spoken.ts";
import type { DaylightSaving } from "#clock/local-time.ts";
import { allYear, channel, contact, measure, MinuteLoads, plain, register } from "./revenue-rig.ts";

/** Who does what happens. */
const origin = { by: "story" };

const rates = ["A", "B", "C"] as const;
/** A place's wall clock: changes at an hour of a Sunday by so many minutes, in the north or the south. */
const place = fc.record({
  utcOffsetMinutes: fc.constantFrom(-300, -240, 0, 60, 330, 630),
  hour: fc.constantFrom(0, 1, 2, 3),
  minutes: fc.constantFrom(30, 60, 120),
  south: fc.boolean(),
  spring: fc.boolean(),
});

function savingOf({ hour, minutes, south }: { hour: number; minutes: number; south: boolean }): DaylightSaving {
  const [march, october] = [3, 10].map((month) => ({ month, week: 5, weekday: 0, hour })) as [
    DaylightSaving["start"],
    DaylightSaving["start"],
  ];
  return south ? { start: october, end: march, minutes } : { start: march, end: october, minutes };
}

const base: RevenueConfiguration = {
  ...plain,
  registers: {
    normal: [
      register(1, { decimals: 3 }),
      register(2, { measure: measure("Wh", "received"), decimals: 3 }),
      ...rates.map((tariff, k) => register(10 + k, { tariff, decimals: 3 })),
      register(20, { storage: "billingReset", decimals: 3 }),
      register(30, { storage: "previousHour", decimals: 3 }),
      register(31, { storage: "previousDay", decimals: 3 }),
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
  /** Seconds that go by first; mostly not whole minutes, unless it waits for a boundary then. */
  after: fc.integer({ min: 1, max: 20_000 }),
  until: fc.constantFrom("whenever", "whenever", "quarter", "midnight", "change"),
  by: fc.integer({ min: -7200, max: 7200 }),
  /** Days that a clock is set by besides. */
  days: fc.constantFrom(0, 0, 0, 0, -2, -1, 1, 2),
});

/** Watts by minute of elapsed time, both ways. */
const load = (minute: number): number => ((Math.imul(minute + 1, 2_654_435_761) >>> 0) % 9000) - 2000;

/** What an interval ends with by itself, and whether a record began or ended with something else. */
const byClock: readonly ProfileEvent[] = ["normal", "midnight", "daylightSaving"];
const cuts = ({ type, status }: ProfileRecord): boolean => !byClock.includes(type) || (status & 2) === 2;

/** The source goes on, unseen. */
function skip(source: MinuteLoads, seconds: number): void {
  const [from, to] = [new StepValues(), new StepValues()];
  for (let left = seconds; left > 1e-9;) left -= source.step(left, from, to);
}

test("the sum of the profile is the register, the tariffs add up to it, and it is what the load was while the meter measured", () => {
  fc.assert(
    fc.property(place, fc.array(happening, { minLength: 5, maxLength: 30 }), (where, story) => {
      const store = new MemoryStore().drawer("chaos");
      const { utcOffsetMinutes, spring } = where;
      const timekeeping = { ...base.timekeeping, utcOffsetMinutes, daylightSaving: savingOf(where) };
      const configuration = { ...base, timekeeping };
      // From the morning before clocks change.
      let utc = Date.parse(spring ? "2026-03-28T08:00:00Z" : "2026-10-24T08:00:00Z");
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
      for (const { what, after, until, by, days } of story) {
        pass(after);
        const { zone } = meter.clock;
        const quarter = (Math.floor(meter.utc / 900_000) + 1) * 900_000;
        const boundary = {
          whenever: meter.utc,
          quarter,
          midnight: zone.nextMidnight(meter.utc),
          change: Math.min(zone.nextChange(meter.utc) ?? Infinity, meter.utc + 86_400_000),
        }[until];
        if (boundary > meter.utc) pass((boundary - meter.utc) / 1000);
        // An hour and a day of at most 7 kW; a day may be longer by the change, an hour never.
        assert.ok(Number(meter.registers.show(30)?.value) <= 7000, `${meter.registers.show(30)?.text} Wh in an hour`);
        assert.ok(
          Number(meter.registers.show(31)?.value) <= 7000 * 26,
          `${meter.registers.show(31)?.text} Wh in a day`,
        );
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
        else if (what === "set") meter.setTime(meter.utc + by * 1000 + days * 86_400_000, origin);
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
      // Records follow one another without a hole, in UTC and by the wall clock; only what cut it makes one a part.
      for (const { series, settings } of meter.profiles) {
        const records = series.page(0, Infinity);
        const length = Number(settings.minutes) * 60_000;
        records.forEach(({ type, start, end, until, status }, k) => {
          const name = `record ${k}: ${JSON.stringify(records[k])}`;
          assert.deepEqual(records[k + 1]?.start ?? until, until, name);
          if (!["testMode", "powerFail"].includes(type)) assert.ok(end.utc >= start.utc, name);
          assert.ok(end.utc - start.utc <= length || type === "powerFail" || type === "testMode", name);
          if ((status & 2) === 0) assert.equal(localOf(end) - localOf(start), length, name);
          if (byClock.includes(type)) assert.equal(status & 2, k === 0 || cuts(records[k - 1]!) ? status & 2 : 0, name);
        });
      }
      // A billing period ends once a day by itself.
      const ends = meter.log.of("billingReset").page(0, Infinity);
      const own = ends.filter(({ by }) => by === "automatic").map(({ at }) => at.utc);
      if (!story.some(({ what }) => what === "set" || what === "fail" || what === "bus" || what === "restart"))
        own.forEach((at, k) => assert.ok(k === 0 || at - own[k - 1]! >= 22 * 3_600_000, "a day has one midnight"));
    }),
    { numRuns: share(60, 100, 1000), seed: 20_261_121 },
  );
});
