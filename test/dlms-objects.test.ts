/** The objects of Appendix D on a whole meter: what they show is what flows, by arithmetic, and who may see it is the meter's to say. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isRefused } from "#quantity/authority.ts";
import { decodeData } from "#protocol/dlms/data/decode.ts";
import { mayInvoke } from "#protocol/dlms/cosem/object.ts";
import { dlmsMeter } from "./dlms-meter.ts";
import { deviceOf } from "#product/jemstar/product.ts";
import { far, jemStar, near } from "./authority-rig.ts";

/** Of 118 V 4 A 0.8, 121 V 5 A 0.6, 124 V 6 A 1, each lagging: code and value, in the unit of the register. */
const W = [118 * 4 * 0.8, 121 * 5 * 0.6, 124 * 6] as const;
const VAR = [118 * 4 * 0.6, 121 * 5 * 0.8, 0] as const;
const VA = [118 * 4, 121 * 5, 124 * 6] as const;
const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
const lag = [0.8, 0.6, 1].map((pf) => (Math.acos(pf) * 180) / Math.PI);
/** Phasors of the currents: their sum flows in the neutral. */
const neutral = [4, 5, 6].map((amps, k) => {
  const angle = (([0, -120, 120][k] ?? 0) - (lag[k] ?? 0)) * (Math.PI / 180);
  return [amps * Math.cos(angle), amps * Math.sin(angle)] as const;
});
const neutralAmps = Math.hypot(sum(neutral.map(([x]) => x)), sum(neutral.map(([, y]) => y)));

const expected: Readonly<Record<string, number>> = {
  "1.0.21.7.0.255": W[0],
  "1.0.41.7.0.255": W[1],
  "1.0.61.7.0.255": W[2],
  "1.0.1.7.0.255": sum(W),
  "1.0.22.7.0.255": 0,
  "1.0.2.7.0.255": 0,
  "1.0.23.7.0.255": VAR[0],
  "1.0.43.7.0.255": VAR[1],
  "1.0.63.7.0.255": VAR[2],
  "1.0.3.7.0.255": sum(VAR),
  "1.0.4.7.0.255": 0,
  "1.0.29.7.0.255": VA[0],
  "1.0.49.7.0.255": VA[1],
  "1.0.69.7.0.255": VA[2],
  "1.0.9.7.0.255": sum(VA),
  "1.0.10.7.0.255": 0,
  "1.0.32.7.0.255": 118,
  "1.0.52.7.0.255": 121,
  "1.0.72.7.0.255": 124,
  "1.0.12.4.0.255": 121,
  "1.0.31.7.0.255": 4,
  "1.0.51.7.0.255": 5,
  "1.0.71.7.0.255": 6,
  "1.0.90.7.0.255": 15,
  "1.0.91.7.0.255": neutralAmps,
  "1.0.90.4.0.255": 5,
  "1.0.33.7.0.255": 0.8,
  "1.0.53.7.0.255": 0.6,
  "1.0.73.7.0.255": 1,
  "1.0.13.7.0.255": sum(W) / sum(VA),
  "1.0.34.7.0.255": 60,
  "1.0.81.7.0.255": 0,
  "1.0.81.7.1.255": 240,
  "1.0.81.7.2.255": 120,
  "1.0.81.7.4.255": 360 - (lag[0] ?? 0),
  "1.0.81.7.5.255": 240 - (lag[1] ?? 0),
  "1.0.81.7.6.255": 120 - (lag[2] ?? 0),
  // Half an hour.
  "1.0.21.8.0.255": W[0] / 2,
  "1.0.41.8.0.255": W[1] / 2,
  "1.0.61.8.0.255": W[2] / 2,
  "1.0.1.8.0.255": sum(W) / 2,
  "1.0.2.8.0.255": 0,
};

