/** The part of a site file that describes a network which is made: its values, and what happens to it. */
import { z } from "zod";
import { wiring } from "./wiring-schema.ts";

const positive = z.number().positive();
/** One value for all phases, or one for each. */
export const perPhase = (value: z.ZodNumber) => z.union([value, z.array(value).min(1).max(3)]);
const phaseNames = z.array(z.enum(["a", "b", "c"])).min(1);

export const harmonic = z.strictObject({
  order: z.number().min(0.1).max(256).describe("multiple of the fundamental; not whole for an interharmonic"),
  percent: z.number().min(0).max(1000).describe("of the fundamental"),
  degrees: z.number().default(0).describe("of this component when the phase's voltage crosses zero rising"),
});

const happens = {
  kind: z.enum(["sag", "swell", "interruption", "step", "swap", "transient"]),
  for: positive.optional().describe("seconds; left out, it lasts (a transient: 0.01, until a hundredth of it is left)"),
  every: positive.optional().describe("seconds after which it comes again"),
  phases: phaseNames.optional().describe("which phases; all unless said (swap takes two)"),
  volts: z
    .number()
    .min(0)
    .optional()
    .describe("what the volts are multiplied by; of a transient its first amplitude, as a part of their peak"),
  amps: z.number().min(0).optional().describe("what the amps are multiplied by"),
  hz: z.number().optional().describe("what is added to the frequency"),
  ring: z.number().min(100).max(10_000).optional().describe("Hz of a transient; 900 unless said"),
};
type Happens = z.output<z.ZodObject<typeof happens>>;

const at = z.number().min(0);
/** Seconds. */
const YEAR = 31_622_400;

/** What no part of an event can say by itself. */
function sound<Shape extends z.ZodObject>(shape: Shape): Shape {
  const of = (test: (one: Happens) => boolean) => (one: unknown) => test(one as Happens);
  return shape
    .refine(
      of(({ every, for: lasts }) => every === undefined || lasts === undefined || every > lasts),
      { path: ["every"], message: "expected more than the event lasts (for)" },
    )
    .refine(
      of(({ kind, ring }) => kind === "transient" || ring === undefined),
      { path: ["ring"], message: "only a transient rings" },
    )
    .refine(
      of(({ kind, amps, hz }) => kind !== "transient" || (amps === undefined && hz === undefined)),
      { message: "a transient is of the volts: expected neither amps nor hz" },
    )
    .refine(
      of(({ kind, phases }) => kind !== "swap" || phases?.length === 2),
      { path: ["phases"], message: "a swap takes two phases, like [b, c]" },
    );
}

const event = sound(z.strictObject({ ...happens, at: at.describe("seconds after the start of the source") }));

/** An event that a bench orders: no slip of a program may fill an accumulator, or be all that a meter has to do. */
export const orderedEvent = sound(
  z.strictObject({
    ...happens,
    for: happens.for
      .unwrap()
      .min(0.001)
      .max(YEAR)
      .optional()
      .describe(happens.for.description ?? ""),
    every: happens.every
      .unwrap()
      .min(0.1)
      .max(YEAR)
      .optional()
      .describe(happens.every.description ?? ""),
    volts: happens.volts
      .unwrap()
      .max(10)
      .optional()
      .describe(happens.volts.description ?? ""),
    amps: happens.amps
      .unwrap()
      .max(1000)
      .optional()
      .describe(happens.amps.description ?? ""),
    hz: happens.hz
      .unwrap()
      .min(-30)
      .max(30)
      .optional()
      .describe(happens.hz.description ?? ""),
    at: at.max(YEAR).default(0).describe("seconds from now on; now unless said"),
  }),
);

export const load = z
  .record(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected a time of day, like 07:30"), z.number().min(0))
  .describe("what the amps are multiplied by over the day, by time of day; linear in between");

export const flicker = z
  .strictObject({ hz: positive, percent: positive.max(100), shape: z.enum(["sine", "square"]).default("square") })
  .describe("modulation of the volts; percent is the whole swing, dU / U");

export const synthetic = z.strictObject({
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
  flicker: flicker.optional(),
  load: load.optional(),
  events: z.array(event).default([]),
  wiring: wiring.optional(),
  seed: z.number().int().min(0).default(1).describe("the same seed gives the same run"),
  steps: z.boolean().default(false).describe("no waveform: integrated in closed form, for fast time"),
});

export type SyntheticEntry = z.output<typeof synthetic>;
export type SyntheticEvent = SyntheticEntry["events"][number];
