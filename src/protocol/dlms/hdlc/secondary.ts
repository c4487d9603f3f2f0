/**
 * The stations of servers on one link (Green Book 8.4): they connect and disconnect, find who is meant by an address, and let go who has been
 * silent. A frame whose check does not hold, or that is meant for nobody, is not answered.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { Link } from "#io/link.ts";
import type { Addresses, ApduServer, Carrying, Conversation } from "#protocol/dlms/apdu/conversation.ts";
import type { HdlcSettings } from "#protocol/dlms/cosem/logical-device.ts";
import { limits } from "#quantity/limits.ts";
import { WireError } from "#wire/cursor.ts";
import { partBits, reserved, type HdlcAddress } from "./address.ts";
import { apduIn, Connection, LLC, toServer, type Reply } from "./connection.ts";
import { FrameReader } from "./frame-reader.ts";
import { frameBytes, type Frame } from "./frame.ts";
import { agreed, parametersBytes, parametersOf, type HdlcParameters } from "./parameters.ts";

/** A meter on the line. */
export interface HdlcStation {
  readonly server: ApduServer;
  /** By the configuration of the moment. */
  settings(): HdlcSettings;
  /** Whether it has a logical device of that upper address; nothing that is meant for another is answered. */
  has(logicalDevice: number): boolean;
  /** Whether it answers now; always unless said. */
  readonly answers?: (() => boolean) | undefined;
  /** How long an answer waits at least, milliseconds; not at all unless said. */
  readonly answerDelayMs?: (() => number) | undefined;
  /** A client has connected to it, or is gone: DISC, silence, or the end of the link. */
  readonly connected?: (() => void) | undefined;
  readonly left?: (() => void) | undefined;
}

export interface HdlcOptions {
  /** Whether the peer is on the site's own machine; not unless said. */
  readonly near?: boolean;
  /** Is told of bytes that are no frame, of a frame that was given up, of one that was rejected, and of a client that fell silent. */
  readonly misunderstood?: (() => void) | undefined;
  /** The last data link has ended, for now. */
  readonly idle?: (() => void) | undefined;
}

/** A data link: of one client to one logical device. */
interface Held {
  readonly station: HdlcStation;
  readonly addresses: Addresses;
  readonly connection: Connection;
  heardAt: number;
  silence: Cancel;
}

/** What a client that connects would get. */
interface Offer {
  readonly addresses: Addresses;
  readonly settings: HdlcSettings;
  readonly parameters: HdlcParameters;
}

const NOTHING = new Uint8Array(0);

export class HdlcLine {
  readonly #link: Link;
  readonly #stations: () => readonly HdlcStation[];
  readonly #clock: Clock;
  readonly #options: HdlcOptions;
  readonly #reader = new FrameReader();
  /** A few: who is meant is looked for. */
  readonly #held = new Set<Held>();
  #rest: Cancel = () => {};
  /** Bytes of answers that wait for the meter's delay. */
  #delayed = 0;
  #open = true;

  constructor(link: Link, stations: () => readonly HdlcStation[], clock: Clock, options: HdlcOptions) {
    this.#link = link;
    this.#stations = stations;
    this.#clock = clock;
    this.#options = options;
  }

