/** Who may do what to a JEMStar: the manual's lists (sections Security Keys, MID Meters, User Management), command by command. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { rules } from "#product/jemstar/command-rules.ts";
import type { RevenueFile } from "#product/jemstar/configuration-schema.ts";
import { isRefused, refusals, type Peer, type Place, type Refused, type Session } from "#quantity/authority.ts";
import { MemoryStore } from "#store/store.ts";
import { modbusUnitOf } from "./devices.ts";
import { far, jemStar, MID, near, onlooker, operator, PLAIN, told, type JemStarRig } from "./authority-rig.ts";
import { imageOf } from "./firmware-file.ts";
import { filledShelf, NAMES } from "./filled-shelf.ts";

/** A meter without keys, with the first, with the second, and one of the MID option, whose two keys are under seals. */
const kinds = ["none", "metering", "reset", "mid"] as const;
type Kind = (typeof kinds)[number];
const options = (kind: Kind) => ({ modelNumber: kind === "mid" ? MID : PLAIN });

function keyed(t: Parameters<typeof jemStar>[0], kind: Kind): ReturnType<typeof jemStar> {
  const rig = jemStar(t, options(kind));
  rig.jem.files.shelf = filledShelf();
  if (kind === "metering" || kind === "reset") rig.tell({ command: "key", key: kind, installed: true });
  rig.run(1);
  return rig;
}

/** A file of firmware: register 0.0.99. */
const IMAGE = imageOf("register 0.0.99").toString("base64");

const always = ["done", "done", "done", "done"] as const;
/** What the first key bars, by the manual's list. */
const barred = ["done", "key", "done", "key"] as const;

// prettier-ignore
const commands: readonly (readonly [command: { readonly command: string } & Record<string, unknown>, ...expected: readonly string[]])[] = [
  // Allowed with the key installed: the second of the manual's lists, and what it says of billing period resets.
  [{ command: "freeze" }, ...always],
  [{ command: "setTime", utc: "2026-01-01T12:00:00Z" }, ...always],
  [{ command: "billingReset" }, ...always],
  [{ command: "resetBattery" }, ...always],
  [{ command: "resetUsers" }, ...always],
  [{ command: "password", password: "another" }, ...always],
  [{ command: "secret", name: "dlms.1.high", value: "0123456789abcdef" }, ...always],
  [{ command: "configure", configuration: "{}", check: true }, ...always],
  // What its sections take is what it takes (configuration-history.test.ts); here nothing was changed.
  [{ command: "undoConfiguration" }, "invalid", "invalid", "invalid", "invalid"],
  // Of power quality the manual says nothing in either list.
  [{ command: "removeFile", name: NAMES[0] }, ...always],
  // Takes back what nobody has to be kept from taking back.
  [{ command: "disarm" }, ...always],
  [{ command: "testTransfer" }, "invalid", "invalid", "invalid", "invalid"],
  // Barred: the first list.
  [{ command: "ratios", pt: 2, ct: 2 }, ...barred],
  [{ command: "firmware", board: "register", version: "0.0.99" }, ...barred],
  [{ command: "uploadFirmware", image: IMAGE }, ...barred],
  [{ command: "reboot" }, ...barred],
  // None of these is ready for an option.
  [{ command: "optionKey", key: "PQ3-00000000" }, "unsupported", "key", "unsupported", "key"],
  [{ command: "enterTestMode" }, ...barred],
  [{ command: "leaveTestMode" }, ...barred],
  [{ command: "calibrate", watts: 1 }, "testMode", "key", "testMode", "key"],
  // A section of its own, of non-MID meters only; it begins every barred section anew.
  [{ command: "coldStart" }, ...barred],
  // In neither list: "all functions that could impact metrological measurements".
  [{ command: "preset", register: 2, value: 5 }, "done", "key", "done", "mid"],
  [{ command: "presets", values: [{ register: 2, value: 5 }, { register: 3, value: 6 }] }, "done", "key", "done", "mid"],
  [{ command: "outputs", values: [{ channel: 5, closed: true }] }, ...always],
  [{ command: "outputs", values: [{ channel: 1, closed: true }] }, ...barred],
  // The other key is the button's.
  [{ command: "resetButton" }, "done", "done", "key", "key"],
  // What hardware senses nobody bars, but for the seals.
  [{ command: "key", key: "metering", installed: false }, "done", "done", "done", "mid"],
  [{ command: "key", key: "reset", installed: false }, "done", "done", "done", "mid"],
  [{ command: "key", key: "metering", installed: true }, ...always],
  [{ command: "hardware", part: "cover", failed: true }, ...always],
  [{ command: "battery", state: "low" }, ...always],
  [{ command: "timeServer", reached: false }, ...always],
  [{ command: "powerDown" }, ...always],
  [{ command: "powerUp" }, ...always],
  [{ command: "auxiliary", live: false }, ...always],
  [{ command: "input", channel: 7, closed: true }, ...always],
  [{ command: "pulses", channel: 7, count: 1 }, "unsupported", "unsupported", "unsupported", "unsupported"],
  // Of other meters.
  ...["clearEnergy", "newDemandSubInterval", "resetMaxDemand", "resetLogging", "clearPulses", "resetDemand", "restart"].map(
    (command) => [{ command }, "unsupported", "unsupported", "unsupported", "unsupported"] as const,
  ),
];

