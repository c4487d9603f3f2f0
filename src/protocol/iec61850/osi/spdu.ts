/**
 * SPDUs of the session kernel with duplex (ISO 8327-1, X.225, 8.3): an identifier, a length of one octet or of three, and parameters. A connection
 * has one TSDU for each; data go behind two of their headers.
 */
import { WireError } from "#wire/cursor.ts";

export const spduCodes = {
  /** GIVE TOKENS, and DATA TRANSFER, which is told from it by its place. */
  data: 0x01,
  finish: 0x09,
  disconnect: 0x0a,
  refuse: 0x0c,
  connect: 0x0d,
  accept: 0x0e,
  abort: 0x19,
  abortAccept: 0x1a,
} as const;

/** Parameters, and groups of them. */
const parameters = {
  connectionGroup: 0x01,
  itemGroup: 0x05,
  transportDisconnect: 0x11,
  options: 0x13,
  requirements: 0x14,
  version: 0x16,
  enclosure: 0x19,
  reason: 0x32,
  callingSelector: 0x33,
  calledSelector: 0x34,
  userData: 0xc1,
  extendedUserData: 0xc2,
} as const;

/** Both sides may send at any time: what is taken, and all that is offered. */
const DUPLEX = 0x0002;
const LONGEST_USER_DATA = 512;
/** Of CONNECT's extended user data; more would have to come behind it (data overflow). */
const LONGEST_EXTENDED = 10_240;

/** Why a connection is refused (8.3.5.10). */
export const refuseReasons = { user: 2, versions: 132, notSpecified: 133 } as const;

/** Bits of an abort: the transport connection ends with it, and who says so. */
export const abortBits = { user: 0x0b, protocol: 0x05 } as const;

export interface Connect {
  readonly kind: "connect" | "accept";
  /** The highest that is offered of those that there are, or the one that is chosen; undefined where it is none of them. */
  readonly version: 1 | 2 | undefined;
  /** Half-duplex and others may be offered beside it. */
  readonly isDuplex: boolean;
  readonly calling: Uint8Array | undefined;
  /** Of an accept, who responds. */
  readonly called: Uint8Array | undefined;
  readonly userData: Uint8Array;
}

export type Spdu =
  | Connect
  | { readonly kind: "refuse"; readonly reason: number | undefined; readonly userData: Uint8Array }
  | { readonly kind: "finish" | "disconnect" | "abort" | "abortAccept"; readonly userData: Uint8Array };

const NOTHING = new Uint8Array(0);

/** A length, and where what it counts begins. */
function lengthAt(bytes: Uint8Array, at: number): readonly [length: number, from: number] {
  const [first, high, low] = bytes.subarray(at, at + 3);
  if (first === undefined) throw new WireError("an SPDU that ends within a length", at);
  if (first !== 0xff) return [first, at + 1];
  if (high === undefined || low === undefined) throw new WireError("an SPDU that ends within a length", at);
  return [high * 256 + low, at + 3];
}

/** Parameters by their codes, those of groups among them; of one that is there twice the last. */
function parametersOf(bytes: Uint8Array, from: number, to: number, isInGroup = false): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  for (let at = from; at < to;) {
    const code = bytes[at] ?? 0;
    const [length, begin] = lengthAt(bytes, at + 1);
    const end = begin + length;
    if (end > to) throw new WireError("a session parameter that ends behind its SPDU", at);
    const isGroup = code === parameters.connectionGroup || code === parameters.itemGroup;
    if (isGroup && !isInGroup)
      for (const [inner, value] of parametersOf(bytes, begin, end, true)) found.set(inner, value);
    else found.set(code, bytes.subarray(begin, end));
    at = end;
  }
  return found;
}

function userDataOf(found: ReadonlyMap<number, Uint8Array>): Uint8Array {
  return found.get(parameters.userData) ?? found.get(parameters.extendedUserData) ?? NOTHING;
}

function connectOf(kind: "connect" | "accept", found: ReadonlyMap<number, Uint8Array>): Connect {
  const [versions = 1] = found.get(parameters.version) ?? [];
  const [high = 0, low = 0] = found.get(parameters.requirements) ?? [];
  const calling = selectorOf(found, parameters.callingSelector);
  const called = selectorOf(found, parameters.calledSelector);
  const isDuplex = ((high * 256 + low) & DUPLEX) !== 0;
  const version = (versions & 0x02) !== 0 ? 2 : (versions & 0x01) !== 0 ? 1 : undefined;
  return { kind, version, isDuplex, calling, called, userData: userDataOf(found) };
}

function selectorOf(found: ReadonlyMap<number, Uint8Array>, code: number): Uint8Array | undefined {
  const value = found.get(code);
  if (value !== undefined && value.length > 16) throw new WireError("a session selector of more than 16 octets", 0);
  return value?.slice();
}

