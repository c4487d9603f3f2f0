/** The demand interval that runs, as everybody outside a meter sees it, and what it would come to: arithmetic, whoever measures. */
import type { Measure } from "./measure.ts";

/** Why nobody can say what the interval will come to. */
export const unforeseen = ["noLength", "cut", "deferred", "testMode", "notWhole", "notBegun", "notMeasured"] as const;
export type Unforeseen = (typeof unforeseen)[number];

/** What a quantity has come to in the running interval; energies by the hour, primary. */
export interface RunningDemand {
  /** The power. */
  readonly measure: Measure;
  /** Of the whole sub-intervals before the running one that belong to the interval. */
  readonly before: number;
  /** Of the running one so far. */
  readonly running: number;
  /** What the power is now, where the meter goes by that. */
  readonly power?: number | undefined;
}

export interface DemandInterval {
  /** One of a block, several of a rolling interval. */
  readonly subIntervals: number;
  /** Undefined where an input, or a master, ends them. */
  readonly subIntervalMs: number | undefined;
  /** Of the running one, how much is over. */
  readonly elapsedMs: number;
  /** Whole ones before it that belong to the interval. */
  readonly whole: number;
  /** What the rest of the sub-interval is taken to go on at: its own mean so far, or the power of the last calculation cycle. */
  readonly goesOnAt: "mean" | "power";
  /** What is in the way of a forecast of any of them. */
  readonly unforeseen?: Unforeseen | undefined;
  readonly measures: readonly RunningDemand[];
}

const HOUR_MS = 3_600_000;

/** What the demand of an interval will be if the rest of its running sub-interval goes on as it is taken to; or why nobody can say. */
export function forecastOf(interval: DemandInterval, one: RunningDemand): number | Unforeseen {
  const { subIntervals, subIntervalMs, elapsedMs, whole, goesOnAt, unforeseen: why } = interval;
  if (why !== undefined) return why;
  if (subIntervalMs === undefined) return "noLength";
  if (whole < subIntervals - 1) return "notWhole";
  if (goesOnAt === "mean" && elapsedMs === 0) return "notBegun";
  const rate = goesOnAt === "mean" ? (one.running * HOUR_MS) / elapsedMs : one.power;
  if (rate === undefined || !Number.isFinite(one.before + one.running)) return "notMeasured";
  const left = Math.max(0, subIntervalMs - elapsedMs) / HOUR_MS;
  return ((one.before + one.running + rate * left) * HOUR_MS) / (subIntervals * subIntervalMs);
}
