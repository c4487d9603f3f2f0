/**
 * Rows of numbers between separators, many at once from bytes to samples: no string and no object a field. Exactly rounded: up to 15 digits
 * and a power of ten up to 22 are both exact in 64-bit floats, so that one multiplication or division rounds once (Clinger, How to read
 * floating point numbers accurately, 1990). What is no plain number is looked at as a text; a row that has no sense in it is left alone.
 */
import { isAbsent, numberOf, SCPI_INFINITY } from "./number-text.ts";
import { closeOf, leavesOpen, separatorsOf } from "./quoted-rows.ts";
import type { Rows } from "./reader.ts";

const powers = Float64Array.from({ length: 23 }, (_, k) => 10 ** k);

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const PLUS = 0x2b;
const MINUS = 0x2d;
const ZERO = 0x30;

/** What is done with a column: nothing, its numbers are stamps, its place is kept for who reads texts; else the channel that it is. */
export const SKIPPED = -1;
export const STAMPED = -2;
export const AS_TEXT = -3;

export interface PlainColumn {
  /** One of the words above, a channel, or a status channel counted on from the last channel. */
  readonly target: number;
  /** What comes of a number: gain x number + offset, of a stamp gain x (number - base). An offset of -0 leaves every number as it is. */
  readonly gain: number;
  readonly base: number;
  readonly offset: number;
}

export interface PlainManner {
  readonly separator: string;
  readonly decimal: "." | ",";
  /** Lines end with CR alone. */
  readonly endsWithCr: boolean;
  /** Whether nothing may follow the last column. */
  readonly exact: boolean;
  /** Whether a row may be without its stamp. */
  readonly stampless: boolean;
  /** The number that stands for none; NaN where there is no such one. */
  readonly missing: number;
}

export class PlainRows {
  /** The byte after the last row that was read. */
  end = 0;
  /** Of each row that was read from the first on, and of each column AS_TEXT: where its field begins and ends. */
  spots = new Int32Array(0);
  readonly mark: number;
  readonly #separator: number;
  readonly #separators: readonly number[];
  readonly #point: number;
  readonly #decimal: "." | ",";
  readonly #exact: boolean;
  readonly #stampless: boolean;
  readonly #missing: number;
  readonly #channels: number;
  readonly #texts: number;
  readonly #targets: Int32Array;
  readonly #gains: Float64Array;
  readonly #bases: Float64Array;
  readonly #offsets: Float64Array;
  readonly #decoder = new TextDecoder();
  /** The byte after a field that was looked at as a text, and whether it has no sense. */
  #after = 0;
  #isWord = false;
  #isEmpty = false;

  constructor(columns: readonly PlainColumn[], channels: number, manner: PlainManner) {
    const { separator, decimal, endsWithCr, exact, stampless, missing } = manner;
    this.mark = endsWithCr ? CR : LF;
    this.#separator = separator.charCodeAt(0);
    this.#separators = separatorsOf(separator);
    this.#point = decimal.charCodeAt(0);
    this.#decimal = decimal;
    this.#exact = exact;
    this.#stampless = stampless;
    this.#missing = missing;
    this.#channels = channels;
    this.#targets = Int32Array.from(columns, ({ target }) => target);
    this.#gains = Float64Array.from(columns, ({ gain }) => gain);
    this.#bases = Float64Array.from(columns, ({ base }) => base);
    this.#offsets = Float64Array.from(columns, ({ offset }) => offset);
    this.#texts = columns.filter(({ target }) => target === AS_TEXT).length;
  }

