/**
 * Addresses of HDLC frames (Green Book 8.4.2): seven bits a byte, of which the last has its lowest bit set. A client has one byte; a server
 * an upper address alone, or with a lower one, of one or two bytes each.
 */
export interface HdlcAddress {
  /** The client, or the logical device. */
  readonly upper: number;
  /** The physical device; undefined where one byte says none. */
  readonly lower?: number | undefined;
  readonly bytes: 1 | 2 | 4;
}

/** Addresses that are nobody's own, by how many bits a part has (Green Book 8.4.2.3 and 8.4.2.4). */
export const reserved = {
  noStation: 0x00,
  /** The client's management process, or the management logical device. */
  management: 0x01,
  /** Who has called the other side. */
  calling: { 7: 0x7e, 14: 0x3ffe },
  allStations: { 7: 0x7f, 14: 0x3fff },
} as const;

/** Bits of each part. */
export function partBits({ bytes }: HdlcAddress): 7 | 14 {
  return bytes === 4 ? 14 : 7;
}

export function writeAddress({ upper, lower = 0, bytes }: HdlcAddress, out: Uint8Array, at: number): number {
  const parts =
    bytes === 1 ? [upper] : bytes === 2 ? [upper, lower] : [upper >> 7, upper & 0x7f, lower >> 7, lower & 0x7f];
  for (const [k, part] of parts.entries()) out[at + k] = ((part & 0x7f) << 1) | (k + 1 === bytes ? 1 : 0);
  return at + bytes;
}

/** The address that begins at `at`; undefined where none of one, two or four bytes does before `end`. */
export function addressAt(bytes: Uint8Array, at: number, end: number): HdlcAddress | undefined {
  let length = 1;
  while (((bytes[at + length - 1] ?? 0) & 1) === 0) {
    length++;
    if (length > 4 || at + length > end) return undefined;
  }
  const part = (k: number): number => (bytes[at + k] ?? 0) >> 1;
  if (length === 1) return { upper: part(0), bytes: 1 };
  if (length === 2) return { upper: part(0), lower: part(1), bytes: 2 };
  if (length === 4) return { upper: (part(0) << 7) | part(1), lower: (part(2) << 7) | part(3), bytes: 4 };
  return undefined;
}
