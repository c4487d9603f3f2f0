/** Logs, billing periods, status words and counters of a JEMStar as objects of DLMS: encodings by hand, instants by the calendar. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { JemStarSurface } from "#product/jemstar/surface.ts";
import { codedLogs, eventCode, OTHER } from "#product/jemstar/dlms/event-codes.ts";
import { isRefused } from "#quantity/authority.ts";
import { logKinds } from "#quantity/log.ts";
import { integer, longUnsigned, octets, structure } from "#protocol/dlms/data/data.ts";
import { logicalNameBytes } from "#protocol/dlms/data/logical-name.ts";
import { beyond, DLMS, hex } from "./dlms-beyond-rig.ts";
import { far } from "./authority-rig.ts";
import { measure, MinuteLoads, revenueRig, trigger } from "./revenue-rig.ts";
import type { StepValues } from "#waveform/source.ts";

const europe = `
timekeeping:
  utcOffsetMinutes: 60
  daylightSaving:
    start: { month: 3, week: 5, weekday: 0, hour: 2 }
    end: { month: 10, week: 5, weekday: 0, hour: 3 }
`;
const octet = (text: string): string => Buffer.from(text).toString("hex");
const utf8 = (text: string): string => `0c${text.length.toString(16).padStart(2, "0")}${octet(text)}`;

const clockColumn = structure(longUnsigned(8), octets(logicalNameBytes("0.0.1.0.0.255")), integer(2), longUnsigned(0));
const range = (from: string, to: string) => ({
  selector: 1,
  parameters: structure(clockColumn, octets(Buffer.from(from, "hex")), octets(Buffer.from(to, "hex")), {
    type: "array",
    value: [],
  }),
});

test("a log is a profile of when, code and words, on both sides of a change of the clock", (t) => {
  // 2026-03-29, a Sunday, 00:30 UTC: 01:30, and an hour later 03:30 of local time.
  const meter = beyond(t, { configuration: europe, utc: Date.UTC(2026, 2, 29, 0, 30) });
  const freeze = "0.0.99.98.7.255";
  assert.equal(meter.get(freeze, 2), "0100");
  assert.equal(meter.tell({ command: "freeze" }), "done");
  meter.run(60);
  assert.equal(meter.tell({ command: "freeze" }, meter.as("user1")), "done");
  const winter = "07ea031d07011e0000ffc400";
  const summer = "07ea031d07031e0000ff8880";
  const first = `0203 090c${winter} 1101 ${utf8("freeze (admin)")}`.replaceAll(" ", "");
  const second = `0203 090c${summer} 1101 ${utf8("freeze (user1)")}`.replaceAll(" ", "");
  assert.equal(meter.get(freeze, 2), `0102${first}${second}`);
  const columns = [
    "0204 120008 09060000010000ff 0f02 120000",
    "0204 120001 09060000600b11ff 0f02 120000",
    "0204 120001 0906000060 3307ff 0f02 120000",
  ];
  assert.equal(meter.get(freeze, 3), `0103${columns.join("")}`.replaceAll(" ", ""));
  // Not by time; first in, first out; two of five hundred.
  assert.deepEqual(
    [4, 5, 7, 8].map((id) => meter.get(freeze, id)),
    ["0600000000", "1601", "0600000002", "06000001f4"],
  );
  // The newest as objects of their own.
  assert.equal(meter.get("0.0.96.11.17.255", 2), "1101");
  assert.equal(meter.get("0.0.96.51.7.255", 2), utf8("freeze (user1)"));
  // Both ends of a range belong to it, and an hour that is told by its deviation is another than the one before.
  const select = (from: string, to: string) => meter.get(freeze, 2, undefined, range(from, to));
  assert.equal(select(winter, winter), `0101${first}`);
  assert.equal(select(summer, summer), `0101${second}`);
  assert.equal(select("07ea031d07011e0100ffc400", "07ea031d07031d3b00ff8880"), "0100");
});

test("every log has a code of its own place, and every thing that happens to a meter its own", (t) => {
  assert.deepEqual(codedLogs.map(({ kind }) => kind).toSorted(), logKinds.toSorted());
  assert.deepEqual(
    codedLogs.map(({ e }) => e),
    Array.from({ length: codedLogs.length }, (_, k) => k + 1),
  );
  const meter = beyond(t, {
    configuration: "registers: { normal: [{ id: 0, type: consumption, measure: { quantity: Wh } }] }",
  });
  meter.run(1);
  const told = [
    { command: "freeze" },
    { command: "billingReset" },
    { command: "preset", register: 0, value: 12 },
    { command: "setTime", utc: "2026-01-01T10:00:00Z" },
    { command: "firmware", board: "register", version: "0.0.99" },
    { command: "hardware", part: "cover", failed: true },
    { command: "hardware", part: "cover", failed: false },
    { command: "battery", state: "low" },
    { command: "battery", state: "good" },
    { command: "resetBattery" },
    { command: "key", key: "metering", installed: true },
    { command: "key", key: "metering", installed: false },
    { command: "secret", name: "dlms.1.high", value: "a secret of nobody" },
    { command: "secret", name: "dlms.1.high", value: null },
    { command: "enterTestMode" },
    { command: "calibrate", watts: 0.1 },
    { command: "leaveTestMode" },
    { command: "powerDown" },
    { command: "powerUp" },
    { command: "resetUsers" },
  ];
  const refused = told.filter((command) => meter.tell(command) !== "done");
  assert.deepEqual(refused, []);
  meter.run(1);
  assert.equal(
    meter.configure((file) => void (file.resetLockoutMinutes = 7)),
    "done",
  );
  const entries = codedLogs.flatMap((log) =>
    meter.surface
      .log(log.kind)
      .page(0, 500)
      .map(({ what }) => ({ kind: log.kind, what, code: eventCode(log, what) })),
  );
  assert.ok(new Set(entries.map(({ kind }) => kind)).size >= 9, JSON.stringify(entries));
  assert.deepEqual(
    entries.filter(({ code }) => code === OTHER),
    [],
  );
});

test("wrong secrets are in the security log under a code of theirs", async (t) => {
  const meter = beyond(t);
  const proof = { kind: "password", user: "admin", password: "guessed" } as const;
  assert.ok(isRefused(await meter.surface.admit(proof, far)));
  assert.equal(meter.get("0.0.96.11.13.255", 2), "1104");
});

test("self reads are rows of the billing profile, and the resets are counted", (t) => {
  const meter = beyond(t, {
    configuration: `
selfRead: { every: billingReset }
registers:
  normal:
    - { id: 0, type: consumption, measure: { quantity: Wh, direction: delivered }, units: units, selfRead: true }
    - { id: 1, type: consumption, measure: { quantity: Wh, direction: received }, units: units }
    - { id: 2, type: peakDemand, measure: { quantity: W, direction: delivered }, units: units, selfRead: true }
  alternate: []
`,
  });
  const profile = "0.0.98.1.0.255";
  assert.equal(meter.get("1.0.0.1.0.255", 2), "0600000000");
  assert.equal(meter.get("1.0.0.1.2.255", 2), `090c${"ff".repeat(9)}8000ff`);
  meter.run(60);
  assert.equal(meter.tell({ command: "billingReset" }), "done");
  meter.run(30);
  assert.equal(meter.tell({ command: "billingReset" }), "done");
  assert.equal(meter.get("1.0.0.1.0.255", 2), "0600000002");
  assert.equal(meter.get("1.0.0.1.2.255", 2), "090c07ea010104011e0000000000");
  const column = (classId: string, name: string) => `0204 12${classId} 0906${name} 0f02 120000`;
  const columns = [
    column("0008", "0000010000ff"),
    column("003f", "0000600500ff"),
    column("0003", "0100010800ff"),
    column("0004", "0100010600ff"),
  ];
  assert.equal(meter.get(profile, 3), `0104${columns.join("")}`.replaceAll(" ", ""));
  // 2880 Wh and a peak of 2880 W after an hour; 1440 Wh more, and the same peak again, half an hour later.
  const row = (time: string, wh: string, watts: string) =>
    `0204 090c07ea010104${time}0000000000 120000 05${wh} 05${watts}`;
  const rows = `0102 ${row("0100", "00000b40", "00000b40")} ${row("011e", "000010e0", "00000b40")}`;
  assert.equal(meter.get(profile, 2), rows.replaceAll(" ", ""));
  // Room for 96.
  assert.equal(meter.get(profile, 8), "0600000060");
});

test("the meter is called what it is called, and says how it is", (t) => {
  const meter = beyond(t, {
    configuration: `
identification: { strings: ["substation 7", "", "bay 3"] }
triggerBits: [[1], [], [2, 3]]
primary: { nominalVoltage: 120, nominalCurrent: 5 }
`,
  });
  meter.run(15);
  assert.equal(meter.get("0.0.96.1.1.255", 2), `090c${octet("substation 7")}`);
  assert.equal(meter.get("0.0.96.1.3.255", 2), `0905${octet("bay 3")}`);
  assert.throws(() => meter.object("0.0.96.1.2.255"));
  // Bits 1 and 3 of the trigger word have triggers; none is on at 120 V.
  assert.equal(meter.get("0.0.97.98.10.255", 2), "0600000005");
  assert.equal(meter.get("0.0.97.98.0.255", 2), "0600000000");
  // 120.000 V and 5.000 A.
  assert.equal(meter.get("1.0.0.6.0.255", 2), "060001d4c0");
  assert.equal(meter.get("1.0.0.6.1.255", 2), "0600001388");
  // A battery that wants to be replaced is system bit 1.
  assert.equal(meter.get("0.0.96.5.0.255", 2), "120000");
  assert.equal(meter.tell({ command: "battery", state: "low" }), "done");
  assert.equal(meter.get("0.0.96.5.0.255", 2), "120001");
  // An input that closes: channel 7.
  assert.equal(meter.get("0.0.96.3.1.255", 2), "1100");
  assert.equal(meter.tell({ command: "input", channel: 7, closed: true }), "done");
  meter.run(1);
  assert.equal(meter.get("0.0.96.3.1.255", 2), "1140");
  // Configured once more than it was.
  const before = meter.get("0.0.96.2.0.255", 2);
  assert.equal(
    meter.configure((file) => void (file.resetLockoutMinutes = 9)),
    "done",
  );
  assert.equal(Number.parseInt(meter.get("0.0.96.2.0.255", 2).slice(2), 16), Number.parseInt(before.slice(2), 16) + 1);
});

test("outages are counted for good, long ones apart with their length", (t) => {
  const meter = beyond(t);
  meter.run(1);
  const outage = (seconds: number) => {
    assert.equal(meter.tell({ command: "powerDown" }), "done");
    meter.clock.advance(1000 * seconds);
    assert.equal(meter.tell({ command: "powerUp" }), "done");
    meter.run(1);
  };
  const counts = () => ["21", "9", "19", "20"].map((e) => meter.get(`0.0.96.7.${e}.255`, 2));
  assert.deepEqual(counts(), ["0600000000", "0600000000", "00", "06000000b4"]);
  outage(20);
  outage(200);
  assert.deepEqual(counts(), ["0600000002", "0600000001", "06000000c8", "06000000b4"]);
  assert.equal(meter.tell({ command: "coldStart" }), "done");
  assert.deepEqual(counts(), ["0600000002", "0600000001", "06000000c8", "06000000b4"]);
});

/** 120 V, but for a minute each of phase b at 90 V and at 140 V. */
class Sagging extends MinuteLoads {
  #minute = 0;

