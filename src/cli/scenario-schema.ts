/** The shape of a scenario: a site, what is done to it at instants of its time, and what is expected of it then. */
import { z } from "zod";
import { benchChange } from "#fleet/bench-schema.ts";
import { reading } from "#fleet/live-readings.ts";
import { logKinds } from "#quantity/log.ts";
import { lists } from "#quantity/register.ts";

const units = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const DURATION = /^\d+(?:\.\d+)? ?(?:ms|s|min|h|d)(?: \d+(?:\.\d+)? ?(?:ms|s|min|h|d))*$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds of a time that is written like "10 min" or "1 h 30 min". */
export function durationOf(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?) ?(ms|s|min|h|d)\b/g)];
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * units[unit as keyof typeof units], 0);
}

/** When a step is, milliseconds of UTC, in a run that begins at `start`. */
export function instantOf(at: string | number, start: number): number {
  if (typeof at === "number") return start + 1000 * at;
  return INSTANT.test(at) ? Temporal.Instant.from(at).epochMilliseconds : start + durationOf(at);
}

const at = z
  .union([
    z.number().min(0),
    z.string().refine((text) => DURATION.test(text) || INSTANT.test(text), {
      message:
        'expected a time after the start, like 90 s, 10 min or 1 h 30 min, or an instant, like "2026-03-29T01:00:00Z"',
    }),
  ])
  .describe("when: a time after the start (10 min; a number is seconds), or an instant");

function oneOf<T extends z.ZodObject>(shape: T, keys: readonly string[]): T {
  const given = (value: unknown): readonly string[] =>
    keys.filter((key) => (value as Readonly<Record<string, unknown>>)[key] !== undefined);
  return shape.refine((value) => given(value).length === 1, {
    error: ({ input }) =>
      `expected exactly one of ${keys.join(", ")}; found ${given(input).join(" and ") || "none of them"}`,
  });
}

const deeds = ["bench", "resetBench", "command", "configure", "reading", "faults", "speed"] as const;

const deed = oneOf(
  z.strictObject({
    meter: z.string().optional().describe("whose; not of faults and speed"),
    bench: benchChange.optional().describe("what its synthetic source gives from now on"),
    resetBench: z.literal(true).optional().describe("all is as the site has it"),
    command: z.looseObject({ command: z.string() }).optional().describe("what people and hardware do to a meter"),
    configure: z.record(z.string(), z.unknown()).optional().describe("settings, or a configuration"),
    reading: reading.optional().describe("into a meter whose source is live"),
    faults: z.array(z.record(z.string(), z.unknown())).optional().describe("of a listener"),
    listener: z.int().min(0).optional().describe("which one, by its place"),
    speed: z
      .union([z.number().positive(), z.literal("max")])
      .optional()
      .describe("of the clock of a site that runs; one that the scenario runs goes as fast as it can"),
    user: z.string().optional().describe("who does it, of the meter's users"),
    password: z.string().optional(),
    refused: z.string().optional().describe("it is to be refused, in words that have this in them"),
  }),
  deeds,
)
  .refine(({ meter, faults, speed }) => meter !== undefined || faults !== undefined || speed !== undefined, {
    path: ["meter"],
    message: "expected the name of a meter",
  })
  .refine(({ faults, listener }) => (faults === undefined) === (listener === undefined), {
    path: ["listener"],
    message: "expected faults and listener together",
  });
export type Deed = z.output<typeof deed>;

const looked = ["reading", "register", "log", "profile", "condition", "contact"] as const;
const value = z.union([z.number(), z.string(), z.boolean()]);

