/**
 * The functions that few meters have: bits, mask write, read and write in one, and the diagnostics of a line (Modbus
 * Application Protocol V1.1b3, clauses 6.1, 6.2, 6.5, 6.7 to 6.11, 6.16 and 6.17). A unit that has them says so by
 * carrying a MoreFunctions.
 */
import { sub, type Diagnostics } from "./diagnostics.ts";
import { Exception, MAX_READ } from "./pdu.ts";

/** A unit's registers by wire address, from 0. Results are 0 when all went well, else the exception to answer. */
export interface Registers {
  /** Writes `count` registers, big endian, to out[at...]; all of them from one snapshot. */
  read(first: number, count: number, out: Uint8Array, at: number): Exception | 0;
  /** The same of input registers, where they are not the holding ones. */
  readonly readInput?: ((first: number, count: number, out: Uint8Array, at: number) => Exception | 0) | undefined;
  /** All of the values or none. */
  write(first: number, values: Uint16Array): Exception | 0;
}

export interface MoreFunctions {
  /** One byte, 0 or 1, for each bit. */
  readBits(table: "coils" | "discrete", first: number, count: number): Uint8Array | Exception;
  /** All of them or none. */
  writeCoils(first: number, bits: Uint8Array): Exception | 0;
  /** Eight bits that function 0x07 reads. */
  exceptionStatus(): number;
  readonly diagnostics: Diagnostics;
}

const MAX_READ_BITS = 2000;
const MAX_WRITE_BITS = 1968;
/** Most registers that function 0x17 writes. */
const MAX_WRITE_WITH_READ = 121;

type Answer = Uint8Array | Exception | undefined;
type Handler = (more: MoreFunctions, pdu: DataView, unit: Registers) => Answer;

const { illegalDataValue, illegalDataAddress } = Exception;

function readBits(table: "coils" | "discrete"): Handler {
  return (more, pdu) => {
    const count = pdu.byteLength === 5 ? pdu.getUint16(3) : 0;
    if (count < 1 || count > MAX_READ_BITS) return illegalDataValue;
    if (pdu.getUint16(1) + count > 0x10000) return illegalDataAddress;
    const bits = more.readBits(table, pdu.getUint16(1), count);
    if (typeof bits === "number") return bits;
    const out = new Uint8Array(2 + Math.ceil(count / 8));
    out[0] = pdu.getUint8(0);
    out[1] = out.length - 2;
    bits.forEach((bit, k) => (out[2 + (k >> 3)] = (out[2 + (k >> 3)] ?? 0) | (bit << (k & 7))));
    return out;
  };
}

const writeCoil: Handler = (more, pdu) => {
  const value = pdu.byteLength === 5 ? pdu.getUint16(3) : NaN;
  if (value !== 0 && value !== 0xff00) return illegalDataValue;
  const refused = more.writeCoils(pdu.getUint16(1), Uint8Array.of(value === 0 ? 0 : 1));
  return refused === 0 ? head(pdu, 5) : refused;
};

const writeCoils: Handler = (more, pdu) => {
  const count = pdu.byteLength >= 7 ? pdu.getUint16(3) : 0;
  const bytes = Math.ceil(count / 8);
  if (count < 1 || count > MAX_WRITE_BITS || pdu.getUint8(5) !== bytes || pdu.byteLength !== 6 + bytes) {
    return illegalDataValue;
  }
  if (pdu.getUint16(1) + count > 0x10000) return illegalDataAddress;
  const bits = Uint8Array.from({ length: count }, (_, k) => (pdu.getUint8(6 + (k >> 3)) >> (k & 7)) & 1);
  const refused = more.writeCoils(pdu.getUint16(1), bits);
  return refused === 0 ? head(pdu, 5) : refused;
};

