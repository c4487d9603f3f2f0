/** BER as ACSE has it (ITU-T X.690): a tag of one byte, a length, contents. */
import { readLength, writeLength } from "#protocol/dlms/data/length.ts";
import { Reader, WireError, Writer } from "#wire/cursor.ts";

export interface Element {
  readonly tag: number;
  /** Where its contents begin in what was read. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** The next element. Throws WireError where its contents are not all there. */
export function readElement(from: Reader): Element {
  const tag = from.u8();
  const length = readLength(from);
  return { tag, at: from.at, bytes: from.bytes(length) };
}

/** What is in an element that has one element in it: explicit tags. */
export function inside({ bytes, at }: Element, tag: number, what: string): Uint8Array {
  const from = new Reader(bytes);
  const inner = readElement(from);
  if (inner.tag !== tag || from.left > 0)
    throw new WireError(
      `expected ${what} as one element ${hex(tag)}, found ${hex(inner.tag)} and ${from.left} bytes behind it`,
      at,
    );
  return inner.bytes;
}

/** An INTEGER of one byte, or of two where the first is 0: what COSEM numbers so is 0 to 255. */
export function smallInteger(bytes: Uint8Array, at: number): number {
  const [first, second] = bytes;
  if (bytes.length === 1 && first !== undefined) return first;
  if (bytes.length === 2 && first === 0 && second !== undefined) return second;
  throw new WireError(`expected an integer from 0 to 255, found ${bytes.length} bytes`, at);
}

export function writeElement(out: Writer, tag: number, bytes: Uint8Array): Writer {
  return writeLength(out.u8(tag), bytes.length).bytes(bytes);
}

/** An element with its only content as an element in it. */
export function writeExplicit(out: Writer, tag: number, inner: number, bytes: Uint8Array): Writer {
  return writeElement(out, tag, writeElement(new Writer(), inner, bytes).done());
}

/** From 0 to 255. */
export function integerBytes(value: number): Uint8Array {
  return value < 0x80 ? Uint8Array.of(value) : Uint8Array.of(0, value);
}

export function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, "0");
}
