/**
 * How numbers lie in registers: the formats of the table language, to words and back. A register is sixteen bits, its upper byte first
 * (Modbus Application Protocol V1.1b3, clause 4.2); which register of several comes first no standard says, and each product chooses.
 */

/**
 * Beside the usual ones: "Mod10000 (4)" is four groups of four decimal digits, the least significant first, each with the
 * sign of the value; "PF" is thousandths in bits 0 to 9 with bit 15 for lagging, "PF (0-2000)" from 0 lagging over 1000, unity, to
 * 2000, 0 leading; "Angle" is tenths of a degree from 0 to 3,599.
 */
export type Format =
  | "UInt"
  | "SInt"
  | "ULong"
  | "SLong"
  | "UInt64"
  | "Int64"
  | "Float"
  | "Mod10000 (4)"
  | "PF"
  | "PF (0-2000)"
  | "Angle"
  | `String (${number})`;

/**
 * What registers read that hold no value, because the wiring has no such phase or nothing is known of it yet: "quiet" (0x8000
 * in each register, the quiet not-a-number of a float), "sunspec" (the same, but accumulators of two registers read 0), "zero",
 * or "largest" (all ones where there is no sign, else the largest positive number).
 */
export type Absent = "quiet" | "sunspec" | "zero" | "largest";

/** "Quiet not a number" of the integer registers. */
export const QNAN16 = 0x8000;
const QNAN_FLOAT = 0x7fc00000;

export type TextFormat = Extract<Format, `String (${number})`>;
export type NumberFormat = Exclude<Format, TextFormat>;

export function isText(format: Format): format is TextFormat {
  return format.startsWith("String");
}

/** What the encoding of a number depends on beside the number. */
export interface Encoding {
  readonly format: Format;
  readonly words: number;
  /** Whole counts, not the nearest: energies and pulses. */
  readonly accumulates: boolean;
  /** All sixteen bits mean something: bitmaps and stamps. */
  readonly plain: boolean;
  readonly absent: Absent;
}

/** Tenths of a degree. */
const TURN = 3600;

/** Energies of four registers count to this. */
const MOD10000_LIMIT = 10_000n ** 4n;

/** Writes a value in counts at byte `at`; NaN as the format's invalid value. */
export function encodeNumber(view: DataView, at: number, value: number, encoding: Encoding): void {
  const { format } = encoding;
  if (Number.isNaN(value)) {
    encodeAbsent(view, at, encoding);
    return;
  }
  switch (format) {
    case "Float":
      view.setFloat32(at, value);
      break;
    case "SInt":
      view.setInt16(at, Math.max(-32767, Math.min(32767, Math.round(value))));
      break;
    case "UInt":
      // What is scaled stops at 32767, as the manuals' ranges do.
      view.setUint16(at, encoding.plain && value > 32767 ? value : Math.max(0, Math.min(32767, Math.round(value))));
      break;
    case "ULong":
      view.setUint32(at, counted(encoding, value) % (largestCount(format) + 1));
      break;
    case "SLong":
      view.setInt32(at, Math.sign(value) * (counted(encoding, Math.abs(value)) % (largestCount(format) + 1)));
      break;
    case "UInt64":
      view.setBigUint64(at, BigInt(Math.max(0, counted(encoding, value))));
      break;
    case "Int64":
      view.setBigInt64(at, BigInt(Math.sign(value) * counted(encoding, Math.abs(value))));
      break;
    case "PF":
      view.setUint16(at, factorWord(value));
      break;
    case "PF (0-2000)":
      view.setUint16(at, value < 0 ? 2000 + Math.round(1000 * value) : Math.round(1000 * value));
      break;
    case "Angle":
      view.setUint16(at, ((Math.round(value) % TURN) + TURN) % TURN);
      break;
  }
}

/** Writes what a format reads where there is no value. */
function encodeAbsent(view: DataView, at: number, { absent, format, words }: Encoding): void {
  const [first, rest] = absentWords(absent, format, words);
  for (let k = 0; k < words; k++) view.setUint16(at + 2 * k, k === 0 ? first : rest);
}

/** The first word, and the words that follow it. */
function absentWords(absent: Absent, format: Format, words: number): readonly [first: number, rest: number] {
  if (absent === "zero" || (absent === "sunspec" && words === 2 && format !== "Float")) return [0, 0];
  if (absent === "largest") return format.startsWith("U") ? [0xffff, 0xffff] : [0x7fff, 0xffff];
  return format === "Float" ? [QNAN_FLOAT >>> 16, QNAN_FLOAT & 0xffff] : [QNAN16, QNAN16];
}

/** 1.000 neither lags nor leads: the lists print the scale as "-100 to +1000 to +100", so that it has no sign bit. */
function factorWord(value: number): number {
  const thousandths = Math.min(1000, Math.round(1000 * Math.abs(value)));
  return (value > 0 && thousandths < 1000 ? 0x8000 : 0) | thousandths;
}

/** Four groups of four decimal digits, the least significant first, each with the sign of the value. */
export function encodeMod10000(view: DataView, at: number, value: bigint): void {
  let rest = value % MOD10000_LIMIT;
  for (let group = 0; group < 4; group++) {
    view.setInt16(at + 2 * group, Number(rest % 10_000n));
    rest /= 10_000n;
  }
}

