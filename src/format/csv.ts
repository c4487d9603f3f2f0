/**
 * Recordings as text in columns, one row a sample: what oscilloscopes, loggers and spreadsheets write. What stands above the rows says what
 * they are (csv-layout.ts, csv-columns.ts); rows are read by their bytes.
 */
import { ByteWindow, headOf, type ByteSource } from "./bytes.ts";
import { columnsOf, type Columns } from "./csv-columns.ts";
import { CsvStamps, startOf } from "./csv-stamps.ts";
import { layoutOf, type Layout } from "./csv-layout.ts";
import { inMemory, whole } from "./gather.ts";
import { isAbsent, NumberReader, numberOf, valueOf } from "./number-text.ts";
import type { Rows, RowSource } from "./reader.ts";
import { FormatError, type Recording, type RecordingHead } from "./recording.ts";
import { Remarks } from "./remarks.ts";
import type { StatedRate } from "./stamps.ts";
import { asUtf8, encodingOf } from "./text-encoding.ts";
import { TextRows } from "./text-rows.ts";

/** Bytes in which what stands above the rows, and some of them, have room. */
const HEAD = 1 << 18;
const HEAD_LINES = 2000;

const SPACE = 0x20;
const TAB = 0x09;
const QUOTE = 0x22;

/** So many rows are looked at before a file is refused that has more bad ones than good. */
const TRIED = 100;

/** A recording in columns as a whole; `rate` as in `csvRows`. Throws FormatError with the line. */
export function readCsv(file: string, text: Uint8Array | string, rate?: number): Recording {
  return whole(csvRows(file, inMemory(text), rate));
}

/** A recording in columns; `rate` is needed when there is no column of time. Throws FormatError with the line. */
export function csvRows(file: string, given: ByteSource, rate?: number): RowSource {
  const encoding = encodingOf(headOf(given, HEAD));
  const isWide = encoding === "utf-16le" || encoding === "utf-16be";
  const source = isWide ? asUtf8(given, encoding) : given;
  const bytes = headOf(source, HEAD);
  // A source of UTF-16 is read once from its beginning for this.
  const text = new TextDecoder(isWide ? "utf-8" : encoding).decode(bytes);
  const endsWithCr = !text.includes("\n") && text.includes("\r");
  const lines = text.split(endsWithCr ? "\r" : /\r?\n/);
  if (bytes.length >= HEAD) lines.pop();
  const layout = layoutOf(file, lines.slice(0, HEAD_LINES));
  const remarks = new Remarks();
  const columns = columnsOf(layout, remarks, rate);
  if (columns.channels.length === 0) throw new FormatError(file, "line 1", "there is no column of samples");
  for (const [column, field] of layout.leftOut) {
    const name = layout.names[column] || String(column + 1);
    remarks.add(
      `left out ${column}`,
      `line ${layout.first + 1}`,
      `column "${name}" is no column of numbers, and left out: "${field.slice(0, 40)}"`,
    );
  }
  const used = columns.rate;
  const stated = used === undefined ? [] : [{ rate: used, end: Infinity }];
  const [from, line] = placeOf(bytes, layout.first, endsWithCr);
  const rows = new TextRows(file, new ByteWindow(source, from, source.size), line, endsWithCr);
  return new CsvRows(file, rows, { layout, columns, remarks, stated, most: (source.size - from + 1) / 2 });
}

/** Where line `first` (from 0) begins, and its number. */
function placeOf(bytes: Uint8Array, first: number, endsWithCr: boolean): readonly [number, number] {
  let at = 0;
  for (let k = 0; k < first; k++) at = bytes.indexOf(endsWithCr ? 0x0d : 0x0a, at) + 1;
  if (first === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) at = 3;
  return [at, first + 1];
}

interface Meaning {
  readonly layout: Layout;
  readonly columns: Columns;
  readonly remarks: Remarks;
  readonly stated: readonly StatedRate[];
  readonly most: number;
}

class CsvRows implements RowSource {
  readonly file: string;
  readonly head: RecordingHead;
  readonly remarks: Remarks;
  readonly stated: readonly StatedRate[];
  readonly stamped: boolean;
  readonly quantum: number;
  readonly most: number;
  readonly #rows: TextRows;
  readonly #layout: Layout;
  readonly #columns: Columns;
  readonly #numbers: NumberReader;
  readonly #separator: number;
  /** By column: -1 what is not used, -2 time, -3 the date of the time, -4 its milliseconds, else the channel. */
  readonly #targets: Int32Array;
  readonly #scales: Float64Array;
  readonly #width: number;
  readonly #decoder = new TextDecoder();
  readonly #row: Float64Array;
  #made = 0;
  #bad = 0;
  #end = 0;
  #time = NaN;
  /** Of the row: milliseconds that have a column of their own, and what stands where its time should be. */
  #milliseconds = 0;
  #noTime = "";
  readonly #stamps: CsvStamps;

