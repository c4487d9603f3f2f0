/** Time in UTC: changes of daylight saving of many kinds, clocks that are set over boundaries, several things at one instant. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { test } from "node:test";
import { LocalTime, type DaylightSaving } from "#clock/local-time.ts";
import { localOf } from "#quantity/stamp.ts";
import { profileOf } from "#product/jemstar/recorded-series.ts";
import { profileOf as profileView } from "#web/meter-view.ts";
import type { RevenueConfiguration } from "#revenue/settings/configuration.ts";
import {
  allYear,
  channel,
  clock,
  contact,
  eastern,
  measure,
  plain,
  register,
  revenueRig,
  trigger,
  type Load,
  type RevenueRig,
} from "./revenue-rig.ts";

const steady = (): Load => ({ w: 1000, q: 0 });
const HOUR = 60;
const sunday = (month: number, week: number, hour: number) => ({ month, week, weekday: 0, hour });
/** The last Sunday in March until the last in October, or the other way round, at an hour, by so many minutes. */
const saving = (hour: number, minutes: number, south = false): DaylightSaving => {
  const [spring, autumn] = [sunday(3, 5, hour), sunday(10, 5, hour)];
  return south ? { start: autumn, end: spring, minutes } : { start: spring, end: autumn, minutes };
};
const at = (
  daylightSaving: DaylightSaving | undefined,
  changes: Partial<RevenueConfiguration["timekeeping"]> = {},
) => ({
  ...plain.timekeeping,
  utcOffsetMinutes: 60,
  daylightSaving,
  ...changes,
});
const profile = (
  minutes: RevenueConfiguration["profiles"][number]["minutes"],
  events = true,
  externalSync = false,
) => ({
  channels: [channel(measure("Wh"), 1)],
  minutes,
  externalSync,
  data: "counts" as const,
  events,
  freezeMarkers: true,
});
const daily = { every: "day", minute: 0, day: 0 } as const;

test("at every change every interval is there once, whole, with its own energy, and none ends before it begins", () => {
  for (const south of [false, true])
    for (const hour of [0, 1, 2, 3])
      for (const shift of [30, 60, 120])
        for (const minutes of [15, 60])
          for (const events of [true, false])
            for (const day of ["2026-03-28", "2026-10-24"]) {
              const what = `${day} ${south ? "south" : "north"} ${hour}:00 by ${shift}, ${minutes} minutes, events ${events}`;
              const rig = revenueRig(
                { timekeeping: at(saving(hour, shift, south)), profiles: [profile(minutes, events)] },
                steady,
                { utc: `${day}T16:00:00Z` },
              );
              rig.run(16 * HOUR);
              const records = rig.meter.profiles[0]!.series.page(0, Infinity);
              assert.equal(records.length, (16 * HOUR) / minutes, what);
              // The counts add up to the energy of the time that passed: 1 kW; a count that one record lacks the next has.
              let [sum, told] = [0, 0];
              records.forEach(({ start, end, until, values, status }, k) => {
                assert.equal(end.utc - start.utc, minutes * 60_000, what);
                assert.equal(localOf(end) - localOf(start), minutes * 60_000, `${what}: its own clock says so`);
                assert.deepEqual(records[k + 1]?.start ?? until, until, what);
                sum += minutes / 60;
                told += values[0]!;
                assert.equal(told, Math.floor(1000 * sum + 1e-6), what);
                assert.equal(status, end.offsetMinutes === until.offsetMinutes ? 0 : 16, what);
              });
              const changed = records.filter(({ end, until }) => end.offsetMinutes !== until.offsetMinutes);
              assert.equal(changed.length, 1, what);
              assert.equal(changed[0]!.type, events ? "daylightSaving" : "normal", what);
              assert.equal(rig.meter.log.of("timeChange").next, 1, what);
            }
});

