/** What a revenue meter's configuration refers to must be there; its ports, its display, and what they answer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  answersInTestMode,
  ETHERNET_SESSIONS,
  isEnabled,
  lineOf,
  portsOfListeners,
  portState,
  sessionsOn,
} from "#product/jemstar/communications.ts";
import type { RevenueFile } from "#product/jemstar/configuration-schema.ts";
import { differences } from "#product/jemstar/configuration-changes.ts";
import { ratingsOf } from "#product/jemstar/ratings.ts";
import { FileError } from "#product/file-error.ts";
import { privileges } from "#revenue/people/security.ts";
import { parseModelNumber, parseRevenueFile } from "./revenue-rig.ts";

const parse = (text: string, model = "JSII-UI6020-1B/2A-DIO-DLP-NTP"): RevenueFile =>
  parseRevenueFile("file", text, parseModelNumber(model));

const none = "modbus: { counters: [], analogs: [], binaries: [], ";

test("a Modbus point of what is not there is refused with its key", () => {
  for (const [text, says] of [
    [
      "modbus: { counters: [{ register: 49 }] }",
      "modbus.counters[0].register: there is no normal or alternate register 49",
    ],
    [
      "modbus: { counters: [{ register: 2 }, { register: 200 }] }",
      "modbus.counters[1].register: there is no normal or alternate register 200",
    ],
    ["modbus: { counters: [{ register: 0 }] }", "modbus.counters[0].register: register 0 (idString) is no number"],
    [
      "modbus: { counters: [{ register: 105 }] }",
      "modbus.counters[0].register: register 105 (phasorDisplay) is no number",
    ],
    ["modbus: { binaries: [{ input: 1 }] }", "modbus.binaries[0].input: channel 1 is no input"],
    ["modbus: { binaries: [{ input: 7 }, { trigger: 12 }] }", "modbus.binaries[1].trigger: there is no trigger 12"],
    ["modbus: { binaries: [{ trigger: 1 }] }\ntriggers: []", "modbus.binaries[0].trigger: there is no trigger 1"],
    [
      "primary: { connection: 3 wire delta }\nmodbus: { analogs: [{ measure: { quantity: V, phase: b } }, { measure: { quantity: W, phase: b } }] }",
      "modbus.analogs[1].measure.phase: 3 wire delta measures no W of phase b",
    ],
    [
      "primary: { connection: network }\nmodbus: { analogs: [{ measure: { quantity: V.ll, phase: b } }] }",
      "modbus.analogs[0].measure.phase: network measures no V.ll of phase b",
    ],
    [
      "primary: { connection: open delta }\nmodbus: { analogs: [{ measure: { quantity: A, phase: neutral } }] }",
      "modbus.analogs[0].measure.phase: open delta has no neutral",
    ],
    ["modbus: { countersFrom: 49998 }", "modbus.countersFrom: 8 addresses from 49998 end at 50005, after 49999"],
    [
      "modbus: { analogsFrom: 39981, analogBits: 32 }",
      "modbus.analogsFrom: 20 addresses from 39981 end at 40000, after 39999",
    ],
    ["modbus: { outputsFrom: 9993 }", "modbus.outputsFrom: 8 addresses from 9993 end at 10000, after 9999"],
    ["modbus: { inputsFrom: 19999 }", "modbus.inputsFrom: 14 addresses from 19999 end at 20012, after 19999"],
    ["modbus: { inputsFrom: 1 }", "modbus.inputsFrom: "],
    ["modbus: { analogBits: 24 }", "modbus.analogBits: "],
  ] as const) {
    assert.throws(
      () => parse(text),
      (error) => error instanceof FileError && error.problems.some((problem) => problem.startsWith(says)),
      `${text}: ${says}`,
    );
  }
});

test("what is there is a point: times as seconds, words of bits, every contact in its role", () => {
  const { modbus } = parse(
    `${none.replace("counters: [], ", "")} counters: [{ register: 1 }, { register: 104 }, { register: 107 }], analogsFrom: 30101 }`,
  );
  assert.deepEqual(
    [modbus.counters.length, modbus.analogsFrom, modbus.outputsFrom, modbus.inputsFrom],
    [3, 30_101, 1, 10_001],
  );
  // The last of a table's addresses is one of it.
  assert.equal(parse("modbus: { countersFrom: 49992 }").modbus.countersFrom, 49_992);
});

test("analogs that nobody names are the factory's, as far as the connection has them", () => {
  const delta = parse("primary: { connection: 3 wire delta }").modbus.analogs;
  // Watts and arithmetic power factor of phase B are not measured; its volts, line to line, are.
  assert.equal(delta.length, 8);
  assert.ok(delta.every(({ measure }) => measure.phase !== "b" || measure.quantity === "V"));
  assert.equal(parse("", "JSII-05I6020-1B").modbus.analogs.length, 8);
  assert.equal(parse("").modbus.analogs.length, 10);
});

test("Appendix A's ports: speeds, addresses, delays, protocols that are disabled, of the ports that were ordered", () => {
  const { communications } = parse("", "JSII-09I6020-1B/2B/3A-DIO");
  const { optical, port3, port4, modem, ethernet1, ethernet2, dns, sftp, ftp } = communications;
  assert.deepEqual([optical.baud, optical.protocol, optical.address, optical.sessionMinutes], [9600, "binary", 1, 5]);
  for (const [port, mode, delays] of [
    [port3, "RS-485", [40, 40, 20]],
    [port4, "RS-232", [0, 0, 0]],
  ] as const) {
    assert.deepEqual(
      [port?.mode, port?.baud, port?.protocol, port?.address, port?.sessionMinutes],
      [mode, 9600, "binary", 1, 5],
    );
    assert.deepEqual([port?.txStartDelayMs, port?.txEndDelayMs, port?.turnaroundMs], delays);
  }
  assert.deepEqual([modem?.sessionMinutes, modem?.initString, modem?.rings], [10, "ATV0E0", 2]);
  assert.deepEqual([ethernet1?.ip, ethernet2?.ip, ethernet1?.dhcp], ["192.168.250.100", "192.168.250.101", false]);
  assert.deepEqual([ethernet1?.modbus.port, ethernet1?.dnp3.port, ethernet1?.dlms.port], [502, 20_000, 4059]);
  assert.deepEqual([dns.source, sftp.enabled, sftp.port], ["disabled", true, 22]);
  assert.deepEqual([ftp.enabled, ftp.port], [false, 21]);
  assert.deepEqual(Object.keys(parse("", "JSII-09I6020-2A").communications).sort(), [
    "dns",
    "ethernet1",
    "ftp",
    "optical",
    "sftp",
  ]);
  for (const protocol of ["modbus", "dnp3", "dlms"])
    assert.equal(isEnabled(communications, "ethernet 1", protocol, false), false);
});

test("what a port does not take is refused with its key", () => {
  for (const [text, says] of [
    ["port3: { protocol: modbus, baud: 115200 }", "port3.baud: expected 1200, 2400, 9600, 19200, 38400, found 115200"],
    ["port4: { protocol: modbus, baud: 300 }", "port4.baud: expected 1200, 2400, 9600, 19200, 38400, found 300"],
    ["port3: { protocol: modbus, parity: even }", "port3.parity: expected none, found even"],
    ["port3: { protocol: iec102, baud: 38400 }", "port3.baud: expected 300, 1200, 2400, 9600, 19200, found 38400"],
    ["port3: { protocol: modbus, address: 248 }", "port3.address: modbus has 1 to 247, found 248"],
    ["port4: { terminator: true }", "port4.terminator: only of an RS-485 line"],
    ["optical: { baud: 38400 }", "optical.baud: "],
    ["optical: { protocol: modbus }", "optical.protocol: "],
    ["ethernet1: { ip: 192.168.250.300 }", "ethernet1.ip: "],
    ["ethernet1: { modbus: { port: 4059 } }", "ethernet1.dlms.port: modbus has port 4059 already"],
    ["ethernet1: { dnp3: { address: 65520 } }", "ethernet1.dnp3.address: "],
    ["ethernet2: {}", "ethernet2: this port is option 2B, which was not ordered"],
    ["modem: {}", "modem: this port is option 3A, which was not ordered"],
    ["dns: { source: static }", "dns.servers: static names one at least"],
    ["sftp: { port: 0 }", "sftp.port: "],
  ] as const) {
    assert.throws(
      () => parse(`communications: { ${text} }`),
      (error) =>
        error instanceof FileError && error.problems.some((problem) => problem.startsWith(`communications.${says}`)),
      `${text}: ${says}`,
    );
  }
  const even = parse("communications: { port3: { protocol: iec102, parity: even, baud: 19200, address: 300 } }");
  assert.deepEqual(lineOf(even.communications, "serial 3", "iec102"), { address: 300, baud: 19_200, parity: 1 });
  const parityOf = (port3: string, protocol: string): number | undefined =>
    lineOf(parse(`communications: { port3: ${port3} }`).communications, "serial 3", protocol)?.parity;
  assert.equal(parityOf("{ protocol: iec102 }", "iec102"), 1, "FT1.2");
  assert.equal(parityOf("{ protocol: iec102, parity: none }", "iec102"), 0, "as it says");
  assert.equal(parityOf("{ baud: 9600 }", "iec102"), 1, "a listener's protocol, whose port has chosen none");
  assert.equal(parityOf("{ baud: 9600 }", "modbus"), 0);
  assert.equal(parityOf("{ protocol: modbus }", "modbus"), 0);
  assert.deepEqual(lineOf(even.communications, "ethernet 1", "modbus")?.address, 1);
});

test("sessions a port, by protocol: the manual's table of protocol assignments", () => {
  const table: readonly (readonly [protocol: string, ...of: number[]])[] = [
    // Optical, RS-232/485, RS-232/485, modem, Ethernet, Ethernet
    ["binary", 1, 1, 1, 1, 4, 4],
    ["modbus", 0, 1, 1, 1, 2, 2],
    ["dnp3", 0, 1, 1, 1, 5, 5],
    ["dlms", 1, 1, 1, 0, 1, 1],
    ["mms", 0, 0, 0, 0, 1, 1],
  ];
  const ports = ["optical", "serial 3", "serial 4", "modem", "ethernet 1", "ethernet 2"];
  for (const [protocol, ...of] of table)
    assert.deepEqual(
      ports.map((port) => sessionsOn(port, protocol)),
      of,
      protocol,
    );
  assert.equal(ETHERNET_SESSIONS, 12);
});

test("in test mode DNP and Ethernet are suspended and the optical port gives pulses; other serial protocols answer", () => {
  for (const [port, protocol, answers] of [
    ["serial 3", "modbus", true],
    ["serial 4", "dlms", true],
    ["serial 3", "iec102", true],
    ["serial 3", "dnp3", false],
    ["modem", "dnp3", false],
    ["ethernet 1", "modbus", false],
    ["ethernet 2", "mms", false],
    ["ethernet 1", "dlms", false],
    ["optical", "dlms", false],
    ["site", "http", true],
    ["panel", "panel", true],
  ] as const) {
    assert.equal(answersInTestMode(port, protocol), answers, `${protocol} on ${port}`);
  }
});

test("a listener of the site file enables its protocol on its port, unless the configuration says otherwise", () => {
  const of = (text: string) => parse(`communications: { ${text} }`).communications;
  for (const [text, port, protocol, listens, enabled] of [
    ["", "ethernet 1", "modbus", true, true],
    ["", "ethernet 1", "modbus", false, false],
    ["ethernet1: { modbus: { use: disabled } }", "ethernet 1", "modbus", true, false],
    ["ethernet1: { modbus: { use: enabled } }", "ethernet 1", "modbus", false, true],
    ["", "serial 3", "modbus", true, true],
    ["port3: { protocol: dnp3 }", "serial 3", "modbus", true, false],
    ["port3: { protocol: dnp3 }", "serial 3", "dnp3", true, true],
    ["port3: { protocol: dnp3 }", "serial 4", "modbus", true, true],
    ["", "panel", "modbus", true, false],
  ] as const) {
    assert.equal(isEnabled(of(text), port, protocol, listens), enabled, `${text}: ${protocol} on ${port}`);
  }
  const uses = portsOfListeners([
    { protocol: "modbus", transport: "tcp", port: "ethernet" },
    { protocol: "modbus", transport: "rtu", port: "serial" },
    { protocol: "dnp3", transport: "serial", port: "serial" },
  ]);
  assert.deepEqual(
    uses.map(({ name }) => name),
    ["ethernet 1", "serial 3", "serial 4"],
  );
});

test("the communication status: Ready, Active, Alert, Fault, and absent where nothing is installed or enabled", () => {
  const model = "JSII-UI6020-1B/2A-DIO";
  const setup = { communications: parse("", model).communications, ordered: parseModelNumber(model) };
  const quiet = { listens: true, failed: false, sessions: 0 };
  for (const [port, protocol, traffic, state] of [
    ["ethernet 1", "modbus", quiet, "Ready"],
    ["ethernet 1", "modbus", { ...quiet, sessions: 1 }, "Active"],
    ["ethernet 1", "modbus", { ...quiet, sessions: 1, silentMs: 119_999 }, "Active"],
    ["ethernet 1", "modbus", { ...quiet, sessions: 1, silentMs: 120_000 }, "Alert"],
    ["ethernet 1", "modbus", { ...quiet, sessions: 0, silentMs: 600_000 }, "Ready"],
    ["ethernet 1", "modbus", { ...quiet, sessions: 2, silentMs: 5, unrecognised: true }, "Alert"],
    ["ethernet 1", "modbus", { ...quiet, failed: true }, "Fault"],
    ["ethernet 1", "modbus", { ...quiet, listens: false }, "absent"],
    ["serial 3", "modbus", { ...quiet, silentMs: 500 }, "Active"],
    ["serial 3", "modbus", { ...quiet, silentMs: 60_000 }, "Ready"],
    ["serial 1", "modbus", quiet, "absent"],
    ["ethernet 2", "modbus", quiet, "absent"],
    ["modem", "modbus", quiet, "absent"],
    ["optical", "modbus", quiet, "absent"],
    // An option that was not ordered.
    ["ethernet 1", "dlms", quiet, "absent"],
  ] as const) {
    assert.equal(portState(setup, port, protocol, traffic), state, `${protocol} on ${port}`);
  }
});

test("Appendix A's display, and units of registers that name none", () => {
  const { display, registers } = parse(`
display: { units: { W: mega } }
registers:
  normal:
    - { id: 1, type: instantaneous, measure: { quantity: V, phase: a } }
    - { id: 2, type: consumption, measure: { quantity: Wh } }
    - { id: 3, type: consumption, measure: { quantity: varh } }
    - { id: 4, type: instantaneous, measure: { quantity: PF } }
    - { id: 5, type: instantaneous, measure: { quantity: A, phase: a }, units: mega, leading: blanks }
modbus: { counters: [] }
`);
  const of = parse("").display;
  assert.deepEqual(
    [
      of.scrollSeconds,
      of.timeoutSeconds,
      of.menuTimeoutSeconds,
      of.dateFormat,
      of.language,
      of.presetMinutes,
      of.userMenuSeconds,
    ],
    [10, 15, undefined, "MM/DD/YYYY", "English", 1, 120],
  );
  assert.deepEqual(
    [of.units.W, of.units.VA, of.units.var, of.units.Q, of.units.V, of.units.A],
    ["kilo", "kilo", "kilo", "kilo", "units", "units"],
  );
  assert.equal(display.units.W, "mega");
  assert.deepEqual(
    registers.normal.map((one) => ("units" in one ? one.units : undefined)),
    ["units", "mega", "kilo", "units", "mega"],
  );
  assert.deepEqual(registers.normal.map((one) => ("leading" in one ? one.leading : undefined)).at(-1), "blanks");
  assert.throws(
    () =>
      parse(
        `registers: { normal: [${[1, 2, 3, 4, 5].map((id) => `{ id: ${id}, type: blank, screen: 7 }`).join(", ")}] }\nmodbus: { counters: [] }`,
      ),
    /registers\.normal\[4\]\.screen: screen 7 has four registers already/,
  );
});

test("transformers are given as a ratio or as rated primary and secondary; what contradicts itself is refused", () => {
  const { primary } = parse("primary: { pt: { primary: 14400, secondary: 120 }, ct: 80, ctSecondary: 5 }");
  assert.deepEqual([primary.pt, primary.ptSecondary, primary.ct, primary.ctSecondary], [120, 120, 80, 5]);
  assert.throws(() => parse("primary: { pt: { primary: 100, secondary: 120 } }"), /primary\.pt: /);
  assert.throws(
    () => parse("primary: { pt: { primary: 14400, secondary: 120 }, ptSecondary: 100 }"),
    /primary\.ptSecondary: /,
  );
  assert.throws(() => parse("primary: { ct: { primary: 400 } }"), /primary\.ct/);
});

test("ratings follow from the primary settings: Appendix A's factor of 1 and 1,800 W", () => {
  const of = (text: string) => ratingsOf(parse(text).primary);
  assert.deepEqual(of(""), {
    pt: { primary: 1, secondary: 1 },
    ct: { primary: 1, secondary: 1 },
    transformerFactor: 1,
    fullScaleWatts: 1800,
  });
  const rated = of(
    "primary: { pt: { primary: 14400, secondary: 120 }, ct: { primary: 400, secondary: 5 }, connection: network }",
  );
  assert.deepEqual(
    [rated.pt.primary, rated.ct.primary, rated.transformerFactor, rated.fullScaleWatts],
    [14_400, 400, 9600, 1200],
  );
});

test("what every meter has from the factory is read again as it is, whatever was ordered", () => {
  for (const model of [
    "JSII-05I5002",
    "JSII-09I6020-1B",
    "JSII-UI6020-2A-DIOP",
    "JSII-09RK6010-1B/2B/3A-DIO-DLP-NTP-IB",
    "JSII-09I5010-2A-DIO-MID",
  ]) {
    const factory = parse("", model);
    const again = parse(JSON.stringify(factory), model);
    assert.deepEqual(again, factory, model);
    assert.deepEqual(differences(factory, again).lines, [], model);
  }
});

test("a trigger is of its phase, and of that of its measure where it says none", () => {
  const of = (words: string) =>
    parse(`triggers: [{ id: 1, measure: ${words}, alarm: 130, reset: 128 }]\nmodbus: { binaries: [] }`).triggers[0];
  assert.equal(of("{ quantity: V }, phase: any")?.phase, "any");
  assert.equal(of("{ quantity: V, phase: b }")?.phase, "b");
  assert.equal(of("{ quantity: V, phase: b }, phase: b")?.phase, "b");
  assert.equal(of("{ quantity: V }")?.phase, "polyphase");
  assert.equal(of("{ quantity: V, phase: b }, phase: a")?.phase, "a");
});

test("a trigger may close no output, and an energy pulse's contact is open or closed between pulses", () => {
  const { triggers, io } = parse(`
triggers: [{ id: 1, measure: { quantity: V }, alarm: 130, reset: 128, output: none }]
io: [{ mode: outputEnergyPulse, measure: { quantity: Wh }, normally: closed }, ${"{ mode: none }, ".repeat(7)}]
modbus: { binaries: [] }
`);
  assert.deepEqual([triggers[0]?.output, io[0]?.normally, io[1]?.normally], ["none", "closed", "open"]);
});

test("user pq is Appendix A's, and a file that lists the privileges of before is read", () => {
  const users = parse("").users;
  assert.deepEqual(users.find(({ name }) => name === "admin")?.privileges.length, privileges.length);
  assert.deepEqual(users.find(({ name }) => name === "pq")?.privileges, [
    "configurationFile",
    "configureIo",
    "configureMeasurementLog",
    "configurePowerQuality",
    "configureTriggers",
    "readAlarms",
    "readDiagnostics",
    "readEvents",
    "readMeasurementLog",
    "readPowerQuality",
  ]);
  assert.equal(
    parse("users: [{ name: old, privileges: [configurePrimary, setTime, readSecurity] }]").users[0]?.privileges.length,
    3,
  );
});
