/** Object identifiers (RFC 2578, 3.5): up to 128 numbers of 32 bits, in lexicographic order. */

export type Oid = readonly number[];

/** Less than 0 where one comes before the other; what begins like another and goes on comes behind it. */
export function compareOids(one: Oid, other: Oid): number {
  const common = Math.min(one.length, other.length);
  for (let k = 0; k < common; k++) {
    const apart = (one[k] ?? 0) - (other[k] ?? 0);
    if (apart !== 0) return apart;
  }
  return one.length - other.length;
}

export function beginsWith(oid: Oid, prefix: Oid): boolean {
  return oid.length >= prefix.length && prefix.every((number, k) => oid[k] === number);
}

export function oidText(oid: Oid): string {
  return oid.join(".");
}

export function oidOf(text: string): Oid {
  return text.split(".").map(Number);
}

/** A text as an index that is the last of its row: IMPLIED, a number a byte (RFC 2578, 7.7). */
export function impliedIndex(text: string): Oid {
  return [...new TextEncoder().encode(text)];
}
