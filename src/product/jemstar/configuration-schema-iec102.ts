/** The shape of the section iec102 of a revenue meter's configuration (Appendix F, and the Spanish companion profile). */
import { totalRecords, totalUnits, type TotalRecord, type TotalUnit } from "#product/jemstar/iec102/configuration.ts";
import { measurementTypes, measureOf } from "#product/jemstar/iec102/enumerations.ts";
import type { Measure } from "#quantity/measure.ts";
import { z } from "zod";
import { measure } from "./configuration-schema-registers.ts";
import { factoryIec102Objects } from "./factory.ts";

const unitNames = Object.keys(totalUnits) as [TotalUnit, ...TotalUnit[]];
const addresses = totalRecords.map((address) => z.literal(address)) as [
  z.ZodLiteral<TotalRecord>,
  ...z.ZodLiteral<TotalRecord>[],
];

const record = z.strictObject({
  address: z.union(addresses).describe("record address: 11 to 13 integration periods 1 to 3, 21 to 23 days"),
  minutes: z.union([z.number().int().min(1).max(60), z.literal("day")]),
  profile: z.number().int().min(1).max(2).optional().describe("the load profile, 1 unless log is said"),
  log: z.number().int().min(1).max(8).optional().describe("a group of the measurement log, instead of a profile"),
});

const enumeration = z
  .strictObject({
    type: z.enum(measurementTypes),
    quantity: z.number().int().min(0).max(24),
    phase: z.number().int().min(0).max(6),
    direction: z.number().int().min(0).max(9),
    number: z
      .number()
      .int()
      .min(1)
      .max(128)
      .optional()
      .describe("of a totalization, an input or a channel of another meter; of a harmonic its order"),
  })
  .transform((given, context): Measure => {
    const found = measureOf(given);
    if (found !== undefined) return found;
    context.addIssue({ code: "custom", message: "the meter measures nothing of these numbers (Appendix F)" });
    return z.NEVER;
  });

const address = z
  .number()
  .int()
  .min(1)
  .max(255)
  .describe("1 active in, 2 active out, 3 to 6 reactive by quadrant, 7 and 8 in reserve");
const scaling = z.number().positive().max(1_000_000).default(1).describe("of values that do not accumulate");
const object = z.union([
  z.strictObject({ object: address, measure, scaling }),
  z
    .strictObject({ object: address, enumeration, scaling })
    .transform(({ enumeration: measure, ...rest }) => ({ ...rest, measure }))
    .describe("by the numbers of Appendix F"),
]);

export const iec102 = z.strictObject({
  companion: z
    .enum(["base", "ree"])
    .default("base")
    .describe("the base standard's types alone, or those of the Spanish companion profile (REE) besides"),
  addressOctets: z
    .union([z.literal(1), z.literal(2)])
    .default(2)
    .describe("of the link address, which is the port's"),
  measuringPoint: z.number().int().min(1).max(65_535).default(1),
  manufacturer: z.number().int().min(0).max(255).default(0).describe("manufacturer's code"),
  deviceNumber: z.number().int().min(0).max(0xffff_ffff).optional().describe("digits of the serial number unless said"),
  password: z
    .boolean()
    .optional()
    .describe("whatever is read takes a session with the secret iec102.password; with ree unless said"),
  sessionSeconds: z.number().int().min(10).max(3600).default(120).describe("after which an unused session ends"),
  timeSet: z
    .boolean()
    .default(true)
    .describe("whoever reads may set the clock; else only who is a user by his password"),
  unit: z.enum(unitNames).default("kWh").describe("of totals: Wh and varh, by thousands or millions"),
  records: z
    .array(record)
    .max(totalRecords.length)
    .optional()
    .describe("totals by record address; by the intervals of the load profiles unless said"),
  objects: z
    .array(object)
    .max(64)
    .default(factoryIec102Objects.map((one) => ({ ...one })))
    .describe("what each object of totals is of"),
});
