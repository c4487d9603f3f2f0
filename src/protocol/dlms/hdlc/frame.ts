/**
 * Frames of HDLC, frame format type 3 (ISO/IEC 13239, 4.9; Green Book 8.4.1): between two flags a format field with the length, the
 * addresses, the control field, and with an information field a check of the header before it. Nothing is escaped: the length counts.
 */
import { addressAt, writeAddress, type HdlcAddress } from "./address.ts";
import { controlByte, controlOf, type Control } from "./control.ts";
import { frameCheck } from "./frame-check.ts";

export const FLAG = 0x7e;

const TYPE_3 = 0xa000;
const SEGMENTED = 0x0800;
/** The longest frame that eleven bits can say. */
export const LONGEST = 0x07ff;
/** Format, two addresses of a byte, control, check. */
export const SHORTEST = 7;

export interface Frame {
  readonly destination: HdlcAddress;
  readonly source: HdlcAddress;
  readonly control: Control;
  /** More of what the information field begins, or goes on with, is to come. */
  readonly segmented: boolean;
  readonly information: Uint8Array;
}

/** With its flags. An empty information field is none. */
export function frameBytes({ destination, source, control, segmented, information }: Frame): Uint8Array {
  const header = 2 + destination.bytes + source.bytes + 1;
  const length = header + (information.length > 0 ? 2 + information.length : 0) + 2;
  const bytes = new Uint8Array(length + 2);
  const format = TYPE_3 | (segmented ? SEGMENTED : 0) | length;
  bytes[0] = bytes[length + 1] = FLAG;
  bytes[1] = format >> 8;
  bytes[2] = format & 0xff;
  let at = writeAddress(destination, bytes, 3);
  at = writeAddress(source, bytes, at);
  bytes[at++] = controlByte(control);
  if (information.length > 0) {
    writeCheck(bytes, at);
    bytes.set(information, at + 2);
  }
  writeCheck(bytes, length - 1);
  return bytes;
}

/** The check of all from behind the flag up to `at`, where it is put; low byte first. */
function writeCheck(bytes: Uint8Array, at: number): void {
  const check = frameCheck(bytes, 1, at);
  bytes[at] = check & 0xff;
  bytes[at + 1] = check >> 8;
}

function checkHolds(bytes: Uint8Array, from: number, at: number): boolean {
  return frameCheck(bytes, from, at) === ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
}

/** The length that a format field of two bytes says; undefined of what is none of a frame. */
export function lengthAt(bytes: Uint8Array, at: number): number | undefined {
  const format = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  const length = format & LONGEST;
  return (format & 0xf000) === TYPE_3 && length >= SHORTEST ? length : undefined;
}

/** The frame of `length` bytes that begins behind a flag; undefined where a check does not hold, or there is no such frame. */
export function frameAt(bytes: Uint8Array, from: number, length: number): Frame | undefined {
  const end = from + length - 2;
  const destination = addressAt(bytes, from + 2, end);
  if (destination === undefined) return undefined;
  const source = addressAt(bytes, from + 2 + destination.bytes, end);
  if (source === undefined) return undefined;
  const at = from + 2 + destination.bytes + source.bytes;
  // With one byte there is neither an information field nor none.
  const rest = end - at - 1;
  if (rest < 0 || rest === 1) return undefined;
  if ((rest > 0 && !checkHolds(bytes, from, at + 1)) || !checkHolds(bytes, from, end)) return undefined;
  return {
    destination,
    source,
    control: controlOf(bytes[at] ?? 0),
    segmented: ((bytes[from] ?? 0) & (SEGMENTED >> 8)) !== 0,
    information: rest === 0 ? NOTHING : bytes.slice(at + 3, end),
  };
}

const NOTHING = new Uint8Array(0);
