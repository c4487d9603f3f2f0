/** The range in which a meter measures what depends on the fundamental, in Hz. */

/** What prints as a limit of the range belongs to it: half of a hundredth. */
const EDGE_HZ = 0.005;

export type FrequencyRange = readonly [low: number, high: number];

/** A frequency that lies in the range; NaN of any other. */
export function withinRange(hz: number, [low, high]: FrequencyRange): number {
  return hz >= low - EDGE_HZ && hz < high + EDGE_HZ ? hz : NaN;
}

/** Why nothing is measured that depends on the fundamental, in words; `hz` is NaN where none is followed. */
export function whyOutside(hz: number, [low, high]: FrequencyRange): string {
  const what = Number.isNaN(hz) ? "no fundamental in the voltage" : `a fundamental of ${hz.toFixed(2)} Hz`;
  return `${what}: expected ${low} to ${high} Hz`;
}
