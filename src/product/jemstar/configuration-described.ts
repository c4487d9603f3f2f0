/** The configuration of a JEMStar as its schema describes it to who edits it: with titles, units, and what changing each section takes. */
import { withTitles, type JsonSchema, type Said } from "#product/described-keys.ts";
import { isSealed } from "#revenue/people/security.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import { privilegeOf } from "./configuration-changes.ts";
import { parseRevenueFile } from "./configuration-file.ts";
import type { Section } from "./configuration-meaning.ts";
import { revenueJsonSchema } from "./configuration-schema.ts";

const titles: Readonly<Record<Section, string>> = {
  identification: "Identification",
  primary: "Transformers and service",
  registers: "Display registers",
  profiles: "Load profiles",
  measurementLog: "Measurement log",
  pqdif: "PQDIF files",
  demand: "Demand",
  tou: "Seasons, day types and holidays",
  timekeeping: "Clock",
  selfRead: "Self reads",
  correction: "Transformer correction",
  losses: "Loss compensation",
  resetLockoutMinutes: "Lockout after a billing reset",
  io: "Inputs and outputs",
  testPulses: "Test pulses",
  testMode: "Test mode",
  totalization: "Totalization",
  communicated: "Channels of other meters",
  overrideRate: "Rate of the override input",
  triggers: "Triggers",
  triggerBits: "Trigger bits",
  powerQuality: "Recordings of power quality",
  communications: "Ports",
  modbus: "Modbus",
  dlms: "DLMS",
  dnp3: "DNP3",
  iec102: "IEC 60870-5-102",
  iec61850: "IEC 61850",
  display: "Display",
  security: "Lockout and sessions",
  users: "Users",
};
const sections = Object.keys(titles) as Section[];

/** Options of which one has to be ordered for a section to do anything. */
const orders: Readonly<Partial<Record<Section, readonly string[]>>> = {
  measurementLog: ["ML", "PQ2", "PQ3"],
  powerQuality: ["PQ1", "PQ2", "PQ3"],
  io: ["DIO", "DIOP"],
  totalization: ["DIO", "DIOP"],
  dlms: ["DLMS"],
  iec61850: ["IEC"],
};

const cycles = { "x-unit": "cycles" };
const capture = (at: string): Said => ({ [`${at}.pre`]: cycles, [`${at}.post`]: cycles, [`${at}.limit`]: cycles });
const arc = { "x-unit": "′" };
const lossOf = (at: string): Said => ({
  [`${at}.ironW`]: { "x-unit": "W/V²" },
  [`${at}.ironVar`]: { "x-unit": "var/V⁴" },
  [`${at}.copperW`]: { "x-unit": "W/A²" },
  [`${at}.copperVar`]: { "x-unit": "var/A²" },
  [`${at}.lineW`]: { "x-unit": "W/A²" },
  [`${at}.lineVar`]: { "x-unit": "var/A²" },
});

const said: Said = {
  "*.password": { writeOnly: true },
  "primary.ptSecondary": { "x-unit": "V" },
  "primary.ctSecondary": { "x-unit": "A" },
  "primary.flickerLamp": { "x-unit": "V" },
  "profiles.minutes": { title: "Length of an interval" },
  "measurementLog.interval": { "x-unit": "min" },
  "timekeeping.daylightSaving.minutes": { title: "Shift" },
  "timekeeping.daylightSaving.start.hour": { "x-unit": undefined },
  "timekeeping.daylightSaving.end.hour": { "x-unit": undefined },
  "timekeeping.freeze.minute": { "x-unit": undefined },
  "timekeeping.billingReset.minute": { "x-unit": undefined },
  "selfRead.minute": { "x-unit": undefined },
  "correction.pt.minutes": { title: "Angle", ...arc },
  "correction.ct.minutes": { title: "Angle", ...arc },
  "testPulses.kt": { "x-unit": "Wh" },
  ...lossOf("losses.delivered"),
  ...lossOf("losses.received"),
  ...capture("powerQuality.highSpeedRms"),
  ...capture("powerQuality.waveforms.low"),
  ...capture("powerQuality.waveforms.medium"),
  ...capture("powerQuality.waveforms.high"),
};

let titled: JsonSchema | undefined;

/** The schema of a meter that was ordered so; its defaults are that meter's factory's. */
export function describedConfiguration(title: string, ordered: Ordered): JsonSchema {
  titled ??= withTitles(revenueJsonSchema() as JsonSchema, said);
  const properties = titled["properties"] as Readonly<Record<string, JsonSchema>>;
  const factory = parseRevenueFile("the factory's configuration", "", ordered);
  const described = sections.map((section): readonly [string, JsonSchema] => {
    const privilege = privilegeOf(section);
    const takes = orders[section];
    return [
      section,
      {
        ...properties[section],
        title: titles[section],
        ...(factory[section] === undefined ? {} : { default: factory[section] }),
        "x-privilege": privilege,
        ...(isSealed(privilege) ? { "x-key": "metering" } : {}),
        ...(takes === undefined ? {} : { "x-takes": takes }),
        ...(takes?.some((one) => ordered.options.has(one)) === false ? { "x-absent": true } : {}),
      },
    ];
  });
  return { ...titled, title, properties: Object.fromEntries(described) };
}