for (const kind of kinds) {
  test(`every command to a meter with ${kind === "mid" ? "the MID option" : `key: ${kind}`} is done or refused as the manual has it`, (t) => {
    for (const [command, ...expected] of commands) {
      assert.equal(keyed(t, kind).tell(command), expected[kinds.indexOf(kind)], JSON.stringify(command));
    }
  });
}

test("the table has every command that there is", () => {
  const named = new Set(commands.map(([{ command }]) => command));
  assert.deepEqual(
    Object.keys(rules).filter((name) => !named.has(name)),
    [],
  );
});

const watts = {
  measure: { quantity: "W", phase: "polyphase", direction: "bidirectional", compensated: false },
  method: "average",
  side: "primary",
  units: "units",
} as const;

const slave: RevenueFile["communicated"][number] = {
  host: "192.0.2.7",
  baud: 9600,
  parity: "none",
  unit: 1,
  table: "holding",
  register: 1,
  format: "u32",
  words: "high first",
  scale: 1,
  kind: "consumption",
  everySeconds: 5,
};

/** A change of each section of the configuration, and whether the first key bars it. */
// prettier-ignore
const sections: Readonly<Partial<Record<keyof RevenueFile, readonly [change: (file: RevenueFile) => void, expected: readonly string[]]>>> = {
  identification: [(file) => void (file.identification.strings[0] = "Substation 7"), always],
  modbus: [(file) => void (file.modbus.allowRegisterPresets = true), always],
  dlms: [(file) => void (file.dlms.registers.width = 64), always],
  dnp3: [(file) => void (file.dnp3.selfAddress = true), always],
  iec102: [(file) => void (file.iec102.unit = "Wh"), always],
  iec61850: [(file) => void (file.iec61850.name = "FEEDER7"), always],
  communications: [(file) => void (file.communications.optical.baud = 1200), always],
  display: [(file) => void (file.display.scrollSeconds = 9), always],
  security: [(file) => void (file.security.sessionMinutes = 9), always],
  users: [(file) => void file.users.push({ name: "new", privileges: ["freeze"] }), always],
  primary: [(file) => void (file.primary.pt = 2), barred],
  registers: [(file) => void (file.registers.normal[0]!.label = "ID"), barred],
  profiles: [(file) => void (file.profiles[0]!.minutes = 30), barred],
  measurementLog: [(file) => void file.measurementLog.push({ interval: 10, channels: [watts] }), always],
  pqdif: [(file) => void (file.pqdif.mode = "multiple"), always],
  demand: [(file) => void (file.demand.subIntervals = 1), barred],
  tou: [(file) => void file.tou.holidays.push({ date: "2026-12-25", type: 1 }), barred],
  timekeeping: [(file) => void (file.timekeeping.utcOffsetMinutes = 60), barred],
  selfRead: [(file) => void (file.selfRead.every = "day"), barred],
  correction: [(file) => void (file.correction = { pt: three(1.01), ct: three(1) }), barred],
  losses: [(file) => void (file.losses = { delivered: loss(1), received: loss(2) }), barred],
  resetLockoutMinutes: [(file) => void (file.resetLockoutMinutes = 1), barred],
  io: [(file) => void (file.io[0]!.ke = 0.2), barred],
  testPulses: [(file) => void (file.testPulses.kt = 0.2), barred],
  testMode: [(file) => void (file.testMode.timeoutMinutes = 1), barred],
  communicated: [(file) => void file.communicated.push(slave), barred],
  totalization: [(file) => void file.totalization.push({ enabled: true, tariff: "total", inputs: [] }), barred],
  overrideRate: [(file) => void (file.overrideRate = "B"), barred],
  triggers: [(file) => void (file.triggers[0]!.alarm = 100), barred],
  triggerBits: [(file) => void file.triggerBits.push([1]), barred],
  powerQuality: [(file) => void (file.powerQuality.waveforms.low.pre = 10), always],
};
function three(ratio: number) {
  return [ratio, ratio, ratio].map((one) => ({ ratio: one, minutes: 0 }));
}
function loss(copperW: number) {
  return { ironW: 0, ironVar: 0, copperW, copperVar: 0, lineW: 0, lineVar: 0 };
}

for (const kind of kinds) {
  test(`every section of the configuration of a meter with ${kind === "mid" ? "the MID option" : `key: ${kind}`} can be changed or not as the manual has it`, (t) => {
    for (const [name, [change, expected]] of Object.entries(sections)) {
      const rig = keyed(t, kind);
      const before = rig.value(2);
      assert.equal(rig.configure(change), expected[kinds.indexOf(kind)], name);
      if (kind === "mid" || kind === "metering") assert.equal(rig.value(2), before, `${name}: the energy stays`);
    }
  });
}

test("the manual's list has every section of the configuration", (t) => {
  const there = Object.keys(jemStar(t).jem.file);
  assert.deepEqual(
    there.filter((name) => !(name in sections)),
    [],
  );
});

/** What Modbus writes come to: the exception, 0 when it is done, "none" where there is no such function. */
function overModbus(rig: ReturnType<typeof jemStar>, value: number): number | "none" {
  const unit = modbusUnitOf(rig.jem);
  return unit.allows?.(0x10) === false ? "none" : unit.write(0, Uint16Array.of(0, value));
}

