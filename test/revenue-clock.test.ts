/** What keeps a revenue meter's clock, and what corrects its transformers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RevenueConfiguration } from "#revenue/settings/configuration.ts";
import { channel, clock, contact, eastern, measure, register, revenueRig, type Load } from "./revenue-rig.ts";

const never = { every: "never", minute: 0, day: 0 } as const;
const keeping = (sync: RevenueConfiguration["timekeeping"]["sync"]): RevenueConfiguration["timekeeping"] => ({
  sync,
  toleranceMs: 500,
  utcOffsetMinutes: 0,
  freeze: never,
  billingReset: never,
});
const start = Temporal.Instant.from("2026-01-01T00:00:00Z").epochMilliseconds;
const day = 1440;
const steady = (hz: number) => (): Load => ({ w: 3600, q: 0, hz });

test("a crystal that is half a second a day fast is half a second fast after a day", () => {
  const rig = revenueRig({ timekeeping: keeping("crystal") }, steady(60.5), { driftPpm: 500_000 / 86_400 });
  rig.run(day);
  assert.equal(Math.round(rig.meter.utc - start - 86_400_000), 500);
});

test("a clock that counts the line's cycles goes as the line goes, and by its crystal while the line is dark", () => {
  const rig = revenueRig({ timekeeping: keeping("line") }, steady(60.06), { driftPpm: 0 });
  rig.run(600);
  // A thousandth fast: 36 seconds in ten hours, but for the first stretch.
  assert.ok(Math.abs(rig.meter.utc - start - 36_000_000 - 36_000) < 100, String(rig.meter.utc - start));
  rig.fail(true);
  const at = rig.meter.utc;
  rig.run(60);
  assert.ok(Math.abs(rig.meter.utc - at - 3_600_000) < 100, String(rig.meter.utc - at));
});

test("a time server keeps a bad crystal within its tolerance; when it is lost bit 6 says so and the line takes over", () => {
  const server = (elapsed: number): number => start + elapsed;
  const rig = revenueRig({ timekeeping: keeping("ntp") }, steady(60.06), { driftPpm: 200, timeServer: server });
  rig.run(day);
  assert.ok(Math.abs(rig.meter.utc - start - 86_400_000) < 50, String(rig.meter.utc - start - 86_400_000));
  assert.equal(rig.meter.status.bits & 0x60, 0);
  rig.meter.timeServer = undefined;
  rig.run(600);
  assert.equal(rig.meter.status.bits & 0x20, 0x20);
  const off = rig.meter.utc - start - 86_400_000 - 36_000_000;
  assert.ok(Math.abs(off - 36_000) < 200, String(off));
  // It comes back: more than a second is a step, with its event; the profile's record says so.
  rig.meter.timeServer = server;
  rig.run(20);
  assert.ok(Math.abs(rig.meter.utc - start - 86_400_000 - 37_200_000) < 50);
  assert.equal(rig.meter.log.entries("timeChange")[0]?.by, "time server");
  assert.equal(rig.meter.profiles[0]!.records().filter(({ type }) => type === "timeSet").length, 1);
});

test("a time server that is back stops the line from driving the clock on, before it is known how far off it is", () => {
  const server = (elapsed: number): number => start + elapsed;
  // A line that is a sixth slow: ten seconds a minute.
  const rig = revenueRig({ timekeeping: keeping("ntp") }, steady(50), { driftPpm: 0, timeServer: server });
  rig.meter.timeServer = undefined;
  rig.run(5);
  const before = rig.meter.utc;
  rig.meter.timeServer = server;
  rig.run(0.5);
  assert.ok(Math.abs(rig.meter.utc - before - 30_000) < 1, String(rig.meter.utc - before));
});

test("transformer gain correction: ratios multiply, angles turn power", () => {
  const none = { ratio: 1, minutes: 0 };
  const rig = revenueRig(
    {
      registers: {
        normal: [
          register(1, { decimals: 2 }),
          register(2, { measure: measure("varh", "q4"), decimals: 2 }),
          register(3, { type: "instantaneous", measure: measure("V", "bidirectional", "a"), decimals: 2 }),
          register(4, { type: "instantaneous", measure: measure("A", "bidirectional", "b"), decimals: 3 }),
        ],
        alternate: [],
        test: [],
      },
      correction: { pt: [{ ratio: 1.01, minutes: 0 }, none, none], ct: [none, { ratio: 0.99, minutes: 60 }, none] },
    },
    () => ({ w: 3600, q: 0 }),
  );
  rig.run(60);
  // A: 1200 x 1.01; B: 1200 x 0.99 x cos 1°, and 1200 x 0.99 x sin 1° ahead; C: 1200.
  assert.deepEqual(
    [1, 2, 3, 4].map((id) => rig.text(id)),
    ["3599.81", "20.73", "121.20", "9.900"],
  );
});

test("channels that record only while the override input is closed, and channels that take words and inputs", () => {
  const rig = revenueRig({
    io: [contact("inputTouOverride"), contact("inputStatus")],
    profiles: [
      {
        channels: [
          channel(measure("Wh"), 1, "override"),
          channel(measure("Wh"), 1),
          channel({ ...measure("closed"), channel: 2 }, 1),
          channel(measure("systemBits"), 1),
          channel(measure("V", "bidirectional", "a"), 1, "override"),
          channel(measure("V", "bidirectional", "a"), 1),
        ],
        minutes: 15,
        externalSync: false,
        data: "counts",
        events: true,
        freezeMarkers: true,
      },
    ],
  });
  rig.run(20);
  rig.meter.setInput(1, true);
  rig.meter.setInput(2, true);
  rig.run(5);
  rig.meter.setInput(1, false);
  rig.meter.setInput(2, false);
  rig.run(20);
  // A minute of 3600 W is 60 Wh; the window in which a contact changed is the last that counts by its old state. An average is
  // over what was recorded: 120 V of five minutes are 120 V, and of nothing there is none.
  assert.deepEqual(
    rig.meter.profiles[0]!.records().map(({ values }) => values),
    [
      [0, 900, 0, 0, undefined, 120],
      [300, 900, 1, 0, 120, 120],
      [0, 900, 0, 0, undefined, 120],
    ],
  );
});

test("two masters that reset at once make one billing period", () => {
  const rig = revenueRig({
    registers: {
      normal: [register(1, { type: "peakDemand", measure: measure("W"), storage: "cumulative" })],
      alternate: [],
      test: [],
    },
  });
  rig.run(30);
  assert.deepEqual([rig.meter.billing.reset("one"), rig.meter.billing.reset("two")], [true, false]);
  assert.equal(rig.value(1), 3600);
  assert.equal(rig.meter.log.entries("billingReset").length, 1);
});

/** New York's autumn: at 06:00 UTC of the first of November clocks go from 02:00 back to 01:00. */
const autumn = (more: Partial<RevenueConfiguration["timekeeping"]> = {}): RevenueConfiguration["timekeeping"] => ({
  ...keeping("crystal"),
  utcOffsetMinutes: -300,
  daylightSaving: eastern,
  ...more,
});

