/**
 * What SNMP says, in the basic encoding rules as it uses them (RFC 3417, 8; RFC 2578, 7.1): lengths are definite, numbers at most 64 bits.
 * Lengths and numbers may take more bytes than they need; they are written without.
 */
import { Reader, Writer, WireError } from "#wire/cursor.ts";
import { element, unsignedInteger } from "#wire/der-write.ts";
import type { Oid } from "./oid.ts";

export const Tag = {
  integer: 0x02,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  address: 0x40,
  counter32: 0x41,
  gauge32: 0x42,
  timeTicks: 0x43,
  opaque: 0x44,
  counter64: 0x46,
  noSuchObject: 0x80,
  noSuchInstance: 0x81,
  endOfMibView: 0x82,
} as const;

/** A value of a variable (RFC 2578, 7.1), or why there is none (RFC 3416, 3). */
export type Value =
  /** -2^31 to 2^31 - 1. */
  | { readonly kind: "integer"; readonly value: number }
  /** Octets; of an address four. */
  | { readonly kind: "octets" | "address" | "opaque"; readonly value: Uint8Array }
  | { readonly kind: "oid"; readonly value: Oid }
  /** 0 to 2^32 - 1; ticks are hundredths of a second. */
  | { readonly kind: "counter32" | "gauge32" | "timeTicks"; readonly value: number }
  /** 0 to 2^64 - 1. */
  | { readonly kind: "counter64"; readonly value: bigint }
  | { readonly kind: "null" | "noSuchObject" | "noSuchInstance" | "endOfMibView" };

/** RFC 2578, 3.5. */
const MOST_NUMBERS = 128;
const MOST_NUMBER = 0xffff_ffff;

/** The content of the next element, which is of a tag. Throws WireError where it is not, or does not end within what it is part of. */
export function content(reader: Reader, tag: number, what: string): Reader {
  const at = reader.at;
  const found = reader.u8();
  if (found !== tag) throw new WireError(`expected ${what}, tag ${tag}, found tag ${found}`, at);
  return new Reader(reader.bytes(lengthOf(reader)));
}

/** The tag of the next element, which is read next. */
export function tagOf(reader: Reader): number {
  const tag = reader.u8();
  reader.at--;
  return tag;
}

function lengthOf(reader: Reader): number {
  const at = reader.at;
  const first = reader.u8();
  if (first < 0x80) return first;
  const octets = first & 0x7f;
  if (octets === 0 || octets > 4) throw new WireError("a length of no bytes, or of more than four", at);
  let length = 0;
  for (let k = 0; k < octets; k++) length = length * 256 + reader.u8();
  return length;
}

/** Nothing is to stand behind what was read. */
export function mustEnd(reader: Reader): void {
  if (reader.left > 0) throw new WireError(`${reader.left} bytes more than there should be`, reader.at);
}

export function readInteger(reader: Reader, what = "a number"): number {
  return signed(content(reader, Tag.integer, what));
}

export function readOctets(reader: Reader, what = "a string of octets"): Uint8Array {
  const inner = content(reader, Tag.octets, what);
  return inner.bytes(inner.length);
}

export function readOid(reader: Reader): Oid {
  return numbersOf(content(reader, Tag.oid, "an object identifier"));
}

function signed(inner: Reader): number {
  const { length } = inner;
  if (length === 0) throw new WireError("a number of no bytes", 0);
  let value = (inner.u8() << 24) >> 24;
  while (inner.left > 0) {
    value = value * 256 + inner.u8();
    if (value < -(2 ** 31) || value >= 2 ** 31) throw new WireError("a number of more than 32 bits", inner.at);
  }
  return value;
}

/** Whose sign bit is set is taken as a number of 32 or 64 bits without a sign: some write them so. */
function unsigned(inner: Reader, bits: 32 | 64): bigint {
  if (inner.length === 0) throw new WireError("a number of no bytes", 0);
  let value = 0n;
  while (inner.left > 0) {
    value = (value << 8n) | BigInt(inner.u8());
    if (value >> BigInt(bits) !== 0n) throw new WireError(`a number of more than ${bits} bits`, inner.at);
  }
  return value;
}