test("a MID meter takes no presets over Modbus, though its configuration has come to allow them", (t) => {
  const configuration = "modbus: { allowRegisterPresets: true }";
  const plain = jemStar(t, { configuration });
  assert.equal(overModbus(plain, 4711), 0);
  assert.equal(Math.floor(plain.value(2)), 4711);
  plain.tell({ command: "key", key: "metering", installed: true });
  assert.equal(overModbus(plain, 1), "none");

  for (const rig of [jemStar(t, { configuration, modelNumber: MID }), jemStar(t, { modelNumber: MID })]) {
    assert.equal(
      rig.configure((file) => (file.modbus.allowRegisterPresets = true)),
      "done",
    );
    rig.run(10);
    const before = rig.value(2);
    assert.equal(overModbus(rig, 4711), "none");
    assert.equal(rig.value(2), before);
    assert.deepEqual(rig.log("event"), []);
  }
});

test("nothing that a MID meter can be told makes it take what is barred", (t) => {
  const rig = jemStar(t, { modelNumber: MID });
  rig.run(60);
  const before = rig.value(2);
  for (const command of [
    { command: "resetUsers" },
    { command: "key", key: "metering", installed: false },
    { command: "key", key: "metering", installed: true },
    { command: "hardware", part: "cover", failed: true },
    { command: "powerDown" },
    { command: "powerUp" },
  ])
    rig.tell(command);
  rig.configure((file) => {
    file.modbus.allowRegisterPresets = true;
    file.modbus.allowOutputControl = true;
  });
  for (const command of [
    { command: "preset", register: 2, value: 0 },
    { command: "coldStart" },
    { command: "enterTestMode" },
  ])
    assert.notEqual(rig.tell(command), "done", command.command);
  assert.equal(rig.tell({ command: "resetButton" }), "key");
  assert.ok(rig.value(2) >= before);
});

test("billing period resets fill a MID meter's own alternate registers", (t) => {
  const rig = jemStar(t, { modelNumber: MID });
  // 2,880 W delivered: 120 V, 10 A and a power factor of 0.8 in three phases; the display has whole kilowatt-hours.
  rig.run(25 * 60);
  assert.equal(rig.value(100), 0);
  assert.equal(rig.tell({ command: "billingReset" }), "done");
  assert.equal(Math.floor(rig.value(100)), 72);
});

test("a store of a meter that was not sealed makes no MID meter without keys", (t) => {
  const first = jemStar(t);
  const store = memory();
  const old = jemStar(t, { store, folder: first.folder });
  old.tell({ command: "key", key: "reset", installed: true });
  old.tell({ command: "key", key: "reset", installed: false });
  old.jem.stop();
  const sealed = jemStar(t, { store, folder: first.folder, modelNumber: MID });
  assert.deepEqual(sealed.jem.hardware.keys, { metering: true, reset: true });
});

test("a configuration file that changes what the key bars changes that not at the next start, and says so; the rest it does", (t) => {
  for (const kind of ["metering", "mid"] as const) {
    const store = memory();
    const first = jemStar(t, { ...options(kind), store });
    if (kind === "metering") first.tell({ command: "key", key: "metering", installed: true });
    first.run(25 * 60);
    first.jem.stop();
    const energy = Math.floor(first.value(2));
    assert.equal(energy, 72);
    const again = jemStar(t, {
      ...options(kind),
      store,
      folder: first.folder,
      utc: Date.UTC(2026, 0, 3),
      configuration: "primary: { pt: 2 }\ndemand: { deferSeconds: 60 }\nidentification: { strings: [Substation 7] }",
    });
    assert.match(
      again.jem.notices.join("\n"),
      /^the security key keeps primary, demand as before the file was changed$/m,
    );
    const { primary, demand, identification } = again.jem.file;
    assert.deepEqual([primary.pt, demand.deferSeconds, identification.strings], [1, 0, ["Substation 7"]]);
    assert.equal(Math.floor(again.value(2)), energy);
  }
});

test("without power nobody gets anything done, and hardware goes on sensing", (t) => {
  const rig = jemStar(t);
  rig.tell({ command: "powerDown" });
  rig.tell({ command: "auxiliary", live: false });
  const dark = new Set(["powerDown", "powerUp", "auxiliary", "input", "key", "hardware", "battery", "timeServer"]);
  for (const [command] of commands) {
    if (!(command.command in rules) || command["check"] === true) continue;
    if (dark.has(command.command)) continue;
    assert.equal(rig.tell(command), "power", JSON.stringify(command));
  }
  assert.equal(
    rig.configure((file) => (file.modbus.allowRegisterPresets = true)),
    "power",
  );
  assert.equal(rig.tell({ command: "battery", state: "low" }), "done");
});

test("a lockout after a billing period reset runs for whoever asks", (t) => {
  const rig = jemStar(t);
  assert.equal(rig.tell({ command: "billingReset" }), "done");
  assert.equal(rig.tell({ command: "billingReset" }), "lockout");
  assert.equal(rig.tell({ command: "resetButton" }), "lockout");
  rig.run(5);
  assert.equal(rig.tell({ command: "resetButton" }), "done");
});

