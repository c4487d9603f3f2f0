/** Opens what a site file's `listen` names: one listener for each port or device, with all the meters behind it. */
import type { Clock } from "#clock/clock.ts";
import { carriers, type Carriers, type Opened } from "#fleet/protocols/carriers.ts";
import { faultRules } from "#fleet/protocols/listen-schema.ts";
import type { ListenEntry, Listening, Protocol, Station, Transport } from "#fleet/protocols/protocol.ts";
import { protocols, type ProtocolTable } from "#fleet/protocols/table.ts";
import type { GroupCommit } from "./group-commit.ts";
import { gated } from "./output-gate.ts";
import { FaultPlan, FaultyLink } from "#io/faulty-link.ts";
import type { Link } from "#io/link.ts";
import { noPeers } from "#io/peer-counts.ts";
import { PeerLink } from "#io/peer-link.ts";
import { PeerRoom } from "#io/peer-room.ts";
import { Turns } from "#io/turns.ts";
import { checkedBy } from "#product/schema-problems.ts";
import { portNames } from "#product/port-names.ts";
import type { TrafficSink } from "#product/product.ts";

export interface OpenListener {
  /** What it does wrong on purpose; rules can be put in and taken out while it runs. */
  readonly faults: FaultPlan;
  /** What became of its peers: `taken`, `refused`, `putOut`, `handshakesFailed`, `unread`. */
  readonly counts: Readonly<Record<string, number>>;
  /** "modbus tcp 127.0.0.1:1502". */
  readonly what: string;
  readonly protocol: Protocol;
  readonly transport: Transport;
  /** How a reader names each meter behind it. */
  readonly urls: readonly { readonly meter: string; readonly url: string }[];
  close(): Promise<void>;
}

/** Puts the rules of a pushed document in place of those in force; what is wrong with it, when it is refused. */
export function changeFaults({ faults, protocol, transport }: OpenListener, body: unknown): readonly string[] {
  const { value, problems } = checkedBy(faultRules(protocol, transport), body, "the body");
  if (problems !== undefined) return problems;
  faults.set(value);
  return [];
}

/** A place that site files name, and who answers there. */
interface Group {
  /** Undefined where any that is free is taken. */
  readonly place: string | undefined;
  readonly protocol: Protocol;
  readonly transport: Transport;
  readonly faults: FaultPlan;
  readonly stations: [Station, ...Station[]];
}

/** Where listeners stand. */
export interface Surroundings {
  /** By which peers and lines go. */
  readonly clock: Clock;
  /** Of the site file. */
  readonly folder: string;
  readonly table?: ProtocolTable | undefined;
  readonly carriers?: Carriers | undefined;
  /** For what answers wait of meters that are ahead of their store; nothing waits without. */
  readonly commits?: GroupCommit | undefined;
}

/** Opens everything, or nothing: when one cannot be opened the others are closed and the error is thrown. */
export async function openListeners(
  all: readonly Listening[],
  { clock, folder, table = protocols, carriers: over = carriers, commits }: Surroundings,
): Promise<OpenListener[]> {
  const open: OpenListener[] = [];
  const setting: Setting = { clock, folder, rooms: new Rooms(), turns: new Turns(clock), over, commits };
  try {
    for (const group of groupsOf(all, table)) open.push(await openGroup(group, setting));
  } catch (error) {
    await Promise.all(open.map((listener) => listener.close()));
    throw error;
  }
  return open;
}

/** A listener that would be opened. */
export interface PlannedListener {
  /** "modbus tcp 127.0.0.1:1502". */
  readonly what: string;
  /** Who answers there: "feeder-1, unit 1". */
  readonly meters: readonly string[];
}

/** What would be opened; nothing is. Throws an Error when a meter does not speak what it is to, or two cannot be told apart. */
export function planListeners(
  all: readonly Listening[],
  { clock, table = protocols }: Pick<Surroundings, "clock" | "table">,
): readonly PlannedListener[] {
  return [...groupsOf(all, table)].map(({ place, protocol, transport, stations }) => {
    protocol.serve({ transport, stations, clock, misunderstood: () => {} });
    return {
      what: `${protocol.name} ${transport.name} ${place ?? "any port that is free"}`,
      meters: stations.map(({ device, keys, line }) => {
        const { word, number } = protocol.station?.(keys, line.address) ?? {};
        return word === undefined ? device.name : `${device.name}, ${word} ${number}`;
      }),
    };
  });
}

function groupsOf(all: readonly Listening[], table: ProtocolTable): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const device of all) {
    const ports = device.ports ?? portNames(device.listen);
    for (const [k, entry] of device.listen.entries()) {
      const station = { ...stationOf(device, entry, ports[k] ?? ""), key: `${device.key ?? device.name}.listen[${k}]` };
      // Two that take any free port are two listeners.
      const place = entry.place ?? `any ${groups.size}`;
      const group = groups.get(place);
      if (group !== undefined) group.stations.push(station);
      const { faults } = group ?? { faults: new FaultPlan() };
      faults.add(entry.faults);
      if (group === undefined)
        groups.set(place, { place: entry.place, ...rowOf(entry, table), faults, stations: [station] });
    }
  }
  return groups.values();
}

function stationOf(device: Listening, { keys, protocol }: ListenEntry, port: string): Station {
  const { answers } = device;
  return {
    device,
    port,
    keys,
    line: device.lineOn?.(port, protocol) ?? device.line,
    answers: answers === undefined ? undefined : () => answers(port, protocol),
  };
}