const maskWrite: Handler = (_more, pdu, unit) => {
  if (pdu.byteLength !== 7) return illegalDataValue;
  const [first, and, or] = [pdu.getUint16(1), pdu.getUint16(3), pdu.getUint16(5)];
  const now = new Uint8Array(2);
  const missing = unit.read(first, 1, now, 0);
  if (missing !== 0) return missing;
  const value = ((((now[0] ?? 0) << 8) | (now[1] ?? 0)) & and) | (or & ~and);
  const refused = unit.write(first, Uint16Array.of(value & 0xffff));
  return refused === 0 ? head(pdu, 7) : refused;
};

const readWrite: Handler = (_more, pdu, unit) => {
  const writes = pdu.byteLength >= 12 ? pdu.getUint16(7) : 0;
  const reads = pdu.byteLength >= 12 ? pdu.getUint16(3) : 0;
  if (reads < 1 || reads > MAX_READ || writes < 1 || writes > MAX_WRITE_WITH_READ) return illegalDataValue;
  if (pdu.getUint8(9) !== 2 * writes || pdu.byteLength !== 10 + 2 * writes) return illegalDataValue;
  const [from, to] = [pdu.getUint16(1), pdu.getUint16(5)];
  if (from + reads > 0x10000 || to + writes > 0x10000) return illegalDataAddress;
  const out = new Uint8Array(2 + 2 * reads);
  // The write comes first (clause 6.17), but not when what is to be read is not there.
  const missing = unit.read(from, reads, out, 2);
  if (missing !== 0) return missing;
  const refused = unit.write(
    to,
    Uint16Array.from({ length: writes }, (_, k) => pdu.getUint16(10 + 2 * k)),
  );
  if (refused !== 0) return refused;
  unit.read(from, reads, out, 2);
  out[0] = pdu.getUint8(0);
  out[1] = 2 * reads;
  return out;
};

const diagnose: Handler = ({ diagnostics }, pdu) => {
  if (pdu.byteLength < 5) return illegalDataValue;
  const code = pdu.getUint16(1);
  // The query is returned whole, however long it is.
  if (code === sub.returnQuery) return head(pdu, pdu.byteLength);
  if (pdu.byteLength !== 5) return illegalDataValue;
  const data = diagnostics.diagnose(code, pdu.getUint16(3));
  if (typeof data === "object") return data.refuse;
  return data === undefined ? undefined : Uint8Array.of(pdu.getUint8(0), code >> 8, code & 255, data >> 8, data & 255);
};

const eventCounter: Handler = ({ diagnostics }, pdu) => {
  if (pdu.byteLength !== 1) return illegalDataValue;
  const [status, events] = diagnostics.eventCounter();
  return Uint8Array.of(0x0b, status >> 8, status & 255, events >> 8, events & 255);
};

const eventLog: Handler = ({ diagnostics }, pdu) => {
  if (pdu.byteLength !== 1) return illegalDataValue;
  const { status, events, messages, log } = diagnostics.eventLog();
  const words = [status, events, messages].flatMap((word) => [word >> 8, word & 255]);
  return Uint8Array.of(0x0c, words.length + log.length, ...words, ...log);
};

const handlers: Readonly<Record<number, Handler>> = {
  0x01: readBits("coils"),
  0x02: readBits("discrete"),
  0x05: writeCoil,
  0x07: (more, pdu) => (pdu.byteLength === 1 ? Uint8Array.of(0x07, more.exceptionStatus()) : illegalDataValue),
  0x08: diagnose,
  0x0b: eventCounter,
  0x0c: eventLog,
  0x0f: writeCoils,
  0x16: maskWrite,
  0x17: readWrite,
};

/** The first bytes of the request, which are the answer to most writes. */
function head(pdu: DataView, count: number): Uint8Array {
  return new Uint8Array(pdu.buffer, pdu.byteOffset, count).slice();
}

/** Whether this file answers the function. */
export function isMore(code: number): boolean {
  return handlers[code] !== undefined;
}

/** The answer's PDU, an exception, or undefined where none is due. */
export function answerMore(unit: Registers, more: MoreFunctions, pdu: Uint8Array): Answer {
  const view = new DataView(pdu.buffer, pdu.byteOffset, pdu.byteLength);
  return handlers[pdu[0] ?? 0]?.(more, view, unit) ?? undefined;
}