test("no record ends before it begins by its own clock: of a day cut in the doubled hour, by an input, by an outage at the change", () => {
  const profile = (minutes: 15 | "day", externalSync = false) => ({
    channels: [channel(measure("Wh"), 1)],
    minutes,
    externalSync,
    data: "engineering" as const,
    events: true,
    freezeMarkers: true,
  });
  const utc = "2026-11-01T05:50:00Z";
  const byClock = revenueRig({ profiles: [profile("day"), profile(15)], timekeeping: autumn() }, steady(60), { utc });
  byClock.run(15);
  byClock.meter.billing.freeze("somebody");
  const byInput = revenueRig(
    { profiles: [profile(15, true)], timekeeping: autumn(), io: [contact("inputIntervalSync")] },
    steady(60),
    { utc },
  );
  byInput.run(15);
  byInput.meter.setInput(1, true);
  const spring = revenueRig({ profiles: [profile("day")], timekeeping: autumn() }, steady(60), {
    utc: "2026-03-08T06:30:00Z",
  });
  spring.run(30);
  spring.fail(true);
  spring.run(10);
  spring.fail(false);
  const records = [byClock, byInput, spring].flatMap(({ meter }) =>
    [0, 1].flatMap((k) => meter.profiles[k]?.records() ?? []),
  );
  assert.deepEqual(
    records.map(({ type, start, end, until, values }) => [type, clock(start), clock(end), clock(until), values[0]]),
    [
      // 01:50 to 02:05 of summer is 01:50 to 01:05 of the wall clock.
      ["freeze", "11-01 01:50", "11-01 02:05", "11-01 01:05", 900],
      ["daylightSaving", "11-01 01:50", "11-01 02:00", "11-01 01:00", 600],
      ["freeze", "11-01 01:00", "11-01 01:05", "11-01 01:05", 300],
      ["daylightSaving", "11-01 01:50", "11-01 02:05", "11-01 01:05", 900],
      ["powerFail", "03-08 01:30", "03-08 02:00", "03-08 03:10", 1800],
    ],
  );
});

