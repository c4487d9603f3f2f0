/** Records of PQDIF: a chain of headers of 64 bytes, each with its body, which may be compressed (pqdif_ph.h, "High-level file structure"). */
import { crc32 } from "#wire/crc32.ts";
import { FormatError } from "#format/recording.ts";
import type { Remarks } from "#format/remarks.ts";
import { bodySize, decodeBody, encodeBody } from "./body.ts";
import { adler32, type Inflated } from "./deflate.ts";
import { isDamaged, numberOf, type Collection, type Element } from "./element.ts";
import { guidAt, putGuid } from "./guid.ts";
import { compressionAlgorithms, compressionStyles } from "./ids.ts";
import { MAX_OVERLAP, type PqdifLimits } from "./limits.ts";
import { tags } from "./tags.ts";

export const SIGNATURE = "4a111440-e49f-11cf-9900-505144494600";
const HEADER = 64;

/** What a record's checksum is of: Adler-32 of the body as it is stored, CRC-32 of it as it was before it was compressed; or no such thing. */
export type Checksum = "adler32" | "crc32" | "none" | "wrong";

export interface PqdifRecord {
  /** The byte of the file at which it begins. */
  readonly at: number;
  readonly checksum: Checksum;
  readonly isCompressed: boolean;
  readonly body: Collection;
  /** "byte 1260" of the file, or of the body of a record once that has been inflated. */
  place(at: number | undefined): string;
}

interface Head {
  readonly at: number;
  readonly tag: string;
  readonly headerSize: number;
  readonly bodySize: number;
  readonly next: number;
  readonly checksum: number;
}

/** A stream that whoever drives the reading inflates, to `most` bytes at most. */
export interface ToInflate {
  readonly stream: Uint8Array;
  readonly most: number;
}

/** Reading that stops where a stream has to be inflated: that may wait, or not. */
export type Reading<T> = Generator<ToInflate, T, Inflated>;

/** Reads all records of a file, the container first; throws FormatError where it is no PQDIF file, or costs more than `limits`. */
export function* readRecords(
  file: string,
  bytes: Uint8Array,
  remarks: Remarks,
  limits: PqdifLimits,
): Reading<PqdifRecord[]> {
  const reader = new RecordReader(file, bytes, remarks, limits);
  const records: PqdifRecord[] = [];
  for (const head of reader.heads()) {
    const record = yield* reader.record(head);
    records.push(record);
    if (head.at === 0 && (head.tag !== tags.container || isDamaged(record.body))) {
      throw new FormatError(file, "byte 16", "expected a container as the first record");
    }
  }
  return records;
}

class RecordReader {
  readonly #file: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #remarks: Remarks;
  readonly #limits: PqdifLimits;
  #isZlib = false;
  #inflated = 0;
  #elements = 0;
  /** Bytes of all bodies as they are stored. */
  #stored = 0;

  constructor(file: string, bytes: Uint8Array, remarks: Remarks, limits: PqdifLimits) {
    this.#file = file;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#remarks = remarks;
    this.#limits = limits;
  }

  /** The headers in the order of their links. */
  *heads(): Generator<Head, void, undefined> {
    const visited = new Set<number>();
    for (let at = 0; ;) {
      const head = this.#head(at);
      if (head === undefined) return;
      visited.add(at);
      if (visited.size > this.#limits.records) this.#exceeded(at, `${this.#limits.records} records`);
      yield head;
      if (head.next === 0) return;
      if (visited.has(head.next)) {
        return this.#warn(
          "link",
          at + 40,
          `the next record is said to be at byte ${head.next}, which has been read: no more are read`,
        );
      }
      at = head.next;
    }
  }

