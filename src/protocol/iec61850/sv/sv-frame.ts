/** Sampled values on Ethernet (IEC 61850-9-2, 5.3): what stands between the EtherType and the PDU. */
import { encodeFrame, HEAD, type Vlan } from "#io/ethernet-frame.ts";
import { WireError } from "#wire/cursor.ts";

export const SV_TYPE = 0x88ba;

/** APPID, length and two reserved fields. */
export const OWN_HEAD = 8;

/** Of the first reserved field: the stream is a simulation. */
const SIMULATION = 0x8000;

/** Octets of a PDU that a frame has room for: 1,500 without the eight before it. */
export const MOST_PDU = 1500 - OWN_HEAD;

/** Where the PDU of every frame begins that has no tag. */
export const PDU_AT = HEAD + OWN_HEAD;

/** Of a frame without a tag: where its PDU ends. Throws WireError of what is none. */
export function pduEnd(frame: DataView): number {
  if (frame.byteLength < PDU_AT) throw new WireError("a frame that ends before its PDU", frame.byteLength);
  const length = frame.getUint16(HEAD + 2);
  if (length < OWN_HEAD || HEAD + length > frame.byteLength)
    throw new WireError(`a length of ${length} in a frame of ${frame.byteLength} octets`, HEAD + 2);
  return HEAD + length;
}

export function appIdOf(frame: DataView): number {
  return frame.getUint16(HEAD);
}

export function isSimulated(frame: DataView): boolean {
  return (frame.getUint16(HEAD + 4) & SIMULATION) !== 0;
}

export interface SvFrameHead {
  readonly destination: Uint8Array;
  readonly source: Uint8Array;
  readonly vlan?: Vlan | undefined;
  readonly appId: number;
  readonly simulated: boolean;
}

export function svFrame(head: SvFrameHead, pdu: Uint8Array): Uint8Array {
  const content = new Uint8Array(OWN_HEAD + pdu.length);
  const view = new DataView(content.buffer);
  view.setUint16(0, head.appId);
  view.setUint16(2, content.length);
  view.setUint16(4, head.simulated ? SIMULATION : 0);
  content.set(pdu, OWN_HEAD);
  return encodeFrame({ ...head, etherType: SV_TYPE }, content);
}