const expectation = oneOf(
  z.strictObject({
    meter: z.string(),
    reading: z.string().optional().describe("what it measures now, by name: V.b, in SI units"),
    over: z.string().optional().describe("that is read over a protocol of a listener: modbus, dlms, dnp3, mms"),
    register: z.union([z.string(), z.int()]).optional().describe("by name (Wh.import), label or number, in SI units"),
    list: z
      .enum([...lists, "frozen"])
      .optional()
      .describe("of registers; normal unless said"),
    log: z.enum(logKinds).optional(),
    where: z
      .record(z.string(), value)
      .optional()
      .describe("entries count that have this: a text in what they say, or a number"),
    detail: z.string().optional().describe("of the last such entry, what is looked at"),
    profile: z.int().min(1).optional().describe("a load profile, by number"),
    channel: z
      .union([z.int().min(1), z.string()])
      .optional()
      .describe("by number, or how its name begins"),
    record: z
      .union([
        z.enum(["first", "last"]),
        z
          .string()
          .regex(
            /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/,
            "expected first, last or the local time at which it begins, like 2026-03-29 03:00",
          ),
      ])
      .optional()
      .describe("first, last, or the one that begins at a local time"),
    sum: z.literal(true).optional().describe("of all its records that begin in [since, until)"),
    since: z.string().optional().describe("local time, 2026-03-29"),
    until: z.string().optional(),
    condition: z
      .string()
      .optional()
      .describe("what stands among its conditions, alarms or failures, as a part of the words"),
    contact: z.int().optional().describe("an input or output, by channel"),
    count: z.union([z.int().min(0), z.strictObject({ from: z.int().optional(), to: z.int().optional() })]).optional(),
    is: value.optional().describe("what it is to be"),
    within: z
      .union([z.number().min(0), z.string().regex(/^\d+(\.\d+)? ?%$/, "expected a number, or a part like 0.5 %")])
      .optional()
      .describe("how far it may be from that"),
    from: z.number().optional(),
    to: z.number().optional(),
    has: z.string().optional().describe("a part of a text"),
    absent: z.literal(true).optional().describe("there is no value"),
    fails: z.string().optional().describe("whoever reads it over a protocol fails, in words that have this in them"),
    stands: z.boolean().optional().describe("of a condition; true unless said"),
  }),
  looked,
)
  .refine(({ over, reading: name }) => over === undefined || name !== undefined, {
    path: ["over"],
    message: "only a reading is read over a protocol",
  })
  .refine(({ over, fails }) => fails === undefined || over !== undefined, {
    path: ["fails"],
    message: "only what is read over a protocol (over) can fail",
  })
  .refine(({ is, within }) => within === undefined || typeof is === "number", {
    path: ["within"],
    message: "expected a number as what it is to be (is)",
  })
  .refine(
    ({ is, from, to, has, absent, fails, count, condition }) =>
      [is, from, to, has, absent, fails, count, condition].some((one) => one !== undefined),
    { message: "expected what it is to be: is, from, to, has, absent, fails or count" },
  );
export type Expectation = z.output<typeof expectation>;

const step = z
  .strictObject({
    at,
    do: z.array(deed).optional(),
    expect: z.array(expectation).optional(),
  })
  .refine(({ do: does, expect }) => does !== undefined || expect !== undefined, {
    message: "expected something to do, or to expect",
  });
export type Step = z.output<typeof step>;

export const scenarioSchema = z.strictObject({
  name: z.string().min(1),
  says: z.string().optional().describe("what it is about, for people"),
  site: z
    .union([z.string(), z.record(z.string(), z.unknown())])
    .describe("a site file, from the scenario's folder; or a site, as such a file has it"),
  start: z.iso.datetime({ offset: true }).optional().describe("by the site's clock; what the site says unless said"),
  steps: z.array(step).min(1),
});
export type Scenario = z.output<typeof scenarioSchema>;

/** The schema that editors and programs use; that of a site within it lies beside it. */
export function scenarioJsonSchema(): unknown {
  const { properties, ...rest } = z.toJSONSchema(scenarioSchema, { io: "input", target: "draft-2020-12" });
  const { description, ...file } = scenarioSchema.shape.site.options[0].toJSONSchema();
  return { ...rest, properties: { ...properties, site: { anyOf: [file, { $ref: "site.schema.json" }], description } } };
}