  #head(at: number): Head | undefined {
    const left = this.#bytes.length - at;
    if (at < 0 || left < HEADER) {
      if (at === 0) throw new FormatError(this.#file, "byte 0", `expected a header of ${HEADER} bytes, found ${left}`);
      this.#warn("header", at, `expected the header of a record, but the file has ${this.#bytes.length} bytes`);
      return undefined;
    }
    const signature = guidAt(this.#bytes, at);
    if (signature !== SIGNATURE) {
      const what = `expected the signature ${SIGNATURE} of a record, found ${signature}`;
      if (at === 0) throw new FormatError(this.#file, "byte 0", what);
      this.#warn("header", at, `${what}: no more records are read`);
      return undefined;
    }
    let headerSize = this.#view.getInt32(at + 32, true);
    if (headerSize < HEADER || headerSize > left) {
      this.#warn(
        "header size",
        at + 32,
        `expected a header of ${HEADER} bytes, found ${headerSize}; ${HEADER} are taken`,
      );
      headerSize = HEADER;
    }
    return {
      at,
      tag: guidAt(this.#bytes, at + 16),
      headerSize,
      bodySize: this.#view.getInt32(at + 36, true),
      next: this.#view.getInt32(at + 40, true),
      checksum: this.#view.getUint32(at + 44, true),
    };
  }

  /** A record with its body, which is damaged where it cannot be read. */
  *record(head: Head): Reading<PqdifRecord> {
    const from = head.at + head.headerSize;
    const left = this.#bytes.length - from;
    if (head.bodySize < 0 || head.bodySize > left) {
      const what = `expected a body of ${head.bodySize} bytes, ${left} are left: what is there is read`;
      this.#warn("body size", head.at + 36, what);
    }
    const stored = this.#bytes.subarray(from, head.bodySize < 0 ? undefined : from + head.bodySize);
    this.#stored += stored.length;
    if (this.#stored > MAX_OVERLAP * this.#bytes.length) {
      this.#exceeded(head.at, `${MAX_OVERLAP} times the bytes of the file in bodies that overlap`);
    }
    const isCompressed = this.#isZlib && head.tag !== tags.container && !isBody(stored);
    const bytes = isCompressed ? yield* this.#inflate(from, stored) : stored;
    const checksum = checksumOf(head.checksum, stored, bytes);
    if (checksum === "wrong") {
      const what = `the checksum ${head.checksum} is neither the Adler-32 of the body nor its CRC-32: the body is read all the same`;
      this.#warn("checksum", head.at + 44, what);
    }
    const place = (at: number | undefined): string =>
      isCompressed ? `byte ${at ?? 0} of the body of the record at byte ${head.at}` : `byte ${from + (at ?? 0)}`;
    const body = decodeBody(head.tag, bytes, {
      // Of one sort but for its numbers.
      warn: (at, what) => this.#remarks.add(what.replaceAll(/-?\d+/g, ""), place(at), what),
      count: (elements, at) => {
        this.#elements += elements;
        if (this.#elements > this.#limits.elements) {
          throw new FormatError(this.#file, place(at), `the file has more than ${this.#limits.elements} elements`);
        }
      },
    });
    if (head.at === 0) this.#compression(body);
    return { at: head.at, checksum, isCompressed, body, place };
  }

  /** How the bodies of the records after the container are stored. */
  #compression(container: Collection): void {
    const id = (tag: string): number => {
      const leaf = container.elements.find((element) => element.tag === tag);
      return (leaf === undefined || leaf.kind === "collection" ? undefined : numberOf(leaf)) ?? 0;
    };
    const style = id(tags.compressionStyleID);
    const algorithm = id(tags.compressionAlgorithmID);
    if (style === compressionStyles.none || algorithm === compressionAlgorithms.none) return;
    if (style === compressionStyles.record && algorithm === compressionAlgorithms.zlib) {
      this.#isZlib = true;
      return;
    }
    const what =
      style === compressionStyles.file ? "of the file as a whole, which IEEE 1159.3 has given up" : `of style ${style}`;
    const by = algorithm === compressionAlgorithms.zlib ? "zlib" : `algorithm ${algorithm}`;
    throw new FormatError(
      this.#file,
      "byte 64",
      `expected no compression, or zlib record by record; found compression ${what}, by ${by}`,
    );
  }

  *#inflate(from: number, stored: Uint8Array): Reading<Uint8Array> {
    const { inflated, inflatedRatio, inflatedFreely } = this.#limits;
    const own = Math.max(inflatedFreely - this.#inflated, inflatedRatio * stored.length);
    const { bytes, isTooLong, problem } = yield { stream: stored, most: Math.min(own, inflated - this.#inflated) };
    if (isTooLong) {
      const most =
        own < inflated - this.#inflated
          ? `${inflatedRatio} times its ${stored.length} bytes, and the ${inflatedFreely} of a file that are free,`
          : `the ${inflated} of a file`;
      this.#exceeded(from, `${most} when it is inflated`);
    }
    this.#inflated += bytes.length;
    if (problem === undefined) return bytes;
    const got = bytes.length === 0 ? "the record is left out" : `the ${bytes.length} bytes before that are read`;
    this.#warn("zlib", from, `expected a zlib stream of ${stored.length} bytes: ${problem}; ${got}`);
    return bytes;
  }

  #exceeded(at: number, most: string): never {
    throw new FormatError(this.#file, `byte ${at}`, `what is there is more than ${most}`);
  }

  #warn(kind: string, at: number, what: string): void {
    this.#remarks.add(kind, `byte ${at}`, what);
  }
}

/** A body that was left as it is though the container says that bodies are compressed: no zlib stream begins so. */
function isBody(stored: Uint8Array): boolean {
  const [method = 0, flags = 0, high = 0, highest = 0] = stored;
  const isZlib = (method & 15) === 8 && ((method << 8) | flags) % 31 === 0;
  return !isZlib && stored.length >= 4 && high === 0 && highest === 0;
}

function checksumOf(checksum: number, stored: Uint8Array, bytes: Uint8Array): Checksum {
  if (checksum === 0) return "none";
  if (checksum === adler32(stored)) return "adler32";
  return checksum === crc32(bytes) ? "crc32" : "wrong";
}

/** A record to be written. */
export interface NewRecord {
  readonly tag: string;
  readonly elements: readonly Element[];
}

/** Links and sizes are signed 32-bit numbers. */
const LONGEST = 0x7fff_ffff;

/** Records as bytes; asks for bodies to be deflated. The container, which is the first, is never compressed. */
export function* writeRecords(
  file: string,
  records: readonly NewRecord[],
  isCompressed: boolean,
): Generator<Uint8Array, Uint8Array<ArrayBuffer>, Uint8Array> {
  const bodies: Uint8Array[] = [];
  for (const { tag, elements } of records) {
    if (bodySize(elements) > LONGEST)
      throw new FormatError(file, `record ${bodies.length}`, `it has more than ${LONGEST} bytes`);
    const body = encodeBody(elements);
    bodies.push(isCompressed && tag !== tags.container ? yield body : body);
  }
  const size = bodies.reduce((sum, body) => sum + HEADER + body.length, 0);
  if (size > LONGEST) throw new FormatError(file, "the whole file", `it has more than ${LONGEST} bytes`);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  bodies.forEach((body, k) => {
    const end = at + HEADER + body.length;
    putGuid(SIGNATURE, bytes, at);
    putGuid(records[k]?.tag ?? tags.blank, bytes, at + 16);
    view.setInt32(at + 32, HEADER, true);
    view.setInt32(at + 36, body.length, true);
    view.setInt32(at + 40, k === bodies.length - 1 ? 0 : end, true);
    view.setUint32(at + 44, adler32(body), true);
    bytes.set(body, at + HEADER);
    at = end;
  });
  return bytes;
}

/** Bytes of a file whose records are not compressed. */
export function sizeOfRecord(bodyBytes: number): number {
  return HEADER + bodyBytes;
}
