/** Integrated totals of a JEMStar II over IEC 60870-5-102: values by arithmetic, over outages, set clocks and both days of daylight saving. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { qualityBits } from "#protocol/iec102/station/host.ts";
import { MemoryStore } from "#store/store.ts";
import { iec102Meter, MADRID, profileOf } from "./iec102-meter.ts";

// 120 V, 10 A in three phases at 0.8 lagging: 2,880 W and 2,160 var, which is quadrant 1.
const HOUR = "1:2880 2:0 3:2160 4:0 5:0 6:0";
const QUARTER = "1:720 2:0 3:540 4:0 5:0 6:0";

test("hours and quarters of an hour are made of one profile, and stamped with their ends", (t) => {
  const meter = iec102Meter(t);
  meter.run(120);
  assert.deepEqual(meter.periods(11), [`2026-01-01 02:00 ${HOUR}`, `2026-01-01 03:00 ${HOUR}`]);
  assert.deepEqual(meter.periods(12, true, "2026-01-01T00:30Z", "2026-01-01T01:00Z"), [
    `2026-01-01 01:30 ${QUARTER}`,
    `2026-01-01 01:45 ${QUARTER}`,
    `2026-01-01 02:00 ${QUARTER}`,
  ]);
  assert.deepEqual(meter.periods(11, false), [
    `2026-01-01 02:00 ${HOUR}`,
    "2026-01-01 03:00 1:5760 2:0 3:4320 4:0 5:0 6:0",
  ]);
  assert.equal(meter.host.totals({ record: 13, incremental: true, from: undefined, to: undefined }), undefined);
  assert.equal(meter.host.totals({ record: 52, incremental: true, from: undefined, to: undefined }), undefined);
});

test("an hour that runs is not told before it is over", (t) => {
  const meter = iec102Meter(t);
  meter.run(119);
  assert.equal(meter.periods(11).length, 1);
  assert.equal(meter.periods(12).length, 7);
  meter.tell({ command: "freeze" });
  assert.equal(meter.periods(11).length, 1, "a record that a freeze cut is none");
  assert.equal(meter.periods(12).length, 7);
  meter.run(1);
  // Cut in two, and whole: nothing is missing of it.
  assert.equal(meter.periods(11).at(-1), `2026-01-01 03:00 ${HOUR}`);
  assert.equal(meter.periods(12).at(-1), `2026-01-01 03:00 ${QUARTER}`);
});

test("a day that runs is not told, whatever cuts it", (t) => {
  const meter = iec102Meter(t, { utc: Date.UTC(2025, 11, 31, 23) });
  meter.run(90);
  for (const cut of [
    { command: "setTime", utc: "2026-01-01T00:00:00Z" },
    { command: "setTime", utc: "2025-12-31T10:00:00Z" },
    { command: "setTime", utc: "2025-12-31T11:00:00Z" },
    { command: "freeze" },
  ]) {
    meter.tell(cut as Parameters<typeof meter.tell>[0]);
    assert.deepEqual(meter.periods(21), [], JSON.stringify(cut));
    meter.run(90);
    assert.deepEqual(meter.periods(21), [], JSON.stringify(cut));
  }
  meter.tell({ command: "powerDown" });
  meter.run(10);
  meter.tell({ command: "powerUp" });
  assert.deepEqual(meter.periods(21), []);
  // The last day of the year, twice; that of the new year, which was cut, ends when midnight comes again.
  meter.run(13 * 60);
  const told = meter.periods(21).map((one) => one.slice(0, 16));
  assert.deepEqual(told, ["2026-01-01 00:00", "2026-01-01 00:00"]);
});

test("the spring day has 23 hours, of which none ends at two", (t) => {
  const meter = iec102Meter(t, { utc: Date.UTC(2026, 2, 28, 23) });
  meter.run(23 * 60);
  const hours = meter.periods(11);
  assert.equal(hours.length, 23);
  assert.deepEqual(hours.slice(0, 3), [
    `2026-03-29 01:00 ${HOUR}`,
    `2026-03-29 03:00 S ${HOUR}`,
    `2026-03-29 04:00 S ${HOUR}`,
  ]);
  assert.deepEqual(meter.periods(21), [`2026-03-30 00:00 S 1:${23 * 2880} 2:0 3:${23 * 2160} 4:0 5:0 6:0`]);
});

test("the autumn day has 25 hours, of which two end at two", (t) => {
  const meter = iec102Meter(t, { utc: Date.UTC(2026, 9, 24, 22) });
  meter.run(25 * 60);
  const hours = meter.periods(11);
  assert.equal(hours.length, 25);
  assert.deepEqual(hours.slice(0, 4), [
    `2026-10-25 01:00 S ${HOUR}`,
    `2026-10-25 02:00 S ${HOUR}`,
    `2026-10-25 02:00 ${HOUR}`,
    `2026-10-25 03:00 ${HOUR}`,
  ]);
  assert.deepEqual(meter.periods(21), [`2026-10-26 00:00 1:${25 * 2880} 2:0 3:${25 * 2160} 4:0 5:0 6:0`]);
});

test("local times of telegrams: of the hour that comes twice the bit of summer time decides; the one left out is none", (t) => {
  const { host } = iec102Meter(t);
  const at = (month: number, day: number, hour: number, summer: boolean): string | undefined => {
    const utc = host.utcOf({ year: 2026, month, day, hour, minute: 30, second: 15, millisecond: 250, summer });
    return utc === undefined ? undefined : new Date(utc).toISOString();
  };
  assert.equal(at(10, 25, 2, true), "2026-10-25T00:30:15.250Z");
  assert.equal(at(10, 25, 2, false), "2026-10-25T01:30:15.250Z");
  assert.equal(at(3, 29, 2, false), undefined);
  assert.equal(at(3, 29, 2, true), undefined);
  assert.equal(at(7, 1, 12, false), "2026-07-01T10:30:15.250Z", "readers that do not know of the bit");
  assert.equal(at(1, 1, 12, true), "2026-01-01T11:30:15.250Z");
  assert.equal(at(2, 30, 12, false), undefined);
  assert.equal(at(13, 1, 12, false), undefined);
});

test("what an outage took of a period makes it incomplete; periods within it are not there, and nothing is lost", (t) => {
  const meter = iec102Meter(t);
  meter.run(70);
  meter.tell({ command: "powerDown" });
  meter.run(140);
  meter.tell({ command: "powerUp" });
  meter.run(30);
  // Dark from 02:10 to 04:30 of local time.
  const some = (minutes: number): string => `1:${48 * minutes}/02 2:0/02 3:${36 * minutes}/02 4:0/02 5:0/02 6:0/02`;
  assert.deepEqual(meter.periods(11), [
    `2026-01-01 02:00 ${HOUR}`,
    `2026-01-01 03:00 ${some(10)}`,
    `2026-01-01 05:00 ${some(30)}`,
  ]);
  assert.match(meter.periods(11, false).at(-1) ?? "", new RegExp(`1:${48 * 100}/02`));
});

test("a clock that is set marks the period, set back it tells an hour twice, and nothing is lost", (t) => {
  const meter = iec102Meter(t);
  meter.run(80);
  meter.tell({ command: "setTime", utc: "2026-01-01T00:50:00Z" });
  meter.run(70);
  const set = (minutes: number): string => `1:${48 * minutes}/42 2:0/42 3:${36 * minutes}/42 4:0/42 5:0/42 6:0/42`;
  assert.deepEqual(meter.periods(11), [
    `2026-01-01 02:00 ${HOUR}`,
    `2026-01-01 03:00 ${set(20)}`,
    `2026-01-01 02:00 ${set(10)}`,
    `2026-01-01 03:00 ${HOUR}`,
  ]);
  const absolute = meter.periods(11, false).map((one) => Number(/ 1:(\d+)/.exec(one)?.[1]));
  assert.deepEqual(absolute, [2880, 2880 + 960, 2880 + 960 + 480, 2 * 2880 + 960 + 480]);
});

test("test mode is in no total, and makes its period incomplete; another configuration is told with the period", (t) => {
  const meter = iec102Meter(t);
  meter.run(20);
  meter.tell({ command: "enterTestMode" });
  meter.run(20);
  meter.tell({ command: "leaveTestMode" });
  meter.run(20);
  assert.match(meter.periods(11)[0] ?? "", / 1:1920\/02 /);
  meter.run(30);
  // What the station is called is nothing to its totals; how transformers are corrected is.
  meter.configure((file) => (file.identification.strings[0] = "another"));
  const [as, is] = [1, 1.0001].map((ratio) => ({ ratio, minutes: 0 }));
  assert.ok(as && is);
  meter.configure((file) => (file.correction = { pt: [as, as, as], ct: [is, as, as] }));
  meter.run(30);
  const bits = qualityBits.parameters.toString(16).padStart(2, "0");
  assert.match(meter.periods(11)[1] ?? "", new RegExp(` 1:2880/${bits} `));
});

test("in kWh nothing is lost by rounding: absolute less absolute is incremental, over a month", (t) => {
  // 0.1 A: 28.8 W, of which an hour makes 0.0288 kWh, and a day 0.6912.
  const configuration = `{ profiles: [${profileOf(60, "counts")}], ${MADRID} }`;
  const meter = iec102Meter(t, { configuration, source: "volts: 120, amps: 0.1, pf: 0.8" });
  meter.run(31 * 24 * 60);
  const first = (one: string): number => Number(/ 1:(\d+)/.exec(one)?.[1]);
  const absolute = meter.periods(11, false).map(first);
  const incremental = meter.periods(11).map(first);
  assert.equal(absolute.length, 744);
  assert.equal(absolute.at(-1), Math.floor(0.0288 * 744));
  absolute.forEach((value, k) => assert.equal(value - (absolute[k - 1] ?? 0), incremental[k], `hour ${k}`));
  // Asked for one by one, and from the newest, they are the same.
  const alone = Array.from({ length: 744 }, (_, k) => {
    const at = new Date(Date.UTC(2026, 0, 1, 744 - k)).toISOString();
    return first(meter.periods(11, false, at, at)[0] ?? "");
  });
  assert.deepEqual(alone.toReversed(), absolute);
  const days = meter.periods(21);
  assert.equal(days.length, 31, "of local time");
  assert.match(days[0] ?? "", /^2026-01-02 00:00 1:0\/02 /, "the first began at one");
});

test("absolute totals go on when the oldest records have gone, over a restart, and begin with the profile", (t) => {
  const configuration = `{ profiles: [${profileOf(1)}], iec102: { unit: Wh, records: [{ address: 12, minutes: 15 }] }, ${MADRID} }`;
  const meter = iec102Meter(t, { configuration });
  const capacity = meter.device.surface.profiles[0]?.capacity ?? 0;
  const minutes = capacity + 300;
  meter.run(minutes);
  const [profile] = meter.device.surface.profiles;
  assert.ok(profile !== undefined && profile.first > 0, "the oldest records have gone");
  const last = meter.periods(12, false).at(-1) ?? "";
  assert.match(last, new RegExp(` 1:${48 * 15 * Math.floor(minutes / 15)} `));
  const store = meter.jem.store;
  meter.jem.stop();
  const utc = Date.UTC(2026, 0, 1) + minutes * 60_000;
  const again = iec102Meter(t, { configuration, store, utc });
  assert.equal(again.periods(12, false).at(-1), last);
  again.configure((file) => void (file.profiles[0]!.channels[0]!.km = 2));
  assert.deepEqual(again.periods(12), []);
  again.run(30);
  const since = Math.floor((minutes + 30) / 15) * 15 - minutes;
  assert.match(again.periods(12, false).at(-1) ?? "", new RegExp(` 1:${48 * since} `));
});

test("an interval of more counts than it has room for overflows; totals are what was recorded", (t) => {
  const configuration = `{ profiles: [{ minutes: 15, channels: [{ measure: { quantity: Wh }, km: 0.01 }] }], iec102: { unit: Wh }, ${MADRID} }`;
  const meter = iec102Meter(t, { configuration });
  meter.run(30);
  // 72,000 counts of 0.01 Wh: 16,383 are kept.
  const missing = [2, 3, 4, 5, 6].map((object) => `${object}:-/80`);
  assert.deepEqual(meter.periods(12, false), [
    ["2026-01-01 01:15 1:163/20", ...missing].join(" "),
    ["2026-01-01 01:30 1:327/20", ...missing].join(" "),
  ]);
});

test("further objects: an average, a count of pulses and a totalization, by measure or by the numbers of Appendix F", (t) => {
  const configuration = `
profiles: [{ minutes: 15, data: engineering, channels: [
  { measure: { quantity: V, phase: b } }, { measure: { quantity: totalization, channel: 2 } }, { measure: { quantity: pulses, channel: 7 } }] }]
io: [${"{ mode: none }, ".repeat(6)}{ mode: inputPulseCounter }, { mode: none }]
totalization: [{}, { enabled: false, inputs: [{ channel: 7, weight: 1000 }] }]
iec102:
  objects:
    - { object: 30, measure: { quantity: V, phase: b }, scaling: 100 }
    - { object: 31, enumeration: { type: consumption, quantity: 8, phase: 6, direction: 0, number: 2 } }
    - { object: 32, measure: { quantity: pulses, channel: 7 } }
`;
  const meter = iec102Meter(t, { configuration, source: "volts: [119, 121.25, 124], amps: 10, pf: 0.8" });
  meter.tell({ command: "pulses", channel: 7, count: 12 });
  meter.run(15);
  assert.deepEqual(meter.periods(12), ["2026-01-01 00:15 30:12125 31:12 32:12"]);
  meter.run(15);
  assert.deepEqual(meter.periods(12), ["2026-01-01 00:15 30:12125 31:12 32:12", "2026-01-01 00:30 30:12125 31:0 32:0"]);
  assert.deepEqual(meter.periods(12, false).at(-1), "2026-01-01 00:30 30:12125 31:12 32:12");
});

test("a record of the measurement log has averages of what no load profile records", (t) => {
  const configuration = `
measurementLog: [{ interval: 10, channels: [{ measure: { quantity: V, phase: a }, method: average, side: secondary }] }]
primary: { pt: 60 }
iec102: { records: [{ address: 13, minutes: 10, log: 1 }], objects: [{ object: 30, measure: { quantity: V, phase: a } }] }
`;
  const meter = iec102Meter(t, { configuration });
  meter.run(20);
  assert.deepEqual(meter.periods(13), ["2026-01-01 00:10 30:7200", "2026-01-01 00:20 30:7200"]);
});

test("what another meter counts is absent of periods in which it was silent, incomplete of those in which it answered in part", (t) => {
  const configuration = `
communicated:
  - { host: 127.0.0.1, unit: 4, register: 100, kind: consumption, scale: 10, everySeconds: 60 }
  - { host: 127.0.0.1, unit: 4, register: 200, kind: instantaneous, everySeconds: 60 }
profiles: [{ minutes: 15, data: DATA, channels: [
  { measure: { quantity: communicated, channel: 1 } }, { measure: { quantity: communicated.value, channel: 2 } }, { measure: { quantity: Wh }, km: 1 }] }]
iec102:
  unit: Wh
  objects:
    - { object: 1, measure: { quantity: Wh } }
    - { object: 40, measure: { quantity: communicated, channel: 1 } }
    - { object: 41, measure: { quantity: communicated.value, channel: 2 } }
`;
  for (const data of ["counts", "engineering"]) {
    const meter = iec102Meter(t, { configuration: configuration.replace("DATA", data) });
    let count = 500;
    /** The other meter goes on at one a minute; it answers, or does not. */
    const minutes = (number: number, answers: boolean): void => {
      for (let k = 0; k < number; k++) {
        meter.run(0.5);
        meter.jem.meter.communicated(1, answers ? count : undefined);
        meter.jem.meter.communicated(2, answers ? 230 : undefined);
        count++;
        meter.run(0.5);
      }
    };
    minutes(15, true);
    minutes(5, true);
    minutes(10, false);
    minutes(30, false);
    minutes(15, true);
    // Counted from where it was first read, 500: 514, 519, and 574 when it is back.
    assert.deepEqual(meter.periods(12), [
      "2026-01-01 00:15 1:720 40:140 41:230",
      "2026-01-01 00:30 1:720 40:50/02 41:230/02",
      "2026-01-01 00:45 1:720 40:-/82 41:-/82",
      "2026-01-01 01:00 1:720 40:-/82 41:-/82",
      "2026-01-01 01:15 1:720 40:550 41:230",
    ]);
    assert.deepEqual(meter.periods(11)[0], "2026-01-01 01:00 1:2880 40:190/02 41:230/02");
    assert.deepEqual(meter.periods(12, false).at(-1), "2026-01-01 01:15 1:3600 40:740 41:230");
  }
});

