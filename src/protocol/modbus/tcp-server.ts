/**
 * Modbus/TCP (Messaging on TCP/IP Implementation Guide V1.0b, clause 3.1.3): a header of transaction id, protocol id
 * 0, length and unit id before each PDU. Requests may come many in one segment or one in many; answers keep their order.
 */
import type { Link } from "#io/link.ts";
import { Exception } from "./pdu.ts";
import { answer, ANSWER_ROOM, type Units } from "./unit.ts";

const HEADER = 7;
/** Transaction, protocol and length; the length counts the unit id and the PDU. */
const PREFIX = 6;
const MAX_LENGTH = 254;

export function serveModbusTcp(link: Link, units: Units): void {
  /** What has come of a request that is not whole yet. */
  let pending: Uint8Array = new Uint8Array(0);
  link.receive((chunk) => {
    let bytes = chunk;
    if (pending.length > 0) {
      bytes = new Uint8Array(pending.length + chunk.length);
      bytes.set(pending);
      bytes.set(chunk, pending.length);
    }
    let from = 0;
    let out = new Uint8Array(HEADER + ANSWER_ROOM);
    let made = 0;
    while (bytes.length - from >= HEADER) {
      const length = (bytes[from + 4]! << 8) | bytes[from + 5]!;
      // Not Modbus, or no longer in step with it: nothing that follows can be trusted.
      if (bytes[from + 2] !== 0 || bytes[from + 3] !== 0 || length < 2 || length > MAX_LENGTH) {
        if (made > 0) link.send(out.subarray(0, made));
        link.close();
        return;
      }
      const end = from + PREFIX + length;
      if (end > bytes.length) break;
      if (out.length - made < HEADER + ANSWER_ROOM) out = grown(out, made);
      made += answerFrame(bytes, from, units, out, made);
      from = end;
    }
    pending = from === bytes.length ? EMPTY : bytes.slice(from);
    if (made > 0) link.send(out.subarray(0, made));
  });
}

const EMPTY = new Uint8Array(0);

function grown(out: Uint8Array, made: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * out.length + HEADER + ANSWER_ROOM);
  larger.set(out.subarray(0, made));
  return larger;
}

/** Answers one whole frame into out[at...]; the length of the answer. */
function answerFrame(bytes: Uint8Array, from: number, units: Units, out: Uint8Array, at: number): number {
  const unit = units.find(bytes[from + PREFIX]!);
  const end = from + PREFIX + ((bytes[from + 4]! << 8) | bytes[from + 5]!);
  const pdu = at + HEADER;
  let size = 2;
  if (unit !== undefined) size = answer(unit, bytes, from + HEADER, end, out, pdu);
  else {
    out[pdu] = bytes[from + HEADER]! | 0x80;
    out[pdu + 1] = Exception.gatewayTargetFailedToRespond;
  }
  out[at] = bytes[from]!;
  out[at + 1] = bytes[from + 1]!;
  out[at + 2] = 0;
  out[at + 3] = 0;
  out[at + 4] = (size + 1) >> 8;
  out[at + 5] = (size + 1) & 0xff;
  out[at + 6] = bytes[from + PREFIX]!;
  return HEADER + size;
}
