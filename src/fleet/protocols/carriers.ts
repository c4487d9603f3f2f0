/** What carries protocols: TCP, TLS, UDP, a serial line, an optical head. The keys of each in a site file, and how a listener on it is opened. */
import type { Cancel, Clock } from "#clock/clock.ts";
import { identityProblems } from "#io/certificate.ts";
import { fileMark } from "#io/draft.ts";
import { readText, resolvePath } from "#io/file.ts";
import type { Link } from "#io/link.ts";
import { withoutOwnEcho } from "#io/own-echo.ts";
import type { PeerCounts } from "#io/peer-counts.ts";
import type { PeerRoom } from "#io/peer-room.ts";
import { openSerial, type Parity, type SerialLink, type SerialOptions } from "#io/serial.ts";
import { listenTcp, type TlsIdentity } from "#io/tcp.ts";
import { listenUdp } from "#io/udp-listener.ts";
import type { LineSettings, PortUse } from "#product/product.ts";
import { z } from "zod";
import type { DatagramTransport, Line, NetTransport, SerialTransport, Transport } from "./protocol.ts";

/** What the meters behind a place say of it. */
export interface Place {
  readonly transport: Transport;
  readonly line: LineSettings;
  /** Peers that they have room for together; undefined where one of them names no limit. */
  readonly room: number | undefined;
  /** What peers take a place in besides: room that the meter's other listeners share. */
  readonly rooms: readonly PeerRoom[];
  /** Folder of the site file. */
  readonly folder: string;
  readonly clock: Clock;
  readonly counts: PeerCounts;
}

export interface Opened {
  /** "127.0.0.1:1502". */
  readonly what: string;
  /** In a URL: what stands behind the scheme, and among its questions. */
  readonly authority: string;
  readonly query: readonly string[];
  close(): Promise<void>;
}

export interface Carrier<Keys = unknown, Way extends Transport = Transport> {
  readonly port: PortUse["port"];
  /** A link of it that has been closed cannot be opened by a peer again. */
  readonly lasting: boolean;
  keys(transport: Way): z.ZodRawShape;
  /** The files that the keys name, as they are now: with others a place is opened anew. */
  marks?(keys: Keys, folder: string): readonly (string | undefined)[];
  /** Who names the same place shares it; undefined takes any that is free. */
  place(keys: Keys): string | undefined;
  /** What is wrong with the files that the keys name, "key: what was expected"; found before anything is opened. */
  problems?(keys: Keys, folder: string): readonly string[];
  /** Rejects with a message that names what cannot be had; `line` is there where it is a serial one. */
  open(keys: Keys, place: Place, accept: (link: Link, line?: Line) => void): Promise<Opened>;
}

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

const pem = z.string().min(1);

function tlsKeys(transport: NetTransport) {
  return {
    ...netKeys(transport),
    certificate: pem.describe("PEM file of the listener's certificate"),
    key: pem.describe("PEM file of its private key"),
    authority: pem.describe("PEM file of the certificate that signs those of the peers"),
  };
}

function serialKeys() {
  return {
    device: z.string().describe("like /dev/ttyUSB0"),
    baud: z.number().int().positive().optional().describe("the meter's own baud rate unless said"),
    parity: z.enum(["none", "even", "odd"]).optional().describe("the meter's own parity unless said"),
  };
}

function opticalKeys() {
  return {
    device: z.string().describe("of the optical head, like /dev/ttyUSB0"),
    baud: z
      .number()
      .int()
      .positive()
      .optional()
      .describe("how fast it goes on after the sign-on; the meter's own baud rate unless said"),
  };
}

