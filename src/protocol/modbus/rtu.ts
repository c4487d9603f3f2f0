/**
 * RTU frames: address, PDU, CRC-16 low byte first (Modbus over Serial Line V1.02, clause 2.5.1). Timers are too coarse
 * and adapters hold bytes back, so frames are found by their predicted length and CRC; silence only resynchronises.
 */
import { transmissionMs } from "#io/serial.ts";
import { crc16 } from "#wire/crc16.ts";
import { fn, MAX_WRITE, type Request } from "./pdu.ts";

/** Longest RTU frame, and shortest. */
export const MAX_FRAME = 256;
export const MIN_FRAME = 4;

/**
 * The length of the frame that begins at `from` if it is a request: 0 when more bytes are needed to tell, -1 when no
 * request begins so.
 */
export function requestLength(bytes: Uint8Array, from: number, end: number): number {
  if (end - from < 2) return 0;
  switch (bytes[from + 1]) {
    case 0x01:
    case 0x02:
    case fn.readHolding:
    case fn.readInput:
    case 0x05:
    case fn.writeSingle:
    case 0x08:
      return 8;
    case 0x07:
    case 0x0b:
    case 0x0c:
    case fn.reportServerId:
      return 4;
    case 0x0f:
      return end - from < 7 ? 0 : 9 + (bytes[from + 6] ?? 0);
    case fn.writeMultiple:
      return end - from < 7 ? 0 : 9 + (bytes[from + 6] ?? 0);
    case 0x16:
      return 10;
    case 0x17:
      return end - from < 11 ? 0 : 13 + (bytes[from + 10] ?? 0);
    case fn.encapsulated:
      return 7;
    default:
      return -1;
  }
}

/**
 * The same of a write of more registers than there may be, by their number: its byte count may be anything, for a byte cannot count what
 * comes of 128 and more. It is refused.
 */
export function longWriteLength(bytes: Uint8Array, from: number, end: number): number {
  if (end - from < 2) return 0;
  if (bytes[from + 1] !== fn.writeMultiple) return -1;
  if (end - from < 6) return 0;
  const registers = ((bytes[from + 4] ?? 0) << 8) | (bytes[from + 5] ?? 0);
  return registers > MAX_WRITE && registers <= MOST_SENT ? 9 + 2 * registers : -1;
}

/** Most registers that a master may send in one write that is refused as a whole, and what its frame takes. */
const MOST_SENT = 255;
export const LONGEST_REQUEST = 9 + 2 * MOST_SENT;

/** Bytes of the frame that answers a request, at most. */
export function longestAnswer(request: Request): number {
  if (request.kind === "read") return 5 + 2 * request.count;
  return request.kind === "write" ? 8 : MAX_FRAME;
}

/** The same for a response: the answers of other units on the line must be told from requests, and clients need it. */
export function responseLength(bytes: Uint8Array, from: number, end: number): number {
  if (end - from < 3) return 0;
  const code = bytes[from + 1] ?? 0;
  if ((code & 0x80) !== 0) return 5;
  switch (code) {
    case 0x01:
    case 0x02:
    case fn.readHolding:
    case fn.readInput:
    case 0x0c:
    case fn.reportServerId:
    case 0x17:
      return 5 + (bytes[from + 2] ?? 0);
    case 0x05:
    case fn.writeSingle:
    case 0x08:
    case 0x0b:
    case 0x0f:
    case fn.writeMultiple:
      return 8;
    case 0x07:
      return 5;
    case 0x16:
      return 10;
    case fn.encapsulated:
      return identificationLength(bytes, from, end);
    default:
      return -1;
  }
}

function identificationLength(bytes: Uint8Array, from: number, end: number): number {
  if (end - from < 8) return 0;
  let at = from + 8;
  for (let left = bytes[from + 7] ?? 0; left > 0; left--) {
    if (at + 2 > end) return 0;
    at += 2 + (bytes[at + 1] ?? 0);
    if (at - from > MAX_FRAME) return -1;
  }
  return at + 2 - from;
}

/** Whether bytes [from, from + length) end with the CRC of what precedes it. */
export function crcHolds(bytes: Uint8Array, from: number, length: number): boolean {
  const crc = crc16(bytes, from, from + length - 2);
  return bytes[from + length - 2] === (crc & 0xff) && bytes[from + length - 1] === crc >> 8;
}

/** The length of a good frame of a kind that begins here, whoever's; 0 where none does. */
export function goodFrame(bytes: Uint8Array, from: number, predict: typeof responseLength): number {
  const length = predict(bytes, from, bytes.length);
  const whole = length > 0 && length <= MAX_FRAME && from + length <= bytes.length;
  return whole && crcHolds(bytes, from, length) ? length : 0;
}

/** A whole frame: address, PDU, CRC. */
export function frame(address: number, pdu: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(pdu.length + 3);
  bytes[0] = address;
  bytes.set(pdu, 1);
  seal(bytes, pdu.length + 1);
  return bytes;
}

/** Writes the CRC of the first `length` bytes behind them. */
export function seal(bytes: Uint8Array, length: number): void {
  const crc = crc16(bytes, 0, length);
  bytes[length] = crc & 0xff;
  bytes[length + 1] = crc >> 8;
}

/** Silence between frames, in milliseconds: 3.5 characters of 11 bits, fixed above 19200 baud (clause 2.5.1.1). */
export function frameGapMs(baud: number): number {
  return baud > 19200 ? 1.75 : transmissionMs(3.5, baud);
}