/** An SPDU that is no data: the only one of its TSDU, octets [from, to). Throws WireError of what is none of these. */
export function spduOf(bytes: Uint8Array, from: number, to: number): Spdu {
  const tsdu = bytes.subarray(from, to);
  const [code = 0] = tsdu;
  const [length, begin] = lengthAt(tsdu, 1);
  const end = begin + length;
  if (end > tsdu.length) throw new WireError("an SPDU that ends behind its TSDU", from);
  const found = parametersOf(tsdu, begin, end);
  switch (code) {
    case spduCodes.connect:
      return connectOf("connect", found);
    case spduCodes.accept:
      return connectOf("accept", found);
    case spduCodes.refuse: {
      const value = found.get(parameters.reason) ?? NOTHING;
      return { kind: "refuse", reason: value[0], userData: value.subarray(1) };
    }
    case spduCodes.finish:
      return { kind: "finish", userData: userDataOf(found) };
    case spduCodes.disconnect:
      return { kind: "disconnect", userData: userDataOf(found) };
    case spduCodes.abort:
      return { kind: "abort", userData: userDataOf(found) };
    case spduCodes.abortAccept:
      return { kind: "abortAccept", userData: userDataOf(found) };
    default:
      throw new WireError(`an SPDU of code ${code} where none of it is expected`, from);
  }
}

/** Octets of a TSDU before data: GIVE TOKENS and DATA TRANSFER, without parameters. */
export const DATA_HEADER = 4;

/** Where the data of a TSDU begin, octets [from, to); undefined where it is another SPDU. */
export function dataFrom(bytes: Uint8Array, from: number, to: number): number | undefined {
  if (bytes[from] !== spduCodes.data) return undefined;
  if (bytes[from + 1] === 0 && bytes[from + 2] === spduCodes.data && bytes[from + 3] === 0 && from + DATA_HEADER <= to)
    return from + DATA_HEADER;
  const tsdu = bytes.subarray(from, to);
  const [given, first] = lengthAt(tsdu, 1);
  const at = first + given;
  if (tsdu[at] !== spduCodes.data) throw new WireError("tokens that are given without data", from);
  const [length, begin] = lengthAt(tsdu, at + 1);
  const end = begin + length;
  if (end > tsdu.length) throw new WireError("an SPDU that ends behind its TSDU", from + at);
  const [enclosure = 3] = parametersOf(tsdu, begin, end).get(parameters.enclosure) ?? [];
  // Segments are for who has agreed on a length of TSDUs: nobody has.
  if (enclosure !== 3) throw new WireError("a segment of session data", from + at);
  return from + end;
}

function lengthOctets(length: number): readonly number[] {
  return length < 0xff ? [length] : [0xff, length >> 8, length & 0xff];
}

type Parameter = readonly [code: number, value: Uint8Array | readonly number[] | undefined];

/** Parameters in their order; of those that are undefined nothing is written. */
function spdu(code: number, all: readonly Parameter[]): Uint8Array {
  const octets: number[] = [];
  for (const [code, value] of all) if (value !== undefined) octets.push(code, ...lengthOctets(value.length), ...value);
  return Uint8Array.of(code, ...lengthOctets(octets.length), ...octets);
}

function items(version: number): Parameter {
  return [parameters.itemGroup, [parameters.options, 1, 0, parameters.version, 1, version]];
}

export function connectSpdu(calling: Uint8Array, called: Uint8Array, userData: Uint8Array): Uint8Array {
  if (userData.length > LONGEST_EXTENDED) throw new RangeError(`${userData.length} octets for a session's CONNECT`);
  const isExtended = userData.length > LONGEST_USER_DATA;
  return spdu(spduCodes.connect, [
    items(2),
    [parameters.requirements, [DUPLEX >> 8, DUPLEX]],
    [parameters.callingSelector, calling],
    [parameters.calledSelector, called],
    [isExtended ? parameters.extendedUserData : parameters.userData, userData],
  ]);
}

/** Accepts what was asked for, in the highest version that it offers. */
export function acceptSpdu({ version = 2, called }: Connect, userData: Uint8Array): Uint8Array {
  return spdu(spduCodes.accept, [
    items(version),
    [parameters.requirements, [DUPLEX >> 8, DUPLEX]],
    [parameters.calledSelector, called],
    [parameters.userData, userData],
  ]);
}

export function refuseSpdu(reason: number, userData: Uint8Array): Uint8Array {
  return spdu(spduCodes.refuse, [
    [parameters.transportDisconnect, [1]],
    [parameters.reason, [reason, ...userData]],
  ]);
}

/** FINISH, or the DISCONNECT that answers it. */
export function releaseSpdu(
  code: typeof spduCodes.finish | typeof spduCodes.disconnect,
  userData: Uint8Array,
): Uint8Array {
  return spdu(code, [[parameters.userData, userData.length === 0 ? undefined : userData]]);
}

/** Of a user, with what is his; or of the provider, of whom nobody has anything to say. */
export function abortSpdu(bits: number, userData: Uint8Array = NOTHING): Uint8Array {
  return spdu(spduCodes.abort, [
    [parameters.transportDisconnect, [bits]],
    [parameters.userData, userData.length === 0 ? undefined : userData],
  ]);
}
