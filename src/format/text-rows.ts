/** The rows of a text file, one by one, by their bytes. */
import { FormatError } from "./recording.ts";
import type { ByteWindow } from "./bytes.ts";

const LF = 0x0a;
const CR = 0x0d;

/** A longer row is a damaged file. */
const LONGEST = 1 << 24;

export class TextRows {
  readonly #file: string;
  readonly #bytes: ByteWindow;
  readonly #firstLine: number;
  /** Lines end with CR alone. */
  readonly #mark: number;
  /** The number of the row's line, from 1. */
  line: number;
  /** The row in `buffer`: [from, to). */
  from = 0;
  to = 0;
  /** Whether the row has an end of line. */
  whole = true;

  constructor(file: string, bytes: ByteWindow, firstLine: number, endsWithCr: boolean) {
    this.#file = file;
    this.#bytes = bytes;
    this.#firstLine = firstLine;
    this.#mark = endsWithCr ? CR : LF;
    this.line = firstLine - 1;
  }

  get buffer(): Uint8Array {
    return this.#bytes.buffer;
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
        this.from = bytes.at;
        this.to = found > bytes.at && buffer[found - 1] === CR ? found - 1 : found;
        bytes.at = found + 1;
        this.line++;
        this.whole = true;
        return true;
      }
      looked = bytes.end - bytes.at;
      if (looked > LONGEST) throw new FormatError(this.#file, `line ${this.line + 1}`, "the line has no end");
      if (bytes.more()) continue;
      if (bytes.at === bytes.end) return false;
      this.from = bytes.at;
      this.to = bytes.end;
      bytes.at = bytes.end;
      this.line++;
      this.whole = false;
      return true;
    }
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
  }
}
