/** What the API says of the site and its users, and what it is told of them and of meters. */
import { z } from "zod";
import { roles } from "#fleet/site-users.ts";
import { limits } from "#quantity/limits.ts";
import { keyChangeSchema } from "./configuration-schemas.ts";
import { asked, told } from "./named.ts";
import { ofSite } from "./meter-schemas.ts";

export const problemSchema = told(
  "Problem",
  z.looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().optional().describe("of a fault of the site's: what its log calls it"),
    error: z.string().describe("the same as detail"),
    refused: z.string().optional().describe("what refused it: site, store, session, privilege, key and the like"),
    problems: z.array(z.string()).optional().describe("what was wrong, a line each"),
    changes: z.array(keyChangeSchema).optional().describe("of 412: what has become another since it was read"),
    more: z.int().optional().describe("how many more of those there are"),
  }),
);

export const okSchema = told("Done", z.strictObject({ ok: z.literal(true) }));
export const healthSchema = told("Health", z.strictObject({ ok: z.boolean() }));

export const metersSchema = told(
  "Meters",
  z.strictObject({
    ...ofSite,
    meters: z.array(
      z.strictObject({ name: z.string(), model: z.string(), title: z.string(), urls: z.array(z.string()) }),
    ),
  }),
);

export const unitsSchema = told("Units", z.record(z.string(), z.string()));

export const beatSchema = told("Beat", z.strictObject(ofSite));

export const credentials = asked("Credentials", z.strictObject({ user: z.string(), password: z.string() }));

export const sessionSchema = told(
  "Session",
  z.strictObject({ token: z.string(), user: z.string(), role: z.enum(roles) }),
);
export const meterSessionSchema = told("MeterSession", z.strictObject({ token: z.string().optional() }));
export const meterVisitorSchema = told(
  "MeterVisitor",
  z.strictObject({
    name: z.string(),
    user: z.string().nullable().describe("of the meter; null of who shows no session with it"),
    minutes: z
      .int()
      .nullable()
      .describe("after which a session ends in which nothing is asked for; null of a meter that has no users"),
    usersOnly: z.boolean().describe("whether the meter's readings are shown to its users only"),
    reads: z.array(z.string()).describe("what he may read"),
    does: z.array(z.string()).describe("commands of people that he may give now"),
    closed: z.enum(["session", "privilege"]).nullable().describe("why the meter's readings are not shown to him"),
  }),
);
export const visitorSchema = told(
  "Visitor",
  z.strictObject({ user: z.string().nullable().describe("null of who is let in without"), role: z.enum(roles) }),
);

export const usersSchema = told(
  "Users",
  z.strictObject({ users: z.array(z.strictObject({ name: z.string(), role: z.enum(roles) })) }),
);
export const userChange = asked(
  "UserChange",
  z
    .strictObject({ role: z.enum(roles).optional(), password: z.string().optional() })
    .describe("a new user takes both; what is left out of one that there is stays as it is"),
);

const markName = z.string().max(limits.web.markName);
export const markQuery = z.strictObject({
  reader: markName.describe("who reads"),
  series: markName.describe("what is read: profile 1"),
});
export const markSchema = asked("Mark", z.strictObject({ reader: markName, series: markName, next: z.int().min(0) }));
export const marksSchema = told(
  "MarkNow",
  z.strictObject({ reader: z.string(), series: z.string(), next: z.int().min(0) }),
);

export const commandBody = asked(
  "Command",
  z.looseObject({ command: z.string() }).describe("what belongs to each command is in the page of the model"),
);

/** Rules are the protocol's: the listener says what is wrong with them. */
export const faultsBody = asked("Faults", z.array(z.record(z.string(), z.unknown())).max(100));
export const listenersSchema = told(
  "Listeners",
  z.array(
    z.strictObject({
      what: z.string(),
      urls: z.array(z.strictObject({ meter: z.string().optional(), url: z.string() })),
      faults: z.array(z.looseObject({ struck: z.int() })),
    }),
  ),
);

export const reloadSchema = told("Reloaded", z.strictObject({ ok: z.literal(true), changes: z.array(z.string()) }));
