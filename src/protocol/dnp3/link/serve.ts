/**
 * Outstations on one link: who is meant by an address, a data link for each master of each, and who has been silent. A frame that is meant for
 * nobody, comes from no device or runs the wrong way is not answered (IEEE 1815, clause 9.2; TB2013-002).
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import { addressOf } from "#io/address.ts";
import type { Link } from "#io/link.ts";
import { transmissionMs } from "#io/serial.ts";
import { limits } from "#quantity/limits.ts";
import { WireError } from "#wire/cursor.ts";
import { isBroadcast, LAST_ADDRESS, SELF_ADDRESS } from "./addresses.ts";
import { bits, primary } from "./control.ts";
import { DataLink } from "./data-link.ts";
import { beginsFrame, FrameReader } from "./frame-reader.ts";
import { headerBytes, type Frame } from "./frame.ts";
import type { Broadcast, DnpRights, FragmentServer, MasterLine } from "./master-line.ts";
import type { ConfirmSettings } from "./primary.ts";
import { isStateless, Secondary } from "./secondary.ts";
import { Reassembler } from "./segments.ts";

/** What an outstation's settings say of its links. */
export interface StationSettings {
  /** 0 to 65,519. */
  readonly address: number;
  /** The only master that is answered; any where it is left out. */
  readonly master?: number | undefined;
  /** Answers at 0xFFFC, too. */
  readonly selfAddress: boolean;
  readonly link: ConfirmSettings & {
    /** Between two octets of a frame, on lines without packets. */
    readonly interCharacterMs: number;
  };
  /** A master from which nothing comes for so long is gone. */
  readonly inactivityMs: number;
}

/** An outstation behind a link. */
export interface DnpStation {
  readonly server: FragmentServer;
  /** By the configuration of the moment. */
  settings(): StationSettings;
  /** Whether it answers now; always unless said. */
  readonly answers?: (() => boolean) | undefined;
  /** How long an answer waits at least, milliseconds; not at all unless said. */
  readonly answerDelayMs?: (() => number) | undefined;
  /** A master has come, or is gone: silence, or the end of the link. */
  readonly connected?: (() => void) | undefined;
  readonly left?: (() => void) | undefined;
}

export interface DnpOptions {
  /** Whether the peer is on the site's own machine; not unless said. */
  readonly near?: boolean | undefined;
  /** What the peer may do; all unless said. */
  readonly rights?: DnpRights | undefined;
  /** A serial line of this speed, which lasts whoever is on it; packets unless said, whose link ends when nothing comes on it. */
  readonly baud?: number | undefined;
  /** What comes in one piece is a datagram: the rest of one that was lost does not come. */
  readonly datagrams?: boolean | undefined;
  /** Is told of what is no frame, and of a frame that was given up. */
  readonly misunderstood?: (() => void) | undefined;
}

/** A master of an outstation. */
class Master implements MasterLine {
  readonly master: number;
  readonly station: DnpStation;
  /** The station's address when it came. */
  readonly own: number;
  readonly dataLink: DataLink;
  readonly #line: DnpLine;
  /** What is put together for everybody, and under which address. */
  #broadcasts: { readonly address: Broadcast; readonly reassembler: Reassembler } | undefined;
  heardAt: number;
  silence: Cancel = () => {};

  constructor(line: DnpLine, station: DnpStation, { own, master }: { readonly own: number; readonly master: number }) {
    const { clock, baud } = line;
    this.master = master;
    this.station = station;
    this.own = own;
    this.#line = line;
    this.heardAt = clock.elapsed();
    this.dataLink = new DataLink({
      destination: master,
      source: own,
      isMaster: false,
      settings: () => station.settings().link,
      clock,
      send: (bytes) => line.send(station, bytes),
      sendMs: baud === undefined ? undefined : (octets) => this.delayMs + transmissionMs(octets, baud),
      take: (fragment) => station.server.take(fragment, this),
    });
  }

  get peer(): string {
    return this.#line.peer;
  }

  get place(): string {
    return this.#line.place;
  }

  get near(): boolean {
    return this.#line.near;
  }

  get rights(): DnpRights {
    return this.#line.rights;
  }

  get delayMs(): number {
    return this.station.answerDelayMs?.() ?? 0;
  }

  get waiting(): number {
    return this.#line.waiting;
  }

