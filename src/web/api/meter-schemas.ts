/** What the API says of a meter as it is: the shapes of quantity/meter-api.ts, for programs that have no types. */
import { z } from "zod";
import { logKinds } from "#quantity/log.ts";
import { told } from "./named.ts";
import { fileSchema, logKind, profileSchema } from "./record-schemas.ts";
import { intervalSchema, qualitySchema } from "./quality-schemas.ts";
import { count, known, offset, side, utc } from "./plain-schemas.ts";

export const register = told(
  "Register",
  z.strictObject({
    id: z.int(),
    label: z.string(),
    name: z.string().describe("what it shows, whatever its label says: Wh.import.rateA"),
    value: known.describe("in the register's own units; null where there is no value"),
    text: z.string().describe("the value in the register's own digits and units"),
    unit: z.string(),
    scale: z.number().describe("what the value is multiplied by to be in SI units: 1000 of kWh"),
    measure: z.string().optional(),
    side: side.optional(),
  }),
);

const sidesOf = z.strictObject({ readings: side, profile: side, alarms: side, log: side });

const source = z.strictObject({
  ended: z.boolean().describe("a recording has been played to its end"),
  bench: z.literal(true).optional().describe("it is synthetic, and can be changed while it runs"),
  pushed: z
    .strictObject({
      age: known.describe("seconds since the last reading came"),
      silent: z.boolean(),
      stale: z.boolean(),
    })
    .optional(),
  read: z
    .strictObject({
      age: known.describe("seconds since it was read last"),
      every: z.number().describe("seconds from one time to the next"),
    })
    .optional()
    .describe("of a meter that is there, and is read"),
});

const rms = z.strictObject({
  begun: z.number(),
  ends: z.array(z.number()),
  volts: z.array(z.array(known)),
});

const waveforms = z.strictObject({ hz: known, cycles: z.number(), channels: z.array(z.array(z.number())) });

const rated = z.strictObject({ primary: z.number(), secondary: z.number() });

const nameplate = z.strictObject({
  serial: z.string(),
  form: z.string(),
  connection: z.string(),
  classAmps: z.number(),
  hz: z.number(),
  ports: z.array(z.string()),
  options: z.array(z.string()),
  mid: z.boolean(),
  strings: z.array(z.string()),
  firmware: z.record(z.string(), z.string()),
  made: z.string().optional(),
  wires: z.enum(["3 phase, 3 wire", "3 phase, 4 wire"]),
  volts: z.string(),
  amps: z.string(),
  impulses: z.number(),
  kt: z.number(),
  ratings: z.strictObject({
    pt: rated,
    ct: rated,
    transformerFactor: z.number(),
    fullScaleWatts: z.number(),
  }),
  nominal: z
    .strictObject({ ll: z.number(), ln: z.number().optional() })
    .describe("primary volts that the service should have, as the meter is set up"),
});

const condition = z.strictObject({ text: z.string(), trouble: z.boolean(), means: z.string().optional() });

const alarm = z.strictObject({
  id: z.int(),
  label: z.string(),
  description: z.string().optional().describe("the trigger, in the words of the meter's display"),
  value: z.number(),
  of: z.string().optional(),
  unit: z.string().optional(),
  side: side.optional(),
  level: z.string().optional(),
  reset: z.string().optional(),
  since: z
    .strictObject({
      utc: z.number().describe("milliseconds since 1970"),
      offsetMinutes: offset,
      daylightSaving: z.boolean(),
      synchronised: z.boolean(),
    })
    .optional(),
});

const channel = z.strictObject({ channel: z.int(), mode: z.string(), closed: z.boolean(), count });

const status = {
  powered: z.boolean(),
  poweredMs: z.number().optional(),
  supply: z.enum(["inputs", "auxiliary", "none"]).optional(),
  timeSource: z.string().optional(),
  testMode: z.boolean(),
  rate: z.string().describe("the rate that counts; none without tariffs"),
  systemBits: z.int().optional(),
  triggerBits: z.int().optional(),
  conditions: z.array(condition),
  failures: z.array(z.string()),
  alarms: z.array(alarm),
  battery: z.strictObject({
    state: z.string(),
    warning: z.boolean(),
    replace: z.enum(["soon", "now"]).optional(),
  }),
  testPulses: z.strictObject({ led: count, optical: count }),
  inResetSystem: z.boolean().optional(),
};

/** What is said of the site beside what is said of a meter. */
export const ofSite = {
  utc: z.number().describe("the site's clock, milliseconds since 1970"),
  trouble: z.string().optional().describe("why what the site knows cannot be kept; absent while it can"),
  behind: z.string().optional().describe("that the site's clock does not go as fast as it is to; absent while it does"),
};

const meter = {
  name: z.string(),
  model: z.string(),
  title: z.string(),
  serial: z.string(),
  firmware: z.string(),
  modelNumber: z.string(),
  local: z.string().describe("the meter's wall clock"),
  offsetMinutes: offset,
  readings: z.record(z.string(), known).describe("primary, by measure; null is what is not measured"),
  absence: z.string().optional().describe("why some are not measured now"),
  registers: z.array(register),
  io: z.array(channel),
  sides: sidesOf.optional(),
  waveforms: waveforms.optional(),
  rms: rms.optional(),
  nameplate: nameplate.optional(),
  quality: qualitySchema.optional(),
  intervals: z.array(intervalSchema).optional(),
  reads: z
    .strictObject({
      url: z.string(),
      every: z.number().describe("seconds from one time to the next"),
      age: known.describe("seconds since it was read last"),
      trouble: z.string().optional().describe("why the last try failed"),
      identification: z.array(z.string()),
    })
    .optional()
    .describe("of a meter that is there, and is read"),
  ...status,
};

/** What its product shows besides stands beside these. */
export const meterSchema = told("Meter", z.looseObject({ ...ofSite, ...meter }));

const entry = z.strictObject({
  kind: logKind,
  sequence: count,
  at: z.string(),
  utc,
  offsetMinutes: offset,
  what: z.string(),
  by: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});

export const liveSchema = told(
  "Live",
  z.looseObject({
    ...ofSite,
    ...meter,
    frontPanel: z.literal(true).optional(),
    profile: profileSchema.optional(),
    measurementLogs: count.optional().describe("groups of the measurement log"),
    source,
    logs: z.array(z.enum(logKinds)),
    log: z.array(entry).describe("the newest entries of all logs but the security log, newest first"),
    logEntries: count,
    files: z.strictObject({ count, newest: z.array(fileSchema) }).optional(),
  }),
);

export const missedSchema = told(
  "Missed",
  z.strictObject({
    entries: z.array(entry).describe("of all logs but the security log, logged meanwhile, oldest first"),
    profiles: z.array(z.strictObject({ number: z.int(), ...profileSchema.shape })),
    gone: z
      .array(z.strictObject({ series: z.string(), from: count, to: count }))
      .describe("members that are no longer kept: from one number to before another"),
    rest: z
      .array(z.strictObject({ series: z.string(), from: count }))
      .describe("there is more than one event holds: ask for it from this number on"),
    unknown: z.literal(true).optional().describe("the id is none of this meter's: nobody can tell what was missed"),
  }),
);

export const registersSchema = told("Registers", z.strictObject({ name: z.string(), registers: z.array(register) }));

export const selfReadsSchema = told(
  "SelfReads",
  z.strictObject({
    name: z.string(),
    selfReads: z.array(
      z.strictObject({
        sequence: count,
        at: z.string(),
        utc,
        offsetMinutes: offset,
        systemBits: z.int(),
        health: z.array(z.string()),
        registers: z.array(register),
      }),
    ),
  }),
);
