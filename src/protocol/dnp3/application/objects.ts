/** Objects behind their headers, read and written. */
import { Reader, WireError, type Writer } from "#wire/cursor.ts";
import {
  prefixOf,
  readObjectHeader,
  readUnsigned,
  writeObjectHeader,
  writeUnsigned,
  type ObjectHeader,
} from "./object-header.ts";
import { objectRow, type Field, type FieldName, type ObjectRow } from "./object-table.ts";

/** One object: its index where it has one, and its fields by their names in the table of objects. */
export interface DnpObject extends Partial<Readonly<Record<FieldName, number>>> {
  readonly index?: number;
  /** Of what has no fields: files, octet strings. */
  readonly octets?: Uint8Array;
}

export interface ObjectBlock {
  readonly header: ObjectHeader;
  /** Undefined of an object that no layout is known of, in a request that has only its header. */
  readonly row: ObjectRow | undefined;
  readonly objects: readonly DnpObject[];
  /** Where the header begins in the fragment. */
  readonly at: number;
}

/**
 * The objects of a fragment from an octet on. `data: false` of requests that only name them: READ, freezes, ENABLE_UNSOLICITED, of which an index
 * list is read all the same. Throws WireError on what is cut, and on objects with data whose layout is not known.
 */
export function decodeObjects(fragment: Uint8Array, from: number, data: boolean): ObjectBlock[] {
  const reader = new Reader(fragment);
  reader.skip(from);
  const blocks: ObjectBlock[] = [];
  while (reader.left > 0) blocks.push(readBlock(reader, data));
  return blocks;
}

function readBlock(reader: Reader, data: boolean): ObjectBlock {
  const at = reader.at;
  const header = readObjectHeader(reader);
  const row = objectRow(header.group, header.variation);
  if (header.count === Infinity) return { header, row, objects: [], at };
  if (!data) return { header, row, objects: prefixed(reader, header), at };
  if (row === undefined) throw new WireError(`no object is g${header.group}v${header.variation}`, at);
  return { header, row, objects: readObjects(reader, header, row), at };
}

/** The list of indices of a header without data. */
function prefixed(reader: Reader, header: ObjectHeader): DnpObject[] {
  const prefix = prefixOf(header.qualifier);
  const objects: DnpObject[] = [];
  if (prefix?.of !== "index") return objects;
  for (let k = 0; k < header.count; k++) objects.push({ index: readUnsigned(reader, prefix.octets) });
  return objects;
}

/** In which octets an object with an index before it has its bits: one, whatever of it is used. */
const bitsOf = { bit: 1, "two bits": 2 } as const;

function readObjects(reader: Reader, header: ObjectHeader, row: ObjectRow): DnpObject[] {
  const prefix = prefixOf(header.qualifier) ?? { of: "nothing", octets: 0 };
  const { layout, size } = row;
  const objects: DnpObject[] = [];
  if (layout === "bit" || layout === "two bits") {
    if (prefix.of === "nothing") return packed(reader, header, bitsOf[layout]);
    for (let k = 0; k < header.count; k++) {
      const index = readUnsigned(reader, prefix.octets);
      objects.push({ index, value: reader.u8() & ((1 << bitsOf[layout]) - 1) });
    }
    return objects;
  }
  // Of nothing there can be any number: nobody is to count it.
  if (layout === "none") return objects;
  if (layout === "sized" && prefix.of !== "size") throw new WireError(`${row.what} without its size`, reader.at);
  const numbered = (header.qualifier & 0x0f) <= 2;
  for (let k = 0; k < header.count; k++) {
    const before = readUnsigned(reader, prefix.octets);
    const octets = reader.bytes(prefix.of === "size" ? before : size);
    const index = prefix.of === "index" ? before : header.first + k;
    const place = prefix.of === "index" || numbered ? { index } : {};
    objects.push(
      layout === "sized" || layout.length === 0
        ? { ...place, octets }
        : { ...place, ...readFields(octets, layout, reader.at) },
    );
  }
  return objects;
}