function numbersOf(inner: Reader): Oid {
  const found: number[] = [];
  while (inner.left > 0) {
    let number = 0;
    for (let more = true; more;) {
      const byte = inner.u8();
      number = number * 128 + (byte & 0x7f);
      if (number > MOST_NUMBER + 80)
        throw new WireError("a number of more than 32 bits in an object identifier", inner.at);
      more = byte >= 0x80;
    }
    if (found.length > 0) found.push(number);
    else found.push(Math.min(2, Math.floor(number / 40)), number - 40 * Math.min(2, Math.floor(number / 40)));
    if (number > MOST_NUMBER && found.length > 2)
      throw new WireError("a number of more than 32 bits in an object identifier", inner.at);
    if (found.length > MOST_NUMBERS)
      throw new WireError(`an object identifier of more than ${MOST_NUMBERS} numbers`, inner.at);
  }
  if (found.length === 0) throw new WireError("an object identifier of no numbers", 0);
  return found;
}

export function readValue(reader: Reader): Value {
  const at = reader.at;
  const tag = tagOf(reader);
  const inner = content(reader, tag, "a value");
  switch (tag) {
    case Tag.integer:
      return { kind: "integer", value: signed(inner) };
    case Tag.octets:
      return { kind: "octets", value: inner.bytes(inner.length) };
    case Tag.opaque:
      return { kind: "opaque", value: inner.bytes(inner.length) };
    case Tag.address:
      if (inner.length !== 4) throw new WireError(`an address of ${inner.length} bytes`, at);
      return { kind: "address", value: inner.bytes(4) };
    case Tag.oid:
      return { kind: "oid", value: numbersOf(inner) };
    case Tag.counter32:
      return { kind: "counter32", value: Number(unsigned(inner, 32)) };
    case Tag.gauge32:
      return { kind: "gauge32", value: Number(unsigned(inner, 32)) };
    case Tag.timeTicks:
      return { kind: "timeTicks", value: Number(unsigned(inner, 32)) };
    case Tag.counter64:
      return { kind: "counter64", value: unsigned(inner, 64) };
    case Tag.null:
    case Tag.noSuchObject:
    case Tag.noSuchInstance:
    case Tag.endOfMibView:
      mustEnd(inner);
      return { kind: absences[tag] };
    default:
      throw new WireError(`there is no value of tag ${tag}`, at);
  }
}

const absences = { 0x05: "null", 0x80: "noSuchObject", 0x81: "noSuchInstance", 0x82: "endOfMibView" } as const;

export function integer(value: number): Uint8Array {
  const all = new Writer(4).i32(value).done();
  let from = 0;
  // A byte that only repeats the sign of the next is left out (X.690, 8.3.2).
  while (from < 3 && all[from] === ((all[from + 1] ?? 0) >= 0x80 ? 0xff : 0)) from++;
  return element(Tag.integer, all.subarray(from));
}

export function octets(value: Uint8Array): Uint8Array {
  return element(Tag.octets, value);
}

/** Of one number 0.0 is written, which begins every walk. */
export function objectIdentifier(oid: Oid): Uint8Array {
  const out = new Writer(oid.length + 8);
  const [first = 0, second = 0, ...rest] = oid;
  for (const number of [40 * first + second, ...rest]) {
    let shift = 1;
    while (Math.floor(number / 128 ** shift) > 0) shift++;
    for (shift--; shift > 0; shift--) out.u8(0x80 | (Math.floor(number / 128 ** shift) & 0x7f));
    out.u8(number & 0x7f);
  }
  return element(Tag.oid, out.done());
}

/** Without a sign, so that a zero goes before a byte with the sign bit. */
function unsignedOf(tag: number, value: bigint): Uint8Array {
  const bytes = new Writer(8)
    .u32(Number(value >> 32n))
    .u32(Number(value & 0xffff_ffffn))
    .done();
  const out = unsignedInteger(bytes);
  out[0] = tag;
  return out;
}

export function valueBytes(value: Value): Uint8Array {
  switch (value.kind) {
    case "integer":
      return integer(value.value);
    case "octets":
    case "opaque":
    case "address":
      return element(Tag[value.kind], value.value);
    case "oid":
      return objectIdentifier(value.value);
    case "counter32":
    case "gauge32":
    case "timeTicks":
      return unsignedOf(Tag[value.kind], BigInt(value.value));
    case "counter64":
      return unsignedOf(Tag.counter64, value.value);
    default:
      return element(Tag[value.kind]);
  }
}