type Keys<Shape extends (transport: NetTransport) => z.ZodRawShape> = z.output<z.ZodObject<ReturnType<Shape>>>;
type NetKeys = Keys<typeof netKeys>;
type TlsKeys = Keys<typeof tlsKeys>;
type SerialKeys = Keys<typeof serialKeys>;
type OpticalKeys = Keys<typeof opticalKeys>;

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
  { transport, room, rooms, clock, counts }: Place,
  accept: (link: Link) => void,
  tls?: TlsIdentity,
): Promise<Opened> {
  const logIns = "logIns" in transport ? transport.logIns : undefined;
  const secured = tls === undefined ? {} : { tls };
  const options = {
    host,
    port,
    ...roomFor(maxConnections, { transport, room, rooms }),
    idleMs: 1000 * idle,
    logIns,
    clock,
    counts,
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
    const identity = { certificate: text(keys.certificate), key: text(keys.key), authority: text(keys.authority) };
    return openNet(keys, place, accept, identity);
  },
};

const parities: readonly Parity[] = ["none", "even", "odd"];

const udp: Carrier<NetKeys, DatagramTransport> = {
  port: "ethernet",
  lasting: false,
  keys: netKeys,
  place: ({ host, port }) => (port === 0 ? undefined : `${placeOf(host, port)}/udp`),
  async open({ port, host, idle, maxConnections }, { transport, room, rooms, clock, counts }, accept) {
    const { maxConnections: maxPeers, rooms: shared } = roomFor(maxConnections, { transport, room, rooms });
    const options = { host, port, maxPeers, rooms: shared, idleMs: 1000 * idle, clock, counts };
    const listener = await listenUdp(options, (link) => accept(link));
    const place = placeOf(host, listener.port);
    return { what: place, authority: place, query: [], close: () => listener.close() };
  },
};

/** After so long a line that is gone is tried again. */
const RETRY_MS = 2000;

/** Keeps a device open until it is closed. An adapter that was pulled out comes back when somebody puts it in again. */
async function keptOpen(
  options: SerialOptions,
  { clock, counts }: Place,
  accept: (link: SerialLink) => void,
): Promise<() => Promise<void>> {
  let open: Link | undefined;
  let closing = false;
  let again: Cancel = () => {};
  const take = (link: SerialLink): void => {
    if (closing) return link.close();
    open = link;
    counts.taken++;
    link.closed(() => {
      open = undefined;
      if (!closing) retry();
    });
    accept(link);
  };
  const retry = (): void => {
    again = clock.after(RETRY_MS, () => void openSerial(options).then(take, retry));
  };
  take(await openSerial(options));
  return async () => {
    closing = true;
    again();
    open?.close();
  };
}

const serial: Carrier<SerialKeys> = {
  port: "serial",
  lasting: true,
  keys: serialKeys,
  place: ({ device }) => device,
  async open({ device, ...given }, place, accept) {
    const { baud = place.line.baud, parity = parities[place.line.parity] ?? "none" } = given;
    const close = await keptOpen({ device, baud, parity }, place, (link) =>
      accept(withoutOwnEcho(link, place.clock, { baud, likely: true }), { baud }),
    );
    return {
      what: `${device}, ${baud} baud, parity ${parity}`,
      authority: device,
      query: [`baud=${baud}`, `parity=${parity}`],
      close,
    };
  },
};

/**
 * An optical head. Its line has eight bits without parity from the beginning: seven with parity are the same to a UART, and its protocol
 * makes them, as it sets the speed.
 */
const optical: Carrier<OpticalKeys, SerialTransport> = {
  port: "optical",
  lasting: true,
  keys: opticalKeys,
  place: ({ device }) => device,
  async open({ device, ...given }, place, accept) {
    const { baud = place.line.baud } = given;
    const close = await keptOpen({ device, baud, parity: "none" }, place, (link) =>
      accept(link, { baud, pace: link.pace }),
    );
    return { what: `${device}, ${baud} baud`, authority: device, query: [`baud=${baud}`], close };
  },
};

export type Carriers = Readonly<Record<Transport["over"], Carrier>>;

export const carriers: Carriers = { tcp, tls, udp, serial, optical };
