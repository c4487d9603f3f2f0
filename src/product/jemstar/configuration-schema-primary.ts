/** The shape of the primary section of a revenue meter's configuration (Appendix A, Primary Configuration). */
import { connectionTypes, rotations } from "#revenue/settings/configuration.ts";
import { z } from "zod";

const ratio = z.number().min(1).max(100_000);

/** A ratio, or the rated primary and secondary that it is of. */
const transformer = z.union([
  ratio,
  z.strictObject({ primary: z.number().positive().max(1e7), secondary: z.number().positive().max(1000) }),
]);
const secondary = z.number().positive().max(1000).optional();

interface Rated {
  readonly pt: z.output<typeof transformer>;
  readonly ct: z.output<typeof transformer>;
  readonly ptSecondary?: number | undefined;
  readonly ctSecondary?: number | undefined;
}

/** Whichever way transformers are written, they have a ratio and a secondary. */
function primaryOf<T extends Rated>(given: T, context: z.RefinementCtx) {
  const of = (name: "pt" | "ct", said: number | undefined) => {
    const rated = given[name];
    if (typeof rated === "number") return { ratio: rated, secondary: said ?? 1 };
    if (said !== undefined && said !== rated.secondary)
      context.addIssue({
        code: "custom",
        path: [`${name}Secondary`],
        message: `${name} says ${rated.secondary}, found ${said}`,
      });
    const { error, data = 1 } = ratio.safeParse(rated.primary / rated.secondary);
    for (const { message } of error?.issues ?? []) context.addIssue({ code: "custom", path: [name], message });
    return { ratio: data, secondary: rated.secondary };
  };
  const [pt, ct] = [of("pt", given.ptSecondary), of("ct", given.ctSecondary)];
  return { ...given, pt: pt.ratio, ct: ct.ratio, ptSecondary: pt.secondary, ctSecondary: ct.secondary };
}

/** Where a meter is: its transformers, its service, and how power quality is measured there. */
export const primary = z
  .strictObject({
    pt: transformer.default(1).describe("PT primary over secondary, or both; a ratio of 1 to 100000"),
    ct: transformer.default(1).describe("CT primary over secondary, or both; a ratio of 1 to 100000"),
    ptSecondary: secondary.describe("volts of the PT's secondary; with 1 the primary is the ratio"),
    ctSecondary: secondary.describe("amperes of the CT's secondary; with 1 the primary is the ratio"),
    nominalVoltage: z
      .number()
      .min(45)
      .max(520)
      .default(120)
      .describe("secondary, of the volts of pqVoltage: to neutral 45 to 300, line to line to 520"),
    nominalCurrent: z.number().positive().max(20).default(5),
    connection: z.enum(connectionTypes).default("4 wire wye"),
    pqVoltage: z
      .enum(["ln", "ll"])
      .default("ln")
      .describe("the volts that power quality is measured of, to neutral or line to line; ll of three wires"),
    flickerLamp: z
      .union([z.literal(120), z.literal(230)])
      .default(120)
      .describe("volts of the flickermeter's lamp"),
    demandCurrent: z
      .number()
      .positive()
      .max(20)
      .optional()
      .describe("maximum demand load current of TDD, secondary; the nominal current unless said"),
    signalFrequency: z
      .number()
      .min(100)
      .max(3000)
      .optional()
      .describe("Hz of the mains signals that are measured (IEC 61000-4-30, 5.10); none unless said"),
    rotation: z.enum(rotations).default("abc").describe("how the phases of the site follow each other"),
  })
  .prefault({})
  .transform(primaryOf);