test("every register is what flows, in thousandths", (t) => {
  const meter = dlmsMeter(t);
  meter.run(30);
  for (const [code, value] of Object.entries(expected)) {
    assert.equal(meter.get(code, 2).slice(0, 2), "06", `${code} is a double-long-unsigned`);
    assert.equal(meter.number(code), Math.round(value * 1000), code);
  }
  // The example of the standard: X watts are 1234567 with scaler -3 and unit 27.
  assert.equal(meter.get("1.0.1.7.0.255", 3), "02020FFD161B");
  assert.equal(meter.get("1.0.32.7.0.255", 3), "02020FFD1623");
  assert.equal(meter.get("1.0.1.8.0.255", 3), "02020FFD161E");
  assert.equal(meter.get("1.0.13.7.0.255", 3), "02020FFD16FF");
});

test("values are primary, as the meter's transformers are", (t) => {
  const meter = dlmsMeter(t, { configuration: "primary: { pt: 10, ct: { primary: 600, secondary: 5 } }" });
  meter.run(1);
  assert.equal(meter.number("1.0.32.7.0.255"), 1_180_000);
  assert.equal(meter.number("1.0.31.7.0.255"), 4 * 120 * 1000);
  assert.equal(meter.number("1.0.33.7.0.255"), 800);
  assert.deepEqual(
    ["1.0.0.4.2.255", "1.0.0.4.3.255", "1.0.0.4.5.255", "1.0.0.4.6.255"].map((code) => meter.number(code)),
    [600, 10, 5, 1],
  );
});

test("an energy of 32 bits begins again at 4294967.296 Wh, a power that has no room in them has no value; 64 bits have room for both", (t) => {
  const configuration = "primary: { pt: 100, ct: 1000 }";
  const narrow = dlmsMeter(t, { configuration });
  const wide = dlmsMeter(t, { configuration: `${configuration}\ndlms: { registers: { width: 64 } }` });
  narrow.run(2);
  wide.run(2);
  const thousandths = Math.round((sum(W) * 1e5 * 1000) / 30);
  assert.ok(thousandths > 2 ** 32);
  assert.equal(narrow.number("1.0.1.8.0.255"), thousandths - 2 ** 32);
  assert.equal(wide.number("1.0.1.8.0.255"), BigInt(thousandths));
  assert.equal(wide.get("1.0.1.8.0.255", 2).slice(0, 2), "15");
  assert.equal(narrow.get("1.0.1.7.0.255", 2), "other-reason");
  assert.equal(wide.number("1.0.1.7.0.255"), BigInt(Math.round(sum(W) * 1e8)));
});

test("of 64 bits power factors and angles have their signs: lagging is +, leading -", (t) => {
  const meter = dlmsMeter(t, {
    source: "volts: 120, amps: 5, pf: 0.8, leading: true",
    configuration: "dlms: { registers: { width: 64, scaler: 0 } }",
  });
  meter.run(1);
  assert.equal(meter.get("1.0.33.7.0.255", 2), "14FFFFFFFFFFFFFCE0");
  assert.equal(meter.number("1.0.81.7.1.255"), -120_000n);
  assert.equal(meter.number("1.0.81.7.4.255"), 36_870n);
  // The manual's page prints 0, whatever its values are.
  assert.equal(meter.get("1.0.33.7.0.255", 3), "02020F0016FF");
});

test("before anything was measured a register has no value", (t) => {
  const meter = dlmsMeter(t);
  assert.equal(meter.get("1.0.32.7.0.255", 2), "temporary-failure");
  assert.equal(meter.get("1.0.81.7.1.255", 2), "temporary-failure");
  assert.equal(meter.get("1.0.32.7.0.255", 3), "02020FFD1623");
});

