/**
 * The ports of a JEMStar II: which protocols each has and how many sessions of them, which answer in test mode, and the state of
 * every protocol on every port, as the communication status display shows it.
 */
import type { PortState } from "#quantity/meter-surface.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import { portNames } from "#product/port-names.ts";
import type { LineSettings, PortUse } from "#product/product.ts";
import type { RevenueFile } from "./configuration-schema.ts";
import { portsOf } from "./factory.ts";

type Communications = RevenueFile["communications"];
export type PortKey = "optical" | "port3" | "port4" | "modem" | "ethernet1" | "ethernet2";

/** Ports by the names that a peer, a log and the status display have for them. */
const names: Readonly<Record<string, PortKey>> = {
  optical: "optical",
  "serial 3": "port3",
  "serial 4": "port4",
  modem: "modem",
  "ethernet 1": "ethernet1",
  "ethernet 2": "ethernet2",
};

/** The port of a name; undefined of what is no port of a meter: the site itself, its panel. */
export function portNamed(name: string): PortKey | undefined {
  return names[name];
}

/** Sessions that a port has room for, by protocol (Communication Port Protocol Assignments). */
const line = { binary: 1, modbus: 1, dnp3: 1, dlms: 1, iec102: 1 } as const;
/**
 * The table is silent on IEC 60870-5-102 over Ethernet, one session, as DLMS has, and on SFTP and FTP: four each, as the maker's programs have. Of IEC 61850 it has one client, unless the configuration says more; GOOSE is nobody's session. Who asks
 * over SNMP or SNTP has a session for one answer: as many as the port has room for.
 */
const network = {
  binary: 4,
  modbus: 2,
  dnp3: 5,
  dlms: 1,
  mms: 1,
  goose: 1,
  iec102: 1,
  sftp: 4,
  ftp: 4,
  snmp: 12,
  sntp: 12,
} as const;
const sessions: Readonly<Record<PortKey, Readonly<Partial<Record<string, number>>>>> = {
  optical: { binary: 1, dlms: 1 },
  port3: line,
  port4: line,
  modem: { binary: 1, modbus: 1, dnp3: 1 },
  ethernet1: network,
  ethernet2: network,
};

/** Peers that an Ethernet port has room for, of all protocols together. */
export const ETHERNET_SESSIONS = 12;

/** Sessions of a protocol on a port; 0 where it has none of it. */
export function sessionsOn(port: string, protocol: string): number {
  const key = portNamed(port);
  return key === undefined ? 0 : (sessions[key][protocol] ?? 0);
}

/**
 * Whether a protocol goes on answering in test mode. "DNP and Ethernet communication are suspended" (section Test Mode), DNP on
 * serial ports as well; the optical port gives test pulses instead. Appendices D to H name no other.
 */
export function answersInTestMode(port: string, protocol: string): boolean {
  const key = portNamed(port);
  if (key === undefined) return true;
  return (key === "port3" || key === "port4" || key === "modem") && protocol !== "dnp3";
}

/** Protocols that are options of the model number. */
const options: Readonly<Record<string, string>> = { dlms: "DLMS", mms: "IEC", goose: "IEC" };

/** Services of a port that carry several protocols. */
const services: Readonly<Record<string, string>> = { mms: "iec61850", goose: "iec61850" };

/** The option that a protocol is; undefined of what every meter has. */
export function optionOf(protocol: string): string | undefined {
  return options[protocol];
}

/** Whether the meter that was ordered has a protocol on a port at all. */
export function hasProtocol({ communication, options: has }: Ordered, port: string, protocol: string): boolean {
  const key = portNamed(port);
  if (key === undefined || sessionsOn(port, protocol) === 0) return false;
  const option = options[protocol];
  if (option !== undefined && !has.has(option)) return false;
  return key === "optical" || portsOf(communication).includes(key);
}

/**
 * Whether a protocol is enabled on a port. Modbus, DNP and DLMS are disabled by the factory; a listener of the site file enables
 * its own, unless the configuration says that the port has another protocol, or that this one is disabled.
 */
export function isEnabled(communications: Communications, port: string, protocol: string, listens: boolean): boolean {
  const key = portNamed(port);
  if (key === undefined) return false;
  if (key === "ethernet1" || key === "ethernet2") {
    // They stand in the advanced settings, of both.
    if (protocol === "sftp" || protocol === "ftp") return communications[protocol].enabled && listens;
    // Nothing of them stands in the configuration.
    if (protocol === "snmp" || protocol === "sntp") return listens;
    const there: Readonly<Record<string, unknown>> = communications[key] ?? {};
    const use = useOf(there[services[protocol] ?? protocol]);
    return use === "enabled" || (use === "listener" && listens);
  }
  const said = communications[key]?.protocol;
  // Nobody but its maker's programs speaks the binary protocol: as long as nothing else is chosen, a listener chooses.
  return said === protocol || (said === "binary" && listens);
}

function useOf(service: unknown): unknown {
  return typeof service === "object" && service !== null && "use" in service ? service.use : undefined;
}

/** Port 1 is the optical one, and port 2 of a model before this. */
export const FIRST_SERIAL = 3;

