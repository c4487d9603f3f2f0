/** The shape of a revenue meter's ports, its Modbus points and its display: Communication, Protocol and Display Setup of Appendix A. */
import { portChoices } from "#model/jemstar-panel.ts";
import { statusPoints } from "#quantity/meter-surface.ts";
import { z } from "zod";
import { remoteFileTransfer } from "./configuration-schema-transfer.ts";
import { factoryAnalogs, factoryCounters } from "./factory.ts";
import { id, measure } from "./configuration-schema-registers.ts";

/** Speeds by port, as its panel offers them, too. */
export const bauds = {
  optical: portChoices.optical.bauds,
  serial: portChoices.serial.bauds,
  modem: portChoices.modem.bauds,
} as const;

const baud = (choices: readonly number[]) =>
  z
    .union(choices.map((one) => z.literal(one)))
    .default(9600)
    .describe("bits per second");
const address = z.number().int().min(0).max(65_519).default(1).describe("of the meter in the port's protocol");
const session = (minutes: number) =>
  z.number().int().min(1).max(1440).default(minutes).describe("minutes after which an unused session ends");
const rxTimeoutMs = z
  .number()
  .int()
  .min(10)
  .max(65_000)
  .default(1000)
  .describe("how long the rest of a frame is waited for");
const delay = (ms: number) => z.number().int().min(0).max(1000).default(ms);

const optical = z.strictObject({
  protocol: z.enum(portChoices.optical.protocols).default("binary"),
  baud: baud(bauds.optical),
  address,
  sessionMinutes: session(5),
  rxTimeoutMs,
});

const settingsOf = (mode: "RS-232" | "RS-485", delays: readonly [start: number, end: number, turnaround: number]) =>
  z.strictObject({
    mode: z.enum(portChoices.serial.types).default(mode),
    terminator: z.boolean().default(false).describe("120 ohms at the end of an RS-485 line"),
    protocol: z
      .enum(portChoices.serial.protocols)
      .default("binary")
      .describe("one at a time; binary, the factory's, gives way to that of the site file's listener on the port"),
    baud: baud(bauds.serial),
    parity: z.enum(["none", "even", "odd"]).optional().describe("even of iec102 unless said, none of all others"),
    address,
    sessionMinutes: session(5),
    txStartDelayMs: delay(delays[0]).describe("from the line's being driven until the first byte"),
    txEndDelayMs: delay(delays[1]).describe("from the last byte until the line is let go"),
    turnaroundMs: delay(delays[2]).describe("from a request until its answer"),
    rxTimeoutMs,
  });

/** FT1.2, the frames of IEC 60870-5-102, has even parity. */
const serial = (...given: Parameters<typeof settingsOf>) =>
  settingsOf(...given).transform(({ parity, ...port }) => ({
    ...port,
    parity: parity ?? (port.protocol === "iec102" ? ("even" as const) : ("none" as const)),
  }));

const modem = z.strictObject({
  protocol: z.enum(portChoices.modem.protocols).default("binary"),
  baud: baud(bauds.modem),
  address,
  sessionMinutes: session(10),
  initString: z.string().max(80).default("ATV0E0"),
  rings: z.number().int().min(0).max(30).default(2).describe("until it answers"),
  rxTimeoutMs,
});

/** Whether a protocol answers on an Ethernet port. */
const use = z
  .enum(["listener", "enabled", "disabled"])
  .default("listener")
  .describe("listener: disabled, as by the factory, unless the site file has a listener of it on the port");
const tcpPort = (port: number) => z.number().int().min(1).max(65_535).default(port);
const service = (port: number) => z.strictObject({ use, port: tcpPort(port), address }).prefault({});

const ethernet = (ip: string) =>
  z.strictObject({
    dhcp: z.boolean().default(false),
    ip: z.ipv4().default(ip),
    mask: z.ipv4().default("255.255.255.0"),
    gateway: z.ipv4().optional(),
    sessionMinutes: session(5),
    rxTimeoutMs,
    modbus: service(502),
    dnp3: service(20_000),
    dlms: service(4059),
    iec61850: z.strictObject({ use, port: tcpPort(102) }).prefault({}),
    iec102: service(2404),
  });

