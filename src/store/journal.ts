/**
 * The journal: segments, files to whose end records are written, each with its length, its number and a checksum. A record is on
 * disk when `append` returns. What is damaged in one place costs the record it lies in.
 */
import path from "node:path";
import { crc32 } from "node:zlib";
import type { Disk, DiskFile } from "./disk.ts";

/** At the front of a segment: these letters, the store it belongs to and the run that wrote it, each of 8 bytes. */
const LETTERS = new TextEncoder().encode("PPJOUR 2");
const HEAD = 24;

/** At the front of a record: the mark, length of what follows the front, number, checksum of these two, checksum of what follows. */
export const FRONT = 24;
const MARK = 0x50504a0a;
/** Segments are read in pieces of this size. */
const PIECE = 1 << 22;

const NAME = /^polyphase\.journal-(\d{8,})$/;

function nameOf(number: number): string {
  return `polyphase.journal-${String(number).padStart(8, "0")}`;
}

/** The segments in a folder, oldest first. */
export function segmentsIn(folder: string, disk: Disk): number[] {
  const numbers = disk.list(folder).map((name) => Number(NAME.exec(name)?.[1] ?? NaN));
  return numbers.filter((number) => !Number.isNaN(number)).sort((a, b) => a - b);
}

export function segmentFile(folder: string, number: number): string {
  return path.join(folder, nameOf(number));
}

export class JournalWriter {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #store: bigint;
  readonly #run: bigint;
  #next: number;
  #file: DiskFile | undefined;
  #size = 0;
  /** Segments that this run has begun, oldest first. */
  readonly #begun: number[] = [];

  /** `next` is the number of the segment that the first record begins. */
  constructor(disk: Disk, folder: string, { store, run }: SegmentHead, next: number) {
    this.#disk = disk;
    this.#folder = folder;
    this.#store = store;
    this.#run = run;
    this.#next = next;
  }

  /** Bytes of the segment. */
  get size(): number {
    return this.#size;
  }

  /** Writes a record: `bytes` with FRONT bytes of room before its entries. Throws, and leaves nothing of it, when it cannot be written. */
  append(bytes: Uint8Array, sequence: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    view.setUint32(0, MARK);
    view.setUint32(4, bytes.length - FRONT);
    view.setBigUint64(8, BigInt(sequence));
    view.setUint32(16, crc32(bytes.subarray(4, 16)));
    view.setUint32(20, crc32(bytes.subarray(FRONT)));
    const file = this.#open();
    try {
      file.write(bytes, this.#size);
      file.sync();
    } catch (error) {
      this.#takeBack(file);
      throw error;
    }
    this.#size += bytes.length;
  }

  /** What a record left that could not be written whole must not stand before the next one. */
  #takeBack(file: DiskFile): void {
    try {
      file.truncate(this.#size);
    } catch {
      // The next record begins a segment of its own instead.
      this.roll();
    }
  }

  #open(): DiskFile {
    if (this.#file !== undefined) return this.#file;
    const head = new Uint8Array(HEAD);
    head.set(LETTERS);
    const view = new DataView(head.buffer);
    view.setBigInt64(8, this.#store);
    view.setBigInt64(16, this.#run);
    const name = segmentFile(this.#folder, this.#next);
    const file = this.#disk.open(name, "begin");
    try {
      file.write(head, 0);
      this.#disk.syncFolder(this.#folder);
    } catch (error) {
      file.close();
      this.#disk.remove(name);
      throw error;
    }
    this.#file = file;
    this.#size = HEAD;
    this.#begun.push(this.#next++);
    return file;
  }

  /** The next record begins a segment. */
  roll(): void {
    this.#file?.close();
    this.#file = undefined;
    this.#size = 0;
  }

  /** Deletes all segments before the last `kept` that this run has begun; nothing while it has not begun so many. */
  drop(kept: number): void {
    const oldest = this.#begun.at(-kept);
    if (oldest === undefined) return;
    for (const number of segmentsIn(this.#folder, this.#disk)) {
      if (number < oldest) this.#disk.remove(segmentFile(this.#folder, number));
    }
    this.#begun.splice(0, this.#begun.length - kept);
  }
}

/** What a segment says of itself. */
export interface SegmentHead {
  readonly store: bigint;
  readonly run: bigint;
}

export interface SegmentTaker {
  /** Whether what follows is wanted. */
  begin(head: SegmentHead): boolean;
  record(sequence: number, entries: Uint8Array): void;
  /** Bytes in the middle that are no record. */
  damaged(): void;
}

/** Reads a segment; false when it is none, or not wanted. A record that ends past the end of the file is what a failure left of it. */
export function readSegment(disk: Disk, name: string, taker: SegmentTaker): boolean {
  const file = disk.open(name, "read");
  try {
    const size = file.size();
    const head = new Uint8Array(HEAD);
    if (size < HEAD || file.read(head, 0) < HEAD) return false;
    if (LETTERS.some((letter, k) => head[k] !== letter)) return false;
    const view = new DataView(head.buffer);
    if (!taker.begin({ store: view.getBigInt64(8), run: view.getBigInt64(16) })) return false;
    readRecords(file, size, taker);
    return true;
  } finally {
    file.close();
  }
}

function readRecords(file: DiskFile, size: number, taker: SegmentTaker): void {
  let bytes = new Uint8Array(Math.min(PIECE, size));
  /** What of the file lies in `bytes`. */
  let from = 0;
  let to = 0;
  const have = (at: number, count: number): boolean => {
    if (at + count > size) return false;
    if (at >= from && at + count <= to) return true;
    if (count > bytes.length) bytes = new Uint8Array(count);
    from = at;
    to = at;
    while (to < at + count) {
      const got = file.read(bytes.subarray(to - from, Math.min(bytes.length, size - from)), to);
      if (got === 0) return false;
      to += got;
    }
    return true;
  };
  let bad = false;
  let at = HEAD;
  while (have(at, FRONT)) {
    const front = bytes.subarray(at - from, at - from + FRONT);
    const view = new DataView(front.buffer, front.byteOffset, FRONT);
    const length = view.getUint32(4);
    const sequence = Number(view.getBigUint64(8));
    const sum = view.getUint32(20);
    if (view.getUint32(0) === MARK && crc32(front.subarray(4, 16)) === view.getUint32(16)) {
      // A record that was being written when everything ended.
      if (!have(at, FRONT + length)) return;
      const entries = bytes.subarray(at - from + FRONT, at - from + FRONT + length);
      if (crc32(entries) === sum) taker.record(sequence, entries);
      else taker.damaged();
      at += FRONT + length;
      bad = false;
      continue;
    }
    if (!bad) taker.damaged();
    bad = true;
    at++;
  }
}
