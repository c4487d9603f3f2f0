/** The part of a site file that orders mistakes of wiring. */
import { z } from "zod";

const positive = z.number().positive();
const phaseName = z.enum(["a", "b", "c"]);
const phaseNames = z.array(phaseName).min(1);
const three = (of: z.ZodType<"a" | "b" | "c" | "n">) => z.tuple([of, of, of]);
const ratios = z
  .strictObject({ a: positive.optional(), b: positive.optional(), c: positive.optional() })
  .describe("what they are multiplied by, by phase");

/** Mistakes between the network and the terminals of the meter. */
export const wiring = z
  .strictObject({
    swapVolts: z.tuple([phaseName, phaseName]).optional().describe("two voltages change places"),
    swapAmps: z.tuple([phaseName, phaseName]).optional().describe("two currents change places"),
    volts: three(z.enum(["a", "b", "c", "n"]))
      .optional()
      .describe("what stands at the terminals A, B and C: [b, c, a]"),
    neutral: phaseName.optional().describe("what stands at the terminal of the neutral"),
    amps: three(phaseName).optional().describe("whose conductors the current inputs A, B and C measure: [a, c, b]"),
    reversed: phaseNames.optional().describe("current transformers that are turned round"),
    reversedVolts: phaseNames.optional().describe("voltage transformers that are turned round"),
    deadVolts: phaseNames.optional().describe("voltages that are missing"),
    deadAmps: phaseNames.optional().describe("current transformers that are shorted"),
    voltsRatio: ratios.optional(),
    ampsRatio: ratios.optional(),
  })
  .refine((w) => w.swapVolts === undefined || w.volts === undefined, {
    path: ["swapVolts"],
    message: "expected swapVolts or volts, not both",
  })
  .refine((w) => w.swapAmps === undefined || w.amps === undefined, {
    path: ["swapAmps"],
    message: "expected swapAmps or amps, not both",
  })
  .refine((w) => w.swapVolts?.[0] === undefined || w.swapVolts[0] !== w.swapVolts[1], {
    path: ["swapVolts"],
    message: "a swap takes two phases, like [b, c]",
  })
  .refine((w) => w.swapAmps?.[0] === undefined || w.swapAmps[0] !== w.swapAmps[1], {
    path: ["swapAmps"],
    message: "a swap takes two phases, like [b, c]",
  })
  .describe("how the meter is connected wrongly, to be found");

export type WiringEntry = z.output<typeof wiring>;
