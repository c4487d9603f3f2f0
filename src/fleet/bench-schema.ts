/** What can be ordered of the bench of a meter whose source is synthetic, in the words of the site file. */
import { z } from "zod";
import { flicker, harmonic, load, orderedEvent, synthetic } from "./synthetic-schema.ts";
import { wiring } from "./wiring-schema.ts";

/** Events that last or are to come, of one bench. */
export const MOST_EVENTS = 50;
const MOST_HARMONICS = 100;

const { hz, noise, leading, export: flowsBack } = synthetic.shape;

/** One value for all phases, one for each, or of some. */
const phased = (value: z.ZodNumber) =>
  z.union([
    value,
    z.array(value).length(3),
    z.strictObject({ a: value.optional(), b: value.optional(), c: value.optional() }),
  ]);
const primary = z.number().min(0).max(2e6);
const harmonics = z
  .array(harmonic.extend({ degrees: z.number().min(-360).max(360).default(0) }))
  .max(MOST_HARMONICS)
  .optional();
/** What a transformer of a wrong ratio multiplies by, and a curve of the load. */
const MOST_FACTOR = 1000;
const isModest = (factors: Readonly<Record<string, number | undefined>> | undefined): boolean =>
  Object.values(factors ?? {}).every((factor = 1) => factor <= MOST_FACTOR);
const modest = { message: `expected no factor above ${MOST_FACTOR}` };

export const benchChange = z
  .strictObject({
    volts: phased(primary)
      .optional()
      .describe("line to neutral, primary: one for all phases, one for each, or { b: 138 }"),
    amps: phased(primary).optional().describe("primary, likewise"),
    pf: phased(z.number().min(0).max(1)).optional().describe("power factor, likewise"),
    leading: leading.unwrap().optional().describe("the current leads"),
    export: flowsBack.unwrap().optional().describe("power flows back to the source"),
    hz: hz.unwrap().optional(),
    angles: z.array(z.number().min(-360).max(360)).length(3).optional().describe("degrees of the voltages"),
    harmonics: z
      .strictObject({ volts: harmonics, amps: harmonics })
      .optional()
      .describe("those of the volts, or amps, from now on; an order that is not whole is an interharmonic"),
    noise: noise.unwrap().optional().describe("white, RMS in percent of the fundamental"),
    flicker: flicker
      .extend({ hz: z.number().min(0.01).max(100) })
      .nullable()
      .optional()
      .describe("modulation of the volts as IEC 61000-4-15 has it; null ends it"),
    load: load.refine(isModest, modest).nullable().optional(),
    wiring: wiring
      .refine((mistakes) => isModest(mistakes.voltsRatio) && isModest(mistakes.ampsRatio), modest)
      .nullable()
      .optional()
      .describe("how the meter is connected wrongly; null mends it"),
    outage: z.boolean().optional().describe("there is neither voltage nor current until it is false again"),
    endEvents: z.literal(true).optional().describe("what the bench has ordered to happen is over, or does not come"),
    events: z.array(orderedEvent).min(1).max(MOST_EVENTS).optional().describe("what happens, from now on"),
  })
  .refine((change) => Object.values(change).some((one) => one !== undefined), {
    message: "expected something to change, like { volts: { b: 138 } }",
  });

export type BenchChange = z.output<typeof benchChange>;
