/** Names and attributes of files (ISO 9506-2, annex D). */
import type { BerReader, BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";

/** Components of names are GraphicStrings; IEC 61850 has the whole path in one. */
const COMPONENT = 0x19;

export interface FileAttributes {
  /** Octets. */
  readonly size: number;
  /** GeneralizedTime: "20261121013941.000Z". */
  readonly modified?: string | undefined;
}

/** Of the components in the element that the reader has found, with strokes between them where there are several. */
export function decodeFileName(reader: BerReader): string {
  const components: string[] = [];
  const inner = reader.inner();
  while (inner.next()) components.push(inner.latin1());
  return components.join("/");
}

export function encodeFileName(out: BerWriter, tag: number, name: string): void {
  const mark = out.written;
  out.latin1(COMPONENT, name).wrap(tag, mark);
}

export function decodeFileAttributes(reader: BerReader): FileAttributes {
  const inner = reader.inner();
  const size = inner.expect(0x80, "the size of a file").unsigned();
  return inner.next() ? { size, modified: inner.latin1() } : { size };
}

export function encodeFileAttributes(out: BerWriter, { size, modified }: FileAttributes): void {
  const mark = out.written;
  if (modified !== undefined) out.latin1(0x81, modified);
  out.integer(0x80, size).wrap(0xa1, mark);
}

/** The name in the element that comes next. */
export function expectFileName(inner: BerReader, tag: number, what: string): string {
  const name = decodeFileName(inner.expect(tag, what));
  if (name === "") throw new WireError(`${what} that is empty`, inner.from);
  return name;
}
