/** One place that a site listens on: what is open there, who comes, and which meters stand behind it, which may change meanwhile. */
import type { Clock } from "#clock/clock.ts";
import type { Opened } from "#fleet/protocols/carrier.ts";
import type { Carriers } from "#fleet/protocols/carriers.ts";
import type { Line, Protocol, Server, Station, Transport } from "#fleet/protocols/protocol.ts";
import { FaultPlan, FaultyLink, type FaultRule } from "#io/faulty-link.ts";
import type { Link } from "#io/link.ts";
import { noPeers } from "#io/peer-counts.ts";
import { PeerLink } from "#io/peer-link.ts";
import { noTap } from "#io/tap.ts";
import type { Turns } from "#io/turns.ts";
import type { TrafficSink } from "#product/product.ts";
import { same } from "#quantity/same.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { Notice } from "./notice.ts";
import { gated } from "./output-gate.ts";
import { roomOf, type Rooms } from "./rooms.ts";
import type { Traffic, TrafficPlace } from "./traffic.ts";
import { watched } from "./watched-link.ts";

export interface OpenListener {
  /** What it does wrong on purpose; rules can be put in and taken out while it runs. */
  readonly faults: FaultPlan;
  /** What became of its peers: `taken`, `refused`, `putOut`, `handshakesFailed`, `unread`. */
  readonly counts: Readonly<Record<string, number>>;
  /** How many links are open on it. */
  readonly peers: number;
  /** "modbus tcp 127.0.0.1:1502". */
  readonly what: string;
  readonly protocol: Protocol;
  readonly transport: Transport;
  /** How a reader names each meter behind it. */
  readonly urls: readonly { readonly meter: string; readonly url: string }[];
  close(): Promise<void>;
}

/** A place that site files name, and who answers there. */
export interface Group {
  /** Undefined where any that is free is taken. */
  readonly place: string | undefined;
  /** What the site file calls the first entry that names it: "meters[0].listen[1]". */
  readonly key: string;
  readonly protocol: Protocol;
  readonly transport: Transport;
  readonly rules: readonly FaultRule[];
  readonly stations: Stations;
}

export type Stations = readonly [Station, ...Station[]];

/** What all listeners of a site have in common. */
export interface Setting {
  readonly clock: Clock;
  /** Of the site file. */
  readonly folder: string;
  readonly rooms: Rooms;
  /** Of all peers of the site. */
  readonly turns: Turns;
  readonly over: Carriers;
  readonly commits: GroupCommit | undefined;
  /** Whoever looks at what passes sees it there. */
  readonly traffic: Traffic | undefined;
  /** Hears who comes and goes. */
  readonly tell: (notice: Notice) => void;
  /** The same of peers that are not let in, rationed. */
  readonly refused: (notice: Notice) => void;
}

/**
 * What a place is opened with. While that is the same it stays open, with the links on it, whoever stands behind it. Of several meters the
 * first one's keys count.
 */
function conditionsOf(group: Group, { over, folder }: Setting): unknown {
  const { protocol, transport, stations } = group;
  const [{ keys, line }] = stations;
  const carrier = over[transport.over];
  const own = Object.entries(keys as object).filter(([key]) => protocol.stationKeys?.includes(key) !== true);
  return {
    kind: [protocol.name, transport.name],
    keys: Object.fromEntries(own),
    marks: [carrier.marks?.(keys, folder), protocol.marks?.(keys, folder)],
    room: roomOf(group),
    line: carrier.lasting ? [line.baud, line.parity] : [],
  };
}

/** Whether the very same are served. */
function isServed(stations: Stations, served: Stations): boolean {
  return stations.length === served.length && stations.every((one, k) => one === served[k]);
}

/** Who stands behind a place. */
interface Behind {
  readonly group: Group;
  /** Whether every meter there can be silent. */
  readonly isGated: boolean;
  readonly sinks: readonly TrafficSink[];
  /** Whether a meter there is ahead of its store. */
  readonly ahead: readonly (() => boolean)[];
}

export class Listener implements OpenListener {
  readonly faults = new FaultPlan();
  readonly counts = noPeers();
  readonly protocol: Protocol;
  readonly transport: Transport;
  readonly #setting: Setting;
  readonly #conditions: unknown;
  /** What a station's meter is told of what goes on. */
  readonly #sinks = new WeakMap<Station, TrafficSink | undefined>();
  /** Links that came before there was somebody behind the place. */
  #waiting: { readonly link: Link; readonly line: Line | undefined }[] = [];
  readonly #links = new Set<Link>();
  #behind: Behind | undefined;
  #server: Server;
  /** Whom it serves. */
  #served: Stations;
  /** The faults that the site file named last. */
  #said: readonly FaultRule[] = [];
  #opened: Opened | undefined;
  #closing = false;
  /** Why what carries it cannot be had now. */
  #missing: string | undefined;

