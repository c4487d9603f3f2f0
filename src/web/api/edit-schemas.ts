/** Changing the site file, and looking for meters (quantity/site-edit-view.ts): what is asked for, and what is told. */
import { z } from "zod";
import { scanStates } from "#quantity/site-edit-view.ts";
import { asked, told } from "./named.ts";
import { count } from "./plain-schemas.ts";

export const checkQuery = z.strictObject({
  check: z.string().optional().describe("changes nothing, whatever it says"),
});

export const meterEntry = asked(
  "MeterEntry",
  z.looseObject({ name: z.string(), model: z.string() }).describe("a meter, as the site file has it"),
);

/** What a meter is called stays: its memory goes by it. */
export const meterChange = asked(
  "MeterChange",
  z
    .looseObject({ name: z.never().optional() })
    .describe("keys of a meter in the site file, each in place of what is said there"),
);

/** That are tried in one scan. */
const MOST = 4096;

export const scanAsked = asked(
  "ScanAsked",
  z
    .strictObject({
      url: z.string().min(1).max(2000).describe("a place: modbus://host:port, dnp3://host:port, dlms://host:port"),
      from: z.int().min(0).max(65_519).default(1).describe("the first unit, outstation or client"),
      to: z.int().min(0).max(65_519).default(127).describe("the last one"),
      timeout: z.int().min(50).max(5000).default(300).describe("milliseconds that each answer is waited for"),
    })
    .refine(({ from, to }) => from <= to && to - from < MOST, {
      path: ["to"],
      message: `expected no less than from, and at most ${MOST} of them`,
    }),
);

export const siteEditSchema = told(
  "SiteEdit",
  z.strictObject({
    ok: z.literal(true),
    checked: z.boolean().describe("nothing was changed"),
    tag: z.string().describe("of the file as it is now, for If-Match"),
    difference: z.array(z.strictObject({ sign: z.enum([" ", "+", "-"]), line: z.int(), text: z.string() })),
    changes: z.array(z.string()).describe("what the reload has changed, in words"),
    notes: z.array(z.string()).describe("what whoever asks should know besides"),
  }),
);

export const additionsSchema = told(
  "Additions",
  z.strictObject({
    file: z.string(),
    tag: z.string(),
    barred: z.string().optional().describe("why the file cannot be changed from here"),
    models: z.array(
      z.strictObject({
        name: z.string(),
        title: z.string(),
        protocols: z.array(z.string()),
        made: z.boolean().describe("the site makes such meters"),
        read: z.boolean().describe("the site reads such meters"),
      }),
    ),
    sources: z.array(z.string()),
    listeners: z.array(
      z.strictObject({
        protocol: z.string(),
        title: z.string(),
        transport: z.string(),
        over: z.string(),
        port: z.int().optional().describe("unless said"),
      }),
    ),
    urls: z.array(z.string()).describe("by which meters are read"),
    schema: z.record(z.string(), z.unknown()).describe("JSON Schema of a meter, as the site file has it"),
  }),
);

export const scanSchema = told(
  "Scan",
  z.strictObject({
    url: z.string(),
    from: z.int(),
    to: z.int(),
    state: z.enum(scanStates),
    unit: z.int().describe("the one that is looked at, over Modbus"),
    found: z.array(
      z.strictObject({
        unit: z.int().describe("or outstation, or client"),
        by: z.string().describe("how it was recognised"),
        text: z.string().describe("what it says that it is"),
        url: z.string(),
        models: z.array(z.string()).describe("that it may be"),
      }),
    ),
    silent: count.describe("that did not answer, once all have been looked at"),
    words: z.string().describe("what is being tried, why it failed, or what else came instead of answers"),
  }),
);
