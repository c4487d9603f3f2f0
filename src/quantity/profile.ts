/** Load profiles, as everybody outside a meter sees them. */
import type { Measure, Side } from "./measure.ts";
import type { Series } from "./series.ts";
import type { Stamp } from "./stamp.ts";

export const profileEvents = [
  "normal",
  "powerFail",
  "timeSet",
  "daylightSaving",
  "testMode",
  "configuration",
  "freeze",
  "billingReset",
  "preset",
  "midnight",
  "recalibration",
  "diagnostic",
] as const;
export type ProfileEvent = (typeof profileEvents)[number];

/** What is remarkable about a record: bits of its status. */
export const profileStatus = {
  overflow: 1,
  partial: 2,
  powerLost: 4,
  testMode: 8,
  timeChanged: 16,
  noInputs: 32,
  /** Of a measurement log: a dip, a swell or an interruption was in it. */
  flagged: 64,
} as const;

export interface ProfileRecord {
  /** Counts from the first record since the profile was initialised. */
  readonly sequence: number;
  readonly type: ProfileEvent;
  /** In what its values were counted. */
  readonly start: Stamp;
  readonly end: Stamp;
  /** When the next record begins: later than `end` after an outage, anywhere after the clock was set. */
  readonly until: Stamp;
  /** Bits of `profileStatus`. */
  readonly status: number;
  /** By channel: counts, or primary engineering values; undefined of an average in whose interval nothing was known of it. */
  readonly values: readonly (number | undefined)[];
}

export interface ProfileChannelFacts {
  readonly measure: Measure;
  /** What one count is worth, in the unit of the measure, primary. */
  readonly km: number;
  /** The side of the transformers; primary unless said. */
  readonly side?: Side | undefined;
}

export interface ProfileFacts {
  /** Minutes, or a day, week or month of local time; of a measurement log also 150 or 180 cycles. */
  readonly interval: number | "day" | "week" | "month" | "cycles";
  /** Counts of Km, values, or of a measurement log values in units of Km. */
  readonly data: "counts" | "engineering" | "scaled";
  readonly channels: readonly ProfileChannelFacts[];
  /** Records that its memory holds. */
  readonly capacity: number;
}

export type Profile = ProfileFacts & Series<ProfileRecord>;
