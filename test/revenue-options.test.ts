/** What was ordered and what was not, MID meters, Appendix A's lists, and what a display shows besides measurements. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { configurationOf, parseRevenueFile } from "#product/jemstar/configuration-file.ts";
import type { RevenueFile } from "#product/jemstar/configuration-schema.ts";
import { FileError } from "#product/file-error.ts";
import type { ItemRegister } from "#revenue/settings/configuration.ts";
import { ModelNumberError, parseModelNumber } from "#revenue/settings/model-number.ts";
import { contact, measure, revenueRig, trigger } from "./revenue-rig.ts";
import { later, modbus, site, type Registers } from "./revenue-running.ts";

const parse = (modelNumber: string, text = ""): RevenueFile =>
  parseRevenueFile("file", text, parseModelNumber(modelNumber));

function refused(modelNumber: string, text: string, ...says: readonly RegExp[]): void {
  assert.throws(
    () => parse(modelNumber, text),
    (error) => error instanceof FileError && says.every((one) => one.test(error.message)),
    text,
  );
}

test("a meter without DIO has no inputs and outputs, whoever asks for them", () => {
  const plain = "JSII-09I6020-1B/2A";
  assert.deepEqual(new Set(parse(plain).io.map(({ mode }) => mode)), new Set(["none"]));
  const io = (...first: string[]): string =>
    `io: [${Array.from({ length: 8 }, (_, k) => first[k] ?? "{ mode: none }").join(", ")}]`;
  refused(
    plain,
    io("{ mode: inputStatus }"),
    /io\[0\]\.mode: inputStatus is option DIO or DIOP, which was not ordered/,
  );
  refused(plain, "demand: { externalSync: true }", /demand\.externalSync: an input is option DIO/);
  refused(plain, "modbus: { allowOutputControl: true }", /modbus\.allowOutputControl: outputs are option DIO/);
  refused(plain, "totalization: [{ inputs: [{ channel: 1, weight: 1 }] }]", /totalization: inputs are option DIO/);
  assert.equal(parse("JSII-09I6020-1B/2A-DIOP").io[6]?.mode, "inputStatus");
  const third = io("{ mode: none }", "{ mode: none }", "{ mode: outputAlarm, contact: kyz }");
  refused(`${plain}-DIO`, third, /io\[2\]\.contact: only channels 1 and 2 are KYZ/);
});

test("form, class and ports bind the configuration", () => {
  assert.equal(parse("JSII-05I6020-1B").primary.connection, "3 wire delta");
  assert.equal(parse("JSII-05I6020-1B", "primary: { pt: 10 }").primary.connection, "3 wire delta");
  assert.equal(parse("JSII-05I6020-1B", "primary: { connection: network }").primary.connection, "network");
  refused("JSII-05I6020-1B", "primary: { connection: 4 wire wye }", /form 5 cannot be connected as 4 wire wye/);
  assert.equal(parse("JSII-UI6020-1B", "primary: { connection: 3 wire wye }").primary.connection, "3 wire wye");
  refused("JSII-09I6002-1B", "primary: { nominalCurrent: 5 }", /primary\.nominalCurrent: class 2 has at most 2 A/);
  refused("JSII-09I6020-1B/2A", "timekeeping: { sync: ntp }", /ntp is option NTP/);
  for (const wrong of ["JSII-09I5010-1B-IEC", "JSII-09I5010-1B-WEB", "JSII-09I5010-2A-IB"])
    assert.throws(() => parseModelNumber(wrong), ModelNumberError, wrong);
  assert.ok(parseModelNumber("JSII-09RK5010-2A-IB").options.has("IB"));
});

test("a MID meter has the directive's registers and channels, whatever else it has", () => {
  const mid = "JSII-09I6020-1B/2A-DIO-MID";
  assert.deepEqual(
    parse(mid)
      .registers.alternate.slice(0, 5)
      .map(({ label }) => label),
    ["kWhr Delivered BPR", "kWhr Received BPR", "kVARhr Delivered BPR", "kVARhr Received BPR", "Last BPR Time & Date"],
  );
  refused(
    mid,
    "{ registers: { normal: [], alternate: [] }, profiles: [] }",
    /registers\.normal: a MID meter has Wh delivered, working/,
    /registers\.alternate: a MID meter has varh received, billingReset/,
    /registers\.alternate: a MID meter has the time of the last billing period reset/,
    /profiles\[0\]\.channels: a MID meter has varh delivered/,
  );
  // An energy of one rate is not the energy.
  const { normal } = parse(mid).registers;
  const one = normal.map((register) => (register.id === 2 ? { ...register, tariff: "A" } : register));
  refused(mid, JSON.stringify({ registers: { normal: one } }), /a MID meter has Wh delivered, working/);
});

test("the factory's lists are Appendix A's, by id and name", () => {
  const { normal, alternate, test: tests } = parse("JSII-09I6020-1B/2A-DIO").registers;
  const list = (all: RevenueFile["registers"]["normal"]): string[] => all.map(({ id, label }) => `${id} ${label}`);
  assert.deepEqual(list(normal), [
    "0 Meter ID",
    "1 Time,PresTime&Date",
    "2 kWhr Delivered",
    "3 kWhr Received",
    "4 kVARhr Delivered",
    "5 kVARhr Received",
  ]);
  assert.deepEqual(list(alternate), [
    "100 kWhr Delivered BPR",
    "101 kWhr Received BPR",
    "102 kVARhr Delivered BPR",
    "103 kVARhr Received BPR",
    "104 Last BPR Time & Date",
    "105 IDStatus, Phasor Display",
    "106 IDStatus, Comm Status",
    "107 Status Word, System Bit",
  ]);
  assert.deepEqual(
    tests.map((one) => "pulseWeight" in one && one.pulseWeight),
    Array.from({ length: 9 }, () => 1.8),
  );
  const { triggers, io } = parse("JSII-09I6020-1B/2A-DIO");
  assert.deepEqual(
    triggers.map(({ id, alarm, reset, delayMs, records }) => [id, alarm, reset, delayMs, records]),
    [
      [1, 108, 110.4, 0, "sagSwell"],
      [2, 132, 129.6, 0, "sagSwell"],
      [3, 60, 61.2, 0, "interruption"],
      [4, 60, 60.18, 1000, undefined],
      [5, 60, 60.18, 1000, undefined],
      [6, 60, 60.18, 1000, undefined],
      [7, 30, 29.91, 500, undefined],
      [8, 60, 59.82, 500, undefined],
      [9, 6, 5.982, 500, undefined],
      [10, 50, 49.85, 500, undefined],
      [11, 6, 3, 0, "rapidVoltageChange"],
    ],
  );
  assert.deepEqual(
    io.map(({ mode, ke, pulseMs }) => [mode, ke, pulseMs]),
    [
      ...Array.from({ length: 4 }, () => ["outputEnergyPulse", 0.1, 40]),
      ["outputAlarm", 0.1, 40],
      ["outputClockPulse", 0.1, 40],
      ["inputStatus", 0.1, 40],
      ["inputStatus", 0.1, 40],
    ],
  );
});

test("the factory's Km of 0.001 is of kWh: an interval of 1,800 W and 600 var is 450 and 150 counts", () => {
  const { profiles } = configurationOf(parseRevenueFile("file", "", parseModelNumber("JSII-09I6020-2A-DIO")));
  const rig = revenueRig({ profiles }, () => ({ w: 1800, q: 600 }));
  rig.run(15);
  assert.deepEqual(rig.meter.profiles[0]!.records()[0]!.values, [450, 0, 150, 0]);
});

test("what a display shows besides measurements: status, alarms, phasors, ports, versions, segments", () => {
  const item = (id: number, type: ItemRegister["type"]): ItemRegister => ({ id, label: "", selfRead: false, type });
  const rig = revenueRig(
    {
      io: [contact("inputStatus")],
      registers: {
        normal: (["meterStatus", "alarmDisplay", "phasorDisplay", "segmentCheck", "blank"] as const).map((type, k) =>
          item(k, type),
        ),
        alternate: [],
        test: [],
      },
      triggers: [trigger(4, { label: "Much", measure: measure("W") })],
    },
    // 3:4:5, 120 V: 2000 W and 1500 var a phase are 20.83 A, 36.9 degrees behind.
    () => ({ w: 6000, q: 4500 }),
  );
  rig.run(1);
  assert.deepEqual([0, 1, 3, 4].map(rig.text), ["normal", "4 Much 6000.00", "88888888", ""]);
  assert.match(rig.text(2), /^Va 120\.0 V, Ia 20\.83 A 36\.9 deg; Vb 120\.0 V/);
  rig.meter.status.condition("generalFailure", true);
  assert.equal(rig.text(0), "trouble");
});

test("a running meter shows its ports and boards; counters come low half first where that is configured", async (t) => {
  const { running, get } = await site(t, {
    configuration: `
registers:
  normal:
    - { id: 1, label: Wh, type: consumption, measure: { quantity: Wh }, units: units }
    - { id: 2, type: communicationStatus }
    - { id: 3, type: firmwareVersions }
modbus: { counters: [{ register: 1 }], order: low first }
`,
  });
  await later(500);
  const { registers } = await get<Registers & { registers: readonly { text: string }[] }>("/registers/normal");
  assert.equal(registers[1]!.text, "Ethernet 1 Modbus Ready");
  assert.equal(registers[2]!.text, "register 0.0.80; metrology 0.0.41; service 0.0.70");
  const ask = await modbus(t, running.port);
  const answer = Buffer.from(await ask("03 0000 0002"), "hex");
  const counts = answer.readUInt16BE(2) + 65_536 * answer.readUInt16BE(4);
  const now = (await get<Registers>("/registers/normal")).registers[0]!.value;
  // 3000 W at the terminals, ten minutes a second.
  assert.ok(counts > 0 && Math.abs(now - counts) < 2000, `${counts} of ${now}`);
});

test("a file is compared with the meter that is there: what it leaves out is the factory's of what was ordered", async (t) => {
  const { run, url, folder } = await site(t, {
    modelNumber: "JSII-05I6020-1B/2A",
    configuration: "demand: { thermalMinutes: 20 }",
  });
  const same = await run("config", "diff", "jem.yaml", url);
  assert.deepEqual([same.status, same.out.trim()], [0, "nothing would change"], same.err);
  writeFileSync(path.join(folder, "other.yaml"), "demand: { thermalMinutes: 25 }");
  const other = await run("config", "diff", "other.yaml", url);
  assert.deepEqual([other.status, other.out.trim()], [1, "demand.thermalMinutes: 20 becomes 25"], other.err);
});
