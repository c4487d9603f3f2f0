/**
 * Registers of a JEMStar as objects of DLMS: values by arithmetic of a load of 2880 W (3 x 120 V x 10 A x 0.8), codes of the Blue Book 7.5, encodings of
 * the Green Book 9.5.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessOf } from "#protocol/dlms/cosem/object.ts";
import { beyond, DLMS } from "./dlms-beyond-rig.ts";

const wh = "{ quantity: Wh, direction: delivered }";
const w = "{ quantity: W, direction: delivered }";
const configuration = `
timekeeping: { utcOffsetMinutes: 60 }
tou:
  seasons:
    - month: 1
      day: 1
      days: { ${["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
        .map((day) => `${day}: [{ at: "00:00", rate: A }, { at: "08:00", rate: B }]`)
        .join(", ")} }
registers:
  normal:
    - { id: 0, type: consumption, measure: ${wh}, units: kilo, decimals: 3 }
    - { id: 1, type: consumption, measure: ${wh}, tariff: A, units: units }
    - { id: 2, type: consumption, measure: ${wh}, tariff: B, units: mega, decimals: 6 }
    - { id: 3, type: peakDemand, measure: ${w}, units: kilo, decimals: 3 }
    - { id: 4, type: presentDemand, measure: ${w}, units: units, decimals: 1 }
    - { id: 5, type: pastDemand, measure: ${w}, units: units }
    - { id: 6, type: timeOfPeak, measure: ${w}, of: 3, storage: billingReset }
    - { id: 7, type: peakDemand, measure: ${w}, storage: billingReset, units: units }
    - { id: 8, type: peakDemand, measure: ${w}, storage: cumulative, units: units }
    - { id: 9, type: consumption, measure: ${wh}, scaling: secondary }
    - { id: 10, type: instantaneous, measure: { quantity: PF }, decimals: 3 }
    - { id: 11, type: predictedDemand, measure: ${w} }
    - { id: 12, type: consumption, measure: ${wh}, storage: billingReset, units: units }
    - { id: 13, type: instantaneous, measure: { quantity: V, phase: b }, units: units, decimals: 1 }
    - { id: 14, type: timeOfPeak, measure: ${w}, of: 7, storage: billingReset }
  alternate: []
`;

/** 2026-01-01, a Thursday; 60 minutes ahead of UTC, which DLMS says as -60; the clock runs on its crystal. */
const at = (hour: number, minute: number): string =>
  `090c07ea010104${[hour, minute].map((one) => one.toString(16).padStart(2, "0")).join("")}0000ffc4`;

test("energies are the counts of the display, by rates, and the scaler is their decimals and prefix", (t) => {
  const meter = beyond(t, { configuration });
  // From 01:00 to 08:33 of local time.
  meter.run(7 * 60 + 33);
  // 2880 W x 7.55 h = 21,744 Wh, in thousandths of a kWh: 10^0 Wh.
  assert.equal(meter.get("1.0.1.8.0.255", 2), "05000054f0");
  assert.equal(meter.get("1.0.1.8.0.255", 3), "02020f00161e");
  // Rate A for seven hours, 20,160 Wh; rate B for the rest, 1584 Wh, in millionths of a MWh.
  assert.equal(meter.get("1.0.1.8.1.255", 2), "0500004ec0");
  assert.equal(meter.get("1.0.1.8.2.255", 2), "0500000630");
  // A power factor has no unit; 0.800.
  assert.equal(meter.get("1.0.13.7.0.255", 2), "0500000320");
  assert.equal(meter.get("1.0.13.7.0.255", 3), "02020ffd16ff");
  // 120.0 V of phase B.
  assert.equal(meter.get("1.0.52.7.0.255", 2), "05000004b0");
  assert.equal(meter.get("1.0.52.7.0.255", 3), "02020fff1623");
});

test("a peak has its time, and a demand register the demands of both intervals", (t) => {
  const meter = beyond(t, { configuration });
  meter.run(7 * 60 + 33);
  assert.equal(meter.object("1.0.1.6.0.255").classId, 4);
  assert.equal(meter.get("1.0.1.6.0.255", 2), "0500000b40");
  // The sub-interval in which it was switched on is not whole: three whole ones have ended at 01:20.
  assert.ok(meter.get("1.0.1.6.0.255", 5).startsWith(at(1, 20)));
  const demand = "1.0.1.4.0.255";
  assert.equal(meter.object(demand).classId, 5);
  // (10 + 3) min of 15 at 2880 W are 2496.0 W; the last interval had 2880.0 W; both in tenths.
  assert.equal(meter.get(demand, 2), "0500006180");
  assert.equal(meter.get(demand, 3), "0500007080");
  assert.equal(meter.get(demand, 4), "02020fff161b");
  assert.ok(meter.get(demand, 6).startsWith(at(8, 30)));
  assert.ok(meter.get(demand, 7).startsWith(at(8, 20)));
  // 300 s, of which three make an interval.
  assert.equal(meter.get(demand, 8), "060000012c");
  assert.equal(meter.get(demand, 9), "120003");
});

