/** Where the values of a recording come from. */
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
