/** What the API says of configurations: the shapes of quantity/configuration-view.ts. */
import { z } from "zod";
import { asked, told } from "./named.ts";
import { count, offset, utc } from "./plain-schemas.ts";

/** What belongs to it is the model's: the meter says what is wrong with it. */
export const configurationBody = asked(
  "Configuration",
  z
    .union([z.record(z.string(), z.unknown()), z.string()])
    .describe("settings by name, or a whole file as JSON, as YAML in a text, or as SCL in a text: what the model has"),
);
export const configurationSchema = told("ConfigurationNow", z.unknown().describe("what PUT takes, without secrets"));

export const describedSchema = told(
  "ConfigurationSchema",
  z
    .looseObject({ type: z.literal("object"), properties: z.record(z.string(), z.unknown()) })
    .describe("JSON Schema of what PUT takes, with what each part needs"),
);

export const keyChangeSchema = told(
  "KeyChange",
  z.strictObject({
    key: z.string(),
    before: z.unknown().optional().describe("absent where there was nothing"),
    after: z.unknown().optional().describe("absent where nothing is left"),
    secret: z.literal(true).optional().describe("it has become another, and neither is told"),
  }),
);
const changes = {
  changes: z.array(keyChangeSchema),
  more: count.optional().describe("how many more there are"),
};

export const historySchema = told(
  "ConfigurationHistory",
  z.strictObject({
    name: z.string(),
    first: count.describe("the number of the oldest that is kept"),
    next: count.describe("the number that the next will have"),
    entries: z
      .array(
        z.strictObject({
          number: count,
          utc,
          offsetMinutes: offset,
          at: z.string(),
          by: z.string(),
          port: z.string().optional(),
          protocol: z.string().optional(),
          peer: z.string().optional(),
          ...changes,
          consequences: z.array(z.string()),
          undoes: count.optional().describe("the entry before which it went back to"),
        }),
      )
      .describe("oldest first"),
  }),
);

const suggestions = z.strictObject({
  values: z.array(
    z.strictObject({
      key: z.string(),
      value: z.number(),
      now: z.number(),
      fullScale: z.number(),
      unit: z.string(),
      words: z.string(),
    }),
  ),
  room: z.array(z.strictObject({ key: z.string(), records: count, days: z.number(), words: z.string() })),
});

export const configuredSchema = told(
  "Configured",
  z.strictObject({
    ok: z.literal(true),
    consequences: z.array(z.string()).optional().describe("what begins anew"),
    changes: changes.changes.optional(),
    more: changes.more,
    suggestions: suggestions.optional().describe("what it could say, and how long it lasts"),
  }),
);

export const undoBody = asked(
  "Undo",
  z.strictObject({
    entry: z.int().min(0).optional().describe("what was before it is to be again; the last unless said"),
  }),
);

export const firmwareSchema = told(
  "Firmware",
  z.strictObject({
    name: z.string(),
    boards: z.array(
      z.strictObject({
        board: z.string(),
        version: z.string(),
        waiting: z.string().optional().describe("runs once the meter has rebooted"),
      }),
    ),
    takes: z.boolean().describe("it takes files of firmware"),
    options: z.array(z.string()).describe("that were ordered, or enabled since"),
    enables: z.array(z.string()).describe("options that a key can enable"),
    rebooting: z.boolean(),
  }),
);

export const firmwareBody = asked(
  "FirmwareFile",
  z.strictObject({
    image: z.base64().describe("the file"),
    reboot: z.boolean().optional().describe("reboots the meter with it"),
  }),
);

export const optionKeyBody = asked("OptionKey", z.strictObject({ key: z.string().min(1).max(64) }));

export const editorsSchema = told(
  "Editors",
  z.strictObject({
    name: z.string(),
    editors: z.array(
      z.strictObject({
        user: z.string().nullable().describe("of the site; null of whoever is let in without"),
        meterUser: z.string().optional().describe("whose session with the meter it is"),
        near: z.boolean().describe("on the site's own machine"),
        since: utc,
        you: z.boolean().describe("the one that asks"),
      }),
    ),
  }),
);

export const editorBody = asked(
  "Editor",
  z.strictObject({
    editor: z
      .string()
      .regex(/^[A-Za-z0-9-]{8,64}$/, "expected 8 to 64 letters, digits and dashes")
      .describe("a word of its own that nobody else knows"),
    open: z.boolean().describe("false: it is closed"),
  }),
);
