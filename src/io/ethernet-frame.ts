/** Frames of Ethernet octet for octet (IEEE 802.3), with the tag of a VLAN where there is one (IEEE 802.1Q). */
import type { EthernetFrame } from "./ethernet.ts";

/** EtherType of a tag. */
export const VLAN = 0x8100;

/** Two addresses and the EtherType. */
export const HEAD = 14;
const TAG = 4;

export type Vlan = NonNullable<EthernetFrame["vlan"]>;

export interface FrameHead {
  readonly destination: Uint8Array;
  readonly source: Uint8Array;
  readonly vlan?: Vlan | undefined;
  readonly etherType: number;
}

export function encodeFrame({ destination, source, vlan, etherType }: FrameHead, content: Uint8Array): Uint8Array {
  const head = vlan === undefined ? HEAD : HEAD + TAG;
  const bytes = new Uint8Array(head + content.length);
  const view = new DataView(bytes.buffer);
  bytes.set(destination.subarray(0, 6), 0);
  bytes.set(source.subarray(0, 6), 6);
  if (vlan !== undefined) {
    view.setUint16(12, VLAN);
    view.setUint16(14, ((vlan.priority & 7) << 13) | (vlan.id & 0xfff));
  }
  view.setUint16(head - 2, etherType);
  bytes.set(content, head);
  return bytes;
}

/** The EtherType of a frame without a tag; undefined of what is too short to be one. */
export function etherTypeOf(bytes: Uint8Array): number | undefined {
  const [high, low] = [bytes[12], bytes[13]];
  return high === undefined || low === undefined ? undefined : (high << 8) | low;
}

/** A frame as it came, its tag taken out of its octets; undefined of what is too short to be one. */
export function untagged(bytes: Uint8Array): EthernetFrame | undefined {
  const type = etherTypeOf(bytes);
  if (type === undefined) return undefined;
  if (type !== VLAN) return { bytes };
  if (bytes.length < HEAD + TAG) return undefined;
  const tag = new DataView(bytes.buffer, bytes.byteOffset).getUint16(14);
  const without = new Uint8Array(bytes.length - TAG);
  without.set(bytes.subarray(0, 12));
  without.set(bytes.subarray(12 + TAG), 12);
  return { bytes: without, vlan: { id: tag & 0xfff, priority: tag >> 13 } };
}

/** "01-0C-CD-01-00-01", as SCL has it. */
export function macText(address: Uint8Array): string {
  return [...address].map((octet) => octet.toString(16).padStart(2, "0").toUpperCase()).join("-");
}

/** Six octets in two digits each, with - or : between them; undefined of what is none. */
export function parseMac(text: string): Uint8Array | undefined {
  if (!/^[0-9a-f]{2}([-:][0-9a-f]{2}){5}$/i.test(text)) return undefined;
  return Uint8Array.from(text.split(/[-:]/), (octet) => Number.parseInt(octet, 16));
}

/** An address as a number: what a table of receivers looks it up by. */
export function macNumber(address: Uint8Array, at = 0): number {
  let number = 0;
  for (let k = 0; k < 6; k++) number = number * 256 + (address[at + k] ?? 0);
  return number;
}
