/**
 * Compatibility levels of harmonic voltages in public low-voltage networks, percent of the fundamental: what equipment has to
 * stand and what all emissions together may come to (IEC 61000-2-2:2002, table 1, long-term effects).
 */

/** Orders that the rules below do not give. */
const listed: Readonly<Record<number, number>> = {
  // Odd, not multiples of three.
  5: 6,
  7: 5,
  11: 3.5,
  13: 3,
  // Odd multiples of three.
  3: 5,
  9: 1.5,
  15: 0.4,
  21: 0.3,
  // Even.
  2: 2,
  4: 1,
  6: 0.5,
  8: 0.5,
};

/** The last order that has a level. */
export const LAST_ORDER = 50;

/** Of all harmonics together. */
export const THD_LEVEL = 8;

/** The level of an order from 2 to 50; undefined of others. */
export function compatibilityLevel(order: number): number | undefined {
  if (!Number.isInteger(order) || order < 2 || order > LAST_ORDER) return undefined;
  const level = listed[order];
  if (level !== undefined) return level;
  if (order % 2 === 0) return 0.25 * (10 / order) + 0.25;
  return order % 3 === 0 ? 0.2 : 2.27 * (17 / order) - 0.27;
}