test("a midnight comes once, at every change: one self read, one reset, one day, and a demand window is never cut", () => {
  for (const south of [false, true])
    for (const hour of [0, 1, 2])
      for (const shift of [30, 60, 120])
        for (const day of ["2026-03-28", "2026-10-24"]) {
          const what = `${day} ${south ? "south" : "north"} ${hour}:00 by ${shift}`;
          const rig = revenueRig(
            {
              timekeeping: at(saving(hour, shift, south), { billingReset: daily }),
              selfRead: daily,
              registers: {
                normal: [
                  register(1, { selfRead: true }),
                  register(2, { storage: "previousDay" }),
                  register(3, { type: "peakDemand", measure: measure("W"), storage: "billingReset" }),
                  register(4, { type: "pastDemand", measure: measure("W") }),
                ],
                alternate: [],
                test: [],
              },
              demand: { ...plain.demand, subIntervalMinutes: 60, subIntervals: 1 },
            },
            steady,
            { utc: `${day}T12:00:00Z` },
          );
          rig.run(20 * HOUR);
          const zone = rig.meter.clock.zone;
          const days = rig.meter.selfReads.all.map((read) => clock(read.at).slice(0, 5));
          assert.equal(days.length, 1, `${what}: ${days.join()}`);
          assert.equal(rig.meter.log.entries("billingReset").length, 1, what);
          const midnight = rig.meter.selfReads.page(0, 1)[0]!.at.utc;
          // From noon until the midnight that counts.
          const hours = (midnight - Date.parse(`${day}T12:00:00Z`)) / 3_600_000;
          const wh = (id: number): number => Math.round(1e6 * rig.value(id)) / 1e6;
          assert.equal(wh(1), 20_000, what);
          assert.equal(wh(2), Math.round(1e9 * hours) / 1e6, what);
          assert.equal(Math.round(rig.value(3)), 1000, what);
          assert.equal(Math.round(rig.value(4)), 1000, what);
          rig.run(24 * HOUR);
          const next = zone.nextMidnight(midnight + 1);
          assert.equal(wh(2), (1000 * (next - midnight)) / 3_600_000, `${what}: the day after`);
        }
});

test("hourly self reads come 25 times on the long day and 23 times on the short one", () => {
  for (const [utc, hours] of [
    ["2026-11-01T03:30:00Z", 25],
    ["2026-03-08T04:30:00Z", 23],
  ] as const) {
    const rig = revenueRig(
      {
        timekeeping: { ...plain.timekeeping, utcOffsetMinutes: -300, daylightSaving: eastern },
        selfRead: { every: "hour", minute: 0, day: 0 },
        registers: { normal: [register(1, { selfRead: true })], alternate: [], test: [] },
      },
      steady,
      { utc },
    );
    rig.run((hours + 1) * HOUR);
    const reads = rig.meter.selfReads.page(0, Infinity);
    const day = reads.filter((read) => clock(localOf(read.at)).startsWith(utc.slice(5, 10)));
    assert.equal(day.length, hours);
    for (let k = 1; k < reads.length; k++) assert.equal(reads[k]!.at.utc - reads[k - 1]!.at.utc, 3_600_000);
  }
});

test("a tariff's hour that comes twice counts twice, and one that is left out does not count", () => {
  for (const [utc, hours] of [
    ["2026-11-01T04:00:00Z", 2],
    ["2026-03-08T05:00:00Z", 1],
  ] as const) {
    const rig = revenueRig(
      {
        timekeeping: { ...plain.timekeeping, utcOffsetMinutes: -300, daylightSaving: eastern },
        tou: allYear(
          { minute: 0, rate: "C" },
          { minute: 60, rate: "A" },
          { minute: 120, rate: "B" },
          { minute: 180, rate: "C" },
        ),
        registers: {
          normal: [register(1, { tariff: "A" }), register(2, { tariff: "B" }), register(3, { tariff: "C" })],
          alternate: [],
          test: [],
        },
      },
      steady,
      { utc },
    );
    rig.run(6 * HOUR);
    // From midnight: C, A from one to two, B from two to three, C. In spring there is no hour from two to three.
    const [a, b, c] = [1, 2, 3].map((id) => Math.round(rig.value(id)));
    assert.deepEqual([a, b, a! + b! + c!], [1000 * hours, hours === 2 ? 1000 : 0, 6000]);
  }
});

