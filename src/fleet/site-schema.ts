/** The shape of a site file, and what its keys mean. The published JSON Schema is made from this. */
import { z } from "zod";

/** The keys of a fault rule that name the fault. */
const faultKeys = ["delay", "drop", "exception", "transaction", "registers", "truncate", "trickle", "crc"] as const;

const positive = z.number().positive();
/** One value for all phases, or one for each. */
const perPhase = (value: z.ZodNumber) => z.union([value, z.array(value).min(1).max(3)]);
const phaseNames = z.array(z.enum(["a", "b", "c"])).min(1);

const harmonic = z.strictObject({
  order: z.number().min(0.1).max(256).describe("multiple of the fundamental; not whole for an interharmonic"),
  percent: z.number().min(0).max(1000).describe("of the fundamental"),
  degrees: z.number().default(0).describe("of this component when the phase's voltage crosses zero rising"),
});

const event = z
  .strictObject({
    kind: z.enum(["sag", "swell", "interruption", "step", "swap"]),
    at: z.number().min(0).describe("seconds after the start of the source"),
    for: positive.optional().describe("seconds; left out, it lasts"),
    every: positive.optional().describe("seconds after which it comes again"),
    phases: phaseNames.optional().describe("which phases; all unless said (swap takes two)"),
    volts: z.number().min(0).optional().describe("what the volts are multiplied by"),
    amps: z.number().min(0).optional().describe("what the amps are multiplied by"),
    hz: z.number().optional().describe("what is added to the frequency"),
  })
  .refine((e) => e.every === undefined || e.for === undefined || e.every > e.for, {
    path: ["every"],
    message: "expected more than the event lasts (for)",
  })
  .refine((e) => e.kind !== "swap" || e.phases?.length === 2, {
    path: ["phases"],
    message: "a swap takes two phases, like [b, c]",
  });