function packed(reader: Reader, { first, count }: ObjectHeader, bits: 1 | 2): DnpObject[] {
  const octets = reader.bytes(Math.ceil((count * bits) / 8));
  const objects: DnpObject[] = [];
  for (let k = 0; k < count; k++) {
    const octet = octets[(k * bits) >> 3] ?? 0;
    objects.push({ index: first + k, value: (octet >> ((k * bits) & 7)) & ((1 << bits) - 1) });
  }
  return objects;
}

export function readFields(
  octets: Uint8Array,
  layout: readonly Field[],
  at: number,
): Partial<Record<FieldName, number>> {
  const reader = new Reader(octets);
  const fields: Partial<Record<FieldName, number>> = {};
  for (const [name, type] of layout) {
    switch (type) {
      case "u8":
        fields[name] = reader.u8();
        break;
      case "u16":
        fields[name] = reader.u16(true);
        break;
      case "i16":
        fields[name] = reader.i16(true);
        break;
      case "u32":
        fields[name] = reader.u32(true);
        break;
      case "i32":
        fields[name] = reader.i32(true);
        break;
      case "f32":
        fields[name] = reader.f32(true);
        break;
      case "f64":
        fields[name] = reader.f64(true);
        break;
      case "u48":
        fields[name] = reader.u32(true) + reader.u16(true) * 2 ** 32;
    }
  }
  if (reader.left > 0) throw new WireError("octets are left of an object", at);
  return fields;
}

function writeField(writer: Writer, type: Field[1], value: number): void {
  switch (type) {
    case "u8":
      writer.u8(value);
      break;
    case "u16":
      writer.u16(value, true);
      break;
    case "i16":
      writer.i16(value, true);
      break;
    case "u32":
      writer.u32(value, true);
      break;
    case "i32":
      writer.i32(value, true);
      break;
    case "f32":
      writer.f32(value, true);
      break;
    case "f64":
      writer.f64(value, true);
      break;
    case "u48":
      writer.u32(value % 2 ** 32, true).u16(Math.floor(value / 2 ** 32), true);
  }
}

/** Writes a header, and the objects behind it with what goes before each; fields that an object lacks are 0. */
export function writeBlock(writer: Writer, header: ObjectHeader, objects: readonly DnpObject[] = []): void {
  writeObjectHeader(writer, header);
  const prefix = prefixOf(header.qualifier) ?? { of: "nothing", octets: 0 };
  const layout = objectRow(header.group, header.variation)?.layout;
  if ((layout === "bit" || layout === "two bits") && prefix.of === "nothing") {
    writePacked(writer, objects, bitsOf[layout]);
    return;
  }
  for (const object of objects) {
    const { octets } = object;
    writeUnsigned(writer, prefix.of === "size" ? (octets?.length ?? 0) : (object.index ?? 0), prefix.octets);
    if (octets !== undefined) writer.bytes(octets);
    else if (layout === "bit" || layout === "two bits") writer.u8(object.value ?? 0);
    else if (Array.isArray(layout)) writeFields(writer, layout, object);
  }
}

function writeFields(writer: Writer, layout: readonly Field[], object: DnpObject): void {
  for (const [name, type] of layout) writeField(writer, type, object[name] ?? 0);
}

function writePacked(writer: Writer, objects: readonly DnpObject[], bits: 1 | 2): void {
  const octets = new Uint8Array(Math.ceil((objects.length * bits) / 8));
  objects.forEach(({ value = 0 }, k) => {
    const at = (k * bits) >> 3;
    octets[at] = (octets[at] ?? 0) | (value << ((k * bits) & 7));
  });
  writer.bytes(octets);
}

/** A header that lists points, as it stands in a READ: their indices, and nothing of them. */
export function writeIndices(writer: Writer, header: ObjectHeader, indices: readonly number[]): void {
  writeObjectHeader(writer, header);
  const octets = prefixOf(header.qualifier)?.octets ?? 0;
  for (const index of indices) writeUnsigned(writer, index, octets);
}
