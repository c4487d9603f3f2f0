/** DER (X.690): tag, length, content. Enough to walk through a certificate; lengths are definite. */
import { WireError } from "./cursor.ts";

export interface Element {
  readonly tag: number;
  /** Its content: bytes [from, to). */
  readonly from: number;
  readonly to: number;
}

export const tag = { objectIdentifier: 0x06, octetString: 0x04, utf8String: 0x0c, sequence: 0x30 } as const;

/** The elements that lie one behind the other in bytes [from, to). Throws WireError where one does not end. */
export function elements(bytes: Uint8Array, from: number, to: number): Element[] {
  const found: Element[] = [];
  for (let at = from; at < to;) {
    const start = at;
    const kind = bytes[at++]!;
    if ((kind & 0x1f) === 0x1f) throw new WireError("a tag of more than one byte", start);
    let length = at < to ? bytes[at++]! : Infinity;
    if (length >= 0x80 && length !== Infinity) {
      let octets = length & 0x7f;
      if (octets === 0 || octets > 4) throw new WireError("a length of no bytes, or of more than four", start + 1);
      length = 0;
      for (; octets > 0; octets--) length = at < to ? length * 256 + bytes[at++]! : Infinity;
    }
    if (at + length > to) throw new WireError("an element that ends behind what it is part of", start);
    found.push({ tag: kind, from: at, to: at + length });
    at += length;
  }
  return found;
}

/** "1.3.6.1" of an object identifier's content. */
export function objectIdentifier(bytes: Uint8Array, { from, to }: Element): string {
  const numbers: number[] = [];
  let number = 0;
  for (let at = from; at < to; at++) {
    number = number * 128 + (bytes[at]! & 0x7f);
    if ((bytes[at]! & 0x80) !== 0) continue;
    if (numbers.length === 0)
      numbers.push(Math.min(2, Math.floor(number / 40)), number - 40 * Math.min(2, Math.floor(number / 40)));
    else numbers.push(number);
    number = 0;
  }
  return numbers.join(".");
}
