/** Opens what a site file's `listen` names: one listener for each port or device, with all the units behind it. */
import type { Clock } from "#clock/clock.ts";
import { openSerial, type Parity } from "#io/serial.ts";
import { readText, resolvePath } from "#io/file.ts";
import { listenTcp, type TlsIdentity } from "#io/tcp.ts";
import type { Link } from "#io/link.ts";
import { roleOf, unitsFor } from "#protocol/modbus/roles.ts";
import { serveModbusRtu } from "#protocol/modbus/rtu-server.ts";
import { serveModbusTcp } from "#protocol/modbus/tcp-server.ts";
import { lineUnits, tcpUnits, type ModbusUnit, type Units } from "#protocol/modbus/unit.ts";
import type { Exception } from "#protocol/modbus/pdu.ts";
import { FaultPlan, FaultyLink, type Fault, type FaultRule } from "#protocol/modbus/faults.ts";
import { describe } from "#product/file-error.ts";
import { faultRules, type FaultEntry, type ListenEntry } from "./site-schema.ts";

/** A rule of a site file as a listener takes it. */
function faultRule(entry: FaultEntry): FaultRule {
  const { unit, function: code, addresses, count, every, times } = entry;
  return { fault: faultOf(entry), unit, function: code, addresses, count, every, times };
}

/** Puts the rules of a pushed document in place of those in force; what is wrong with it, when it is refused. */
export function changeFaults({ faults }: OpenListener, body: unknown): readonly string[] {
  const parsed = faultRules.safeParse(body);
  if (!parsed.success) return parsed.error.issues.flatMap(describe);
  faults.set(parsed.data.map(faultRule));
  return [];
}

function faultOf(entry: FaultEntry): Fault {
  if (entry.delay !== undefined) return { kind: "delay", ms: entry.delay };
  if (entry.exception !== undefined) return { kind: "exception", code: entry.exception as Exception };
  if (entry.truncate !== undefined) return { kind: "truncate", bytes: entry.truncate };
  if (entry.registers !== undefined) return { kind: "registers", count: entry.registers };
  if (entry.trickle !== undefined) return { kind: "trickle", ms: entry.trickle };
  if (entry.transaction !== undefined) return { kind: "transaction" };
  return entry.crc === undefined ? { kind: "drop" } : { kind: "crc" };
}

export interface OpenListener {
  /** What it does wrong on purpose; rules can be put in and taken out while it runs. */
  readonly faults: FaultPlan;
  /** "modbus tcp 127.0.0.1:1502". */
  readonly what: string;
  /** How a reader names each meter behind it. */
  readonly urls: readonly { readonly meter: string; readonly url: string }[];
  close(): Promise<void>;
}

interface Group {
  readonly entry: ListenEntry;
  readonly faults: FaultPlan;
  readonly units: Map<number, ModbusUnit>;
  frameTimeoutMs: (() => number) | undefined;
  readonly meters: { readonly name: string; readonly unit: number; readonly connections: number | undefined }[];
}

/** One thing that answers: a meter with its registers, or a plain device. */
export interface Listening {
  readonly name: string;
  readonly unit: ModbusUnit;
  /** What answers on Ethernet, where that is another. */
  readonly ethernet?: ModbusUnit | undefined;
  /** How long a serial frame may take, where that is the meter's own to say. */
  readonly frameTimeoutMs?: (() => number) | undefined;
  /** The registers of another model on the same meter; undefined where there is no such thing. */
  readonly wearing: (face: string) => ModbusUnit | undefined;
  readonly listen: readonly ListenEntry[];
  /** Peers that it has room for on one port; undefined where its manual names no limit. */
  readonly connections?: number | undefined;
  /** What a listener takes from the meter's own settings unless the file says it. */
  readonly settings: { readonly address: number; readonly baud: number; readonly parity: number };
}

/** Opens everything, or nothing: when one cannot be opened the others are closed and the error is thrown. */
export async function openListeners(all: readonly Listening[], clock: Clock, folder: string): Promise<OpenListener[]> {
  const open: OpenListener[] = [];
  try {
    for (const group of groupsOf(all)) open.push(await openGroup(group, clock, folder));
  } catch (error) {
    await Promise.all(open.map((listener) => listener.close()));
    throw error;
  }
  return open;
}

