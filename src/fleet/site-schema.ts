/** The shape of a site file, and what its keys mean. The published JSON Schema is made from this. */
import { z } from "zod";
import { host, port } from "#fleet/protocols/carriers.ts";
import { listenSchema } from "#fleet/protocols/listen-schema.ts";
import { stream } from "#fleet/protocols/sv.ts";
import { protocols, type ProtocolTable } from "#fleet/protocols/table.ts";
import { quotedWord } from "#quantity/nearest.ts";
import { read } from "./read-schema.ts";
import { synthetic } from "./synthetic-schema.ts";

const positive = z.number().positive();

const channelName = z.union([z.string(), z.int().positive()]).describe("its name, or its number in the file, from 1");

const channel = z.union([
  channelName,
  z.strictObject({
    channel: channelName,
    scale: z
      .number()
      .refine((ratio) => ratio !== 0, { message: "expected a ratio, which 0 is none; found 0" })
      .optional()
      .describe("ratio, 1 unless said; -1 turns it round"),
  }),
]);

const recording = z.strictObject({
  file: z
    .string()
    .describe(
      "COMTRADE (.cfg or .cff), text in columns (.csv, .txt), PQDIF (.pqd) or .wav; from the site file's folder",
    ),
  map: z
    .strictObject({
      va: channel.optional(),
      vb: channel.optional(),
      vc: channel.optional(),
      ia: channel.optional(),
      ib: channel.optional(),
      ic: channel.optional(),
    })
    .refine((map) => Object.values(map).some((one) => one !== undefined), {
      message: "expected at least one of va, vb, vc, ia, ib, ic; found none, of which nothing would be measured",
    })
    .describe("which channel feeds which input"),
  rate: positive.optional().describe("samples a second, for a CSV file without a column of time"),
  loop: z.boolean().default(false),
});

export const sourceKinds = ["synthetic", "recording", "live", "sampledValues", "read"] as const;

function kindsIn(given: unknown): readonly string[] {
  return sourceKinds.filter((kind) => (given as Readonly<Record<string, unknown>>)[kind] !== undefined);
}

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
    sampledValues: stream.optional(),
    read: read.optional(),
  })
  .refine((given) => kindsIn(given).length === 1, {
    error: ({ input }) =>
      `expected exactly one of ${sourceKinds.join(", ")}; found ${kindsIn(input).join(" and ") || "none of them"}`,
    // Of two sources it is said first that there are two, whatever is missing in either.
    when: ({ value }) => typeof value === "object" && value !== null,
  });

const address = z.number().int().min(0).max(65535);
const run = z
  .strictObject({ from: address, count: z.number().int().min(1).max(65536), values: z.array(address).optional() })
  .refine((r) => r.from + r.count <= 65536 && (r.values?.length ?? 0) <= r.count, {
    message: "expected addresses up to 65535, and no more values than count",
  })
  .optional();

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, {
  error: ({ input }) =>
    `expected letters, digits, dots and dashes, the first a letter or digit; found ${quotedWord(String(input))}`,
});

const device = z.strictObject({
  name,
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
});

/** A meter but for where it listens. */
export const meterSchema = z.strictObject({
  name,
  model: z.string(),
  source,
  settings: z.record(z.string(), z.union([z.number(), z.string()])).default({}),
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
  resetSystem: z
    .boolean()
    .optional()
    .describe("a Leviton meter starts in its reset system: it measures nothing, and says so to function 0x11 only"),
  clockDrift: z.number().default(0).describe("how fast the meter's own clock runs, ppm"),
});

const memory = ":memory:";

/** Headers in which a proxy can say whom it asks for. */
const proxyHeaders = ["x-forwarded-for", "x-real-ip"] as const;

const web = z
  .strictObject({
    port,
    host,
    certificate: z.string().min(1).optional().describe("PEM file of the site's certificate: serves HTTPS"),
    key: z.string().min(1).optional().describe("PEM file of its private key"),
    names: z
      .array(z.string().regex(/^[a-z0-9.-]+$/, "expected a host name in small letters, like meters.example"))
      .default([])
      .describe("by which the site is asked for, besides its addresses"),
    login: z
      .enum(["elsewhere", "always"])
      .default("elsewhere")
      .describe("who logs in: peers elsewhere, or those on the site's own machine too"),
    proxy: z
      .strictObject({
        header: z.enum(proxyHeaders).describe("in which the proxy says whom it asks for; of several the last counts"),
        from: z
          .array(z.union([z.ipv4(), z.ipv6()]))
          .min(1)
          .describe("the proxy's addresses"),
      })
      .optional()
      .describe(
        "a proxy before the site; without it whoever comes through one is elsewhere, all at the proxy's address",
      ),
  })
  .refine((w) => (w.certificate === undefined) === (w.key === undefined), {
    path: ["key"],
    message: "expected certificate and key together",
  });

const site = z.strictObject({
  web: web.optional().describe("the site's pages and HTTP API; none unless said"),
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
});

/** A site whose listeners speak the protocols of a table. */
export function siteSchemaOf(table: ProtocolTable) {
  const listen = z.array(listenSchema(table)).default([]);
  return site
    .extend({
      meters: z.array(meterSchema.extend({ listen })).default([]),
      devices: z.array(device.extend({ listen })).default([]).describe("units that are nothing but bits and registers"),
    })
    .refine((site) => site.meters.length + site.devices.length > 0, {
      path: ["meters"],
      message: "expected at least one meter, or one of devices",
    })
    .superRefine(({ clock, meters }, context) => {
      const speed = clock?.speed ?? 1;
      if (speed === 1) return;
      // A second of it would be another's minute: there would be no end to its gaps.
      const said = `goes by real time: expected clock.speed 1, found ${speed}`;
      const lasting = { sampledValues: `a stream ${said}`, read: `a meter that is read ${said}` };
      meters.forEach(({ source }, k) => {
        for (const key of ["sampledValues", "read"] as const)
          if (source[key] !== undefined)
            context.addIssue({ code: "custom", path: ["meters", k, "source", key], message: lasting[key] });
      });
    });
}

export const siteSchema = siteSchemaOf(protocols);

export type SiteFile = z.output<typeof siteSchema>;
export type MeterEntry = SiteFile["meters"][number];
export type PlainEntry = SiteFile["devices"][number];
export type WebEntry = z.output<typeof web>;
export type RecordingEntry = z.output<typeof recording>;

/** The schema that editors and programs use. */
export function siteJsonSchema(table: ProtocolTable = protocols): unknown {
  return z.toJSONSchema(siteSchemaOf(table), { io: "input", target: "draft-2020-12" });
}
