/** What a record of a load profile can hold of a channel (Appendix on Meter Measurements, Load Profile). */

/** Most counts of an interval. */
export const MOST_COUNTS = 16_383;
/**
 * What an engineering value may reach: 32-bit floating point up to 4,294,967,296. The section on load profiles has 1,073,741,824, which
 * would cut what the format holds.
 */
export const MOST_ENGINEERING = 4_294_967_296;

/** A channel's value as a record keeps it: within the limit, and in the precision of the store. */
export function recorded(value: number, counts: boolean): number {
  const most = counts ? MOST_COUNTS : MOST_ENGINEERING;
  const kept = Math.max(-most, Math.min(most, value));
  return counts ? kept : Math.fround(kept);
}

export function overflows(value: number, counts: boolean): boolean {
  return Math.abs(value) > (counts ? MOST_COUNTS : MOST_ENGINEERING);
}
