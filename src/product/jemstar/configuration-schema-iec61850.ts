/** The shape of the section iec61850 of a revenue meter's configuration: what a CID file says of it (Appendix E). */
import {
  controlModels,
  fieldWords,
  MOST_DATA_SETS,
  MOST_MEMBERS,
  MOST_REPORTS,
  MOST_SELECT_SECONDS,
  triggerWords,
  usualFields,
  type ControlWord,
} from "#product/jemstar/iec61850/configuration.ts";
import { limits } from "#quantity/limits.ts";
import { quotedWord } from "#quantity/nearest.ts";
import { z } from "zod";

/** As SCL has names: of an IED, of what is in it. */
const name = (most: number) =>
  z
    .string()
    .regex(
      new RegExp(`^[A-Za-z][A-Za-z0-9_]{0,${most - 1}}$`),
      `expected a letter, then letters, digits and _, ${most} at most`,
    );

/** A CID has no more characters than these for what people read. */
const text = z
  .string()
  .max(255)
  .regex(/^[ -~]*$/, { error: ({ input }) => `expected printable ASCII; found ${quotedWord(String(input))}` });

/** As clients may write it (limits.reports): 0, or a period. */
const { leastIntegrityMs, mostIntegrityMs, mostBufferMs } = limits.reports;
const integrityMs = z
  .number()
  .int()
  .min(0)
  .max(mostIntegrityMs)
  .refine((ms) => ms === 0 || ms >= leastIntegrityMs, `expected 0, or at least ${leastIntegrityMs}`);

const dataSet = z.strictObject({
  name: name(32),
  members: z
    .array(z.string().max(255).describe("MMXU1.TotW[MX], or MMXU1.PhV.phsA.cVal.mag.f[MX]"))
    .min(1)
    .max(MOST_MEMBERS),
});

const report = z
  .strictObject({
    name: name(32),
    buffered: z.boolean().default(false),
    dataSet: name(32).optional(),
    rptId: z.string().max(129).optional().describe("the reference of the control block unless said"),
    configRevision: z.number().int().min(0).max(0xffff_ffff).default(1),
    bufferMs: z
      .number()
      .int()
      .min(0)
      .max(mostBufferMs)
      .default(0)
      .describe("how long changes are gathered for one report"),
    integrityMs: integrityMs.default(0).describe("between two reports of everything; 0: none"),
    triggers: z
      .array(z.enum(triggerWords))
      .max(triggerWords.length)
      .default(["dataChange", "qualityChange", "generalInterrogation"]),
    fields: z
      .array(z.enum(fieldWords))
      .max(fieldWords.length)
      .optional()
      .describe(
        "sequenceNumber, timeStamp, reason, dataSet and configRevision unless said; of a buffered one bufferOverflow and entryId, too",
      ),
    instances: z.number().int().min(1).max(MOST_REPORTS).default(1).describe("clients that it is for"),
    indexed: z.boolean().default(true).describe("instances have a number of two digits behind the name"),
  })
  .transform(({ fields, ...rest }) => ({ ...rest, fields: [...(fields ?? usualFields(rest.buffered))] }));

const goose = z.strictObject({
  name: name(32),
  dataSet: name(32),
  goId: z.string().min(1).max(129).optional().describe("the reference of the control block unless said"),
  configRevision: z.number().int().min(0).max(0xffff_ffff).default(1),
  needsCommissioning: z.boolean().default(false),
  fixedOffsets: z.boolean().default(false),
  mac: z
    .string()
    .regex(/^01(-[0-9A-F]{2}){5}$/, {
      error: ({ input }) =>
        `expected a multicast address like 01-0C-CD-01-00-01, capitals with hyphens; found ${quotedWord(String(input))}`,
    })
    .optional()
    .describe("nothing is sent without one"),
  appId: z.number().int().min(0).max(0xffff).default(1),
  vlan: z
    .strictObject({ id: z.number().int().min(0).max(4095), priority: z.number().int().min(0).max(7).default(4) })
    .optional()
    .describe("without it frames have no tag"),
  minMs: z.number().int().min(1).max(60_000).default(4).describe("from a change to its first repetition"),
  maxMs: z.number().int().min(1).max(60_000).default(1000).describe("between repetitions when nothing changes"),
});

const deadband = z.strictObject({
  of: z.string().max(64).describe("a data object: MMXU1.TotW, MMXU1.PhV.phsA"),
  db: z.number().int().min(0).max(100_000).describe("in 0.001 % of its range; 0: every change"),
});

const words = Object.keys(controlModels) as [ControlWord, ...ControlWord[]];

export const iec61850 = z.strictObject({
  name: name(64).default("JEM01").describe("of the IED"),
  device: name(64).default("MTR").describe("of its logical device: its domain is both names"),
  edition: z.enum(["1", "2", "2.1"]).default("2"),
  configVersion: text.default("1"),
  configRevision: text.default("1"),
  properties: z
    .strictObject({
      manufacturer: text.optional(),
      modelType: text.optional(),
      stationId: text.optional(),
      deviceId: text.optional(),
      firmware: text.optional(),
      identification: text.optional(),
    })
    .prefault({})
    .describe("IED properties; what the meter says of itself where they are left out"),
  clients: z.number().int().min(1).max(12).default(1).describe("that associate at once, on each port"),
  buffer: z
    .strictObject({
      entries: z.number().int().min(10).max(10_000).default(1000),
      kilobytes: z.number().int().min(1).max(4096).default(128),
    })
    .prefault({})
    .describe("of each buffered report control block"),
  deadband: z
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(100)
    .describe("in 0.001 % of a value's range; 0: every change"),
  deadbands: z.array(deadband).max(200).default([]).describe("of those that have one of their own"),
  statisticsMinutes: z
    .union([1, 2, 3, 5, 10, 15, 20, 30, 60].map((one) => z.literal(one)))
    .default(15)
    .describe("of which averages, maxima and minima are (MSTA), by the clock"),
  control: z
    .strictObject({
      model: z.enum(words).default("direct").describe("of outputs"),
      selectSeconds: z
        .number()
        .int()
        .min(1)
        .max(MOST_SELECT_SECONDS)
        .default(30)
        .describe("for which a selection holds"),
    })
    .prefault({}),
  dataSets: z.array(dataSet).max(MOST_DATA_SETS).optional().describe("the manual's unless said"),
  reports: z
    .array(report)
    .max(2 * MOST_REPORTS)
    .optional()
    .describe("twelve of each kind unless said"),
  goose: z.array(goose).max(8).optional().describe("the inputs unless said"),
});
