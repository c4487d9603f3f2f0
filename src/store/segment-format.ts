/** The bytes of a segment that are not its records' entries. */
import { crc32 } from "node:zlib";
import { limits } from "#quantity/limits.ts";

/** Bytes of a head: letters of its format, the store the segment belongs to and the run that wrote it, each of 8 bytes, and a checksum of these. */
const ONE = 28;

/** At the front of a record: a mark, length of what follows the front, number, checksum of these two, checksum of what follows. */
export const FRONT = 24;
/** Zeros behind a record at least: more than lie between one and the next, or a cut between them would look like an end. */
export const ROOM_BEHIND = FRONT + limits.store.sectorBytes;

/** A format of segments whose head is there twice: its letters, and where the heads are. Records follow the second. */
interface Format {
  readonly letters: Uint8Array;
  readonly heads: readonly [number, number];
  /** Zeros behind the last record at least. */
  readonly end: number;
}

/** Where the second head is: in another block of the disk, whose sectors are lost one by one, or eight at a time. */
export const SECOND = 4096;
const FORMAT: Format = { letters: new TextEncoder().encode("PPJOUR 4"), heads: [0, SECOND], end: ROOM_BEHIND };
/** The format before: one sector has both, and the first records. */
const NEAR: Format = { letters: new TextEncoder().encode("PPJOUR 3"), heads: [0, ONE], end: FRONT };
/** Bytes before the first record, now and in the format before. */
export const HEAD = SECOND + ONE;
export const NEAR_HEAD = 2 * ONE;

/** The first format: the head once, without a checksum, and no zeros behind the last record. */
const EARLIER_LETTERS = new TextEncoder().encode("PPJOUR 2");
const EARLIER_HEAD = 24;

export const MARK = 0x50504a0a;
/** The mark of a record that says again what the one before it said: zeros are between them, so that no sector has a part of both. */
export const MARK_APART = 0x50504a0c;

/** What a segment says of itself. */
export interface SegmentHead {
  readonly store: bigint;
  readonly run: bigint;
}

export function headOf({ store, run }: SegmentHead): Uint8Array {
  const bytes = new Uint8Array(HEAD);
  for (const at of FORMAT.heads) {
    bytes.set(FORMAT.letters, at);
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
  /** Zeros that follow the last record at least: where there are fewer, it was cut. 0 of the format without an end. */
  readonly end: number;
  /** Whether one of the two, or the zeros between them, is not as it was written. */
  readonly isDamaged: boolean;
}

function has(bytes: Uint8Array, at: number, letters: Uint8Array): boolean {
  return letters.every((letter, k) => bytes[at + k] === letter);
}

/** Of the first HEAD bytes of a file, or as many as it has; undefined where they are no head. */
export function readHead(bytes: Uint8Array): ReadHead | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const marks = (at: number): SegmentHead => ({ store: view.getBigInt64(at + 8), run: view.getBigInt64(at + 16) });
  for (const { letters, heads, end } of [FORMAT, NEAR]) {
    const sound = heads.filter(
      (at) =>
        bytes.length >= at + ONE &&
        has(bytes, at, letters) &&
        crc32(bytes.subarray(at, at + 24)) === view.getUint32(at + 24),
    );
    const [at] = sound;
    if (at === undefined) continue;
    const isDamaged = sound.length < 2 || bytes.subarray(heads[0] + ONE, heads[1]).some((byte) => byte !== 0);
    return { ...marks(at), size: heads[1] + ONE, end, isDamaged };
  }
  if (bytes.length < EARLIER_HEAD || !has(bytes, 0, EARLIER_LETTERS)) return undefined;
  return { ...marks(0), size: EARLIER_HEAD, end: 0, isDamaged: false };
}
