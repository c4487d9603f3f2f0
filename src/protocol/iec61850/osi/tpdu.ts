/**
 * TPDUs of COTP class 0 (ISO 8073, X.224, 13): connection request and confirm, disconnect request, error, and data. A length counts the octets of a
 * header behind it.
 */
import { WireError } from "#wire/cursor.ts";

/** Codes; the low four bits of CR and CC are a credit, which class 0 does not have. */
export const tpduCodes = { er: 0x70, dr: 0x80, cc: 0xd0, cr: 0xe0, dt: 0xf0 } as const;

/** Parameters of the variable part. */
const parameters = { tpduSize: 0xc0, callingSelector: 0xc1, calledSelector: 0xc2, alternativeClasses: 0xc7 } as const;
/** The one of ER: the header that was rejected, as far as its wrong octet. */
const INVALID_TPDU = 0xc1;

/** Why a TPDU is rejected (13.12). */
export const rejectCauses = {
  notSpecified: 0,
  invalidParameterCode: 1,
  invalidType: 2,
  invalidParameterValue: 3,
} as const;
export type RejectCause = (typeof rejectCauses)[keyof typeof rejectCauses];

/** Why a connection ends, or does not begin (13.5). */
export const disconnectReasons = { notSpecified: 0x00, negotiationFailed: 0x82 } as const;

/** A TPDU that is none: with the octet that is wrong, and why. */
export class TpduError extends WireError {
  readonly why: RejectCause;

  constructor(message: string, at: number, why: RejectCause) {
    super(message, at);
    this.name = "TpduError";
    this.why = why;
  }
}

/** Octets of a DT's header, its length among them. */
export const DT_HEADER = 3;
/** Octets of the longest TPDU that there is with a size said, and where none is said (RFC 1006, 5). */
const LARGEST_CODE = 13;
const SMALLEST_CODE = 7;
export const UNSAID_SIZE = 65_531;

/** CR or CC. */
export interface Connecting {
  readonly destination: number;
  readonly source: number;
  /** Preferred class, and those that would do, too. */
  readonly transportClass: number;
  readonly alternatives: readonly number[];
  /** Octets of the longest TPDU, 128 to 8192; undefined where it was not said. */
  readonly tpduSize: number | undefined;
  readonly called: Uint8Array | undefined;
  readonly calling: Uint8Array | undefined;
}

/** The header of a TPDU, octets [from, to), ends there. */
export function headerEnd(bytes: Uint8Array, from: number, to: number): number {
  const end = from + 1 + (bytes[from] ?? 0);
  if (end > to || end < from + 2)
    throw new TpduError("a header that ends behind its TPDU, or has no code", from, rejectCauses.notSpecified);
  return end;
}

/** A selector that nobody has is an empty one. */
function selector(bytes: Uint8Array, from: number, to: number): Uint8Array {
  if (to - from > 32)
    throw new TpduError("a selector of more than 32 octets", from, rejectCauses.invalidParameterValue);
  return bytes.slice(from, to);
}

/** Of CR or CC, whose header is octets [from, end). */
export function connectingOf(bytes: Uint8Array, from: number, end: number): Connecting {
  if (end - from < 7) throw new TpduError("a header without references and class", from, rejectCauses.notSpecified);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let tpduSize: number | undefined;
  let called: Uint8Array | undefined;
  let calling: Uint8Array | undefined;
  let alternatives: number[] = [];
  for (let at = from + 7; at < end;) {
    const code = bytes[at];
    const value = at + 2;
    const next = value + (bytes[at + 1] ?? Infinity);
    if (next > end)
      throw new TpduError("a parameter that ends behind its header", at, rejectCauses.invalidParameterValue);
    // Others are of classes that are not ours, and pass.
    if (code === parameters.tpduSize) tpduSize = sizeOf(bytes, value, next);
    else if (code === parameters.calledSelector) called = selector(bytes, value, next);
    else if (code === parameters.callingSelector) calling = selector(bytes, value, next);
    else if (code === parameters.alternativeClasses)
      alternatives = Array.from(bytes.subarray(value, next), (octet) => octet >> 4);
    at = next;
  }
  return {
    destination: view.getUint16(from + 2),
    source: view.getUint16(from + 4),
    transportClass: view.getUint8(from + 6) >> 4,
    alternatives,
    tpduSize,
    called,
    calling,
  };
}

/** A power of two; who offers more than there is gets the most there is. */
function sizeOf(bytes: Uint8Array, from: number, to: number): number {
  const code = bytes[from];
  if (to !== from + 1 || code === undefined || code < SMALLEST_CODE)
    throw new TpduError("a TPDU size of less than 128 octets", from, rejectCauses.invalidParameterValue);
  return 2 ** Math.min(code, LARGEST_CODE);
}

function packet(header: readonly number[]): Uint8Array {
  const length = 5 + header.length;
  return Uint8Array.of(3, 0, length >> 8, length & 0xff, header.length, ...header);
}

function parameter(code: number, value: Iterable<number> | undefined): number[] {
  if (value === undefined) return [];
  const octets = [...value];
  return [code, octets.length, ...octets];
}

/** A CR or CC in its TPKT. */
export function connecting(code: number, { destination, source, tpduSize, called, calling }: Connecting): Uint8Array {
  return packet([
    code,
    destination >> 8,
    destination & 0xff,
    source >> 8,
    source & 0xff,
    0,
    ...parameter(parameters.tpduSize, tpduSize === undefined ? undefined : [Math.log2(tpduSize)]),
    ...parameter(parameters.calledSelector, called),
    ...parameter(parameters.callingSelector, calling),
  ]);
}

/** A DR in its TPKT. */
export function disconnecting(destination: number, source: number, reason: number): Uint8Array {
  return packet([tpduCodes.dr, destination >> 8, destination & 0xff, source >> 8, source & 0xff, reason]);
}

/** An ER in its TPKT, with the rejected header as far as its wrong octet. */
export function rejecting(destination: number, cause: RejectCause, header: Uint8Array): Uint8Array {
  return packet([
    tpduCodes.er,
    destination >> 8,
    destination & 0xff,
    cause,
    ...parameter(INVALID_TPDU, header.subarray(0, 128)),
  ]);
}