test("what was due in an outage or in what a clock was set over is done, and leaves no record in which nothing was", () => {
  const hourly = { every: "hour", minute: 5, day: 0 } as const;
  const rig = revenueRig({ timekeeping: { ...keeping("crystal"), billingReset: hourly, freeze: hourly } }, steady(60));
  rig.run(3);
  rig.fail(true);
  rig.run(7);
  rig.fail(false);
  rig.run(3);
  rig.meter.setTime(rig.meter.utc + 60 * 60_000, "somebody");
  rig.meter.billing.freeze("somebody");
  assert.deepEqual(
    rig.meter.profiles[0]!.records().map(({ type, start, end, until }) => [
      type,
      clock(start),
      clock(end),
      clock(until),
    ]),
    [
      ["powerFail", "01-01 00:00", "01-01 00:03", "01-01 00:10"],
      ["timeSet", "01-01 00:10", "01-01 00:13", "01-01 01:13"],
      // What people do at that instant is a mark of its own.
      ["freeze", "01-01 01:13", "01-01 01:13", "01-01 01:13"],
    ],
  );
  assert.equal(rig.meter.log.entries("billingReset").length, 2);
  assert.equal(rig.meter.log.entries("freeze").length, 3);
});

test("intervals of a day, a week and a month by local time, and their whole records", () => {
  const profile = (minutes: "day" | "week" | "month") => ({
    channels: [channel(measure("Wh"), 1)],
    minutes,
    externalSync: false,
    data: "engineering" as const,
    events: false,
    freezeMarkers: false,
  });
  const rig = revenueRig({ profiles: [profile("day"), profile("week")] }, steady(60));
  // 1 January 2026 is a Thursday; weeks begin on Sunday.
  rig.run(12 * day);
  const [days, weeks] = rig.meter.profiles;
  assert.equal(days!.records().length, 12);
  assert.deepEqual(days!.records()[0]!.values, [86_400]);
  assert.deepEqual(
    weeks!.records().map(({ values, status }) => [values[0], status]),
    [
      [3 * 86_400, 2],
      [7 * 86_400, 0],
    ],
  );
  const months = revenueRig({ profiles: [profile("month")] }, steady(60));
  months.run(60 * day);
  assert.deepEqual(
    months.meter.profiles[0]!.records().map(({ values }) => values[0]! / 86_400),
    [31, 28],
  );
});

test("external synchronisation: sub-intervals and profile intervals end when the input closes, not by the clock", () => {
  const rig = revenueRig({
    io: [contact("inputIntervalSync")],
    demand: {
      subIntervalMinutes: 15,
      subIntervals: 1,
      thermalMinutes: 15,
      externalSync: true,
      deferSeconds: 0,
      deferAfterOutageSeconds: 1,
    },
    registers: { normal: [register(1, { type: "pastDemand", measure: measure("W") })], alternate: [], test: [] },
    profiles: [
      {
        channels: [channel(measure("Wh"), 1)],
        minutes: 15,
        externalSync: true,
        data: "counts",
        events: true,
        freezeMarkers: true,
      },
    ],
  });
  const pulse = (): void => {
    rig.meter.setInput(1, true);
    rig.meter.setInput(1, false);
  };
  rig.run(40);
  assert.equal(rig.meter.profiles[0]!.records().length, 0);
  pulse();
  rig.run(15);
  assert.equal(rig.value(1), 0);
  pulse();
  assert.equal(rig.value(1), 3600);
  assert.deepEqual(
    rig.meter.profiles[0]!.records().map(({ values }) => values[0]),
    [2400, 900],
  );
});

