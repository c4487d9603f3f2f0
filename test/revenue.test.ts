/** The revenue meter's registers, demands and profile, worked out on paper. 3600 W and 1200 var unless a test says otherwise. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { profileOf as profileView, type ProfileQuery } from "#web/meter-view.ts";
import { profileOf } from "#product/jemstar/recorded-series.ts";
import { parseSite } from "#fleet/site-file.ts";
import { LiveSource } from "#waveform/live.ts";
import { makeSource } from "#fleet/sources.ts";
import { capacityDays } from "#revenue/profile/load-profile.ts";
import { level, levelColumn, POLY, power, powerColumn, single } from "#revenue/measuring/columns.ts";
import { MemoryStore } from "#store/store.ts";
import { channel, clock, everyDay, measure, register, revenueRig, plain } from "./revenue-rig.ts";

const registers = (...normal: ReturnType<typeof register>[]) => ({ registers: { normal, alternate: [], test: [] } });

test("energies by direction, quadrant and phase; net, absolute, Q and VA", () => {
  // An hour of 3600 W and 1200 var, an hour of the same flowing back.
  const rig = revenueRig(
    registers(
      register(1),
      register(2, { measure: measure("Wh", "received") }),
      register(3, { measure: measure("Wh", "net") }),
      register(4, { measure: measure("Wh", "absolute") }),
      register(5, { measure: measure("varh", "q1") }),
      register(6, { measure: measure("varh", "q3") }),
      register(7, { measure: measure("VAh"), decimals: 2 }),
      register(8, { measure: measure("Wh", "delivered", "b") }),
      register(9, { measure: measure("Qh"), decimals: 2 }),
      register(10, { measure: measure("Ah", "bidirectional", "a"), decimals: 2 }),
      register(11, { measure: measure("V2h", "bidirectional", "a") }),
      register(12, { measure: measure("Ah", "bidirectional", "average"), decimals: 2 }),
    ),
    (minute) => (minute < 60 ? { w: 3600, q: 1200 } : { w: -3600, q: -1200 }),
  );
  rig.run(120);
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 8].map((id) => rig.text(id)),
    ["3600", "3600", "0", "7200", "1200", "1200", "1200"],
  );
  // sqrt(3600² + 1200²) = 3794.73; 3600/2 + 1200 √3/2 = 2839.23.
  assert.deepEqual(
    [7, 9].map((id) => rig.text(id)),
    ["3794.73", "2839.23"],
  );
  // 3794.73 / 3 / 120 = 10.5409 A, two hours; 120² by two hours.
  assert.deepEqual(
    [10, 12].map((id) => rig.text(id)),
    ["21.08", "21.08"],
  );
  assert.equal(rig.text(11), "28800");
});

test("digits wrap, decimals and units scale, primary and secondary differ by the transformers", () => {
  const rig = revenueRig({
    ...registers(
      register(1, { digits: 4 }),
      register(2, { units: "kilo", decimals: 3, digits: 8 }),
      register(3, { scaling: "secondary" }),
      register(4, { type: "instantaneous", measure: measure("V", "bidirectional", "a"), decimals: 1 }),
      register(5, { type: "instantaneous", measure: measure("W"), digits: 4 }),
    ),
    primary: {
      pt: 10,
      ct: 2,
      nominalVoltage: 120,
      nominalCurrent: 5,
      connection: "4 wire wye",
      pqVoltage: "ln",
      flickerLamp: 120,
      rotation: "abc",
    },
  });
  rig.run(60);
  // 3600 Wh at the terminals are 72,000 Wh on the line.
  assert.deepEqual(
    [1, 2, 3, 4].map((id) => rig.text(id)),
    ["2000", "72.000", "3600", "1200.0"],
  );
  assert.equal(rig.text(5), "----", "72,000 W do not fit four digits");
});

test("a register that has wrapped on its screen has wrapped for everybody, whatever rounding leaves of the last count", () => {
  const rig = revenueRig(registers(register(1, { digits: 4 })), () => ({ w: 1000 / 3, q: 0 }));
  // 30 hours of a third of a kilowatt are 10,000 Wh; sums of thirds are short of that by a trillionth.
  for (let times = 1; times <= 7; times++) {
    rig.run(30 * 60);
    assert.deepEqual([rig.text(1), rig.value(1)], ["0", 0]);
  }
});

test("below the starting current nothing registers", () => {
  const amps = 0.001;
  const rig = revenueRig(
    registers(register(1, { decimals: 6 }), register(2, { measure: measure("Ah", "bidirectional", "a"), decimals: 6 })),
    () => ({
      w: 360 * amps,
      q: 0,
    }),
  );
  rig.run(60);
  assert.deepEqual([rig.value(1), rig.value(2)], [0, 0]);
  const over = revenueRig(registers(register(1, { decimals: 6 })), () => ({ w: 360 * amps, q: 0 }), {
    startingCurrent: 0.0009,
  });
  over.run(60);
  assert.equal(over.text(1), "0.360000");
});

test("storage types: billing reset, season, cumulative, continuous cumulative, previous hour and day", () => {
  const rig = revenueRig({
    ...registers(
      register(1),
      register(2, { storage: "billingReset" }),
      register(3, { storage: "previousHour" }),
      register(4, { storage: "previousDay" }),
      register(5, { type: "peakDemand", measure: measure("W"), storage: "cumulative" }),
      register(6, { type: "peakDemand", measure: measure("W"), storage: "continuousCumulative" }),
      register(7, { storage: "seasonChange" }),
      register(8, { type: "peakDemand", measure: measure("W") }),
    ),
    tou: {
      seasons: [
        { month: 1, day: 1, days: everyDay([{ minute: 0, rate: "A" }]) },
        { month: 1, day: 3, days: everyDay([{ minute: 0, rate: "B" }]) },
      ],
      holidays: [],
    },
  });
  rig.run(90);
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 8].map((id) => rig.value(id)),
    [5400, 0, 3600, 0, 0, 3600, 3600],
  );
  assert.equal(rig.meter.billing.reset("reader"), true);
  assert.deepEqual(
    [1, 2, 5, 6, 8].map((id) => rig.value(id)),
    [5400, 5400, 3600, 3600, 0],
  );
  assert.equal(rig.meter.billing.reset("reader"), false, "the lockout of five minutes");
  rig.run(60);
  assert.deepEqual(
    [5, 6, 8].map((id) => rig.value(id)),
    [3600, 7200, 3600],
  );
  rig.run(1440 - 150);
  assert.equal(rig.value(4), 24 * 3600);
  rig.run(2880 + 10);
  assert.equal(rig.value(7), 48 * 3600, "kept when season 2 began on 3 January");
});

test("a sliding window of three sub-intervals: present, past, peak, its time; nothing of a window that is not full", () => {
  const rig = revenueRig(
    registers(
      register(1, { type: "presentDemand", measure: measure("W") }),
      register(2, { type: "pastDemand", measure: measure("W") }),
      register(3, { type: "peakDemand", measure: measure("W") }),
      register(4, { type: "timeOfPeak", measure: measure("W"), of: 3 }),
      register(5, { type: "predictedDemand", measure: measure("W") }),
    ),
    // 6 kW from minute 20 to 24, 3 kW otherwise.
    (minute) => ({ w: minute >= 20 && minute < 25 ? 6000 : 3000, q: 0 }),
  );
  rig.run(10);
  // The first sub-interval began with the meter: it is not whole.
  assert.deepEqual([rig.value(3), rig.text(4)], [0, "never"]);
  rig.run(12);
  // Minutes 12 to 22 less what is not closed: 5 to 20 at 3 kW; present: 10 minutes at 3 kW and 2 at 6 kW, over 15.
  assert.deepEqual([rig.value(2), rig.value(3)], [3000, 3000]);
  assert.equal(Math.round(rig.value(1)), (10 * 3000 + 2 * 6000) / 15);
  // If it goes on so, two closed ones at 3 kW and one at 6 kW.
  assert.equal(Math.round(rig.value(5)), 4000);
  rig.run(3);
  assert.deepEqual([rig.value(2), rig.value(3), rig.text(4)], [4000, 4000, "2026-01-01 00:25:00"]);
  rig.run(60);
  assert.deepEqual([rig.value(2), rig.value(3)], [3000, 4000]);
});

test("coincident demand and power factor are those of the interval of the peak", () => {
  const rig = revenueRig(
    registers(
      register(1, { type: "peakDemand", measure: measure("W") }),
      register(2, { type: "coincidentDemand", measure: measure("var"), of: 1 }),
      register(3, { type: "coincidentPowerFactor", measure: measure("W"), of: 1, decimals: 4 }),
    ),
    (minute) => (minute >= 30 && minute < 45 ? { w: 4000, q: 3000 } : { w: 1000, q: 5000 }),
  );
  rig.run(90);
  assert.deepEqual(
    [1, 2, 3].map((id) => rig.text(id)),
    ["4000", "3000", "0.8000"],
  );
});

test("a thermal demand shows 90 % of a step after the thermal time, 99 % after twice", () => {
  const rig = revenueRig(
    registers(
      register(1, { type: "thermalDemand", measure: measure("W") }),
      register(2, { type: "peakThermalDemand", measure: measure("W") }),
    ),
    () => ({ w: 10_000, q: 0 }),
  );
  rig.run(15);
  assert.equal(Math.round(rig.value(1)), 9000);
  rig.run(15);
  assert.deepEqual([Math.round(rig.value(1)), Math.round(rig.value(2))], [9900, 9900]);
});

test("minimum, maximum, average of a billing period; average power factor", () => {
  const rig = revenueRig(
    registers(
      register(1, { type: "minimum", measure: measure("W") }),
      register(2, { type: "maximum", measure: measure("W") }),
      register(3, { type: "average", measure: measure("W") }),
      register(4, { type: "averagePowerFactor", measure: measure("W"), decimals: 3 }),
    ),
    (minute) => ({ w: [3000, 4000, 8000, 1000][minute % 4]!, q: [4000, 3000, 6000, 0][minute % 4]! }),
  );
  rig.run(60);
  // 16,000 W over four minutes; 16,000 / (5000 + 5000 + 10,000 + 1000).
  assert.deepEqual(
    [1, 2, 3, 4].map((id) => rig.text(id)),
    ["1000", "8000", "4000", "0.762"],
  );
  rig.meter.billing.reset("reader");
  rig.run(1);
  assert.deepEqual(
    [1, 2].map((id) => rig.text(id)),
    ["3000", "3000"],
  );
});

test("the profile: whole counts, fractions carried over, and events with their partial intervals", () => {
  const rig = revenueRig(
    {
      profiles: [
        {
          channels: [channel(measure("Wh"), 7), channel(measure("V", "bidirectional", "a"), 0.1)],
          minutes: 15,
          externalSync: false,
          data: "counts",
          events: true,
          freezeMarkers: true,
        },
      ],
    },
    () => ({ w: 3600, q: 0 }),
  );
  rig.run(20);
  rig.meter.billing.reset("reader");
  rig.run(15);
  const [profile] = rig.meter.profiles;
  // 900 Wh are 128.57 counts: 128, then 5 minutes (300 Wh, total 171.4: 43), then 10 (total 257.1: 86).
  assert.deepEqual(
    profile!.records().map(({ type, start, end, values }) => [type, clock(start), clock(end), ...values]),
    [
      ["normal", "01-01 00:00", "01-01 00:15", 128, 1200],
      ["billingReset", "01-01 00:15", "01-01 00:20", 43, 1200],
      ["normal", "01-01 00:20", "01-01 00:30", 86, 1200],
    ],
  );
  assert.deepEqual(
    profile!.records().map(({ status }) => status & 2),
    [0, 2, 2],
  );
});

test("16,383 counts are the most of an interval, and more is told", () => {
  const rig = revenueRig({
    profiles: [
      {
        channels: [channel(measure("Wh"), 0.05)],
        minutes: 15,
        externalSync: false,
        data: "counts",
        events: true,
        freezeMarkers: true,
      },
    ],
  });
  rig.run(15);
  const [record] = rig.meter.profiles[0]!.records();
  assert.deepEqual([record!.values[0], record!.status & 1], [16_383, 1]);
  assert.equal(rig.meter.status.bits & 8, 8);
});

test("a record says when nothing was known of the inputs for some of it", () => {
  const source = new LiveSource(60, 600);
  const rig = revenueRig({}, undefined, { source });
  const reading = { volts: [120, 120, 120], amps: [10, 10, 10], pf: [1, 1, 1] };
  source.push(reading);
  rig.run(9);
  source.push(reading);
  // Ten minutes after the last reading nothing is known any more.
  rig.run(21);
  const records = rig.meter.profiles[0]!.records().map(({ values, status }) => [values[0], status & 32]);
  assert.deepEqual(records, [
    [900, 0],
    [240, 32],
  ]);
});

test("bit 4 is of either profile, and of a record that an event has cut", () => {
  const one = { ...plain.profiles[0]!, channels: [channel(measure("Wh"), 0.05)] };
  const other = { ...plain.profiles[0]!, minutes: 5, channels: [channel(measure("Wh"), 1)] };
  const rig = revenueRig({ profiles: [one, other] });
  rig.run(15);
  assert.equal(rig.meter.status.bits & 8, 8);
  const cut = revenueRig({ profiles: [other, one] });
  cut.run(14);
  cut.meter.billing.freeze("reader");
  cut.run(1);
  assert.equal(cut.meter.status.bits & 8, 8, "the freeze's record had more than 16,383 counts");
  cut.run(5);
  assert.equal(cut.meter.status.bits & 8, 0);
});

test("engineering values, and retrieval: all, from a number on, days, a range", () => {
  const rig = revenueRig({
    profiles: [
      {
        channels: [channel(measure("Wh"), 1)],
        minutes: 60,
        externalSync: false,
        data: "engineering",
        events: false,
        freezeMarkers: false,
      },
    ],
  });
  rig.run(3 * 1440 + 30);
  const profile = rig.meter.profiles[0]!;
  assert.equal(profile.records().length, 72);
  const read = (query: ProfileQuery): number => {
    const view = profileView(profileOf(profile), () => rig.meter.clock.stamp(), query);
    return typeof view === "string" ? NaN : view.records.length;
  };
  assert.equal(read({ since: 0 }), 72);
  rig.run(60);
  assert.equal(read({ since: 72 }), 1);
  assert.equal(read({ days: 0 }), 1);
  assert.equal(read({ days: 2 }), 49);
  assert.equal(profile.records()[5]!.values[0], 3600);
  assert.equal(read({ from: "2026-01-03T00:00", to: "2026-01-03T06:00" }), 6);
});

test("the capacity is Table 1's within 1 % or a day", () => {
  const table: Record<number, number[]> = {
    1: [128, 101, 83, 70, 61, 54, 48, 44, 40, 37, 34, 32, 30, 28, 26, 25],
    5: [635, 499, 411, 350, 304, 269, 241, 219, 200, 184, 170, 159, 149, 140, 132, 125],
    15: [1095, 1095, 1095, 1016, 885, 783, 702, 637, 583, 537, 498, 464, 434, 408, 385, 365],
    30: [1095, 1095, 1095, 1095, 1095, 1095, 1095, 1095, 1095, 1029, 954, 889, 833, 783, 739, 700],
    60: Array.from({ length: 16 }, () => 1095),
  };
  for (const [minutes, days] of Object.entries(table)) {
    days.forEach((printed, k) => {
      const ours = capacityDays(Number(minutes), k + 1);
      assert.ok(
        Math.abs(ours - printed) <= Math.max(1, printed / 100),
        `${minutes} min, ${k + 1} channels: ${ours} for ${printed}`,
      );
    });
  }
});

test("when the memory is full the oldest record goes", () => {
  const channels = Array.from({ length: 16 }, () => channel(measure("Wh"), 1));
  const rig = revenueRig({
    profiles: [{ channels, minutes: 1, externalSync: false, data: "counts", events: false, freezeMarkers: false }],
  });
  const profile = rig.meter.profiles[0]!;
  rig.run(profile.series.capacity + 10);
  const records = profile.records();
  assert.deepEqual([records.length, records[0]!.sequence], [profile.series.capacity, 10]);
});

test("the clock set back across an interval: energy is told once, times are told twice", () => {
  const rig = revenueRig();
  rig.run(20);
  rig.meter.setTime(Temporal.Instant.from("2026-01-01T00:05:00Z").epochMilliseconds, "reader");
  rig.run(25);
  const records = rig.meter.profiles[0]!.records();
  assert.deepEqual(
    records.map(({ type, start, end, until, values }) => [type, clock(start), clock(end), clock(until), ...values]),
    [
      ["normal", "01-01 00:00", "01-01 00:15", "01-01 00:15", 900],
      ["timeSet", "01-01 00:15", "01-01 00:20", "01-01 00:05", 300],
      ["normal", "01-01 00:05", "01-01 00:15", "01-01 00:15", 600],
      ["normal", "01-01 00:15", "01-01 00:30", "01-01 00:30", 900],
    ],
  );
  assert.equal(
    records.reduce((sum, { values }) => sum + values[0]!, 0),
    rig.value(1),
  );
  assert.equal(rig.meter.log.entries("timeChange")[0]?.details["before"], "2026-01-01 00:20:00");
  assert.equal(rig.meter.status.bits & (1 << 9), 0, "the bit stood until the end of the interval");
});

test("an outage over midnight and the end of a season: the profile says so, nothing is counted, the season is the new one", () => {
  const season = (rate: "A" | "B") => everyDay([{ minute: 0, rate }]);
  const rig = revenueRig(
    {
      ...registers(
        register(1),
        register(2, { tariff: "A" }),
        register(3, { tariff: "B" }),
        register(4, { type: "peakDemand", measure: measure("W") }),
      ),
      tou: {
        seasons: [
          { month: 1, day: 1, days: season("A") },
          { month: 1, day: 2, days: season("B") },
        ],
        holidays: [],
      },
      demand: {
        subIntervalMinutes: 5,
        subIntervals: 3,
        thermalMinutes: 15,
        externalSync: false,
        deferSeconds: 1800,
        deferAfterOutageSeconds: 60,
      },
    },
    () => ({ w: 3600, q: 0 }),
    { utc: "2026-01-01T23:00:00Z" },
  );
  rig.run(50);
  rig.fail(true);
  rig.run(20);
  rig.fail(false);
  rig.run(20);
  assert.deepEqual(
    [1, 2, 3].map((id) => rig.value(id)),
    [4200, 3000, 1200],
  );
  const fail = rig.meter.profiles[0]!.records().find(({ type }) => type === "powerFail")!;
  assert.deepEqual(
    [clock(fail.start), clock(fail.end), clock(fail.until), fail.values[0]],
    ["01-01 23:45", "01-01 23:50", "01-02 00:10", 300],
  );
  assert.equal(rig.meter.log.entries("event")[0]?.what, "season change");
  assert.equal(rig.meter.log.entries("powerOutage")[0]?.details["seconds"], 1200);
  rig.meter.billing.reset("reader");
  rig.run(10);
  assert.equal(rig.value(4), 0, "demands are deferred for half an hour");
  rig.run(30);
  assert.equal(rig.value(4), 3600);
});

test("a process that stops and starts again is an outage; what was on disk goes on, bit for bit", () => {
  const store = new MemoryStore().drawer("revenue");
  const first = revenueRig({}, () => ({ w: 3600, q: 0 }), { store });
  first.run(40);
  first.meter.save();
  const second = revenueRig({}, () => ({ w: 3600, q: 0 }), { store, utc: "2026-01-01T00:50:00Z" });
  assert.equal(second.value(1), 2400);
  second.run(10);
  assert.deepEqual(
    second.meter.profiles[0]!.records().map(({ type, end, until, values }) => [
      type,
      clock(end),
      clock(until),
      values[0],
    ]),
    [
      ["normal", "01-01 00:15", "01-01 00:15", 900],
      ["normal", "01-01 00:30", "01-01 00:30", 900],
      ["powerFail", "01-01 00:40", "01-01 00:50", 600],
      ["normal", "01-01 01:00", "01-01 01:00", 600],
    ],
  );
  assert.equal(second.value(1), 3000);
});

test("test mode: test registers count, the others rest, and the profile keeps what came before it", () => {
  const rig = revenueRig({
    registers: {
      normal: [register(1), register(2, { type: "peakDemand", measure: measure("W") })],
      alternate: [],
      test: [register(201)],
    },
  });
  rig.run(20);
  rig.meter.testMode.enter("reader");
  rig.run(17);
  assert.deepEqual([rig.value(1), rig.value(201)], [1200, 1020]);
  rig.meter.testMode.leave("reader");
  rig.run(8);
  assert.deepEqual([rig.value(1), rig.value(201)], [1680, 1020]);
  assert.deepEqual(
    rig.meter.profiles[0]!.records().map(({ type, start, end, until, values }) => [
      type,
      clock(start),
      clock(end),
      clock(until),
      values[0],
    ]),
    [
      ["normal", "01-01 00:00", "01-01 00:15", "01-01 00:15", 900],
      ["testMode", "01-01 00:15", "01-01 00:20", "01-01 00:37", 300],
      ["normal", "01-01 00:37", "01-01 00:45", "01-01 00:45", 480],
    ],
  );
});

test("freeze and self reads: registers as they were, at set times and by hand", () => {
  const never = { every: "never", minute: 0, day: 0 } as const;
  const rig = revenueRig({
    registers: {
      normal: [register(1, { selfRead: true }), register(2)],
      alternate: [register(101, { selfRead: true, measure: measure("varh") })],
      test: [],
    },
    timekeeping: {
      sync: "crystal",
      toleranceMs: 500,
      utcOffsetMinutes: 0,
      freeze: { every: "hour", minute: 30, day: 0 },
      billingReset: never,
    },
    selfRead: { every: "hour", minute: 0, day: 0 },
  });
  rig.run(100);
  assert.deepEqual(
    rig.meter.registers.frozen.map(({ id, value }) => [id, value]),
    [
      [1, 5400],
      [2, 5400],
      [101, 1800],
    ],
  );
  rig.meter.billing.freeze("reader");
  assert.deepEqual(
    rig.meter.registers.frozen.map(({ value }) => value),
    [6000, 6000, 2000],
  );
  assert.deepEqual(
    rig.meter.log.entries("freeze").map(({ by }) => by),
    ["automatic", "automatic", "reader"],
  );
  assert.deepEqual(
    rig.meter.selfReads.all.map(({ at, registers }) => [clock(at), ...registers.map(({ value }) => value)]),
    [["01-01 01:00", 3600, 1200]],
  );
  assert.equal(rig.meter.profiles[0]!.records().filter(({ type }) => type === "freeze").length, 3);
});

test("presets: a register goes on from its new value, and the profile has a mark", () => {
  const rig = revenueRig(
    registers(
      register(1),
      register(2, { units: "kilo", decimals: 3 }),
      register(3, { type: "instantaneous", measure: measure("W") }),
    ),
  );
  rig.run(60);
  assert.equal(rig.meter.billing.preset(1, 1_000_000, "reader"), true);
  assert.equal(rig.meter.billing.preset(2, 12.5, "reader"), true);
  assert.equal(rig.meter.billing.preset(3, 5, "reader"), false);
  rig.run(60);
  assert.deepEqual([rig.text(1), rig.text(2)], ["1003600", "16.100"]);
  assert.equal(rig.meter.profiles[0]!.records().filter(({ type }) => type === "preset").length, 2);
});

test("loss compensation: added when delivered, taken off when received; uncompensated registers stay as they are", () => {
  const losses = { ironW: 0.001, ironVar: 1e-8, copperW: 0.05, copperVar: 0.2, lineW: 0.01, lineVar: 0 };
  const compensated = { ...measure("Wh"), compensated: true };
  const rig = revenueRig(
    {
      ...registers(
        register(1),
        register(2, { measure: compensated, decimals: 2 }),
        register(3, { measure: { ...compensated, direction: "received" }, decimals: 2 }),
        register(4, { measure: { ...measure("varh"), compensated: true }, decimals: 2 }),
        register(5, { measure: measure("Wh", "received") }),
      ),
      losses: { delivered: losses, received: { ...losses, ironW: 0, copperW: 0.04, lineW: 0 } },
    },
    (minute) => (minute < 60 ? { w: 3600, q: 0 } : { w: -3600, q: 0 }),
  );
  rig.run(120);
  // 10 A and 120 V a phase: 3 (0.001 x 14,400 + 0.06 x 100) = 61.2 W more; 3 x 0.04 x 100 = 12 W less received.
  assert.deepEqual(
    [1, 2, 3, 5].map((id) => rig.text(id)),
    ["3600", "3661.20", "3588.00", "3600"],
  );
  // Both hours: 3 (1e-8 x 120^4 + 0.2 x 100) = 66.2208 var.
  assert.equal(rig.text(4), "132.44");
});

test("on samples, instantaneous values and energy are those of the sine, however the meter's time is cut", () => {
  const { source } = parseSite(
    "site.yaml",
    "meters: [{ name: a, model: leviton-s4100, source: { synthetic: { volts: 120, amps: 5, pf: 0.8 } } }]",
  ).meters[0]!;
  const made = makeSource(source, { folder: ".", sampling: { perCycle: 512 }, wiring: "wye", start: 0 });
  const { meter, value } = revenueRig(
    { registers: { normal: [register(1, { decimals: 3 })], alternate: [], test: [] } },
    undefined,
    {
      source: made,
    },
  );
  for (let ms = 0; ms <= 20_000; ms += 37) {
    meter.advance(ms);
    if (ms < 2000) continue;
    for (const [column, expected] of [
      [levelColumn(0, level.v), 120],
      [levelColumn(2, level.a), 5],
      [powerColumn(POLY, power.wDel, false), 1440],
    ] as const) {
      const found = meter.window.average[column]!;
      assert.ok(Math.abs(found / expected - 1) < 1e-4, `${found} for ${expected} at ${ms} ms`);
    }
  }
  // All but the half cycles that are not over.
  assert.ok(Math.abs(value(1) - (1440 * 19.98) / 3600) < 1440 * (0.04 / 3600), `${value(1)} Wh`);
});

test("test pulses: 1,800 watt-hours at a Kt of 1.8 are 1,000 pulses, whichever way they flow; the optical port follows a test register", () => {
  const rig = revenueRig(
    {
      registers: {
        normal: [register(1)],
        alternate: [],
        test: [
          register(200, { measure: measure("VAh") }),
          register(201, { type: "presentDemand", measure: measure("W") }),
        ],
      },
    },
    // 4:3:5, so that an hour of 1800 W is 1350 varh and 2250 VAh.
    (minute) => (minute < 30 ? { w: 1800, q: 1350 } : { w: -1800, q: -1350 }),
  );
  const { testPulses } = rig.meter.periphery;
  const counts = () => [testPulses.led.count, testPulses.optical.count];
  rig.run(60);
  assert.deepEqual(counts(), [1000, 750]);
  assert.equal(rig.meter.testMode.enter("test", { register: 201 }), false, "a demand gives no pulses");
  assert.equal(rig.meter.testMode.enter("test", { register: 1 }), false, "no test register");
  assert.ok(rig.meter.testMode.enter("test", { register: 200 }));
  rig.run(20);
  // Nothing is delivered: the LED goes on, the register's VAh are none.
  assert.deepEqual(counts(), [1333, 750]);
  rig.run(10);
  assert.equal(rig.meter.testMode.on, false, "after half an hour it ends by itself");
  assert.equal(rig.meter.log.entries("testMode").at(-1)?.by, "timeout");
  rig.run(60);
  assert.deepEqual(counts(), [2500, 1500]);
});

test("losses are left out in test mode where somebody says so, and compensated again after it", () => {
  const none = { ironW: 0, ironVar: 0, copperW: 0, copperVar: 0, lineW: 0, lineVar: 0 };
  const compensated = { ...measure("Wh"), compensated: true };
  const rig = revenueRig(
    {
      registers: {
        normal: [register(1, { measure: compensated })],
        alternate: [],
        test: [register(200, { measure: compensated })],
      },
      // 10 W of copper for each of three phases at 10 A.
      losses: { delivered: { ...none, copperW: 0.1 }, received: none },
    },
    () => ({ w: 3600, q: 0 }),
  );
  rig.run(10);
  assert.equal(rig.value(1), 605);
  rig.meter.testMode.enter("test", { compensate: false });
  rig.run(10);
  assert.equal(rig.value(200), 600);
  rig.meter.testMode.enter("test");
  rig.run(10);
  assert.equal(rig.value(200), 1205);
  rig.meter.testMode.enter("test", { compensate: false });
  rig.meter.testMode.leave("test");
  rig.run(10);
  assert.equal(rig.value(1), 1210);
});

test("distortion and rotation of a sampled source: 3 % of a fifth harmonic, and phases B and C swapped", () => {
  for (const [angles, harmonics, expected] of [
    ["[0, -120, 120]", "{ volts: [{ order: 5, percent: 3 }] }", [3, 0]],
    ["[0, 120, -120]", "{}", [0, 120]],
    ["[0, -100, 120]", "{}", [0, 20]],
  ] as const) {
    const { source } = parseSite(
      "site.yaml",
      `meters: [{ name: a, model: leviton-s4100, source: { synthetic: { volts: 120, amps: 5, angles: ${angles}, harmonics: ${harmonics} } } }]`,
    ).meters[0]!;
    const made = makeSource(source, { folder: ".", sampling: { perCycle: 512 }, wiring: "wye", start: 0 });
    const { meter } = revenueRig({}, undefined, { source: made });
    meter.advance(6000);
    const { average } = meter.window;
    const found = [average[levelColumn(0, level.thdV)]!, average[single.rotationV]!, average[single.rotationA]!];
    [expected[0], expected[1], expected[1]].forEach((value, k) => {
      assert.ok(Math.abs(found[k]! - value) < 0.01, `${found[k]} for ${value}`);
    });
  }
});

test("a process killed in test mode: the next one counts again, and the profile goes on where the supply failed", () => {
  const rig = revenueRig();
  rig.run(20);
  rig.meter.testMode.enter("test");
  rig.run(5);
  // What was committed last is all that is left of it.
  const again = revenueRig({}, undefined, { store: rig.store, utc: "2026-01-01T00:40:00Z" });
  assert.equal(again.meter.testMode.on, false);
  again.run(20);
  assert.equal(again.value(1), 2400, "twenty minutes before, twenty after, none of the test");
  assert.deepEqual(
    again.meter.profiles[0]!.records().map(({ type, start, end, until, values }) => [
      type,
      clock(start),
      clock(end),
      clock(until),
      values[0],
    ]),
    [
      ["normal", "01-01 00:00", "01-01 00:15", "01-01 00:15", 900],
      ["testMode", "01-01 00:15", "01-01 00:20", "01-01 00:25", 300],
      ["powerFail", "01-01 00:25", "01-01 00:25", "01-01 00:40", 0],
      ["normal", "01-01 00:40", "01-01 00:45", "01-01 00:45", 300],
      ["normal", "01-01 00:45", "01-01 01:00", "01-01 01:00", 900],
    ],
  );
});