  override step(seconds: number, from: StepValues, to: StepValues): number {
    const took = super.step(seconds, from, to);
    const volts = [2, 6].includes(Math.floor(this.#minute)) ? 90 : Math.floor(this.#minute) === 4 ? 140 : 120;
    for (const values of [from, to]) values.v[1] = volts;
    this.#minute += took / 60 + 1e-12;
    return took;
  }
}

test("sags and swells are counted by the phase that began them", () => {
  const volts = measure("V", "bidirectional");
  const levels = { measure: volts, phase: "any", records: "sagSwell" } as const;
  const rig = revenueRig(
    {
      triggers: [
        trigger(1, { ...levels, operator: "<", alarm: 108, reset: 110 }),
        trigger(2, { ...levels, operator: ">", alarm: 132, reset: 130 }),
      ],
    },
    undefined,
    { source: new Sagging(() => ({ w: 3600, q: 0 })), powerQuality: true },
  );
  rig.run(9);
  const { sags, swells } = rig.meter.eventCounts;
  assert.deepEqual([sags("a"), sags("b"), sags("c")], [0, 2, 0]);
  assert.deepEqual([swells("a"), swells("b"), swells("c")], [0, 1, 0]);
});

test("sags are at D 32 and swells at D 36 of each phase", (t) => {
  const meter = beyond(t);
  const counted = new JemStarSurface(meter.jem).eventCounts();
  assert.equal(counted.sags("a"), 0);
  for (const c of [32, 52, 72])
    for (const d of [32, 36]) assert.equal(meter.get(`1.0.${c}.${d}.0.255`, 2), "0600000000");
});

test("who may not read a log reads none of it", (t) => {
  const meter = beyond(t, { configuration: "security: { readingTakesSession: true }" });
  for (const attribute of [2, 7]) assert.equal(meter.get("0.0.99.98.3.255", attribute), "read-write-denied");
  // "pq" may read alarms, and not the security log.
  const pq = meter.as("pq", DLMS);
  assert.equal(meter.get("0.0.99.98.11.255", 2, pq), hex(Uint8Array.of(1, 0)));
  assert.equal(meter.get("0.0.99.98.3.255", 2, pq), "read-write-denied");
  assert.equal(meter.get("0.0.99.98.3.255", 7, meter.as("admin", DLMS)), hex(Uint8Array.of(6, 0, 0, 0, 0)));
});
