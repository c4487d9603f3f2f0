/** When a state is told again (IEC 61850-8-1, 18.1.2.5): at first soon, then less and less often, until it is told at a steady beat. */

export interface Curve {
  /** From a change to the first repetition, milliseconds, and between repetitions in the end. */
  readonly minMs: number;
  readonly maxMs: number;
}

/** Each pause is as long as the two before it would be together. */
const FACTOR = 2;

/**
 * The least time allowed to live, however soon the next message comes: the process may be busy for a moment, and a subscriber that gives up
 * a publisher for it would be wrong.
 */
const LEAST_LIVE_MS = 1000;

/** The pause before a repetition, 1 for the first. */
export function pauseBefore(repetition: number, { minMs, maxMs }: Curve): number {
  return Math.min(maxMs, minMs * FACTOR ** Math.min(repetition - 1, 31));
}

/** What a message says of itself when the next comes after so long: twice as long at least. */
export function timeAllowedToLive(pauseMs: number, { maxMs }: Curve): number {
  return Math.ceil(Math.max(2 * pauseMs, Math.min(LEAST_LIVE_MS, 2 * maxMs)));
}
