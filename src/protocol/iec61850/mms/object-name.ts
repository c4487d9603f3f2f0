/** Names of variables, lists and journals in BER (ISO 9506-2, ObjectName). */
import type { BerReader, BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import type { ObjectName } from "./data.ts";

/** Identifiers are VisibleStrings. */
export const IDENTIFIER = 0x1a;

/** Of the element that the reader has found. */
export function decodeObjectName(reader: BerReader): ObjectName {
  switch (reader.tag) {
    case 0x80:
      return { scope: "vmd", item: reader.latin1() };
    case 0xa1: {
      const inner = reader.inner();
      const domain = inner.expect(IDENTIFIER, "the name of a domain").latin1();
      return { scope: "domain", domain, item: inner.expect(IDENTIFIER, "a name in a domain").latin1() };
    }
    case 0x82:
      return { scope: "association", item: reader.latin1() };
    default:
      throw new WireError(`no name has tag ${reader.tag.toString(16)}`, reader.from);
  }
}

/** Of the element in the one that the reader has found. */
export function decodeNameWithin(reader: BerReader): ObjectName {
  const inner = reader.inner();
  if (!inner.next()) throw new WireError("nothing where a name has to be", inner.at);
  return decodeObjectName(inner);
}

export function encodeObjectName(out: BerWriter, name: ObjectName): void {
  if (name.scope === "vmd") out.latin1(0x80, name.item);
  else if (name.scope === "association") out.latin1(0x82, name.item);
  else {
    const mark = out.written;
    out
      .latin1(IDENTIFIER, name.item)
      .latin1(IDENTIFIER, name.domain ?? "")
      .wrap(0xa1, mark);
  }
}
