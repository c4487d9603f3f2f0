/** Rejects of PDUs that are none (ISO 9506-2, 13.4). */
import type { BerReader, BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";

/** Kinds of PDU that can be rejected, by the number of their tag. */
export const rejectedPdus = {
  confirmedRequest: 1,
  confirmedResponse: 2,
  confirmedError: 3,
  unconfirmed: 4,
  pduError: 5,
  cancelRequest: 6,
  cancelResponse: 7,
  cancelError: 8,
  concludeRequest: 9,
  concludeResponse: 10,
  concludeError: 11,
} as const;
export type RejectedPdu = keyof typeof rejectedPdus;

/** Of confirmed requests. */
export const requestRejects = {
  other: 0,
  unrecognizedService: 1,
  unrecognizedModifier: 2,
  invalidInvokeId: 3,
  invalidArgument: 4,
  invalidModifier: 5,
  maxServOutstandingExceeded: 6,
  maxRecursionExceeded: 8,
  valueOutOfRange: 9,
} as const;

/** Of what is no PDU. */
export const pduErrors = { unknownPduType: 0, invalidPdu: 1, illegalAcseMapping: 2 } as const;

export interface Reject {
  readonly kind: "reject";
  readonly invokeId?: number | undefined;
  readonly of: RejectedPdu;
  /** Of `of`: requestRejects, pduErrors. */
  readonly code: number;
}

const names = Object.keys(rejectedPdus) as RejectedPdu[];

/** Of the element that the reader has found. */
export function decodeReject(reader: BerReader): Reject {
  const inner = reader.inner();
  if (!inner.next()) throw new WireError("a reject of nothing", inner.at);
  let invokeId: number | undefined;
  if (inner.tag === 0x80) {
    invokeId = inner.unsigned();
    if (!inner.next()) throw new WireError("a reject without its reason", inner.at);
  }
  const of = names[inner.tag - 0x81];
  if (of === undefined) throw new WireError(`no reason of a reject has tag ${inner.tag.toString(16)}`, inner.from);
  return { kind: "reject", ...(invokeId === undefined ? {} : { invokeId }), of, code: inner.integer() };
}

export function encodeReject(out: BerWriter, { invokeId, of, code }: Omit<Reject, "kind">): void {
  const mark = out.written;
  out.integer(0x80 + rejectedPdus[of], code);
  if (invokeId !== undefined) out.integer(0x80, invokeId);
  out.wrap(0xa4, mark);
}
