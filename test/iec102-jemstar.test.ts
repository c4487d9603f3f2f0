/** A JEMStar II as a station of IEC 60870-5-102 finds it: passwords, closures, values of the moment, events, settings. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FileError } from "#product/file-error.ts";
import { iec102Notices } from "#product/jemstar/iec102-notices.ts";
import { parseRevenueFile } from "#product/jemstar/configuration-file.ts";
import { parseModelNumber } from "#revenue/settings/model-number.ts";
import type { Closure } from "#protocol/iec102/station/host.ts";
import { PLAIN } from "./authority-rig.ts";
import { iec102Meter, MADRID, peer, profileOf, type Iec102Meter } from "./iec102-meter.ts";

const ree = (rest = ""): string =>
  `{ profiles: [${profileOf(15)}], iec102: { companion: ree, unit: Wh }, ${MADRID}${rest === "" ? "" : `, ${rest}`} }`;

const ordered = parseModelNumber(PLAIN);

const setKey = (meter: Iec102Meter, value: string | null, user?: string): string =>
  meter.tell({ command: "secret", name: "iec102.password", value, ...(user === undefined ? {} : { user }) });

// ── passwords ───────────────────────────────────────────────────────────────────────────────────────────────────────

test("the base standard takes no password; the companion profile does", async (t) => {
  const base = iec102Meter(t);
  assert.equal(base.host.settings.password, false);
  assert.ok((await base.open()) !== undefined);
  const meter = iec102Meter(t, { configuration: ree() });
  assert.equal(meter.host.settings.password, true);
  assert.equal(await meter.open(), undefined);
  assert.equal(await meter.open(7), undefined, "there is none yet");
  assert.equal(setKey(meter, "7"), "done");
  assert.equal(await meter.open(), undefined);
  assert.equal(await meter.open(8), undefined);
  assert.ok((await meter.open(7)) !== undefined);
  assert.equal(setKey(meter, "0000000012"), "done");
  assert.ok((await meter.open(12)) !== undefined, "noughts before it say nothing");
  assert.equal(setKey(meter, "4294967296"), "invalid", "a number that no telegram holds");
  assert.ok((await meter.open(12)) !== undefined, "the key of before");
  assert.equal(setKey(meter, "4294967295"), "done");
  assert.ok((await meter.open(0xffff_ffff)) !== undefined);
});

test("wrong passwords are logged, and lock out whoever shows them", async (t) => {
  const meter = iec102Meter(t, { configuration: ree() });
  setKey(meter, "7");
  for (const wrong of [1, 2, 3]) assert.equal(await meter.open(wrong), undefined);
  assert.equal(await meter.open(7), undefined, "locked out");
  const log = meter.log("security");
  assert.ok(log.includes("iec102.password: wrong key"), log.join("; "));
  assert.ok(log.includes("iec102.password: locked out"), log.join("; "));
  const elsewhere = await meter.host.open(7, { ...peer, address: "192.0.2.9" });
  assert.ok(elsewhere !== undefined, "others are not locked out");
});

test("whoever reads may set the clock, unless the configuration keeps that for users", async (t) => {
  const meter = iec102Meter(t, { configuration: ree() });
  setKey(meter, "7");
  meter.run(10);
  const session = await meter.open(7);
  assert.equal(session?.setTime(Date.UTC(2026, 0, 1, 0, 20)), "done");
  assert.equal(meter.host.now().stamp.utc, Date.UTC(2026, 0, 1, 0, 20));
  const entry = meter.jem.meter.log.of("timeChange").page(0, 9).at(-1);
  assert.deepEqual([entry?.by, entry?.protocol, entry?.port], ["iec102", "iec102", "ethernet 1"]);

  const strict = iec102Meter(t, { configuration: ree().replace("unit: Wh", "unit: Wh, timeSet: false") });
  setKey(strict, "7");
  assert.equal((await strict.open(7))?.setTime(Date.UTC(2026, 0, 1, 0, 20)), "refused");
  setKey(strict, "7", "user2");
  const user = await strict.open(7);
  assert.equal(user?.setTime(Date.UTC(2026, 0, 1, 0, 20)), "done");
  assert.equal(strict.jem.meter.log.of("timeChange").page(0, 9).at(-1)?.by, "user2");
  user?.leave();
  assert.ok(strict.log("security").some((one) => one === "user2: logged out"));
});

test("where reading takes a session the password has to show a user who may read", async (t) => {
  const meter = iec102Meter(t, { configuration: ree("security: { readingTakesSession: true }") });
  setKey(meter, "7");
  assert.equal(await meter.open(7), undefined, "it shows nobody");
  setKey(meter, "7", "user2");
  assert.equal(await meter.open(7), undefined, "who may not read");
  setKey(meter, "7", "admin");
  assert.ok((await meter.open(7)) !== undefined);
});

test("sessions are void when the password is another", (t) => {
  const meter = iec102Meter(t, { configuration: ree() });
  const { epoch } = meter.host;
  setKey(meter, "7");
  const first = meter.host.epoch;
  assert.ok(first > epoch);
  setKey(meter, "8");
  assert.ok(meter.host.epoch > first);
});

test("the configurations that the documents show are taken", () => {
  const page = (name: string): readonly string[] => {
    const text = readFileSync(new URL(`../docs/${name}.md`, import.meta.url), "utf8");
    return [...text.matchAll(/```yaml\n([^`]*)```/g)].map(([, yaml = ""]) => yaml);
  };
  for (const [name, section] of [
    ["protocols/iec-60870-5-102", "iec102:"],
    ["revenue-meter", "communicated:"],
  ] as const) {
    const found = page(name).find((yaml) => yaml.includes(`\n${section}`) || yaml.startsWith(section));
    assert.ok(found !== undefined, name);
    parseRevenueFile(name, found, ordered);
  }
});

// ── settings ────────────────────────────────────────────────────────────────────────────────────────────────────────

test("settings and parameters are the configuration's, the port's and the serial number's", (t) => {
  const configuration = `
communications: { ethernet1: { rxTimeoutMs: 300, iec102: { address: 7000 } }, port3: { protocol: iec102, parity: even, baud: 19200, address: 12 } }
primary: { pt: 60, ct: 80 }
profiles: [${profileOf(60)}, ${profileOf(5)}]
iec102: { companion: ree, measuringPoint: 3, manufacturer: 33, sessionSeconds: 90 }
`;
  const meter = iec102Meter(t, {
    configuration,
    modelNumber: "JSII-09I6020-1B/2A-DIO/DLP",
    serial: "JS-20417",
  });
  assert.deepEqual(meter.host.settings, {
    address: 7000,
    addressOctets: 2,
    companion: "ree",
    measuringPoint: 3,
    manufacturer: 33,
    deviceNumber: 20417,
    unit: "kWh",
    password: true,
    sessionMs: 90_000,
    interCharacterMs: 300,
  });
  const serial = meter.device.bindings.iec102?.({ port: "serial 3" });
  assert.deepEqual([serial?.settings.address, serial?.parameters.baud], [12, 19_200]);
  assert.deepEqual(serial?.parameters.volts, { primary: 7200, secondary: 120 });
  assert.deepEqual(serial?.parameters.periods, [60, 15, 5]);
  assert.equal(serial?.parameters.battery, 100);
  meter.tell({ command: "battery", state: "low" });
  assert.equal(serial?.parameters.battery, 10);
  assert.deepEqual(meter.device.lineOn?.("serial 3", "iec102"), { address: 12, baud: 19_200, parity: 1 });
  assert.equal(meter.device.bindings.iec102?.({ port: "optical" }), undefined, "the optical port has none");
  assert.equal(meter.device.bindings.iec102?.({ port: "serial 5" }), undefined);
  assert.equal(meter.device.room("iec102", "ethernet 1"), 1);
});

test("sessions are void after another configuration and an outage, not after the same once more", (t) => {
  const meter = iec102Meter(t, { configuration: ree() });
  const { epoch } = meter.host;
  assert.equal(
    meter.configure(() => {}),
    "done",
  );
  assert.equal(meter.host.epoch, epoch, "unchanged");
  assert.equal(
    meter.configure((file) => (file.iec102.measuringPoint = 9)),
    "done",
  );
  const configured = meter.host.epoch;
  assert.ok(configured > epoch);
  assert.equal(meter.host.settings.measuringPoint, 9);
  meter.tell({ command: "powerDown" });
  meter.run(1);
  assert.equal(meter.host.answers(), false);
  meter.tell({ command: "powerUp" });
  assert.ok(meter.host.epoch > configured);
});

test("another address or password of the station begins nothing anew", (t) => {
  const meter = iec102Meter(t, { configuration: ree() });
  meter.run(60);
  meter.configure((file) => {
    file.iec102.unit = "kWh";
    file.iec102.companion = "base";
  });
  assert.equal(meter.periods(12).length, 4);
  assert.match(meter.periods(11)[0] ?? "", / 1:2\/08 /);
});

test("it answers where it is enabled, and in test mode on serial ports alone", (t) => {
  const communications =
    "communications: { ethernet1: { iec102: { use: enabled } }, port3: { protocol: iec102, parity: even } }";
  const meter = iec102Meter(t, { configuration: ree(communications) });
  const serial = meter.device.bindings.iec102?.({ port: "serial 3" });
  assert.deepEqual([meter.host.answers(), serial?.answers()], [true, true]);
  meter.tell({ command: "enterTestMode" });
  assert.deepEqual([meter.host.answers(), serial?.answers()], [false, true]);
  meter.tell({ command: "leaveTestMode" });
  meter.configure((file) => (file.communications.ethernet1!.iec102.use = "disabled"));
  assert.deepEqual([meter.host.answers(), serial?.answers()], [false, true]);
});

const refused: readonly (readonly [configuration: string, problem: string])[] = [
  [
    "{ iec102: { addressOctets: 1 }, communications: { ethernet1: { iec102: { address: 255 } } } }",
    "communications.ethernet1.iec102.address: one octet has 0 to 254, found 255",
  ],
  [
    "iec102: { records: [{ address: 11, minutes: 60 }, { address: 11, minutes: 15 }] }",
    "iec102.records[1].address: another record has 11",
  ],
  [
    "iec102: { records: [{ address: 21, minutes: 60 }] }",
    "iec102.records[0].minutes: 11 to 13 have minutes, 21 to 23 days; found 60 of 21",
  ],
  [
    "iec102: { records: [{ address: 12, minutes: 10 }] }",
    "iec102.records[0].minutes: intervals of 15 of profiles[0] do not make up 10",
  ],
  [
    "iec102: { records: [{ address: 12, minutes: 15, profile: 2 }] }",
    "iec102.records[0]: there is no profiles[1] with intervals by the clock",
  ],
  [
    "iec102: { records: [{ address: 12, minutes: 15, log: 1 }] }",
    "iec102.records[0]: there is no measurementLog[0] with intervals by the clock",
  ],
  [
    "iec102: { companion: ree, objects: [{ object: 20, measure: { quantity: Wh } }] }",
    "iec102.objects[0].object: 20 to 29 have a meaning of their own in the companion profile; found 20",
  ],
  [
    "iec102: { objects: [{ object: 1, measure: { quantity: Wh } }, { object: 1, measure: { quantity: varh } }] }",
    "iec102.objects[1].object: another object is 1",
  ],
  [
    "iec102: { objects: [{ object: 1, measure: { quantity: V, phase: a, order: 5 } }] }",
    "iec102.objects[0].measure.quantity: V.h5 is option PQ2 or PQ3, which was not ordered",
  ],
  [
    // Frequency has no phase A.
    "iec102: { objects: [{ object: 30, enumeration: { type: instantaneous, quantity: 6, phase: 0, direction: 0 } }] }",
    "iec102.objects[0].enumeration: the meter measures nothing of these numbers (Appendix F)",
  ],
];
for (const [configuration, problem] of refused) {
  test(`refuses ${configuration}`, () => {
    assert.throws(
      () => parseRevenueFile("jem.yaml", configuration, ordered),
      (error) => error instanceof FileError && error.message.includes(problem),
    );
  });
}

test("whoever starts it is told of objects that nothing records, and of a password that is missing or none", (t) => {
  const { jem } = iec102Meter(t, { configuration: "iec102: { companion: ree }" });
  const speaking = { view: [{ port: "ethernet 1", protocol: "iec102", state: "Ready" as const }] };
  const told = (password?: string): string => {
    const secret = () => (password === undefined ? undefined : new TextEncoder().encode(password));
    return iec102Notices({ ports: speaking, file: jem.file, secrets: { secret } }).join("; ");
  };
  assert.match(told(), /object 3: nothing records varh\.q1/);
  assert.match(told(), /iec102\.password is not set/);
  assert.doesNotMatch(told("7"), /object 1:|password/);
  assert.match(told("secret"), /iec102\.password is no number/);
  assert.deepEqual(iec102Notices(jem), [], "it does not speak it");
});

// ── values of the moment ────────────────────────────────────────────────────────────────────────────────────────────

test("values of the moment are primary, with their quadrant; energies go on within an interval", (t) => {
  const configuration = `{ profiles: [${profileOf(15)}], iec102: { unit: kWh }, primary: { pt: 10, ct: 20 } }`;
  const meter = iec102Meter(t, { configuration, source: "volts: [118, 121, 124], amps: [4, 5, 6], pf: [0.8, 0.6, 1]" });
  meter.run(20);
  const { totals, powers, phases } = meter.host.instantaneous();
  // 377.6, 363 and 744 W at the terminals; 283.2, 484 and 0 var.
  const w = [1484.6, 377.6, 363, 744].map((one) => one * 200);
  const q = [767.2, 283.2, 484, 0].map((one) => one * 200);
  const close = (found: number | undefined, expected: number): void =>
    assert.ok(
      found !== undefined && Math.abs(found - expected) < 1e-6 * Math.max(1, expected),
      `${found}, ${expected}`,
    );
  powers.forEach(({ active, reactive, quadrant }, k) => {
    close(active, w[k] ?? NaN);
    close(reactive, q[k] ?? NaN);
    assert.equal(quadrant, 1);
  });
  close(powers[1]?.factor, 0.8);
  close(powers[2]?.factor, 0.6);
  assert.deepEqual(
    phases.map(({ amps = NaN, volts = NaN }) => [Math.round(amps), Math.round(volts)]),
    [
      [80, 1180],
      [100, 1210],
      [120, 1240],
    ],
  );
  // 296.92 kW for a third of an hour.
  assert.deepEqual(totals, [98, 0, 51, 0, 0, 0]);
});

test("what leads and what goes out is in its quadrant", (t) => {
  const quadrant = (source: string): number | undefined => {
    const meter = iec102Meter(t, { source });
    meter.run(1);
    return meter.host.instantaneous().powers[0]?.quadrant;
  };
  assert.equal(quadrant("volts: 120, amps: 5, pf: 0.8"), 1);
  assert.equal(quadrant("volts: 120, amps: 5, pf: 0.8, leading: true"), 4);
  assert.equal(quadrant("volts: 120, amps: 5, pf: 0.8, export: true"), 3);
  assert.equal(quadrant("volts: 120, amps: 5, pf: 0.8, leading: true, export: true"), 2);
});

test("what is not measured is not there", (t) => {
  const configuration = "primary: { connection: 3 wire delta }";
  const meter = iec102Meter(t, { modelNumber: "JSII-05I6020-2A", source: "volts: 120, amps: 5", configuration });
  const before = meter.host.instantaneous();
  assert.equal(before.powers[0]?.active, undefined);
  meter.run(1);
  const { powers, totals, phases } = meter.host.instantaneous();
  assert.ok(powers[0]?.active !== undefined);
  assert.deepEqual([powers[2]?.active, powers[2]?.quadrant, phases[1]?.amps], [undefined, undefined, undefined]);
  assert.deepEqual(totals.slice(2), [undefined, undefined, undefined, undefined], "no profile counts quadrants");
});

// ── closures ────────────────────────────────────────────────────────────────────────────────────────────────────────

const energy = (id: number, measure: string, tariff: string): string =>
  `{ id: ${id}, type: consumption, measure: { ${measure} }, tariff: ${tariff}, units: units, digits: 9, selfRead: true }`;
const BILLED = `
profiles: [${profileOf(15)}]
iec102: { companion: ree, unit: Wh }
selfRead: { every: billingReset }
demand: { subIntervalMinutes: 15, subIntervals: 1 }
tou: { seasons: [{ month: 1, day: 1, days: { ${[
  "sunday",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
]
  .map((day) => `${day}: [{ at: "00:00", rate: A }, { at: "08:00", rate: B }]`)
  .join(", ")} } }] }
registers:
  normal:
    - ${energy(0, "quantity: Wh", "total")}
    - ${energy(1, "quantity: Wh", "A")}
    - ${energy(2, "quantity: Wh", "B")}
    - ${energy(3, "quantity: varh, direction: q1", "total")}
    - { id: 4, type: peakDemand, measure: { quantity: W }, tariff: total, units: kilo, digits: 9, decimals: 3, selfRead: true }
  alternate: []
  test: []
`;

const closureWords = ({ object, active, inductive, maximum, start, end }: Closure): string => {
  const at = (utc: number | undefined): string => (utc === undefined ? "?" : new Date(utc).toISOString().slice(0, 16));
  const of = (one: Closure["active"]): string => (one === undefined ? "-" : `${one.absolute}+${one.incremental}`);
  const peak = maximum === undefined ? "-" : `${maximum.value} at ${at(maximum.at.stamp.utc).slice(0, 13)}`;
  return `${object} ${of(active)} ${of(inductive)} ${peak}, ${at(start.stamp.utc)} to ${at(end.stamp.utc)}`;
};

test("closures are billing periods by tariff: absolute, of the period, with its maximum and when that was", (t) => {
  const meter = iec102Meter(t, { configuration: BILLED, source: "volts: 120, amps: 10, pf: 0.8" });
  const closures = (from: number, to: number): readonly string[] =>
    [...(meter.host.closures(1, from, to) ?? [])].map(closureWords);
  const running = (): readonly string[] => (meter.host.running(1) ?? []).map(closureWords);
  meter.run(10 * 60);
  assert.deepEqual(closures(-Infinity, Infinity), [], "no period has ended");
  assert.deepEqual(running(), [
    "20 28800+28800 21600+21600 2880 at 2026-01-01T00, 2026-01-01T00:00 to 2026-01-01T10:00",
    "21 23040+23040 - -, 2026-01-01T00:00 to 2026-01-01T10:00",
    "22 5760+5760 - -, 2026-01-01T00:00 to 2026-01-01T10:00",
  ]);
  assert.equal(meter.tell({ command: "billingReset" }), "done");
  meter.run(20 * 60);
  assert.equal(meter.tell({ command: "billingReset" }), "done");
  assert.deepEqual(closures(-Infinity, Infinity), [
    "20 28800+28800 21600+21600 2880 at 2026-01-01T00, 2026-01-01T00:00 to 2026-01-01T10:00",
    "21 23040+23040 - -, 2026-01-01T00:00 to 2026-01-01T10:00",
    "22 5760+5760 - -, 2026-01-01T00:00 to 2026-01-01T10:00",
    "20 86400+57600 64800+43200 2880 at 2026-01-01T10, 2026-01-01T10:00 to 2026-01-02T06:00",
    "21 40320+17280 - -, 2026-01-01T10:00 to 2026-01-02T06:00",
    "22 46080+40320 - -, 2026-01-01T10:00 to 2026-01-02T06:00",
  ]);
  assert.equal(closures(Date.UTC(2026, 0, 1, 12), Infinity).length, 3);
  assert.equal(closures(-Infinity, Date.UTC(2026, 0, 1, 10)).length, 3);
  meter.run(60);
  assert.match(running()[0] ?? "", /^20 89280\+2880 .*, 2026-01-02T06:00 to 2026-01-02T07:00$/);
  assert.equal(meter.host.closures(2, -Infinity, Infinity), undefined, "there is one tariff, and one contract");
  assert.equal(meter.host.running(3), undefined);
});

test("without self reads at billing resets no closure is kept, and what runs began with the registers", (t) => {
  const meter = iec102Meter(t, { configuration: BILLED.replace("selfRead: { every: billingReset }", "") });
  meter.run(60);
  meter.tell({ command: "billingReset" });
  assert.deepEqual([...(meter.host.closures(1, -Infinity, Infinity) ?? ["none"])], []);
  meter.configure((file) => void (file.registers.normal[0]!.label = "another"));
  meter.run(60);
  assert.match(
    (meter.host.running(1) ?? []).map(closureWords)[0] ?? "",
    /^20 2880\+2880 .* 2026-01-01T01:00 to 2026-01-01T02:00$/,
  );
});

test("a register that begins again at zero loses nothing of its period", (t) => {
  const narrow = BILLED.replaceAll("digits: 9, selfRead", "digits: 5, selfRead");
  const meter = iec102Meter(t, { configuration: narrow, source: "volts: 120, amps: 10, pf: 0.8" });
  meter.run(30 * 60);
  meter.tell({ command: "billingReset" });
  meter.run(10 * 60);
  meter.tell({ command: "billingReset" });
  const found = [...(meter.host.closures(1, -Infinity, Infinity) ?? [])].filter(({ object }) => object === 20);
  assert.deepEqual(
    found.map(({ active }) => active),
    [
      { absolute: 86_400, incremental: 86_400, quality: 0 },
      { absolute: 15_200, incremental: 28_800, quality: 0x20 },
    ],
  );
});

// ── events ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const eventWords = (meter: Iec102Meter, record: number): readonly string[] =>
  [...(meter.host.events(record, -Infinity, Infinity) ?? ["none"])].map((one) =>
    typeof one === "string"
      ? one
      : `${one.address}/${one.qualifier}${one.on ? "+" : "-"} ${new Date(one.at.utc).toISOString().slice(11, 16)}`,
  );

test("logs are events of the companion profile by record address", async (t) => {
  const meter = iec102Meter(t, { configuration: ree() });
  setKey(meter, "7");
  meter.run(10);
  meter.tell({ command: "powerDown" });
  meter.run(10);
  meter.tell({ command: "powerUp" });
  meter.run(10);
  meter.tell({ command: "setTime", utc: "2026-01-01T00:40:00Z" });
  meter.run(10);
  meter.tell({ command: "hardware", part: "cover", failed: true });
  meter.run(1);
  meter.tell({ command: "hardware", part: "cover", failed: false });
  meter.tell({ command: "hardware", part: "pqComm", failed: true });
  meter.tell({ command: "battery", state: "low" });
  meter.tell({ command: "battery", state: "good" });
  meter.run(1);
  await meter.open(7);
  meter.tell({ command: "billingReset" });
  meter.run(1);
  meter.configure((file) => (file.identification.strings[0] = "another"));
  assert.deepEqual(eventWords(meter, 52), ["1/2+ 00:20"]);
  assert.deepEqual(eventWords(meter, 53), ["7/9+ 00:30", "7/11+ 00:40"]);
  assert.deepEqual(eventWords(meter, 54), ["15/0+ 00:53"]);
  assert.deepEqual(eventWords(meter, 55), ["19/8+ 00:51", "19/2+ 00:51", "19/2- 00:51"]);
  assert.deepEqual(eventWords(meter, 128), ["18/1+ 00:50", "18/1- 00:51"]);
  assert.deepEqual(eventWords(meter, 129), ["18/2+ 00:52"]);
  assert.deepEqual(eventWords(meter, 130), ["16/0+ 00:00"]);
  assert.deepEqual(eventWords(meter, 131), ["7/21+ 00:52"]);
  assert.deepEqual(eventWords(meter, 132), []);
  assert.equal(meter.host.events(134, 0, Infinity), undefined);
  assert.equal(meter.host.events(11, 0, Infinity), undefined);
  const some = [...(meter.host.events(53, Date.UTC(2026, 0, 1, 1), Infinity) ?? [])];
  assert.deepEqual(some, []);
});

test("a session is told where it begins and where it is over, whoever ends it", async (t) => {
  const meter = iec102Meter(t, { configuration: ree() });
  setKey(meter, "7");
  const session = await meter.open(7);
  meter.run(1);
  session?.leave();
  assert.deepEqual(eventWords(meter, 129), ["18/2+ 00:00", "18/2- 00:01"]);
  assert.ok(meter.log("security").includes("iec102.password: logged out"));
});

test("a clock that is set is told in the order in which that happened, also back", (t) => {
  const meter = iec102Meter(t, { configuration: ree() });
  meter.run(30);
  meter.tell({ command: "setTime", utc: "2026-01-01T00:10:00Z" });
  meter.run(5);
  meter.tell({ command: "setTime", utc: "2026-01-01T00:05:00Z" });
  assert.deepEqual(eventWords(meter, 53), ["7/9+ 00:30", "7/11+ 00:10", "7/9+ 00:15", "7/11+ 00:05"]);
  meter.run(1);
  meter.clock.advance(7345);
  meter.jem.catchUp();
  meter.tell({ command: "setTime", utc: "2026-01-01T00:20:00Z" });
  const before = [...(meter.host.events(53, 0, Infinity) ?? [])].at(-2);
  const ms = (before?.at.utc ?? NaN) - Date.UTC(2026, 0, 1, 0, 6, 7);
  assert.equal(ms, 345);
});

test("the clock is the meter's own, between what it measures in steps", (t) => {
  const meter = iec102Meter(t, { utc: Date.UTC(2026, 2, 29, 0, 59) });
  meter.run(0.5);
  meter.clock.advance(29_780);
  const { stamp } = meter.host.now();
  assert.equal(new Date(stamp.utc).toISOString(), "2026-03-29T00:59:59.780Z");
  assert.equal(stamp.offsetMinutes, 60);
  meter.clock.advance(300);
  // Clocks went forward 80 ms ago.
  assert.deepEqual([meter.host.now().stamp.utc % 1000, meter.host.now().stamp.offsetMinutes], [80, 120]);
});

test("a phase that fails is told where it begins and where it ends", (t) => {
  const meter = iec102Meter(t, {
    source: "volts: 120, amps: 5, events: [{ kind: sag, phases: [b], at: 600, for: 300, volts: 0.2 }]",
  });
  meter.run(30);
  assert.deepEqual(eventWords(meter, 52), ["3/2+ 00:10", "3/2- 00:15"]);
});
