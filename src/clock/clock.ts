/**
 * Two times. `elapsed` never steps: intervals and time-outs run on it. `utc` can be set: timestamps and
 * tariffs run on it. Both are milliseconds; everything that waits does so through `after`.
 */
export type Cancel = () => void;

export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z; steps when the clock is set. */
  utc(): number;
  /** Milliseconds since an arbitrary start; never steps. */
  elapsed(): number;
  /** Runs once, `ms` milliseconds of elapsed time from now (at once when that is zero or less). */
  after(ms: number, run: () => void): Cancel;
}