function groupsOf(all: readonly Listening[]): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const { name, unit: own, ethernet = own, wearing, listen, settings, connections, frameTimeoutMs } of all) {
    for (const given of listen) {
      const entry = withDefaults(given, settings);
      // Port 0 takes any free port, so two of them are two listeners.
      const port = entry.modbus === "rtu" ? entry.device : `${entry.host}:${entry.port || `any ${groups.size}`}`;
      const group: Group = groups.get(port) ?? {
        entry,
        faults: new FaultPlan(),
        units: new Map(),
        frameTimeoutMs: undefined,
        meters: [],
      };
      groups.set(port, group);
      if (given.faults !== undefined) group.faults.add(given.faults.map(faultRule));
      const unit = given.unit ?? settings.address;
      const plain = entry.modbus === "rtu" ? own : ethernet;
      group.units.set(unit, (given.face === undefined ? undefined : wearing(given.face)) ?? plain);
      group.frameTimeoutMs ??= frameTimeoutMs;
      group.meters.push({ name, unit, connections });
    }
  }
  return groups.values();
}

const parities: readonly Parity[] = ["none", "even", "odd"];

/** A serial line has the meter's own baud rate and parity unless the file says otherwise. */
function withDefaults(entry: ListenEntry, settings: Listening["settings"]): ListenEntry {
  if (entry.modbus !== "rtu") return entry;
  const baud = entry.baud ?? settings.baud;
  const parity = entry.parity ?? parities[settings.parity] ?? "none";
  return { ...entry, baud, parity };
}

const schemes = { tcp: "modbus", tls: "modbus+tls", "rtu-over-tcp": "modbus+rtutcp" } as const;

type TlsEntry = Extract<ListenEntry, { modbus: "tls" }>;

function identityOf({ certificate, key, authority }: TlsEntry, folder: string): TlsIdentity {
  const text = (file: string): string => readText(resolvePath(folder, file));
  return { certificate: text(certificate), key: text(key), authority: text(authority) };
}

/** What a peer may do on a TLS listener is its role's to say; where no roles are named, whoever is known may do all. */
function allowed(units: Units, entry: ListenEntry, link: Link): Units {
  if (entry.modbus !== "tls" || entry.roles === undefined) return units;
  const role = link.certificate === undefined ? undefined : roleOf(link.certificate);
  return unitsFor(units, role === undefined ? undefined : entry.roles[role]);
}

/** Peers at once where neither the site file nor a manual says. */
const PEERS = { tcp: 512, tls: 512, "rtu-over-tcp": 32 } as const;

/** Meters behind one port have room for all of their peers together; undefined where one of them names no limit. */
function roomOf(meters: Group["meters"]): number | undefined {
  let room = 0;
  for (const { connections } of meters) {
    if (connections === undefined) return undefined;
    room += connections;
  }
  return room;
}

async function openGroup(group: Group, clock: Clock, folder: string): Promise<OpenListener> {
  const { entry, faults, units, meters, frameTimeoutMs } = group;
  const urls = (prefix: string, query: (unit: number) => string) =>
    meters.map(({ name, unit }) => ({ meter: name, url: `${prefix}${query(unit)}` }));
  if (entry.modbus === "rtu") {
    const { device, baud = 19200, parity = "none" } = entry;
    const link = await openSerial({ device, baud, parity });
    serveModbusRtu(link, lineUnits(units), clock, {
      baud,
      frameTimeoutMs,
      faults: new FaultyLink(link, faults, clock, "rtu"),
    });
    return {
      faults,
      what: `modbus rtu ${device}, ${baud} baud, parity ${parity}`,
      urls: urls(`modbus+rtu://${device}`, (unit) => `?baud=${baud}&parity=${parity}&unit=${unit}`),
      close: async () => link.close(),
    };
  }
  const { host, port, idle } = entry;
  const maxConnections = entry.maxConnections ?? roomOf(meters) ?? PEERS[entry.modbus];
  const tcp = entry.modbus !== "rtu-over-tcp";
  const found = tcp ? tcpUnits(units, entry.anyUnit) : lineUnits(units);
  const secured = entry.modbus === "tls" ? { tls: identityOf(entry, folder) } : {};
  const listener = await listenTcp({ host, port, maxConnections, idleMs: 1000 * idle, ...secured }, (link) =>
    tcp
      ? serveModbusTcp(link, allowed(found, entry, link), new FaultyLink(link, faults, clock, "tcp"))
      : serveModbusRtu(link, found, clock, { frameTimeoutMs, faults: new FaultyLink(link, faults, clock, "rtu") }),
  );
  const scheme = schemes[entry.modbus];
  return {
    faults,
    what: `modbus ${entry.modbus} ${host}:${listener.port}`,
    urls: urls(`${scheme}://${host}:${listener.port}`, (unit) => `/${unit}`),
    close: () => listener.close(),
  };
}