/** The ports that listeners of a site file are: serial ones in the order of their lines, Ethernet's all on the first. */
export function portsOfListeners(uses: readonly PortUse[]): readonly (PortUse & { readonly name: string })[] {
  const ports = portNames(uses, FIRST_SERIAL);
  return uses.map((use, k) => ({ ...use, name: ports[k] ?? "" }));
}

/** What goes on at a port in a protocol. */
export interface Traffic {
  /** Whether the site has a listener of it there, and whether that could be opened. */
  readonly listens: boolean;
  readonly failed: boolean;
  /** Sessions that are open. */
  readonly sessions: number;
  /** Since anybody was last heard, milliseconds; undefined where nobody was. */
  readonly silentMs?: number | undefined;
  /** Whether what came last was not understood. */
  readonly unrecognised?: boolean | undefined;
}

/** A session in which nothing has been heard for so long is waited for (Appendix D, COM_ALERT). */
const INACTIVE_MS = 120_000;
/** For so long after something was heard the port is being used. */
const ACTIVE_MS = 2000;

/**
 * The state of a protocol on a port: absent where it is not installed or not enabled; Fault where its line could not be opened;
 * Active while somebody is connected and heard; Alert while a peer that is connected has been silent too long, or says what is not
 * understood; Ready otherwise. On a serial line somebody is connected for as long as he is heard.
 */
export function portState(
  setup: { readonly communications: Communications; readonly ordered: Ordered },
  port: string,
  protocol: string,
  traffic: Traffic,
): PortState {
  const { listens, failed, sessions, silentMs, unrecognised = false } = traffic;
  if (!hasProtocol(setup.ordered, port, protocol)) return "absent";
  if (!listens || !isEnabled(setup.communications, port, protocol, listens)) return "absent";
  if (failed) return "Fault";
  if (unrecognised) return "Alert";
  if (sessions > 0) return silentMs !== undefined && silentMs >= INACTIVE_MS ? "Alert" : "Active";
  return silentMs !== undefined && silentMs < ACTIVE_MS ? "Active" : "Ready";
}

/** Of a port that the configuration does not have. */
const RX_TIMEOUT_MS = 1000;

const parities = { none: 0, even: 1, odd: 2 } as const;

/** What a listener takes from the configuration unless the site file says it: address, speed, parity. */
export function lineOf(communications: Communications, port: string, protocol: string): LineSettings | undefined {
  const key = portNamed(port);
  if (key === undefined) return undefined;
  if (key === "ethernet1" || key === "ethernet2") {
    const there: Readonly<Record<string, unknown>> = communications[key] ?? {};
    const service = there[protocol];
    const address =
      typeof service === "object" && service !== null && "address" in service ? Number(service.address) : 1;
    return { address, baud: 9600, parity: parities.none };
  }
  const settings = communications[key];
  if (settings === undefined) return undefined;
  return {
    address: settings.address,
    baud: settings.baud,
    parity: parities[parityOf(settings, protocol)],
  };
}

/** A port that gives way to a listener of IEC 60870-5-102 has chosen no parity for it: FT1.2 has an even one. */
function parityOf(settings: { readonly protocol: string; readonly parity?: keyof typeof parities }, protocol: string) {
  if (protocol === "iec102" && settings.protocol !== protocol) return "even";
  return settings.parity ?? "none";
}

/** What a station of DLMS is on a port: its physical address, and its receive time-out. */
export function dlmsLineOn(communications: Communications, port: string) {
  const { address = 1 } = lineOf(communications, port, "dlms") ?? {};
  const key = portNamed(port);
  const { rxTimeoutMs = RX_TIMEOUT_MS } = (key === undefined ? undefined : communications[key]) ?? {};
  return { address, rxTimeoutMs };
}

/** The address of an outstation of DNP3 on a port. */
export function dnp3AddressOn(communications: Communications, port: string): number {
  return lineOf(communications, port, "dnp3")?.address ?? 1;
}

/** What a station of IEC 60870-5-102 is on a port: its link address, its speed, and its receive time-out. */
export function iec102LineOf(communications: Communications, port: string) {
  const { address = 1, baud = 9600 } = lineOf(communications, port, "iec102") ?? {};
  const key = portNamed(port);
  const { rxTimeoutMs = RX_TIMEOUT_MS } = (key === undefined ? undefined : communications[key]) ?? {};
  return { address, baud, rxTimeoutMs };
}

/**
 * How long an answer waits on a serial port, milliseconds: from a request until the line is driven, and from then until the first
 * byte. How long the line is driven after the last byte is the adapter's business.
 */
export function answerDelayOn(communications: Communications, port: string): number {
  const key = portNamed(port);
  const settings = key === "port3" || key === "port4" ? communications[key] : undefined;
  return settings === undefined ? 0 : settings.turnaroundMs + settings.txStartDelayMs;
}

/** Minutes after which an unused session over a port ends; undefined of what is no port of the meter. */
export function sessionMinutesOn(communications: Communications, port: string): number | undefined {
  const key = portNamed(port);
  return key === undefined ? undefined : communications[key]?.sessionMinutes;
}
