/**
 * Object headers (IEEE 1815 clause 4.2.2.7): group, variation, qualifier, range. The qualifier says in its high nibble what stands before each
 * object, in its low one how the range is written.
 */
import { WireError, type Reader, type Writer } from "#wire/cursor.ts";

export const qualifiers = {
  /** From start to stop, an octet each. */
  range8: 0x00,
  range16: 0x01,
  /** All there are; in requests only. */
  all: 0x06,
  count8: 0x07,
  count16: 0x08,
  /** So many, each with its index of an octet before it. */
  indices8: 0x17,
  indices16: 0x28,
  /** So many, each with its size of two octets before it: files. */
  sized: 0x5b,
} as const;

export interface ObjectHeader {
  readonly group: number;
  readonly variation: number;
  readonly qualifier: number;
  /** Of a range: the first index, else 0. */
  readonly first: number;
  /** Objects that the range speaks of; Infinity of all, 0 where start is after stop. */
  readonly count: number;
}

/** What is written before each object: nothing, its index or its size, and in how many octets. */
export interface ObjectPrefix {
  readonly of: "nothing" | "index" | "size";
  readonly octets: 0 | 1 | 2 | 4;
}

const prefixes: readonly ObjectPrefix[] = [
  { of: "nothing", octets: 0 },
  { of: "index", octets: 1 },
  { of: "index", octets: 2 },
  { of: "index", octets: 4 },
  { of: "size", octets: 1 },
  { of: "size", octets: 2 },
  { of: "size", octets: 4 },
];

/** Undefined of a qualifier that is none. */
export function prefixOf(qualifier: number): ObjectPrefix | undefined {
  return prefixes[qualifier >> 4];
}

export function readUnsigned(reader: Reader, octets: 0 | 1 | 2 | 4): number {
  if (octets === 1) return reader.u8();
  if (octets === 2) return reader.u16(true);
  return octets === 4 ? reader.u32(true) : 0;
}

/** How many octets the numbers of a range have: start and stop, or a count. */
const starts: Readonly<Partial<Record<number, 1 | 2 | 4>>> = { 0: 1, 1: 2, 2: 4 };
const counts: Readonly<Partial<Record<number, 1 | 2 | 4>>> = { 7: 1, 8: 2, 9: 4, 0xb: 1 };

/** Throws WireError on a qualifier that is none, and on one that is cut. */
export function readObjectHeader(reader: Reader): ObjectHeader {
  const group = reader.u8();
  const variation = reader.u8();
  const at = reader.at;
  const qualifier = reader.u8();
  const code = qualifier & 0x0f;
  if (prefixOf(qualifier) === undefined) throw new WireError(`no qualifier is ${qualifier.toString(16)}`, at);
  if (code === 6) return { group, variation, qualifier, first: 0, count: Infinity };
  const width = counts[code];
  if (width !== undefined) return { group, variation, qualifier, first: 0, count: readUnsigned(reader, width) };
  const each = starts[code];
  if (each === undefined) throw new WireError(`no qualifier is ${qualifier.toString(16)}`, at);
  const first = readUnsigned(reader, each);
  return { group, variation, qualifier, first, count: Math.max(0, readUnsigned(reader, each) - first + 1) };
}

export function writeObjectHeader(writer: Writer, header: ObjectHeader): void {
  const { group, variation, qualifier, first, count } = header;
  writer.u8(group).u8(variation).u8(qualifier);
  const code = qualifier & 0x0f;
  const each = starts[code];
  if (each !== undefined) {
    writeUnsigned(writer, first, each);
    writeUnsigned(writer, first + count - 1, each);
  }
  const width = counts[code];
  if (width !== undefined) writeUnsigned(writer, count, width);
}

export function writeUnsigned(writer: Writer, value: number, octets: 0 | 1 | 2 | 4): void {
  if (octets === 1) writer.u8(value);
  else if (octets === 2) writer.u16(value, true);
  else if (octets === 4) writer.u32(value, true);
}

/** The header of everything of a group and variation. */
export function allOf(group: number, variation: number): ObjectHeader {
  return { group, variation, qualifier: qualifiers.all, first: 0, count: Infinity };
}

/** The header of points from one to another, both included, as short as it can be. */
export function rangeOf(group: number, variation: number, first: number, last: number): ObjectHeader {
  const qualifier = last > 0xff ? qualifiers.range16 : qualifiers.range8;
  return { group, variation, qualifier, first, count: last - first + 1 };
}

/** The header of at most so many. */
export function countOf(group: number, variation: number, count: number): ObjectHeader {
  return { group, variation, qualifier: count > 0xff ? qualifiers.count16 : qualifiers.count8, first: 0, count };
}
