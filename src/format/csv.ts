/**
 * Recordings as text in columns, one row a sample: what oscilloscopes, loggers and spreadsheets write. What stands above the rows says what
 * they are (csv-layout.ts, csv-columns.ts); rows are read by their bytes.
 */
import { ByteWindow, headOf, type ByteSource } from "./bytes.ts";
import { columnsOf, type Columns } from "./csv-columns.ts";
import { CsvStamps, startOf } from "./csv-stamps.ts";
import { fieldsOf } from "./csv-fields.ts";
import { layoutOf, type Layout } from "./csv-layout.ts";
import type { TriggeredSegments } from "./csv-segments.ts";
import { inMemory, whole } from "./gather.ts";
import { AS_TEXT, SKIPPED, STAMPED, type PlainColumn } from "./plain-rows.ts";
import { anySeparator, rowEndOf, separatorsOf } from "./quoted-rows.ts";
import type { Rows, RowSource } from "./reader.ts";
import { FormatError, type Recording, type RecordingHead } from "./recording.ts";
import { Remarks } from "./remarks.ts";
import type { StatedRate } from "./stamps.ts";
import { lineAfter, reversedLines, type TextManner } from "./reversed-lines.ts";
import { asUtf8, encodingOf, type Encoding } from "./text-encoding.ts";
import { TextSamples } from "./text-samples.ts";

/** Bytes in which what stands above the rows, and some of them, have room. */
const HEAD = 1 << 18;
const HEAD_LINES = 2000;

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;

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
  const endsWithCr = !bytes.includes(LF) && bytes.includes(CR);
  const mark = endsWithCr ? CR : LF;
  const letters = isWide ? "utf-8" : encoding;
  const layoutBy = (separators: readonly number[]): Layout => {
    const lines = linesOf(bytes, letters, { mark, separators });
    if (bytes.length >= HEAD) lines.pop();
    return layoutOf(file, lines.slice(0, HEAD_LINES));
  };
  // What separates fields tells which quotes begin one, and is known when lines have been looked at.
  const looked = layoutBy(anySeparator);
  const separators = separatorsOf(looked.separator);
  const written = bytes.includes(QUOTE) ? layoutBy(separators) : looked;
  const [from, line] = placeOf(bytes, written.first, mark);
  let remarks = new Remarks();
  let columns = columnsOf(written, remarks, rate);
  const turned = turnedRound(written, columns, () => {
    const wide = isWide ? encoding : undefined;
    const begin = isWide ? widePlaceOf(given, written.first, { mark, wide: encoding }) : from;
    const back = reversedLines(given, begin, { mark, wide, separators });
    return { source: back, lines: linesOf(headOf(back, 1 << 16), letters, { mark, separators }) };
  });
  const layout = turned?.layout ?? written;
  if (turned !== undefined) {
    remarks = new Remarks();
    remarks.add("order", `line ${line}`, "the newest row stands first: rows are read from the last one up");
    columns = columnsOf(layout, remarks, rate);
  }
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
  const window =
    turned === undefined
      ? new ByteWindow(source, from, source.size)
      : new ByteWindow(turned.source, 0, turned.source.size);
  const most = (source.size - from + 1) / 2;
  const where =
    turned === undefined
      ? (row: number): string => `line ${layout.first + row + 1}`
      : (row: number): string => `row ${row + 1} from the end`;
  return new CsvRows(file, window, { layout, columns, remarks, stated, most, where, line, endsWithCr });
}

/** The layout and the source of a text whose stamps go back from row to row, as it is read from its end; undefined of all others. */
function turnedRound(
  layout: Layout,
  { time }: Columns,
  back: () => { readonly source: ByteSource; readonly lines: readonly string[] },
): { readonly layout: Layout; readonly source: ByteSource } | undefined {
  if (time === undefined || layout.segments !== undefined) return undefined;
  const stamps = new CsvStamps(layout, time);
  const seconds = layout.sample.map((row) => stamps.seconds(row)).filter((t) => Number.isFinite(t));
  const steps = seconds.slice(1).map((t, k) => t - (seconds[k] ?? 0));
  if (steps.length < 2 || !steps.every((step) => step < 0)) return undefined;
  const { source, lines } = back();
  const filled = lines.slice(0, Math.min(layout.sample.length, lines.length - 1)).filter((line) => line.trim() !== "");
  return { layout: { ...layout, sample: filled.map((line) => fieldsOf(line, layout.separator)) }, source };
}

/** Lines of a text. One whose quoted field goes on in others has all of it, and those are empty: lines keep their numbers. */
function linesOf(
  bytes: Uint8Array,
  encoding: Encoding,
  { mark, separators }: Pick<TextManner, "mark" | "separators">,
): string[] {
  const decoder = new TextDecoder(encoding);
  const lines: string[] = [];
  for (let from = 0; from <= bytes.length;) {
    const found = bytes.indexOf(mark, from);
    const first = found < 0 ? bytes.length : found;
    const row = rowEndOf(bytes, [from, first, bytes.length], mark, separators);
    lines.push(decoder.decode(bytes.subarray(from, bytes[row.to - 1] === CR ? row.to - 1 : row.to)));
    for (let k = 1; k < row.lines; k++) lines.push("");
    from = row.to + 1;
  }
  return lines;
}

