/** DER (X.690) as it is written: a tag, the length of what is in it in as few bytes as it takes, and that. */
import { Writer } from "./cursor.ts";

function length(out: Writer, count: number): Writer {
  if (count < 0x80) return out.u8(count);
  return count < 0x100 ? out.u8(0x81).u8(count) : out.u8(0x82).u16(count);
}

/** An element of what it contains, at most 65,535 bytes. */
export function element(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const out = length(
    new Writer().u8(tag),
    contents.reduce((sum, { length: count }) => sum + count, 0),
  );
  for (const content of contents) out.bytes(content);
  return out.done();
}

/** A number that is not negative, big endian: without zeros before it but for the one that says so. */
export function unsignedInteger(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  const isNegative = (digits[0] ?? 0) >= 0x80;
  return element(0x02, isNegative ? Uint8Array.of(0, ...digits) : digits);
}