  /**
   * Reads rows from the bytes [from, limit), of which the last one ends a line, into rows [row, to); says how many, and leaves `end` where
   * the first one begins that is not as it should be.
   */
  read(buffer: Uint8Array, [from, limit]: readonly [number, number], rows: Rows, row: number, to: number): number {
    const { mark } = this;
    const [separator, point, missing, channels] = [this.#separator, this.#point, this.#missing, this.#channels];
    const [targets, gains, bases, offsets] = [this.#targets, this.#gains, this.#bases, this.#offsets];
    const width = targets.length;
    let count = 0;
    let at = from;
    let spot = 0;
    if (this.#texts > 0 && this.spots.length < 2 * this.#texts * (to - row)) {
      this.spots = new Int32Array(2 * this.#texts * (to - row));
    }
    this.end = from;
    for (; row < to && at < limit; row++) {
      let filled = false;
      for (let c = 0; c < width; c++) {
        const target = targets[c]!;
        let byte = buffer[at]!;
        // The end of the line stops every search: it is no digit, no space and no quote.
        while (byte === SPACE) byte = buffer[++at]!;
        const begin = at;
        if (target === SKIPPED || target === AS_TEXT) {
          if (byte === QUOTE) {
            const close = closeOf(buffer, at, mark);
            // It may close in another line.
            if (buffer[close] !== QUOTE) return count;
            at = close + 1;
            byte = buffer[at]!;
          }
          while (byte !== separator && byte !== mark) byte = buffer[++at]!;
          if (target === AS_TEXT) {
            this.spots[spot++] = begin;
            this.spots[spot++] = byte === LF && at > begin && buffer[at - 1] === CR ? at - 1 : at;
          }
        } else {
          const quoted = byte === QUOTE;
          if (quoted) byte = buffer[++at]!;
          const negative = byte === MINUS;
          if (negative || byte === PLUS) byte = buffer[++at]!;
          const start = at;
          // Nine digits fit a small integer, which is what most numbers have.
          let whole = 0;
          let digit = byte - ZERO;
          while (digit >= 0 && digit <= 9) {
            whole = (10 * whole + digit) | 0;
            byte = buffer[++at]!;
            digit = byte - ZERO;
          }
          let digits = at - start;
          let exponent = 0;
          // Where commas stand between fields, too, only quotes tell which is which.
          if (byte === point && (quoted || point !== separator)) {
            exponent = ++at;
            byte = buffer[at]!;
            digit = byte - ZERO;
            while (digit >= 0 && digit <= 9) {
              whole = (10 * whole + digit) | 0;
              byte = buffer[++at]!;
              digit = byte - ZERO;
            }
            exponent -= at;
            digits -= exponent;
          }
          let value: number = whole;
          if (digits > 9) {
            value = 0;
            for (let k = start; k < at; k++) {
              digit = buffer[k]! - ZERO;
              if (digit >= 0) value = 10 * value + digit;
            }
          }
          if ((byte | 0x20) === 0x65 && digits > 0) {
            let e = at + 1;
            byte = buffer[e]!;
            const down = byte === MINUS;
            if (down || byte === PLUS) byte = buffer[++e]!;
            digit = byte - ZERO;
            const before = e;
            let power = 0;
            while (digit >= 0 && digit <= 9 && e < before + 4) {
              power = 10 * power + digit;
              byte = buffer[++e]!;
              digit = byte - ZERO;
            }
            if (e > before) {
              exponent += down ? -power : power;
              at = e;
            } else digits = 0;
          }
          if (quoted && byte === QUOTE) byte = buffer[++at]!;
          else if (quoted) digits = 0;
          if (separator !== SPACE) while (byte === SPACE) byte = buffer[++at]!;
          // Zeros in front are digits, too: what is longer is looked at as a text.
          const isPlain =
            digits > 0 &&
            digits <= 15 &&
            exponent >= -22 &&
            exponent <= 22 &&
            (byte === separator || byte === mark || (byte === CR && buffer[at + 1] === mark));
          if (isPlain) {
            if (exponent < 0) value /= powers[-exponent]!;
            else if (exponent > 0) value *= powers[exponent]!;
            if (negative) value = -value;
            filled = true;
          } else {
            value = this.#odd(buffer, begin);
            at = this.#after;
            byte = buffer[at]!;
            if (this.#isWord || (target === STAMPED && Number.isNaN(value) && !this.#stampless)) return count;
            if (!this.#isEmpty) filled = true;
          }
          if (target === STAMPED) rows.times[row] = gains[c]! * (value - bases[c]!);
          else if (target < channels) {
            const samples = rows.channels[target]!;
            samples[row] = gains[c]! * value + offsets[c]!;
            if (value === missing || !(value < SCPI_INFINITY && value > -SCPI_INFINITY)) samples[row] = NaN;
          } else {
            // Nobody may ask for them.
            const bits = rows.statuses[target - channels];
            if (bits !== undefined) bits[row] = value === 0 || Number.isNaN(value) ? 0 : 1;
          }
        }
        if (byte === separator && c + 1 < width) at++;
        else if (c + 1 < width) return count;
      }
      let byte = buffer[at]!;
      if (this.#exact && byte === separator) return count;
      if (byte !== CR && byte !== mark && this.#isOpenBehind(buffer, at)) return count;
      while (byte !== mark) byte = buffer[++at]!;
      // Nothing but separators is for who says so.
      if (!filled && width > this.#texts) return count;
      at++;
      count++;
      this.end = at;
    }
    return count;
  }

  /** Whether what stands from `at`, the end of the last column, to the end of the line leaves a quote open. */
  #isOpenBehind(buffer: Uint8Array, at: number): boolean {
    let end = at;
    let hasQuote = false;
    for (; buffer[end] !== this.mark; end++) if (buffer[end] === QUOTE) hasQuote = true;
    return hasQuote && leavesOpen(buffer, [at, end], this.#separators);
  }

  /** A field that is no plain number: a long one, one with thousands apart, or a word for none. */
  #odd(buffer: Uint8Array, from: number): number {
    const { mark } = this;
    let at = from;
    if (buffer[at] === QUOTE) {
      const close = closeOf(buffer, at, mark);
      if (buffer[close] === QUOTE) at = close + 1;
    }
    while (buffer[at] !== this.#separator && buffer[at] !== mark) at++;
    this.#after = at;
    const text = fieldText(this.#decoder, buffer, from, at);
    this.#isEmpty = text === "";
    const value = numberOf(text, this.#decimal);
    // Between spaces there is no empty field.
    this.#isWord = value === undefined && (!isAbsent(text) || (this.#isEmpty && this.#separator === SPACE));
    return value ?? NaN;
  }
}

/** The text of a field, without quotes and spaces around it. */
export function fieldText(decoder: TextDecoder, buffer: Uint8Array, from: number, to: number): string {
  return decoder
    .decode(buffer.subarray(from, to))
    .trim()
    .replace(/^"(.*)"$/s, "$1")
    .trim();
}
