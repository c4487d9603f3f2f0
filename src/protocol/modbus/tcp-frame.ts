/** Frames of Modbus/TCP as a client sees them: transaction, protocol and length before unit and PDU (Messaging on TCP/IP V1.0b, 3.1.3). */
import { beginsAt } from "#io/byte-run.ts";
import { answersAlike } from "./awaited-answer.ts";
import type { Heard } from "./failing.ts";
import type { Request } from "./pdu.ts";

/** Transaction, protocol and length, before the unit. */
export const MBAP = 6;

/** Its transaction is filled in when it goes out. */
export function tcpFrame(unit: number, pdu: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(MBAP + 1 + pdu.length);
  bytes[5] = pdu.length + 1;
  bytes[6] = unit;
  bytes.set(pdu, MBAP + 1);
  return bytes;
}

/** Whether two frames ask the same of the same unit: they may differ in their transactions. */
export function askAlike(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && beginsAt(one, 2, other.subarray(2));
}

/** Whether unit and PDU are those that were sent, and can be no answer: somebody hands back what he gets, and the answer may yet follow. */
export function comesBack(
  { request, bytes }: { readonly request: Request; readonly bytes: Uint8Array },
  came: Uint8Array,
): boolean {
  return !answersAlike(request) && came.length === bytes.length - MBAP && beginsAt(bytes, MBAP, came);
}

/** What has come of the answer of a transaction, where it has begun. */
export function partOf(bytes: Uint8Array, id: number): Heard["part"] {
  const word = (at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  return bytes.length < MBAP || word(0) !== id ? undefined : { came: bytes.length, of: MBAP + word(4) };
}
