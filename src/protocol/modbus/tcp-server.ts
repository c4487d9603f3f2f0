/**
 * Modbus/TCP (Messaging on TCP/IP Implementation Guide V1.0b, clause 3.1.3): a header of transaction id, protocol id
 * 0, length and unit id before each PDU. Requests may come many in one segment or one in many; answers keep their order.
 */
import { joined } from "#io/byte-run.ts";
import type { Link } from "#io/link.ts";
import { Slab } from "#wire/slab.ts";
import type { FaultyAnswers } from "./faults.ts";
import { Exception, fn } from "./pdu.ts";
import { answer, ANSWER_ROOM, type Units } from "./unit.ts";

const HEADER = 7;
/** Transaction, protocol and length; the length counts the unit id and the PDU. */
const PREFIX = 6;
const MAX_LENGTH = 254;
/** A write with more registers than there may be is longer (a master that does not count): it is read whole, and refused. */
const LONGEST_WRITE = 2 + 5 + 2 * 255;

/** Answers of all links, one after the other. */
const answers = new Slab();

/** Answers in one piece, so that a burst of requests makes a few large writes. */
const PIECE = 4096;

/** Serves one link; with `faults` every answer goes through their plan. `misunderstood` is told of what is not Modbus. */
export function serveModbusTcp(
  link: Link,
  units: Units,
  faults?: FaultyAnswers,
  misunderstood: () => void = () => {},
): void {
  /** What has come of a request that is not whole yet. */
  let pending: Uint8Array = EMPTY;
  link.receive((chunk) => {
    const bytes = pending.length === 0 ? chunk : joined(pending, chunk);
    let from = 0;
    let at = answers.reserve(HEADER + ANSWER_ROOM);
    let made = at;
    while (bytes.length - from >= HEADER) {
      const length = (bytes[from + 4]! << 8) | bytes[from + 5]!;
      // Not Modbus, or no longer in step with it: nothing that follows can be trusted.
      if (bytes[from + 2] !== 0 || bytes[from + 3] !== 0 || length < 2 || length > longest(bytes, from)) {
        if (made > at) link.send(answers.take(made));
        misunderstood();
        link.close();
        return;
      }
      if (from + PREFIX + length > bytes.length) break;
      if (faults !== undefined && !faults.idle) {
        if (made > at) link.send(answers.take(made));
        at = made = answers.reserve(HEADER + ANSWER_ROOM);
        answerWithFaults(bytes.slice(from, from + PREFIX + length), units, faults);
        from += PREFIX + length;
        continue;
      }
      if (made - at > PIECE || answers.bytes.length - made < HEADER + ANSWER_ROOM) {
        if (made > at) link.send(answers.take(made));
        at = made = answers.reserve(HEADER + ANSWER_ROOM);
      }
      made += answerFrame(bytes, from, units, answers.bytes, made);
      from += PREFIX + length;
    }
    pending = from === bytes.length ? EMPTY : bytes.slice(from);
    if (made > at) link.send(answers.take(made));
  });
}

const EMPTY = new Uint8Array(0);

function answerWithFaults(request: Uint8Array, units: Units, faults: FaultyAnswers): void {
  const address = request[PREFIX]!;
  if (units.find(address)?.silent === true) return;
  faults.answer({
    unit: address,
    pdu: request.subarray(HEADER),
    answer() {
      const out = new Uint8Array(HEADER + ANSWER_ROOM);
      const size = answerFrame(request, 0, units, out, 0);
      return size === 0 ? undefined : out.slice(HEADER, size);
    },
    frame(pdu) {
      const out = new Uint8Array(HEADER + pdu.length);
      out.set(request.subarray(0, 4));
      out[5] = pdu.length + 1;
      out[PREFIX] = address;
      out.set(pdu, HEADER);
      return out;
    },
  });
}

/** What the length of a header may be. The function stands behind it, and may not have come yet. */
function longest(bytes: Uint8Array, from: number): number {
  const code = bytes.length - from > HEADER ? bytes[from + HEADER] : fn.writeMultiple;
  return code === fn.writeMultiple ? LONGEST_WRITE : MAX_LENGTH;
}

/** Answers one whole frame into out[at...]; the length of the answer. */
function answerFrame(bytes: Uint8Array, from: number, units: Units, out: Uint8Array, at: number): number {
  const unit = units.find(bytes[from + PREFIX]!);
  const end = from + PREFIX + ((bytes[from + 4]! << 8) | bytes[from + 5]!);
  const pdu = at + HEADER;
  let size = 2;
  if (unit !== undefined && end - from - PREFIX > MAX_LENGTH) {
    if (unit.silent === true) return 0;
    out[pdu] = bytes[from + HEADER]! | 0x80;
    out[pdu + 1] = Exception.illegalDataValue;
  } else if (unit !== undefined) size = answer(unit, bytes, from + HEADER, end, out, pdu);
  else {
    out[pdu] = bytes[from + HEADER]! | 0x80;
    out[pdu + 1] = Exception.gatewayTargetFailedToRespond;
  }
  if (size === 0) return 0;
  out[at] = bytes[from]!;
  out[at + 1] = bytes[from + 1]!;
  out[at + 2] = 0;
  out[at + 3] = 0;
  out[at + 4] = (size + 1) >> 8;
  out[at + 5] = (size + 1) & 0xff;
  out[at + 6] = bytes[from + PREFIX]!;
  return HEADER + size;
}
