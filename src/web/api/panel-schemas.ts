/** What the API says of a front panel (panel/picture.ts), and what hands do at it. */
import { z } from "zod";
import { asked, told } from "./named.ts";

const tone = z.enum(["plain", "grey", "good", "active", "warning", "bad"]);
const said = z.strictObject({ text: z.string(), tone });
const choice = { text: z.string(), selected: z.boolean(), grey: z.boolean().optional() };

const lcd = z.strictObject({
  kind: z.literal("lcd"),
  rows: z.array(
    z.strictObject({
      text: z.string(),
      segments: z.union([z.literal(7), z.literal(14)]),
      flashes: z.number().optional(),
    }),
  ),
  icons: z.array(z.strictObject({ name: z.string(), on: z.boolean() })),
});

const part = z.discriminatedUnion("part", [
  z.strictObject({
    part: z.literal("registers"),
    registers: z.array(z.strictObject({ number: z.string(), label: z.string(), text: z.string(), unit: z.string() })),
  }),
  z.strictObject({
    part: z.literal("phasor"),
    vectors: z.array(
      z.strictObject({
        name: z.string(),
        of: z.enum(["volts", "amps"]),
        magnitude: z.string().optional(),
        angle: z.number().optional(),
        length: z.number(),
      }),
    ),
  }),
  z.strictObject({
    part: z.literal("matrix"),
    columns: z.array(z.strictObject({ name: z.string(), there: z.boolean() })),
    rows: z.array(z.strictObject({ name: z.string(), cells: z.array(said) })),
    legend: z.array(said),
  }),
  z.strictObject({ part: z.literal("table"), columns: z.array(z.string()), rows: z.array(z.array(z.string())) }),
  z.strictObject({ part: z.literal("menu"), columns: z.number(), items: z.array(z.strictObject(choice)) }),
  z.strictObject({
    part: z.literal("form"),
    fields: z.array(z.strictObject({ ...choice, label: z.string(), edits: z.number().optional() })),
  }),
  z.strictObject({ part: z.literal("keys"), rows: z.array(z.array(z.strictObject(choice))) }),
  z.strictObject({ part: z.literal("lines"), lines: z.array(said) }),
  z.strictObject({
    part: z.literal("indicators"),
    items: z.array(z.strictObject({ title: z.string(), text: z.string(), tone })),
  }),
]);

const screen = z.strictObject({
  kind: z.literal("screen"),
  title: z.string(),
  clock: z.string(),
  rate: z.string().optional(),
  marks: z.array(said),
  parts: z.array(part),
  foot: z
    .strictObject({
      back: z.strictObject(choice),
      user: z.string(),
      lock: z.strictObject({ open: z.boolean(), selected: z.boolean() }).optional(),
    })
    .optional(),
  intervals: z.array(z.strictObject({ label: z.string(), done: z.number() })),
});

/** A display without power: its glass. */
const dark = z.strictObject({ kind: z.literal("dark"), glass: z.literal("colour").optional() });

export const pictureSchema = told(
  "Picture",
  z.strictObject({
    display: z.discriminatedUnion("kind", [lcd, screen, dark]),
    lights: z.array(z.strictObject({ name: z.string(), pulses: z.number() })),
    held: z.array(z.string()),
    open: z.array(z.string()),
  }),
);

export const controlSchema = told(
  "Control",
  z.strictObject({
    name: z.string(),
    label: z.string(),
    kind: z.enum(["button", "flap"]),
    at: z.array(z.number()).min(2).max(3).describe("column, row, and how many columns it is wide"),
    behind: z.string().optional(),
    key: z.string().optional(),
  }),
);

export const seenSchema = told("Seen", z.strictObject({ picture: pictureSchema }));

export const panelSchema = told(
  "Panel",
  z.strictObject({ name: z.string(), controls: z.array(controlSchema), picture: pictureSchema }),
);

export const touchSchema = asked(
  "Touch",
  z
    .strictObject({
      press: z.string().optional().describe("a control that goes down, or a flap that opens or shuts"),
      release: z.string().optional().describe("a control that comes up"),
    })
    .refine(
      ({ press, release }) => (press === undefined) !== (release === undefined),
      "expected either press or release",
    )
    .meta({ minProperties: 1, maxProperties: 1 }),
);
/** What somebody does to a control. */
export type Touch = z.output<typeof touchSchema>;