test("what the clock was set in is no demand: the running one begins behind it", (t) => {
  const meter = beyond(t, { configuration });
  meter.run(120);
  assert.equal(meter.tell({ command: "setTime", utc: "2026-01-01T04:02:00Z" }), "done");
  meter.run(2);
  // From 05:02 of local time on, and nothing has ended since.
  assert.ok(meter.get("1.0.1.4.0.255", 7).startsWith(at(5, 2)));
  assert.equal(meter.get("1.0.1.4.0.255", 6), `090c${"ff".repeat(9)}8000ff`);
  meter.run(18);
  // 05:05 to 05:20 are three whole sub-intervals.
  assert.ok(meter.get("1.0.1.4.0.255", 6).startsWith(at(5, 20)));
  assert.ok(meter.get("1.0.1.4.0.255", 7).startsWith(at(5, 10)));
});

test("a billing period reset moves values to group F 101, and their time with them", (t) => {
  const meter = beyond(t, { configuration });
  meter.run(60);
  assert.equal(meter.get("1.0.1.6.0.101", 5), `090c${"ff".repeat(9)}8000ff`);
  assert.equal(meter.tell({ command: "billingReset" }), "done");
  assert.equal(meter.get("1.0.1.8.0.101", 2), "0500000b40");
  assert.equal(meter.get("1.0.1.6.0.101", 2), "0500000b40");
  assert.ok(meter.get("1.0.1.6.0.101", 5).startsWith(at(1, 20)));
  assert.equal(meter.get("1.0.1.2.0.255", 2), "0500000b40");
  // The new period has no peak yet.
  assert.equal(meter.get("1.0.1.6.0.255", 2), "0500000000");
  assert.equal(meter.get("1.0.1.6.0.255", 5), `090c${"ff".repeat(9)}8000ff`);
});

test("who comes second to a code, and what has none, has that of its number; names are there once", (t) => {
  const meter = beyond(t, { configuration });
  meter.run(60);
  // 2.88 kWh: whole counts.
  assert.equal(meter.get("1.129.0.0.9.255", 2), "0500000002");
  assert.equal(meter.object("1.129.0.0.11.255").classId, 3);
  const names = meter.objects().map(({ logicalName }) => logicalName);
  assert.equal(new Set(names).size, names.length);
});

test("nothing is there unless the configuration says so", (t) => {
  assert.deepEqual(beyond(t, { configuration, level: "off" }).objects(), []);
});

test("who may not read registers reads none of them", (t) => {
  const meter = beyond(t, { configuration: `${configuration}\nsecurity: { readingTakesSession: true }\n` });
  assert.equal(meter.get("1.0.1.8.0.255", 2), "read-write-denied");
  assert.notEqual(meter.get("1.0.1.8.0.255", 2, meter.as("admin")), "read-write-denied");
  // The list of objects says so, and asking it leaves no trace in the security log.
  const stranger = { session: meter.surface.open(DLMS), client: 16 };
  const modes = meter.objects().map(({ classId, attributes }) => {
    const [first] = attributes;
    return { classId, mode: first && accessOf(first, stranger) };
  });
  for (const { classId, mode } of modes) if ([3, 4, 5, 7].includes(classId)) assert.equal(mode, "none", `${classId}`);
  assert.deepEqual(meter.log("security"), []);
});

test("energies are one octet string, in the order of the template that tells their types", (t) => {
  const meter = beyond(t, { configuration });
  meter.run(60);
  const compact = "0.0.66.0.0.255";
  // The template's number, the clock, the system bits and four energies.
  assert.equal(meter.get(compact, 4), "1101");
  assert.equal(meter.get(compact, 5), "0909" + "0207" + "1109120505" + "0505");
  const column = (classId: string, name: string, attribute = "02") =>
    `0204 12${classId} 0906${name} 0f${attribute} 120000`;
  const columns = [
    column("003e", "0000420000ff", "04"),
    column("0008", "0000010000ff"),
    column("003f", "0000600500ff"),
    column("0003", "0100010800ff"),
    column("0003", "0100010801ff"),
    column("0003", "0100010802ff"),
    column("0003", "0181000009ff"),
  ];
  assert.equal(meter.get(compact, 3), `0107${columns.join("")}`.replaceAll(" ", ""));
  // 01, twelve octets with their length, 0, then 2880, 2880, 0 and 2.
  const status = meter.get(compact, 2).slice(2 + 2 + 2 + 2 + 22, 2 + 2 + 2 + 2 + 24);
  assert.equal(
    meter.get(compact, 2),
    `0920 01 0c07ea010104020000 00ffc4${status} 0000 00000b40 00000b40 00000000 00000002`.replaceAll(" ", ""),
  );
});
