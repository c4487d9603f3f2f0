/**
 * The session protocol that carries GOOSE over UDP, R-GOOSE (IEC TR 61850-90-5, 11.3; IEC 61850-8-1 of 2020): a head that says which key, the PDUs
 * of GOOSE, and a signature. Written is version 2, which has an initialisation vector; read is version 1, too, which names its algorithms.
 */
import { Reader, WireError, Writer } from "#wire/cursor.ts";

/** A unit datagram of the connectionless transport (ISO 8602): one octet more, of kind UD. */
const TRANSPORT = Uint8Array.of(0x01, 0x40);

/** Session identifiers of what is carried. */
export const sessionKinds = { tunnelled: 0xa0, goose: 0xa1, sampledValues: 0xa2, management: 0xa3 } as const;

const COMMON_HEAD = 0x80;
/** Lengths of the two heads. They are those of version 1 whatever a vector adds, as libiec61850 1.6 has them. */
const SESSION_LENGTH = 0x18;
const COMMON_LENGTH = 0x12;

const GOOSE_PAYLOAD = 0x81;
const SIGNATURE = 0x85;

/** What is counted by the length of a version 2 besides its payload, a vector and its length left out, as libiec61850 1.6 does. */
const COUNTED = 20;

export interface SessionHead {
  readonly number: number;
  readonly version: 1 | 2;
  /** When the key came into force, and minutes until the next one does; 0 where nobody says. */
  readonly keyTime: number;
  readonly nextKeyMinutes: number;
  /** Of version 1. */
  readonly algorithms?: { readonly encryption: number; readonly signature: number } | undefined;
  readonly keyId: number;
  readonly vector: Uint8Array;
  /** Octets of the payload in the clear, without its signature. */
  readonly payloadLength: number;
}

/** A datagram as it lies there: what is authenticated, and what is ciphered, is said by where it ends. */
export interface SessionPdu {
  readonly head: SessionHead;
  /** Where the payload begins. */
  readonly payloadAt: number;
  /** What stands behind the payload: a signature with its tag, or nothing. */
  readonly signatureAt: number;
}

/** Of a datagram of GOOSE. Throws WireError of what is none. */
export function readSessionPdu(bytes: Uint8Array): SessionPdu {
  const from = new Reader(bytes);
  const expect = (octet: number, what: string): void => {
    const { at } = from;
    if (from.u8() !== octet) throw new WireError(`expected ${what}`, at);
  };
  for (const octet of TRANSPORT) expect(octet, "a unit datagram of ISO 8602");
  expect(sessionKinds.goose, "a session of GOOSE");
  from.u8();
  expect(COMMON_HEAD, "the common head of a session");
  from.u8();
  // What it counts differs from maker to maker: the payload has a length of its own.
  from.u32();
  const number = from.u32();
  const { at } = from;
  const version = from.u16();
  if (version !== 1 && version !== 2) throw new WireError(`a session of version ${version}`, at);
  const keyTime = from.u32();
  const nextKeyMinutes = from.u16();
  const algorithms = version === 1 ? { encryption: from.u8(), signature: from.u8() } : undefined;
  const keyId = from.u32();
  const vector = version === 1 ? new Uint8Array(0) : from.bytes(from.u8());
  const payloadLength = from.u32();
  if (payloadLength > from.left)
    throw new WireError(`a payload of ${payloadLength} where ${from.left} are left`, from.at);
  return {
    head: { number, version, keyTime, nextKeyMinutes, algorithms, keyId, vector, payloadLength },
    payloadAt: from.at,
    signatureAt: from.at + payloadLength,
  };
}

/** The signature that stands at a place of octets, behind its tag and length; undefined where nothing stands there. */
export function signatureIn(bytes: Uint8Array, at: number): Uint8Array | undefined {
  const from = new Reader(bytes.subarray(at));
  if (from.left === 0) return undefined;
  if (from.u8() !== SIGNATURE) throw new WireError("expected a signature", at);
  return from.bytes(from.u8());
}

export function signed(bytes: Uint8Array, signature: Uint8Array): Uint8Array {
  return new Writer(bytes.length + 2 + signature.length)
    .bytes(bytes)
    .u8(SIGNATURE)
    .u8(signature.length)
    .bytes(signature)
    .done();
}

/** The head of a session of version 2, up to the payload. */
export function sessionHead({
  number,
  keyTime,
  nextKeyMinutes,
  keyId,
  vector,
  payloadLength,
}: SessionHead): Uint8Array {
  return new Writer(48)
    .bytes(TRANSPORT)
    .u8(sessionKinds.goose)
    .u8(SESSION_LENGTH)
    .u8(COMMON_HEAD)
    .u8(COMMON_LENGTH)
    .u32(COUNTED + payloadLength)
    .u32(number)
    .u16(2)
    .u32(keyTime)
    .u16(nextKeyMinutes)
    .u32(keyId)
    .u8(vector.length)
    .bytes(vector)
    .u32(payloadLength)
    .done();
}

/** One PDU among those of a payload. */
export interface SessionPayload {
  readonly simulated: boolean;
  readonly appId: number;
  readonly pdu: Uint8Array;
}

/** Simulation, APPID, and a length that counts itself. */
export function writePayload({ simulated, appId, pdu }: SessionPayload): Uint8Array {
  return new Writer(6 + pdu.length)
    .u8(GOOSE_PAYLOAD)
    .u8(simulated ? 1 : 0)
    .u16(appId)
    .u16(2 + pdu.length)
    .bytes(pdu)
    .done();
}

/** PDUs of GOOSE in a payload in the clear; there may be several. Throws WireError where one does not end in it. */
export function readPayloads(payload: Uint8Array): readonly SessionPayload[] {
  const from = new Reader(payload);
  const found: SessionPayload[] = [];
  while (from.left > 0) {
    const { at } = from;
    if (from.u8() !== GOOSE_PAYLOAD) throw new WireError("expected a payload of GOOSE", at);
    const simulated = from.u8() !== 0;
    const appId = from.u16();
    const length = from.u16();
    if (length < 2) throw new WireError("a length that does not count itself", from.at - 2);
    found.push({ simulated, appId, pdu: from.bytes(length - 2) });
  }
  return found;
}
