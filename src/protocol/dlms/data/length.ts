/** Lengths as A-XDR has them (IEC 61334-6): one byte below 128, else a byte that says how many bytes follow. */
import { WireError, type Reader, type Writer } from "#wire/cursor.ts";

export function writeLength(out: Writer, length: number): Writer {
  if (length < 0x80) return out.u8(length);
  if (length < 0x100) return out.u8(0x81).u8(length);
  if (length < 0x10000) return out.u8(0x82).u16(length);
  return out.u8(0x84).u32(length);
}

/** Bytes that a length takes. */
export function lengthOfLength(length: number): number {
  if (length < 0x80) return 1;
  if (length < 0x100) return 2;
  return length < 0x10000 ? 3 : 5;
}

/** Throws WireError of a length of more than four bytes, and of one that is none. */
export function readLength(from: Reader): number {
  const { at } = from;
  const first = from.u8();
  if (first < 0x80) return first;
  const count = first & 0x7f;
  if (count === 0 || count > 4) throw new WireError(`a length of ${count} bytes, where 1 to 4 were expected`, at);
  let length = 0;
  for (let k = 0; k < count; k++) length = length * 256 + from.u8();
  return length;
}
