/** Samples that follow one another at one rate, as a converter took them: no gap lies within them. */
export interface Samples {
  /** va, vb, vc, ia, ib, ic in primary volts and amps: the first `count` of each. What is missing is 0, and said by `missing`. */
  readonly channels: readonly Float64Array[];
  readonly count: number;
  /** Samples a second, and samples a cycle when the source is locked to its line (else 0). */
  readonly rate: number;
  readonly perCycle: number;
  /** Seconds from the beginning of the source to the first of them. */
  readonly at: number;
  /** Whether the first of them is the next one after the last of the run before, at the same rate. */
  readonly joined: boolean;
  /** Bit c is set where channel c has no sample; undefined where all have all. */
  readonly missing: Uint8Array | undefined;
}
