/**
 * NTP version 4 as a client and a server without peers need it (RFC 5905, 7.3; RFC 4330): a request, the answer to it, and what both say
 * of the clock.
 */
import { Reader, Writer } from "#wire/cursor.ts";

const SIZE = 48;
/** No warning, version 4, client. */
const CLIENT = 0x23;
const CLIENT_MODE = 3;
const SERVER_MODE = 4;
const UNSYNCHRONISED = 3;
/** 16 is a clock that nobody has set. */
const LAST_STRATUM = 15;
/** Milliseconds from 1900, where NTP counts from, to 1970. */
const TO_1970_MS = 2_208_988_800_000;
const ERA_MS = 2 ** 32 * 1000;

export interface NtpAnswer {
  readonly stratum: number;
  /** When the request came there, and when the answer left: milliseconds since 1970. */
  readonly received: number;
  readonly sent: number;
}

/** What is wrong with an answer. */
export class NtpError extends Error {}

/** A request; `nonce` (8 bytes) stands for its time, which is nobody's business, and comes back in the answer. */
export function ntpRequest(nonce: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(SIZE);
  bytes[0] = CLIENT;
  bytes.set(nonce.subarray(0, 8), SIZE - 8);
  return bytes;
}

/** Throws NtpError for what is no answer to this request, or is of a server that does not know the time. */
export function ntpAnswer(bytes: Uint8Array, nonce: Uint8Array): NtpAnswer {
  if (bytes.length < SIZE) throw new NtpError(`expected ${SIZE} bytes, found ${bytes.length}`);
  const reader = new Reader(bytes);
  const first = reader.u8();
  const stratum = reader.u8();
  if ((first & 7) !== SERVER_MODE) throw new NtpError(`expected a server's answer (mode 4), found mode ${first & 7}`);
  if (nonce.some((byte, k) => bytes[24 + k] !== byte)) throw new NtpError("it answers another request");
  if (stratum === 0) throw new NtpError(`refused: ${new TextDecoder("ascii").decode(bytes.subarray(12, 16))}`);
  if (stratum > LAST_STRATUM || first >> 6 === UNSYNCHRONISED) throw new NtpError("the server has no time itself");
  reader.at = 32;
  const [received, sent] = [timestamp(reader), timestamp(reader)];
  if (received === undefined || sent === undefined) throw new NtpError("it says no time");
  return { stratum, received, sent };
}

/** What a server says of its clock. */
export interface ServerClock {
  /** 1 to 15; undefined, or 16, of a clock that nobody has set: who asks is told so, and takes no time from it. */
  readonly stratum: number | undefined;
  /** Where its time is from: an IPv4 address, big endian (RFC 5905, 7.3). */
  readonly reference: number;
  /** When the request came, and when the answer leaves: milliseconds since 1970 by the server's clock. */
  readonly received: number;
  readonly sent: number;
  /** How far it is off, milliseconds, where that is known, besides what a clock of milliseconds is: it is told as dispersion. */
  readonly offMs?: number | undefined;
}

/** "INIT" (RFC 4330, 8): the server has not been synchronised yet. */
const INIT = 0x494e4954;
/** A clock that tells milliseconds: 2^-10 s; in 16.16 seconds the same, which is how far off it may be for that alone. */
const PRECISION = -10;
const DISPERSION = 0x40;
/** Versions that have these 48 bytes (RFC 1059 to 5905). */
const versions = { first: 1, last: 4 } as const;
/** What follows the 48 bytes is whole words (RFC 5905, 7.5); nobody has so much of them. */
const LONGEST = 1024;

/**
 * The answer to a client's request, 48 bytes, whatever follows the request's own: extensions mean nothing to a server without keys.
 * Undefined of what is no client's request, which is not answered.
 */
export function ntpServed(
  request: Uint8Array,
  { stratum, reference, received, sent, offMs = 0 }: ServerClock,
): Uint8Array | undefined {
  if (!isClients(request)) return undefined;
  const reader = new Reader(request);
  const version = (reader.u8() >> 3) & 7;
  const isSet = stratum !== undefined && stratum <= LAST_STRATUM;
  reader.at = 2;
  const poll = reader.u8();
  const out = new Writer(SIZE)
    .u8(((isSet ? 0 : UNSYNCHRONISED) << 6) | (version << 3) | SERVER_MODE)
    // 16, of a clock that nobody has set, is 0 on the wire.
    .u8(isSet ? stratum : 0)
    .u8(poll)
    .u8(PRECISION & 0xff)
    .u32(0)
    .u32(Math.min(DISPERSION + Math.round(Math.abs(offMs) * 65.536), 0xffff_ffff))
    .u32(isSet ? reference : INIT);
  writeTimestamp(out, isSet ? received : undefined);
  out.bytes(request.subarray(SIZE - 8, SIZE));
  writeTimestamp(out, received);
  writeTimestamp(out, sent);
  return out.done();
}

function isClients(request: Uint8Array): boolean {
  const { length } = request;
  if (length < SIZE || length > LONGEST || length % 4 !== 0) return false;
  const first = request[0] ?? 0;
  const version = (first >> 3) & 7;
  return (first & 7) === CLIENT_MODE && version >= versions.first && version <= versions.last;
}

/** Nothing is the timestamp that means none; a time is cut to what 64 bits tell, its era is lost. */
function writeTimestamp(out: Writer, ms: number | undefined): void {
  if (ms === undefined) return void out.u32(0).u32(0);
  const since = ms + TO_1970_MS;
  const seconds = Math.floor(since / 1000);
  out.u32(seconds % 2 ** 32).u32(Math.floor(((since - 1000 * seconds) / 1000) * 2 ** 32));
}

/** Milliseconds since 1970; undefined for the timestamp that means none. Seconds of before 1968 are those of after 2036. */
function timestamp(reader: Reader): number | undefined {
  const [seconds, fraction] = [reader.u32(), reader.u32()];
  if (seconds === 0 && fraction === 0) return undefined;
  const ms = seconds * 1000 + (fraction * 1000) / 2 ** 32 - TO_1970_MS;
  return seconds < 2 ** 31 ? ms + ERA_MS : ms;
}

/**
 * How far a clock that sent the request at `asked` and had the answer at `heard` (both its own UTC) is behind the server, and how
 * long the way there and back was, milliseconds (RFC 5905, 8).
 */
export function offsetOf(
  { received, sent }: NtpAnswer,
  asked: number,
  heard: number,
): { offset: number; delay: number } {
  return { offset: (received - asked + (sent - heard)) / 2, delay: heard - asked - (sent - received) };
}
