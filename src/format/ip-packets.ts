/** Packets of IPv4 and IPv6 around bytes of TCP and UDP (RFC 791, RFC 8200, RFC 9293, RFC 768), with their checksums. */

export interface Endpoint {
  /** 4 bytes, or 16. */
  readonly address: Uint8Array;
  readonly port: number;
}

export interface Way {
  readonly from: Endpoint;
  readonly to: Endpoint;
}

export interface Segment extends Way {
  readonly sequence: number;
  readonly acknowledged: number;
  readonly flags: number;
  readonly data: Uint8Array;
}

export const tcpFlags = { fin: 0x01, syn: 0x02, reset: 0x04, push: 0x08, ack: 0x10 } as const;

const TCP = 6;
const UDP = 17;
const TCP_HEADER = 20;
const UDP_HEADER = 8;
const HOPS = 64;
/** Window that is told: it stops nobody. */
const WINDOW = 0xffff;

/** "192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1" as its bytes; undefined of what is none. */
export function addressBytes(text: string): Uint8Array | undefined {
  const plain = text.replace(/%.*$/, "");
  const v4 = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/i.exec(plain);
  if (v4 !== null) {
    const octets = v4.slice(1).map(Number);
    return octets.every((octet) => octet <= 255) ? Uint8Array.from(octets) : undefined;
  }
  const [head = "", tail, more] = plain.split("::");
  if (!/^[0-9a-f:]*$/i.test(plain) || !plain.includes(":") || more !== undefined) return undefined;
  const words = (part: string): number[] => (part === "" ? [] : part.split(":").map((one) => Number.parseInt(one, 16)));
  const [first, last] = [words(head), words(tail ?? "")];
  const gap = 8 - first.length - last.length;
  if (tail === undefined ? gap !== 0 : gap < 1) return undefined;
  const all = [...first, ...Array.from({ length: gap }, () => 0), ...last];
  if (all.some((word) => !(word >= 0 && word <= 0xffff))) return undefined;
  return Uint8Array.from(all.flatMap((word) => [word >> 8, word & 0xff]));
}

/** The sum of words in ones' complement (RFC 1071). */
function sumOf(bytes: Uint8Array, initial = 0): number {
  let sum = initial;
  for (let k = 0; k < bytes.length; k += 2) sum += ((bytes[k] ?? 0) << 8) + (bytes[k + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

function checked(payload: Uint8Array, { from, to }: Way, protocol: number): number {
  const pseudo = sumOf(to.address, sumOf(from.address, protocol + payload.length));
  return ~sumOf(payload, pseudo) & 0xffff;
}

function packet({ from, to }: Way, protocol: number, payload: Uint8Array): Uint8Array {
  const isV6 = from.address.length === 16;
  const header = isV6 ? 40 : 20;
  const bytes = new Uint8Array(header + payload.length);
  const view = new DataView(bytes.buffer);
  if (isV6) {
    view.setUint32(0, 0x6000_0000);
    view.setUint16(4, payload.length);
    bytes[6] = protocol;
    bytes[7] = HOPS;
    bytes.set(from.address, 8);
    bytes.set(to.address, 24);
  } else {
    bytes[0] = 0x45;
    view.setUint16(2, bytes.length);
    // Nobody is to cut it.
    view.setUint16(6, 0x4000);
    bytes[8] = HOPS;
    bytes[9] = protocol;
    bytes.set(from.address, 12);
    bytes.set(to.address, 16);
    view.setUint16(10, ~sumOf(bytes.subarray(0, header)) & 0xffff);
  }
  bytes.set(payload, header);
  return bytes;
}

/** Both ends have addresses of one kind. */
export function tcpPacket({ sequence, acknowledged, flags, data, ...way }: Segment): Uint8Array {
  const bytes = new Uint8Array(TCP_HEADER + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, way.from.port);
  view.setUint16(2, way.to.port);
  view.setUint32(4, sequence);
  view.setUint32(8, acknowledged);
  bytes[12] = (TCP_HEADER / 4) << 4;
  bytes[13] = flags;
  view.setUint16(14, WINDOW);
  bytes.set(data, TCP_HEADER);
  view.setUint16(16, checked(bytes, way, TCP));
  return packet(way, TCP, bytes);
}

export function udpPacket(way: Way, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(UDP_HEADER + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, way.from.port);
  view.setUint16(2, way.to.port);
  view.setUint16(4, bytes.length);
  bytes.set(data, UDP_HEADER);
  // Zero would say that there is none.
  view.setUint16(6, checked(bytes, way, UDP) || 0xffff);
  return packet(way, UDP, bytes);
}