test("in test mode nothing is taken over Ethernet, and what calibrates is", (t) => {
  const rig = jemStar(t, { configuration: "modbus: { allowRegisterPresets: true }" });
  rig.tell({ command: "enterTestMode" });
  const ask = (peer: Peer): string =>
    rig.tell({ command: "preset", register: 2, value: 1 }, rig.jem.authority.open(peer));
  assert.equal(ask({ protocol: "modbus", port: "ethernet 1", near: false }), "testMode");
  assert.equal(ask({ protocol: "modbus", port: "serial 3", near: false }), "done");
  assert.equal(rig.tell({ command: "calibrate", watts: 1 }), "done");
});

test("somebody without a session injects what hardware senses at the site's own machine, and nothing from elsewhere", (t) => {
  const rig = jemStar(t);
  rig.run(1);
  for (const [command, none] of commands) {
    if (!(command.command in rules) || command["check"] === true) continue;
    const rule = rules[command.command as keyof typeof rules];
    const { authority } = rig.jem;
    assert.equal(rig.tell(command, authority.open(far)), "session", JSON.stringify(command));
    if (rule.from === "people")
      assert.equal(rig.tell(command, authority.open(near)), "session", JSON.stringify(command));
    else if (command.command !== "auxiliary" && command.command !== "powerDown")
      assert.equal(rig.tell(command, authority.open(near)), none, JSON.stringify(command));
  }
});

test("hardware is the operators' of the site, whatever somebody may do in the meter", (t) => {
  const rig = jemStar(t, {
    configuration: "users: [{ name: admin, privileges: [configureUsers] }, { name: nobody, privileges: [] }]",
  });
  const low = { command: "battery", state: "low" };
  assert.equal(rig.tell(low, rig.as("nobody", far)), "privilege");
  assert.equal(rig.tell(low, rig.as("nobody", near)), "done");
  assert.equal(rig.tell(low, rig.as("admin", far)), "privilege");
  assert.equal(rig.tell(low, rig.as("admin", onlooker)), "privilege");
  assert.equal(rig.tell(low, rig.as("nobody", operator)), "done");
  const { authority } = rig.jem;
  assert.equal(rig.tell(low, authority.open(onlooker)), "session");
  assert.equal(rig.tell(low, authority.open(operator)), "done");
  // It is no privilege in the meter.
  assert.equal(rig.tell({ command: "freeze" }, authority.open(operator)), "session");
  assert.equal(rig.tell({ command: "freeze" }, rig.as("nobody", operator)), "privilege");
});

test("who waits for the end of a session hears of each way that it ends, once, and is no use of it", (t) => {
  const rig = jemStar(t);
  const { authority } = rig.jem;
  const ends: string[] = [];
  const wait = (what: string, token = "") => authority.sessions.whenOver(token, () => void ends.push(what));
  const left = rig.as("admin");
  wait("left", left.token);
  wait("forgotten", left.token)();
  authority.leave(left);
  authority.leave(left);
  assert.deepEqual(ends, ["left"]);
  wait("gone before", left.token);
  assert.deepEqual(ends, ["left", "gone before"]);
  wait("password", rig.as("user2").token);
  assert.equal(rig.tell({ command: "password", password: "another-one" }, rig.as("user2")), "done");
  assert.equal(ends.at(-1), "password");
  wait("privileges", rig.as("user2").token);
  const configured = rig.configure((file) => {
    file.users = file.users.map((user) => (user.name === "user2" ? { ...user, privileges: [] } : user));
  });
  assert.equal(configured, "done");
  assert.equal(ends.at(-1), "privileges");
});

test("of a session only its token counts: who says that he is admin is nobody, and a session that has ended is none", (t) => {
  const rig = jemStar(t);
  assert.equal(rig.tell({ command: "freeze" }, { peer: near, user: "admin" }), "session");
  assert.equal(rig.tell({ command: "freeze" }, { peer: near, user: "admin", token: "guess" }), "session");
  const session = rig.as("user2");
  assert.equal(rig.tell({ command: "freeze" }, { ...session, user: "admin" }), "privilege");
  rig.jem.authority.leave(session);
  assert.equal(rig.tell({ command: "billingReset" }, session), "session");
});

/** User Management of Appendix A: what each of the factory's users may do. */
test("the factory's users do what Appendix A has of them", (t) => {
  const may: Readonly<Record<string, readonly string[]>> = {
    user1: ["setTime", "freeze", "enterTestMode", "billingReset", "preset", "resetBattery"],
    user2: ["setTime", "billingReset"],
    pq: ["removeFile"],
  };
  const asked = [
    { command: "removeFile", name: NAMES[0] },
    { command: "setTime", utc: "2026-01-01T12:00:00Z" },
    { command: "freeze" },
    { command: "billingReset" },
    { command: "preset", register: 2, value: 1 },
    { command: "resetBattery" },
    { command: "firmware", board: "register", version: "1.1.1" },
    { command: "coldStart" },
    { command: "ratios", pt: 2, ct: 2 },
    { command: "resetUsers" },
    { command: "secret", name: "x", value: "y" },
    { command: "enterTestMode" },
  ];
  for (const [user, allowed] of Object.entries(may)) {
    const rig = jemStar(t);
    rig.jem.files.shelf = filledShelf();
    for (const command of asked)
      assert.equal(
        rig.tell(command, rig.as(user)),
        allowed.includes(command.command) ? "done" : "privilege",
        `${user} ${command.command}`,
      );
  }
});

