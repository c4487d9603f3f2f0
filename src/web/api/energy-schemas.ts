/** What the API says of demand, tariffs, trends and bills, and of entries that are looked for: the shapes of quantity. */
import { z } from "zod";
import { billPeriods } from "#quantity/bills-api.ts";
import { unforeseen } from "#quantity/demand-interval.ts";
import { logKinds } from "#quantity/log.ts";
import { trendSeries } from "#quantity/trend-api.ts";
import { register } from "./meter-schemas.ts";
import { told } from "./named.ts";
import { count, known, offset, side, utc } from "./plain-schemas.ts";
import { entry } from "./record-schemas.ts";

const wallTime = z.strictObject({ at: z.string(), utc, offsetMinutes: offset });
const rate = z.string().nullable();

export const energySchema = told(
  "Energy",
  z.strictObject({
    name: z.string(),
    now: wallTime.describe("the meter's own clock"),
    demand: z
      .strictObject({
        subIntervals: count.describe("one of a block, several of a rolling interval"),
        subIntervalSeconds: known.describe("null where an input, or a master, ends them"),
        elapsedSeconds: z.number(),
        whole: count.describe("sub-intervals before the running one that belong to the interval"),
        ends: wallTime.optional(),
        goesOnAt: z
          .enum(["mean", "power"])
          .describe("what the rest is taken to go on at: its mean so far, or the power of now"),
        measures: z.array(
          z.strictObject({
            measure: z.string(),
            unit: z.string().describe("of the demand; what is counted so far is of an hour of it"),
            before: known,
            running: known,
            forecast: known.describe("of the demand at its end; null where nobody can say"),
            unforeseen: z.enum(unforeseen).optional(),
          }),
        ),
      })
      .optional(),
    tariffs: z
      .strictObject({
        rate: rate.describe("that counts now; null where none does"),
        isOverridden: z.boolean().describe("an input says which, whatever the calendar has"),
        season: z.int().nullable(),
        next: z.array(z.strictObject({ ...wallTime.shape, rate })),
      })
      .optional(),
    peaks: z.array(z.strictObject({ ...register.shape, tariff: z.string(), peak: wallTime.optional() })),
  }),
);

const channel = { channel: z.int().min(1), measure: z.string(), unit: z.string(), side: side.nullable() };

export const trendsSchema = told(
  "Trends",
  z.strictObject({
    name: z.string(),
    series: z.array(
      z.strictObject({
        series: z.enum(trendSeries),
        number: z.int().min(1),
        interval: z.union([z.number(), z.string()]),
        records: count,
        from: known,
        to: known,
        channels: z.array(z.strictObject(channel)),
      }),
    ),
  }),
);

const column = z.array(known);

export const trendSchema = told(
  "Trend",
  z.strictObject({
    name: z.string(),
    series: z.enum(trendSeries),
    number: z.int().min(1),
    ...channel,
    starts: z.array(z.number()).describe("milliseconds since 1970; between an end and the next start nothing is known"),
    ends: z.array(z.number()),
    offsets: z.array(offset),
    least: column,
    mean: column,
    most: column,
    known: z.array(z.number()).describe("milliseconds of the records of each point"),
    doubtful: z.array(
      z.strictObject({ at: count, least: z.number(), mean: z.number(), most: z.number(), known: z.number() }),
    ),
    records: count,
  }),
);

export const billsSchema = told(
  "Bills",
  z.strictObject({
    name: z.string(),
    by: z.enum(billPeriods),
    source: z.enum(["profile", "selfReads"]),
    profile: z.int().nullable(),
    interval: z.union([z.number(), z.string()]).nullable(),
    hasRates: z.boolean().describe("rates of records are those of the calendar as it is set up now"),
    bills: z.array(
      z.strictObject({
        period: z.string(),
        from: wallTime.nullable(),
        to: wallTime.nullable(),
        hours: known,
        isRunning: z.boolean(),
        isWhole: z.boolean(),
        missing: z.array(z.strictObject({ from: z.string(), to: z.string() })),
        missingSeconds: z.number(),
        records: count,
        doubtful: count,
        beyond: count,
        clockBack: count,
        events: z.array(z.strictObject({ at: z.string(), type: z.string() })),
        eventCount: count,
        energies: z.array(
          z.strictObject({
            measure: z.string(),
            unit: z.string(),
            side: side.nullable(),
            total: known,
            rates: z.array(z.strictObject({ rate, value: z.number() })),
            unknown: count,
          }),
        ),
        peaks: z.array(
          z.strictObject({
            measure: z.string(),
            unit: z.string(),
            value: z.number(),
            rate,
            at: wallTime.optional(),
          }),
        ),
      }),
    ),
  }),
);

export const foundEntriesSchema = told(
  "FoundEntries",
  z.strictObject({
    name: z.string(),
    side: side.optional(),
    entries: z.array(z.strictObject({ kind: z.enum(logKinds), ...entry.shape })).describe("newest first"),
    logs: z.array(z.strictObject({ kind: z.enum(logKinds), entries: count, isBarred: z.literal(true).optional() })),
    older: z.string().optional().describe("the same question with it goes on with older ones"),
  }),
);
