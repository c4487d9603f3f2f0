/**
 * Compatibility levels of harmonic voltages inside plants, percent of the fundamental (IEC 61000-2-4:2002, tables 2 to 5): class 1 is of
 * protected supplies of sensitive equipment, class 2 of points of common coupling and of plants in general, class 3 of plants whose loads are
 * mostly converters, welders, large motors. Class 2 is that of public networks (IEC 61000-2-2), as other programs have it, too; the standard's
 * own text was not at hand, and the figures of classes 1 and 3 are not confirmed: from general knowledge.
 */
import { compatibilityLevel, LAST_ORDER, THD_LEVEL } from "./compatibility-levels.ts";

export type IndustrialClass = 1 | 2 | 3;

/** Orders that the rules below do not give. */
const listed: Readonly<Record<1 | 3, Readonly<Record<number, number>>>> = {
  1: { 5: 3, 7: 3, 11: 3, 13: 3, 17: 2, 3: 3, 9: 1.5, 15: 0.3, 21: 0.2, 2: 2, 4: 1, 6: 0.5, 8: 0.5, 10: 0.5 },
  3: { 5: 8, 7: 7, 11: 5, 13: 4.5, 17: 4, 3: 6, 9: 2.5, 15: 2, 21: 1.75, 2: 3, 4: 1.5 },
};

const thd: Readonly<Record<IndustrialClass, number>> = { 1: 5, 2: THD_LEVEL, 3: 10 };

/** Of all harmonics together. */
export function industrialThd(of: IndustrialClass): number {
  return thd[of];
}

/** The level of an order from 2 to 50; undefined of others. */
export function industrialLevel(of: IndustrialClass, order: number): number | undefined {
  if (of === 2 || compatibilityLevel(order) === undefined || order > LAST_ORDER) return compatibilityLevel(order);
  const level = listed[of][order];
  if (level !== undefined) return level;
  if (of === 1) return compatibilityLevel(order);
  if (order % 2 === 0) return 1;
  return order % 3 === 0 ? 1 : 4.5 * (17 / order) - 0.5;
}