test("Modbus does what the configuration allows it, and nothing else, however near its peer is", (t) => {
  const modbus = (rig: ReturnType<typeof jemStar>, port = "serial 3") =>
    rig.jem.authority.open({ protocol: "modbus", port, address: "192.0.2.9", near: true });
  const shut = jemStar(t);
  const values = [{ register: 2, value: 1 }];
  const outputs = { command: "outputs", values: [{ channel: 5, closed: true }] };
  assert.equal(shut.tell({ command: "presets", values }, modbus(shut)), "privilege");
  assert.equal(shut.tell(outputs, modbus(shut)), "privilege");
  const open = jemStar(t, { configuration: "modbus: { allowRegisterPresets: true, allowOutputControl: true }" });
  assert.equal(open.tell({ command: "presets", values }, modbus(open)), "done");
  assert.equal(open.tell(outputs, modbus(open)), "done");
  for (const [command] of commands) {
    if (["preset", "presets", "outputs"].includes(command.command) || command["check"] === true) continue;
    assert.equal(open.tell(command, modbus(open)), "session", JSON.stringify(command));
  }
  const [entry] = open.jem.meter.log.of("event").page(0, Infinity);
  assert.deepEqual(
    [entry?.what, entry?.by, entry?.port, entry?.protocol, entry?.peer],
    ["register preset", "Modbus", "serial 3", "modbus", "192.0.2.9"],
  );
});

test("several presets are all done, or none", (t) => {
  const rig = jemStar(t);
  const presets = (...registers: number[]) => ({
    command: "presets",
    values: registers.map((register) => ({ register, value: 9 })),
  });
  assert.equal(rig.tell(presets(2, 1)), "invalid");
  assert.equal(rig.value(2), 0);
  assert.equal(rig.tell(presets(2, 3)), "done");
  assert.deepEqual([Math.floor(rig.value(2)), Math.floor(rig.value(3))], [9, 9]);
});

test("what is done leaves who did it in the log, from where, by which port and protocol", (t) => {
  const rig = jemStar(t);
  rig.tell({ command: "freeze" }, rig.as("user1", far));
  rig.tell(
    { command: "setTime", utc: "2026-01-01T12:00:00Z" },
    rig.as("user2", { ...far, port: "serial 3", protocol: "dlms" }),
  );
  rig.tell({ command: "hardware", part: "cover", failed: true }, rig.jem.authority.open(near));
  rig.tell({ command: "resetButton" }, rig.jem.authority.open({ protocol: "panel", port: "panel", near: true }));
  const last = (kind: "freeze" | "timeChange" | "diagnostic" | "billingReset") => {
    const { by, port, protocol, peer } = rig.jem.meter.log.of(kind).page(0, Infinity).at(-1)!;
    return { by, port, protocol, peer };
  };
  assert.deepEqual(last("freeze"), { by: "user1", port: "site", protocol: "http", peer: "192.0.2.7" });
  assert.deepEqual(last("timeChange"), { by: "user2", port: "serial 3", protocol: "dlms", peer: "192.0.2.7" });
  assert.deepEqual(last("diagnostic"), { by: "hardware", port: "site", protocol: "http", peer: "127.0.0.1" });
  assert.deepEqual(last("billingReset"), { by: "front panel", port: "panel", protocol: "panel", peer: undefined });
});

/** Every place, and the privilege of Appendix A that reading it takes. */
const places: readonly (readonly [Place, string])[] = [
  ["readings", "readRegisters"],
  ["registers", "readRegisters"],
  ["profiles", "readLoadProfile"],
  ["configuration", "configurationFile"],
  ["log event", "readEvents"],
  ["log powerOutage", "readEvents"],
  ["log freeze", "readEvents"],
  ["log diagnostic", "readDiagnostics"],
  ["log alarm", "readAlarms"],
  ["log sagSwell", "readAlarms"],
  ["log interruption", "readAlarms"],
  ["log rapidVoltageChange", "readAlarms"],
  ["log security", "readSecurity"],
];

test("where reading takes a session, everybody reads what he has the privilege for, and no place that there is not", (t) => {
  const all = [...new Set(places.map(([, privilege]) => privilege))];
  const users = all.map((privilege) => `{ name: ${privilege}, privileges: [${privilege}] }`).join(", ");
  const rig = jemStar(t, {
    configuration: `security: { readingTakesSession: true }\nusers: [{ name: admin }, ${users}]`,
  });
  const { authority } = rig.jem;
  for (const [place, privilege] of places) {
    assert.equal(authority.bars(place, authority.open(near))?.refused, "session", place);
    for (const user of all)
      assert.equal(authority.bars(place, rig.as(user))?.refused, user === privilege ? undefined : "privilege", place);
  }
  for (const place of ["log nothing", "nothing", "log constructor", "toString"] as Place[])
    for (const user of all) assert.equal(authority.bars(place, rig.as(user))?.refused, "privilege", place);
  const check = { command: "configure", configuration: "{}", check: true };
  assert.equal(rig.tell(check, authority.open(near)), "session");
  assert.equal(rig.tell(check, rig.as("readEvents")), "privilege");
  assert.equal(rig.tell(check, rig.as("configurationFile")), "done");
});

