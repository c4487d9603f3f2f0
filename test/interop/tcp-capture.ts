/** Octets of links as a capture of TCP that programs read which look into packets: no network has to be listened to. */

export interface Passed {
  readonly fromClient: boolean;
  readonly bytes: Uint8Array;
}

const RAW_IPV4 = 101;
/** Octets of one segment: all fit into an IPv4 packet. */
const SEGMENT = 30_000;

const SYN = 0x02;
const ACK = 0x10;
const PUSH = 0x18;
const FIN = 0x11;

/** Links of clients from port 40000 on to a server's port, one after the other, a millisecond between packets. */
export function tcpCapture(links: readonly (readonly Passed[])[], port: number): Uint8Array {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(RAW_IPV4, 20);
  const packets: Buffer[] = [head];
  for (const [k, passed] of links.entries()) {
    const sent = { client: 1000, server: 5000 };
    const packet = (fromClient: boolean, flags: number, bytes: Uint8Array): void => {
      const [from, to] = fromClient ? (["client", "server"] as const) : (["server", "client"] as const);
      const ports = fromClient ? [40_000 + k, port] : [port, 40_000 + k];
      packets.push(
        packetOf(packets.length, { fromClient, flags, ports, sequence: sent[from], acknowledged: sent[to] }, bytes),
      );
      sent[from] += bytes.length + (flags === PUSH || flags === ACK ? 0 : 1);
    };
    const nothing = new Uint8Array(0);
    packet(true, SYN, nothing);
    packet(false, SYN | ACK, nothing);
    packet(true, ACK, nothing);
    for (const { fromClient, bytes } of passed)
      for (let at = 0; at < bytes.length; at += SEGMENT) packet(fromClient, PUSH, bytes.subarray(at, at + SEGMENT));
    packet(true, FIN, nothing);
    packet(false, FIN, nothing);
    packet(true, ACK, nothing);
  }
  return Buffer.concat(packets);
}

interface Header {
  readonly fromClient: boolean;
  readonly flags: number;
  readonly ports: readonly number[];
  readonly sequence: number;
  readonly acknowledged: number;
}

function packetOf(
  number: number,
  { fromClient, flags, ports, sequence, acknowledged }: Header,
  bytes: Uint8Array,
): Buffer {
  const size = 40 + bytes.length;
  const packet = Buffer.alloc(16 + 40);
  packet.writeUInt32LE(1 + Math.floor(number / 1000), 0);
  packet.writeUInt32LE((number % 1000) * 1000, 4);
  packet.writeUInt32LE(size, 8);
  packet.writeUInt32LE(size, 12);
  // IPv4 and TCP without options.
  packet.writeUInt16BE(0x4500, 16);
  packet.writeUInt16BE(size, 18);
  packet.writeUInt16BE(0x4006, 24);
  const [client, server] = [
    [192, 0, 2, 1],
    [192, 0, 2, 2],
  ];
  packet.set(fromClient ? [...client, ...server] : [...server, ...client], 28);
  packet.writeUInt16BE(ports[0] ?? 0, 36);
  packet.writeUInt16BE(ports[1] ?? 0, 38);
  packet.writeUInt32BE(sequence, 40);
  packet.writeUInt32BE(flags === SYN ? 0 : acknowledged, 44);
  packet.writeUInt8(0x50, 48);
  packet.writeUInt8(flags, 49);
  packet.writeUInt16BE(65_535, 50);
  return Buffer.concat([packet, bytes]);
}
