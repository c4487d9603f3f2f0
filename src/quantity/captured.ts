/** A recording of a disturbance, as whoever keeps it, writes it into a file or draws it has it. */

/** High-speed RMS, of two values a cycle; waveforms of 16, 128 and 512. */
export const captureKinds = ["rms", "low", "medium", "high"] as const;
export type CaptureKind = (typeof captureKinds)[number];

/**
 * Why a recording ended before the cycles behind its cause were there: it was as long as it may be, samples were missing, the meter had no power,
 * the meter was configured otherwise, it was stopped.
 */
export type CaptureCut = "limit" | "gap" | "power" | "configuration" | "stop";

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