test("identification: strings by their numbers, the serial number, versions of the boards that there are", (t) => {
  const meter = dlmsMeter(t, {
    serial: "140200024",
    configuration: "identification: { strings: [one, two, three, four, five] }",
  });
  const text = (code: string): string => Buffer.from(meter.get(code, 2).slice(4), "hex").toString("latin1");
  assert.equal(text("0.0.96.11.0.255"), "140200024");
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((k) => text(`0.0.96.11.${k}.255`)),
    ["one", "two", "three", "four", "five"],
  );
  assert.match(text("0.0.0.2.1.255"), /^\d+\.\d+\.\d+$/);
  // No power quality, no analog outputs: null-data.
  for (const code of ["0.3.0.2.1.255", "0.3.0.2.8.255", "0.6.0.2.1.255"]) assert.equal(meter.get(code, 2), "00");
  const before = meter.get("0.0.0.2.8.255", 2);
  assert.match(before, /^0904[0-9A-F]{8}$/);
  meter.tell({ command: "firmware", board: "register", version: "0.0.99" });
  assert.equal(text("0.0.0.2.1.255"), "0.0.99");
  assert.notEqual(meter.get("0.0.0.2.8.255", 2), before, "other firmware has another signature");
  // "AMK" and the serial number: five bytes of it in the title, all of it in the name.
  assert.equal(meter.logicalDevice.name, "AMK140200024");
  assert.equal(meter.logicalDevice.systemTitle.toHex().toUpperCase(), `414D4B00085B4858`);
});

test("load profile settings are those of the example: 15 minutes are 8, Km 2.15625, 2.15625, 215.625, 215.625", (t) => {
  const channel = (measure: string, km: number): string => `{ measure: { ${measure} }, km: ${km} }`;
  const meter = dlmsMeter(t, {
    configuration: `profiles: [{ minutes: 15, channels: [
      ${channel("quantity: Wh, direction: delivered", 2.15625)}, ${channel("quantity: Wh, direction: received", 2.15625)},
      ${channel("quantity: varh, direction: delivered", 215.625)}, ${channel("quantity: varh, direction: received", 215.625)}] }]`,
  });
  assert.equal(meter.get("1.0.0.8.4.255", 2), "0600000008");
  const [small, large] = ["17400A0000", "174357A000"];
  assert.equal(meter.get("1.128.103.0.0.255", 2), `0110${small}${small}${large}${large}${"1700000000".repeat(12)}`);
  // There is no second group.
  for (const code of ["1.0.0.8.5.255", "1.128.104.0.0.255", "1.0.98.1.0.255", "1.0.99.2.0.255"])
    assert.ok(!meter.logicalDevice.objects.some(({ logicalName }) => logicalName === code), code);
});

test("energy pulse settings are of energy outputs only, in the numbers of the manual", (t) => {
  const io = [
    "{ mode: outputEnergyPulse, measure: { quantity: Wh, direction: delivered }, ke: 0.004833 }",
    "{ mode: outputAlarm }",
    "{ mode: outputEnergyPulse, measure: { quantity: VAh.arithmetic, phase: b, direction: absolute }, ke: 2 }",
    "{ mode: outputEnergyPulse, measure: { quantity: A2h, phase: average }, ke: 0.5 }",
    "{ mode: none }",
    "{ mode: inputStatus }",
    "{ mode: outputEnergyPulse, measure: { quantity: varh, phase: c, direction: q4 }, ke: 1 }",
    "{ mode: inputStatus }",
  ];
  const meter = dlmsMeter(t, { configuration: `io: [${io.join(", ")}]` });
  const rows = [
    "0205 1101 1600 1601 1603 173B9E5E24",
    "0205 1103 1603 160A 1601 1740000000",
    "0205 1104 1606 1600 1604 173F000000",
    "0205 1107 1601 1609 1602 173F800000",
  ];
  assert.equal(meter.get("1.128.100.0.0.255", 2), `0104${rows.join("").replaceAll(" ", "")}`);
});

test("LED and optical pulse settings of the example: active 1.8, reactive 1.8", (t) => {
  const meter = dlmsMeter(t, { configuration: "testPulses: { led: Wh, optical: varh, kt: 1.8 }" });
  assert.equal(meter.get("1.128.101.0.0.255", 2), "01041600173FE666661601173FE66666");
});

