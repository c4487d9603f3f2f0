/** Opens what a site file's `listen` names: one listener for each port or device, with all the meters behind it. */
import type { Clock } from "#clock/clock.ts";
import { carriers, type Opened } from "#fleet/protocols/carriers.ts";
import { faultRules } from "#fleet/protocols/listen-schema.ts";
import type { ListenEntry, Listening, Protocol, Station, Transport } from "#fleet/protocols/protocol.ts";
import { protocols, type ProtocolTable } from "#fleet/protocols/table.ts";
import { FaultPlan, FaultyLink } from "#io/faulty-link.ts";
import type { Link } from "#io/link.ts";
import { describe } from "#product/file-error.ts";

export interface OpenListener {
  /** What it does wrong on purpose; rules can be put in and taken out while it runs. */
  readonly faults: FaultPlan;
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
  const parsed = faultRules(protocol, transport).safeParse(body);
  if (!parsed.success) return parsed.error.issues.flatMap(describe);
  faults.set(parsed.data);
  return [];
}

/** A place that site files name, and who answers there. */
interface Group {
  readonly protocol: Protocol;
  readonly transport: Transport;
  readonly faults: FaultPlan;
  readonly stations: [Station, ...Station[]];
}

/** Opens everything, or nothing: when one cannot be opened the others are closed and the error is thrown. */
export async function openListeners(
  all: readonly Listening[],
  clock: Clock,
  folder: string,
  table: ProtocolTable = protocols,
): Promise<OpenListener[]> {
  const open: OpenListener[] = [];
  try {
    for (const group of groupsOf(all, table)) open.push(await openGroup(group, clock, folder));
  } catch (error) {
    await Promise.all(open.map((listener) => listener.close()));
    throw error;
  }
  return open;
}

function groupsOf(all: readonly Listening[], table: ProtocolTable): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const device of all) {
    for (const entry of device.listen) {
      const station = stationOf(device, entry);
      // Two that take any free port are two listeners.
      const place = entry.place ?? `any ${groups.size}`;
      const group = groups.get(place);
      if (group !== undefined) group.stations.push(station);
      const { faults } = group ?? { faults: new FaultPlan() };
      faults.add(entry.faults);
      if (group === undefined) groups.set(place, { ...rowOf(entry, table), faults, stations: [station] });
    }
  }
  return groups.values();
}

function stationOf(device: Listening, { keys, port, protocol }: ListenEntry): Station {
  const { answers } = device;
  return { device, port, keys, answers: answers === undefined ? undefined : () => answers(port, protocol) };
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
  for (const { device } of stations) {
    const own = device.room(name);
    if (own === undefined) return undefined;
    room += own;
  }
  return room;
}

/** While none of the meters behind a link answers, nothing is said on it, whatever a protocol had under way. */
function gated(link: Link, stations: readonly Station[]): Link {
  if (stations.some(({ answers }) => answers === undefined)) return link;
  const { peer, certificate } = link;
  return {
    peer,
    ...(certificate === undefined ? {} : { certificate }),
    send(bytes) {
      if (stations.some(({ answers }) => answers?.() === true)) link.send(bytes);
    },
    receive: (run) => link.receive(run),
    closed: (run) => link.closed(run),
    close: () => link.close(),
  };
}

async function openGroup(group: Group, clock: Clock, folder: string): Promise<OpenListener> {
  const { protocol, transport, faults, stations } = group;
  const [{ device, keys }] = stations;
  const carrier = carriers[transport.over];
  const server = protocol.serve({ transport, stations, clock });
  const place = { transport, line: device.line, room: roomOf(stations, protocol), folder };
  const opened = await carrier.open(keys, place, (link, baud) =>
    server.take(new FaultyLink(gated(link, stations), faults, clock, carrier.lasting), baud),
  );
  return {
    faults,
    what: `${protocol.name} ${transport.name} ${opened.what}`,
    protocol,
    transport,
    urls: stations.map((station) => ({ meter: station.device.name, url: urlOf(group, station, opened) })),
    close: () => opened.close(),
  };
}

function urlOf({ protocol, transport }: Group, { device, keys }: Station, { authority, query }: Opened): string {
  const own = protocol.url(transport, protocol.station?.(keys, device.line.address));
  const asked = [...query, ...own.query].join("&");
  return `${transport.scheme}://${authority}${own.path}${asked === "" ? "" : `?${asked}`}`;
}
