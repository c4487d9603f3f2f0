/** Samples from rows of text: plain rows many at once, the others field by field, with remarks on what is wrong in them. */
import type { ByteWindow } from "./bytes.ts";
import { isAbsent, numberOf, valueOf } from "./number-text.ts";
import { AS_TEXT, fieldText, PlainRows, SKIPPED, STAMPED, type PlainColumn, type PlainManner } from "./plain-rows.ts";
import { closeIn } from "./quoted-rows.ts";
import type { Rows } from "./reader.ts";
import { FormatError } from "./recording.ts";
import type { Remarks } from "./remarks.ts";
import { TextRows } from "./text-rows.ts";

/** So many rows are looked at before a file is refused that has more bad ones than good. */
const TRIED = 100;

const TAB = 0x09;
const SPACE = 0x20;
const QUOTE = 0x22;

interface RepeatedStamps {
  again: (bytes: Uint8Array, from: number, to: number) => number;
  learn: (bytes: Uint8Array, place: readonly [number, number], seconds: number) => void;
}

export interface TextSamplesOptions {
  readonly file: string;
  readonly remarks: Remarks;
  readonly window: ByteWindow;
  /** The line in which the rows begin, from 1, and what a line is called: "line 12". */
  readonly line: number;
  readonly where: (line: number) => string;
  readonly manner: PlainManner;
  readonly columns: readonly PlainColumn[];
  readonly channels: number;
  /** What a column is called in a remark: "field 3". */
  readonly named: (column: number) => string;
  /** Seconds of a row whose stamp is no plain number, by its fields; NaN where they say none. */
  readonly secondsOf: (fields: readonly string[]) => number;
  /** Reads stamps that are texts, and much like the one before, from their bytes: NaN where it cannot. */
  readonly repeated: RepeatedStamps | undefined;
  /** The column of stamps, where there is one. */
  readonly time: number | undefined;
  /** Goes over the stamps of rows [from, to) when they are there: `first` is the number of the first of them. */
  readonly stamped: ((times: Float64Array, from: number, to: number, first: number) => void) | undefined;
}

export class TextSamples {
  readonly #options: TextSamplesOptions;
  readonly #text: TextRows;
  readonly #plain: PlainRows;
  readonly #decoder = new TextDecoder();
  /** Fields of one row, by column. */
  readonly #fields: string[];
  /** The columns whose texts make the stamp. */
  readonly #texts: readonly number[];
  #made = 0;
  #bad = 0;
  /** Rows that have something else than a number in the place of one. */
  #wordy = 0;
  #lastWord = { where: "", what: "" };
  /** Whether an empty line stands above the row. */
  #isApart = false;

  constructor(options: TextSamplesOptions) {
    const { file, window, line, manner, columns, channels } = options;
    this.#options = options;
    this.#text = new TextRows(file, window, line, manner);
    this.#plain = new PlainRows(columns, channels, manner);
    this.#fields = columns.map(() => "");
    this.#texts = columns.flatMap(({ target }, c) => (target === AS_TEXT ? [c] : []));
  }

  rewind(): void {
    this.#text.rewind();
    this.#made = 0;
    this.#bad = 0;
    this.#wordy = 0;
    this.#isApart = false;
  }

  /** Fills [from, to); says how many rows there were: fewer only at the end. */
  fill(rows: Rows, from: number, to: number): number {
    const text = this.#text;
    let row = from;
    while (row < to) {
      const count = text.take(this.#plain, rows, row, to);
      if (count > 0) {
        this.#isApart = false;
        this.#clock(rows.times, row, count);
        this.#stamped(rows.times, row, row + count);
        row += count;
        continue;
      }
      if (!text.next()) {
        if (this.#made < TRIED) this.#judge(this.#made / 2);
        break;
      }
      if (!text.isBlank) {
        if (!this.#read(rows, row)) continue;
        this.#stamped(rows.times, row, row + 1);
        this.#isApart = false;
        row++;
      } else if (text.whole) {
        this.#isApart = true;
        this.#remark("blank", "an empty line");
      }
    }
    return row - from;
  }

  #stamped(times: Float64Array, from: number, to: number): void {
    this.#options.stamped?.(times, from, to, this.#made);
    this.#made += to - from;
  }

  /** Reads stamps that are texts, of plain rows. */
  #clock(times: Float64Array, row: number, count: number): void {
    const texts = this.#texts;
    if (texts.length === 0) return;
    const { secondsOf, repeated } = this.#options;
    const { spots } = this.#plain;
    const { buffer } = this.#text;
    for (let k = 0; k < count; k++) {
      const spot = 2 * texts.length * k;
      const [from, to] = [spots[spot]!, spots[spot + 2 * texts.length - 1]!];
      let seconds = repeated === undefined ? NaN : repeated.again(buffer, from, to);
      if (Number.isNaN(seconds)) {
        texts.forEach((column, n) => {
          this.#fields[column] = fieldText(this.#decoder, buffer, spots[spot + 2 * n]!, spots[spot + 2 * n + 1]!);
        });
        seconds = secondsOf(this.#fields);
        repeated?.learn(buffer, [from, to], seconds);
      }
      times[row + k] = seconds;
      if (Number.isNaN(seconds)) this.#noStamp(this.#text.line - count + 1 + k);
    }
  }

  #noStamp(line: number): void {
    const found = this.#fields[this.#options.time ?? -1] || "nothing";
    this.#options.remarks.add("stamp", this.#options.where(line), `expected a time, found "${found.slice(0, 40)}"`);
  }

  #remark(kind: string, what: string): void {
    this.#options.remarks.add(kind, this.#options.where(this.#text.line), what);
  }