export const communications = z.strictObject({
  optical: optical.prefault({}),
  port3: serial("RS-485", [40, 40, 20]).optional().describe("RS-232/485, of option 1B"),
  port4: serial("RS-232", [0, 0, 0]).optional().describe("RS-232/485, of option 1B"),
  modem: modem.optional().describe("port 5, of option 3A"),
  ethernet1: ethernet("192.168.250.100").optional().describe("port 6, of options 2A and 2B"),
  ethernet2: ethernet("192.168.250.101").optional().describe("port 7, of option 2B"),
  dns: z
    .strictObject({
      source: z.enum(["disabled", "dhcp", "static"]).default("disabled"),
      servers: z.array(z.ipv4()).max(2).default([]),
    })
    .prefault({}),
  sftp: z.strictObject({ enabled: z.boolean().default(true), port: tcpPort(22) }).prefault({}),
  ftp: z
    .strictObject({ enabled: z.boolean().default(false), port: tcpPort(21) })
    .prefault({})
    .describe("passwords and files go in the clear: off by the factory"),
  remoteFileTransfer: remoteFileTransfer.optional().describe("PQDIF files are pushed to a server as they are made"),
});

const counterPoint = z.strictObject({
  register: id.describe("a normal or alternate register that is a number"),
  scaling: z.number().min(1).max(1000).default(1),
});
const analogPoint = z.strictObject({
  measure,
  scaling: z.number().min(1).max(100).default(1),
});

const startAddress = (from: number, to: number) => z.number().int().min(from).max(to).default(from);

/** Points of each kind that there can be (Appendix H). */
export const modbus = z.strictObject({
  countersFrom: startAddress(40_001, 49_999).describe("number of the first holding register"),
  analogsFrom: startAddress(30_001, 39_999).describe("number of the first input register"),
  outputsFrom: startAddress(1, 9999).describe("number of the first coil"),
  inputsFrom: startAddress(10_001, 19_999).describe("number of the first discrete input"),
  counters: z
    .array(counterPoint)
    .max(150)
    .default([...factoryCounters]),
  analogs: z
    .array(analogPoint)
    .max(200)
    .default([...factoryAnalogs]),
  analogBits: z
    .union([z.literal(16), z.literal(32)])
    .default(16)
    .describe("16: one register each; 32: two, in the order of the counters'"),
  binaries: z
    .array(
      z.union([
        z.strictObject({ input: z.number().int().min(1).max(8) }),
        z.strictObject({ trigger: z.number().int().min(1).max(64) }),
        z.strictObject({ status: z.enum(statusPoints) }),
      ]),
    )
    .max(64)
    .default(statusPoints.map((status) => ({ status }))),
  order: z.enum(["high first", "low first"]).default("high first").describe("of a value's two registers"),
  frameTimeoutMs: z
    .number()
    .int()
    .min(100)
    .max(65_000)
    .default(1000)
    .describe("RTU: from the first byte of a request until it is whole"),
  allowRegisterPresets: z.boolean().default(false),
  allowOutputControl: z.boolean().default(false),
});

const prefix = (usual: "units" | "kilo") => z.enum(["units", "kilo", "mega"]).default(usual);

export const display = z.strictObject({
  registersPerScreen: z.number().int().min(1).max(4).default(1).describe("of registers without a screen of their own"),
  scrolling: z.boolean().default(true),
  scrollSeconds: z.number().int().min(1).max(600).default(10),
  timeoutSeconds: z.number().int().min(1).max(3600).default(15).describe("until it scrolls again after a button"),
  menuTimeoutSeconds: z
    .number()
    .int()
    .min(1)
    .max(3600)
    .optional()
    .describe("of the display menu; always on unless said"),
  userMenuSeconds: z.number().int().min(1).max(3600).default(120).describe("until the user menu locks again"),
  presetMinutes: z.number().int().min(1).max(60).default(1).describe("until preset mode ends"),
  dateFormat: z.enum(["MM/DD/YYYY", "DD/MM/YYYY", "YYYY/MM/DD"]).default("MM/DD/YYYY"),
  numberFormat: z.enum(["1234.5", "1234,5"]).default("1234.5"),
  language: z.enum(["English"]).default("English"),
  units: z
    .strictObject({
      W: prefix("kilo"),
      VA: prefix("kilo"),
      var: prefix("kilo"),
      Q: prefix("kilo"),
      A: prefix("units"),
      A2: prefix("units"),
      V: prefix("units"),
      V2: prefix("kilo"),
    })
    .prefault({})
    .describe("of registers that name none"),
});