test("reading the configuration is in the security log, once a reader and configuration", (t) => {
  const rig = jemStar(t);
  const { authority } = rig.jem;
  const accesses = () =>
    rig.jem.meter.log
      .of("security")
      .page(0, Infinity)
      .filter(({ what }) => what === "Configuration Access");
  const admin = rig.as("admin", far);
  for (let k = 0; k < 600; k++) {
    assert.equal(authority.bars("configuration", admin), undefined);
    assert.equal(authority.bars("configuration", authority.open({ ...far, address: `192.0.2.${k % 200}` })), undefined);
    authority.bars("registers", admin);
  }
  const first = accesses().slice(0, 2);
  assert.deepEqual(
    first.map(({ by, port, protocol, peer }) => [by, port, protocol, peer]),
    [
      ["admin", "site", "http", "192.0.2.7"],
      ["HTTP", "site", "http", "192.0.2.0"],
    ],
  );
  assert.deepEqual(
    accesses().map(({ details }) => [details["times"], details["lastPeer"]]),
    [
      [600, "192.0.2.7"],
      [600, "192.0.2.199"],
    ],
    "and how often, and from where last",
  );
  const before = accesses().length;
  rig.configure((file) => (file.identification.strings[0] = "other"), rig.as("admin"));
  authority.bars("configuration", rig.as("admin"));
  assert.equal(accesses().length, before + 1);
});

test("log-ons, log-offs, wrong passwords and lockouts leave port and peer in the security log", async (t) => {
  const rig = jemStar(t, {
    configuration: "users: [{ name: admin, password: a secret, privileges: [configureUsers] }]",
  });
  const { authority } = rig.jem;
  const log = (password: string) => authority.admit({ kind: "password", user: "admin", password }, far);
  const session = await log("a secret");
  assert.ok(!isRefused(session) && session.token !== undefined);
  authority.leave(session);
  for (let k = 0; k < 3; k++) assert.equal(refusalOf(await log("guess")), "session");
  assert.equal(refusalOf(await log("a secret")), "lockout");
  await authority.admit({ kind: "password", user: "ghost\u001B[2J", password: "x" }, far);
  assert.deepEqual(
    rig.jem.meter.log
      .of("security")
      .page(0, Infinity)
      .map(({ what, by, port, protocol, peer }) => [what, by, port, protocol, peer]),
    [
      ["logged in", "admin"],
      ["logged out", "admin"],
      ["wrong password", "admin"],
      ["locked out", "admin"],
      ["unknown user", "ghost?[2J"],
    ].map((one) => [...one, "site", "http", "192.0.2.7"]),
  );
});

test("what people repeat folds into one entry with its number and the time of the last, also after a restart", async (t) => {
  const store = new MemoryStore().drawer("jem");
  const configuration =
    "users: [{ name: admin, password: a secret, privileges: [configureUsers] }, { name: hand, privileges: [freeze] }]";
  const first = jemStar(t, { store, configuration, utc: Date.UTC(2026, 0, 1) });
  const guess = (rig: JemStarRig, user: string) =>
    rig.jem.authority.admit(
      { kind: "password", user, password: "guess" },
      { ...far, address: `192.0.2.${user.length}` },
    );
  for (let k = 0; k < 2; k++) for (const name of ["admin", "ghost", "phantom"]) await guess(first, name);
  first.jem.stop();
  const rig = jemStar(t, { store, configuration, utc: Date.UTC(2026, 0, 2, 3, 4, 5) });
  await guess(rig, "admin");
  await guess(rig, "spook");
  const [admin, hand] = [rig.as("admin"), rig.as("hand")];
  for (let k = 0; k < 600; k++) {
    rig.tell({ command: "key", key: "metering", installed: k % 2 === 0 }, admin);
    rig.tell({ command: "freeze" }, hand);
  }
  const entries = rig.jem.meter.log.of("security").page(0, Infinity);
  const [wrong, unknown] = entries;
  assert.deepEqual(
    [wrong?.what, wrong?.by, wrong?.details],
    ["wrong password", "admin", { times: 3, last: "2026-01-02 03:04:05", lastPeer: "192.0.2.5" }],
  );
  assert.deepEqual(
    [unknown?.what, unknown?.by, unknown?.details],
    ["unknown user", "ghost", { times: 5, last: "2026-01-02 03:04:05", lastBy: "spook", lastPeer: "192.0.2.5" }],
  );
  const keys = entries.filter(({ what }) => what.startsWith("metering key"));
  assert.equal(keys.length, 10, "five a day of each");
  assert.deepEqual(
    keys.slice(-2).map(({ details }) => details["times"]),
    [296, 296],
  );
  assert.equal(entries.length, 12);
});

function refusalOf(outcome: Session | Refused): string | undefined {
  return isRefused(outcome) ? outcome.refused : undefined;
}