const periods = (utc: string): RevenueRig =>
  revenueRig(
    {
      registers: {
        normal: [register(1, { storage: "previousHour" }), register(2, { storage: "previousDay" })],
        alternate: [],
        test: [],
      },
    },
    () => ({ w: 3600, q: 0 }),
    { utc },
  );
const set = (rig: RevenueRig, minutes: number): void => rig.meter.setTime(rig.meter.utc + minutes * 60_000, "reader");

test("what a clock that was set back shows twice counts once for the hour and the day", () => {
  // 10:50 is 10:10 again: the hour ends as an hour.
  const within = periods("2026-01-01T10:00:00Z");
  within.run(50);
  set(within, -40);
  within.run(50);
  assert.equal(within.value(1), 3600);
  assert.equal(within.meter.registers.reading(1)?.valid, "questionable");
  within.run(60);
  assert.equal(within.value(1), 3600);
  assert.equal(within.meter.registers.reading(1)?.valid, "good", "an hour that nothing cut");
  // 11:10 is 10:50 again, in an hour that has ended.
  const over = periods("2026-01-01T10:00:00Z");
  over.run(70);
  set(over, -20);
  over.run(10);
  assert.equal(over.value(1), 3600, "the hour from ten to eleven, still");
  over.run(60);
  assert.equal(over.value(1), 3600, "and that from eleven to twelve");
  // Twenty seconds past midnight it is half a minute earlier.
  const midnight = periods("2026-01-01T00:00:00Z");
  midnight.run(1440 + 1 / 3);
  set(midnight, -5 / 6);
  midnight.run(10);
  assert.equal(midnight.value(2), 86_400);
  midnight.run(1440);
  assert.equal(midnight.value(2), 86_400);
});

test("a clock that is set by days begins hours and days anew; none is ever of more than a day", () => {
  const rig = periods("2026-01-10T00:00:00Z");
  rig.run(23 * HOUR);
  set(rig, -(2 * 24 * HOUR) + 60);
  rig.run(30 * HOUR);
  assert.equal(rig.value(2), 86_400);
  set(rig, 3 * 24 * HOUR);
  assert.equal(rig.value(2), 0, "the day before is one that nobody measured");
  rig.run(24 * HOUR);
  assert.ok(rig.value(2) <= 86_400);
});

test("an hour that ends without power is of what came of it, and the next is a part of one", () => {
  const rig = periods("2026-01-01T10:00:00Z");
  rig.run(50);
  rig.fail(true);
  rig.run(20);
  rig.fail(false);
  rig.run(1);
  assert.equal(rig.value(1), 3000);
  rig.run(49);
  assert.equal(rig.value(1), 3000, "from 11:10 to 12:00");
});

test("midnight, a billing reset, a freeze and a change of daylight saving at one instant end one record", () => {
  const rig = revenueRig(
    {
      timekeeping: at(saving(0, 60), { billingReset: daily, freeze: { every: "hour", minute: 0, day: 0 } }),
      profiles: [profile(60)],
    },
    steady,
    { utc: "2026-03-28T20:00:00Z" },
  );
  rig.run(5 * HOUR);
  assert.deepEqual(
    rig.meter.profiles[0]!.records().map(({ type, start, end, until, values }) => [
      type,
      ...[start, end, until].map(clock),
      values[0],
    ]),
    [
      ["freeze", "03-28 21:00", "03-28 22:00", "03-28 22:00", 1000],
      ["freeze", "03-28 22:00", "03-28 23:00", "03-28 23:00", 1000],
      // Clocks go from midnight to one.
      ["billingReset", "03-28 23:00", "03-29 00:00", "03-29 01:00", 1000],
      ["freeze", "03-29 01:00", "03-29 02:00", "03-29 02:00", 1000],
      ["freeze", "03-29 02:00", "03-29 03:00", "03-29 03:00", 1000],
    ],
  );
  for (const [kind, count] of [
    ["billingReset", 1],
    ["freeze", 5],
    ["timeChange", 1],
  ] as const)
    assert.equal(rig.meter.log.of(kind).next, count, kind);
});

