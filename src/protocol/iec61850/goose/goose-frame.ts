/** GOOSE on Ethernet (IEC 61850-8-1, annex C): the eight octets between the EtherType and the PDU. */
import { encodeFrame, HEAD, type Vlan } from "#io/ethernet-frame.ts";
import { WireError } from "#wire/cursor.ts";

export const GOOSE_TYPE = 0x88b8;

/** APPID, length and two reserved fields. */
const OWN_HEAD = 8;

/** Of the first reserved field: the message is a simulation (IEC 61850-8-1, C.2.5). */
const SIMULATION = 0x8000;

/** Octets of a PDU that a frame has room for: 1,500 without the eight before it. */
export const MOST_PDU = 1500 - OWN_HEAD;

export interface GooseFrame {
  readonly destination: Uint8Array;
  readonly source: Uint8Array;
  readonly appId: number;
  readonly simulated: boolean;
  /** A view on the frame. */
  readonly pdu: Uint8Array;
}

/** Of a frame without a tag. Throws WireError of what is none. */
export function readGooseFrame(bytes: Uint8Array): GooseFrame {
  if (bytes.length < HEAD + OWN_HEAD) throw new WireError("a frame that ends before its PDU", bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = view.getUint16(HEAD + 2);
  if (length < OWN_HEAD || HEAD + length > bytes.length)
    throw new WireError(`a length of ${length} in a frame of ${bytes.length} octets`, HEAD + 2);
  return {
    destination: bytes.subarray(0, 6),
    source: bytes.subarray(6, 12),
    appId: view.getUint16(HEAD),
    simulated: (view.getUint16(HEAD + 4) & SIMULATION) !== 0,
    pdu: bytes.subarray(HEAD + OWN_HEAD, HEAD + length),
  };
}

export interface GooseFrameHead extends Omit<GooseFrame, "pdu"> {
  readonly vlan?: Vlan | undefined;
}

export function gooseFrame(head: GooseFrameHead, pdu: Uint8Array): Uint8Array {
  const content = new Uint8Array(OWN_HEAD + pdu.length);
  const view = new DataView(content.buffer);
  view.setUint16(0, head.appId);
  view.setUint16(2, content.length);
  view.setUint16(4, head.simulated ? SIMULATION : 0);
  content.set(pdu, OWN_HEAD);
  return encodeFrame({ ...head, etherType: GOOSE_TYPE }, content);
}
