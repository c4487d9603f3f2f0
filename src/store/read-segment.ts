/** Reading a segment of the journal: every record that is as it was written, and what is not. */
import { crc32 } from "node:zlib";
import type { Disk, DiskFile } from "./disk.ts";
import {
  FRONT,
  HEAD,
  MARK,
  MARK_APART,
  NEAR_HEAD,
  readHead,
  SECOND,
  type ReadHead,
  type SegmentHead,
} from "./segment-format.ts";

/** Segments are read in pieces of this size. */
const PIECE = 1 << 22;

export interface SegmentTaker {
  /** Whether what follows is wanted. */
  begin(head: SegmentHead): boolean;
  record(sequence: number, entries: Uint8Array): void;
  /** Bytes before the last record that are none, or a head that is not as it was. */
  damaged(): void;
  /** A record at the end that is not whole: one that was being written when everything ended, or a damaged one. */
  unfinished(): void;
  /** It ends where no segment ends. */
  cut(): void;
}

/** The head of a segment; undefined where it has none. */
export function headIn(disk: Disk, name: string): SegmentHead | undefined {
  const file = disk.open(name, "read");
  try {
    const bytes = new Uint8Array(HEAD);
    return readHead(bytes.subarray(0, file.read(bytes, 0)));
  } finally {
    file.close();
  }
}

/** Whether there is nothing in a file beside its heads, whole or torn, but zeros: records come when these are on disk. */
export function isBlank(disk: Disk, name: string): boolean {
  const file = disk.open(name, "read");
  try {
    return hasNothing(new Pieces(file));
  } finally {
    file.close();
  }
}

function hasNothing(pieces: Pieces): boolean {
  return pieces.afterZeros(HEAD) === undefined && (pieces.afterZeros(NEAR_HEAD) ?? SECOND) >= SECOND;
}

/** Reads a segment; false when it is none, or not wanted. */
export function readSegment(disk: Disk, name: string, taker: SegmentTaker): boolean {
  const file = disk.open(name, "read");
  try {
    const bytes = new Uint8Array(HEAD);
    const head = readHead(bytes.subarray(0, file.read(bytes, 0)));
    if (head === undefined || !taker.begin(head)) return false;
    const pieces = new Pieces(file);
    // Records come when both heads are on disk: where there are none, everything may have ended in between.
    if (head.isDamaged && !hasNothing(pieces)) taker.damaged();
    readRecords(pieces, head, taker);
    return true;
  } finally {
    file.close();
  }
}

/** A file, of which a piece is in memory. */
class Pieces {
  readonly size: number;
  readonly #file: DiskFile;
  #bytes: Uint8Array;
  /** What of the file lies in it. */
  #from = 0;
  #to = 0;

  constructor(file: DiskFile) {
    this.#file = file;
    this.size = file.size();
    this.#bytes = new Uint8Array(Math.min(PIECE, this.size));
  }

  /** Bytes of the file, until others are asked for; undefined of those past its end. */
  at(at: number, count: number): Uint8Array | undefined {
    if (at + count > this.size) return undefined;
    if (at < this.#from || at + count > this.#to) this.#read(at, count);
    if (at + count > this.#to) return undefined;
    return this.#bytes.subarray(at - this.#from, at - this.#from + count);
  }

  #read(at: number, count: number): void {
    if (count > this.#bytes.length) this.#bytes = new Uint8Array(count);
    this.#from = at;
    this.#to = at;
    while (this.#to < at + count) {
      const got = this.#file.read(this.#bytes.subarray(this.#to - at, this.size - at), this.#to);
      if (got === 0) return;
      this.#to += got;
    }
  }

  /** Where the first byte from `at` on lies that is not zero; undefined where there is none. */
  afterZeros(at: number): number | undefined {
    for (let from = at; from < this.size;) {
      const piece = this.at(from, Math.min(PIECE, this.size - from));
      if (piece === undefined) return undefined;
      const found = piece.findIndex((byte) => byte !== 0);
      if (found >= 0) return from + found;
      from += piece.length;
    }
    return undefined;
  }
}

function readRecords(pieces: Pieces, { size: from, end: room }: ReadHead, taker: SegmentTaker): void {
  /** Bytes that are no record, and nothing but zeros has come since; zeros before which there were none. */
  let bad = false;
  let isGap = false;
  const end = (wasCut: boolean): void => {
    // Of an end that is not as it was left no more is known.
    if (wasCut) taker.cut();
    else if (bad) taker.unfinished();
  };
  for (let at = from; ;) {
    const front = pieces.at(at, FRONT);
    if (front === undefined) return end(room > 0);
    const view = new DataView(front.buffer, front.byteOffset, FRONT);
    const length = view.getUint32(4);
    const sequence = Number(view.getBigUint64(8));
    const sum = view.getUint32(20);
    const mark = view.getUint32(0);
    if ((mark === MARK || mark === MARK_APART) && crc32(front.subarray(4, 16)) === view.getUint32(16)) {
      if (bad || (isGap && mark === MARK)) taker.damaged();
      bad = false;
      isGap = false;
      const entries = pieces.at(at + FRONT, length);
      // Of the format without an end: a record that was being written when everything ended.
      if (entries === undefined) return end(room > 0);
      if (crc32(entries) === sum) taker.record(sequence, entries);
      else bad = true;
      at += FRONT + length;
    } else if (room > 0 && front[0] === 0) {
      const next = pieces.afterZeros(at);
      if (next === undefined) return end(pieces.size - at < room);
      isGap = true;
      at = next;
    } else {
      bad = true;
      at++;
    }
  }
}
