/**
 * Data messages of IEC 62056-21 (6.3, 6.5): an identification, data sets in lines, "!". On the P1 ports of meters by DSMR (P1 companion
 * standard 5.0.2, 6.2) a check stands behind it; in a data readout the message stands between STX and ETX, with a block check.
 */
import { crc16 } from "#wire/crc16.ts";
import { WireError } from "#wire/cursor.ts";
import { identificationOf, type Identification } from "./identification.ts";

export interface DataSet {
  readonly at: number;
  readonly length: number;
  /** Of the first set on a line; the others are more of the same, and have none. */
  readonly address: string;
  readonly value: string;
  readonly unit?: string | undefined;
}

export interface DataLine {
  readonly at: number;
  readonly length: number;
  readonly sets: readonly DataSet[];
}

export interface Check {
  readonly at: number;
  readonly length: number;
  readonly kind: "CRC-16" | "block check";
  readonly said: number;
  readonly made: number;
  /** The line ends of a text that has lost its carriage returns, and with them the check. */
  readonly isRightWithReturns: boolean;
}

export interface Telegram {
  readonly identification: Identification | undefined;
  readonly lines: readonly DataLine[];
  /** Of the "!". */
  readonly end: number;
  readonly check: Check | undefined;
}

const LF = 0x0a;
const CR = 0x0d;
const LINE_END = Uint8Array.of(CR, LF);
const STX = 0x02;
const ETX = 0x03;
const SET = /([^()*/!]*)\(([^()*]*)(?:\*([^()*]*))?\)/y;

/** Data sets on one line, which begins at `at`. */
function setsOf(line: string, at: number): readonly DataSet[] {
  const sets: DataSet[] = [];
  SET.lastIndex = 0;
  let end = 0;
  for (let found = SET.exec(line); found !== null; found = SET.exec(line)) {
    const [whole, address = "", value = "", unit] = found;
    sets.push({ at: at + end, length: whole.length, address, value, unit });
    end += whole.length;
  }
  if (end !== line.length)
    throw new WireError(
      `expected an address with values in parentheses, found "${line.slice(end, end + 20)}"`,
      at + end,
    );
  return sets;
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** Of what begins with "/". Throws WireError with the place of what is none. */
export function readTelegram(bytes: Uint8Array): Telegram {
  let identification: Identification | undefined;
  const lines: DataLine[] = [];
  let at = 0;
  let start = 0;
  while (at < bytes.length) {
    const feed = bytes.indexOf(LF, at);
    const next = feed < 0 ? bytes.length : feed + 1;
    let end = feed < 0 ? bytes.length : feed;
    if (bytes[end - 1] === CR && end > at) end--;
    if (bytes[at] === STX) start = ++at;
    const line = latin1(bytes.subarray(at, end));
    if (line.startsWith("!")) return { identification, lines, end: at, check: checkOf(bytes, at, start, next) };
    if (at === 0) {
      if (!line.startsWith("/")) throw new WireError('expected "/" and an identification', 0);
      identification = identificationOf(line);
    } else if (line !== "") lines.push({ at, length: line.length, sets: setsOf(line, at) });
    at = next;
  }
  throw new WireError('expected "!" at the end', bytes.length);
}

/** Four hex digits behind the "!", or a block check behind ETX. */
function checkOf(bytes: Uint8Array, mark: number, start: number, next: number): Check | undefined {
  const digits = latin1(bytes.subarray(mark + 1, mark + 5));
  if (/^[0-9A-Fa-f]{4}$/.test(digits)) {
    const said = Number.parseInt(digits, 16);
    const made = crc16(bytes, 0, mark + 1, 0);
    return {
      at: mark + 1,
      length: 4,
      kind: "CRC-16",
      said,
      made,
      isRightWithReturns: said !== made && isRightWithReturns(bytes, mark, said),
    };
  }
  if (bytes[next] !== ETX || next + 1 >= bytes.length) return undefined;
  let made = 0;
  for (let k = start; k <= next; k++) made ^= bytes[k] ?? 0;
  return { at: next + 1, length: 1, kind: "block check", said: bytes[next + 1] ?? 0, made, isRightWithReturns: false };
}

function isRightWithReturns(bytes: Uint8Array, mark: number, said: number): boolean {
  let check = 0;
  for (let at = 0; at <= mark;) {
    const feed = bytes.indexOf(LF, at);
    const end = feed < 0 || feed > mark ? mark + 1 : feed;
    if (bytes[end - 1] === CR) return false;
    check = crc16(bytes, at, end, check);
    if (end <= mark) check = crc16(LINE_END, 0, LINE_END.length, check);
    at = end + 1;
  }
  return check === said;
}

export interface TelegramTime {
  readonly text: string;
  readonly isSummer: boolean;
}

/** DSMR's time stamps, YYMMDDhhmmssX (6.4): "2010-12-09 11:30:20". Undefined of what is none. */
export function timeOf(value: string): TelegramTime | undefined {
  const [, year, month, day, hour, minute, second, season] =
    /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)([SW])$/.exec(value) ?? [];
  if (season === undefined) return undefined;
  return { text: `20${year}-${month}-${day} ${hour}:${minute}:${second}`, isSummer: season === "S" };
}

/** Octet strings are in hex (DSMR 6.4, tag 9): their text, where they have one. */
export function octetText(value: string): string | undefined {
  if (value.length < 4 || value.length % 2 !== 0 || !/^[0-9A-Fa-f]+$/.test(value)) return undefined;
  const text = value.replaceAll(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)));
  return /^[\x20-\x7e]+$/.test(text) ? text : undefined;
}
