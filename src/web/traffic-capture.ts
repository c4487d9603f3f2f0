/**
 * What has passed as a capture that Wireshark and tshark read: around what went over TCP and UDP packets are made, with the sequence numbers
 * that it had; frames of Ethernet are as they are; what went over a line has the name of its protocol before it.
 */
import type { Passed, TrafficConnection } from "#fleet/traffic.ts";
import { addressBytes, tcpFlags, tcpPacket, udpPacket, type Endpoint, type Way } from "#format/ip-packets.ts";
import { interfaceBlock, linkTypes, packetBlock, sectionBlock, type CapturedPacket } from "#format/pcapng.ts";
import { Cutter, framingOf } from "#headend/decode/cutter.ts";
import { limits } from "#quantity/limits.ts";

/** Ports by which Wireshark knows what goes over them: a listener on another one has this here, and says which it has. */
const ports: Readonly<Record<string, number>> = {
  "modbus tcp": 502,
  "modbus tls": 502,
  "dnp3 tcp": 20_000,
  "dnp3 tls": 20_000,
  "dnp3 udp": 20_000,
  "mms tcp": 102,
  "mms tls": 102,
  "dlms tcp": 4059,
  "dlms udp": 4059,
  "snmp udp": 161,
  "sntp udp": 123,
};

/** What Wireshark calls the protocols that go over lines. */
const dissectors: Readonly<Record<string, string>> = { modbus: "mbrtu", dnp3: "dnp3.udp" };
/** Of a message with its name before it (Wireshark's exported_pdu_tlvs.h). */
const tags = { end: 0, dissector: 12, portType: 24, sourcePort: 25, destinationPort: 26 } as const;
const UDP_PORTS = 3;
/** Where a line's protocol says by its ports who asks. */
const LINE_PORTS: Readonly<Record<string, number>> = { modbus: 502, dnp3: 20_000 };
const MASTER_PORT = 50_000;

/** What goes into one packet of TCP. */
const SEGMENT = 1460;
const WORD = 2 ** 32;
const NOTHING = new Uint8Array(0);

type Packet = Omit<CapturedPacket, "interface" | "nanoseconds">;

function isLine({ place: { over } }: TrafficConnection): boolean {
  return over === "serial" || over === "optical";
}

function linkTypeOf(connection: TrafficConnection): number {
  if (connection.place.over === "ethernet") return linkTypes.ethernet;
  return isLine(connection) ? linkTypes.namedMessage : linkTypes.ip;
}

/** "127.0.0.1:1502" or "[::1]:1502". */
function endpointOf(text: string): Endpoint | undefined {
  const [, address = "", port] = /^(.*):(\d{1,5})$/.exec(text) ?? [];
  const bytes = addressBytes(address.replaceAll(/[[\]]/g, ""));
  return bytes === undefined ? undefined : { address: bytes, port: Number(port) };
}

/** How messages of a connection go to the meter; undefined where nobody knows from where they come. */
class Stream {
  readonly linkType: number;
  readonly interface: number;
  readonly connection: TrafficConnection;
  readonly way: Way | undefined;
  readonly #cutters: Readonly<Record<"heard" | "said", Cutter>> | undefined;

  constructor(connection: TrafficConnection, number: number, taken: Set<string>) {
    this.connection = connection;
    this.interface = number;
    this.linkType = linkTypeOf(connection);
    const framing = framingOf(connection.place);
    const cutter = (): Cutter => new Cutter(framing, limits.traffic.assembled);
    this.#cutters = isLine(connection) ? { heard: cutter(), said: cutter() } : undefined;
    this.way = this.linkType === linkTypes.ip ? wayOf(connection, taken) : undefined;
  }

  packets({ kind, bytes, heardBefore, saidBefore, ending }: Passed): readonly Packet[] {
    const isPeers = kind === "heard" || kind === "came" || ending === "peer" || ending === "reset";
    const direction = isPeers ? "in" : "out";
    if (this.linkType === linkTypes.ethernet) return bytes.length === 0 ? [] : [{ bytes, direction }];
    if (this.#cutters !== undefined) return kind === "heard" || kind === "said" ? this.#named(kind, bytes) : [];
    const { way } = this;
    if (way === undefined) return [];
    if (this.connection.place.over === "udp")
      return bytes.length === 0 ? [] : [{ bytes: udpPacket(kind === "heard" ? way : back(way), bytes), direction }];
    // What the numbers begin with is one more than that of who comes.
    const [ours, theirs] = [(saidBefore + 1) % WORD, (heardBefore + 1) % WORD];
    if (kind === "came") return handshake(way);
    if (kind === "went") {
      const flags = (ending === "reset" ? tcpFlags.reset : tcpFlags.fin) | tcpFlags.ack;
      return isPeers
        ? [segment(way, { sequence: theirs, acknowledged: ours, flags, data: NOTHING }, direction)]
        : [segment(back(way), { sequence: ours, acknowledged: theirs, flags, data: NOTHING }, direction)];
    }
    const packets: Packet[] = [];
    for (let at = 0; at < bytes.length; at += SEGMENT) {
      const data = bytes.subarray(at, at + SEGMENT);
      const flags = tcpFlags.ack | (at + SEGMENT >= bytes.length ? tcpFlags.push : 0);
      packets.push(
        kind === "heard"
          ? segment(way, { sequence: (theirs + at) % WORD, acknowledged: ours, flags, data }, "in")
          : segment(back(way), { sequence: (ours + at) % WORD, acknowledged: theirs, flags, data }),
      );
    }
    return packets;
  }

  /** Messages of a line, each with the name of its protocol. */
  #named(kind: "heard" | "said", bytes: Uint8Array): readonly Packet[] {
    const { protocol } = this.connection.place;
    // On a line one speaks at a time: what is not whole when the other begins never will be.
    const before = this.#cutters?.[kind === "heard" ? "said" : "heard"].flush() ?? [];
    const pieces = this.#cutters?.[kind].push(bytes) ?? [];
    const wrap =
      (direction: "in" | "out") =>
      ({ bytes: piece }: { readonly bytes: Uint8Array }): Packet => ({
        bytes: named(protocol, direction, piece),
        direction,
      });
    const [now, other] = kind === "heard" ? (["in", "out"] as const) : (["out", "in"] as const);
    return [...before.map(wrap(other)), ...pieces.map(wrap(now))];
  }
}

