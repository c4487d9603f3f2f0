/** Stamps that begin as the one before: only what changes from row to row is read, digits behind a date and a time of day. */

const ZERO = 0x30;

/** Digits that are read so: an integer of 31 bits holds them. */
const DIGITS = 9;

export class StampPrefix {
  /** Seconds in one of the last whole digits: 1 of dates, 1e-9 of what counts nanoseconds. */
  readonly #scale: number;
  /** A stamp as it was printed, and where its last digits are in it. */
  #text = new Uint8Array(0);
  #from = 0;
  #to = 0;
  /** Seconds of a stamp whose last digits are zeros, and how many of their counts make a second. */
  #whole = NaN;
  #perSecond = 1;

  constructor(scale: number) {
    this.#scale = scale;
  }

  /** Seconds of the stamp at [from, to); NaN of one that does not begin and end as the last one that was learned. */
  seconds(bytes: Uint8Array, from: number, to: number): number {
    const text = this.#text;
    if (to - from !== text.length || text.length === 0) return NaN;
    const [first, last] = [this.#from, this.#to];
    for (let k = 0; k < first; k++) if (bytes[from + k] !== text[k]) return NaN;
    let count = 0;
    for (let k = first; k < last; k++) {
      const digit = bytes[from + k]! - ZERO;
      if (digit < 0 || digit > 9) return NaN;
      count = 10 * count + digit;
    }
    for (let k = last; k < text.length; k++) if (bytes[from + k] !== text[k]) return NaN;
    return this.#whole + count / this.#perSecond;
  }

  forget(): void {
    this.#text = new Uint8Array(0);
  }

  /** Takes a stamp and its seconds for those that follow; `decimal` is the mark of numbers, and undefined of dates. */
  learn(bytes: Uint8Array, [from, to]: readonly [number, number], seconds: number, decimal: string | undefined): void {
    this.forget();
    if (Number.isNaN(seconds)) return;
    const text = String.fromCharCode(...bytes.subarray(from, Math.min(to, from + 80)));
    // Of a date what follows the seconds, if it is no zone; of a number its last digits.
    const pattern = decimal === undefined ? /:\d\d[.,](\d{1,9})["\sZz]*$/ : /(\d{1,9})["\s]*$/;
    const match = pattern.exec(text);
    const digits = match?.[1] ?? "";
    if (match === null || digits.length > DIGITS || text.length !== to - from) return;
    const at = match.index + match[0].indexOf(digits, decimal === undefined ? 4 : 0);
    const decimals = decimal === undefined ? digits.length : decimalsOf(text, decimal);
    this.#text = Uint8Array.from(bytes.subarray(from, to));
    [this.#from, this.#to] = [at, at + digits.length];
    this.#perSecond = Math.round(10 ** decimals / this.#scale);
    this.#whole = seconds - Number(digits) / this.#perSecond;
  }
}

function decimalsOf(text: string, decimal: string): number {
  const at = text.lastIndexOf(decimal);
  return at < 0 ? 0 : text.slice(at + 1).replaceAll(/\D/g, "").length;
}