/** The value of groups as `encodeMod10000` writes them: sixteen-bit words, the least significant first. */
export function decodeMod10000(words: readonly number[]): bigint {
  return words.reduceRight((sum, word) => sum * 10_000n + BigInt((word << 16) >> 16), 0n);
}

/**
 * Accumulators show whole counts, everything else the nearest one; a millionth of a count is rounding of the sum, not
 * missing energy.
 */
function counted({ accumulates }: Encoding, value: number): number {
  return accumulates ? Math.floor(value + 1e-6) : Math.round(value);
}

/** Turns the two words of a value round. */
export function swapWords(view: DataView, at: number): void {
  const high = view.getUint16(at);
  view.setUint16(at, view.getUint16(at + 2));
  view.setUint16(at + 2, high);
}

/** The bits themselves, in one register or two. */
export function encodeBits(view: DataView, at: number, words: number, bits: number): void {
  if (words === 2) view.setUint32(at, bits);
  else view.setUint16(at, bits);
}

/** What the value of words depends on beside the words. */
export interface Decoding {
  readonly format: NumberFormat;
  /** What says that there is no value; 0x8000 ("quiet") unless said. */
  readonly absent?: Absent;
  /** Of formats of two registers the lower is the first. */
  readonly lowWordFirst?: boolean;
}

/** The largest count that a format of two registers shows before it begins again. */
export function largestCount(format: "ULong" | "SLong"): number {
  return format === "ULong" ? 2 ** 32 - 1 : 2 ** 31 - 1;
}

/** Registers that a number of a format takes. */
export function wordsOfNumber(format: NumberFormat): 1 | 2 | 4 {
  switch (format) {
    case "ULong":
    case "SLong":
    case "Float":
      return 2;
    case "UInt64":
    case "Int64":
    case "Mod10000 (4)":
      return 4;
    default:
      return 1;
  }
}

const word32 = new Uint32Array(1);
const float32 = new Float32Array(word32.buffer);

/**
 * The number in counts that begins at words[at], NaN where the words say that there is none; `encodeNumber` the other way round. Integers
 * of four registers are exact to 2 ** 53, as all numbers are; "zero" cannot be told from a value. Throws a RangeError where words are
 * missing.
 */
export function decodeNumber(
  words: Uint16Array,
  at: number,
  { format, absent = "quiet", lowWordFirst = false }: Decoding,
): number {
  const count = wordsOfNumber(format);
  if (!(at >= 0 && at + count <= words.length)) {
    throw new RangeError(`${format} at word ${at} takes ${count} of them; there are ${words.length}`);
  }
  const first = words[at] ?? 0;
  const second = count === 1 ? 0 : (words[at + 1] ?? 0);
  if (absent === "largest" && isLargest(format, words.subarray(at, at + count))) return NaN;
  const quiet = (absent === "quiet" || absent === "sunspec") && first === QNAN16;
  const both = (lowWordFirst ? (second << 16) | first : (first << 16) | second) >>> 0;
  switch (format) {
    case "UInt":
    case "Angle":
      return quiet ? NaN : first;
    case "SInt":
      return quiet ? NaN : signed(first);
    case "ULong":
      return quiet && second === QNAN16 ? NaN : both;
    case "SLong":
      return quiet && second === QNAN16 ? NaN : both | 0;
    case "Float":
      word32[0] = both;
      return float32[0] ?? NaN;
    case "UInt64":
    case "Int64":
      return Number(whole64(words.subarray(at, at + 4), format));
    case "Mod10000 (4)":
      return Number(decodeMod10000([...words.subarray(at, at + 4)]));
    case "PF":
      return first === QNAN16 ? NaN : factorOf(first);
    case "PF (0-2000)":
      return first === QNAN16 ? NaN : (first <= 1000 ? first : first - 2000) / 1000;
  }
}

function signed(word: number): number {
  return (word << 16) >> 16;
}

/** A word that is written to a register of one word: no format has an invalid value to write. */
export function numberIn(word: number, format: Format): number {
  return format === "SInt" ? signed(word) : word;
}

/** All ones where the format has no sign, else the largest positive number. */
function isLargest(format: NumberFormat, words: Uint16Array): boolean {
  return words.every((word, k) => word === (k === 0 && !format.startsWith("U") ? 0x7fff : 0xffff));
}

function whole64(words: Uint16Array, format: "UInt64" | "Int64"): bigint {
  const bits = words.reduce((sum, word) => (sum << 16n) | BigInt(word), 0n);
  return format === "UInt64" ? bits : BigInt.asIntN(64, bits);
}

/** Bit 15 is lagging, +; unity is neither. */
function factorOf(word: number): number {
  const factor = (word & 0x3ff) / 1000;
  return word >= 0x8000 || factor === 1 ? factor : -factor;
}

/** The text in `count` registers from words[at] on, two characters each, to the first zero. */
export function decodeText(words: Uint16Array, at: number, count: number): string {
  let text = "";
  for (let k = 0; k < 2 * count; k++) {
    const word = words[at + (k >> 1)] ?? 0;
    const byte = (k & 1) === 0 ? word >> 8 : word & 0xff;
    if (byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return text;
}