test("a name that there is not is told the same, and locked out the same, as one that there is", async (t) => {
  const rig = jemStar(t, {
    configuration: "users: [{ name: admin, password: a secret, privileges: [configureUsers] }]",
  });
  for (const peer of [near, far]) {
    const words = async (user: string, password: string): Promise<string> => {
      const outcome = await rig.jem.authority.admit({ kind: "password", user, password }, peer);
      return isRefused(outcome) ? outcome.words.join("; ").replaceAll(user, "NAME") : "let in";
    };
    for (const password of ["guess", "NAME", "guess", "guess", "guess"])
      assert.equal(
        await words("ghost", password.replace("NAME", "ghost")),
        await words("admin", password.replace("NAME", "admin")),
      );
  }
});

test("the factory's passwords let nobody in from elsewhere, and a user who sets his own is let in", async (t) => {
  const rig = jemStar(t);
  const admit = (password: string, peer: Peer) =>
    rig.jem.authority.admit({ kind: "password", user: "user2", password }, peer);
  const refused = await admit("user2", far);
  assert.match(isRefused(refused) ? refused.words.join() : "", /works only on the site's own machine/);
  const session = await admit("user2", near);
  assert.ok(!isRefused(session));
  assert.equal(rig.tell({ command: "password", password: "my own" }, session), "done");
  assert.equal(rig.tell({ command: "billingReset" }, session), "session", "sessions of before are over");
  assert.equal(refusalOf(await admit("my own", far)), undefined);
  assert.equal(refusalOf(await admit("user2", near)), "session");
  assert.equal(rig.log("security").filter((one) => one === "user2: password changed").length, 1);
});

test("a hundred guesses at once are no more than three", async (t) => {
  const rig = jemStar(t, {
    configuration: "users: [{ name: admin, password: a secret, privileges: [configureUsers] }]",
  });
  const guesses = Array.from({ length: 40 }, (_, k) => (k === 30 ? "a secret" : `guess ${k}`));
  const outcomes = await Promise.all(
    guesses.map((password) => rig.jem.authority.admit({ kind: "password", user: "admin", password }, far)),
  );
  assert.deepEqual(
    outcomes.map(refusalOf),
    guesses.map((_, k) => (k < 3 ? "session" : "lockout")),
  );
});

test("a password that looks like a hash is a password", async (t) => {
  const rig = jemStar(t);
  const admit = (password: string, peer: Peer) =>
    rig.jem.authority.admit({ kind: "password", user: "user1", password }, peer);
  for (const password of ["scrypt$mypass", `scrypt$00$${"00".repeat(32)}`]) {
    assert.equal(
      rig.configure((file) => void (file.users[1] = { ...file.users[1]!, password })),
      "done",
    );
    assert.equal(refusalOf(await admit(password, far)), undefined, password);
    assert.equal(refusalOf(await admit("user1", near)), "session");
  }
  // What a configuration says of the one that everybody has in the beginning, as its schema has it.
  assert.equal(
    rig.configure((file) => void (file.users[1] = { ...file.users[1]!, password: "factory" })),
    "done",
  );
  assert.equal(refusalOf(await admit("user1", near)), undefined);
  assert.equal(refusalOf(await admit("factory", near)), "session");
  assert.equal(rig.tell({ command: "password", password: "factory" }, rig.as("user1")), "invalid");
});

const boss = `
users:
  - { name: admin, password: admin's, privileges: [configureUsers, setTime, freeze, coldStart, preset, configureProtocols] }
  - { name: boss, password: boss's, privileges: [configureUsers, setTime, freeze, configureProtocols] }
  - { name: hand, password: hand's, privileges: [freeze] }
`;

test("who may configure users grants nothing that he has not, to himself or others, by privileges or by passwords", (t) => {
  const rig = jemStar(t, { configuration: boss });
  const as = rig.as("boss");
  const refuse = (change: (file: RevenueFile) => void): void => assert.equal(rig.configure(change, as), "privilege");
  refuse((file) => file.users[1]!.privileges.push("coldStart"));
  refuse((file) => file.users[2]!.privileges.push("preset"));
  refuse((file) => file.users.push({ name: "mine", password: "x", privileges: ["coldStart"] }));
  refuse((file) => (file.users[0]!.password = "mine now"));
  refuse((file) => (file.users[0] = { ...file.users[0]!, name: "admin2" }));
  assert.equal(rig.tell({ command: "resetUsers" }, rig.as("boss", far)), "privilege");
  assert.equal(rig.tell({ command: "secret", name: "hls", value: "x", user: "admin" }, as), "privilege");
  assert.equal(
    rig.configure((file) => void file.users[2]!.privileges.push("setTime"), as),
    "done",
  );
  assert.equal(
    rig.configure((file) => (file.users[2]!.password = "hand over"), as),
    "done",
  );
  assert.deepEqual(
    rig.jem.file.users.map(({ privileges }) => privileges.length),
    [6, 4, 2],
  );
});

test("a meter always keeps somebody who may configure users, and nobody is called like what logs call others", (t) => {
  const rig = jemStar(t, { configuration: boss });
  assert.equal(
    rig.configure((file) => (file.users = [])),
    "invalid",
  );
  assert.equal(
    rig.configure((file) => (file.users = file.users.slice(2))),
    "invalid",
  );
  assert.equal(rig.tell({ command: "configure", configuration: '{"users":[]}', check: true }), "invalid");
  assert.equal(
    rig.configure((file) => file.users.push({ name: "automatic", privileges: [] })),
    "invalid",
  );
  assert.equal(
    rig.configure((file) => (file.users = file.users.slice(1)), rig.as("admin")),
    "done",
  );
});

test("sessions of a user end with his password, privileges or name, and with himself; others' go on", (t) => {
  const changes: readonly ((file: RevenueFile) => void)[] = [
    (file) => (file.users[2]!.password = "other"),
    (file) => (file.users[2]!.privileges = ["freeze", "setTime"]),
    (file) => (file.users[2]!.name = "handy"),
    (file) => file.users.pop(),
  ];
  for (const change of changes) {
    const rig = jemStar(t, { configuration: boss });
    const [hand, other, admin] = [rig.as("hand"), rig.as("boss"), rig.as("admin")];
    assert.equal(rig.configure(change, admin), "done");
    assert.equal(rig.tell({ command: "freeze" }, hand), "session");
    assert.equal(rig.tell({ command: "freeze" }, other), "done");
    assert.equal(rig.tell({ command: "freeze" }, admin), "done");
    assert.ok(rig.log("security").includes("hand: logged out by another change"));
  }
  const rig = jemStar(t, { configuration: boss });
  const hand = rig.as("hand");
  assert.equal(
    rig.configure((file) => (file.users[2]!.password = "hand's")),
    "done",
  );
  assert.equal(
    rig.configure((file) => (file.users = file.users.toReversed())),
    "done",
  );
  assert.equal(
    rig.configure((file) => (file.security.sessionMinutes = 9)),
    "done",
  );
  assert.equal(rig.tell({ command: "freeze" }, hand), "done", "the same password is no change");
});

test("what a configuration changes takes the privileges of its sections, and no wrong one changes anything", (t) => {
  const rig = jemStar(t, { configuration: boss });
  const before = JSON.stringify(rig.jem.file);
  assert.equal(
    rig.configure((file) => (file.primary.pt = 2), rig.as("boss")),
    "privilege",
  );
  assert.equal(
    rig.configure((file) => (file.modbus.allowRegisterPresets = true), rig.jem.authority.open(near)),
    "session",
  );
  const wrong = rig.jem.authority.obey({ command: "configure", configuration: "primary: { pt: 0 }" }, rig.as("boss"));
  assert.match(isRefused(wrong) ? wrong.words.join("\n") : "", /^primary\.pt: /);
  assert.equal(JSON.stringify(rig.jem.file), before);
  const outcome = rig.jem.authority.obey(
    { command: "configure", configuration: "modbus: { order: low first }", check: true },
    rig.as("boss"),
  );
  assert.ok(!isRefused(outcome));
  assert.equal(JSON.stringify(rig.jem.file), before);
});

test("whatever comes is done or refused in words, and never thrown", (t) => {
  const rig = jemStar(t, { configuration: "modbus: { allowRegisterPresets: true, allowOutputControl: true }" });
  const names = [...Object.keys(rules), "clearEnergy", "constructor", "__proto__", ""];
  const keys = [
    "register",
    "value",
    "values",
    "channel",
    "closed",
    "count",
    "seconds",
    "utc",
    "part",
    "failed",
    "state",
    "key",
    "installed",
    "name",
    "user",
    "password",
    "encoding",
    "configuration",
    "check",
    "pt",
    "ct",
    "board",
    "version",
    "live",
  ];
  const peers: readonly Peer[] = [near, far, { protocol: "modbus", port: "serial 3", near: false }];
  fc.assert(
    fc.property(
      fc.oneof(
        fc.anything(),
        fc
          .record({ command: fc.constantFrom(...names) })
          .chain(({ command }) =>
            fc
              .dictionary(
                fc.constantFrom(...keys),
                fc.oneof(fc.jsonValue(), fc.constantFrom("metering", "low", "hex", true, 2)),
              )
              .map((rest) => ({ ...rest, command })),
          ),
      ),
      fc.constantFrom("admin", "user2", undefined),
      fc.constantFrom(...peers),
      (command, user, peer) => {
        const session = user === undefined ? rig.jem.authority.open(peer) : rig.as(user, peer);
        const outcome = rig.jem.authority.obey(command, session);
        if (!isRefused(outcome)) return assert.equal(outcome.done, true);
        assert.ok(refusals.includes(outcome.refused));
        assert.ok(outcome.words.length > 0 && outcome.words.every((one) => one.length > 0));
        rig.jem.supply({ failed: false, auxiliary: true });
        return undefined;
      },
    ),
    { numRuns: 1500, seed: 9 },
  );
  assert.equal(told(rig.jem.authority.obey({ command: "freeze" }, rig.as("admin"))) !== "invalid", true);
});

function memory() {
  return new MemoryStore().drawer("jem");
}

test("a stranger elsewhere moves nobody's mark, though he may read", (t) => {
  const rig = jemStar(t);
  const { authority } = rig.jem;
  assert.equal(authority.bars("profiles", authority.open(far)), undefined);
  assert.equal(authority.bars("marks", authority.open(far))?.refused, "session");
  assert.equal(authority.bars("marks", authority.open(near)), undefined);
  assert.equal(authority.bars("marks", rig.as("admin", far)), undefined);
});
