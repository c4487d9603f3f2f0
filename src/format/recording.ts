/** A recording of any format: channels of samples in SI units, on a common time axis. */

/** A terminal against neutral or its conductor, or two terminals. */
export type RecordingPhase = "a" | "b" | "c" | "ab" | "bc" | "ca";

/** What a file says of one channel before its samples. */
export interface ChannelHead {
  /** As the file names it: "HV Bus VR", "va". */
  readonly name: string;
  /** As the file prints it, "kV"; empty when it does not say. */
  readonly unit: string;
  /** What one count of `unit` is in volts, amps, ...: 1000 for kV. Undefined of a unit that nobody knows: samples are as printed. */
  readonly scale: number | undefined;
  /** How much later than the others this channel was sampled, in seconds. */
  readonly skew: number;
  /** What it is of, where the file says it in so many words. */
  readonly phase?: RecordingPhase;
  /** Its nominal RMS in SI, where the file says it. */
  readonly nominal?: number;
}

export interface RecordedChannel extends ChannelHead {
  /** Samples in SI units on the primary side; NaN where the file has none. */
  readonly samples: Float64Array;
}

export interface RecordedStatus {
  readonly name: string;
  readonly samples: Uint8Array;
}

/** A run of samples at one rate. */
export interface Segment {
  /** Samples a second. */
  readonly rate: number;
  readonly count: number;
  /** Seconds from the first sample of the recording to the first of the segment. */
  readonly at: number;
}

/** Time of which there are no samples. */
export interface Gap {
  /** Seconds from the first sample of the recording to where the next one was due. */
  readonly at: number;
  readonly seconds: number;
}

/** Something that was not as it should be, and was read all the same. */
export interface Remark {
  /** "line 12", "byte 4214", "channel va". */
  readonly where: string;
  readonly what: string;
}

export interface RecordingHead {
  readonly channels: readonly ChannelHead[];
  readonly statuses: readonly string[];
  /** Nominal frequency of the line in Hz, where the file says it. */
  readonly lineHz: number | undefined;
  /** Milliseconds since 1970 of the first sample, by the recorder's own wall clock; NaN where the file does not say. */
  readonly start: number;
  /** The same for the trigger. */
  readonly trigger: number;
}

export interface Recording extends Omit<RecordingHead, "channels" | "statuses"> {
  readonly channels: readonly RecordedChannel[];
  readonly statuses: readonly RecordedStatus[];
  /** In order; their counts sum to the length of every channel. */
  readonly segments: readonly Segment[];
  readonly gaps: readonly Gap[];
  readonly warnings: readonly Remark[];
}

/** What is wrong with a file: where, and what was expected there. */
export class FormatError extends Error {
  readonly file: string;
  /** "line 12" or "byte 4214". */
  readonly place: string;

  constructor(file: string, place: string, message: string) {
    super(`${file}, ${place}: ${message}`);
    this.name = "FormatError";
    this.file = file;
    this.place = place;
  }
}
