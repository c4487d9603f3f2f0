/** What a head-end changes of a JEMStar over DLMS where `dlms.beyond` is full: its schedule, holidays and set times, by who may configure them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { scheduleOf, executionTimes } from "#product/jemstar/dlms/beyond-actions.ts";
import { decodeData } from "#protocol/dlms/data/decode.ts";
import { integer, unsigned, type Data } from "#protocol/dlms/data/data.ts";
import type { Schedule } from "#revenue/settings/configuration.ts";
import { beyond, DLMS, type BeyondRig } from "./dlms-beyond-rig.ts";

const CALENDAR = "0.0.13.0.0.255";
const HOLIDAYS = "0.0.11.0.0.255";
const RESET = "0.0.15.0.0.255";
const data = (text: string): Data => decodeData(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));
const script = "09060000 0a0064ff";

/** Two seasons: A all day from April on; from November on B from 06:30 and A from 21:00. */
const calendar = [
  "0903 6e6577",
  `0102
    0203 090173 090cffff0401ff00000000800000 090177
    0203 090174 090cffff0b01ff00000000800000 090178`,
  "0102 0208 090177 1101 1101 1101 1101 1101 1101 1101 0208 090178 1102 1102 1102 1102 1102 1101 1101",
  `0102
    0202 1101 0101 0203 090400000000 ${script} 120001
    0202 1102 0102 0203 0904061e0000 ${script} 120002 0203 090415000000 ${script} 120001`,
];

function write(meter: BeyondRig, user = "admin", parts = calendar): readonly string[] {
  const session = meter.as(user, DLMS);
  return parts.map((text, k) => meter.set(CALENDAR, 6 + k, data(text), session));
}

test("a calendar is written part by part, and is in force once it is activated", (t) => {
  const meter = beyond(t, { level: "full", utc: Date.UTC(2026, 10, 2, 6, 29) });
  assert.equal(meter.get(CALENDAR, 3), "0100");
  assert.deepEqual(write(meter), ["success", "success", "success", "success"]);
  assert.equal(meter.get(CALENDAR, 8), calendar[2]?.replaceAll(" ", ""));
  assert.equal(meter.surface.status().rate, "none");
  assert.equal(meter.act(CALENDAR, 1, integer(0), meter.as("user1", DLMS)), "read-write-denied");
  assert.equal(meter.act(CALENDAR, 1, integer(0), meter.as("admin", DLMS)), "success");
  // The first Monday of November: A since Sunday, B from 06:30 on.
  assert.equal(meter.surface.status().rate, "A");
  meter.run(1);
  assert.equal(meter.surface.status().rate, "B");
  assert.deepEqual(meter.log("configuration"), ["admin: configuration applied"]);
  const { seasons } = meter.jem.file.tou;
  assert.deepEqual(
    seasons.map(({ month, day, days }) => [month, day, days["friday"], days["saturday"]]),
    [
      [4, 1, [{ at: "00:00", rate: "A" }], [{ at: "00:00", rate: "A" }]],
      [
        11,
        1,
        [
          { at: "06:30", rate: "B" },
          { at: "21:00", rate: "A" },
        ],
        [{ at: "00:00", rate: "A" }],
      ],
    ],
  );
});

