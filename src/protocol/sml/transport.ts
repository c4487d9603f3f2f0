/**
 * SML's transport protocol of version 1 (SML 1.05, clause 8): 1B1B1B1B 01010101, what is carried, zeros until its length is a multiple
 * of four, 1B1B1B1B 1A, how many zeros there were, and a check of all of it. 1B1B1B1B in what is carried is doubled.
 */
import { frameCheck } from "#protocol/dlms/hdlc/frame-check.ts";
import { WireError } from "#wire/cursor.ts";

const ESCAPE = 0x1b;
const RUN = 4;
const VERSION = 0x01;
const END = 0x1a;

export interface SmlTransport {
  /** Where the opening begins, and what follows the end. */
  readonly from: number;
  readonly to: number;
  /** As it is carried, with its zeros. */
  readonly content: Uint8Array;
  /** Zeros at its end that only fill. */
  readonly padding: number;
  /** Runs that were doubled: with any, what is carried is longer on the wire than here. */
  readonly doubled: number;
  readonly check: { readonly said: number; readonly made: number };
}

function isRun(bytes: Uint8Array, at: number, of: number): boolean {
  for (let k = 0; k < RUN; k++) if (bytes[at + k] !== of) return false;
  return true;
}

/** Where a telegram begins from `at` on; -1 where none does. */
export function openingFrom(bytes: Uint8Array, at = 0): number {
  for (let from = bytes.indexOf(ESCAPE, at); from >= 0; from = bytes.indexOf(ESCAPE, from + 1))
    if (isRun(bytes, from, ESCAPE) && isRun(bytes, from + RUN, VERSION)) return from;
  return -1;
}

/** The telegram that opens at `from`. Throws WireError of one that does not end. */
export function readTransport(bytes: Uint8Array, from: number): SmlTransport {
  const content: number[] = [];
  let doubled = 0;
  let at = from + 2 * RUN;
  while (at < bytes.length) {
    if (!isRun(bytes, at, ESCAPE)) {
      content.push(bytes[at++] ?? 0);
      continue;
    }
    const escaped = at + RUN;
    if (isRun(bytes, escaped, ESCAPE)) {
      for (let k = 0; k < RUN; k++) content.push(ESCAPE);
      doubled++;
      at = escaped + RUN;
      continue;
    }
    if (bytes[escaped] !== END) throw new WireError("expected 1B1B1B1B or 1A behind 1B1B1B1B", escaped);
    const to = escaped + RUN;
    if (to > bytes.length) break;
    const padding = bytes[escaped + 1] ?? 0;
    if (padding >= RUN || padding > content.length)
      throw new WireError(`expected 0 to 3 bytes that fill, found ${padding}`, escaped + 1);
    // Like the check of HDLC's frames, and like that low byte first.
    const said = (bytes[to - 2] ?? 0) | ((bytes[to - 1] ?? 0) << 8);
    const made = frameCheck(bytes, from, to - 2);
    return { from, to, content: Uint8Array.from(content), padding, doubled, check: { said, made } };
  }
  throw new WireError("expected 1B1B1B1B 1A at the end of a telegram", bytes.length);
}