const load = z
  .record(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected a time of day, like 07:30"), z.number().min(0))
  .describe("what the amps are multiplied by over the day, by time of day; linear in between");

const synthetic = z.strictObject({
  hz: z.number().min(40).max(70).default(60),
  drift: z
    .strictObject({ hz: positive, seconds: positive })
    .optional()
    .describe("how far the frequency wanders, and how slowly"),
  volts: perPhase(z.number().min(0).max(2e6)).describe("line to neutral, primary"),
  amps: perPhase(z.number().min(0).max(2e6)).describe("primary"),
  angles: z
    .array(z.number())
    .length(3)
    .optional()
    .describe("degrees of the voltages; as the wiring has them unless said"),
  pf: perPhase(z.number().min(0).max(1)).default(1).describe("power factor"),
  leading: z.boolean().default(false).describe("the current leads"),
  export: z.boolean().default(false).describe("power flows back to the source"),
  harmonics: z
    .strictObject({ volts: z.array(harmonic).default([]), amps: z.array(harmonic).default([]) })
    .default({ volts: [], amps: [] }),
  noise: z.number().min(0).max(100).default(0).describe("white, RMS in percent of the fundamental"),
  flicker: z
    .strictObject({ hz: positive, percent: positive.max(100), shape: z.enum(["sine", "square"]).default("square") })
    .optional()
    .describe("modulation of the volts; percent is the whole swing, dU / U"),
  load: load.optional(),
  events: z.array(event).default([]),
  seed: z.number().int().min(0).default(1).describe("the same seed gives the same run"),
  steps: z.boolean().default(false).describe("no waveform: integrated in closed form, for fast time"),
});

const channel = z.union([
  z.string(),
  z.strictObject({ channel: z.string(), scale: z.number().default(1).describe("ratio; -1 turns it round") }),
]);

const recording = z.strictObject({
  file: z.string().describe("COMTRADE (.cfg or .cff), .csv or .wav; from the site file's folder"),
  map: z
    .strictObject({
      va: channel.optional(),
      vb: channel.optional(),
      vc: channel.optional(),
      ia: channel.optional(),
      ib: channel.optional(),
      ic: channel.optional(),
    })
    .describe("which channel feeds which input"),
  rate: positive.optional().describe("samples a second, for a CSV file without a column of time"),
  loop: z.boolean().default(false),
});

const source = z
  .strictObject({
    synthetic: synthetic.optional(),
    recording: recording.optional(),
    live: z
      .strictObject({
        hz: z.number().min(40).max(70).default(60).describe("while no reading says it"),
        stale: positive.default(60).describe("seconds without a reading after which nothing is known any more"),
      })
      .optional()
      .describe("readings pushed in by a program over HTTP"),
  })
  .refine((s) => [s.synthetic, s.recording, s.live].filter((one) => one !== undefined).length === 1, {
    message: "expected exactly one of synthetic, recording, live",
  });

const host = z.string().default("127.0.0.1").describe("address to listen on; loopback unless said");
const port = z.number().int().min(0).max(65535);
const unit = z.number().int().min(1).max(247).optional().describe("the meter's own address unless said");

const idle = positive.default(3600).describe("seconds without a request after which a peer is let go");

const maxConnections = z
  .number()
  .int()
  .min(1)
  .optional()
  .describe("peers at once; what the meters behind it have room for, or 512, 32 as rtu-over-tcp, unless said");

const face = z.string().optional().describe("another model's registers on this meter; see: polyphase models");

const rule = z
  .strictObject({
    delay: positive.max(60_000).optional().describe("milliseconds that the answer comes late"),
    drop: z.literal(true).optional().describe("no answer"),
    exception: z.number().int().min(1).max(255).optional().describe("this exception instead"),
    transaction: z.literal(true).optional().describe("another transaction id (tcp)"),
    registers: z.number().int().min(0).max(125).optional().describe("an answer with only so many registers"),
    truncate: z.number().int().min(1).max(259).optional().describe("only so many bytes of the answer"),
    trickle: positive.max(1000).optional().describe("byte by byte, so many milliseconds apart"),
    crc: z.literal(true).optional().describe("a wrong checksum (rtu)"),
    unit: z.number().int().min(0).max(255).optional(),
    function: z.number().int().min(1).max(127).optional(),
    addresses: z
      .tuple([z.number().int().min(0).max(65535), z.number().int().min(0).max(65535)])
      .optional()
      .describe("first wire address of the request, from and to"),
    count: z.number().int().min(1).max(2000).optional().describe("requests for so many registers or bits"),
    every: z.number().int().min(1).optional().describe("every so many of the requests that match"),
    times: z.number().int().min(1).optional().describe("so often, and then no more"),
  })
  .refine((r) => faultKeys.filter((key) => r[key] !== undefined).length === 1, {
    message: `expected exactly one of ${faultKeys.join(", ")}`,
  });

export const faultRules = z.array(rule).max(100);
export type FaultEntry = z.output<typeof rule>;

const faults = faultRules.optional().describe("what this listener does wrong, on purpose");

const pem = z.string().min(1);

const listener = z.discriminatedUnion("modbus", [
  z.strictObject({
    modbus: z.literal("tcp"),
    port,
    host,
    unit,
    face,
    faults,
    anyUnit: z.boolean().default(false).describe("answer for every unit id"),
    maxConnections,
    idle,
  }),
  z.strictObject({
    modbus: z.literal("tls"),
    port,
    host,
    unit,
    face,
    faults,
    certificate: pem.describe("PEM file of the listener's certificate"),
    key: pem.describe("PEM file of its private key"),
    authority: pem.describe("PEM file of the certificate that signs those of the peers"),
    roles: z
      .record(z.string().min(1), z.enum(["read", "write"]))
      .optional()
      .describe("what peers of each role may do; a role that is not named may do nothing; left out, all may do all"),
    anyUnit: z.boolean().default(false).describe("answer for every unit id"),
    maxConnections,
    idle,
  }),
  z.strictObject({
    modbus: z.literal("rtu-over-tcp"),
    port,
    host,
    unit,
    face,
    faults,
    maxConnections,
    idle,
  }),
  z.strictObject({
    modbus: z.literal("rtu"),
    device: z.string().describe("like /dev/ttyUSB0"),
    baud: z.number().int().positive().optional().describe("the meter's own baud rate unless said"),
    parity: z.enum(["none", "even", "odd"]).optional().describe("the meter's own parity unless said"),
    unit,
    face,
    faults,
  }),
]);

const address = z.number().int().min(0).max(65535);
const run = z
  .strictObject({ from: address, count: z.number().int().min(1).max(65536), values: z.array(address).optional() })
  .refine((r) => r.from + r.count <= 65536 && (r.values?.length ?? 0) <= r.count, {
    message: "expected addresses up to 65535, and no more values than count",
  })
  .optional();

const device = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "expected letters, digits, dots, dashes"),
  memory: z
    .strictObject({
      coils: run,
      discrete: run,
      holding: run,
      input: run,
      exceptionStatus: z.number().int().min(0).max(255).optional(),
      serverId: z.strictObject({ id: z.number().int().min(0).max(255), text: z.string().max(200) }).optional(),
    })
    .describe("runs of bits and registers, by wire address"),
  listen: z.array(listener).default([]),
});