test("the clock shows local time, its deviation and whether daylight saving counts", (t) => {
  const saving = `{ start: { month: 3, week: 5, weekday: 0, hour: 2 }, end: { month: 10, week: 5, weekday: 0, hour: 3 }, minutes: 60 }`;
  const meter = dlmsMeter(t, {
    utc: Date.UTC(2026, 6, 1, 10, 30, 15, 250),
    configuration: `timekeeping: { utcOffsetMinutes: 60, daylightSaving: ${saving} }`,
  });
  // Wednesday 12:30:15.25, two hours ahead of UTC: -120 is FF88.
  assert.equal(meter.get("0.0.1.0.0.255", 2), "090C07EA070103 0C1E0F19 FF88 80".replaceAll(" ", ""));
  assert.equal(meter.get("0.0.1.0.0.255", 3), "10FFC4");
  assert.equal(meter.get("0.0.1.0.0.255", 4), "1180");
  // The last Sunday of March at 2 by the time that ends there, and of October at 3.
  assert.equal(meter.get("0.0.1.0.0.255", 5), "090CFFFF03FE07 02000000 FFC4 00".replaceAll(" ", ""));
  assert.equal(meter.get("0.0.1.0.0.255", 6), "090CFFFF0AFE07 03000000 FF88 80".replaceAll(" ", ""));
  assert.equal(meter.get("0.0.1.0.0.255", 7), "0F3C");
  assert.equal(meter.get("0.0.1.0.0.255", 8), "0301");
  assert.equal(meter.get("0.0.1.0.0.255", 9), "1601");
});

test("a clock without daylight saving says nothing of it, one that follows the line says which", (t) => {
  const meter = dlmsMeter(t, { configuration: "timekeeping: { sync: line, utcOffsetMinutes: -300 }" });
  const nothing = `090C${"FF".repeat(9)}8000FF`;
  assert.deepEqual(
    [3, 5, 6, 7, 8, 9].map((id) => meter.get("0.0.1.0.0.255", id)),
    ["10012C", nothing, nothing, "0F00", "0300", "1603"],
  );
});

test("the second Sunday of a month is the first from the 8th on", (t) => {
  const saving = `{ start: { month: 3, week: 2, weekday: 0, hour: 2 }, end: { month: 11, week: 1, weekday: 0, hour: 2 } }`;
  const meter = dlmsMeter(t, { configuration: `timekeeping: { utcOffsetMinutes: -300, daylightSaving: ${saving} }` });
  assert.equal(meter.get("0.0.1.0.0.255", 5), "090CFFFF030807 02000000 012C 00".replaceAll(" ", ""));
  assert.equal(meter.get("0.0.1.0.0.255", 6), "090CFFFF0B0107 02000000 00F0 80".replaceAll(" ", ""));
});