  #trouble(kind: string, what: string, made: number): void {
    this.#remark(kind, what);
    this.#bad++;
    if (made > TRIED || this.#bad <= made) return;
    throw new FormatError(this.#options.file, this.#options.where(this.#text.line), what);
  }

  /** Refuses a file of more bad rows than `most`. */
  #judge(most: number): void {
    if (this.#wordy <= most) return;
    throw new FormatError(this.#options.file, this.#lastWord.where, this.#lastWord.what);
  }

  /** Reads a row field by field; false of one that is none. */
  #read(rows: Rows, row: number): boolean {
    const { columns, channels, manner, named } = this.#options;
    const width = columns.length;
    let count = this.#split();
    if (manner.exact && count > width && this.#trimmed(width)) {
      this.#remark("trailing comma", "a comma at the end of the row");
      count = width;
    }
    const what = `expected ${width} fields, found ${count}`;
    if (count < width && !this.#text.whole && this.#made > 0) {
      this.#remark("cut", `${what}: the last row is cut, and left out`);
      return false;
    }
    let [words, values, said] = [0, 0, ""];
    let stamp = NaN;
    let hasStamp = false;
    // A word in the place of seconds below an empty line: "Max" in front of what comes after the samples.
    let isTitled = false;
    for (let c = 0; c < width; c++) {
      const { target, gain, offset } = columns[c]!;
      if (target === SKIPPED) continue;
      const field = c < count ? this.#fields[c]! : "";
      if (c >= count) this.#fields[c] = "";
      if (target === STAMPED || target === AS_TEXT) hasStamp = true;
      if (target === AS_TEXT) continue;
      const number = numberOf(field, manner.decimal);
      const isWord = number === undefined && !isAbsent(field);
      if (isWord) {
        words++;
        said = `${named(c)}: expected a number, found "${field.slice(0, 40)}"`;
      }
      if (target === STAMPED) {
        isTitled = isWord && this.#isApart;
        continue;
      }
      let value = valueOf(number ?? NaN);
      if (value === manner.missing && target < channels) value = NaN;
      if (!Number.isNaN(value)) values++;
      if (target < channels) rows.channels[target]![row] = gain * value + offset;
      else {
        const bits = rows.statuses[target - channels];
        if (bits !== undefined) bits[row] = value === 0 || Number.isNaN(value) ? 0 : 1;
      }
    }
    if (hasStamp) stamp = this.#options.secondsOf(this.#fields);
    rows.times[row] = stamp;
    const noStamp = hasStamp && Number.isNaN(stamp);
    if (isTitled || (values === 0 && Number.isNaN(stamp) && (words > 0 || (noStamp && !manner.stampless)))) {
      // Nothing in the row is a number: a remark or a title amid the rows, or a word at the end.
      const { from, to, buffer } = this.#text;
      const whole = fieldText(this.#decoder, buffer, from, to);
      this.#trouble("words", `no row of samples: "${whole.slice(0, 40)}"`, this.#made);
      return false;
    }
    if (noStamp && !manner.stampless) this.#noStamp(this.#text.line);
    if (count < width || (manner.exact && count > width)) this.#trouble("fields", what, this.#made + 1);
    if (words > 0) {
      this.#trouble("word", said, this.#made + 1);
      this.#wordy++;
      this.#lastWord = { where: this.#options.where(this.#text.line), what: said };
      if (this.#made < TRIED) this.#judge(TRIED / 2);
    }
    return true;
  }

  /** Whether all fields from `width` on are empty: rows may end with a comma. */
  #trimmed(width: number): boolean {
    return this.#fields.slice(width).every((field) => field === "");
  }

  /** Splits the row; says how many fields there are. */
  #split(): number {
    const { buffer, from, to } = this.#text;
    const separator = this.#options.manner.separator.charCodeAt(0);
    const isSeparator = (byte: number): boolean => byte === separator || (separator === SPACE && byte === TAB);
    const fields = this.#fields;
    fields.length = 0;
    let at = from;
    for (;;) {
      while (at < to && buffer[at] === SPACE) at++;
      if (separator === SPACE) {
        while (at < to && isSeparator(buffer[at]!)) at++;
        if (at >= to) return fields.length;
      }
      let end = at;
      if (end < to && buffer[end] === QUOTE) {
        const close = closeIn(buffer, end + 1, to);
        if (close !== undefined) end = close + 1;
      }
      while (end < to && !isSeparator(buffer[end]!)) end++;
      fields.push(fieldText(this.#decoder, buffer, at, end));
      if (end >= to) return fields.length;
      at = end + 1;
    }
  }
}
