/** What carries protocols: TCP, TLS, UDP, Ethernet, a serial line, an optical head. The keys of each in a site file, and how a listener on it is opened. */
import { identityProblems } from "#io/certificate.ts";
import { fileMark } from "#io/draft.ts";
import { readText, resolvePath } from "#io/file.ts";
import type { Link } from "#io/link.ts";
import { withoutOwnEcho } from "#io/own-echo.ts";
import type { PeerRoom } from "#io/peer-room.ts";
import { listenTcp } from "#io/tcp.ts";
import { tlsVersions, type TlsIdentity } from "#io/tls-identity.ts";
import { listenUdp } from "#io/udp-listener.ts";
import { z } from "zod";
import type { Carrier, Opened, Place } from "./carrier.ts";
import { ethernet } from "./ethernet-carrier.ts";
import { optical, serial } from "./line-carriers.ts";
import type { DatagramTransport, NetTransport, Transport } from "./protocol.ts";

export const host = z.string().default("127.0.0.1").describe("address to listen on; loopback unless said");
export const port = z.number().int().min(0).max(65_535);

/** Over UDP nobody hangs up: who is silent for so long is gone, seconds (the inactivity time-out of HDLC). */
const UDP_IDLE = 120;

function netKeys(transport: NetTransport | DatagramTransport) {
  const { over, port: usual, peers } = transport;
  const silence = over === "udp" ? (transport.idle ?? UDP_IDLE) : 3600;
  return {
    port: port.default(usual),
    host,
    maxConnections: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe(
        `peers at once that have been answered, one more is refused; what the meters behind it have room for, or ${peers}, unless said`,
      ),
    idle: z.number().positive().default(silence).describe("seconds without a request after which a peer is let go"),
  };
}

const groups = z.array(z.ipv4()).max(32).default([]).describe("multicast groups that it listens to, like 239.0.0.1");

function udpKeys(transport: DatagramTransport) {
  return { ...netKeys(transport), ...(transport.groups === undefined ? {} : { groups }) };
}

const pem = z.string().min(1);

function tlsKeys(transport: NetTransport) {
  return {
    ...netKeys(transport),
    certificate: pem.describe("PEM file of the listener's certificate"),
    key: pem.describe("PEM file of its private key"),
    authority: pem.describe("PEM file of the certificate that signs those of the peers"),
    newest: z
      .enum(tlsVersions)
      .default(transport.newestTls ?? "1.3")
      .describe("the newest version of TLS that is spoken; none before 1.2 is"),
  };
}

type Keys<Shape extends (transport: NetTransport) => z.ZodRawShape> = z.output<z.ZodObject<ReturnType<Shape>>>;
type NetKeys = Keys<typeof netKeys>;
type TlsKeys = Keys<typeof tlsKeys>;

/** An IPv6 address stands in brackets before a port. */
function placeOf(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** A listener that says how many it takes has its own room for them. */
function roomFor(most: number | undefined, { transport, room, rooms }: Pick<Place, "transport" | "room" | "rooms">) {
  const peers = "peers" in transport ? transport.peers : 1;
  return most === undefined
    ? { maxConnections: room ?? peers, rooms }
    : { maxConnections: most, rooms: [] as readonly PeerRoom[] };
}

async function openNet(
  { port, host, idle, maxConnections }: NetKeys,
  { transport, room, rooms, clock, counts, refused }: Place,
  accept: (link: Link) => void,
  tls?: TlsIdentity,
): Promise<Opened> {
  const logIns = "logIns" in transport ? transport.logIns : undefined;
  const greets = "greets" in transport ? transport.greets : undefined;
  const secured = tls === undefined ? {} : { tls };
  const options = {
    host,
    port,
    ...roomFor(maxConnections, { transport, room, rooms }),
    idleMs: 1000 * idle,
    logIns,
    greets,
    clock,
    counts,
    refused,
    ...secured,
  };
  const behind = "baud" in transport ? transport.baud : undefined;
  const listener = await listenTcp(options, (link) =>
    accept(behind === undefined ? link : withoutOwnEcho(link, clock, { baud: behind, likely: false })),
  );
  const place = placeOf(host, listener.port);
  return { what: place, authority: place, query: [], close: () => listener.close() };
}

const tcp: Carrier<NetKeys, NetTransport> = {
  port: "ethernet",
  lasting: false,
  keys: netKeys,
  place: ({ host, port }) => (port === 0 ? undefined : placeOf(host, port)),
  open: (keys, place, accept) => openNet(keys, place, accept),
};

const tls: Carrier<TlsKeys, NetTransport> = {
  ...tcp,
  keys: tlsKeys,
  problems({ certificate, key, authority }, folder) {
    const at = (file: string): string => resolvePath(folder, file);
    return identityProblems({ certificate: at(certificate), key: at(key), authority: at(authority) });
  },
  marks: ({ certificate, key, authority }, folder) =>
    [certificate, key, authority].map((file) => fileMark(resolvePath(folder, file))),
  open(keys, place, accept) {
    const text = (file: string): string => readText(resolvePath(place.folder, file));
    const { newest } = keys;
    const identity = {
      certificate: text(keys.certificate),
      key: text(keys.key),
      authority: text(keys.authority),
      newest,
    };
    return openNet(keys, place, accept, identity);
  },
};

const udp: Carrier<NetKeys & { readonly groups?: readonly string[] }, DatagramTransport> = {
  port: "ethernet",
  lasting: false,
  keys: udpKeys,
  place: ({ host, port }) => (port === 0 ? undefined : `${placeOf(host, port)}/udp`),
  async open({ port, host, idle, maxConnections, groups }, { transport, room, rooms, clock, counts }, accept) {
    const { maxConnections: maxPeers, rooms: shared } = roomFor(maxConnections, { transport, room, rooms });
    const options = { host, port, maxPeers, rooms: shared, idleMs: 1000 * idle, groups, clock, counts };
    const listener = await listenUdp(options, (link) => accept(link));
    const place = placeOf(host, listener.port);
    return { what: place, authority: place, query: [], close: () => listener.close() };
  },
};

export type Carriers = Readonly<Record<Transport["over"], Carrier>>;

export const carriers: Carriers = { tcp, tls, udp, ethernet, serial, optical };
