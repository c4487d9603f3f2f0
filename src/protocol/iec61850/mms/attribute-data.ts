/**
 * Attributes of an IED as data of MMS (IEC 61850-8-1, 8.1): each basic type in its own way. What is not known has a value on the wire all
 * the same, as `absent` says: the quality beside it is invalid, and nobody takes it for a measured one.
 */
import type { BerReader, BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import type { BasicShape, BasicType } from "#protocol/iec61850/model/basic-type.ts";
import { basicTypes } from "#protocol/iec61850/model/basic-type.ts";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";
import { quality } from "#protocol/iec61850/model/value.ts";
import { dataTags, wholeNumber } from "./data-codec.ts";
import { readEntryTime, readUtcTime, writeEntryTime, writeUtcTime } from "./time-octets.ts";

/** What stands for a value that is not known: no number at all of floats, 0, false, no text, all bits 0, no time with its clock in failure. */
const absent = { bits: 0, quality: quality.invalid, clockFailure: 0x40 } as const;

const noTime = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, absent.clockFailure);
const noOctets = new Uint8Array(0);

/** Writes the value of a leaf. */
export function writeLeaf(out: BerWriter, { type }: { readonly type: BasicType }, value: LeafValue): void {
  const { mms, width }: BasicShape = basicTypes[type];
  switch (mms) {
    case "boolean":
      out.boolean(dataTags.boolean, value === true);
      return;
    case "integer":
    case "unsigned":
      if (typeof value === "bigint") out.bigint(dataTags[mms], value);
      else out.integer(dataTags[mms], typeof value === "number" ? value : 0);
      return;
    case "float":
      if (width === 32) out.float32(dataTags.float, typeof value === "number" ? value : NaN);
      else out.float64(dataTags.float, typeof value === "number" ? value : NaN);
      return;
    case "bits":
      out.bitsOf(dataTags.bits, typeof value === "number" ? value : absentBits(type), Math.abs(width));
      return;
    case "octets":
      // Where the length never changes, octets that are 0 are those of nothing.
      out.octets(dataTags.octets, value instanceof Uint8Array ? value : width > 0 ? new Uint8Array(width) : noOctets);
      return;
    case "visible":
      out.latin1(dataTags.visible, typeof value === "string" ? value : "");
      return;
    case "utf8":
      out.utf8(dataTags.utf8, typeof value === "string" ? value : "");
      return;
    case "utc":
      if (typeof value === "object" && !(value instanceof Uint8Array)) writeUtcTime(out, dataTags.utc, value);
      else out.octets(dataTags.utc, noTime);
      return;
    case "binaryTime":
      writeEntryTime(out, dataTags.binaryTime, utcOf(value));
  }
}

function absentBits(type: BasicType): number {
  return type === "Quality" ? absent.quality : absent.bits;
}

function utcOf(value: LeafValue): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "object" && !(value instanceof Uint8Array) ? value.utc : undefined;
}

/** A value that was written; or what is wrong with it: it is of another type, or none that the type has. */
export type ReadLeaf = { readonly value: LeafValue } | { readonly wrong: "type" | "value" };

/** Of the element that the reader has found. */
export function readLeaf(reader: BerReader, { type }: { readonly type: BasicType }): ReadLeaf {
  const { mms, width }: BasicShape = basicTypes[type];
  if (reader.tag !== dataTags[mms]) return { wrong: "type" };
  switch (mms) {
    case "boolean":
      return { value: reader.boolean() };
    case "integer":
    case "unsigned":
      return numberOf(wholeNumber(reader), mms === "integer", width);
    case "float":
      return floatOf(reader, width);
    case "bits":
      return bitsOf(reader, width);
    case "octets":
    case "visible":
    case "utf8":
      return textOf(reader, mms, width);
    case "utc":
      return { value: readUtcTime(reader.content()) };
    case "binaryTime":
      return reader.to - reader.from === 6 ? { value: readEntryTime(reader.content()) } : { wrong: "type" };
  }
}

function numberOf(value: number | bigint, signed: boolean, width: number): ReadLeaf {
  const [least, most] = signed
    ? [-(2n ** BigInt(width - 1)), 2n ** BigInt(width - 1) - 1n]
    : [0n, 2n ** BigInt(width) - 1n];
  const number = BigInt(value);
  if (number < least || number > most) return { wrong: "value" };
  return { value: width > 32 ? number : Number(value) };
}

function floatOf(reader: BerReader, width: number): ReadLeaf {
  const content = reader.content();
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  if (content.length === 5 && content[0] === 8) return { value: view.getFloat32(1) };
  return width === 64 && content.length === 9 && content[0] === 11 ? { value: view.getFloat64(1) } : { wrong: "type" };
}

/** The first bit is the highest; what a peer leaves out at the end is 0, where the width is a greatest length. */
function bitsOf(reader: BerReader, width: number): ReadLeaf {
  const content = reader.content();
  const bits = 8 * (content.length - 1) - (content[0] ?? 0);
  if (content[0] === undefined || content[0] > 7 || bits < 0)
    throw new WireError("a bit string of no length", reader.from);
  const most = Math.abs(width);
  if (bits > most || (width > 0 && bits < most)) return { wrong: "type" };
  let value = 0;
  for (let bit = 0; bit < bits; bit++) {
    const octet = content[1 + (bit >> 3)] ?? 0;
    value += ((octet >> (7 - (bit & 7))) & 1) * 2 ** (most - 1 - bit);
  }
  return { value };
}

function textOf(reader: BerReader, mms: "octets" | "visible" | "utf8", width: number): ReadLeaf {
  const content = reader.content();
  if (content.length > Math.abs(width) || (width > 0 && mms === "octets" && content.length !== width))
    return { wrong: "value" };
  if (mms === "octets") return { value: content.slice() };
  return { value: mms === "visible" ? reader.latin1() : new TextDecoder().decode(content) };
}
