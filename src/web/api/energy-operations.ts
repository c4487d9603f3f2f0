/** What is asked of what a meter counts and keeps over time: demand and tariffs, trends, bills, logs together, tables to take away. */
import { z } from "zod";
import { billPeriods } from "#quantity/bills-api.ts";
import { limits } from "#quantity/limits.ts";
import { logKinds, type LogKind } from "#quantity/log.ts";
import { trendSeries } from "#quantity/trend-api.ts";
import { billsSchema, energySchema, foundEntriesSchema, trendSchema, trendsSchema } from "./energy-schemas.ts";
import { localTime, records } from "./meter-operations.ts";
import { operation } from "./operation.ts";

const base = "/api/v1/meters/:name";

const number = z.int().min(1).max(999);
const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/, "expected an instant of UTC like 2026-07-31T16:00Z")
  .describe("an instant of UTC, 2026-07-31T16:00Z");
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, "expected a day like 2026-07-31")
  .describe("a local day, 2026-07-31");

const known: ReadonlySet<string> = new Set(logKinds);
const kinds = z
  .string()
  .max(300)
  .refine(
    (text) => text.split(",").every((one) => known.has(one)),
    `expected some of ${logKinds.join(", ")}, with commas between`,
  )
  .describe("logs, with commas between; all that may be read unless said");

/** Logs by name, of "event,alarm". */
export function kindsIn(text: string | undefined): readonly LogKind[] | undefined {
  return text === undefined ? undefined : logKinds.filter((kind) => text.split(",").includes(kind));
}

const logs = {
  kinds: kinds.optional(),
  text: z
    .string()
    .max(limits.web.searchCharacters)
    .optional()
    .describe("what stands in them, whatever its letters' size"),
  from: localTime.optional(),
  to: localTime.optional(),
};

const CSV = { media: "text/csv", says: "comma-separated values (RFC 4180)" } as const;
const WORKBOOK = {
  media: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  says: "a workbook of Excel",
} as const;

export const energyOperations = {
  readEnergy: operation({
    method: "GET",
    path: `${base}/energy`,
    takes: "viewer",
    tells: ["readings", "registers"],
    does: "the demand interval that runs and what it would come to, tariffs and when which counts, peaks with their times",
    answer: energySchema,
  }),
  listTrends: operation({
    method: "GET",
    path: `${base}/trends`,
    takes: "viewer",
    tells: ["profiles", "measurement log"],
    does: "what a meter has recorded over time: profiles and groups of its measurement log, with their channels",
    answer: trendsSchema,
  }),
  readTrend: operation({
    method: "GET",
    path: `${base}/trend`,
    takes: "viewer",
    tells: ["profiles", "measurement log"],
    does: "how one channel has gone, in at most so many points: least, mean and most of each",
    query: z.strictObject({
      series: z.enum(trendSeries).describe("a load profile, or a group of the measurement log"),
      number: number.describe("which of them"),
      channel: number.describe("which of its channels"),
      from: instant.optional(),
      to: instant.optional(),
      most: z.int().min(1).optional().describe(`points, ${limits.web.trendPoints} at most`),
    }),
    answer: trendSchema,
  }),
  readBills: operation({
    method: "GET",
    path: `${base}/bills`,
    takes: "viewer",
    tells: ["profiles", "registers"],
    does: "energies and peaks by day or month of a load profile, or from one self read to the next, by rate; what is missing is said",
    query: z.strictObject({
      by: z.enum(billPeriods),
      profile: number.optional().describe("which load profile, the first unless said"),
      from: day.optional(),
      to: day.optional(),
    }),
    answer: billsSchema,
  }),
  searchLogs: operation({
    method: "GET",
    path: `${base}/log`,
    takes: "viewer",
    tells: "log by log",
    does: "entries of all logs together, newest first: of some logs, of a time, with a text in them; page by page",
    query: z.strictObject({
      ...logs,
      older: z.string().max(limits.web.eventId).optional().describe("what an answer said to go on with"),
      most: z.int().min(1).optional().describe(`how many, ${limits.web.entries} at most`),
    }),
    answer: foundEntriesSchema,
  }),
  takeLogsAsCsv: operation({
    method: "GET",
    path: `${base}/log/csv`,
    takes: "viewer",
    tells: "log by log",
    does: "the same as a table, oldest first; of one log with a column for each detail",
    query: z.strictObject(logs),
    answer: CSV,
  }),
  takeLogsAsWorkbook: operation({
    method: "GET",
    path: `${base}/log/xlsx`,
    takes: "viewer",
    tells: "log by log",
    does: "the same as a workbook",
    query: z.strictObject(logs),
    answer: WORKBOOK,
    refuses: [503],
  }),
  takeProfileAsCsv: operation({
    method: "GET",
    path: `${base}/profiles/:number/csv`,
    takes: "viewer",
    tells: ["profiles"],
    does: "records of a load profile as a table",
    query: records,
    answer: CSV,
  }),
  takeProfileAsWorkbook: operation({
    method: "GET",
    path: `${base}/profiles/:number/xlsx`,
    takes: "viewer",
    tells: ["profiles"],
    does: "the same as a workbook",
    query: records,
    answer: WORKBOOK,
    refuses: [503],
  }),
};
