/** Opens what a site file's `listen` names: one listener for each port or device, with all the meters behind it. */
import type { Clock } from "#clock/clock.ts";
import { carriers, type Carriers } from "#fleet/protocols/carriers.ts";
import { faultRules } from "#fleet/protocols/listen-schema.ts";
import {
  StationRefused,
  type ListenEntry,
  type Listening,
  type Protocol,
  type Station,
  type Transport,
} from "#fleet/protocols/protocol.ts";
import { isOfMeter, protocols, type ProtocolTable } from "#fleet/protocols/table.ts";
import { Turns } from "#io/turns.ts";
import { checkedBy } from "#product/schema-problems.ts";
import { portNames } from "#product/port-names.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { Notice } from "./notice.ts";
import { Listener, type Group, type OpenListener, type Setting } from "./listener.ts";
import { Rooms } from "./rooms.ts";
import type { Traffic } from "./traffic.ts";

/** Puts the rules of a pushed document in place of those in force; what is wrong with it, when it is refused. */
export function changeFaults({ faults, protocol, transport }: OpenListener, body: unknown): readonly string[] {
  const { value, problems } = checkedBy(faultRules(protocol, transport), body, "the body");
  if (problems !== undefined) return problems;
  faults.set(value);
  return [];
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
  /** Where what passes can be looked at; nowhere unless said. */
  readonly traffic?: Traffic | undefined;
  /** Hears who comes and goes; nobody does unless said. */
  readonly tell?: ((notice: Notice) => void) | undefined;
  /** Hears which peers are not let in, and rations it; nobody does unless said. */
  readonly refused?: ((notice: Notice) => void) | undefined;
}

/** Places that are open for others than now, before anything else has changed. */
export interface Opening {
  /** Puts meters behind all places: throws an Error when that cannot be, and has changed nothing; what it returns makes it so. */
  behind(all: readonly Listening[]): () => Promise<void>;
  /** Goes back to how it was. Places that were closed are opened again; those that cannot be, in words. */
  undo(): Promise<readonly string[]>;
  /** What was opened, and what is closed by it, for people. */
  readonly opened: readonly string[];
  readonly closed: readonly string[];
}

/** A listener that would be opened. */
export interface PlannedListener {
  /** "modbus tcp 127.0.0.1:1502". */
  readonly what: string;
  /** Who answers there, and as which model where that is not its own: "feeder-1, unit 1, as em24". */
  readonly meters: readonly string[];
  /** What it would not do of what it is asked to. */
  readonly shortcomings: readonly Notice[];
}

/** What the site file calls a meter, by its name: "meters[0]". */
export type KeyOf = (name: string) => string;

/** The listeners of a site. */
export class Listeners {
  readonly #setting: Setting;
  readonly #table: ProtocolTable;
  /** By what their places are called. */
  #open: ReadonlyMap<string, Listener> = new Map();
  /** A meter that stays has the stations that it has. */
  readonly #stations = new WeakMap<Listening, readonly Station[]>();