test("a calendar that the meter cannot have is refused, and nothing is changed", (t) => {
  const meter = beyond(t, { level: "full" });
  const tries: readonly (readonly [why: string, part: number, text: string, answer: string])[] = [
    ["a season of one year", 1, "0101 0203 090173 090c07ea0401ff00000000800000 090177", "type-unmatched"],
    ["a season that begins at noon", 1, "0101 0203 090173 090cffff0401ff0c000000800000 090177", "type-unmatched"],
    ["a week of six days", 2, "0101 0207 090177 1101 1101 1101 1101 1101 1101", "type-unmatched"],
    ["a time that no day has", 3, `0101 0202 1101 0101 0203 090418000000 ${script} 120001`, "type-unmatched"],
    ["what is no array", 3, "1101", "type-unmatched"],
  ];
  for (const [why, part, text, answer] of tries) {
    const session = meter.as("admin", DLMS);
    assert.equal(meter.set(CALENDAR, 6 + part, data(text), session), answer, why);
  }
  // A ninth rate, another script, a day that there is not, a week that there is not; five seasons of a meter that has four.
  const nine = calendar.with(3, calendar[3]?.replace("120002", "120009") ?? "");
  const other = calendar.with(3, calendar[3]?.replace("0a0064ff", "0a0001ff") ?? "");
  const noDay = calendar.with(2, calendar[2]?.replace("1102", "1107") ?? "");
  const noWeek = calendar.with(1, calendar[1]?.replace("090178", "090179") ?? "");
  const season = (month: string) => `0203 090173 090cffff${month}01ff00000000800000 090177`;
  const five = calendar.with(1, `0105 ${["01", "02", "03", "04", "05"].map(season).join("")}`);
  for (const parts of [nine, other, noDay, noWeek, five]) {
    assert.deepEqual(write(meter, "admin", parts), ["success", "success", "success", "success"]);
    assert.equal(meter.act(CALENDAR, 1, integer(0), meter.as("admin", DLMS)), "other-reason");
  }
  assert.deepEqual(meter.jem.file.tou.seasons, []);
});

test("holidays are those of a season's day profiles: set, inserted, deleted", (t) => {
  const meter = beyond(t, {
    level: "full",
    configuration: `
tou:
  seasons: [{ month: 1, day: 1, days: { monday: [{ at: "07:00", rate: A }], holiday1: [{ at: "00:00", rate: B }], holiday2: [{ at: "00:00", rate: C }] } }]
  holidays: [{ date: 2026-12-25, type: 1 }, { date: 2026-12-26, type: 2 }]
`,
  });
  const admin = meter.as("admin", DLMS);
  const dates = () => meter.jem.file.tou.holidays.map(({ date, type }) => `${date} ${type}`);
  // Day 1 is Monday's, 2 the other weekdays', 3 and 4 those of both kinds of holidays.
  const entry = (index: string, date: string, day: string) => `0203 12${index} 0905${date}ff 11${day}`;
  assert.equal(
    meter.get(HOLIDAYS, 2),
    `0102 ${entry("0001", "07ea0c19", "03")} ${entry("0002", "07ea0c1a", "04")}`.replaceAll(" ", ""),
  );
  assert.equal(meter.act(HOLIDAYS, 1, data(entry("0003", "07eb0101", "04")), admin), "success");
  assert.deepEqual(dates(), ["2026-12-25 1", "2026-12-26 2", "2027-01-01 2"]);
  assert.equal(meter.act(HOLIDAYS, 2, unsigned(1), admin), "success");
  assert.deepEqual(dates(), ["2026-12-26 2", "2027-01-01 2"]);
  assert.equal(meter.set(HOLIDAYS, 2, data(`0101 ${entry("0001", "07ea0501", "03")}`), admin), "success");
  assert.deepEqual(dates(), ["2026-05-01 1"]);
  // A day profile that is no holiday's, a date that there is not, an entry that there is not.
  assert.equal(meter.set(HOLIDAYS, 2, data(`0101 ${entry("0001", "07ea0501", "01")}`), admin), "other-reason");
  assert.equal(meter.set(HOLIDAYS, 2, data(`0101 ${entry("0001", "07ea021e", "03")}`), admin), "other-reason");
  assert.equal(meter.act(HOLIDAYS, 2, unsigned(9), admin), "object-unavailable");
  assert.equal(meter.set(HOLIDAYS, 2, data("0101 1101"), admin), "type-unmatched");
  assert.equal(meter.set(HOLIDAYS, 2, data("0100"), meter.surface.open(DLMS)), "denied");
  assert.deepEqual(dates(), ["2026-05-01 1"]);
});

