/**
 * Data of an association: one value in one PPDU behind the headers of the session, which is what nearly all that is sent is. Written into the room
 * that the transport has for it, and found where it lies.
 */
import type { Transport } from "./transport.ts";
import { DATA_HEADER } from "./spdu.ts";

/** Where a value lies, octets [from, to), and its context. */
export class ValuePlace {
  context = 0;
  from = 0;
  to = 0;
}

/** Octets of a length that is written as short as it can be. */
function lengthSize(length: number): number {
  if (length < 0x80) return 1;
  if (length < 0x100) return 2;
  return length < 0x1_0000 ? 3 : 4;
}

/** Where the content begins whose length is at `at`; 0 unless it ends at `to`, and of lengths of other forms. */
function contentAt(bytes: Uint8Array, at: number, to: number): number {
  const first = bytes[at] ?? 0xff;
  if (first < 0x80) return at + 1 + first === to ? at + 1 : 0;
  if (first === 0x81) return at + 2 + (bytes[at + 1] ?? 0) === to ? at + 2 : 0;
  if (first !== 0x82) return 0;
  return at + 3 + (((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)) === to ? at + 3 : 0;
}

/** Finds the value of a PPDU of the usual form, octets [from, to); false where it has another one, or is none: who knows all forms has to look. */
export function findValue(bytes: Uint8Array, from: number, to: number, found: ValuePlace): boolean {
  // Fully encoded data, its only list, the context in one octet, a single value: each ends where the whole does.
  if (bytes[from] !== 0x61) return false;
  const list = contentAt(bytes, from + 1, to);
  if (list === 0 || list >= to || bytes[list] !== 0x30) return false;
  const context = contentAt(bytes, list + 1, to);
  if (context === 0 || context + 5 > to || bytes[context] !== 0x02 || bytes[context + 1] !== 1) return false;
  const number = bytes[context + 2] ?? 0x80;
  if (number >= 0x80 || bytes[context + 3] !== 0xa0) return false;
  const value = contentAt(bytes, context + 4, to);
  if (value === 0) return false;
  found.context = number;
  found.from = value;
  found.to = to;
  return true;
}

function writeLength(room: Uint8Array, at: number, length: number): number {
  const size = lengthSize(length);
  if (size === 1) room[at] = length;
  else {
    room[at] = 0x7f + size;
    for (let k = size - 1, rest = length; k > 0; k--, rest >>= 8) room[at + k] = rest & 0xff;
  }
  return at + size;
}

/** Sends an MMS PDU in a context, `context` being the octets of its number with tag and length: one write, one copy. */
export function sendData(transport: Transport, context: Uint8Array, pdu: Uint8Array): void {
  const { length } = pdu;
  const list = context.length + 1 + lengthSize(length) + length;
  const encoded = 1 + lengthSize(list) + list;
  transport.reserve(DATA_HEADER + 1 + lengthSize(encoded) + encoded);
  const { room } = transport;
  let { at } = transport;
  room[at++] = 1;
  room[at++] = 0;
  room[at++] = 1;
  room[at++] = 0;
  room[at++] = 0x61;
  at = writeLength(room, at, encoded);
  room[at++] = 0x30;
  at = writeLength(room, at, list);
  for (let k = 0; k < context.length; k++) room[at++] = context[k] ?? 0;
  room[at++] = 0xa0;
  at = writeLength(room, at, length);
  room.set(pdu, at);
  transport.flush();
}
