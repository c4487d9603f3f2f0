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
  /** Another meter, of which it records something, did not answer in it. */
  unanswered: 128,
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
  /**
   * Of one with the bit `unanswered`, which channels are of a meter that did not answer in it: a bit each, the first channel lowest. Undefined
   * where nobody knows which: every channel of another meter may be.
   */
  readonly silent?: number | undefined;
  /** By channel: counts, or primary engineering values; undefined of what nothing was known of in its interval: an average, or a count of another meter. */
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

/** What a channel has come to since its profile was initialised, in the unit of its measure, on the side that it is recorded on. */
export interface ChannelTotal {
  /** The sum of its records, those that are no longer kept among them. */
  readonly recorded: number;
  /** With what has come since the last of them. */
  readonly now: number;
}

export type Profile = ProfileFacts &
  Series<ProfileRecord> & {
    /** Of a channel that accumulates, by its place from 0; undefined of others. Left out where nothing is summed. */
    readonly total?: (channel: number) => ChannelTotal | undefined;
  };
