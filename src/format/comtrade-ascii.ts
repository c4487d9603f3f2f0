/** The rows of ASCII COMTRADE data: number, stamp, analog values, status bits, between commas. */
import { ByteWindow, readFully } from "./bytes.ts";
import type { ComtradeData } from "./comtrade-data.ts";
import { isAbsent, NumberReader, numberOf, valueOf } from "./number-text.ts";
import type { Rows, RowSource } from "./reader.ts";
import { FormatError } from "./recording.ts";
import { TextRows } from "./text-rows.ts";

const COMMA = 0x2c;
const SPACE = 0x20;

/** Marks a missing value since 1999; in 1991 it may be one. */
const MISSING = 99_999;

/** The stamps of some recorders begin at 0 again as those of binary files do. */
const WRAP = 2 ** 32;

/** So many rows are looked at before a file is refused that has more bad ones than good. */
const TRIED = 100;

const latin1 = new TextDecoder("latin1");

/** Whether lines end with CR alone, as those of old Macintoshes do. */
function endsWithCr({ source, from, to }: ComtradeData): boolean {
  const bytes = new Uint8Array(Math.min(1 << 16, to - from));
  const text = bytes.subarray(0, readFully(source, from, bytes));
  return !text.includes(0x0a) && text.includes(0x0d);
}

export class AsciiRecords implements RowSource {
  readonly file;
  readonly head;
  readonly remarks;
  readonly stated;
  readonly stamped = true;
  readonly quantum: number;
  readonly most: number;
  readonly #data: ComtradeData;
  readonly #rows: TextRows;
  readonly #numbers = new NumberReader(".");
  readonly #fields: number;
  #made = 0;
  #bad = 0;
  #last = NaN;
  #rounds = 0;
  /** The byte after the field that was read. */
  #end = 0;

  constructor(data: ComtradeData) {
    const { config, file, head, remarks, source, from, to } = data;
    this.file = file;
    this.head = head;
    this.remarks = remarks;
    this.stated = config.rates;
    this.quantum = config.timeUnit * config.timeMultiplier;
    this.#data = data;
    this.most = (to - from) / 2;
    this.#fields = 2 + config.analogs.length + config.statuses.length;
    this.#rows = new TextRows(file, new ByteWindow(source, from, to), 1 + data.linesBefore, endsWithCr(data));
  }

  place(row: number): string {
    return `line ${this.#data.linesBefore + row + 1}`;
  }

  rewind(): void {
    this.#rows.rewind();
    this.#last = NaN;
    this.#rounds = 0;
    this.#made = 0;
    this.#bad = 0;
  }

  fill(rows: Rows, from: number, to: number): number {
    const text = this.#rows;
    let row = from;
    while (row < to && text.next()) {
      if (text.isBlank) {
        if (text.whole) this.#remark("blank", "an empty line");
        continue;
      }
      if (this.#row(rows, row)) row++;
    }
    return row - from;
  }

  #remark(kind: string, what: string): void {
    this.remarks.add(kind, `line ${this.#rows.line}`, what);
  }

  #trouble(kind: string, what: string): void {
    this.#remark(kind, what);
    this.#bad++;
    if (this.#made > TRIED || this.#bad <= this.#made) return;
    throw new FormatError(this.file, `line ${this.#rows.line}`, what);
  }

  /** Whether the row is one. */
  #row(rows: Rows, row: number): boolean {
    const { buffer, from, to, whole } = this.#rows;
    let fields = 1;
    for (let k = from; k < to; k++) if (buffer[k] === COMMA) fields++;
    let end = to;
    if (fields > this.#fields) {
      // Rows may end with a comma.
      while (end > from && (buffer[end - 1] === COMMA || buffer[end - 1] === SPACE) && fields > this.#fields) {
        if (buffer[--end] === COMMA) fields--;
      }
      if (fields === this.#fields) this.#remark("trailing comma", "a comma at the end of the row");
    }
    if (fields !== this.#fields) {
      const what = `expected ${this.#fields} fields, found ${fields}`;
      if (!whole && fields < this.#fields && this.#made > 0) {
        this.#remark("cut", `${what}: the last row is cut, and left out`);
        return false;
      }
      this.#trouble("fields", what);
    }
    this.#made++;
    // The number of the sample says nothing that its place does not.
    let at = from;
    while (at < end && buffer[at] !== COMMA) at++;
    this.#end = at;
    rows.times[row] = this.#stamp(this.#field(end, 2));
    const { gain, offset, config } = this.#data;
    for (let c = 0; c < gain.length; c++) {
      const x = this.#field(end, 3 + c);
      const missing = x === MISSING && config.revision > 1991;
      rows.channels[c]![row] = missing ? NaN : gain[c]! * x + offset[c]!;
    }
    for (let c = 0; c < rows.statuses.length; c++) {
      const x = this.#field(end, 3 + gain.length + c);
      rows.statuses[c]![row] = x === 0 || Number.isNaN(x) ? 0 : 1;
    }
    return true;
  }

  #stamp(count: number): number {
    if (count < this.#last - WRAP / 2 && this.#last < WRAP) this.#rounds += WRAP;
    if (!Number.isNaN(count)) this.#last = count;
    return (count + this.#rounds) * this.quantum;
  }

  /** The next field, after the comma at `#end`; NaN where it holds no value. */
  #field(end: number, number: number): number {
    const { buffer } = this.#rows;
    let at = this.#end + 1;
    if (at > end) return NaN;
    while (at < end && buffer[at] === SPACE) at++;
    const value = this.#numbers.read(buffer, at, end);
    let after = this.#numbers.end;
    while (after < end && buffer[after] === SPACE) after++;
    if (!this.#numbers.hard && (after >= end || buffer[after] === COMMA)) {
      this.#end = after;
      return valueOf(value);
    }
    while (after < end && buffer[after] !== COMMA) after++;
    this.#end = after;
    const text = latin1.decode(buffer.subarray(at, after)).trim();
    const long = numberOf(text, ".");
    if (long !== undefined) return valueOf(long);
    if (!isAbsent(text)) this.#trouble("word", `field ${number}: expected a number, found "${text.slice(0, 40)}"`);
    return NaN;
  }
}
