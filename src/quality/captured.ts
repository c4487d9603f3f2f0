/** A recording of a disturbance, and where its values come from. */
import type { CaptureKind } from "./capture-settings.ts";

/** Why a recording ended before the cycles behind its cause were there: it was as long as it may be, samples were missing, the meter had no power. */
export type CaptureCut = "limit" | "gap" | "power";

export interface Captured {
  readonly kind: CaptureKind;
  readonly perCycle: 2 | 16 | 128 | 512;
  /** At its beginning; NaN where none is known. */
  readonly hz: number;
  /** Seconds of the source at its first value, and milliseconds of UTC then, as the clock had it at the trigger; NaN where nobody knew. */
  readonly at: number;
  readonly utc: number;
  /** Seconds of the source. */
  readonly triggeredAt: number;
  /** What triggered it, each once: the one that began it first. */
  readonly triggers: readonly number[];
  /** "V.a", "A.c"; of RMS then "V.a.angle", too. */
  readonly names: readonly string[];
  /** Seconds from `at`, of each value. They are as far apart as a part of a cycle was, so not evenly. Of RMS that is the end of the half cycle. */
  readonly times: Float64Array;
  /** By name: volts and amps of the line, degrees; NaN of what was not valid. */
  readonly channels: readonly Float64Array[];
  readonly cut: CaptureCut | undefined;
}

/** Values of the last cycles, each with its number since the beginning. */
export interface LastValues {
  readonly names: readonly string[];
  /** The number of the oldest that is there without a gap behind it, and of the one that comes next. */
  readonly first: number;
  readonly next: number;
  /** The number of the first value at or after so many seconds of the source; of those that are there, or the next. */
  numberAt(seconds: number): number;
  /** The frequency at a value that is there. */
  hzAt(number: number): number;
  /** Copies the values from `from` up to `to`, and their times in seconds of the source, to `at` of what is given. */
  copy(from: number, to: number, out: CaptureArrays, at: number): void;
}

export interface CaptureArrays {
  readonly times: Float64Array;
  readonly channels: readonly Float64Array[];
}
