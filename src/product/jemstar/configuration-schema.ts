/**
 * The configuration of a revenue meter as one file. What is left out is the factory's (Appendix A of the manual); the
 * published JSON Schema is made from this.
 */
import { dayTypes, rates } from "#clock/tou-schedule.ts";
import { contacts, ioModes, triggerLogs, type TriggerLevel } from "#revenue/settings/configuration.ts";
import { phases, type MeasureQuantity } from "#quantity/measure.ts";
import { privileges } from "#revenue/people/security.ts";
import { MOST_GROUPS } from "#revenue/settings/measurement-log.ts";
import { z } from "zod";
import { factory, factoryIo, factoryProfile, factoryTriggers, factoryUsers, strings } from "./factory.ts";
import { dlms } from "./configuration-schema-dlms.ts";
import { communicated } from "./configuration-schema-communicated.ts";
import { dnp3 } from "./configuration-schema-dnp3.ts";
import { iec102 } from "./configuration-schema-iec102.ts";
import { iec61850 } from "./configuration-schema-iec61850.ts";
import { never, schedule } from "./configuration-schema-schedule.ts";
import { communications, display, modbus } from "./configuration-schema-ports.ts";
import { pqdif } from "./configuration-schema-pqdif.ts";
import { primary } from "./configuration-schema-primary.ts";
import { powerQuality, recordedByTrigger } from "./configuration-schema-recordings.ts";
import { logGroup, measure, profile, register } from "./configuration-schema-registers.ts";

const switches = z
  .array(
    z.strictObject({
      at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected a time of day, like 07:30"),
      rate: z.enum(rates),
    }),
  )
  .max(8);

const season = z.strictObject({
  month: z.number().int().min(1).max(12),
  day: z.number().int().min(1).max(31),
  days: z.strictObject(Object.fromEntries(dayTypes.map((type) => [type, switches.default([])]))),
});

const holiday = z.strictObject({
  date: z.iso.date().describe("like 2026-12-25"),
  type: z.union([z.literal(1), z.literal(2)]).default(1),
});

const yearly = z.strictObject({
  month: z.number().int().min(1).max(12),
  week: z.number().int().min(1).max(5).describe("5 is the last of the month"),
  weekday: z.number().int().min(0).max(6).describe("0 is Sunday"),
  hour: z.number().int().min(0).max(23),
});

const oneCorrection = z.strictObject({
  ratio: z.number().min(0.9).max(1.1).default(1),
  minutes: z.number().min(-600).max(600).default(0).describe("of arc; ahead is positive"),
});

const coefficients = z.strictObject({
  ironW: z.number().min(0).default(0).describe("W for each V²"),
  ironVar: z.number().min(0).default(0).describe("var for each V⁴"),
  copperW: z.number().min(0).default(0).describe("W for each A²"),
  copperVar: z.number().min(0).default(0).describe("var for each A²"),
  lineW: z.number().min(0).default(0).describe("W for each A²"),
  lineVar: z.number().min(0).default(0).describe("var for each A²"),
});

const io = z.strictObject({
  mode: z.enum(ioModes),
  measure: measure.optional().describe("of an energy pulse"),
  ke: z.number().positive().default(0.1).describe("what one transition is worth, primary"),
  contact: z
    .enum(contacts)
    .default("toggle")
    .describe(
      "of an energy pulse: a change of state (form A), of two contacts (kyz, channels 1 and 2), or a single shot",
    ),
  normally: z.enum(["open", "closed"]).default("open").describe("an energy pulse's contact between pulses"),
  pulseMs: z.number().int().min(20).max(200).default(40).describe("how long a single shot closes"),
  everyMinutes: z.number().int().min(1).max(1440).default(1).describe("between two clock pulses"),
  debounceMs: z.number().min(10).max(1000).default(20),
});

const totalization = z.strictObject({
  measure: measure.optional().describe("the meter's own registration"),
  enabled: z.boolean().default(true).describe("adds the meter's own registration"),
  tariff: z.enum(["total", ...rates]).default("total"),
  inputs: z
    .array(
      z.strictObject({
        channel: z.number().int().min(1).max(8),
        weight: z.number().describe("of one pulse, primary"),
        subtract: z.boolean().default(false),
      }),
    )
    .max(8)
    .default([]),
});

