/** What answers at one unit address, and the answer to a request whatever the transport. */
import { deviceIdentification, type DeviceIdentification } from "./device-identification.ts";
import { answerMore, isMore, type MoreFunctions, type Registers } from "./more-functions.ts";
import { decodeRequest, encodeResponse, Exception, fn, MAX_READ } from "./pdu.ts";

/** A unit: its registers, and what it says of itself. */
export interface ModbusUnit extends Registers {
  /** Bits, diagnostics and the other functions that few meters have. */
  readonly more?: MoreFunctions | undefined;
  /** Answers nothing, and does nothing: it has no power, or its port is shut. */
  readonly silent?: boolean;
  /** Nothing of it can be changed now, since it could not be kept: what would change something is exception 06. */
  readonly fixed?: boolean;
  /** It only reports its id (0x11): everything else fails with exception 04. */
  readonly broken?: boolean;
  /** Whether the peer may use a function; any unless said. */
  allows?(code: number): boolean;
  /** What function 0x11 returns after its byte count; undefined when the unit lacks the function. */
  serverId(): Uint8Array | undefined;
  identification(): DeviceIdentification | undefined;
}

/** The units of one listener. */
export interface Units {
  /** The unit for an address, or undefined when none answers there. */
  find(address: number): ModbusUnit | undefined;
  /** All of them: a broadcast on a line goes to each. */
  all(): Iterable<ModbusUnit>;
}

/**
 * Units behind a TCP port. 0 and 255 mean the device itself: where there is one unit, it answers for them, and for
 * every address if `any`.
 */
export function tcpUnits(byAddress: ReadonlyMap<number, ModbusUnit>, any = false): Units {
  const only = byAddress.size === 1 ? byAddress.values().next().value : undefined;
  return {
    find: (address) => byAddress.get(address) ?? (any || address === 0 || address === 255 ? only : undefined),
    all: () => byAddress.values(),
  };
}

/** Units on a line that others share: each answers for its own address only. */
export function lineUnits(byAddress: ReadonlyMap<number, ModbusUnit>): Units {
  return { find: (address) => byAddress.get(address), all: () => byAddress.values() };
}

/** Functions that change coils, registers or records of files. */
const changing: ReadonlySet<number> = new Set([0x05, 0x06, 0x0f, 0x10, 0x15, 0x16, 0x17]);

/** Room that an answer may take: a PDU. */
export const ANSWER_ROOM = 256;

/**
 * Answers the request in bytes [from, to) for `unit`, writing the response PDU to out[at...]; returns its length, 0 where
 * no answer is due.
 * Reads, which are nearly all requests, make no objects.
 */
export function answer(
  unit: ModbusUnit,
  bytes: Uint8Array,
  from: number,
  to: number,
  out: Uint8Array,
  at: number,
): number {
  if (unit.silent === true) return 0;
  if (unit.allows !== undefined && !unit.allows(bytes[from] ?? 0)) {
    return refuse(bytes[from] ?? 0, Exception.illegalFunction, out, at);
  }
  if (unit.broken === true && bytes[from] !== fn.reportServerId)
    return refuse(bytes[from] ?? 0, Exception.serverDeviceFailure, out, at);
  if (changing.has(bytes[from] ?? 0) && unit.fixed === true)
    return refuse(bytes[from] ?? 0, Exception.serverDeviceBusy, out, at);
  if (unit.more !== undefined) return answerCounted(unit, unit.more, bytes.subarray(from, to), out, at);
  return answerPlain(unit, bytes, from, to, out, at);
}

/** A unit with diagnostics counts what comes and goes; one that only listens answers nothing but its restart. */
function answerCounted(unit: ModbusUnit, more: MoreFunctions, pdu: Uint8Array, out: Uint8Array, at: number): number {
  const { diagnostics } = more;
  const code = pdu[0] ?? 0;
  diagnostics.received();
  const restart = code === 0x08 && pdu[1] === 0 && pdu[2] === 1;
  if (diagnostics.listenOnly && !restart) {
    diagnostics.answered(0, false);
    return 0;
  }
  let size: number;
  if (isMore(code)) {
    const made = answerMore(unit, more, pdu);
    if (made === undefined) return 0;
    if (typeof made === "number") size = refuse(code, made, out, at);
    else {
      out.set(made, at);
      size = made.length;
    }
  } else size = answerPlain(unit, pdu, 0, pdu.length, out, at);
  const exception = ((out[at] ?? 0) & 0x80) === 0 ? 0 : (out[at + 1] ?? 0);
  diagnostics.answered(exception, code !== 0x0b && code !== 0x0c);
  return size;
}

function answerPlain(
  unit: ModbusUnit,
  bytes: Uint8Array,
  from: number,
  to: number,
  out: Uint8Array,
  at: number,
): number {
  const code = bytes[from] ?? 0;
  if (code === fn.readHolding || code === fn.readInput) {
    const count = ((bytes[from + 3] ?? 0) << 8) | (bytes[from + 4] ?? 0);
    if (to - from !== 5 || count < 1 || count > MAX_READ) return refuse(code, Exception.illegalDataValue, out, at);
    const first = ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    if (first + count > 0x10000) return refuse(code, Exception.illegalDataAddress, out, at);
    const refused =
      code === fn.readHolding || unit.readInput === undefined
        ? unit.read(first, count, out, at + 2)
        : unit.readInput(first, count, out, at + 2);
    if (refused !== 0) return refuse(code, refused, out, at);
    out[at] = code;
    out[at + 1] = 2 * count;
    return 2 + 2 * count;
  }
  return answerOther(unit, bytes.subarray(from, to), out, at);
}

function refuse(code: number, exception: Exception, out: Uint8Array, at: number): number {
  out[at] = code | 0x80;
  out[at + 1] = exception;
  return 2;
}

function answerOther(unit: ModbusUnit, pdu: Uint8Array, out: Uint8Array, at: number): number {
  const code = pdu[0] ?? 0;
  const request = decodeRequest(pdu);
  if ("refuse" in request) return refuse(code, request.refuse, out, at);
  switch (request.kind) {
    case "write": {
      if (request.first + request.values.length > 0x10000) return refuse(code, Exception.illegalDataAddress, out, at);
      const refused = unit.write(request.first, request.values);
      if (refused !== 0) return refuse(code, refused, out, at);
      // The answer repeats the address, then the value (0x06) or the count (0x10): the request's own bytes.
      out.set(pdu.subarray(0, 5), at);
      return 5;
    }
    case "report server id": {
      const id = unit.serverId();
      if (id === undefined) return refuse(code, Exception.illegalFunction, out, at);
      const response = encodeResponse({ kind: "server id", data: id });
      out.set(response, at);
      return response.length;
    }
    case "device identification": {
      const objects = unit.identification();
      if (objects === undefined) return refuse(code, Exception.illegalFunction, out, at);
      const response = deviceIdentification(objects, request.code, request.object);
      if (typeof response === "number") return refuse(code, response, out, at);
      out.set(response, at);
      return response.length;
    }
    default:
      return refuse(code, Exception.illegalFunction, out, at);
  }
}