test("the time is set by who has no user as long as the configuration lets him, and by its deviation", (t) => {
  const meter = dlmsMeter(t, { configuration: "timekeeping: { utcOffsetMinutes: 60 }" });
  const now = (): number => meter.device.surface.now().utc;
  // 12:00 at -60, at +300 (five hours west), and where nothing is said by the meter's own.
  for (const [hex, utc] of [
    ["090C 07EA0302FF 0C000000 FFC4 00", Date.UTC(2026, 2, 2, 11)],
    ["090C 07EA0302FF 0C000000 012C 00", Date.UTC(2026, 2, 2, 17)],
    ["090C 07EA0302FF 0C000000 8000 00", Date.UTC(2026, 2, 2, 11)],
    ["19 07EA0302FF 0C1E00FF 8000 FF", Date.UTC(2026, 2, 2, 11, 30)],
    ["090C 07EA030201 0C0000FF 8000 FF", Date.UTC(2026, 2, 2, 11)],
  ] as const) {
    assert.equal(meter.setTime(hex), "success", hex);
    assert.equal(now(), utc, hex);
  }
  const before = now();
  for (const [hex, result] of [
    ["0600000000", "type-unmatched"],
    ["090B 07EA0302FF 0C000000 FFC4", "type-unmatched"],
    ["090C 07EA02 1EFF 0C000000 FFC4 00", "other-reason"],
    ["090C 07EA0302FF 18000000 FFC4 00", "other-reason"],
    ["090C FFFF0302FF 0C000000 FFC4 00", "other-reason"],
    ["090C 07EA0302FF FF000000 FFC4 00", "other-reason"],
    // Minutes that are not said are not set, nor is what calls itself invalid.
    ["090C 07EA0302FF 0CFFFFFF FFC4 00", "other-reason"],
    ["090C 07EA0302FF 0C000000 FFC4 01", "other-reason"],
  ] as const)
    assert.equal(meter.setTime(hex), result, hex);
  assert.equal(now(), before);
  assert.ok(meter.log("timeChange").length >= 5);
  meter.configure((file) => (file.dlms.timeSet = false));
  assert.equal(meter.setTime("090C 07EA0302FF 0C000000 FFC4 00"), "read-write-denied");
  assert.equal(now(), before);
  // Who has the privilege may.
  const user = meter.as("user1", { ...far, protocol: "dlms", port: "ethernet 1" });
  assert.equal(meter.setTime("090C 07EA0302FF 0C000000 FFC4 00", user), "success");
  const pq = meter.as("pq", { ...far, protocol: "dlms", port: "ethernet 1" });
  assert.equal(meter.setTime("090C 07EA0302FF 0C000000 FFC4 00", pq), "read-write-denied");
});

test("a clock that nothing kept is invalid until it is set, and so are rows from before", (t) => {
  const meter = dlmsMeter(t, { configuration: "" });
  meter.tell({ command: "auxiliary", live: true });
  meter.tell({ command: "battery", state: "dead" });
  meter.tell({ command: "powerDown" });
  meter.run(5);
  meter.tell({ command: "powerUp" });
  meter.run(15);
  // 1970-01-01, a Thursday: bit 0 says that it is none.
  assert.match(meter.get("0.0.1.0.0.255", 2), /^090C07B2010104.{8}000001$/);
  assert.equal(meter.get("0.0.1.0.0.255", 4), "1101");
  const [before] = meter.rows("1.0.99.1.0.255");
  assert.deepEqual([before?.at.slice(0, 4), before?.clock], ["1970", 1]);
  assert.equal(meter.setTime("090C 07EA0302FF 0C000000 0000 00"), "success");
  assert.match(meter.get("0.0.1.0.0.255", 2), /^090C07EA0302010C000000000000$/);
  meter.run(30);
  const rows = meter.rows("1.0.99.1.0.255");
  assert.deepEqual([rows.at(-1)?.at, rows.at(-1)?.clock], ["2026-03-02 12:30:00", 0]);
});

