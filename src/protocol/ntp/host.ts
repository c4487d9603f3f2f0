/** A meter's clock, as those see it who ask it for the time. */

/** What time it is by a meter. */
export interface ServedTime {
  /** Milliseconds since 1970 by its own clock. */
  readonly utc: number;
  /** What it is to those who ask it, 2 to 15, while time servers keep it; undefined of a clock that is its own. */
  readonly stratum: number | undefined;
  /** How far it is from its time server, milliseconds, as long as that is known. */
  readonly offMs?: number | undefined;
}

export interface SntpHost {
  now(): ServedTime;
}
