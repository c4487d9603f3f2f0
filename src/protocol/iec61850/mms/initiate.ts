/** Initiate (ISO 9506-2, 8.2): what both ends of an association can and will do. */
import type { BerReader, BerWriter } from "#wire/ber.ts";
import { bitString } from "./data-codec.ts";

export interface Initiate {
  /** Octets of the longest PDU; undefined where nobody limits them. */
  readonly maxPdu?: number | undefined;
  /** Requests under way of who calls, and of who is called. */
  readonly calling: number;
  readonly called: number;
  /** Structures within each other. */
  readonly nesting?: number | undefined;
  readonly version: number;
  /** Parameters that are had (ParameterSupportOptions, 11 bits). */
  readonly parameters: Bits;
  /** Services that are had (ServiceSupportOptions, 85 bits). */
  readonly services: Bits;
}

export interface Bits {
  readonly octets: Uint8Array;
  readonly length: number;
}

/** Bits of parameters (ISO 9506-2, 7.5.1): arrays, structures, named variables, alternate access, named lists. */
export const parameterBits = { str1: 0, str2: 1, vnam: 2, valt: 3, vlis: 7 } as const;

/** Bits of services: those that IEC 61850 has. */
export const serviceBits = {
  status: 0,
  getNameList: 1,
  identify: 2,
  rename: 3,
  read: 4,
  write: 5,
  getVariableAccessAttributes: 6,
  defineNamedVariableList: 11,
  getNamedVariableListAttributes: 12,
  deleteNamedVariableList: 13,
  obtainFile: 46,
  readJournal: 65,
  initializeJournal: 67,
  getCapabilityList: 71,
  fileOpen: 72,
  fileRead: 73,
  fileClose: 74,
  fileRename: 75,
  fileDelete: 76,
  fileDirectory: 77,
  informationReport: 79,
  conclude: 83,
  cancel: 84,
} as const;

/** A bit string with bits of a table set. */
export function bitsWith(length: number, set: Iterable<number>): Bits {
  const octets = new Uint8Array(Math.ceil(length / 8));
  for (const bit of set) octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return { octets, length };
}

export function hasBit({ octets, length }: Bits, bit: number): boolean {
  return bit < length && ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0;
}

/** Of the element that the reader has found, a request (a8) or a response (a9): they are alike. */
export function decodeInitiate(reader: BerReader): Initiate {
  const inner = reader.inner();
  let at = inner.at;
  // What is not there has its place taken by the next: the tag says which it is.
  const optional = (tag: number): number | undefined => {
    if (!inner.next() || inner.tag !== tag) {
      inner.at = at;
      return undefined;
    }
    at = inner.at;
    return inner.integer();
  };
  const maxPdu = optional(0x80);
  const calling = inner.expect(0x81, "requests of who calls").integer();
  const called = inner.expect(0x82, "requests of who is called").integer();
  at = inner.at;
  const nesting = optional(0x83);
  const detail = inner.expect(0xa4, "the detail of an initiate").inner();
  return {
    ...(maxPdu === undefined ? {} : { maxPdu }),
    calling,
    called,
    ...(nesting === undefined ? {} : { nesting }),
    version: detail.expect(0x80, "a version").integer(),
    parameters: bitString(detail.expect(0x81, "parameters")),
    services: bitString(detail.expect(0x82, "services")),
  };
}

export function encodeInitiate(out: BerWriter, tag: number, initiate: Initiate): void {
  const mark = out.written;
  const { maxPdu, calling, called, nesting, version, parameters, services } = initiate;
  out
    .bits(0x82, services.octets, services.length)
    .bits(0x81, parameters.octets, parameters.length)
    .integer(0x80, version)
    .wrap(0xa4, mark);
  if (nesting !== undefined) out.integer(0x83, nesting);
  out.integer(0x82, called).integer(0x81, calling);
  if (maxPdu !== undefined) out.integer(0x80, maxPdu);
  out.wrap(tag, mark);
}