  receive(bytes: Uint8Array): void {
    this.#rest();
    const { noise } = this.#reader;
    this.#work(this.#reader.take(bytes), noise);
    if (!this.#reader.waits || !this.#open) return;
    const waitMs = this.#stations()[0]?.settings().interFrameMs ?? 0;
    this.#rest = this.#clock.after(waitMs, () => this.#work(this.#reader.giveUp(), -1));
  }

  /** All data links end: the line is gone, or is another one from now on. */
  end(): void {
    this.#open = false;
    this.#rest();
    for (const held of this.#held) this.#disconnect(held);
  }

  #work(frames: readonly Frame[], noise: number): void {
    for (const frame of frames) if (this.#open) this.#take(frame);
    if (frames.length === 0 && this.#reader.noise !== noise) this.#options.misunderstood?.();
  }

  #take(frame: Frame): void {
    const { source, destination, control } = frame;
    if (source.bytes !== 1 || source.upper === reserved.noStation || source.upper === reserved.allStations[7]) return;
    if (control.kind === "UI") return this.#unnumbered(frame);
    const station = this.#stationAt(destination);
    if (station === undefined || station.answers?.() === false) return;
    const held = this.#heldOf(station, { client: source.upper, server: destination.upper });
    if (control.kind === "SNRM") {
      if (held !== undefined) this.#end(held);
      this.#connect(station, frame);
      if (held !== undefined) this.#look();
      return;
    }
    if (held === undefined) return this.#respond(station, frame, plain("DM"));
    if (control.kind === "DISC") {
      this.#respond(station, frame, plain("UA"));
      return this.#disconnect(held);
    }
    this.#heard(held);
    held.connection.take(frame);
  }

  #heldOf(station: HdlcStation, { client, server }: Addresses): Held | undefined {
    for (const held of this.#held)
      if (held.station === station && held.addresses.client === client && held.addresses.server === server) return held;
    return undefined;
  }

  /** Who is meant: by its lower address, or without one as the only one. Who has called, and all at once, are nobody's addresses here. */
  #stationAt(address: HdlcAddress): HdlcStation | undefined {
    const stations = this.#stations();
    const [first] = stations;
    const named =
      address.lower === undefined
        ? stations.length === 1
          ? first
          : undefined
        : stations.find((one) => one.settings().physical === address.lower);
    return named?.has(address.upper) === true ? named : undefined;
  }

  #connect(station: HdlcStation, frame: Frame): void {
    const settings = station.settings();
    let parameters: HdlcParameters | undefined;
    try {
      parameters = agreed(settings, parametersOf(frame.information));
    } catch (error) {
      return this.#fail(error);
    }
    const addresses = { client: frame.source.upper, server: frame.destination.upper };
    const connection = parameters && this.#connectionTo(station, frame, { addresses, settings, parameters });
    if (connection === undefined || parameters === undefined) return this.#respond(station, frame, plain("DM"));
    const held: Held = { station, addresses, connection, heardAt: this.#clock.elapsed(), silence: () => {} };
    this.#held.add(held);
    this.#watch(held, settings.inactivityMs);
    station.connected?.();
    this.#respond(station, frame, { ...plain("UA"), information: parametersBytes(parameters) });
  }

  #connectionTo(
    station: HdlcStation,
    { source, destination }: Frame,
    { addresses, settings: { segmentation }, parameters }: Offer,
  ): Connection | undefined {
    if (this.#held.size >= limits.dlms.dataLinks) return undefined;
    let connection: Connection | undefined;
    const carrying: Carrying = {
      peer: this.#link.peer,
      near: this.#options.near ?? false,
      longest: segmentation ? undefined : parameters.maxInfoTransmit - LLC,
      push: (apdu) => connection?.push(apdu),
    };
    const conversation: Conversation | undefined = station.server.converse(addresses, carrying);
    if (conversation === undefined) return undefined;
    connection = new Connection(conversation, {
      parameters,
      segmentation,
      reply: (reply) => this.#send(station, { source, destination }, reply),
      fail: (error) => this.#fail(error),
      misunderstood: () => this.#options.misunderstood?.(),
    });
    return connection;
  }

  /** Requests that nobody answers: of one client to the logical device that it is connected to, or to all. */
  #unnumbered({ source, destination, information }: Frame): void {
    const apdu = apduIn(information, toServer);
    if (apdu === undefined) return this.#options.misunderstood?.();
    for (const held of this.#held) {
      const { station, connection } = held;
      if (!isMeant(held, source, destination) || station.answers?.() === false) continue;
      this.#heard(held);
      try {
        const answered = connection.conversation.request(apdu);
        if (answered instanceof Promise) void answered.catch((error: unknown) => this.#fail(error));
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  #heard(held: Held): void {
    held.heardAt = this.#clock.elapsed();
  }

  #watch(held: Held, inactivityMs: number): void {
    const left = held.heardAt + inactivityMs - this.#clock.elapsed();
    held.silence = this.#clock.after(left, () => {
      if (this.#clock.elapsed() - held.heardAt < inactivityMs) return this.#watch(held, inactivityMs);
      this.#options.misunderstood?.();
      this.#disconnect(held);
    });
  }

  #disconnect(held: Held): void {
    this.#end(held);
    this.#look();
  }

  /** Who hears that the last data link has ended may turn the line to something else: what was to be said has been. */
  #look(): void {
    if (this.#held.size === 0) this.#options.idle?.();
  }

  #end(held: Held): void {
    this.#held.delete(held);
    held.silence();
    held.connection.end();
    held.station.left?.();
  }

  /** A station speaks when it is polled. */
  #respond(station: HdlcStation, frame: Frame, reply: Reply): void {
    if (frame.control.poll) this.#send(station, frame, reply);
  }

  /** To whom a frame came from, in the form that the client has for the server. */
  #send(station: HdlcStation, { source, destination }: Pick<Frame, "source" | "destination">, reply: Reply): void {
    if (!this.#open) return;
    const bytes = frameBytes({ ...reply, destination: source, source: destination });
    const waitMs = station.answerDelayMs?.() ?? 0;
    if (waitMs <= 0) return this.#link.send(bytes);
    // On a line that asks faster than it may be answered, what is too much is lost, as it is on a meter.
    if (this.#delayed + bytes.length > limits.peers.turnaround) return;
    this.#delayed += bytes.length;
    this.#clock.after(waitMs, () => {
      this.#delayed -= bytes.length;
      this.#link.send(bytes);
    });
  }

  /** The one place where what is no message of the protocol ends up. */
  #fail(error: unknown): void {
    if (!(error instanceof WireError)) throw error;
    this.#options.misunderstood?.();
  }
}

function plain(kind: "UA" | "DM"): Reply {
  return { control: { kind, poll: true }, segmented: false, information: NOTHING };
}

/** Whether unnumbered information of a client is for a data link: its own, or all. */
function isMeant({ station, addresses }: Held, source: HdlcAddress, { upper, lower, ...to }: HdlcAddress): boolean {
  const all = reserved.allStations[partBits({ upper, ...to })];
  const isDevice = lower === undefined || lower === all || lower === station.settings().physical;
  return isDevice && addresses.client === source.upper && (upper === all || upper === addresses.server);
}

/** Serves a link that carries HDLC and nothing else. A station is the same one for as long as it stands there: its data links are its own. */
export function serveHdlc(
  link: Link,
  stations: () => readonly HdlcStation[],
  clock: Clock,
  options: HdlcOptions = {},
): void {
  const line = new HdlcLine(link, stations, clock, options);
  link.receive((bytes) => line.receive(bytes));
  link.closed(() => line.end());
}