test("the billing period is reset when a head-end says", (t) => {
  const meter = beyond(t, { level: "full" });
  const admin = meter.as("admin", DLMS);
  assert.equal(meter.get(RESET, 4), "0100");
  const days = (date: string, time = "00000000") => `0202 0904${time} 0905${date}`;
  assert.equal(meter.set(RESET, 4, data(`0101 ${days("ffffff01ff")}`), admin), "success");
  assert.deepEqual(meter.jem.file.timekeeping.billingReset, { every: "month", minute: 0, day: 1 });
  assert.equal(meter.get(RESET, 4), `0101${days("ffffff01ff")}`.replaceAll(" ", ""));
  meter.run(31 * 24 * 60);
  assert.deepEqual(meter.log("billingReset"), ["automatic: billing period reset"]);
  for (const [text, answer] of [
    // The 1st of May, of a year, on a Monday and the 1st, with seconds.
    [`0101 ${days("ffff0501ff")}`, "other-reason"],
    [`0101 ${days("07ea0501ff")}`, "type-unmatched"],
    [`0101 ${days("ffffff0101")}`, "other-reason"],
    [`0101 ${days("ffffff01ff", "00000100")}`, "type-unmatched"],
    ["0101 1101", "type-unmatched"],
  ] as const)
    assert.equal(meter.set(RESET, 4, data(text), admin), answer, text);
  assert.equal(meter.set(RESET, 4, data("0100"), admin), "success");
  assert.equal(meter.jem.file.timekeeping.billingReset.every, "never");
  assert.equal(meter.set(RESET, 4, data("0100"), meter.as("user2", DLMS)), "success");
});

test("a push goes where a head-end says, and has what it says", (t) => {
  const meter = beyond(t, { level: "full", configuration: "dlms: { push: [{ host: a }, { host: b, retries: 9 }] }" });
  const setup = "0.1.25.9.0.255";
  const admin = meter.as("admin", DLMS);
  const destination = (to: string, service = "00", message = "00") =>
    `0203 16${service} 09${to.length.toString(16).padStart(2, "0")}${Buffer.from(to).toString("hex")} 16${message}`;
  const objects = "0101 0204 120003 09060100010800ff 0f02 120000";
  for (const [attribute, text] of [
    [2, objects],
    [3, destination("192.0.2.9:4061", "01")],
    [5, "120e10"],
    [6, "1102"],
    [7, "12001e"],
  ] as const) {
    assert.equal(meter.set(setup, attribute, data(text), admin), "success", `${attribute}`);
    assert.equal(meter.get(setup, attribute), text.replaceAll(" ", ""));
  }
  const [first, second] = meter.jem.file.dlms.push;
  assert.deepEqual([first?.host, first?.retries], ["a", 3]);
  assert.deepEqual(
    [second?.transport, second?.host, second?.port, second?.randomSeconds, second?.retries, second?.repetitionSeconds],
    ["udp", "192.0.2.9", 4061, 3600, 2, 30],
  );
  assert.deepEqual(second?.objects, [{ class: 3, object: "1.0.1.8.0.255", attribute: 2 }]);
  for (const [attribute, text, answer] of [
    // FTP, another message, no port, a port that there is not, a part of an attribute, nothing at all, no seconds between two tries.
    [3, destination("192.0.2.9:4061", "02"), "type-unmatched"],
    [3, destination("192.0.2.9:4061", "00", "01"), "type-unmatched"],
    [3, destination("192.0.2.9"), "other-reason"],
    [3, destination("192.0.2.9:70000"), "other-reason"],
    [2, objects.replace("120000", "120001"), "other-reason"],
    [2, "0100", "other-reason"],
    [7, "120000", "other-reason"],
  ] as const)
    assert.equal(meter.set(setup, attribute, data(text), admin), answer, text);
  assert.equal(meter.set(setup, 6, data("1101"), meter.surface.open(DLMS)), "denied");
  assert.equal(meter.set(setup, 6, data("1101"), meter.as("user1", DLMS)), "read-write-denied");
});

test("every schedule of the clock is told, and is taken again", () => {
  const schedules: readonly Schedule[] = [
    { every: "hour", minute: 45, day: 0 },
    { every: "day", minute: 1439, day: 0 },
    ...Array.from({ length: 7 }, (_, day): Schedule => ({ every: "week", minute: 90, day })),
    ...Array.from({ length: 31 }, (_, day): Schedule => ({ every: "month", minute: 0, day: day + 1 })),
  ];
  for (const schedule of schedules) assert.deepEqual(scheduleOf(executionTimes(schedule) ?? []), schedule);
});
