/** The TOU schedule, scripts and schedules of a JEMStar as objects of DLMS (Blue Book 4.5: classes 6, 9, 11, 20, 22): encodings by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dayTypes } from "#clock/tou-schedule.ts";
import { executionTimes } from "#product/jemstar/dlms/beyond-actions.ts";
import { longUnsigned } from "#protocol/dlms/data/data.ts";
import { beyond, DLMS } from "./dlms-beyond-rig.ts";

const [sunday, ...others] = dayTypes;
const winter = others.map((day) => `${day}: [{ at: "06:30", rate: B }, { at: "21:00", rate: A }]`).join(", ");
const wh = "{ quantity: Wh, direction: delivered }";
const configuration = `
timekeeping:
  billingReset: { every: month, day: 1, minute: 0 }
  freeze: { every: week, day: 0, minute: 1430 }
tou:
  seasons:
    - { month: 4, day: 15, days: { ${sunday}: [{ at: "00:00", rate: C }] } }
    - { month: 1, day: 2, days: { ${sunday}: [{ at: "00:00", rate: A }], ${winter} } }
  holidays:
    - { date: "2026-12-25", type: 2 }
    - { date: "2026-01-01", type: 1 }
registers:
  normal:
    - { id: 0, type: consumption, measure: ${wh} }
    - { id: 1, type: consumption, measure: ${wh}, tariff: A }
    - { id: 2, type: consumption, measure: ${wh}, tariff: B }
    - { id: 3, type: peakDemand, measure: { quantity: W, direction: delivered }, tariff: B }
    - { id: 4, type: peakDemand, measure: { quantity: W, direction: delivered } }
  alternate: []
`;
const script = "09060000 0a0064ff".replace(" ", "");

test("seasons come in the order of the year, with weeks from Monday and days that are told by scripts", (t) => {
  const meter = beyond(t, { configuration });
  const calendar = "0.0.13.0.0.255";
  assert.equal(meter.object(calendar).classId, 20);
  assert.equal(meter.get(calendar, 2), "0903544f55");
  // "1" from the 2nd of January, "2" from the 15th of April, of every year, at midnight.
  const season = (name: string, month: string, day: string) =>
    `0203 0901${name} 090cffff${month}${day}ff000000008000ff 0901${name}`;
  const seasons = `0102 ${season("31", "01", "02")} ${season("32", "04", "0f")}`;
  assert.equal(meter.get(calendar, 3), seasons.replaceAll(" ", ""));
  // Winter: Monday to Saturday are day 1, Sunday is day 2; of the other season no weekday but Sunday has a switch.
  const week = (name: string, days: string) => `0208 0901${name} ${days}`;
  const weeks = `0102 ${week("31", "1101 1101 1101 1101 1101 1101 1102")} ${week("32", "1103 1103 1103 1103 1103 1103 1104")}`;
  assert.equal(meter.get(calendar, 4), weeks.replaceAll(" ", ""));
  const action = (time: string, rate: string) => `0203 0904${time}0000 ${script} 12${rate}`;
  const days = `0104
    0202 1101 0102 ${action("061e", "0002")} ${action("1500", "0001")}
    0202 1102 0101 ${action("0000", "0001")}
    0202 1103 0100
    0202 1104 0101 ${action("0000", "0003")}`;
  assert.equal(meter.get(calendar, 5), days.replaceAll(/\s/g, ""));
  // None waits to come into force.
  assert.deepEqual(
    [6, 7, 8, 9, 10].map((id) => meter.get(calendar, id)),
    ["0900", "0100", "0100", "0100", `090c${"ff".repeat(9)}8000ff`],
  );
});

test("holidays have the day of their season; before the first of the year the last one goes on", (t) => {
  const meter = beyond(t, { configuration });
  // January 1 is of the season of April, whose holidays have no switch; so is December 25.
  const days = "0102 0203 120001 090507ea0101ff 1103 0203 120002 090507ea0c19ff 1103";
  assert.equal(meter.get("0.0.11.0.0.255", 2), days.replaceAll(" ", ""));
});

test("registers of rates count while their mask is active", (t) => {
  const meter = beyond(t, { configuration, utc: Date.UTC(2026, 0, 5, 6, 29) });
  const activation = "0.0.14.0.0.255";
  const register = (classId: string, name: string) => `0202 12${classId} 0906${name}`;
  const assigned = `0103 ${register("0003", "0100010801ff")} ${register("0003", "0100010802ff")} ${register("0004", "0100010602ff")}`;
  assert.equal(meter.get(activation, 2), assigned.replaceAll(" ", ""));
  // A: the first; B: the second and the third.
  assert.equal(meter.get(activation, 3), "0102020209014101011101020209014201021102 1103".replace(" ", ""));
  assert.equal(meter.get(activation, 4), "090141");
  meter.run(1);
  assert.equal(meter.get(activation, 4), "090142");
});

test("a meter without a schedule has no calendar", (t) => {
  const names = beyond(t, { configuration: "tou: { seasons: [] }" })
    .objects()
    .map(({ classId }) => classId);
  for (const classId of [6, 11, 20]) assert.ok(!names.includes(classId));
});

test("what happens by itself stands in schedules: the first of each month, Sundays at 23:50", (t) => {
  const meter = beyond(t, { configuration });
  assert.equal(meter.get("0.0.15.0.0.255", 2), "0202090600000a0001ff120001");
  assert.equal(meter.get("0.0.15.0.0.255", 3), "1601");
  assert.equal(meter.get("0.0.15.0.0.255", 4), "0101 0202 090400000000 0905ffffff01ff".replaceAll(" ", ""));
  assert.equal(meter.get("0.0.15.0.128.255", 4), "0101 0202 090417320000 0905ffffffff07".replaceAll(" ", ""));
});

test("a day that short months have not is their last one", () => {
  const month = (day: number) => executionTimes({ every: "month", minute: 90, day });
  const time = { hour: 1, minute: 30 };
  assert.deepEqual(month(28), [{ ...time, day: 28 }]);
  assert.deepEqual(month(30), [
    { ...time, day: 30 },
    { ...time, month: 2, day: "last" },
  ]);
  assert.deepEqual(month(31), [{ ...time, day: "last" }]);
  assert.equal(executionTimes({ every: "interval", minute: 0, day: 0 }), undefined);
});

test("scripts are executed by those who may, and by nobody where the objects are to be read only", (t) => {
  const scripts = "0.0.10.0.1.255";
  const reading = beyond(t, { configuration });
  assert.equal(reading.act(scripts, 1, longUnsigned(1), reading.as("admin", DLMS)), "denied");
  const meter = beyond(t, { configuration, level: "full" });
  meter.run(60);
  assert.equal(meter.act(scripts, 1, longUnsigned(1)), "denied");
  // user2 may reset billing periods, and freeze nothing.
  assert.equal(meter.act(scripts, 1, longUnsigned(2), meter.as("user2", DLMS)), "read-write-denied");
  assert.equal(meter.act(scripts, 1, longUnsigned(3), meter.as("admin", DLMS)), "object-unavailable");
  assert.equal(meter.act(scripts, 1, { type: "integer", value: 1 }, meter.as("admin", DLMS)), "type-unmatched");
  assert.deepEqual(meter.log("billingReset"), []);
  assert.equal(meter.act(scripts, 1, longUnsigned(1), meter.as("user2", DLMS)), "success");
  assert.deepEqual(meter.log("billingReset"), ["user2: billing period reset"]);
  // Five minutes of lockout.
  assert.equal(meter.act(scripts, 1, longUnsigned(1), meter.as("user2", DLMS)), "temporary-failure");
  assert.equal(meter.act(scripts, 1, longUnsigned(2), meter.as("user1", DLMS)), "success");
  assert.deepEqual(meter.log("freeze"), ["user1: freeze"]);
  // What it does to peaks: method 1 of each, with integer 0.
  const reset = (name: string) => `0205 1602 120004 0906${name} 0f01 0f00`;
  assert.equal(
    meter.get(scripts, 2),
    `0102 0202 120001 0102 ${reset("0100010602ff")} ${reset("0100010600ff")} 0202 120002 0100`.replaceAll(" ", ""),
  );
});

test("in test mode nothing is told over a port that is suspended", (t) => {
  const meter = beyond(t, { configuration, level: "full" });
  assert.equal(meter.act("0.0.10.0.101.255", 1, longUnsigned(1), meter.as("user2", DLMS)), "denied");
  assert.equal(meter.act("0.0.10.0.101.255", 1, longUnsigned(1), meter.as("user1", DLMS)), "success");
  assert.deepEqual(meter.log("testMode"), ["user1: test mode entered"]);
  assert.equal(meter.act("0.0.10.0.1.255", 1, longUnsigned(1), meter.as("user1", DLMS)), "denied");
});
