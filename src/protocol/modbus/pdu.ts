/**
 * Modbus PDUs: what follows the unit address and precedes the CRC.
 * Modbus Application Protocol V1.1b3, clauses 6.3 (0x03), 6.4 (0x04), 6.6 (0x06), 6.12 (0x10), 6.13 (0x11),
 * 6.21 (0x2B / 0x0E) and 7 (exceptions).
 */
export const Exception = {
  illegalFunction: 0x01,
  illegalDataAddress: 0x02,
  illegalDataValue: 0x03,
  serverDeviceFailure: 0x04,
  acknowledge: 0x05,
  serverDeviceBusy: 0x06,
  memoryParityError: 0x08,
  gatewayPathUnavailable: 0x0a,
  gatewayTargetFailedToRespond: 0x0b,
} as const;
export type Exception = (typeof Exception)[keyof typeof Exception];

export type Refusal = { readonly refuse: Exception };

/** Most registers that one request reads, and writes (clauses 6.3 and 6.12). */
export const MAX_READ = 125;
export const MAX_WRITE = 123;
export const MAX_PDU = 253;

export const fn = {
  readHolding: 0x03,
  readInput: 0x04,
  writeSingle: 0x06,
  writeMultiple: 0x10,
  reportServerId: 0x11,
  encapsulated: 0x2b,
} as const;

/** MEI type of Read Device Identification (clause 6.21). */
export const MEI_DEVICE_ID = 0x0e;

/** What stands before the next object of an identification that is longer than one answer. */
const MORE_FOLLOWS = 0xff;

export type Request =
  | { readonly kind: "read"; readonly fn: 0x03 | 0x04; readonly first: number; readonly count: number }
  | { readonly kind: "write"; readonly fn: 0x06 | 0x10; readonly first: number; readonly values: Uint16Array }
  | { readonly kind: "report server id" }
  | { readonly kind: "device identification"; readonly code: number; readonly object: number };

/** Programs without types hand in anything: a TypeError of DataView would not say what. */
function viewOf(pdu: Uint8Array): DataView {
  if (!(pdu instanceof Uint8Array)) {
    throw new TypeError(`expected the bytes of a PDU as a Uint8Array; found ${pdu === null ? "null" : typeof pdu}`);
  }
  return new DataView(pdu.buffer, pdu.byteOffset, pdu.byteLength);
}

/** Decodes a request; what the specification refuses on sight is the refusal that answers it. */
export function decodeRequest(pdu: Uint8Array): Request | Refusal {
  const view = viewOf(pdu);
  const code = pdu[0] ?? 0;
  const size = pdu.length;
  switch (code) {
    case fn.readHolding:
    case fn.readInput: {
      if (size !== 5) return { refuse: Exception.illegalDataValue };
      const count = view.getUint16(3);
      if (count < 1 || count > MAX_READ) return { refuse: Exception.illegalDataValue };
      return { kind: "read", fn: code, first: view.getUint16(1), count };
    }
    case fn.writeSingle:
      if (size !== 5) return { refuse: Exception.illegalDataValue };
      return { kind: "write", fn: code, first: view.getUint16(1), values: Uint16Array.of(view.getUint16(3)) };
    case fn.writeMultiple: {
      if (size < 6) return { refuse: Exception.illegalDataValue };
      const count = view.getUint16(3);
      if (count < 1 || count > MAX_WRITE || pdu[5] !== 2 * count || size !== 6 + 2 * count) {
        return { refuse: Exception.illegalDataValue };
      }
      const values = Uint16Array.from({ length: count }, (_, k) => view.getUint16(6 + 2 * k));
      return { kind: "write", fn: code, first: view.getUint16(1), values };
    }
    case fn.reportServerId:
      return size === 1 ? { kind: "report server id" } : { refuse: Exception.illegalDataValue };
    case fn.encapsulated:
      // Other MEI types are other functions (clause 6.19).
      if (size < 2) return { refuse: Exception.illegalDataValue };
      if (pdu[1] !== MEI_DEVICE_ID) return { refuse: Exception.illegalFunction };
      if (size !== 4) return { refuse: Exception.illegalDataValue };
      return { kind: "device identification", code: pdu[2] ?? 0, object: pdu[3] ?? 0 };
    default:
      return { refuse: Exception.illegalFunction };
  }
}

export function encodeRequest(request: Request): Uint8Array {
  switch (request.kind) {
    case "read":
      return Uint8Array.of(request.fn, ...word(request.first), ...word(request.count));
    case "write": {
      const { values, first } = request;
      if (request.fn === fn.writeSingle) return Uint8Array.of(request.fn, ...word(first), ...word(values[0] ?? 0));
      const body = [...values].flatMap(word);
      return Uint8Array.of(request.fn, ...word(first), ...word(values.length), body.length, ...body);
    }
    case "report server id":
      return Uint8Array.of(fn.reportServerId);
    case "device identification":
      return Uint8Array.of(fn.encapsulated, MEI_DEVICE_ID, request.code, request.object);
  }
}

function word(value: number): number[] {
  return [value >> 8, value & 0xff];
}

export function encodeException(code: number, exception: Exception): Uint8Array {
  return encodeResponse({ kind: "exception", fn: code, exception });
}