test("beyond the manual the clock goes to the nearest quarter, period and minute, to a preset time, and by seconds", (t) => {
  const meter = dlmsMeter(t, {
    configuration:
      "timekeeping: { utcOffsetMinutes: 330 }\ndlms: { beyond: full }\nprofiles: [{ minutes: 20, channels: [{ measure: { quantity: Wh } }] }]",
  });
  const act = (id: number, hex = "0F00", session = meter.as("admin")): string => {
    const method = meter.object("0.0.1.0.0.255").methods.find((one) => one.id === id);
    const asker = { session, client: 1 };
    if (method === undefined || !mayInvoke(method, asker)) return "denied";
    const done = method.invoke(asker, decodeData(Uint8Array.fromHex(hex.replaceAll(" ", ""))));
    return typeof done === "string" ? done : done.result;
  };
  const at = (time: string): void =>
    assert.equal(meter.tell({ command: "setTime", utc: `2026-01-01T${time}Z` }), "done");
  const now = (): string => new Date(meter.device.surface.now().utc).toISOString().slice(11, 23);
  for (const [id, from, to] of [
    [1, "10:07:20", "10:00:00.000"],
    [1, "10:08:20", "10:15:00.000"],
    // 20 minutes of local time, which is five hours and a half ahead: 15:40 there.
    [2, "10:05:00", "10:10:00.000"],
    [2, "10:21:00", "10:30:00.000"],
    [3, "10:21:29.400", "10:21:00.000"],
    [3, "10:21:30.600", "10:22:00.000"],
  ] as const) {
    at(from);
    assert.equal(act(id), "success");
    assert.equal(now(), to, `method ${id} from ${from}`);
  }
  at("10:00:00");
  assert.equal(act(6, "10FF9C"), "success");
  assert.equal(now(), "09:58:20.000");
  assert.equal(act(6, "100385"), "other-reason");
  assert.equal(act(6, "0F01"), "type-unmatched");
  assert.equal(act(4), "temporary-failure");
  const time = (clock: string): string => `090C 07EA0101FF ${clock}00 FEB6 00`;
  assert.equal(act(5, `0203 ${time("100000")} ${time("0F0000")} ${time("0F3B3B")}`), "success");
  // 15:28 local: within the hour for which 16:00 is preset.
  assert.equal(act(4), "success");
  assert.equal(now(), "10:30:00.000");
  assert.equal(act(4), "temporary-failure");
  assert.equal(act(5, "0F01"), "type-unmatched");
  assert.equal(act(1, "0F00", meter.as("pq")), "denied");
  assert.deepEqual(dlmsMeter(t).object("0.0.1.0.0.255").methods, []);
});

test("where reading takes a session, it takes the privileges of one", (t) => {
  const meter = dlmsMeter(t, { configuration: "security: { readingTakesSession: true }" });
  meter.run(20);
  const over = { ...far, protocol: "dlms", port: "ethernet 1" };
  const places = [
    ["1.0.32.7.0.255", 2],
    ["1.0.99.1.0.255", 2],
    ["0.0.99.98.0.255", 2],
    ["0.0.96.11.1.255", 2],
  ] as const;
  for (const [name, id] of places) assert.equal(meter.get(name, id), "read-write-denied", name);
  const admin = meter.as("admin", over);
  for (const [name, id] of places) assert.notEqual(meter.get(name, id, admin), "read-write-denied", name);
  const user = meter.as("user1", over);
  for (const [name, id] of places) assert.equal(meter.get(name, id, user), "read-write-denied", name);
  // What time it is, everybody may know.
  assert.match(meter.get("0.0.1.0.0.255", 2), /^090C/);
});

test("the Ethernet connection log is of those who came and went over Ethernet, and of nobody else", async (t) => {
  const meter = dlmsMeter(t);
  const { surface } = meter.device;
  const login = async (port: string, user = "admin", password = "admin") => {
    const session = await surface.admit({ kind: "password", user, password }, { ...near, protocol: "sftp", port });
    return isRefused(session) ? undefined : session;
  };
  const first = await login("ethernet 1");
  meter.run(1);
  await login("serial 3");
  await login("ethernet 1", "admin", "wrong");
  meter.run(1);
  if (first !== undefined) surface.leave(first);
  assert.deepEqual(
    meter.rows("0.0.99.98.0.255").map(({ at, status }) => [at, status]),
    [
      ["2026-01-01 00:00:00", 0],
      ["2026-01-01 00:02:00", 1],
    ],
  );
  assert.equal(meter.get("0.0.99.98.0.255", 7), "0600000002");
  assert.equal(
    meter.get("0.0.99.98.0.255", 3),
    "0102020412000809060000010000FF0F02120000020412000109060000600B00FF0F02120000",
  );
});

