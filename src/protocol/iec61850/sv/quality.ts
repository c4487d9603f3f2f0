/** The quality of a sampled value, as the number that follows it (IEC 61850-9-2, 7-3: bit 0 of the standard is the lowest one). */

/** Of the lowest two bits. */
const VALIDITY = 0x3;

export const quality = {
  good: 0,
  invalid: 0x2,
  questionable: 0x3,
  overflow: 0x4,
  outOfRange: 0x8,
  badReference: 0x10,
  oscillatory: 0x20,
  failure: 0x40,
  oldData: 0x80,
  inconsistent: 0x100,
  inaccurate: 0x200,
  substituted: 0x400,
  test: 0x800,
  operatorBlocked: 0x1000,
  /** It was calculated of others (9-2LE). */
  derived: 0x2000,
} as const;

const bits = Object.entries(quality).filter(([, bit]) => bit > VALIDITY);

export type Validity = "good" | "questionable" | "invalid";

/** 1 is reserved, which nobody can take for good. */
export function validityOf(word: number): Validity {
  const validity = word & VALIDITY;
  return validity === quality.good ? "good" : validity === quality.questionable ? "questionable" : "invalid";
}

/** "good", "questionable, inaccurate, test". */
export function qualityWords(word: number): string {
  return [validityOf(word), ...bits.filter(([, bit]) => (word & bit) !== 0).map(([name]) => name)].join(", ");
}
