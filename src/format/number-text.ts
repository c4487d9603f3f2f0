/**
 * Decimal numbers from bytes, without a string in between, exactly rounded: up to 15 digits and a power of ten up to 22 are both exact in
 * 64-bit floats, so that one multiplication or division rounds once (Clinger, How to read floating point numbers accurately, 1990).
 */

const powers = Float64Array.from({ length: 23 }, (_, k) => 10 ** k);

const ZERO = 0x30;
const PLUS = 0x2b;
const MINUS = 0x2d;

/** Reads numbers; `end` is where the last one ended. A number that does not begin at `from` at once has no digits: NaN. */
export class NumberReader {
  /** The byte after the number. */
  end = 0;
  /** Whether the last one could not be read this way: its text has to be looked at. */
  hard = false;
  readonly #mark: number;

  /** `mark` is the byte between whole digits and decimals. */
  constructor(mark: "." | ",") {
    this.#mark = mark.charCodeAt(0);
  }

  read(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    let byte = at < to ? bytes[at]! : 0;
    const negative = byte === MINUS;
    if (negative || byte === PLUS) byte = ++at < to ? bytes[at]! : 0;
    const first = at;
    const mark = this.#mark;
    /** The byte after the mark; 0 before it came. */
    let after = 0;
    // Nine digits fit a small integer, which is what most numbers have.
    const short = at + 9 < to ? at + 9 : to;
    let whole = 0;
    for (; at < short; at++) {
      byte = bytes[at]!;
      const digit = byte - ZERO;
      if (digit >= 0 && digit <= 9) whole = (10 * whole + digit) | 0;
      else if (byte === mark && after === 0) after = at + 1;
      else break;
    }
    let mantissa = whole;
    if (at === short) {
      for (; at < to; at++) {
        byte = bytes[at]!;
        const digit = byte - ZERO;
        if (digit >= 0 && digit <= 9) mantissa = 10 * mantissa + digit;
        else if (byte === mark && after === 0) after = at + 1;
        else break;
      }
    }
    let exponent = after === 0 ? 0 : after - at;
    const seen = at - first - (after === 0 ? 0 : 1);
    // Zeros in front are digits, too: what is longer is looked at as a text.
    const digits = seen;
    this.hard = seen === 0 || digits > 15;
    if (seen > 0 && at < to && (bytes[at]! | 0x20) === 0x65) {
      let e = at + 1;
      const sign = e < to ? bytes[e]! : 0;
      if (sign === MINUS || sign === PLUS) e++;
      const first = e;
      let power = 0;
      for (; e < to && e < first + 4; e++) {
        const digit = bytes[e]! - ZERO;
        if (digit < 0 || digit > 9) break;
        power = 10 * power + digit;
      }
      if (e > first) {
        exponent += sign === MINUS ? -power : power;
        at = e;
      }
    }
    this.end = at;
    if (exponent < -22 || exponent > 22) this.hard = true;
    if (this.hard) return NaN;
    const value =
      exponent === 0 ? mantissa : exponent < 0 ? mantissa / powers[-exponent]! : mantissa * powers[exponent]!;
    return negative ? -value : value;
  }
}

const plainNumber = /^[-+]?(\d+\.?\d*|\.\d+)([eEdD][-+]?\d+)?$/;

/** Thousands apart: by the mark that is not the decimal one, spaces of any kind, or apostrophes; always the same one. */
const grouped = {
  ".": /^([-+]?[1-9]\d{0,2}(?:([, \u00a0\u2009\u202f'’])\d{3})(?:\2\d{3})*)(\.\d*)?$/,
  ",": /^([-+]?[1-9]\d{0,2}(?:([. \u00a0\u2009\u202f'’])\d{3})(?:\2\d{3})*)(,\d*)?$/,
};

/** A number by its text, with a decimal mark; undefined of a text that is none. */
export function numberOf(text: string, mark: "." | ","): number | undefined {
  const signed = text.replace(/^−/, "-");
  const [, whole, , decimals = ""] = grouped[mark].exec(signed) ?? [];
  if (whole !== undefined) return Number(whole.replaceAll(/[^-+\d]/g, "") + decimals.replace(",", "."));
  const plain = mark === "." ? signed : signed.replace(",", ".");
  return plainNumber.test(plain) ? Number(plain.replace(/[dD]/, "e")) : undefined;
}

/** Whether a text is a number whose thousands stand apart. */
export function isGrouped(text: string, mark: "." | ","): boolean {
  return grouped[mark].test(text.replace(/^−/, "-"));
}

/** What instruments write where they have no value: nothing, no number, an overload, a reading beyond the range. */
const absent =
  /^(|[-–—*?#]+|[-+]?(nan|inf(inity)?|1\.?#(inf|ind|qnan|snan)\d*)|[-+−]?∞|null|nil|none|missing|invalid|bad|err(or)?|no[ -]?data|n\/?a|#n\/?a|#?[-+]?o\.?l\.?|#num!?|#value!?|#?ovld|#?ovrflw|#?ovrng|#?over(load|flow|range|[- ]range|[- ]load)?|#?under(flow|range)|sat(urated)?|clip(ped|ping)?|[<>]+|[-+]?---+)$/iu;

/** Whether a text stands for a value that is not there. */
export function isAbsent(text: string): boolean {
  return absent.test(text);
}

/** SCPI-99, 7.2.1.4 and 7.2.1.5: 9.9E37 stands for infinity, 9.91E37 for no number. */
export const SCPI_INFINITY = 9.9e37;

/** What a number says of a sample: NaN where it is no value. */
export function valueOf(x: number): number {
  return x < SCPI_INFINITY && x > -SCPI_INFINITY ? x : NaN;
}
