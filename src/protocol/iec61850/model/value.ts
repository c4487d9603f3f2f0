/** Values of attributes, as the meter has them: MMS, GOOSE and SCL write them each in its own way. */

/** Bits of a quality (IEC 61850-7-3, 6.2), the first bit of the bit string the highest of 13. */
export const quality = {
  good: 0x0000,
  invalid: 0x0800,
  reserved: 0x1000,
  questionable: 0x1800,
  overflow: 0x0400,
  outOfRange: 0x0200,
  badReference: 0x0100,
  oscillatory: 0x0080,
  failure: 0x0040,
  oldData: 0x0020,
  inconsistent: 0x0010,
  inaccurate: 0x0008,
  substituted: 0x0004,
  test: 0x0002,
  operatorBlocked: 0x0001,
} as const;

/** An instant with its quality (IEC 61850-7-2, 6.1.2.9; IEC 61850-8-1, 8.1.3.7). */
export interface IedTime {
  /** Milliseconds since 1970, with fractions. */
  readonly utc: number;
  readonly leapSecondsKnown: boolean;
  readonly clockFailure: boolean;
  readonly notSynchronised: boolean;
  /** Bits of the fraction of a second that are right, 0 to 24; undefined where nobody says. */
  readonly accuracyBits?: number | undefined;
}

/**
 * A value of a basic type: numbers of whole numbers to 53 bits, floats, enumerations (their ordinal) and bit strings (the first bit the
 * highest of the type's width: quality, Dbpos, TrgOps, OptFlds, Check); bigint of INT64 and INT128. Undefined is what is not known: on the
 * wire it is what `absent` in mms/attribute-data.ts says, and the quality beside it is invalid.
 */
export type LeafValue = number | bigint | boolean | string | Uint8Array | IedTime | undefined;

/** Whether two values of a leaf are the same. */
export function isSameValue(a: LeafValue, b: LeafValue): boolean {
  if (Object.is(a, b)) return true;
  if (a instanceof Uint8Array && b instanceof Uint8Array)
    return a.length === b.length && a.every((octet, k) => octet === b[k]);
  if (typeof a !== "object" || typeof b !== "object" || a instanceof Uint8Array || b instanceof Uint8Array)
    return false;
  return (
    a.utc === b.utc &&
    a.leapSecondsKnown === b.leapSecondsKnown &&
    a.clockFailure === b.clockFailure &&
    a.notSynchronised === b.notSynchronised &&
    a.accuracyBits === b.accuracyBits
  );
}
