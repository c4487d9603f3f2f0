/** The site at a glance (quantity/overview-view.ts): what is asked for, and what is told. */
import { z } from "zod";
import { limits } from "#quantity/limits.ts";
import { glanceOrders, glanceStates } from "#quantity/overview-view.ts";
import { ofSite } from "./meter-schemas.ts";
import { told } from "./named.ts";
import { count, known, offset, utc } from "./plain-schemas.ts";

export const overviewQuery = z.strictObject({
  search: z.string().max(200).optional().describe("what name, model or title have in them, in any case"),
  state: z.enum(glanceStates).optional().describe("meters that are like this"),
  order: z.enum(glanceOrders).optional().describe("by what they are sorted; file, as in the site file, unless said"),
  descending: z.enum(["true", "false"]).optional(),
  from: z.int().min(0).optional().describe("the first of those found"),
  most: z.int().min(1).optional().describe(`how many; ${limits.web.overview} at most`),
});

export const overviewSchema = told(
  "Overview",
  z.strictObject({
    ...ofSite,
    total: count.describe("of all meters"),
    counts: z.record(z.enum(glanceStates), count).describe("of those that have what was searched for"),
    found: count.describe("of those that are in the state that was asked for, too"),
    from: count,
    meters: z.array(
      z.strictObject({
        name: z.string(),
        model: z.string(),
        title: z.string(),
        state: z.enum(glanceStates),
        words: z.string().describe("why it is so; empty of what measures"),
        alarms: count,
        watts: known.describe("active power of all phases, primary, import less export"),
        last: z
          .strictObject({ utc, offsetMinutes: offset })
          .nullable()
          .describe("when it knew last what it measures; null where it never has"),
      }),
    ),
  }),
);
