/** The shape of the section pqdif of a revenue meter's configuration: what goes into PQDIF files, and how many of it into one. */
import { logPeriods, type LogPeriod } from "#product/jemstar/files/periods.ts";
import { z } from "zod";

const periods = Object.keys(logPeriods) as [LogPeriod, ...LogPeriod[]];

export const pqdif = z.strictObject({
  mode: z
    .enum(["single", "multiple"])
    .default("single")
    .describe("a file of each observation, or files of those of 24 hours from midnight, of up to 500 kB"),
  sagSwell: z.boolean().default(true).describe("records of sags and swells; their recordings are always in files"),
  interruption: z.boolean().default(true).describe("records of voltage interruptions"),
  rapidVoltageChange: z.boolean().default(true).describe("records of rapid voltage changes"),
  measurementLog: z
    .enum(["off", ...periods])
    .default("off")
    .describe(
      "how long an observation of the measurement log is; periods count from midnight, those of days from Sunday",
    ),
});