/** "90 %", however it is spaced: of the nominal voltage. */
const percent = z
  .string()
  .regex(/^\d{1,4}(\.\d{1,4})?\s*%$/, 'expected a number, or a percent of the nominal voltage like "90 %"')
  .transform((text): TriggerLevel => `${Number.parseFloat(text)} %`);

const trigger = z
  .strictObject({
    id: z.number().int().min(1).max(64),
    enabled: z.boolean().default(true),
    label: z.string().max(40).default(""),
    measure: measure.optional(),
    register: z.number().int().optional().describe("id of the register that is looked at, instead of a measure"),
    input: z.number().int().min(1).max(8).optional().describe("the input that is looked at, instead of a measure"),
    phase: z
      .enum(["any", "all", ...phases])
      .optional()
      .describe("of the measure; any, all, or that of its own"),
    operator: z.enum(["<", ">", "="]).default(">"),
    alarm: z
      .union([z.number(), percent])
      .optional()
      .describe(
        'secondary, or of volts "90 %" of the nominal voltage; a register\'s as it is displayed; an input needs none',
      ),
    reset: z.union([z.number(), percent]).optional(),
    delayMs: z.number().min(0).max(3_600_000).default(0),
    resetDelayMs: z.number().min(0).max(3_600_000).default(0),
    records: z
      .enum(triggerLogs)
      .optional()
      .describe(
        "the log of voltage events that it fills; of rapidVoltageChange the levels are threshold and hysteresis",
      ),
    output: z
      .union([z.number().int().min(1).max(7), z.literal("none")])
      .optional()
      .describe("the alarm output that it closes; left out, those that no trigger names; none closes none"),
    ...recordedByTrigger,
  })
  .transform(({ phase, measure, ...rest }) => {
    const own = measure?.phase ?? "polyphase";
    const of = measure === undefined ? {} : { measure: { ...measure, phase: "polyphase" as const } };
    return { ...rest, ...of, phase: phase ?? own };
  });

const user = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_.-]{1,20}$/, "expected letters, digits, dots, dashes"),
  password: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("kept as a hash; left out, it stays what it is. factory: the user's name, on this machine only"),
  privileges: z.array(z.enum(privileges)).max(privileges.length).default([]),
});

const timeServer = z
  .string()
  .regex(/^([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:]+\])(:\d{1,5})?$/, "expected a host, or host:port")
  .describe("like 192.168.250.1, or ntp.example.org:123");