  constructor(around: Surroundings) {
    const { clock, folder, table = protocols, carriers: over = carriers, commits, traffic } = around;
    const { tell = () => {}, refused = () => {} } = around;
    this.#setting = {
      clock,
      folder,
      rooms: new Rooms(),
      turns: new Turns(clock),
      over,
      commits,
      traffic,
      tell,
      refused,
    };
    this.#table = table;
  }

  /** In the order of the site file. */
  get all(): readonly OpenListener[] {
    return [...this.#open.values()];
  }

  /** What would be opened; nothing is. Throws an Error when a meter does not speak what it is to, or two cannot be told apart. */
  plan(all: readonly Listening[], keyOf: KeyOf): readonly PlannedListener[] {
    const { clock, folder } = this.#setting;
    return [...this.#groupsOf(all).values()].map(({ place, protocol, transport, stations }) => {
      const shortcomings: Notice[] = [];
      try {
        const nobody = { misunderstood() {}, connected() {}, left() {} };
        const server = protocol.serve({ transport, stations, clock, folder, ...nobody });
        for (const { station, words } of server.shortcomings ?? [])
          shortcomings.push({ level: "warn", meter: station.device.name, words });
        server.end?.();
      } catch (error) {
        throw withKey(error, keyOf);
      }
      return {
        what: `${protocol.name} ${transport.name} ${place ?? "any port that is free"}`,
        meters: stations.map(({ device, keys, line }) => {
          const { word, number, name = number, face } = protocol.station?.(keys, line.address, transport) ?? {};
          const at = name === undefined ? device.name : `${device.name}, ${word} ${name}`;
          return face === undefined ? at : `${at}, as ${face}`;
        }),
        shortcomings,
      };
    });
  }

  /** Opens everything, or nothing: when one cannot be opened the others are closed and the error, which names its key, is thrown. */
  async open(all: readonly Listening[], keyOf?: KeyOf): Promise<void> {
    const opening = await this.prepare(all, keyOf);
    await opening.behind(all)();
  }

  /**
   * Opens the places that others than now are to have. Those that stay are not touched; those of the same name that are opened with
   * something else are closed first. When one cannot be had all is as it was, and the error is thrown.
   */
  async prepare(all: readonly Listening[], keyOf: KeyOf = (name) => name): Promise<Opening> {
    try {
      return await this.#prepare(all, keyOf);
    } catch (error) {
      throw withKey(error, keyOf);
    }
  }

  async #prepare(all: readonly Listening[], keyOf: KeyOf): Promise<Opening> {
    const groups = this.#groupsOf(all, keyOf);
    const before = this.#open;
    const staying = new Map([...before].filter(([place, listener]) => isSuited(listener, groups.get(place))));
    // Whoever does not speak it so is found before anything is opened.
    for (const [place, listener] of staying) {
      const group = groups.get(place);
      if (group !== undefined) listener.behind(group);
    }
    const going = new Map([...before].filter(([place]) => !staying.has(place)));
    /** Those whose ports others are to have. */
    const inTheWay = [...going].filter(([place]) => [...groups.keys()].some((one) => isInTheWay(place, one)));
    const opened = new Map<string, Listener>();
    const shut: [string, Listener][] = [];
    const undo = async (): Promise<readonly string[]> => {
      await Promise.all([...opened.values()].map((listener) => listener.close()));
      opened.clear();
      return this.#reopen(shut);
    };
    try {
      const places = [...groups].filter(([place]) => !staying.has(place));
      const last = places.filter(([place]) => inTheWay.some(([other]) => isInTheWay(other, place)));
      for (const [place, group] of places.filter((one) => !last.includes(one)))
        opened.set(place, await Listener.open(group, this.#setting));
      for (const one of inTheWay) {
        shut.push(one);
        await one[1].close();
      }
      for (const [place, group] of last) opened.set(place, await Listener.open(group, this.#setting));
    } catch (error) {
      const lost = await undo();
      if (lost.length === 0) throw error;
      throw new Error([error instanceof Error ? error.message : String(error), ...lost].join("; "), { cause: error });
    }
    return {
      opened: [...opened.values()].map(({ what }) => what),
      closed: [...going.values()].map(({ what }) => what),
      undo,
      behind: (all) => {
        const made: { place: string; listener: Listener; make: () => void }[] = [];
        for (const [place, group] of this.#groupsOf(all)) {
          const listener = staying.get(place) ?? opened.get(place);
          if (listener === undefined) throw new Error(`${place} is not open`);
          made.push({ place, listener, make: listener.behind(group) });
        }
        return async () => {
          for (const { make } of made) make();
          this.#open = new Map(made.map(({ place, listener }) => [place, listener]));
          await Promise.all([...going.values()].map((listener) => listener.close()));
        };
      },
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((listener) => listener.close()));
  }

  /** Opens again what was closed; what cannot be, in words. */
  async #reopen(shut: readonly (readonly [string, Listener])[]): Promise<readonly string[]> {
    const lost: string[] = [];
    const open = new Map(this.#open);
    for (const [place, { group, what }] of shut) {
      if (group === undefined) continue;
      try {
        const again = await Listener.open(group, this.#setting);
        again.behind(group)();
        open.set(place, again);
      } catch (error) {
        open.delete(place);
        lost.push(`${what} is closed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    this.#open = open;
    return lost;
  }

  #groupsOf(all: readonly Listening[], keyOf: KeyOf = (name) => name): ReadonlyMap<string, Group> {
    const groups = new Map<string, Group & { stations: [Station, ...Station[]]; rules: Group["rules"][number][] }>();
    for (const device of all) {
      const stations = this.#stationsOf(device);
      for (const [k, entry] of device.listen.entries()) {
        const station = stations[k];
        if (station === undefined) continue;
        // Two that take any free port are two listeners.
        const place = entry.place ?? `any port of ${device.name}, ${k}`;
        const group = groups.get(place);
        if (group === undefined)
          groups.set(place, {
            place: entry.place,
            key: `${keyOf(device.name)}.listen[${k}]`,
            ...rowOf(entry, this.#table),
            rules: [...entry.faults],
            stations: [station],
          });
        else {
          group.stations.push(station);
          group.rules.push(...entry.faults);
        }
      }
    }
    return groups;
  }

  #stationsOf(device: Listening): readonly Station[] {
    const known = this.#stations.get(device);
    if (known !== undefined) return known;
    const own = device.listen.filter((entry) => isOfMeter(entry, this.#table));
    const ports = device.ports ?? portNames(own);
    const stations = device.listen.map((entry) => {
      const k = own.indexOf(entry);
      return k < 0 ? stationBeside(device, entry) : stationOf(device, entry, ports[k] ?? "");
    });
    this.#stations.set(device, stations);
    return stations;
  }
}

/** What is wrong with a station, by the key that the site file has for it. */
function withKey(error: unknown, keyOf: KeyOf): unknown {
  if (!(error instanceof StationRefused)) return error;
  const { device, keys } = error.station;
  const k = device.listen.findIndex((one) => one.keys === keys);
  return new Error(`${keyOf(device.name)}.listen[${k}].${error.key}: ${error.message}`, { cause: error });
}

function isSuited(listener: Listener, group: Group | undefined): boolean {
  return group !== undefined && listener.suits(group);
}

/** Whether a place has to be closed before another can be opened: it is the same, or the same port at another address. */
function isInTheWay(place: string, other: string): boolean {
  const port = (one: string): string | undefined => /:(\d+)$/.exec(one)?.[1];
  return place === other || (port(place) !== undefined && port(place) === port(other));
}

/** What stands before a meter's terminals has no port of it, and does not wait for it to answer. */
function stationBeside(device: Listening, { keys }: ListenEntry): Station {
  return { device, port: "", keys, line: device.line, answers: undefined };
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
