/** A meter's clock that somebody sets. */

export interface TimeSet {
  readonly before: string;
  readonly after: string;
  /** What the clock was ahead of this computer's before, and is now, milliseconds; undefined where it named no instant. */
  readonly aheadBeforeMs: number | undefined;
  readonly aheadMs: number | undefined;
  readonly notes: readonly string[];
}

/** An instant, or what the meter's clock on the wall is to show. */
export type WantedTime = "now" | { readonly utc: number } | { readonly local: Temporal.PlainDateTime };
