/** Who listens where in a site file: a place carries one protocol, and tells the meters behind it apart. */
import type { ListenEntry, StationNumber } from "#fleet/protocols/protocol.ts";
import { protocols, type ProtocolTable } from "#fleet/protocols/table.ts";

export class Places {
  readonly #table: ProtocolTable;
  /** What each place carries. */
  readonly #carried = new Map<string, string>();
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
        ...this.#place(name, entry, `${at}.listen[${j}]`, row?.station?.(entry.keys, address)),
      ];
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
    if (carried !== undefined && carried !== kind) return [`${at}.${protocol}: ${place} carries ${carried} already`];
    this.#carried.set(place, kind);
    // Whom a meter that has its number from its configuration meets shows when the place is opened.
    if (station !== undefined && station.number === undefined) return [];
    const which = station === undefined ? "" : `${station.word} ${station.number}`;
    const taken = this.#taken.get(`${which} on ${place}`);
    this.#taken.set(`${which} on ${place}`, taken ?? name);
    if (taken === undefined) return [];
    if (station === undefined) return [`${at}: ${taken} listens on ${place} already; give one of them another port`];
    return [`${at}: ${taken} has ${which} on ${place} already; give one of them another ${station.word}`];
  }
}