test("clients and services are those of the configuration of the moment", async (t) => {
  const meter = dlmsMeter(t);
  const { host } = meter;
  assert.deepEqual([...host.settings.conformance].toSorted(), [
    "block-transfer-with-get-or-read",
    "get",
    "selective-access",
    "set",
  ]);
  const [publicClient, reader] = meter.logicalDevice.clients;
  assert.deepEqual([publicClient?.sap, publicClient?.mechanisms, publicClient?.ciphering], [16, ["none"], "no"]);
  const peer = { protocol: "dlms", port: "ethernet 1", address: "192.0.2.7", near: true };
  const bytes = new TextEncoder();
  const right = await reader?.admitPassword(bytes.encode("admin"), peer);
  assert.ok(right !== undefined && !isRefused(right) && right.user === "admin");
  const wrong = await reader?.admitPassword(bytes.encode("Admin"), peer);
  assert.ok(wrong !== undefined && isRefused(wrong) && wrong.refused === "session");
  const before = host.epoch;
  meter.configure((file) => {
    file.dlms.conformance = ["get", "action"];
    file.dlms.clients = [{ sap: 5, authentication: ["none"], ciphering: "no", suite: 0, policy: [] }];
  });
  assert.ok(host.epoch > before);
  assert.deepEqual([...host.settings.conformance], ["get", "action"]);
  assert.deepEqual(
    meter.logicalDevice.clients.map(({ sap }) => sap),
    [5],
  );
});

test("high-level secrets are the meter's protocol secrets, and their users those of whom they are", async (t) => {
  const meter = dlmsMeter(t, {
    configuration: "dlms: { clients: [{ sap: 3, authentication: [high-md5, high-gmac] }] }",
  });
  const [client] = meter.logicalDevice.clients;
  const peer = { protocol: "dlms", port: "ethernet 1", near: false };
  assert.equal(client?.secret("high-md5"), undefined);
  assert.equal(meter.tell({ command: "secret", name: "dlms.3.high", value: "Gurux", user: "user1" }), "done");
  assert.equal(Buffer.from(client?.secret("high-md5") ?? []).toString(), "Gurux");
  const session = await client?.admitKey("high-md5", (secret) => Buffer.from(secret).toString() === "Gurux", peer);
  assert.ok(session !== undefined && !isRefused(session) && session.user === "user1");
  const refused = await client?.admitKey("high-md5", () => false, peer);
  assert.ok(refused !== undefined && isRefused(refused));
});

test("a meter on a port has that port's address and receive time-out", (t) => {
  const meter = dlmsMeter(t, {
    configuration:
      "communications: { port3: { protocol: dlms, address: 1234, rxTimeoutMs: 250 }, ethernet1: { dlms: { address: 17 } } }",
  });
  const { hdlc } = meter.host.settings;
  assert.deepEqual([hdlc.physical, hdlc.interFrameMs, hdlc.inactivityMs], [17, 1000, 120_000]);
  const serial = meter.device.bindings.dlms?.({ port: "serial 3" })?.settings.hdlc;
  assert.deepEqual([serial?.physical, serial?.interFrameMs], [1234, 250]);
});

test("ratios with fractions are whole numbers of the same ratio, and letters that a visible string has not are marked", (t) => {
  const meter = dlmsMeter(t, {
    configuration:
      'primary: { pt: 120.5, ct: 80.25 }\nidentification: { strings: ["Łódź Ω 1", "one", "two", "three", "four", "Zürich"] }',
  });
  assert.deepEqual(
    ["1.0.0.4.2.255", "1.0.0.4.3.255", "1.0.0.4.5.255", "1.0.0.4.6.255"].map((code) => meter.number(code)),
    [8025, 1205, 100, 10],
  );
  // 0A length letters: "??d? ? 1" of ISO 646.
  const strings = ["0.0.96.11.1.255", "0.0.96.11.2.255"].map((code) => meter.get(code, 2));
  assert.ok(
    strings.some((one) => one === "0a083f3f643f203f2031" || one === "0A083F3F643F203F2031"),
    strings.join(" "),
  );
});

test("without option DLMS nothing is bound", (t) => {
  const { bindings } = deviceOf(jemStar(t, { modelNumber: "JSII-09I6020-1B/2A-DIO" }).jem);
  assert.equal(bindings.dlms?.({ port: "ethernet 1" }), undefined);
});