  send(fragment: Uint8Array): void {
    this.dataLink.send(fragment);
  }

  broadcast(data: Uint8Array, address: Broadcast): void {
    if (this.#broadcasts?.address !== address) this.#broadcasts = { address, reassembler: new Reassembler() };
    const fragment = this.#broadcasts.reassembler.take(data);
    if (fragment !== undefined) this.station.server.take(fragment, this, address);
  }
}

export class DnpLine {
  readonly clock: Clock;
  readonly baud: number | undefined;
  readonly peer: string;
  readonly place: string;
  readonly near: boolean;
  readonly rights: DnpRights;
  readonly #link: Link;
  #stations: readonly DnpStation[];
  readonly #options: DnpOptions;
  readonly #reader = new FrameReader();
  /** The masters of each station; a few: who it is is looked for. */
  readonly #masters = new Map<DnpStation, Master[]>();
  /** When a station was last meant, by anybody. */
  #heardAt: number;
  #silence: Cancel = () => {};
  #rest: Cancel = () => {};
  /** Octets of answers that wait for a meter's delay. */
  #delayed = 0;
  /** What an answer brings about at once comes while frames are worked off. */
  #working = false;
  #open = true;

  constructor(link: Link, stations: readonly DnpStation[], clock: Clock, options: DnpOptions) {
    const { near = false, rights = "write", baud } = options;
    this.clock = clock;
    this.baud = baud;
    this.peer = link.peer;
    this.place = baud === undefined ? hostOf(link.peer) : link.peer;
    this.near = near;
    this.rights = rights;
    this.#link = link;
    this.#stations = stations;
    this.#options = options;
    this.#heardAt = clock.elapsed();
    if (baud === undefined) this.#watchLink();
  }

  get waiting(): number {
    return this.#delayed + this.#link.waiting;
  }

