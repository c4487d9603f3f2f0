/**
 * The journal: segments, files to whose end records are written, each with its length, its number and a checksum. A record is on
 * disk when `append` returns. What is damaged in one place costs the record it lies in.
 *
 * A segment is made longer before records come there, so that zeros always follow the last one: a segment that ends without
 * them was cut.
 */
import path from "node:path";
import { crc32 } from "node:zlib";
import { limits } from "#quantity/limits.ts";
import type { Disk, DiskFile } from "./disk.ts";
import { FRONT, headOf, MARK, type SegmentHead } from "./segment-format.ts";

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
  readonly #head: SegmentHead;
  /** Segments that there should be, oldest first. */
  #segments: number[];
  #next: number;
  #file: DiskFile | undefined;
  /** Bytes of head and records; bytes of the file. */
  #size = 0;
  #end = 0;
  #bytes = 0;

  /** `segments` are those that are there. */
  constructor(disk: Disk, folder: string, head: SegmentHead, segments: readonly number[]) {
    this.#disk = disk;
    this.#folder = folder;
    this.#head = head;
    this.#segments = [...segments];
    this.#next = (segments.at(-1) ?? 0) + 1;
  }

  /** Bytes of the segment that grows. */
  get size(): number {
    return this.#size;
  }

  /** Bytes that were written since the start. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether a segment takes records. */
  get isOpen(): boolean {
    return this.#file !== undefined;
  }

  /** The newest segment that was begun; 0 before there is one. */
  get segment(): number {
    return this.#next - 1;
  }

  /** Later runs do not use the numbers of segments that are gone. */
  skipTo(segment: number): void {
    this.#next = Math.max(this.#next, segment + 1);
  }

  /** Begins another segment. Throws when it cannot; the one before goes on then. */
  begin(): void {
    const head = headOf(this.#head);
    const name = segmentFile(this.#folder, this.#next);
    const file = this.#disk.open(name, "begin");
    const end = head.length + limits.store.aheadBytes;
    try {
      // Whoever finds a head knows that there was an end: without one it was cut.
      file.truncate(end);
      file.sync();
      file.write(head, 0);
      file.sync();
      this.#disk.syncFolder(this.#folder);
    } catch (error) {
      file.close();
      this.#disk.remove(name);
      throw error;
    }
    this.close();
    this.#file = file;
    this.#size = head.length;
    this.#end = end;
    this.#bytes += head.length;
    this.#segments.push(this.#next++);
  }

  /** Writes a record: `bytes` with FRONT bytes of room before its entries. Throws, and leaves nothing of it, when it cannot be written. */
  append(bytes: Uint8Array, sequence: number): void {
    const file = this.#file;
    if (file === undefined) throw new Error("no segment of the journal has been begun");
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    view.setUint32(0, MARK);
    view.setUint32(4, bytes.length - FRONT);
    view.setBigUint64(8, BigInt(sequence));
    view.setUint32(16, crc32(bytes.subarray(4, 16)));
    view.setUint32(20, crc32(bytes.subarray(FRONT)));
    this.#lengthen(file, this.#size + bytes.length + FRONT);
    try {
      file.write(bytes, this.#size);
      file.sync();
    } catch (error) {
      this.#takeBack(file);
      throw error;
    }
    this.#size += bytes.length;
    this.#bytes += bytes.length;
  }

  #lengthen(file: DiskFile, least: number): void {
    if (least <= this.#end) return;
    const end = least + limits.store.aheadBytes;
    file.truncate(end);
    // Before a record is there: one that is cut short by a failure still has zeros behind it.
    file.sync();
    this.#end = end;
  }

  /** What a record left that could not be written whole must not stand before the next one. */
  #takeBack(file: DiskFile): void {
    try {
      file.truncate(this.#size);
      file.truncate(this.#end);
    } catch {
      // The next record begins a segment of its own instead.
      file.close();
      this.#file = undefined;
    }
  }

  /** Whether all segments are there, and the one that grows is the one that its name leads to. */
  isThere(): boolean {
    const older = this.#file === undefined ? this.#segments : this.#segments.slice(0, -1);
    const growing = segmentFile(this.#folder, this.segment);
    if (this.#file !== undefined && this.#disk.find(growing)?.identity !== this.#file.identity) return false;
    return older.every((number) => this.#disk.find(segmentFile(this.#folder, number)) !== undefined);
  }

  /** What is missing is not missed any more. */
  forgetMissing(): void {
    this.#segments = this.#segments.filter(
      (number) => this.#disk.find(segmentFile(this.#folder, number)) !== undefined,
    );
  }

  /** Deletes all segments before one. */
  drop(before: number): void {
    for (const number of this.#segments) if (number < before) this.#disk.remove(segmentFile(this.#folder, number));
    this.#segments = this.#segments.filter((number) => number >= before);
  }

  /** The segment that grows takes no more. */
  close(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file === undefined) return;
    try {
      // Room that is left is given back, but for the zeros of an end.
      file.truncate(this.#size + FRONT);
    } catch {
      // It stays longer than it need be.
    }
    file.close();
  }
}