function back({ from, to }: Way): Way {
  return { from: to, to: from };
}

function segment(
  way: Way,
  said: { readonly sequence: number; readonly acknowledged: number; readonly flags: number; readonly data: Uint8Array },
  direction: "in" | "out" = "out",
): Packet {
  return { bytes: tcpPacket({ ...way, ...said }), direction };
}

function handshake(way: Way): readonly Packet[] {
  const { syn, ack } = tcpFlags;
  return [
    segment(way, { sequence: 0, acknowledged: 0, flags: syn, data: NOTHING }, "in"),
    segment(back(way), { sequence: 0, acknowledged: 1, flags: syn | ack, data: NOTHING }),
    segment(way, { sequence: 1, acknowledged: 1, flags: ack, data: NOTHING }, "in"),
  ];
}

/** The port that Wireshark knows, unless two connections could not be told apart by it. */
function wayOf({ place, peer, local }: TrafficConnection, taken: Set<string>): Way | undefined {
  const from = endpointOf(peer);
  const own = endpointOf(/\S+$/.exec(place.what)?.[0] ?? "");
  if (from === undefined || own === undefined) return undefined;
  const given = local === undefined ? own.address : (addressBytes(local) ?? own.address);
  // Both ends are of one kind.
  const address = given.length === from.address.length ? given : from.address;
  const key = `${peer} ${place.protocol} ${place.transport}`;
  const known = taken.has(key) ? undefined : ports[`${place.protocol} ${place.transport}`];
  taken.add(key);
  return { from, to: { address, port: known ?? own.port } };
}

function tag(code: number, value: Uint8Array): readonly number[] {
  return [code >> 8, code & 0xff, value.length >> 8, value.length & 0xff, ...value];
}

function number32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function named(protocol: string, direction: "in" | "out", message: Uint8Array): Uint8Array {
  const name = new TextEncoder().encode(dissectors[protocol] ?? "data");
  const padded = new Uint8Array((name.length + 3) & ~3);
  padded.set(name);
  const port = LINE_PORTS[protocol] ?? 0;
  const [source, destination] = direction === "in" ? [MASTER_PORT, port] : [port, MASTER_PORT];
  const head = [
    ...tag(tags.dissector, padded),
    ...tag(tags.portType, number32(UDP_PORTS)),
    ...tag(tags.sourcePort, number32(source)),
    ...tag(tags.destinationPort, number32(destination)),
    ...tag(tags.end, NOTHING),
  ];
  const bytes = new Uint8Array(head.length + message.length);
  bytes.set(head);
  bytes.set(message, head.length);
  return bytes;
}

/** Blocks of a file, in order. */
export function* capture(
  all: Iterable<Passed>,
  isWanted: (connection: TrafficConnection) => boolean,
): Generator<Uint8Array> {
  yield sectionBlock("Polyphase");
  const streams = new Map<TrafficConnection, Stream>();
  const interfaces = new Map<string, number>();
  const taken = new Set<string>();
  for (const passed of all) {
    const { connection, utc } = passed;
    if (!isWanted(connection)) continue;
    let stream = streams.get(connection);
    if (stream === undefined) {
      const { what } = connection.place;
      const place = interfaces.get(what) ?? interfaces.size;
      stream = new Stream(connection, place, taken);
      streams.set(connection, stream);
      if (!interfaces.has(what)) {
        interfaces.set(what, place);
        yield interfaceBlock({ linkType: stream.linkType, name: what, description: describedBy(stream) });
      }
    }
    const nanoseconds = BigInt(Math.floor(utc)) * 1_000_000n + BigInt(Math.floor((utc % 1) * 1e6));
    for (const packet of stream.packets(passed))
      yield packetBlock({ ...packet, interface: stream.interface, nanoseconds });
  }
}

function describedBy({ connection: { place }, way }: Stream): string {
  const meters = place.meters.join(", ");
  if (place.over === "tls") return `${meters}; it went over TLS, and is what was inside; port ${way?.to.port} here`;
  return way === undefined ? meters : `${meters}; port ${way.to.port} here, so that it is known for what it is`;
}
