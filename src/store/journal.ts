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
import { FRONT, headOf, MARK, MARK_APART, ROOM_BEHIND, type SegmentHead } from "./segment-format.ts";

const NAME = /^polyphase\.journal-(\d{8,})$/;

function nameOf(number: number): string {
  return `polyphase.journal-${String(number).padStart(8, "0")}`;
}

/** The segments in a folder, oldest first. */
export function segmentsIn(folder: string, disk: Disk): number[] {
  const numbers = disk.list(folder).flatMap((name) => {
    const number = Number(NAME.exec(name)?.[1] ?? NaN);
    // Of more digits than a number has it is not one of ours.
    return nameOf(number) === name ? [number] : [];
  });
  return numbers.sort((a, b) => a - b);
}

export function segmentFile(folder: string, number: number): string {
  return path.join(folder, nameOf(number));
}

export class JournalWriter {
  readonly #disk: Disk;
  readonly #folder: string;
  /** What every segment of this run begins with. */
  readonly #head: Uint8Array;
  /** Segments that there should be, oldest first, and bytes that each of them has at least. */
  #segments: { readonly number: number; readonly least: number }[];
  /** Segments that are not what was written: they are put aside when all that they held is elsewhere. */
  #spoilt: number[] = [];
  #next: number;
  #file: DiskFile | undefined;
  /** Bytes of head and records; bytes of the file. */
  #size = 0;
  #end = 0;
  #bytes = 0;
  /** Where the last record begins, and its front as it was written. */
  #last = 0;
  readonly #front = new Uint8Array(FRONT);

  /** `segments` are those that are there. */
  constructor(disk: Disk, folder: string, head: SegmentHead, segments: readonly number[]) {
    this.#disk = disk;
    this.#folder = folder;
    this.#head = headOf(head);
    this.#segments = segments.map((number) => ({ number, least: disk.find(segmentFile(folder, number))?.size ?? 0 }));
    this.#next = (segments.at(-1) ?? 0) + 1;
  }

  /** Bytes of the segment that grows. */
  get size(): number {
    return this.#size;
  }

  /** Bytes that were written since the start, and zeros between them. */
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
    const head = this.#head;
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
    this.#last = 0;
    this.#next++;
  }

  /**
   * Writes a record: `bytes` with FRONT bytes of room before its entries; one that says something again in no sector that the one before
   * it lies in. Throws, and leaves nothing of it, when it cannot be written.
   */
  append(bytes: Uint8Array, sequence: number, isAgain = false): void {
    const file = this.#file;
    if (file === undefined) throw new Error("no segment of the journal has been begun");
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    view.setUint32(0, isAgain ? MARK_APART : MARK);
    view.setUint32(4, bytes.length - FRONT);
    view.setBigUint64(8, BigInt(sequence));
    view.setUint32(16, crc32(bytes.subarray(4, 16)));
    view.setUint32(20, crc32(bytes.subarray(FRONT)));
    const at = this.#size + (isAgain && this.#last > 0 ? limits.store.sectorBytes : 0);
    this.#lengthen(file, at + bytes.length + ROOM_BEHIND);
    try {
      file.write(bytes, at);
      file.sync();
    } catch (error) {
      this.#takeBack(file);
      throw error;
    }
    this.#bytes += at + bytes.length - this.#size;
    this.#size = at + bytes.length;
    this.#last = at;
    this.#front.set(bytes.subarray(0, FRONT));
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
      this.#leave(file, this.#size);
    }
  }

  /**
   * Whether all segments are there and none is shorter than it was, and the one that grows is the one that its name leads to, with the
   * head and the front of the last record that were written. Throws when it cannot be read.
   */
  isThere(): boolean {
    const file = this.#file;
    return (file === undefined || this.#isSound(file)) && this.#segments.every((one) => this.#isLong(one));
  }

  #isSound(file: DiskFile): boolean {
    const found = this.#disk.find(segmentFile(this.#folder, this.segment));
    if (found?.identity !== file.identity || found.size < this.#end) return false;
    return isAt(file, 0, this.#head) && (this.#last === 0 || isAt(file, this.#last, this.#front));
  }

  #isLong({ number, least }: { readonly number: number; readonly least: number }): boolean {
    const found = this.#disk.find(segmentFile(this.#folder, number));
    return found !== undefined && found.size >= least;
  }

  /** Begins another segment where one is missing or not what was written, which is not missed any more. Throws when it cannot. */
  beginAnew(): void {
    const growing = this.segment;
    const isSound = this.#file === undefined || this.#isSound(this.#file);
    this.begin();
    const spoilt = this.#segments.filter((one) => !this.#isLong(one) || (one.number === growing && !isSound));
    this.#segments = this.#segments.filter((one) => !spoilt.includes(one));
    this.#spoilt.push(...spoilt.map(({ number }) => number));
  }

  /** Puts segments aside that are not what was written: everything is in those that are. */
  putAside(stamp: string): void {
    for (const number of this.#spoilt.splice(0)) {
      const name = segmentFile(this.#folder, number);
      if (this.#disk.find(name) !== undefined) this.#disk.rename(name, `${name}.unreadable-${stamp}`);
    }
  }

  /** Deletes all segments before one. */
  drop(before: number): void {
    for (const { number } of this.#segments) if (number < before) this.#disk.remove(segmentFile(this.#folder, number));
    this.#segments = this.#segments.filter(({ number }) => number >= before);
  }

  /** The segment that grows takes no more. */
  close(): void {
    const file = this.#file;
    if (file === undefined) return;
    const least = this.#size + ROOM_BEHIND;
    try {
      // Room that is left is given back, but for the zeros of an end. What somebody has cut is not made longer: it shows.
      if (file.size() > least) file.truncate(least);
    } catch {
      // It stays longer than it need be.
    }
    this.#leave(file, least);
  }

  #leave(file: DiskFile, least: number): void {
    file.close();
    this.#file = undefined;
    this.#segments.push({ number: this.segment, least });
  }
}

/** Whether these bytes are in a file. */
function isAt(file: DiskFile, at: number, bytes: Uint8Array): boolean {
  const found = new Uint8Array(bytes.length);
  return file.read(found, at) === bytes.length && found.every((byte, k) => byte === bytes[k]);
}
