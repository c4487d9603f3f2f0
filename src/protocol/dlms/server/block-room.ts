/** How much of a long answer fits into one APDU. */
import { lengthOfLength } from "#protocol/dlms/data/length.ts";

/** Bytes of a block in an APDU of at most `most`: the number of them is before them. */
export function blockRoom(most: number, head: number): number {
  const left = most - head;
  return [1, 2, 3].map((size) => left - size).find((room, k) => lengthOfLength(room) <= k + 1) ?? left - 5;
}
