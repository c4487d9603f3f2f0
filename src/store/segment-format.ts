/** The bytes of a segment that are not its records' entries. */
import { crc32 } from "node:zlib";

/**
 * At the front of a segment, twice: these letters, the store it belongs to and the run that wrote it, each of 8 bytes, and a
 * checksum of these.
 */
const LETTERS = new TextEncoder().encode("PPJOUR 3");
const ONE = 28;
export const HEAD = 2 * ONE;

/** The format before: the head once, without a checksum, and no zeros behind the last record. */
const EARLIER_LETTERS = new TextEncoder().encode("PPJOUR 2");
const EARLIER_HEAD = 24;

/** At the front of a record: the mark, length of what follows the front, number, checksum of these two, checksum of what follows. */
export const FRONT = 24;
export const MARK = 0x50504a0a;

/** What a segment says of itself. */
export interface SegmentHead {
  readonly store: bigint;
  readonly run: bigint;
}

export function headOf({ store, run }: SegmentHead): Uint8Array {
  const bytes = new Uint8Array(HEAD);
  for (const at of [0, ONE]) {
    bytes.set(LETTERS, at);
    const view = new DataView(bytes.buffer, at);
    view.setBigInt64(8, store);
    view.setBigInt64(16, run);
    view.setUint32(24, crc32(bytes.subarray(at, at + 24)));
  }
  return bytes;
}

export interface ReadHead extends SegmentHead {
  /** Bytes before the first record. */
  readonly size: number;
  /** Whether zeros follow the last record. */
  readonly hasEnd: boolean;
  /** Whether one of the two is not as it was written. */
  readonly isDamaged: boolean;
}

function has(bytes: Uint8Array, at: number, letters: Uint8Array): boolean {
  return letters.every((letter, k) => bytes[at + k] === letter);
}

/** Of the first HEAD bytes of a file, or as many as it has; undefined where they are no head. */
export function readHead(bytes: Uint8Array): ReadHead | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const marks = (at: number): SegmentHead => ({ store: view.getBigInt64(at + 8), run: view.getBigInt64(at + 16) });
  const sound = [0, ONE].filter(
    (at) =>
      bytes.length >= at + ONE &&
      has(bytes, at, LETTERS) &&
      crc32(bytes.subarray(at, at + 24)) === view.getUint32(at + 24),
  );
  const [at] = sound;
  if (at !== undefined) return { ...marks(at), size: HEAD, hasEnd: true, isDamaged: sound.length < 2 };
  if (bytes.length < EARLIER_HEAD || !has(bytes, 0, EARLIER_LETTERS)) return undefined;
  return { ...marks(0), size: EARLIER_HEAD, hasEnd: false, isDamaged: false };
}
