/** NTP version 4 as a client needs it (RFC 5905, 7.3): a request, the answer to it, and what both say of the clock. */
import { Reader } from "#wire/cursor.ts";

const SIZE = 48;
/** No warning, version 4, client. */
const CLIENT = 0x23;
const SERVER_MODE = 4;
const UNSYNCHRONISED = 3;
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
  if (stratum > 15 || first >> 6 === UNSYNCHRONISED) throw new NtpError("the server has no time itself");
  reader.at = 32;
  const [received, sent] = [timestamp(reader), timestamp(reader)];
  if (received === undefined || sent === undefined) throw new NtpError("it says no time");
  return { stratum, received, sent };
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
