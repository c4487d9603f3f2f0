/**
 * The ports of one JEMStar II: which of them the listeners of its site file are, which protocols answer there, and what goes on. It
 * is the configuration of the moment that counts.
 */
import { PortTraffic } from "#product/port-traffic.ts";
import type { LineSettings, PortUse } from "#product/product.ts";
import type { PortState } from "#quantity/meter-surface.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import { isEnabled, lineOf, optionOf, portNamed, portsOfListeners, portState, type PortKey } from "./communications.ts";
import type { RevenueFile } from "./configuration-schema.ts";

type Communications = RevenueFile["communications"];

/** What the communication status display calls protocols. */
const titles: Readonly<Record<string, string>> = {
  modbus: "Modbus",
  dnp3: "DNP",
  dlms: "DLMS",
  mms: "IEC 61850",
  goose: "GOOSE",
  iec102: "IEC 870-5-102",
  sftp: "SFTP",
  ftp: "FTP",
  snmp: "SNMP",
  sntp: "SNTP",
};

/** For so long after the last byte a port counts as talking: the manual has pulses resume "within a few minutes". */
const TALKED_MS = 60_000;

/** A protocol on a port that a listener is. */
export interface PortView {
  readonly port: string;
  readonly protocol: string;
  readonly state: PortState;
}

interface Listened {
  readonly port: string;
  readonly protocol: string;
  readonly traffic: PortTraffic;
}

export class Ports {
  /** Of each listener, in the order of the site file. */
  readonly names: readonly string[];
  readonly #ordered: Ordered;
  readonly #communications: () => Communications;
  readonly #elapsed: () => number;
  /** By port and protocol. */
  readonly #listened = new Map<string, Listened>();

  /** Throws an Error for a listener on a port that was not ordered. `elapsed` is real time. */
  constructor(
    uses: readonly PortUse[],
    ordered: Ordered,
    { communications, elapsed }: { readonly communications: () => Communications; readonly elapsed: () => number },
  ) {
    const named = portsOfListeners(uses);
    named.forEach((use, k) => mustHave(use, k, ordered));
    mustBeOne(named);
    this.names = named.map(({ name }) => name);
    this.#ordered = ordered;
    this.#communications = communications;
    this.#elapsed = elapsed;
    for (const { name, protocol } of named) this.#listen(name, protocol);
  }

  #listen(port: string, protocol: string): Listened {
    const listened = { port, protocol, traffic: new PortTraffic(this.#elapsed) };
    this.#listened.set(keyOf(portNamed(port), protocol), listened);
    return listened;
  }

  #of(port: string, protocol: string): Listened | undefined {
    return this.#listened.get(keyOf(portNamed(port), protocol));
  }

  /** Whether the configuration lets a protocol answer on a port; what is no port of the meter (its panel) is not its business. */
  enabled(port: string, protocol: string): boolean {
    if (portNamed(port) === undefined) return true;
    return isEnabled(this.#communications(), port, protocol, this.#of(port, protocol) !== undefined);
  }

  /** Who is told what goes on at a port in a protocol. */
  traffic(port: string, protocol: string): PortTraffic {
    return (this.#of(port, protocol) ?? this.#listen(port, protocol)).traffic;
  }

  /** Whether somebody talks on a port, or has until a minute ago. */
  talks(port: string): boolean {
    return [...this.#listened.values()].some(
      (one) => one.port === port && (one.traffic.quietMs ?? Infinity) < TALKED_MS,
    );
  }

  state(port: string, protocol: string): PortState {
    const listened = this.#of(port, protocol);
    const setup = { communications: this.#communications(), ordered: this.#ordered };
    if (listened === undefined) return portState(setup, port, protocol, { listens: false, failed: false, sessions: 0 });
    const { isFailed, sessions, silentMs, unrecognised } = listened.traffic;
    return portState(setup, port, protocol, { listens: true, failed: isFailed, sessions, silentMs, unrecognised });
  }

  /** Every port and protocol that the site file has a listener of. */
  get view(): readonly PortView[] {
    return [...this.#listened.values()].map(({ port, protocol }) => ({
      port,
      protocol,
      state: this.state(port, protocol),
    }));
  }

  /** What whoever starts the site should know: listeners that nobody answers on. */
  get notices(): readonly string[] {
    return [...this.#listened.values()]
      .filter(({ port, protocol }) => !this.enabled(port, protocol))
      .map(({ port, protocol }) => `its configuration has ${protocol} disabled on ${port}: there it is silent`);
  }

  /** The communication status as its register has it, without what is absent: "Ethernet 1 Modbus Ready". */
  get text(): string {
    const there = this.view.filter(({ state }) => state !== "absent");
    if (there.length === 0) return "no protocol is enabled";
    return there
      .map(({ port, protocol, state }) => {
        const name = port.slice(0, 1).toUpperCase() + port.slice(1);
        return `${name} ${titles[protocol] ?? protocol} ${state}`;
      })
      .join("; ");
  }

  line(port: string, protocol: string): LineSettings | undefined {
    return lineOf(this.#communications(), port, protocol);
  }
}

function keyOf(port: PortKey | undefined, protocol: string): string {
  return `${port} ${protocol}`;
}

function mustBeOne(uses: readonly PortUse[]): void {
  const heads = uses.filter(({ port }) => port === "optical");
  const second = heads.find(({ place }) => place !== heads[0]?.place);
  if (second !== undefined)
    throw new Error(
      `listen[${uses.indexOf(second)}]: ${second.place} would be a second optical port; the meter has one`,
    );
}

function mustHave(
  { protocol, transport, port, name, place }: PortUse & { readonly name: string },
  k: number,
  ordered: Ordered,
): void {
  const option = optionOf(protocol);
  if (option !== undefined && !ordered.options.has(option))
    throw new Error(`listen[${k}]: ${protocol} needs option ${option}, which was not ordered`);
  // Every meter has an optical port.
  if (port === "optical") return;
  const [needed, what] = port === "serial" ? [["1B"], "serial ports"] : [["2A", "2B"], "Ethernet"];
  if (!needed.some((one) => ordered.communication.has(one)))
    throw new Error(`listen[${k}]: ${transport} needs ${what} (${needed.join(" or ")}), which was not ordered`);
  if (portNamed(name) === undefined)
    throw new Error(
      `listen[${k}]: ${transport}${place === undefined ? "" : `, ${place},`} would be ${name}; the meter has serial ports 3 and 4`,
    );
}