const shape = z.strictObject({
  identification: z.strictObject({ strings: z.array(z.string().max(40)).max(10).default(strings) }).prefault({}),
  primary,
  registers: z
    .strictObject({
      normal: z.array(register).max(50).default(factory.normal),
      alternate: z.array(register).max(50).default(factory.alternate),
      test: z.array(register).max(50).default(factory.test),
    })
    .prefault({}),
  profiles: z.array(profile).max(2).default([factoryProfile]),
  measurementLog: z
    .array(logGroup)
    .max(MOST_GROUPS)
    .default([])
    .describe("groups of channels that are recorded at an interval (ML, PQ2, PQ3)"),
  pqdif: pqdif.prefault({}),
  demand: z
    .strictObject({
      subIntervalMinutes: z.number().int().min(1).max(60).default(5),
      subIntervals: z.number().int().min(1).max(12).default(3),
      thermalMinutes: z.number().positive().max(1440).default(15),
      externalSync: z.boolean().default(false).describe("sub-intervals end when an interval sync input closes"),
      deferSeconds: z.number().int().min(0).max(86_400).default(0),
      deferAfterOutageSeconds: z.number().int().min(0).max(86_400).default(1),
    })
    .prefault({}),
  tou: z
    .strictObject({ seasons: z.array(season).max(4).default([]), holidays: z.array(holiday).max(200).default([]) })
    .prefault({}),
  timekeeping: z
    .strictObject({
      sync: z.enum(["crystal", "line", "ntp"]).default("crystal").describe("what keeps the clock"),
      servers: z
        .array(timeServer)
        .max(3)
        .default([])
        .describe("time servers, host or host:port; the site's own clock stands for one where there are none"),
      pollSeconds: z.number().int().min(16).max(1024).default(64).describe("between two questions to the time servers"),
      toleranceMs: z.number().int().min(10).max(10_000).default(500).describe("how far it may be off a time server"),
      utcOffsetMinutes: z.number().int().min(-720).max(840).default(0),
      daylightSaving: z
        .strictObject({ start: yearly, end: yearly, minutes: z.number().int().min(1).max(120).default(60) })
        .optional(),
      freeze: schedule.default(never),
      billingReset: schedule.default(never),
    })
    .prefault({}),
  selfRead: schedule.default(never),
  correction: z
    .strictObject({ pt: z.array(oneCorrection).length(3), ct: z.array(oneCorrection).length(3) })
    .optional()
    .describe("transformer gain correction by phase"),
  losses: z.strictObject({ delivered: coefficients, received: coefficients }).optional(),
  resetLockoutMinutes: z.number().int().min(0).max(1440).default(5),
  io: z
    .array(io)
    .length(8)
    .default([...factoryIo]),
  testPulses: z
    .strictObject({
      led: z.enum(["Wh", "varh"]).default("Wh"),
      optical: z.enum(["Wh", "varh"]).default("varh"),
      kt: z.number().positive().default(0.1).describe("energy of a pulse, at the meter's terminals"),
    })
    .prefault({}),
  testMode: z.strictObject({ timeoutMinutes: z.number().int().min(1).max(1440).default(30) }).prefault({}),
  totalization: z.array(totalization).max(16).default([]),
  communicated: communicated.default([]),
  overrideRate: z.enum(rates).optional(),
  triggers: z
    .array(trigger)
    .max(64)
    .default([...factoryTriggers]),
  triggerBits: z
    .array(z.array(z.number().int().min(1).max(64)).max(8))
    .max(16)
    .default([])
    .describe("for each bit, the triggers that must all be in alarm"),
  powerQuality,
  communications: communications.prefault({}),
  modbus: modbus.prefault({}),
  dlms: dlms.prefault({}),
  dnp3: dnp3.prefault({}),
  iec102: iec102.prefault({}),
  iec61850: iec61850.prefault({}),
  display: display.prefault({}),
  security: z
    .strictObject({
      attempts: z.number().int().min(1).max(20).default(3).describe("wrong passwords that lock a user out"),
      lockoutMinutes: z.number().int().min(1).max(1440).default(5),
      sessionMinutes: z.number().int().min(1).max(1440).default(5).describe("after which an unused session ends"),
      readingTakesSession: z
        .boolean()
        .default(false)
        .describe("nobody reads over HTTP but users with the privilege; the page, which has no session, shows nothing"),
    })
    .prefault({}),
  users: z
    .array(user)
    .max(10)
    .default([...factoryUsers]),
});

/** Names of its sections, in the order in which a configuration has them. */
export const sectionNames: readonly string[] = Object.keys(shape.shape);

export const revenueSchema = shape.transform((file) => ({
  ...file,
  registers: registersOf(file.registers, file.display.units),
}));

type Shape = z.output<typeof shape>;

/** Registers that name no units have the display's for their quantity. */
function registersOf(lists: Shape["registers"], units: Shape["display"]["units"]) {
  const named = (list: Shape["registers"]["normal"]) =>
    list.map((one) => ("measure" in one ? { ...one, units: one.units ?? unitsOf(one.measure.quantity, units) } : one));
  return { normal: named(lists.normal), alternate: named(lists.alternate), test: named(lists.test) };
}

const unitNames: Readonly<Partial<Record<MeasureQuantity, keyof Shape["display"]["units"]>>> = {
  W: "W",
  Wh: "W",
  var: "var",
  varh: "var",
  VA: "VA",
  "VA.arithmetic": "VA",
  VAh: "VA",
  "VAh.arithmetic": "VA",
  Q: "Q",
  Qh: "Q",
  A: "A",
  Ah: "A",
  A2: "A2",
  A2h: "A2",
  V: "V",
  "V.ll": "V",
  V2: "V2",
  "V2.ll": "V2",
  V2h: "V2",
};

/** What has a unit of its own has its prefix; ratios, percents and counts have none. */
function unitsOf(quantity: MeasureQuantity, units: Shape["display"]["units"]) {
  const name = unitNames[quantity];
  return name === undefined ? ("units" as const) : units[name];
}

export type RevenueFile = z.output<typeof revenueSchema>;
export type ModbusPoints = RevenueFile["modbus"];

/** The schema that editors and programs use. */
export function revenueJsonSchema(): unknown {
  return z.toJSONSchema(revenueSchema, { io: "input", target: "draft-2020-12" });
}