  receive(bytes: Uint8Array): void {
    this.#rest();
    // A datagram has whole frames, as a rule.
    if (this.#options.datagrams === true && this.#reader.held > 0 && beginsFrame(bytes)) this.#work(true);
    this.#reader.add(bytes);
    this.#work();
    if (this.baud === undefined || this.#reader.held === 0 || !this.#open) return;
    const waitMs = this.#stations[0]?.settings().link.interCharacterMs ?? 0;
    this.#rest = this.clock.after(waitMs, () => this.#work(true));
  }

  /** Others stand behind it from here on: masters of those who do no longer are gone, and nobody else notices. */
  behind(stations: readonly DnpStation[]): void {
    this.#stations = stations;
    for (const [station, masters] of this.#masters) {
      if (stations.includes(station)) continue;
      this.#masters.delete(station);
      for (const one of masters) this.#ended(one);
    }
  }

  /** The link is gone. */
  end(): void {
    this.#open = false;
    this.#rest();
    this.#silence();
    for (const masters of this.#masters.values()) for (const one of masters.splice(0)) this.#ended(one);
  }

  /** Sends frames of a station, when it has waited as long as it is set to. */
  send({ answers, answerDelayMs }: DnpStation, bytes: Uint8Array): void {
    const isSilent = (): boolean => !this.#open || answers?.() === false;
    if (isSilent()) return;
    const waitMs = answerDelayMs?.() ?? 0;
    if (waitMs <= 0) return this.#link.send(bytes);
    // On a line that asks faster than it may be answered, what is too much is lost, as it is on a meter.
    if (this.#delayed + bytes.length > limits.peers.turnaround) return;
    this.#delayed += bytes.length;
    this.clock.after(waitMs, () => {
      this.#delayed -= bytes.length;
      if (!isSilent()) this.#link.send(bytes);
    });
  }

  #work(isAll = false): void {
    if (this.#working) return;
    this.#working = true;
    const { noise } = this.#reader;
    let isSound = false;
    try {
      for (let frame = this.#reader.next(isAll); frame !== undefined; frame = this.#reader.next(isAll)) {
        isSound = true;
        if (this.#open) this.#heed(frame);
      }
    } finally {
      this.#working = false;
    }
    if (!isSound && this.#reader.noise !== noise) this.#options.misunderstood?.();
  }

  /** The one place where what is no message of the protocol ends up. */
  #heed(frame: Frame): void {
    try {
      this.#take(frame);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#options.misunderstood?.();
    }
  }

  #take(frame: Frame): void {
    const { control, destination, source } = frame;
    if ((control & bits.dir) === 0 || source > LAST_ADDRESS) return;
    if (isBroadcast(destination)) return this.#broadcast(frame, destination);
    const station = this.#stationAt(destination);
    if (station === undefined || station.answers?.() === false) return;
    const { address, master } = station.settings();
    if (master !== undefined && master !== source) return;
    this.#heardAt = this.clock.elapsed();
    const known = this.#masterOf(station, { own: address, master: source });
    if (known !== undefined) known.heardAt = this.#heardAt;
    if ((control & bits.prm) !== 0 && isStateless(control)) {
      const { answer } = new Secondary().take(control, frame.data.length);
      if (answer !== undefined)
        this.send(station, headerBytes({ control: answer, destination: source, source: address }));
      return;
    }
    const isAnswer = (control & bits.prm) === 0;
    const one = known ?? (isAnswer ? undefined : this.#arrival(station, { own: address, master: source }));
    one?.dataLink.take(frame);
  }

  /** Everybody takes unconfirmed user data, and nothing else; nobody answers. */
  #broadcast({ control, source, data }: Frame, address: Broadcast): void {
    if ((control & ~bits.fcb) !== (bits.dir | bits.prm | primary.unconfirmedUserData)) return;
    for (const station of this.#stations) {
      if (station.answers?.() === false) continue;
      const { address: own, master } = station.settings();
      if (master !== undefined && master !== source) continue;
      const who = { own, master: source };
      const one = this.#masterOf(station, who) ?? this.#arrival(station, who);
      one.heardAt = this.#heardAt = this.clock.elapsed();
      one.broadcast(data, address);
    }
  }

  #stationAt(address: number): DnpStation | undefined {
    if (address === SELF_ADDRESS) return this.#stations.find((one) => one.settings().selfAddress);
    return this.#stations.find((one) => one.settings().address === address);
  }

  /** One that knew the station by another address is gone. */
  #masterOf(
    station: DnpStation,
    { own, master }: { readonly own: number; readonly master: number },
  ): Master | undefined {
    const found = this.#masters.get(station)?.find((one) => one.master === master);
    if (found === undefined || found.own === own) return found;
    this.#leave(found);
    return undefined;
  }

  #arrival(station: DnpStation, who: { readonly own: number; readonly master: number }): Master {
    const masters = this.#masters.get(station) ?? [];
    this.#masters.set(station, masters);
    if (masters.length >= limits.dnp3.masters)
      this.#leave(masters.reduce((before, one) => (one.heardAt < before.heardAt ? one : before)));
    const one = new Master(this, station, who);
    masters.push(one);
    this.#watch(one);
    station.connected?.();
    return one;
  }

  #watch(one: Master): void {
    const { inactivityMs } = one.station.settings();
    const left = one.heardAt + inactivityMs - this.clock.elapsed();
    if (left <= 0) return this.#leave(one);
    one.silence = this.clock.after(left, () => this.#watch(one));
  }

  /** On a link that somebody can open again, silence is the end of it. */
  #watchLink(): void {
    const inactivityMs = Math.max(...this.#stations.map((one) => one.settings().inactivityMs));
    const left = this.#heardAt + inactivityMs - this.clock.elapsed();
    if (left <= 0) return this.#link.close();
    this.#silence = this.clock.after(left, () => this.#watchLink());
  }

  #leave(one: Master): void {
    const masters = this.#masters.get(one.station);
    masters?.splice(masters.indexOf(one), 1);
    this.#ended(one);
  }

  #ended(one: Master): void {
    one.silence();
    one.dataLink.end();
    one.station.server.ended(one);
    one.station.left?.();
  }
}

/** The host of a peer, in the one way of writing it: a link's name has its port behind it. */
function hostOf(peer: string): string {
  const host = peer.replace(/:\d+$/, "");
  return addressOf(host) ?? host;
}

/** Serves a link that carries DNP3 and nothing else. */
export function serveDnp(link: Link, stations: readonly DnpStation[], clock: Clock, options: DnpOptions = {}): DnpLine {
  const line = new DnpLine(link, stations, clock, options);
  link.receive((bytes) => line.receive(bytes));
  link.closed(() => line.end());
  return line;
}