  constructor(file: string, rows: TextRows, { layout, columns, remarks, stated, most }: Meaning) {
    const { time, channels } = columns;
    this.file = file;
    this.remarks = remarks;
    this.stated = stated;
    this.stamped = time !== undefined;
    this.quantum = time?.quantum ?? 0;
    this.most = most;
    this.#rows = rows;
    this.#layout = layout;
    this.#columns = columns;
    this.#numbers = new NumberReader(layout.decimal);
    this.#separator = layout.separator.charCodeAt(0);
    this.#width = Math.max(...layout.columns) + 1;
    this.#targets = new Int32Array(this.#width).fill(-1);
    channels.forEach(({ column }, c) => (this.#targets[column] = c));
    if (time !== undefined) this.#targets[time.column] = -2;
    if (time?.kind === "stamp" && time.date !== undefined) this.#targets[time.date] = -3;
    if (time?.kind === "stamp" && time.milliseconds !== undefined) this.#targets[time.milliseconds] = -4;
    this.#stamps = new CsvStamps(layout, time);
    this.#scales = Float64Array.from(channels, ({ scale }) => scale ?? 1);
    this.#row = new Float64Array(channels.length);
    const heads = channels.map(({ name, unit, scale, skew }) => ({ name, unit, scale, skew }));
    this.head = {
      channels: heads,
      statuses: [],
      lineHz: undefined,
      start: startOf(layout, columns),
      trigger: layout.segments?.trigger ?? NaN,
    };
  }

  place(row: number): string {
    return `line ${this.#layout.first + row + 1}`;
  }

  rewind(): void {
    this.#rows.rewind();
    this.#made = 0;
    this.#bad = 0;
    this.#stamps.rewind();
  }

  fill(rows: Rows, from: number, to: number): number {
    const text = this.#rows;
    let row = from;
    while (row < to && text.next()) {
      if (text.isBlank) {
        if (text.whole) this.#remark("blank", "an empty line");
        continue;
      }
      const since = this.#since();
      if (!this.#read()) continue;
      rows.times[row] = this.#time + since + 1e-3 * this.#milliseconds;
      for (let c = 0; c < this.#row.length; c++) rows.channels[c]![row] = this.#row[c]!;
      row++;
    }
    return row - from;
  }

  /** Seconds from the first trigger to that of the next row. */
  #since(): number {
    const { segments } = this.#layout;
    return segments === undefined ? 0 : (segments.since[Math.floor(this.#made / segments.size)] ?? 0);
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

  /** Reads the row; false of one that is none. */
  #read(): boolean {
    const { from, to, whole } = this.#rows;
    const targets = this.#targets;
    const separator = this.#separator;
    const { buffer } = this.#rows;
    const numbers = this.#numbers;
    const row = this.#row;
    const scales = this.#scales;
    this.#time = NaN;
    this.#milliseconds = 0;
    this.#noTime = "";
    let at = from;
    if (separator === SPACE) while (at < to && (buffer[at] === SPACE || buffer[at] === TAB)) at++;
    let c = 0;
    let words = 0;
    let values = 0;
    for (; c < this.#width && at <= to; c++) {
      const target = targets[c]!;
      let value = NaN;
      if (target >= 0) {
        // What most fields are: a number, and nothing else.
        value = numbers.read(buffer, at, to);
        const { end } = numbers;
        if (!numbers.hard && separator !== SPACE && (end >= to || buffer[end] === separator)) {
          value = valueOf(value);
          if (!Number.isNaN(value)) values++;
          row[target] = value * scales[target]!;
          at = (this.#end = end) + 1;
          continue;
        }
        value = this.#sample(at, to);
        if (this.#word !== "") words++;
        else if (!Number.isNaN(value)) values++;
        row[target] = value * scales[target]!;
      } else if (target === -2) this.#stamp(at, to);
      else {
        this.#skip(at, to);
        if (target === -3) this.#stamps.date(this.#textOf(at, this.#end));
        if (target === -4) this.#milliseconds = numberOf(this.#textOf(at, this.#end), this.#layout.decimal) ?? NaN;
      }
      at = this.#end + 1;
      if (separator === SPACE) while (at < to && (buffer[at] === SPACE || buffer[at] === TAB)) at++;
      if (separator === SPACE && at >= to && this.#end >= to) at = to + 1;
    }
    if (c < this.#width && !whole && this.#made > 0) {
      this.#remark("cut", `expected ${this.#width} fields, found ${c}: the last row is cut, and left out`);
      return false;
    }
    if (values === 0 && Number.isNaN(this.#time) && (words > 0 || this.#noTime !== "")) {
      // Nothing in the row is a number: a remark or a title amid the rows, or a word at the end.
      this.#trouble("words", `no row of samples: "${this.#textOf(from, to).slice(0, 40)}"`);
      return false;
    }
    if (this.#noTime !== "") this.#remark("stamp", `expected a time, found "${this.#noTime.slice(0, 40)}"`);
    if (c < this.#width) {
      const what = `expected ${this.#width} fields, found ${c}`;
      this.#made++;
      this.#trouble("fields", what);
      for (; c < this.#width; c++) {
        const target = targets[c]!;
        if (target >= 0) this.#row[target] = NaN;
      }
      return true;
    }
    this.#made++;
    if (words > 0) this.#trouble("word", this.#said);
    return true;
  }

  /** The word that the last sample was instead of a number, and what is said of it. */
  #word = "";
  #said = "";

  /** A sample from `at` on; NaN where there is none. */
  #sample(at: number, to: number): number {
    const { buffer } = this.#rows;
    this.#word = "";
    let from = at;
    while (from < to && buffer[from] === SPACE) from++;
    const value = this.#numbers.read(buffer, from, to);
    let end = this.#numbers.end;
    if (this.#separator !== SPACE) while (end < to && buffer[end] === SPACE) end++;
    if (!this.#numbers.hard && (end >= to || buffer[end] === this.#separator)) {
      this.#end = end;
      return valueOf(value);
    }
    this.#skip(at, to);
    const text = this.#textOf(at, this.#end);
    const long = numberOf(text, this.#layout.decimal);
    if (long !== undefined) return valueOf(long);
    if (!isAbsent(text)) {
      this.#word = text;
      const column = this.#targets.findIndex((_, c) => this.#fieldStart(c) === at);
      this.#said = `column ${this.#layout.names[column] || column + 1}: expected a number, found "${text.slice(0, 40)}"`;
    }
    return NaN;
  }

  /** Where field c of the row begins. */
  #fieldStart(c: number): number {
    const { from, to } = this.#rows;
    const kept = this.#end;
    let at = from;
    for (let k = 0; k < c && at <= to; k++) {
      this.#skip(at, to);
      at = this.#end + 1;
      if (this.#separator === SPACE) while (at < to && this.#rows.buffer[at] === SPACE) at++;
    }
    this.#end = kept;
    return at;
  }

  /** Goes to the end of a field, over quotes. */
  #skip(at: number, to: number): void {
    const { buffer } = this.#rows;
    let end = at;
    while (end < to && buffer[end] === SPACE && this.#separator !== SPACE) end++;
    if (buffer[end] === QUOTE && end < to) {
      const close = buffer.indexOf(QUOTE, end + 1);
      if (close > 0 && close < to) end = close + 1;
    }
    while (end < to && buffer[end] !== this.#separator && !(this.#separator === SPACE && buffer[end] === TAB)) end++;
    this.#end = end;
  }

  #textOf(from: number, to: number): string {
    return this.#decoder
      .decode(this.#rows.buffer.subarray(from, to))
      .trim()
      .replace(/^"(.*)"$/, "$1")
      .trim();
  }

  /** The row's stamp in seconds. */
  #stamp(at: number, to: number): void {
    const { time } = this.#columns;
    if (time === undefined) return;
    if (time.kind === "number" && !this.#stamps.long) {
      const { buffer } = this.#rows;
      let from = at;
      while (from < to && buffer[from] === SPACE) from++;
      const value = this.#numbers.read(buffer, from, to);
      const end = this.#numbers.end;
      if (!this.#numbers.hard && (end >= to || buffer[end] === this.#separator)) {
        this.#end = end;
        // What counts from 1970 leaves few digits for what follows: it is counted from the first row.
        this.#time = (value - this.#stamps.first) * time.scale;
        return;
      }
    }
    this.#skip(at, to);
    const text = this.#textOf(at, this.#end);
    this.#time = this.#stamps.seconds(text);
    if (Number.isNaN(this.#time)) this.#noTime = text || "nothing";
  }
}