  private constructor(group: Group, setting: Setting) {
    this.protocol = group.protocol;
    this.transport = group.transport;
    this.#setting = setting;
    this.#conditions = conditionsOf(group, setting);
    this.#server = this.#serve(group.stations);
    this.#served = group.stations;
  }

  /**
   * Opens a place. Whoever comes waits until somebody is put behind it. Rejects with a message that names what cannot be had, or which
   * meter does not speak the protocol so.
   */
  static async open(group: Group, setting: Setting): Promise<Listener> {
    const { transport, protocol, stations } = group;
    const { rooms, folder, clock, over } = setting;
    const [{ keys, line }] = stations;
    const listener = new Listener(group, setting);
    const room = roomOf(group);
    const { counts } = listener;
    const missing = (why: string): void => listener.#lacks(why);
    const refused = (peer: string, why: string): void => listener.#refused(peer, why);
    const shared = rooms.of(stations, protocol);
    const place = { transport, line, room, rooms: shared, folder, clock, counts, missing, refused };
    try {
      listener.#opened = await over[transport.over].open(keys, place, (link, line) => listener.#arrive(link, line));
    } catch (error) {
      listener.#server.end?.();
      const names = [...new Set(stations.map(({ device }) => device.name))].join(", ");
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`${group.key}: ${names} ${why}`, { cause: error });
    }
    return listener;
  }

  get what(): string {
    return `${this.protocol.name} ${this.transport.name} ${this.#opened?.what}`;
  }

  get peers(): number {
    return this.#links.size;
  }

  get urls(): OpenListener["urls"] {
    const { group } = this.#behind ?? {};
    const { protocol, transport } = this;
    // No meter is read there.
    if (protocol.besideTheMeter === true) return [];
    const { authority, query } = this.#opened ?? { authority: "", query: [] };
    return (group?.stations ?? []).map((station) => {
      const { device, keys, line } = station;
      const own = protocol.url(transport, protocol.station?.(keys, line.address, transport), station);
      const asked = [...query, ...own.query].join("&");
      return {
        meter: device.name,
        url: `${transport.scheme}://${authority}${own.path}${asked === "" ? "" : `?${asked}`}`,
      };
    });
  }

  /** Who stands behind it now; undefined before anybody does. */
  get group(): Group | undefined {
    return this.#behind?.group;
  }

  /** Whether the place can stay open for a group. */
  suits(group: Group): boolean {
    const isAlike = same(conditionsOf(group, this.#setting), this.#conditions);
    return isAlike && (this.#server.change !== undefined || isServed(group.stations, this.#served));
  }

  /**
   * Puts meters behind the place, for links that are open, too: throws an Error when one of them does not speak the protocol so; what it
   * returns makes it so.
   */
  behind(group: Group): () => void {
    const { stations } = group;
    const change = this.#change(stations);
    return () => {
      change();
      this.#served = stations;
      const before = new Set(this.#behind?.sinks);
      const sinks = stations.flatMap((station) => this.#sinkOf(station) ?? []);
      this.#behind = {
        group,
        isGated: stations.every(({ answers }) => answers !== undefined),
        sinks,
        ahead: stations.flatMap(({ device: { ahead } }) => ahead ?? []),
      };
      // What a site file says as it did changes nothing that was put in meanwhile.
      if (!same(group.rules, this.#said)) this.faults.set(group.rules);
      this.#said = group.rules;
      this.#server.begin?.();
      const came = this.#lasting ? "opened" : "connected";
      for (const sink of sinks) if (!before.has(sink)) for (const _ of this.#links) sink[came]();
      if (this.#missing !== undefined) this.#sayMissing(this.#missing);
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const { link, line } of waiting) this.#take(link, line);
    };
  }

  #change(stations: Stations): () => void {
    if (isServed(stations, this.#served)) return () => {};
    if (this.#behind !== undefined) return this.#server.change?.(stations) ?? (() => {});
    // Nobody has been let in yet.
    const server = this.#serve(stations);
    return () => {
      this.#server.end?.();
      this.#server = server;
    };
  }

  #serve(stations: Stations): Server {
    const { transport } = this;
    const { clock, folder } = this.#setting;
    const misunderstood = (): void => this.#tell("misunderstood");
    const tell = (what: "connected" | "left") => (station: Station) => this.#sinkOf(station)?.[what]();
    return this.protocol.serve({
      transport,
      stations,
      clock,
      folder,
      misunderstood,
      connected: tell("connected"),
      left: tell("left"),
      tell: ({ device }, words) => this.#setting.tell({ level: "warn", meter: device.name, words }),
      refused: (peer, why) => this.#refused(peer, why),
    });
  }

  #refused(peer: string, why: string): void {
    this.#setting.refused({ level: "warn", words: `${this.what}: ${peer} is not let in: ${why}` });
  }

  /** What carries it cannot be had: everything else runs without it, and it is tried again. */
  #lacks(why: string): void {
    const isTold = this.#missing === why;
    this.#missing = why;
    if (!isTold && this.#behind !== undefined) this.#sayMissing(why);
  }

  #sayMissing(why: string): void {
    const { protocol, transport } = this;
    const names = [...new Set(this.#behind?.group.stations.map(({ device }) => device.name))].join(", ");
    this.#setting.tell({ level: "warn", words: `${names}: ${protocol.name} ${transport.name}: ${why}` });
    this.#tell("failed");
  }

  /** As whoever looks at its traffic sees it. */
  get #seen(): TrafficPlace {
    const { what, protocol, transport } = this;
    const names = (): readonly string[] => [...new Set(this.#behind?.group.stations.map(({ device }) => device.name))];
    return {
      what,
      protocol: protocol.name,
      transport: transport.name,
      over: transport.over,
      get meters() {
        return names();
      },
    };
  }

  get #lasting(): boolean {
    return this.#setting.over[this.transport.over].lasting;
  }

  #sinkOf(station: Station): TrafficSink | undefined {
    const { name, besideTheMeter } = this.protocol;
    if (besideTheMeter === true) return undefined;
    if (!this.#sinks.has(station)) this.#sinks.set(station, station.device.traffic?.(station.port, name));
    return this.#sinks.get(station);
  }

  #tell(what: keyof TrafficSink): void {
    for (const sink of this.#behind?.sinks ?? []) sink[what]();
  }

  #arrive(link: Link, line: Line | undefined): void {
    if (this.#behind !== undefined) return this.#take(link, line);
    this.#waiting.push({ link, line });
  }

  #take(link: Link, line: Line | undefined): void {
    const { turns, clock, commits } = this.#setting;
    const { counts } = this;
    const lasting = this.#lasting;
    // A line is there for as long as it is open, whoever may be on it; else a link is a peer.
    this.#links.add(link);
    this.#missing = undefined;
    this.#tell(lasting ? "opened" : "connected");
    const say = (words: string): void => this.#setting.tell({ level: "debug", words: `${this.what}: ${words}` });
    say(lasting ? "the line is open" : `${link.peer} has come`);
    link.closed(() => {
      this.#links.delete(link);
      say(lasting ? "the line is gone" : `${link.peer} has gone`);
      if (!lasting) this.#tell("left");
      else if (!this.#closing) this.#tell("failed");
    });
    const { isSecretive = false } = this.protocol;
    const tap = this.#setting.traffic?.tap(this.#seen, link, isSecretive) ?? noTap;
    const peer = new PeerLink(link, {
      turns,
      clock,
      counts,
      lasting,
      tap,
      whole: this.transport.over === "udp" || this.transport.over === "ethernet",
      paced: this.transport.over === "ethernet",
    });
    const heard = this.#watched(peer);
    const isAhead = (): boolean => this.#behind?.ahead.some((ahead) => ahead()) === true;
    const isFree = commits === undefined || this.protocol.tellsNothingKept === true;
    const told = isFree ? heard : gated(heard, { commits, isAhead, lasting });
    const tooMuch = (): void => (lasting ? void counts.unread++ : peer.dismiss());
    const faulty = new FaultyLink(told, this.faults, clock, tooMuch);
    peer.heed(faulty);
    this.#server.take(faulty, line);
  }

  /**
   * While none of the meters behind a link answers, nothing is said on it, whatever a protocol had under way. What comes on it is told
   * to those who want to know.
   */
  #watched(link: Link): Link {
    const isSilent = (): boolean => {
      const { isGated = false, group } = this.#behind ?? {};
      return isGated && group?.stations.some(({ answers }) => answers?.() === true) !== true;
    };
    return watched(link, isSilent, () => this.#tell("heard"));
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#waiting = [];
    await this.#opened?.close();
    this.#server.end?.();
  }
}