/** Where line `first` (from 0) begins, and its number. */
function placeOf(bytes: Uint8Array, first: number, mark: number): readonly [number, number] {
  let at = 0;
  for (let k = 0; k < first; k++) at = bytes.indexOf(mark, at) + 1;
  if (first === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) at = 3;
  return [at, first + 1];
}

/** Where line `first` (from 0) begins in a text of two bytes a letter. */
function widePlaceOf(source: ByteSource, first: number, manner: Pick<TextManner, "mark" | "wide">): number {
  const bytes = headOf(source, 2 * HEAD);
  let at = 0;
  for (let k = 0; k < first; k++) at = lineAfter(bytes, at, manner) ?? at;
  const isMarked = (bytes[0] ?? 0) + (bytes[1] ?? 0) === 0xff + 0xfe;
  return at === 0 && isMarked ? 2 : at;
}

interface Meaning {
  readonly layout: Layout;
  readonly columns: Columns;
  readonly remarks: Remarks;
  readonly stated: readonly StatedRate[];
  readonly most: number;
  /** Where a row stands. */
  readonly where: (row: number) => string;
  /** The line of the first row, from 1. */
  readonly line: number;
  readonly endsWithCr: boolean;
}

class CsvRows implements RowSource {
  readonly file: string;
  readonly head: RecordingHead;
  readonly remarks: Remarks;
  readonly stated: readonly StatedRate[];
  readonly stamped: boolean;
  readonly quantum: number;
  readonly most: number;
  readonly #where: (row: number) => string;
  readonly #stamps: CsvStamps;
  readonly #samples: TextSamples;

  constructor(file: string, window: ByteWindow, meaning: Meaning) {
    const { layout, columns, remarks, stated, most, where, line, endsWithCr } = meaning;
    const { time, channels } = columns;
    this.file = file;
    this.remarks = remarks;
    this.stated = stated;
    this.stamped = time !== undefined;
    this.quantum = time?.quantum ?? 0;
    this.most = most;
    this.#where = where;
    this.#stamps = new CsvStamps(layout, time);
    this.head = {
      channels: channels.map(({ name, unit, scale, skew }) => ({ name, unit, scale, skew })),
      statuses: [],
      lineHz: undefined,
      start: startOf(layout, columns),
      trigger: layout.segments?.trigger ?? NaN,
    };
    const { separator, decimal, names, segments } = layout;
    const used = plainColumns(layout, columns, this.#stamps);
    this.#samples = new TextSamples({
      file,
      remarks,
      window,
      line,
      where: (at) => where(at - line),
      manner: { separator, decimal, endsWithCr, exact: false, stampless: false, missing: NaN },
      columns: used,
      channels: channels.length,
      time: time?.column,
      named: (column) => `column ${names[column] || column + 1}`,
      secondsOf: (fields) => this.#stamps.seconds(fields),
      repeated: this.#stamps,
      stamped: segments && ((times, from, to, made) => since(segments, times, [from, to], made)),
    });
  }

  place(row: number): string {
    return this.#where(row);
  }

  rewind(): void {
    this.#samples.rewind();
    this.#stamps.rewind();
  }

  fill(rows: Rows, from: number, to: number): number {
    return this.#samples.fill(rows, from, to);
  }
}

/** What is done with each column, from the first to the last that is used. */
function plainColumns(layout: Layout, { time, channels }: Columns, stamps: CsvStamps): PlainColumn[] {
  const unused = { target: SKIPPED, gain: 1, base: 0, offset: -0 };
  const columns: PlainColumn[] = Array.from({ length: Math.max(...layout.columns) + 1 }, () => unused);
  channels.forEach(({ column, scale = 1 }, c) => (columns[column] = { ...unused, target: c, gain: scale }));
  if (time === undefined) return columns;
  // What counts from 1970 leaves few digits for what follows: it is counted from the first row.
  if (time.kind === "number" && !stamps.long && time.date === undefined)
    columns[time.column] = { target: STAMPED, gain: time.scale, base: stamps.first, offset: -0 };
  else columns[time.column] = { ...unused, target: AS_TEXT };
  for (const column of [time.date, time.kind === "stamp" ? time.milliseconds : undefined])
    if (column !== undefined) columns[column] = { ...unused, target: AS_TEXT };
  return columns;
}

/** Adds the seconds from the first trigger to that of each row; `made` is the number of the first row. */
function since(
  segments: TriggeredSegments,
  times: Float64Array,
  [from, to]: readonly [number, number],
  made: number,
): void {
  for (let k = from; k < to; k++) times[k]! += segments.since[Math.floor((made + k - from) / segments.size)] ?? 0;
}