test("without events in the profile an interval over which the clock jumps ends there, and one in which it jumps is marked", () => {
  const rig = revenueRig({ profiles: [profile(15, false)] }, () => ({ w: 3600, q: 0 }));
  rig.run(5);
  set(rig, 2);
  rig.run(8);
  set(rig, 30);
  rig.run(15);
  assert.deepEqual(
    rig.meter.profiles[0]!.records().map(({ type, start, end, until, values, status }) => [
      type,
      ...[start, end, until].map(clock),
      values[0],
      status,
    ]),
    [
      ["normal", "01-01 00:00", "01-01 00:15", "01-01 00:45", 780, 16],
      ["normal", "01-01 00:45", "01-01 01:00", "01-01 01:00", 900, 0],
    ],
  );
});

test("bits of the status word and of the trigger word last for an interval of a profile: any of several, by an input, or 15 minutes", () => {
  const bits = (rig: RevenueRig) => [rig.meter.status.bits & (1 << 9), rig.meter.periphery.triggers.bits];
  const load = (minute: number): Load => ({ w: minute === 5 ? 6000 : 1000, q: 0 });
  const alarms = { triggers: [trigger(1)], triggerBits: [[1]] };
  for (const profiles of [[], [profile(15)], [profile(60, true, true), profile(15)], [profile("month"), profile(5)]]) {
    const rig = revenueRig({ ...alarms, profiles, io: [contact("inputIntervalSync")] }, load);
    rig.run(1);
    set(rig, 1);
    rig.run(1);
    assert.deepEqual(bits(rig), [1 << 9, 0]);
    rig.run(4);
    assert.equal(bits(rig)[1], 1);
    rig.run(30);
    assert.deepEqual(bits(rig), [0, 0], JSON.stringify(profiles.map(({ minutes }) => minutes)));
  }
  const synchronised = revenueRig(
    { ...alarms, profiles: [profile(15, true, true)], io: [contact("inputIntervalSync")] },
    load,
  );
  synchronised.run(7);
  set(synchronised, 1);
  synchronised.run(60);
  assert.deepEqual(bits(synchronised), [1 << 9, 1], "no interval has ended");
  for (const closed of [true, false]) synchronised.meter.setInput(1, closed);
  assert.deepEqual(bits(synchronised), [0, 0]);
});

test("an interval that overflowed is told by bit 4 in the one after it, of any of several profiles", () => {
  const rig = revenueRig(
    { profiles: [profile(60), { ...profile(15), channels: [channel(measure("Wh"), 0.01)] }] },
    (minute) => ({ w: minute < 15 ? 1000 : 100, q: 0 }),
  );
  rig.run(15);
  assert.equal(rig.meter.status.bits & 8, 8, "25,000 counts");
  rig.run(15);
  assert.equal(rig.meter.status.bits & 8, 0);
});

test("the lockout after a billing reset goes by time that elapses, not by a clock that is set", () => {
  const rig = revenueRig();
  rig.run(10);
  assert.equal(rig.meter.billing.reset("reader"), true);
  set(rig, 120);
  assert.equal(rig.meter.billing.reset("reader"), false, "two hours later by a clock that was set");
  set(rig, -600);
  rig.run(5);
  assert.equal(rig.meter.billing.reset("reader"), true, "five minutes later, by an earlier clock");
  // It outlasts the process: ten minutes later by the clock that the battery kept.
  rig.meter.save();
  const utc = new Date(rig.meter.utc + 120_000).toISOString();
  const again = revenueRig({}, undefined, { store: rig.store, utc });
  assert.equal(again.meter.billing.reset("reader"), false);
  again.run(3);
  assert.equal(again.meter.billing.reset("reader"), true);
});

test("a threshold on a register is looked at every second, also when an hour is worked off at once", () => {
  const source = (): { rig: RevenueRig } => {
    const rig = revenueRig(
      {
        registers: {
          normal: [register(1, { type: "consumption", decimals: 3 })],
          alternate: [],
          test: [],
        },
        triggers: [trigger(1, { measure: undefined, register: 1, alarm: 1000, reset: 900, phase: "polyphase" })],
      },
      () => ({ w: 3600, q: 0 }),
    );
    return { rig };
  };
  const { rig } = source();
  rig.run(60);
  const [entry] = rig.meter.log.of("alarm").page(0, 1);
  // A watt-hour a second: more than a thousand after a thousand and one.
  assert.equal(entry?.at.utc, Date.parse("2026-01-01T00:16:41Z"));
  assert.equal(entry?.details["value"], 1001);
});

