/** What happens by itself, once for every time it is due, and what survives: billing resets, self reads, freezes, stored periods. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { LocalTime } from "#clock/local-time.ts";
import type { RegisterSettings, Schedule } from "#revenue/settings/configuration.ts";
import { nextDue } from "#revenue/time/schedule.ts";
import { clock, contact, eastern, measure, plain, register, revenueRig, type Load } from "./revenue-rig.ts";

const registers = (...normal: RegisterSettings[]) => ({ registers: { normal, alternate: [], test: [] } });
const monthly: Schedule = { every: "month", minute: 0, day: 1 };
const steady = (): Load => ({ w: 3600, q: 0 });

const resets = (rig: ReturnType<typeof revenueRig>) =>
  rig.meter.log.entries("billingReset").map(({ at, by }) => `${clock(at)} ${by}`);

test("a month that is too short has its 31st on its last day", () => {
  const zone = new LocalTime(0);
  const due = (date: string, day: number): boolean => {
    const at = Date.parse(`${date}T00:30:00Z`);
    return nextDue({ every: "month", minute: 30, day }, zone, at - 60_000) === at;
  };
  assert.deepEqual(
    [
      due("2026-01-31", 31),
      due("2026-01-30", 31),
      due("2026-02-28", 31),
      due("2026-02-27", 30),
      due("2028-02-28", 29),
      due("2028-02-29", 29),
    ],
    [true, false, true, false, false, true],
  );
});

test("the interval that ends with the billing period is billed in it", () => {
  // 3600 W until midnight, 7200 W in the last quarter of January.
  const demand = { type: "peakDemand", measure: measure("W") } as const;
  const rig = revenueRig(
    {
      ...registers(register(1), register(2, demand), register(3, { ...demand, storage: "billingReset" })),
      demand: { ...plain.demand, subIntervalMinutes: 15, subIntervals: 1 },
      timekeeping: { ...plain.timekeeping, billingReset: monthly },
    },
    (minute) => ({ w: minute >= 1425 && minute < 1440 ? 7200 : 3600, q: 0 }),
    { utc: "2026-01-31T00:00:00Z" },
  );
  rig.run(1441);
  assert.deepEqual(resets(rig), ["02-01 00:00 automatic"]);
  assert.deepEqual([rig.value(3), rig.value(2)], [7200, 0]);
  rig.run(30);
  assert.equal(rig.value(2), 3600, "the new period's own peak");
});

test("a billing reset that was due without power is done when power is back, once", () => {
  const rig = revenueRig(
    {
      ...registers(register(1), register(2, { storage: "billingReset" })),
      timekeeping: { ...plain.timekeeping, billingReset: monthly },
    },
    steady,
    { utc: "2026-01-31T23:00:00Z" },
  );
  rig.run(30);
  rig.fail(true);
  rig.run(60 * 24 * 40);
  rig.fail(false);
  rig.run(10);
  assert.deepEqual(resets(rig), ["03-12 23:30 automatic"], "February's and March's are one: nothing came in between");
  assert.equal(rig.value(2), 1800);
});

test("a schedule in the hour that spring leaves out is done; in the hour that autumn repeats it is done once", () => {
  const timekeeping = {
    ...plain.timekeeping,
    utcOffsetMinutes: -300,
    daylightSaving: eastern,
    billingReset: { every: "day", minute: 150, day: 0 } as const,
  };
  const spring = revenueRig({ timekeeping }, steady, { utc: "2026-03-08T05:00:00Z" });
  spring.run(180);
  assert.deepEqual(resets(spring), ["03-08 03:00 automatic"]);
  const half = { ...timekeeping, billingReset: { every: "day", minute: 90, day: 0 } as const };
  const autumn = revenueRig({ timekeeping: half }, steady, { utc: "2026-11-01T04:00:00Z" });
  autumn.run(240);
  assert.deepEqual(resets(autumn), ["11-01 01:30 automatic"]);
});

test("a clock that is set back over midnight bills once; one that is set over it bills", () => {
  const timekeeping = { ...plain.timekeeping, billingReset: { every: "day", minute: 0, day: 0 } as const };
  const rig = revenueRig({ timekeeping, resetLockoutMinutes: 0 }, steady, { utc: "2026-01-01T23:50:00Z" });
  rig.run(15);
  rig.meter.setTime(Date.parse("2026-01-01T23:55:00Z"), "reader");
  rig.run(15);
  assert.deepEqual(resets(rig), ["01-02 00:00 automatic"]);
  rig.meter.setTime(Date.parse("2026-01-03T00:05:00Z"), "reader");
  assert.deepEqual(resets(rig), ["01-02 00:00 automatic", "01-03 00:05 automatic"]);
});

test("a process that starts again days before it stopped bills by its new time", () => {
  const timekeeping = { ...plain.timekeeping, billingReset: { every: "day", minute: 0, day: 0 } as const };
  const rig = revenueRig({ timekeeping }, steady, { utc: "2026-01-10T23:50:00Z" });
  rig.run(20);
  const again = revenueRig({ timekeeping }, steady, { store: rig.store, utc: "2026-01-01T23:50:00Z" });
  again.run(20);
  assert.deepEqual(resets(again), ["01-11 00:00 automatic", "01-02 00:00 automatic"]);
  assert.equal(again.meter.log.entries("powerOutage")[0]!.details["seconds"], 0);
  // The profile goes on, its times as the clock had them.
  const records = again.meter.profiles[0]!.records().map(({ start, until }) => [clock(start), clock(until)]);
  assert.deepEqual(records.at(-1), ["01-01 23:50", "01-02 00:00"]);
});

test("self reads at the closure of every sub-interval or interval, by the clock or by an input, have the demand that closed", () => {
  const past = register(1, { type: "pastDemand", measure: measure("W"), selfRead: true });
  const reads = (rig: ReturnType<typeof revenueRig>) =>
    rig.meter.selfReads.all.map(({ at, registers: marked }) => [clock(at), marked[0]!.value]);
  const load = (minute: number): Load => ({ w: 1200 * Math.floor(minute / 5), q: 0 });
  const schedule = (every: "subInterval" | "interval") => ({ selfRead: { every, minute: 0, day: 0 } });
  const each = revenueRig({ ...registers(past), ...schedule("subInterval") }, load);
  each.run(21);
  // The mean of the last three five minutes, once there are three: the first began with the meter.
  assert.deepEqual(reads(each), [
    ["01-01 00:05", 0],
    ["01-01 00:10", 0],
    ["01-01 00:15", 0],
    ["01-01 00:20", 2400],
  ]);
  const whole = revenueRig({ ...registers(past), ...schedule("interval") }, load);
  whole.run(31);
  assert.deepEqual(reads(whole), [
    ["01-01 00:15", 0],
    ["01-01 00:30", 4800],
  ]);
  const synchronised = revenueRig(
    {
      ...registers(past),
      ...schedule("interval"),
      io: [contact("inputIntervalSync")],
      demand: { ...plain.demand, externalSync: true },
    },
    load,
  );
  for (let k = 0; k < 7; k++) {
    synchronised.run(4);
    synchronised.meter.setInput(1, true);
    synchronised.meter.setInput(1, false);
  }
  assert.deepEqual(
    reads(synchronised).map(([at]) => at),
    ["01-01 00:12", "01-01 00:24"],
  );
});

test("peaks and extremes of the previous day are that day's own", () => {
  const rig = revenueRig(
    registers(
      register(1, { type: "peakDemand", measure: measure("W"), storage: "previousDay" }),
      register(2, { type: "minimum", measure: measure("W"), storage: "previousDay" }),
      register(3, { type: "average", measure: measure("W"), storage: "previousDay" }),
    ),
    (minute) => ({ w: minute < 1440 ? (minute < 720 ? 9000 : 3000) : minute < 2160 ? 4000 : 2000, q: 0 }),
  );
  rig.run(1000);
  rig.meter.billing.reset("a billing period's end is no day's end");
  rig.run(441);
  assert.deepEqual([1, 2, 3].map(rig.value), [9000, 3000, 6000]);
  rig.run(1440);
  assert.deepEqual(
    [1, 2, 3].map((id) => Math.round(rig.value(id) * 1000) / 1000),
    [4000, 2000, 3000],
  );
});

test("frozen values and the status word outlast an outage", () => {
  const rig = revenueRig();
  rig.run(20);
  rig.meter.billing.freeze("reader");
  rig.meter.setTime(rig.meter.utc + 5000, "reader");
  rig.run(5);
  const again = revenueRig({}, undefined, { store: rig.store, utc: "2026-01-01T00:26:00Z" });
  assert.deepEqual(again.meter.registers.frozen, rig.meter.registers.frozen);
  assert.equal(again.meter.registers.frozen[0]!.value, 1200);
  assert.equal(again.meter.status.bits & (1 << 9), 1 << 9, "the clock was set in this interval");
});

test("presets take what can be displayed: demands, coincident values and what is stored, too", () => {
  const rig = revenueRig(
    registers(
      register(1, { digits: 5, decimals: 2 }),
      register(2, { type: "peakDemand", measure: measure("W") }),
      register(3, { type: "coincidentDemand", measure: measure("var"), of: 2 }),
      register(4, { storage: "billingReset" }),
      register(5, { type: "peakDemand", measure: measure("W"), storage: "continuousCumulative" }),
      register(6, { type: "instantaneous", measure: measure("W") }),
      register(7, { type: "timeOfPeak", of: 2, measure: measure("W") }),
    ),
  );
  rig.run(16);
  const preset = (id: number, value: number): boolean => rig.meter.billing.preset(id, value, "reader");
  assert.deepEqual(
    [preset(1, 999.99), preset(1, 1000), preset(2, 5000), preset(3, 77), preset(4, 12), preset(5, 10_000)],
    [true, false, true, true, true, true],
  );
  assert.deepEqual([preset(6, 1), preset(7, 1), preset(9, 1)], [false, false, false]);
  assert.deepEqual([1, 2, 3, 4, 5].map(rig.value), [999.99, 5000, 77, 12, 10_000]);
});
