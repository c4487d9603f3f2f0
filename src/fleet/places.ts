/** Who listens where in a site file: a place carries one protocol, and tells the meters behind it apart. */
import type { ListenEntry, StationNumber } from "#fleet/protocols/protocol.ts";
import { protocols, type ProtocolTable } from "#fleet/protocols/table.ts";

/** Hosts that are every address of the machine. */
const everywhere: readonly string[] = ["0.0.0.0", "::"];

/** The host of a place on Ethernet, "127.0.0.1:1502" or "[::]:1502". */
function hostOf(place: string): string {
  const host = place.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  return host === "localhost" ? "127.0.0.1" : host;
}

/** Its port; undefined of a serial line. */
function portOf(place: string): string | undefined {
  return /:(\d+)$/.exec(place)?.[1];
}

/** A place that is taken. */
interface Taken {
  readonly place: string;
  /** "modbus tcp". */
  readonly kind: string;
  /** Who took it. */
  readonly name: string;
}

export class Places {
  readonly #table: ProtocolTable;
  readonly #carried = new Map<string, Taken>();
  /** The same of Ethernet, by the number of the port. */
  readonly #byPort = new Map<string, Taken[]>();
  /** Who has each station of each place. */
  readonly #taken = new Map<string, string>();

  constructor(table: ProtocolTable = protocols) {
    this.#table = table;
  }

  /** Takes where one meter or device listens; what is wrong with it, key by key. `address` is the meter's own, undefined while only the meter knows it. */
  add(name: string, listen: readonly ListenEntry[], at: string, address: number | undefined): string[] {
    return listen.flatMap((entry, j) => {
      const row = this.#table.find((one) => one.name === entry.protocol);
      const wrong = row?.problems?.(entry.keys) ?? [];
      return [
        ...wrong.map((problem) => `${at}.listen[${j}].${problem}`),
        ...this.#place(
          name,
          entry,
          `${at}.listen[${j}]`,
          row?.station?.(entry.keys, address, { name: entry.transport }),
        ),
      ];
    });
  }

  /** Takes where the site's pages are served; before all others. */
  addPages({ host, port }: { readonly host: string; readonly port: number }): void {
    if (port !== 0)
      this.#take({ place: `${host.includes(":") ? `[${host}]` : host}:${port}`, kind: "web", name: "the site's page" });
  }

  /** Who listens at a place, in words; undefined where nobody does. */
  carriedBy(place: string): string | undefined {
    const taken = this.#carried.get(place);
    return taken && `${taken.name} listens with ${taken.kind}`;
  }

  #take(taken: Taken): void {
    const { place } = taken;
    this.#carried.set(place, taken);
    const port = portOf(place);
    if (port !== undefined) this.#byPort.set(port, [...(this.#byPort.get(port) ?? []), taken]);
  }

  /** Who has the same port at every address, or at another one of what is to be every address. */
  #near(place: string): Taken | undefined {
    const host = hostOf(place);
    return this.#byPort.get(portOf(place) ?? "")?.find((other) => {
      const its = hostOf(other.place);
      return its === host || everywhere.includes(its) || everywhere.includes(host);
    });
  }

  #place(
    name: string,
    { protocol, transport, place }: ListenEntry,
    at: string,
    station: StationNumber | undefined,
  ): string[] {
    if (place === undefined) return [];
    const kind = `${protocol} ${transport}`;
    const carried = this.#carried.get(place);
    if (carried !== undefined && carried.kind !== kind)
      return [`${at}.${protocol}: ${place} carries ${carried.kind} of ${carried.name} already; take another port`];
    const near = carried ?? this.#near(place);
    if (carried === undefined && near !== undefined)
      return [`${at}.port: ${near.name} has ${near.place} already, and with it ${place}; take another port`];
    if (carried === undefined) this.#take({ place, kind, name });
    // Whom a meter that has its number from its configuration meets shows when the place is opened.
    const own = station?.name ?? station?.number;
    if (station !== undefined && own === undefined) return [];
    const which = station === undefined ? "" : `${station.word} ${own}`;
    const taken = this.#taken.get(`${which} on ${place}`);
    this.#taken.set(`${which} on ${place}`, taken ?? name);
    if (taken === undefined) return [];
    if (station === undefined) return [`${at}: ${taken} listens on ${place} already; give one of them another port`];
    return [`${at}: ${taken} has ${which} on ${place} already; give one of them another ${station.word}`];
  }
}
