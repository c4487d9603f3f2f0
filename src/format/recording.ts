/** A recording of any format: channels of samples in the unit of their name, on a common time axis. */
export interface RecordedChannel {
  /** As the file names it: "HV Bus VR", "va". */
  readonly name: string;
  /** As the file prints it, "kV"; empty when it does not say. */
  readonly unit: string;
  /** What one count of `unit` is in volts, amps, ...: 1000 for kV. */
  readonly scale: number;
  /** How much later than the others this channel was sampled, in seconds. */
  readonly skew: number;
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
}

export interface Recording {
  readonly channels: readonly RecordedChannel[];
  readonly statuses: readonly RecordedStatus[];
  /** In order; their counts sum to the length of every channel. */
  readonly segments: readonly Segment[];
  /** Nominal frequency of the line in Hz, where the file says it. */
  readonly lineHz: number | undefined;
  /** Milliseconds since 1970 of the first sample, by the recorder's own wall clock; NaN where the file does not say. */
  readonly start: number;
  /** The same for the trigger. */
  readonly trigger: number;
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

const prefixes: Readonly<Record<string, number>> = { "": 1, k: 1e3, K: 1e3, M: 1e6, m: 1e-3, u: 1e-6, µ: 1e-6 };

/** What one of `unit` is in SI: "kV" is 1000, "mA" 0.001; 1 for units that are not volts, amps, watts or hertz. */
export function unitScale(unit: string): number {
  const match = /^([kKMmuµ]?)(V|A|W|VA|var|VAR|Hz)$/.exec(unit.trim());
  return match === null ? 1 : (prefixes[match[1] ?? ""] ?? 1);
}
