/**
 * A row of the table of protocols: all that a site has to know of one. Site files and their schema, listeners, faults,
 * documents and `polyphase models` read it; no other file of a site knows a protocol by name.
 */
import type { TlsVersion } from "#io/tls-identity.ts";
import type { Clock } from "#clock/clock.ts";
import type { FaultRule, FaultyLink } from "#io/faulty-link.ts";
import type { PacedLine } from "#io/serial.ts";
import type { SampleSource, Source } from "#waveform/source.ts";
import type { Device, LineSettings, PortUse } from "#product/product.ts";
import type { z } from "zod";

/** A way on which a protocol travels. */
interface Way {
  /** As site files name it: "tcp", "rtu". */
  readonly name: string;
  /** Of the URLs by which readers name meters, without its colon: "modbus+tls". */
  readonly scheme: string;
  /** Such a URL in words. */
  readonly form: string;
}

/** On Ethernet. */
export interface NetTransport extends Way {
  readonly over: "tcp" | "tls";
  /** Where it listens unless said, from 1024. */
  readonly port: number;
  /** Peers at once where neither the site file nor a manual says. */
  readonly peers: number;
  /** Where a log-in earns a place, and an answer does not: peers that may be on the way to it at once. */
  readonly logIns?: number;
  /** The listener speaks first. */
  readonly greets?: true;
  /** Over TLS, the newest version unless the site file says another: where peers are known that speak no newer one. */
  readonly newestTls?: TlsVersion;
  /** Of the slowest line that a gateway may carry on it; undefined where there is no line behind it. */
  readonly baud?: number;
}

/** On Ethernet, in datagrams. */
export interface DatagramTransport extends Way {
  readonly over: "udp";
  /** As of those over TCP. */
  readonly port: number;
  readonly peers: number;
  /** Seconds of silence after which a peer is gone, where nothing is to be remembered of it; else those of a conversation. */
  readonly idle?: number;
  /** What comes may be sent to groups, which the site file names. */
  readonly groups?: true;
}

/** Frames of Ethernet, of one EtherType: a frame is a message, in which the sender's address is filled in. */
export interface EthernetTransport extends Way {
  readonly over: "ethernet";
  readonly etherType: number;
}

/** On a serial port, or on an optical one, which a sign-on begins. */
export interface SerialTransport extends Way {
  readonly over: "serial" | "optical";
}

export type Transport = NetTransport | DatagramTransport | EthernetTransport | SerialTransport;

/** A listener as a site file names it. */
export interface ListenEntry<Keys = unknown> extends PortUse {
  /** What stands in the file, by the keys of what carries it and of its protocol. */
  readonly keys: Keys;
  readonly faults: readonly FaultRule[];
}

/** What listeners take from a device. */
type Heard =
  | "bindings"
  | "line"
  | "lineOn"
  | "ports"
  | "room"
  | "roomInAll"
  | "frameTimeoutMs"
  | "answerDelayMs"
  | "traffic";

/** A meter or device, as listeners see it. */
export interface Listening extends Pick<Device, Heard> {
  readonly name: string;
  readonly listen: readonly ListenEntry[];
  /** Whether a protocol answers on a port now; always unless said. */
  readonly answers?: ((port: string, protocol: string) => boolean) | undefined;
  /** Whether it has changed since the last transaction of its store; never unless said. */
  readonly ahead?: (() => boolean) | undefined;
  /** Whether what is changed of it can be kept; always unless said. */
  readonly keeps?: (() => boolean) | undefined;
  /** What is before its terminals; and what plays that once more, at so many samples a second, where it has a waveform of its own. */
  readonly waveform?:
    | { readonly source: Source; readonly play?: ((rate: number) => SampleSource) | undefined }
    | undefined;
}

/** A meter behind a place. */
export interface Station<Keys = unknown> {
  readonly device: Listening;
  /** The meter's port, by name: "ethernet 1". */
  readonly port: string;
  readonly keys: Keys;
  /** What counts there unless the keys say otherwise. */
  readonly line: LineSettings;
  /** Asked before a request is handed to the meter: without power, or with its port shut, it does and says nothing. */
  readonly answers: (() => boolean) | undefined;
}

/** A station that cannot answer as its keys say, and by which of them; whoever has the site file says where that stands. */
export class StationRefused extends Error {
  readonly station: Station;
  readonly key: string;

  constructor(station: Station, key: string, message: string) {
    super(message);
    this.name = "StationRefused";
    this.station = station;
    this.key = key;
  }
}

/** Of a meter that has no binding for a protocol: the key that names it, and what it does speak. */
export function notSpoken(station: Station, protocol: string, title: string): StationRefused {
  const { name, bindings } = station.device;
  const speaks = Object.keys(bindings).join(", ");
  return new StationRefused(
    station,
    protocol,
    `${name} does not speak ${title}; its model speaks ${speaks === "" ? "nothing" : speaks} (npx polyphase models)`,
  );
}

/** Of two meters, or one that is there twice, whom nobody could tell apart: the second is refused, by the key that names its protocol. */
export function notApart(station: Station, protocol: string, other: string, what: string): StationRefused {
  const { device, keys } = station;
  const { place } = device.listen.find((one) => one.keys === keys) ?? {};
  const both =
    other === device.name ? `${other} is there twice, each time with` : `${other} and ${device.name} both have`;
  return new StationRefused(
    station,
    protocol,
    `${both} ${what} on one place${place === undefined ? "" : `, ${place}`}`,
  );
}