test("registers that show identification strings and inputs; the contacts of the interval's end and of the clock", () => {
  const item = (id: number, type: "idString" | "inputState", number: number) => ({
    id,
    label: "",
    selfRead: false,
    type,
    number,
  });
  const rig = revenueRig({
    identification: { strings: ["one", "Substation 7"] },
    io: [
      contact("inputStatus"),
      contact("outputEndOfInterval"),
      contact("outputClockPulse"),
      contact("outputClockPulse", { everyMinutes: 5, contact: "oneShot" }),
    ],
    registers: { normal: [item(1, "idString", 2), item(2, "inputState", 1)], alternate: [], test: [] },
  });
  rig.run(14);
  assert.deepEqual([rig.text(1), rig.text(2)], ["Substation 7", "open"]);
  rig.meter.setInput(1, true);
  assert.equal(rig.text(2), "closed");
  rig.run(1);
  const contacts = () => rig.meter.periphery.io.view().map(({ closed, count }) => [closed, count]);
  // A sub-interval ends every five minutes, and its contact closes for a second.
  assert.deepEqual(contacts().slice(1), [
    [true, 5],
    [true, 15],
    [false, 3],
  ]);
  rig.meter.advance(900_999);
  assert.equal(rig.meter.periphery.io.isClosed(2), true);
  rig.meter.advance(901_000);
  assert.equal(rig.meter.periphery.io.isClosed(2), false);
  rig.run(1);
  assert.deepEqual(contacts().slice(1), [
    [false, 6],
    [false, 16],
    [false, 3],
  ]);
});

test("form 5: two elements measure three wires, and the third phase's volts are line to line", () => {
  const rig = revenueRig({
    primary: {
      pt: 1,
      ct: 1,
      nominalVoltage: 120,
      nominalCurrent: 5,
      connection: "3 wire delta",
      pqVoltage: "ll",
      flickerLamp: 120,
      rotation: "abc",
    },
    registers: {
      normal: [
        register(1),
        register(2, { type: "instantaneous", measure: measure("V", "bidirectional", "a"), decimals: 1 }),
        register(3, { type: "instantaneous", measure: measure("A", "bidirectional", "c"), decimals: 2 }),
      ],
      alternate: [],
      test: [],
    },
  });
  rig.run(60);
  // The loads of this source are per phase: elements a and c have two thirds of them.
  assert.deepEqual(
    [1, 2, 3].map((id) => rig.text(id)),
    ["2400", "207.8", "10.54"],
  );
});

test("an outage over a change of daylight saving: local time is right when power is back, and the record says how long it was", () => {
  for (const [utc, times] of [
    // Down at 01:50 standard time, up 20 minutes later, which is 03:10 of summer time; the other way it is 01:10 again.
    ["2026-03-08T06:00:00Z", ["03-08 01:45", "03-08 01:50", "03-08 03:10"]],
    ["2026-11-01T05:00:00Z", ["11-01 01:45", "11-01 01:50", "11-01 01:10"]],
  ] as const) {
    const rig = revenueRig(
      { timekeeping: { ...keeping("crystal"), utcOffsetMinutes: -300, daylightSaving: eastern } },
      steady(60),
      { utc },
    );
    rig.run(50);
    rig.fail(true);
    rig.run(20);
    rig.fail(false);
    rig.run(20);
    const records = rig.meter.profiles[0]!.records();
    const fail = records.find(({ type }) => type === "powerFail")!;
    assert.deepEqual([clock(fail.start), clock(fail.end), clock(fail.until)], times, utc);
    assert.equal(rig.meter.log.entries("powerOutage")[0]?.details["seconds"], 1200);
    assert.deepEqual(
      rig.meter.log.entries("timeChange").map(({ what }) => what),
      ["daylight saving"],
    );
    // A watt-hour a second: 50 minutes and 20, told once.
    assert.equal(rig.value(1), 4200);
    const next = records[records.indexOf(fail) + 1]!;
    assert.equal(clock(next.start), times[2]);
    assert.equal(
      records.reduce((sum, { values }) => sum + values[0]!, 0),
      4200,
      "until half past",
    );
  }
});