test("a meter that never answers makes nothing incomplete of what others say", (t) => {
  const configuration = `
communicated:
  - { host: 127.0.0.1, unit: 4, register: 100, kind: consumption, scale: 10, everySeconds: 60 }
  - { host: 127.0.0.1, unit: 5, register: 100, kind: consumption, everySeconds: 60 }
profiles: [{ minutes: 15, data: counts, channels: [
  { measure: { quantity: Wh }, km: 1 }, { measure: { quantity: communicated, channel: 2 } }, { measure: { quantity: communicated, channel: 1 } }] }]
iec102:
  unit: Wh
  objects: [{ object: 40, measure: { quantity: communicated, channel: 1 } }, { object: 41, measure: { quantity: communicated, channel: 2 } }]
`;
  const store = new MemoryStore().drawer("jem");
  const meter = iec102Meter(t, { configuration, store });
  for (let k = 0; k < 45; k++) {
    meter.run(0.5);
    meter.jem.meter.communicated(1, k < 31 || k === 44 ? 500 + k : undefined);
    meter.jem.meter.communicated(2, undefined);
    meter.run(0.5);
  }
  const told = [
    "2026-01-01 00:15 40:140 41:-/82",
    "2026-01-01 00:30 40:150 41:-/82",
    "2026-01-01 00:45 40:150/02 41:-/82",
  ];
  assert.deepEqual(meter.periods(12), told);
  meter.jem.stop();
  assert.deepEqual(iec102Meter(t, { configuration, store }).periods(12).slice(0, 3), told, "and so it is kept");
});

test("so it is of a record of the measurement log", (t) => {
  const configuration = `
communicated: [{ host: 127.0.0.1, unit: 4, register: 100, kind: consumption, everySeconds: 60 }]
measurementLog: [{ interval: 10, channels: [{ measure: { quantity: communicated, channel: 1 }, method: total }] }]
iec102: { records: [{ address: 13, minutes: 10, log: 1 }], objects: [{ object: 40, measure: { quantity: communicated, channel: 1 } }] }
`;
  const meter = iec102Meter(t, { configuration });
  const minutes = (number: number, answer: number | undefined): void => {
    for (let k = 0; k < number; k++) {
      meter.run(0.5);
      meter.jem.meter.communicated(1, answer);
      meter.run(0.5);
    }
  };
  minutes(5, 100);
  minutes(5, undefined);
  minutes(10, undefined);
  minutes(10, 130);
  assert.deepEqual(meter.periods(13), [
    "2026-01-01 00:10 40:0/02",
    "2026-01-01 00:20 40:-/82",
    "2026-01-01 00:30 40:30",
  ]);
});