export type Response =
  | { readonly kind: "registers"; readonly fn: 0x03 | 0x04; readonly values: Uint16Array }
  | { readonly kind: "written"; readonly fn: 0x06 | 0x10; readonly first: number; readonly echo: number }
  | { readonly kind: "server id"; readonly data: Uint8Array }
  | {
      readonly kind: "identification";
      /** As the request says it. */
      readonly code: number;
      readonly conformity: number;
      readonly objects: ReadonlyMap<number, string>;
      /** The object to ask for next, where these were not all that fit. */
      readonly next?: number;
    }
  | { readonly kind: "exception"; readonly fn: number; readonly exception: number };

/** Decodes a response; undefined when it is none that the specification allows. */
export function decodeResponse(pdu: Uint8Array): Response | undefined {
  const view = viewOf(pdu);
  const code = pdu[0] ?? 0;
  if ((code & 0x80) !== 0) {
    return pdu.length === 2 ? { kind: "exception", fn: code & 0x7f, exception: pdu[1] ?? 0 } : undefined;
  }
  switch (code) {
    case fn.readHolding:
    case fn.readInput: {
      const bytes = pdu[1] ?? 0;
      if (bytes % 2 !== 0 || pdu.length !== 2 + bytes) return undefined;
      const values = new Uint16Array(bytes / 2);
      for (let k = 0; k < values.length; k++) values[k] = view.getUint16(2 + 2 * k);
      return { kind: "registers", fn: code, values };
    }
    case fn.writeSingle:
    case fn.writeMultiple:
      if (pdu.length !== 5) return undefined;
      return { kind: "written", fn: code, first: view.getUint16(1), echo: view.getUint16(3) };
    case fn.reportServerId:
      return pdu.length >= 2 && pdu.length === 2 + (pdu[1] ?? 0)
        ? { kind: "server id", data: pdu.slice(2) }
        : undefined;
    case fn.encapsulated:
      return identification(pdu);
    default:
      return undefined;
  }
}

function identification(pdu: Uint8Array): Response | undefined {
  if (pdu.length < 7 || pdu[1] !== MEI_DEVICE_ID) return undefined;
  const objects = new Map<number, string>();
  let at = 7;
  for (let left = pdu[6] ?? 0; left > 0; left--) {
    const length = pdu[at + 1];
    if (length === undefined || at + 2 + length > pdu.length) return undefined;
    objects.set(pdu[at] ?? 0, String.fromCharCode(...pdu.subarray(at + 2, at + 2 + length)));
    at += 2 + length;
  }
  if (at !== pdu.length) return undefined;
  const next = pdu[4] === MORE_FOLLOWS ? { next: pdu[5] ?? 0 } : {};
  return { kind: "identification", code: pdu[2] ?? 0, conformity: pdu[3] ?? 0, objects, ...next };
}

/** Encodes a response, as `decodeResponse` has it. Throws a RangeError where it is longer than a PDU (clause 4.1). */
export function encodeResponse(response: Response): Uint8Array {
  const pdu = Uint8Array.from(bytesOf(response));
  if (pdu.length > MAX_PDU) {
    throw new RangeError(`a response of ${pdu.length} bytes (${response.kind}): a PDU has at most ${MAX_PDU}`);
  }
  return pdu;
}

function bytesOf(response: Response): readonly number[] {
  switch (response.kind) {
    case "registers":
      return [response.fn, 2 * response.values.length, ...[...response.values].flatMap(word)];
    case "written":
      return [response.fn, ...word(response.first), ...word(response.echo)];
    case "server id":
      return [fn.reportServerId, response.data.length, ...response.data];
    case "identification": {
      const { code, conformity, objects, next } = response;
      const follows = next === undefined ? [0, 0] : [MORE_FOLLOWS, next];
      const texts = [...objects].flatMap(([id, text]) => [id, text.length, ...charactersOf(text)]);
      return [fn.encapsulated, MEI_DEVICE_ID, code, conformity, ...follows, objects.size, ...texts];
    }
    case "exception":
      return [response.fn | 0x80, response.exception];
  }
}

/** A byte each. */
function charactersOf(text: string): readonly number[] {
  return Array.from({ length: text.length }, (_, k) => text.charCodeAt(k) & 0xff);
}

/** The function code of a request. */
export function functionOf(request: Request): number {
  if (request.kind === "read" || request.kind === "write") return request.fn;
  return request.kind === "report server id" ? fn.reportServerId : fn.encapsulated;
}

/** Why a response is none to the request. */
export function mismatch(request: Request, response: Response): string | undefined {
  if (response.kind === "exception") {
    return response.fn === functionOf(request) ? undefined : "it refused another function";
  }
  if (request.kind === "read" && response.kind === "registers" && response.fn === request.fn) {
    const { length } = response.values;
    return length === request.count ? undefined : `${length} registers came where ${request.count} were asked for`;
  }
  if (request.kind === "write" && response.kind === "written" && response.fn === request.fn) {
    const echo = request.fn === 0x06 ? request.values[0] : request.values.length;
    if (response.first === request.first && response.echo === echo) return undefined;
    return "it acknowledged another write";
  }
  if (request.kind === "report server id" && response.kind === "server id") return undefined;
  if (request.kind === "device identification" && response.kind === "identification") return undefined;
  return "it answered another function";
}
