/** The bench of a meter and the clock of the site (quantity/bench-view.ts): what is ordered, and what is told. */
import { z } from "zod";
import { benchChange } from "#fleet/bench-schema.ts";
import { MOST_SPEED } from "#fleet/site-clock.ts";
import { benchKinds } from "#quantity/bench-view.ts";
import { asked, told } from "./named.ts";
import { utc } from "./plain-schemas.ts";

export const benchBody = asked("BenchChange", benchChange);

const three = z.array(z.number()).length(3);
const harmonics = z.array(z.strictObject({ order: z.number(), percent: z.number(), degrees: z.number() }));
const phase = z.enum(["a", "b", "c"]);

const state = z.strictObject({
  hz: z.number(),
  volts: three.describe("line to neutral, primary"),
  amps: three,
  pf: three,
  angles: three.describe("degrees of the voltages"),
  leading: z.boolean(),
  export: z.boolean(),
  harmonics: z.strictObject({ volts: harmonics, amps: harmonics }),
  noise: z.number(),
  flicker: z.strictObject({ hz: z.number(), percent: z.number(), shape: z.enum(["sine", "square"]) }).nullable(),
  load: z.record(z.string(), z.number()).nullable(),
  wiring: z.record(z.string(), z.unknown()).nullable().describe("mistakes, in the words of the site file"),
  outage: z.boolean(),
});

export const benchSchema = told(
  "Bench",
  z.strictObject({
    name: z.string(),
    utc: z.number().describe("the site's clock, milliseconds since 1970"),
    siteFile: z.string().describe("its name, without its folder"),
    waveform: z.boolean().describe("the source makes one; without it transients and flicker are not seen"),
    since: utc.nullable().describe("from when on it is so; null while it is as the file has it from the start"),
    now: state,
    events: z
      .array(
        z.strictObject({
          kind: z.enum(benchKinds),
          utc: utc.describe("when it begins"),
          for: z.number().optional(),
          every: z.number().optional(),
          phases: z.array(phase).optional(),
          volts: z.number().optional(),
          amps: z.number().optional(),
          hz: z.number().optional(),
          ring: z.number().optional(),
          by: z.enum(["file", "bench"]),
        }),
      )
      .describe("what lasts, comes again or is to come"),
    differs: z
      .array(z.strictObject({ key: z.enum([...state.keyof().options, "events"]), file: z.unknown() }))
      .describe("what is not as the site file has it, and what that says"),
  }),
);

const speed = z.union([z.number().positive().max(MOST_SPEED), z.literal("max")]);

export const clockBody = asked(
  "ClockChange",
  z.strictObject({ speed: speed.describe("how many times as fast as time; max is as fast as it can") }),
);

export const clockSchema = told(
  "Clock",
  z.strictObject({
    utc: z.number().describe("the site's clock, milliseconds since 1970"),
    speed: z
      .union([z.number(), z.literal("max")])
      .nullable()
      .describe("null of one that is moved by hand"),
    fixed: z.string().nullable().describe("why its speed cannot be changed; null where it can"),
    behind: z.string().optional().describe("that it does not go as fast as it is to; absent while it does"),
  }),
);
