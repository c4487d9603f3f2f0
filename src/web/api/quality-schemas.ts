/** What the API says of power quality: the shapes of quantity/quality-view.ts. */
import { z } from "zod";
import { told } from "./named.ts";
import { known, utc } from "./plain-schemas.ts";

const instant = utc.nullable();

const channel = z.strictObject({
  name: z.string(),
  unit: z.enum(["V", "A"]),
  declared: z.number().optional().describe("the volts that it should have; absent of amps, and where nobody says"),
  rms: known,
  fundamental: known,
  degrees: known.describe("of the fundamental against that of the first voltage, counter-clockwise"),
  crest: known,
  thd: known.describe("percent of the fundamental"),
  thdOdd: known,
  thdEven: known,
  k: known.optional(),
  tdd: known.optional(),
  harmonics: z.array(known).describe("percent of the fundamental, from order 1 on"),
  interharmonics: z.array(known),
  angles: z.array(known).optional().describe("degrees of the orders from 1 on; live events have none"),
});

const unbalance = z.strictObject({ negative: known, zero: known });
const unbalances = z.strictObject({ V: unbalance, A: unbalance });

export const qualitySchema = told(
  "Quality",
  z.strictObject({
    utc: instant.describe("the end of the block"),
    cycles: z.union([z.literal(10), z.literal(12)]),
    flagged: z.boolean(),
    missing: z.array(z.string()),
    channels: z.array(channel),
    unbalance: unbalances,
    flicker: z
      .array(
        z.strictObject({
          name: z.string(),
          pinst: known,
          pst: known,
          pstFlagged: z.boolean(),
          plt: known,
          pltFlagged: z.boolean(),
        }),
      )
      .optional(),
    flickerEnds: z.strictObject({ pst: instant, plt: instant }).optional(),
    hz10s: known.optional(),
  }),
);

export const intervalSchema = told(
  "Interval",
  z.strictObject({
    length: z.string(),
    start: instant,
    end: instant,
    complete: z.boolean(),
    flagged: z.boolean(),
    parts: z.number(),
    values: z.array(
      z.strictObject({ name: z.string(), unit: z.enum(["V", "A", "%"]), mean: known, min: known, max: known }),
    ),
    means: z.strictObject({ channels: z.array(channel), unbalance: unbalances }).optional(),
  }),
);

export const intervalsSchema = told(
  "Intervals",
  z.strictObject({ name: z.string(), intervals: z.array(intervalSchema) }),
);
