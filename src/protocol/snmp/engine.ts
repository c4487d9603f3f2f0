/** The engine of a meter (RFC 3411, 3.1.1 and 5): who it is, how often it has begun, and for how long it has been there. */
import { digest } from "#io/ciphers.ts";
import { Writer } from "#wire/cursor.ts";

/** RFC 5612: the number of enterprises that examples are of; nobody has given this project one of its own. */
export const ENTERPRISE = 32_473;

/** Of SnmpEngineID, which has 32 bytes at most: a text, or bytes. */
const Form = { text: 4, bytes: 5 } as const;
const MOST = 27;
/** RFC 3414, 2.3: an engine that has begun so often begins no more. */
const MOST_BOOTS = 2 ** 31 - 1;

export interface SnmpEngine {
  readonly id: Uint8Array;
  /** From 1. */
  readonly boots: number;
  /** Milliseconds since it began; never set. */
  elapsed(): number;
}

/** Of a serial number, which is the same at every start. */
export function engineIdOf(serial: string): Uint8Array {
  const text = new TextEncoder().encode(serial);
  const isShort = text.length > 0 && text.length <= MOST;
  const rest = isShort ? text : digest("sha256", text).subarray(0, MOST);
  return new Writer(32)
    .u32(0x8000_0000 + ENTERPRISE)
    .u8(isShort ? Form.text : Form.bytes)
    .bytes(rest)
    .done();
}

export function nextBoots(before: number): number {
  return Math.min(before + 1, MOST_BOOTS);
}

export function engineTime(engine: SnmpEngine): number {
  return Math.floor(engine.elapsed() / 1000) % 2 ** 31;
}

/** RFC 3414, 3.2 (7): seconds by which a message may be too late or too early. */
const WINDOW = 150;

export function isInWindow(
  engine: SnmpEngine,
  { boots, time }: { readonly boots: number; readonly time: number },
): boolean {
  return engine.boots < MOST_BOOTS && boots === engine.boots && Math.abs(time - engineTime(engine)) <= WINDOW;
}
