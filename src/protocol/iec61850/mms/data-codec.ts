/** Data of MMS in BER (ISO 9506-2, 14.4): values as such, without a model of what they are. */
import type { BerWriter } from "#wire/ber.ts";
import { BerReader } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import type { Data } from "./data.ts";

/** Structures and arrays within each other, unless less was agreed (proposedDataStructureNestingLevel). */
export const MOST_NESTED = 10;

export const dataTags = {
  array: 0xa1,
  structure: 0xa2,
  boolean: 0x83,
  bits: 0x84,
  integer: 0x85,
  unsigned: 0x86,
  float: 0x87,
  octets: 0x89,
  visible: 0x8a,
  generalizedTime: 0x8b,
  binaryTime: 0x8c,
  bcd: 0x8d,
  booleans: 0x8e,
  objectId: 0x8f,
  utf8: 0x90,
  utc: 0x91,
} as const satisfies Record<Data["kind"], number>;

const kindOfTag: ReadonlyMap<number, Data["kind"]> = new Map(
  (Object.keys(dataTags) as Data["kind"][]).map((kind) => [dataTags[kind], kind]),
);

/** Of the element that the reader has found. There are no more items than its octets have room for: two for each. */
export function decodeData(reader: BerReader, nested = MOST_NESTED): Data {
  const kind = kindOfTag.get(reader.tag);
  switch (kind) {
    case undefined:
      throw new WireError(`no data have tag ${reader.tag.toString(16)}`, reader.from);
    case "array":
    case "structure":
      if (nested === 0) throw new WireError("data that are nested too deep", reader.from);
      return { kind, items: decodeDataList(reader, nested - 1) };
    case "boolean":
      return { kind, value: reader.boolean() };
    case "bits":
    case "booleans":
      return { kind, ...bitString(reader) };
    case "integer":
    case "unsigned":
      return { kind, value: wholeNumber(reader) };
    case "float":
      return float(reader);
    case "octets":
      return { kind, value: reader.content().slice() };
    case "utf8":
      return { kind, value: new TextDecoder().decode(reader.content()) };
    case "visible":
    case "generalizedTime":
      return { kind, value: reader.latin1() };
    case "binaryTime":
      return { kind, octets: octetsOf(reader, "a time of day", 4, 6) };
    case "utc":
      return { kind, octets: octetsOf(reader, "an instant", 8) };
    case "bcd":
      return { kind, value: reader.integer() };
    case "objectId":
      return { kind, value: objectIdentifier(reader.content()) };
  }
}

/** Of the items in the element that the reader has found. */
export function decodeDataList(reader: BerReader, nested = MOST_NESTED): Data[] {
  const items: Data[] = [];
  const inner = reader.inner();
  while (inner.next()) items.push(decodeData(inner, nested));
  return items;
}

export function encodeData(out: BerWriter, data: Data): void {
  const tag = dataTags[data.kind];
  switch (data.kind) {
    case "array":
    case "structure":
      encodeDataList(out, tag, data.items);
      return;
    case "boolean":
      out.boolean(tag, data.value);
      return;
    case "bits":
    case "booleans":
      out.bits(tag, data.octets, data.length);
      return;
    case "integer":
    case "unsigned":
      if (typeof data.value === "bigint") out.bigint(tag, data.value);
      else out.integer(tag, data.value);
      return;
    case "float":
      if (data.width === 32) out.float32(tag, data.value);
      else out.float64(tag, data.value);
      return;
    case "octets":
      out.octets(tag, data.value);
      return;
    case "utf8":
      out.utf8(tag, data.value);
      return;
    case "visible":
    case "generalizedTime":
      out.latin1(tag, data.value);
      return;
    case "binaryTime":
    case "utc":
      out.octets(tag, data.octets);
      return;
    case "bcd":
      out.integer(tag, data.value);
      return;
    case "objectId":
      out.octets(tag, objectIdentifierOctets(data.value));
  }
}

export function encodeDataList(out: BerWriter, tag: number, items: readonly Data[]): void {
  const mark = out.written;
  for (let k = items.length - 1; k >= 0; k--) {
    const item = items[k];
    if (item !== undefined) encodeData(out, item);
  }
  out.wrap(tag, mark);
}

/** A bit string's octets without the one that says how many bits of the last are none; those bits are 0. */
export function bitString(reader: BerReader): { readonly octets: Uint8Array; readonly length: number } {
  const content = reader.content();
  const unused = content[0];
  if (unused === undefined || unused > 7 || (unused > 0 && content.length === 1))
    throw new WireError("a bit string that does not say how long it is", reader.from);
  const octets = content.slice(1);
  const last = octets[octets.length - 1];
  if (last !== undefined) octets[octets.length - 1] = last & (0xff << unused);
  return { octets, length: 8 * octets.length - unused };
}

/** A whole number of at most sixteen octets. */
export function wholeNumber(reader: BerReader): number | bigint {
  const content = reader.content();
  if (content.length <= 6) return reader.integer();
  if (content.length > 17) throw new WireError("a number of more than 128 bits", reader.from);
  let value = BigInt.asIntN(8, BigInt(content[0] ?? 0));
  for (const octet of content.subarray(1)) value = (value << 8n) | BigInt(octet);
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

function float(reader: BerReader): Data {
  const content = reader.content();
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  if (content.length === 5 && content[0] === 8) return { kind: "float", value: view.getFloat32(1), width: 32 };
  if (content.length === 9 && content[0] === 11) return { kind: "float", value: view.getFloat64(1), width: 64 };
  throw new WireError("a floating-point number that is neither of 32 nor of 64 bits", reader.from);
}

function octetsOf(reader: BerReader, what: string, ...lengths: readonly number[]): Uint8Array {
  const content = reader.content();
  if (!lengths.includes(content.length)) throw new WireError(`${what} of ${content.length} octets`, reader.from);
  return content.slice();
}

function objectIdentifier(content: Uint8Array): string {
  const arcs: number[] = [];
  let arc = 0;
  // Some servers have none where nobody has given one.
  if (content.length === 0) return "";
  for (const octet of content) {
    arc = arc * 128 + (octet & 0x7f);
    if (!Number.isSafeInteger(arc)) throw new WireError("an object identifier beyond 53 bits", 0);
    if (octet >= 0x80) continue;
    if (arcs.length > 0) arcs.push(arc);
    else {
      const top = Math.min(2, Math.floor(arc / 40));
      arcs.push(top, arc - 40 * top);
    }
    arc = 0;
  }
  if (arc > 0 || arcs.length === 0) throw new WireError("an object identifier without its end", 0);
  return arcs.join(".");
}

function objectIdentifierOctets(text: string): Uint8Array {
  if (text === "") return new Uint8Array();
  const [top = 0, second = 0, ...rest] = text.split(".").map(Number);
  const octets: number[] = [];
  for (const arc of [40 * top + second, ...rest]) {
    const low = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) low.unshift((left % 128) + 128);
    octets.push(...low);
  }
  return Uint8Array.from(octets);
}
