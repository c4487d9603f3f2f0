/** Descriptions of types in BER (ISO 9506-2, 14.2, TypeDescription; those of named types are not had here). */
import type { BerReader, BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import type { TypeDescription } from "./data.ts";
import { dataTags, MOST_NESTED } from "./data-codec.ts";

type Kind = TypeDescription["kind"];

/** The tags are those of data, but for what is no time of day of a date. */
const kindOfTag: ReadonlyMap<number, Kind> = new Map(
  (Object.keys(dataTags) as Kind[]).map((kind) => [kind === "float" ? 0xa7 : dataTags[kind], kind]),
);

/** Of the element that the reader has found. */
export function decodeType(reader: BerReader, nested = MOST_NESTED): TypeDescription {
  const kind = kindOfTag.get(reader.tag);
  switch (kind) {
    case undefined:
      throw new WireError(`no type has tag ${reader.tag.toString(16)}`, reader.from);
    case "array":
      return array(reader, nested);
    case "structure":
      return structure(reader, nested);
    case "boolean":
    case "utc":
    case "generalizedTime":
    case "objectId":
      return { kind };
    case "bcd":
      return { kind };
    case "float": {
      const inner = reader.inner();
      const width = inner.expect(0x02, "the width of a float").integer();
      return { kind, width, exponent: inner.expect(0x02, "the width of an exponent").integer() };
    }
    case "binaryTime":
      return { kind, date: reader.boolean() };
    case "bits":
    case "integer":
    case "unsigned":
    case "octets":
    case "visible":
    case "utf8":
    case "booleans":
      return { kind, width: reader.integer() };
  }
}

function array(reader: BerReader, nested: number): TypeDescription {
  if (nested === 0) throw new WireError("a type that is nested too deep", reader.from);
  const inner = unpacked(reader);
  const count = inner.expect(0x81, "how many elements an array has").unsigned();
  const of = inner.expect(0xa2, "the type of an array's elements").inner();
  if (!of.next()) throw new WireError("an array of no type", of.at);
  return { kind: "array", count, of: decodeType(of, nested - 1) };
}

function structure(reader: BerReader, nested: number): TypeDescription {
  if (nested === 0) throw new WireError("a type that is nested too deep", reader.from);
  const fields: { name: string; type: TypeDescription }[] = [];
  const components = unpacked(reader).expect(0xa1, "the components of a structure").inner();
  while (components.next()) {
    const component = components.inner();
    const name = component.expect(0x80, "the name of a component").latin1();
    const type = component.expect(0xa1, "the type of a component").inner();
    if (!type.next()) throw new WireError("a component of no type", type.at);
    fields.push({ name, type: decodeType(type, nested - 1) });
  }
  return { kind: "structure", fields };
}

/** Without the flag that says that it is packed, which nobody heeds. */
function unpacked(reader: BerReader): BerReader {
  const inner = reader.inner();
  if (inner.at < inner.end && inner.bytes[inner.at] === 0x80) inner.next();
  return inner;
}

export function encodeType(out: BerWriter, type: TypeDescription): void {
  const mark = out.written;
  switch (type.kind) {
    case "array": {
      encodeType(out, type.of);
      out.wrap(0xa2, mark).integer(0x81, type.count).wrap(dataTags.array, mark);
      return;
    }
    case "structure":
      for (const field of type.fields.toReversed()) {
        const start = out.written;
        encodeType(out, field.type);
        out.wrap(0xa1, start).latin1(0x80, field.name).wrap(0x30, start);
      }
      out.wrap(0xa1, mark).wrap(dataTags.structure, mark);
      return;
    case "boolean":
    case "utc":
    case "generalizedTime":
    case "objectId":
    case "bcd":
      out.null(dataTags[type.kind]);
      return;
    case "float":
      out.integer(0x02, type.exponent).integer(0x02, type.width).wrap(0xa7, mark);
      return;
    case "binaryTime":
      out.boolean(dataTags.binaryTime, type.date);
      return;
    case "bits":
    case "integer":
    case "unsigned":
    case "octets":
    case "visible":
    case "utf8":
    case "booleans":
      out.integer(dataTags[type.kind], type.width);
  }
}
