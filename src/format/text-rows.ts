/** The rows of a text file, one by one, by their bytes. */
import { FormatError } from "./recording.ts";
import type { ByteWindow } from "./bytes.ts";
import type { PlainManner, PlainRows } from "./plain-rows.ts";
import { leavesOpen, LONGEST_FIELD, rowEndOf, separatorsOf } from "./quoted-rows.ts";
import type { Rows } from "./reader.ts";

const LF = 0x0a;
const CR = 0x0d;

/** A longer row is a damaged file. */
const LONGEST = 1 << 24;

/** Rows that are read in one go: short calls are compiled better than long ones. */
const AT_ONCE = 512;

export class TextRows {
  readonly #file: string;
  readonly #bytes: ByteWindow;
  readonly #firstLine: number;
  /** Lines end with CR alone. */
  readonly #mark: number;
  readonly #separators: readonly number[];
  /** The number of the row's first line, from 1, and how many it has. */
  line: number;
  #lines = 1;
  /** The row in `buffer`: [from, to). */
  from = 0;
  to = 0;
  /** Whether the row has an end of line. */
  whole = true;

  constructor(file: string, bytes: ByteWindow, firstLine: number, { endsWithCr, separator }: PlainManner) {
    this.#file = file;
    this.#bytes = bytes;
    this.#firstLine = firstLine;
    this.#mark = endsWithCr ? CR : LF;
    this.#separators = separatorsOf(separator);
    this.line = firstLine - 1;
  }

  get buffer(): Uint8Array {
    return this.#bytes.buffer;
  }

  /** Takes the rows that `plain` can read into [row, to), as many as follow one another and are there; they stay in `buffer` till then. */
  take(plain: PlainRows, rows: Rows, row: number, to: number): number {
    const bytes = this.#bytes;
    let limit = this.#limit();
    while (limit <= bytes.at) {
      if (bytes.end - bytes.at > LONGEST || !bytes.more()) return 0;
      limit = this.#limit();
    }
    const count = plain.read(bytes.buffer, [bytes.at, limit], rows, row, Math.min(to, row + AT_ONCE));
    bytes.at = plain.end;
    if (count > 0) this.#pass(count);
    return count;
  }

  /** The byte after the last end of a line that is in the buffer. */
  #limit(): number {
    const { buffer, end } = this.#bytes;
    return end === 0 ? 0 : buffer.lastIndexOf(this.#mark, end - 1) + 1;
  }

  /** Goes on by so many rows of one line. */
  #pass(count: number): void {
    this.line += this.#lines - 1 + count;
    this.#lines = 1;
  }

  /** Goes to the next row; false at the end. */
  next(): boolean {
    const bytes = this.#bytes;
    for (let looked = 0; ;) {
      const { buffer, end } = bytes;
      const mark = this.#mark;
      let found = bytes.at + looked;
      // Rows are short: a call of indexOf takes longer.
      while (found < end && buffer[found] !== mark) found++;
      if (found < end) {
        const length = found - bytes.at;
        if (leavesOpen(buffer, [bytes.at, found], this.#separators)) this.#goOn(length);
        else this.#row(found, 1);
        return true;
      }
      looked = bytes.end - bytes.at;
      if (looked > LONGEST) throw new FormatError(this.#file, `line ${this.line + 1}`, "the line has no end");
      if (bytes.more()) continue;
      if (bytes.at === bytes.end) return false;
      this.#row(bytes.end, 1);
      return true;
    }
  }

  /** Takes the bytes up to `end`, where a mark is or the text ends, for the row. */
  #row(end: number, lines: number): void {
    const bytes = this.#bytes;
    this.whole = end < bytes.end;
    this.from = bytes.at;
    this.to = this.whole && end > bytes.at && bytes.buffer[end - 1] === CR ? end - 1 : end;
    bytes.at = this.whole ? end + 1 : end;
    this.line += this.#lines;
    this.#lines = lines;
  }

  /** Takes the row whose first line is so long, and leaves a quote open. */
  #goOn(length: number): void {
    const bytes = this.#bytes;
    while (bytes.end - bytes.at < length + LONGEST_FIELD && bytes.more());
    const first = bytes.at + length;
    const { to, lines } = rowEndOf(bytes.buffer, [bytes.at, first, bytes.end], this.#mark, this.#separators);
    this.#row(to, lines);
  }

  /** Whether there is nothing in the row but spaces and end-of-file marks of old systems. */
  get isBlank(): boolean {
    for (let k = this.from; k < this.to; k++) {
      const byte = this.buffer[k] ?? 0;
      if (byte !== 0x20 && byte !== 0x09 && byte !== 0x1a && byte !== 0) return false;
    }
    return true;
  }

  rewind(): void {
    this.#bytes.rewind();
    this.line = this.#firstLine - 1;
    this.#lines = 1;
  }
}
