/** Object identifiers (X.690, 8.19): "1.0.9506.2.1" as text, and the octets of their content. */
import { WireError } from "./cursor.ts";

/** Octets of an identifier that is looked at. */
const LONGEST = 64;

export function objectIdentifierOf(content: Uint8Array): string {
  if (content.length === 0 || content.length > LONGEST) throw new WireError("an object identifier of no length", 0);
  const arcs: number[] = [];
  let value = 0;
  content.forEach((octet, at) => {
    if (value >= 2 ** 46) throw new WireError("an arc of an object identifier of more than 53 bits", at);
    value = value * 128 + (octet & 0x7f);
    if ((octet & 0x80) !== 0) return;
    const [root] = arcs;
    if (root === undefined) {
      const first = Math.min(2, Math.floor(value / 40));
      arcs.push(first, value - 40 * first);
    } else arcs.push(value);
    value = 0;
  });
  if ((content[content.length - 1]! & 0x80) !== 0)
    throw new WireError("an object identifier that ends within an arc", content.length);
  return arcs.join(".");
}

/** Throws a RangeError of what is no identifier. */
export function objectIdentifierBytes(text: string): Uint8Array {
  const arcs = text.split(".").map(Number);
  const [root = NaN, second = NaN, ...rest] = arcs;
  const isOne = arcs.every((arc) => Number.isSafeInteger(arc) && arc >= 0) && root <= 2 && (root === 2 || second < 40);
  if (!isOne || !/^\d+(\.\d+)+$/.test(text)) throw new RangeError(`${text} is no object identifier`);
  const octets: number[] = [];
  for (const arc of [40 * root + second, ...rest]) {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift(0x80 | (left % 128));
    octets.push(...groups);
  }
  return Uint8Array.from(octets);
}
