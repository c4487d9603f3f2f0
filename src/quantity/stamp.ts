/** An instant as a record keeps it: UTC, with what the wall clock made of it. Local words are made at the edge (clock/time-text.ts). */
export interface Stamp {
  /** Milliseconds since 1970 by the meter's own clock. */
  readonly utc: number;
  /** What local time is ahead of UTC then, daylight saving included. */
  readonly offsetMinutes: number;
  readonly daylightSaving: boolean;
  /** Whether the clock was kept by its source then. */
  readonly synchronised: boolean;
}

/** Milliseconds since 1970 as the wall clock showed them. */
export function localOf({ utc, offsetMinutes }: Pick<Stamp, "utc" | "offsetMinutes">): number {
  return utc + offsetMinutes * 60_000;
}
