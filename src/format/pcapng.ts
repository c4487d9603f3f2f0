/**
 * Captures as files of pcapng (draft-ietf-opsawg-pcapng, 4): a section, interfaces with the kind of what they carry, packets with the instant
 * of each in nanoseconds.
 */

/** Kinds of what an interface carries (https://www.tcpdump.org/linktypes.html). */
export const linkTypes = {
  ethernet: 1,
  /** IPv4 or IPv6, without anything before it. */
  ip: 101,
  /** A message of a protocol that is named before it, as Wireshark exports them. */
  namedMessage: 252,
} as const;

export interface CaptureInterface {
  readonly linkType: number;
  readonly name: string;
  readonly description: string;
}

export interface CapturedPacket {
  /** By its place among the interfaces. */
  readonly interface: number;
  readonly nanoseconds: bigint;
  readonly bytes: Uint8Array;
  /** As seen by the meter. */
  readonly direction: "in" | "out";
  readonly comment?: string | undefined;
}

const SECTION = 0x0a0d0d0a;
const ORDER = 0x1a2b3c4d;
const INTERFACE = 1;
const ENHANCED_PACKET = 6;
const options = { end: 0, comment: 1, name: 2, description: 3, application: 4, flags: 2, resolution: 9 } as const;
const NANOSECONDS = 9;
const DIRECTIONS = { in: 1, out: 2 } as const;

const padded = (length: number): number => (length + 3) & ~3;

/** Code, length, value, and up to four bytes of nothing. */
function option(code: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + padded(value.length));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, code, true);
  view.setUint16(2, value.length, true);
  bytes.set(value, 4);
  return bytes;
}

/** As long as an option may be. */
function text(value: string): Uint8Array {
  return new TextEncoder().encode(value.slice(0, 10_000));
}

/** A block: its type, its length before and behind what is in it. */
function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = 12 + parts.reduce((sum, part) => sum + padded(part.length), 0);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, length, true);
  let at = 8;
  for (const part of parts) {
    bytes.set(part, at);
    at += padded(part.length);
  }
  view.setUint32(at, length, true);
  return bytes;
}

const NO_MORE = option(options.end, new Uint8Array(0));

/** What a file begins with; `application` is who made it. */
export function sectionBlock(application: string): Uint8Array {
  const head = new Uint8Array(16);
  const view = new DataView(head.buffer);
  view.setUint32(0, ORDER, true);
  view.setUint16(4, 1, true);
  // How long it is is not said.
  view.setBigInt64(8, -1n, true);
  return block(SECTION, [head, option(options.application, text(application)), NO_MORE]);
}

export function interfaceBlock({ linkType, name, description }: CaptureInterface): Uint8Array {
  const head = new Uint8Array(8);
  new DataView(head.buffer).setUint16(0, linkType, true);
  return block(INTERFACE, [
    head,
    option(options.name, text(name)),
    option(options.description, text(description)),
    option(options.resolution, Uint8Array.of(NANOSECONDS)),
    NO_MORE,
  ]);
}

export function packetBlock(packet: CapturedPacket): Uint8Array {
  const { bytes, nanoseconds, direction, comment } = packet;
  const head = new Uint8Array(20);
  const view = new DataView(head.buffer);
  view.setUint32(0, packet.interface, true);
  view.setUint32(4, Number(nanoseconds >> 32n), true);
  view.setUint32(8, Number(nanoseconds & 0xffff_ffffn), true);
  view.setUint32(12, bytes.length, true);
  view.setUint32(16, bytes.length, true);
  const flags = new Uint8Array(4);
  new DataView(flags.buffer).setUint32(0, DIRECTIONS[direction], true);
  return block(ENHANCED_PACKET, [
    head,
    bytes,
    option(options.flags, flags),
    ...(comment === undefined ? [] : [option(options.comment, text(comment))]),
    NO_MORE,
  ]);
}