/** A place, and who answers there. */
export interface Served<Keys = unknown> {
  readonly transport: Transport;
  /** In the order of the site file; where they differ in what concerns the place as a whole, the first one's keys count. */
  readonly stations: readonly [Station<Keys>, ...Station<Keys>[]];
  readonly clock: Clock;
  /** Folder of the site file, from which keys name files; where nothing is said there are none. */
  readonly folder?: string | undefined;
  /** Is told when what has come is no message of the protocol: the meters' ports show it. */
  readonly misunderstood: () => void;
  /** Hears, of a station, what whoever runs the site should know. */
  readonly tell?: ((station: Station, words: string) => void) | undefined;
  /** Hears which peer was not let in, and why: told on, so rationed that nobody can flood whoever listens. */
  readonly refused?: ((peer: string, why: string) => void) | undefined;
  /** On a line nobody comes and goes but by the protocol's own connections: is told of a station's, when one begins and when it ends. */
  readonly connected: (station: Station) => void;
  readonly left: (station: Station) => void;
}

/** What is known of a line beside the bytes on it. */
export interface Line {
  readonly baud: number;
  /** Of a line whose speed can be changed. */
  readonly pace?: PacedLine | undefined;
}

/** Serves a place. */
export interface Server<Rule extends FaultRule = FaultRule> {
  /** Serves one link; `line` is there where it is a serial one. What is sent goes through the listener's faults. */
  take(link: FaultyLink<Rule>, line: Line | undefined): void;
  /**
   * Others are to stand behind the place from now on, for links that are open, too: throws an Error when one of them does not speak it so;
   * what it returns makes it so. Where there is no such thing the place is opened anew for them.
   */
  change?(stations: Served["stations"]): () => void;
  /** What it will not do of what the keys ask for, as the meters are set up now: whoever begins says so, and whoever only looks. */
  readonly shortcomings?: readonly { readonly station: Station; readonly words: string }[];
  /** The place is open, and the meters stand behind it: what they say of themselves may go out from here on. */
  begin?(): void;
  /** The place is closed, or never was open: what a protocol keeps going beside its links ends. */
  end?(): void;
}

/** What is told from others on one place: "unit" 7, "svID" feeder-1. */
export interface StationNumber {
  readonly word: string;
  /** Undefined while only the meter knows it, and where names tell them apart. */
  readonly number: number | undefined;
  readonly name?: string | undefined;
  /** The model that it shows itself as, where that is another than its own. */
  readonly face?: string | undefined;
}

/** What a protocol's own faults are called in files, and which of its requests a rule can choose. */
export interface FaultWords<Given = unknown, Rule extends FaultRule = FaultRule> {
  /** One key a fault. */
  readonly faults: z.ZodRawShape;
  readonly requests: z.ZodRawShape;
  /** The fault of its own that a rule names; undefined where it names none. */
  faultOf(given: Given): Rule["fault"] | undefined;
  requestsOf(given: Given): Omit<Rule, keyof FaultRule>;
}

export interface Protocol<Keys = unknown, Rule extends FaultRule = FaultRule> {
  /** The key by which site files name it, and the name in `PortUse`, `Bindings` and `Device.room`. */
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  readonly transports: readonly Transport[];
  /** What it says of a meter is nothing that could be lost again, and does not wait for the disk. */
  readonly tellsNothingKept?: true;
  /** It is not the meter that speaks, but what stands before its terminals: no port of the meter's has it, and it needs no power of it. */
  readonly besideTheMeter?: true;
  /** Passwords and files of people go over it, in the clear or not: that there is a connection is all that is shown of its traffic. */
  readonly isSecretive?: true;
  /** Keys of a listener's entry beside those of what carries it. */
  keys(transport: Transport): z.ZodRawShape;
  /** Keys that somebody may look for among them, and where they stand instead. */
  keysElsewhere?(transport: Transport): Readonly<Record<string, string>>;
  readonly faultWords?: FaultWords<unknown, Rule>;
  /** Keys that say who a meter is behind its place, and nothing of the place: links outlast a change of them. */
  readonly stationKeys?: readonly string[];
  /** What no schema can say: "key: what was expected". */
  problems?(keys: Keys): readonly string[];
  /** The files that the keys name, as they are now: with others a place is opened anew. */
  marks?(keys: Keys, folder: string): readonly (string | undefined)[];
  /**
   * What tells a meter from others on its place; `address` is the meter's own, undefined while only the meter knows it. Undefined
   * where a place has room for one.
   */
  station?(keys: Keys, address: number | undefined, transport: { readonly name: string }): StationNumber | undefined;
  /** How a URL names a meter behind its place; `meter` is who stands there, whose settings may have to be said, too. */
  url(
    transport: Transport,
    station: StationNumber | undefined,
    meter?: Station,
  ): { readonly path: string; readonly query: readonly string[] };
  /** Throws an Error when one of the meters does not speak it so. */
  serve(served: Served<Keys>): Server<Rule>;
}