const meter = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "expected letters, digits, dots, dashes"),
  model: z.string(),
  source,
  settings: z.record(z.string(), z.union([z.number(), z.string()])).default({}),
  listen: z.array(listener).default([]),
  modelNumber: z.string().optional().describe("what was ordered of a revenue meter, like JSII-09I6020-1B/2A-DIO-DLP"),
  configuration: z.string().optional().describe("a revenue meter's configuration file, from the site file's folder"),
  transformers: z
    .strictObject({ pt: z.number().positive().default(1), ct: z.number().positive().default(1) })
    .default({ pt: 1, ct: 1 })
    .describe("installed between the line and a revenue meter's terminals, primary over secondary"),
  auxiliary: z
    .boolean()
    .optional()
    .describe("a revenue meter's auxiliary supply terminals have their voltage; with option EAP they do unless said"),
  serial: z.string().max(31).optional(),
  firmware: z.number().int().min(0).max(65535).optional().describe("xx * 1000 + yyy: 1019 is V1.019"),
  options: z.strictObject({ logging: z.boolean().default(false) }).default({ logging: false }),
  clockDrift: z.number().default(0).describe("how fast the meter's own clock runs, ppm"),
});

const memory = ":memory:";

export const siteSchema = z
  .strictObject({
    web: z.strictObject({ port, host }).optional().describe("the site's pages and HTTP API; none unless said"),
    store: z
      .string()
      .refine((place) => !/^[a-z]+:\/\//.test(place), { message: `expected a folder, or ${memory}` })
      .optional()
      .describe(`a folder, or ${memory}; beside the site file unless said`),
    clock: z
      .strictObject({
        start: z.iso.datetime({ offset: true }).optional(),
        speed: z.union([positive, z.literal("max")]).default(1),
      })
      .optional()
      .describe("left out, the real time"),
    meters: z.array(meter).default([]),
    devices: z.array(device).default([]).describe("units that are nothing but bits and registers"),
  })
  .refine((site) => site.meters.length + site.devices.length > 0, {
    path: ["meters"],
    message: "expected at least one meter, or one of devices",
  });

export type SiteFile = z.output<typeof siteSchema>;
export type MeterEntry = SiteFile["meters"][number];
export type ListenEntry = MeterEntry["listen"][number];
export type SyntheticEntry = z.output<typeof synthetic>;
export type RecordingEntry = z.output<typeof recording>;

/** The schema that editors and programs use. */
export function siteJsonSchema(): unknown {
  return z.toJSONSchema(siteSchema, { io: "input", target: "draft-2020-12" });
}