test("records, entries and self reads are found by their instant, and by page", () => {
  const rig = revenueRig({
    selfRead: { every: "hour", minute: 0, day: 0 },
    registers: { normal: [register(1, { selfRead: true })], alternate: [], test: [] },
  });
  rig.run(48 * HOUR);
  const utc = Date.parse("2026-01-02T06:07:00Z");
  const { series } = rig.meter.profiles[0]!;
  assert.deepEqual(
    series.page(series.seek(utc), 2).map(({ start, end }) => [clock(start.utc), clock(end.utc)]),
    [
      ["01-02 06:00", "01-02 06:15"],
      ["01-02 06:15", "01-02 06:30"],
    ],
  );
  assert.equal(series.seek(Date.parse("2027-01-01T00:00:00Z")), series.next);
  assert.equal(series.seek(0), series.first);
  assert.deepEqual(series.page(series.next - 1, 10).length, 1);
  const { selfReads } = rig.meter;
  assert.equal(clock(selfReads.page(selfReads.seek(utc), 1)[0]!.at.utc), "01-02 07:00");
  // A clock that was set back shows instants twice: the later time counts.
  set(rig, -20 * HOUR);
  rig.run(10 * HOUR);
  const [found] = series.page(series.seek(utc), 1);
  assert.equal(clock(found!.start.utc), "01-02 06:00");
  assert.ok(found!.sequence > 192, String(found!.sequence));
  // The one that ends then is not before it.
  assert.equal(series.page(series.seek(Date.parse("2026-01-01T06:00:00Z")), 1)[0]!.sequence, 23);
  assert.equal(series.page(series.seek(Date.parse("2026-01-01T06:00:00.001Z")), 1)[0]!.sequence, 24);
});

test("records of a range are found on either side of clocks that were set far ahead and back, again and again", () => {
  const rig = revenueRig({}, steady, { utc: "2026-01-01T00:00:00Z" });
  const year = 365 * 24 * HOUR;
  for (let k = 0; k < 3; k++) {
    rig.run(2 * HOUR);
    set(rig, year);
    rig.run(HOUR);
    set(rig, -year);
  }
  const now = () => rig.meter.clock.stamp();
  // Six hours of the day itself, two before each journey: 00:45 to 01:45 was before the first one.
  const found = profileView(profileOf(rig.meter.profiles[0]!), now, {
    from: "2026-01-01T00:45",
    to: "2026-01-01T01:45",
  });
  assert.ok(typeof found !== "string");
  assert.deepEqual(
    found.records.filter(({ type }) => type === "normal").map(({ end }) => end.slice(11, 16)),
    ["01:00", "01:15", "01:30", "01:45"],
  );
});

test("records of a range are those of local time, twice where it comes twice", () => {
  const rig = revenueRig(
    { timekeeping: { ...plain.timekeeping, utcOffsetMinutes: -300, daylightSaving: eastern } },
    steady,
    { utc: "2026-11-01T04:00:00Z" },
  );
  rig.run(6 * HOUR);
  const now = () => rig.meter.clock.stamp();
  const found = profileView(profileOf(rig.meter.profiles[0]!), now, {
    from: "2026-11-01T01:00",
    to: "2026-11-01T02:00",
  });
  assert.equal(typeof found === "string" ? found : found.records.length, 8);
});

test("steps of standard time begin at whole milliseconds, whichever instant between two is asked from", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.constantFrom(1, 5, 15, 30, 60),
      fc.constantFrom(-210, 0, 60, 345),
      (whole, odd, minutes, offset) => {
        const length = minutes * 60_000;
        const next = new LocalTime(offset).nextStep(whole + odd, length);
        assert.ok(next > whole + odd && next - whole <= length);
        assert.equal((next + offset * 60_000) % length, 0);
        assert.equal(next, new LocalTime(offset).nextStep(whole, length));
      },
    ),
  );
});
