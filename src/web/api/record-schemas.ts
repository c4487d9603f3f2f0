/** What the API says of what a meter keeps: profiles, logs, self reads, files. */
import { z } from "zod";
import { logKinds } from "#quantity/log.ts";
import { told } from "./named.ts";
import { count, known, local, offset, side, utc } from "./plain-schemas.ts";

export const logKind = z.enum(logKinds);
const at = { utc, offsetMinutes: offset };

function times<Time extends z.ZodType>(time: Time) {
  return z.strictObject({ start: time, end: time, until: time });
}

const record = z.strictObject({
  sequence: count,
  type: z.string(),
  status: z.array(z.string()),
  values: z.array(known).describe("by channel; null is what nothing was known of"),
  start: local,
  end: local,
  until: local.describe("when the next record begins"),
  utc: times(utc),
  offsetMinutes: times(offset),
});

export const profileSchema = told(
  "ProfileRecords",
  z.strictObject({
    minutes: z.union([z.number(), z.string()]).describe('or "day", "week", "month", "cycles"'),
    data: z.string(),
    channels: z.array(z.string()),
    sides: z.array(side.nullable()).optional(),
    holds: z.strictObject({ records: count, capacity: count, days: z.number() }).optional(),
    records: z.array(record),
    next: count.describe("the number after the last of these: what a reader acknowledges"),
    more: z.literal(true).optional().describe("the same question with since and next goes on"),
  }),
);

export const namedProfileSchema = told("Profile", z.strictObject({ name: z.string(), ...profileSchema.shape }));

export const entry = z.strictObject({
  sequence: count,
  at: z.string(),
  ...at,
  what: z.string(),
  by: z.string(),
  port: z.string().optional(),
  protocol: z.string().optional(),
  peer: z.string().optional(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});

export const logSchema = told(
  "Log",
  z.strictObject({
    name: z.string(),
    side: side.optional(),
    first: count.describe("the number of the oldest entry that is kept"),
    next: count.describe("the number that the next entry will have"),
    entries: z.array(entry).describe("oldest first"),
  }),
);

export const fileSchema = told(
  "File",
  z.strictObject({ name: z.string(), ...at, size: count.describe("bytes"), what: z.string().optional() }),
);

export const filesSchema = told(
  "Files",
  z.strictObject({ name: z.string(), folders: z.array(z.string()), files: z.array(fileSchema) }),
);

export const fileContentSchema = told(
  "FileContent",
  z.strictObject({
    file: z.string(),
    observations: z.array(
      z.strictObject({
        name: z.string(),
        disturbance: z.string().optional(),
        utc: utc.optional(),
        triggered: z.number().optional(),
        explained: z
          .strictObject({
            cause: z
              .string()
              .optional()
              .describe("fault, motor start, …; unknown where no cause has all of its criteria"),
            type: z.string().optional().describe("the type of a dip by its phasors"),
            direction: z.string().optional().describe("upstream or downstream of the meter"),
            says: z.array(z.string()).describe("the criteria of what is named, or why nothing is"),
          })
          .optional()
          .describe("what its waveforms say of its cause"),
        tracks: z.array(
          z.strictObject({
            kind: z.enum(["waveform", "rms"]),
            unit: z.enum(["V", "A"]),
            times: z.array(z.number()),
            channels: z.array(z.strictObject({ name: z.string(), phase: z.string(), values: z.array(known) })),
          }),
        ),
      }),
    ),
  }),
);
