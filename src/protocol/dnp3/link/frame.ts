/**
 * Frames of the data link (IEEE 1815, clause 9.2, format FT3): a header of eight octets and its CRC, and up to 250 user octets in blocks of
 * 16, each with a CRC of its own.
 */
import { WireError } from "#wire/cursor.ts";
import { copyWithCrc16Dnp, crc16Dnp } from "#wire/crc16-dnp.ts";

export const START = 0x05;
export const START_2 = 0x64;
/** The header with its CRC. */
export const HEADER = 10;
const BLOCK = 16;
const CRC = 2;
/** User octets of one frame. */
export const MOST_DATA = 250;
/** What the length counts beside the user octets: control and addresses. */
const COUNTED = 5;

export interface LinkHeader {
  readonly control: number;
  readonly destination: number;
  readonly source: number;
}

export interface Frame extends LinkHeader {
  /** User octets, without the CRCs. */
  readonly data: Uint8Array;
}

/** Octets on the wire of a frame with so many user octets. */
export function frameSize(data: number): number {
  return HEADER + data + CRC * Math.ceil(data / BLOCK);
}

/** Puts the CRC of [from, at) at `at`; what it returns is where that ends. */
function seal(out: Uint8Array, from: number, at: number): number {
  const crc = crc16Dnp(out, from, at);
  out[at] = crc & 0xff;
  out[at + 1] = crc >> 8;
  return at + CRC;
}

/** Puts a header before so many user octets; what it returns is where they begin. */
export function writeHeader(
  out: Uint8Array,
  at: number,
  { control, destination, source }: LinkHeader,
  data: number,
): number {
  out[at] = START;
  out[at + 1] = START_2;
  out[at + 2] = COUNTED + data;
  out[at + 3] = control;
  out[at + 4] = destination & 0xff;
  out[at + 5] = destination >> 8;
  out[at + 6] = source & 0xff;
  out[at + 7] = source >> 8;
  return seal(out, at, at + HEADER - CRC);
}

/** Puts octets [from, to) of a source behind the first user octet, which stands at `at`, and the CRC of each block; what it returns is where the frame ends. */
export function writeData(out: Uint8Array, at: number, source: Uint8Array, from: number, to: number): number {
  // The first block has an octet of the transport function before what is copied.
  let k = Math.min(from + BLOCK - 1, to);
  let next = at + 1;
  for (let octet = from; octet < k; octet++) out[next++] = source[octet] ?? 0;
  next = seal(out, at, next);
  for (; k < to; k += BLOCK) next = copyWithCrc16Dnp(source, k, out, next, Math.min(BLOCK, to - k));
  return next;
}

export function frameBytes({ data, ...header }: Frame): Uint8Array {
  const out = new Uint8Array(frameSize(data.length));
  const at = writeHeader(out, 0, header, data.length);
  const [first] = data;
  if (first === undefined) return out;
  out[at] = first;
  writeData(out, at, data, 1, data.length);
  return out;
}

const NOTHING = new Uint8Array(0);

/** A frame without user octets. */
export function headerBytes(header: LinkHeader): Uint8Array {
  return frameBytes({ ...header, data: NOTHING });
}

function crcHolds(bytes: Uint8Array, from: number, to: number): boolean {
  return crc16Dnp(bytes, from, to) === word(bytes, to);
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

/** User octets of the frame whose header begins at `at`; undefined where none does. The header is there whole. */
export function dataLengthAt(bytes: Uint8Array, at: number): number | undefined {
  const length = bytes[at + 2] ?? 0;
  if (bytes[at] !== START || bytes[at + 1] !== START_2 || length < COUNTED) return undefined;
  return crcHolds(bytes, at, at + HEADER - CRC) ? length - COUNTED : undefined;
}

export function headerAt(bytes: Uint8Array, at: number): LinkHeader {
  return { control: bytes[at + 3] ?? 0, destination: word(bytes, at + 4), source: word(bytes, at + 6) };
}

/**
 * Takes a block of user octets at `at` out of its frame, from number `done` of `length` on: how many they are, 0 where their CRC does not
 * hold, undefined where they are not all there.
 */
export function takeBlock(
  bytes: Uint8Array,
  at: number,
  { done, length }: { readonly done: number; readonly length: number },
  data: Uint8Array,
): number | undefined {
  const count = Math.min(BLOCK, length - done);
  if (at + count + CRC > bytes.length) return undefined;
  if (!crcHolds(bytes, at, at + count)) return 0;
  for (let k = 0; k < count; k++) data[done + k] = bytes[at + k] ?? 0;
  return count;
}

/** Where the block that begins with user octet `done` stands in its frame. */
export function blockOffset(done: number): number {
  return HEADER + done + CRC * (done / BLOCK);
}

/** The frame that begins with the bytes, and its octets on the wire. Throws a WireError that says why there is none. */
export function decodeFrame(bytes: Uint8Array): { readonly frame: Frame; readonly size: number } {
  if (bytes.length < HEADER)
    throw new WireError(`a header needs ${HEADER} octets where ${bytes.length} are there`, bytes.length);
  if (bytes[0] !== START || bytes[1] !== START_2) throw new WireError("expected the start octets 05 64", 0);
  if (!crcHolds(bytes, 0, HEADER - CRC)) throw new WireError("the CRC of the header does not hold", HEADER - CRC);
  const length = dataLengthAt(bytes, 0);
  if (length === undefined) throw new WireError(`expected a length of at least ${COUNTED}, found ${bytes[2]}`, 2);
  const data = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const at = blockOffset(done);
    const count = takeBlock(bytes, at, { done, length }, data);
    if (count === undefined)
      throw new WireError(`the frame has ${frameSize(length)} octets where ${bytes.length} are there`, bytes.length);
    if (count === 0) throw new WireError(`the CRC of block ${done / BLOCK + 1} does not hold`, at);
    done += count;
  }
  return { frame: { ...headerAt(bytes, 0), data }, size: frameSize(length) };
}