function rowOf(
  entry: ListenEntry,
  table: ProtocolTable,
): { readonly protocol: Protocol; readonly transport: Transport } {
  const protocol = table.find(({ name }) => name === entry.protocol);
  const transport = protocol?.transports.find(({ name }) => name === entry.transport);
  if (protocol === undefined || transport === undefined)
    throw new Error(`there is no ${entry.protocol} ${entry.transport}`);
  return { protocol, transport };
}

/** Meters behind one port have room for all of their peers together; undefined where one of them names no limit. */
function roomOf(stations: readonly Station[], { name }: Protocol): number | undefined {
  let room = 0;
  for (const { device, port } of stations) {
    const own = device.room(name, port);
    if (own === undefined) return undefined;
    room += own;
  }
  return room;
}

/** What listeners of one meter's port share. A place that meters share is none of one alone. */
class Rooms {
  readonly #rooms = new Map<string, PeerRoom>();

  of([{ device, port }, ...others]: Group["stations"], { name }: Protocol): readonly PeerRoom[] {
    if (others.length > 0) return [];
    const where = `${device.name} ${port}`;
    const [own, all] = [device.room(name, port), device.roomInAll?.(port)];
    return [
      ...(own === undefined ? [] : [this.#room(`${where} ${name}`, own)]),
      ...(all === undefined ? [] : [this.#room(where, all)]),
    ];
  }

  #room(where: string, most: number): PeerRoom {
    const room = this.#rooms.get(where) ?? new PeerRoom(most);
    this.#rooms.set(where, room);
    return room;
  }
}

/**
 * While none of the meters behind a link answers, nothing is said on it, whatever a protocol had under way. What comes on it is told
 * to those who want to know.
 */
function watched(link: Link, stations: readonly Station[], sinks: readonly TrafficSink[]): Link {
  const gated = stations.every(({ answers }) => answers !== undefined);
  if (!gated && sinks.length === 0) return link;
  const { peer, certificate } = link;
  return {
    peer,
    ...(certificate === undefined ? {} : { certificate }),
    get waiting() {
      return link.waiting;
    },
    send(bytes) {
      if (!gated || stations.some(({ answers }) => answers?.() === true)) link.send(bytes);
    },
    receive(run) {
      link.receive((bytes) => {
        for (const sink of sinks) sink.heard();
        run(bytes);
      });
    },
    pause: () => link.pause(),
    resume: () => link.resume(),
    closed: (run) => link.closed(run),
    close: () => link.close(),
  };
}

interface Setting {
  readonly clock: Clock;
  /** Of the site file. */
  readonly folder: string;
  readonly rooms: Rooms;
  /** Of all peers of the site. */
  readonly turns: Turns;
  readonly over: Carriers;
  readonly commits: GroupCommit | undefined;
}

async function openGroup(group: Group, { clock, folder, rooms, turns, over, commits }: Setting): Promise<OpenListener> {
  const { protocol, transport, faults, stations } = group;
  const [{ keys, line }] = stations;
  const carrier = over[transport.over];
  const sinks = stations.flatMap(({ device, port }) => device.traffic?.(port, protocol.name) ?? []);
  const tell = (what: keyof TrafficSink): void => sinks.forEach((sink) => sink[what]());
  const server = protocol.serve({ transport, stations, clock, misunderstood: () => tell("misunderstood") });
  const room = roomOf(stations, protocol);
  const stores = stations.flatMap(({ device: { ahead } }) => ahead ?? []);
  const isAhead = (): boolean => stores.some((ahead) => ahead());
  const counts = noPeers();
  const { lasting } = carrier;
  let closing = false;
  const accept = (link: Link, baud?: number): void => {
    // A line is there for as long as it is open, whoever may be on it; else a link is a peer.
    tell(lasting ? "opened" : "connected");
    link.closed(() => {
      if (!lasting) tell("left");
      else if (!closing) tell("failed");
    });
    const peer = new PeerLink(link, { turns, clock, counts, lasting });
    const heard = watched(peer, stations, sinks);
    const told = commits === undefined ? heard : gated(heard, { commits, isAhead, lasting });
    const tooMuch = (): void => (lasting ? void counts.unread++ : peer.dismiss());
    const faulty = new FaultyLink(told, faults, clock, tooMuch);
    peer.heed(faulty);
    server.take(faulty, baud);
  };
  const place = { transport, line, room, rooms: rooms.of(stations, protocol), folder, clock, counts };
  const opened = await carrier.open(keys, place, accept).catch((error: unknown) => {
    const names = [...new Set(stations.map(({ device }) => device.name))].join(", ");
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${stations[0].key}: ${names} ${why}`, { cause: error });
  });
  return {
    faults,
    counts,
    what: `${protocol.name} ${transport.name} ${opened.what}`,
    protocol,
    transport,
    urls: stations.map((station) => ({ meter: station.device.name, url: urlOf(group, station, opened) })),
    close() {
      closing = true;
      return opened.close();
    },
  };
}

function urlOf({ protocol, transport }: Group, { keys, line }: Station, { authority, query }: Opened): string {
  const own = protocol.url(transport, protocol.station?.(keys, line.address));
  const asked = [...query, ...own.query].join("&");
  return `${transport.scheme}://${authority}${own.path}${asked === "" ? "" : `?${asked}`}`;
}
