/**
 * What `fleet` knows of the things that it runs: a product makes devices from entries of a site file, a device has a surface and
 * binds itself to protocols. Nothing above knows of a kind of either.
 */
import type { Clock } from "#clock/clock.ts";
import type { PointFacts as DnpPointFacts } from "#protocol/dnp3/point-facts.ts";
import type { PointLists } from "#protocol/modbus/point-facts.ts";
import type { DlmsHost } from "#protocol/dlms/cosem/logical-device.ts";
import type { DnpHost } from "#protocol/dnp3/outstation/host.ts";
import type { Iec102Host } from "#protocol/iec102/station/host.ts";
import type { IedHost } from "#protocol/iec61850/server/host.ts";
import type { SntpHost } from "#protocol/ntp/host.ts";
import type { SnmpHost } from "#protocol/snmp/host.ts";
import type { ModbusUnit } from "#protocol/modbus/unit.ts";
import type { Suggestions } from "#quantity/configuration-history.ts";
import type { FileDoor } from "#quantity/file-visitor.ts";
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { WiringName } from "#quantity/wiring.ts";
import type { MeterStore } from "#store/store.ts";
import type { FileHost } from "./file-host.ts";
import type { Source } from "#waveform/source.ts";

/** A listener that a site file gives a meter: what a product may have a say in. */
export interface PortUse {
  /** "modbus". */
  readonly protocol: string;
  /** "tcp", "rtu". */
  readonly transport: string;
  /** What kind of port carries it. */
  readonly port: "serial" | "ethernet" | "optical";
  /** Who names the same place shares it: "127.0.0.1:1502", "/dev/ttyUSB0"; undefined takes any free port for itself. */
  readonly place?: string | undefined;
}

/** A meter of a site file, as its product takes it. */
export interface MeterEntry {
  readonly name: string;
  readonly model: string;
  readonly settings: Readonly<Record<string, number | string>>;
  readonly modelNumber?: string | undefined;
  /** Its configuration file, from the site file's folder. */
  readonly configuration?: string | undefined;
  readonly transformers: { readonly pt: number; readonly ct: number };
  readonly auxiliary?: boolean | undefined;
  readonly serial?: string | undefined;
  readonly firmware?: number | undefined;
  readonly options: { readonly logging: boolean };
  readonly clockDrift: number;
  /** It starts in its reset system. */
  readonly resetSystem?: boolean | undefined;
}

/** How a meter samples, and on what wiring: what a source has to know. */
export interface Sampled {
  readonly sampling: InstrumentDesign["sampling"];
  readonly wiring: WiringName;
}

export interface DeviceOptions {
  readonly entry: MeterEntry;
  readonly ports: readonly PortUse[];
  /** Folder of the site file. */
  readonly folder: string;
  /** The file, outside the store, of the key to the secrets in it; made at first need. Without it secrets end with the process. */
  readonly keyFile?: string | undefined;
  readonly clock: Clock;
  /** By which people and peers go, however fast the site's clock does; the computer's own unless said. */
  readonly real?: Clock | undefined;
  readonly store: MeterStore;
  readonly source: (how: Sampled) => Source;
  /** How many phases the source has, where the site file says it. */
  readonly phases?: number | undefined;
  /** Told in words what a peer was refused. */
  readonly refused: (why: string) => void;
}

/** How a device answers on one listener, protocol by protocol; undefined where it does not speak it. */
export interface Bindings {
  /**
   * `port` is the meter's, by name; `unit` the address at which it answers there; `face` another model whose registers it wears.
   * Undefined where there is no such thing. Throws an Error where the meter is connected as that model cannot be.
   */
  readonly modbus?: (how: {
    readonly port: string;
    readonly unit: number;
    readonly face?: string | undefined;
  }) => ModbusUnit | undefined;
  /** `port` is the meter's, by name. */
  readonly sftp?: (how: { readonly port: string }) => FileHost | undefined;
  readonly ftp?: (how: { readonly port: string }) => FileDoor | undefined;
  readonly snmp?: (how: { readonly port: string }) => SnmpHost | undefined;
  readonly sntp?: (how: { readonly port: string }) => SntpHost | undefined;
  readonly dlms?: (how: { readonly port: string }) => DlmsHost | undefined;
  readonly dnp3?: (how: { readonly port: string }) => DnpHost | undefined;
  readonly iec102?: (how: { readonly port: string }) => Iec102Host | undefined;
  /** Over MMS, and of what GOOSE publishes: one for each port. */
  readonly iec61850?: (how: { readonly port: string }) => IedHost | undefined;
}

/** What a listener takes from the meter's own settings unless the file says it. */
export interface LineSettings {
  readonly address: number;
  readonly baud: number;
  /** 0 none, 1 even, 2 odd. */
  readonly parity: number;
}

/** What a listener tells of a protocol on a port. */
export interface TrafficSink {
  /** It is open, or open again. */
  opened(): void;
  /** Its line is gone. */
  failed(): void;
  /** A peer has come, or gone. On a serial line nobody comes and goes. */
  connected(): void;
  left(): void;
  /** Bytes have come. */
  heard(): void;
  /** What has come is no message of the protocol. */
  misunderstood(): void;
}

export type WhenKept = (run: (kept: boolean) => void) => void;

export interface Device {
  readonly surface: MeterSurface;
  readonly source: Source;
  readonly bindings: Bindings;
  /** What whoever starts the site should know. */
  readonly notices: readonly string[];
  readonly line: LineSettings;
  /** It is to be made anew, on what it has kept: it reboots. */
  readonly isSpent?: boolean;
  /** The same of one of its ports and a protocol, where they differ. */
  readonly lineOn?: ((port: string, protocol: string) => LineSettings | undefined) | undefined;
  /** Names of its ports that the listeners are, in the order of the site file; "ethernet 1" and serial ports from 1 on unless said. */
  readonly ports?: readonly string[] | undefined;
  /** Peers that it has room for on one port of a protocol; undefined where its manual names no limit. */
  readonly room: (protocol: string, port: string) => number | undefined;
  /** Peers that one of its ports has room for, of all protocols together; undefined where its manual names no limit. */
  readonly roomInAll?: ((port: string) => number | undefined) | undefined;
  /** How long a serial frame may take, where that is the meter's own to say. */
  readonly frameTimeoutMs?: (() => number) | undefined;
  /** How long an answer waits on a serial port at least, milliseconds, where that is the meter's own to say. */
  readonly answerDelayMs?: ((port: string) => number) | undefined;
  /** Who wants to know what goes on at a port in a protocol. */
  readonly traffic?: ((port: string, protocol: string) => TrafficSink) | undefined;
  /** Works off what has gone by until an elapsed time of the site's clock. */
  advance(elapsed: number): void;
  /** `kept` runs what waits for the next transaction of the store, and whether that could be written; at once where there is no store. */
  start(kept?: WhenKept): void;
  /** `isReplaced` where it goes on as one that is set up otherwise. */
  stop(isReplaced?: boolean): void;
}

/** Where a running meter is reached over DNP3. */
export type ReachedAt =
  | { readonly over: "tcp" | "tls" | "udp"; readonly host: string; readonly number: number }
  /** Which of the meter's serial lines it is, in their order from 0. */
  | { readonly over: "serial"; readonly line: number; readonly baud: number; readonly parity: string };

/** A meter, in the words of a document on it. */
export interface ProfiledDevice {
  readonly name: string;
  /** Empty where it has none yet, or nobody knows. */
  readonly serial: string;
  readonly firmware: string;
  readonly modelNumber: string;
  /** By name; its first that has the protocol unless said. */
  readonly port?: string | undefined;
  /** By its listeners, of a meter that runs. */
  readonly reached?: readonly ReachedAt[] | undefined;
}

/** What is wrong in a line of a file. */
export interface SclProblem {
  readonly line: number;
  readonly column: number;
  readonly kind: "error" | "warning";
  readonly words: string;
}

/** Configurations that people write as files, of models that are set up so. */
export interface Configurations {
  /** What is ordered of a meter unless somebody says otherwise: a model number. */
  readonly usualOrder: string;
  /** All that a text means on a meter that was ordered so; an empty one is the factory's. Throws FileError with every problem. */
  read(name: string, text: string, order: string): unknown;
  /** What a text could say, and how long its profiles and logs last. */
  suggestions(name: string, text: string, order: string): Suggestions;
  /** What applying a text would change of what a meter has: a line a key. What is secret is not shown, and not compared. */
  differences(
    running: { readonly name: string; readonly configuration: unknown },
    file: { readonly name: string; readonly text: string },
    order: string,
  ): { readonly lines: readonly string[]; readonly secrets: boolean };
  /** What a reader over Modbus has to know of the points that a text makes. */
  modbusPoints(name: string, text: string, order: string): PointLists;
  /** The same of a reader over DNP3. */
  dnp3Points(name: string, text: string, order: string): readonly DnpPointFacts[];
  /** The device profile of DNP3, XML. Throws an Error with why there is none. */
  dnp3Profile(name: string, text: string, device: ProfiledDevice): string;
  /** Its file of SCL: what it can do (ICD), or how it is set up (CID). Throws an Error with why there is none. */
  sclFile(name: string, text: string, device: ProfiledDevice, kind: "icd" | "cid"): string;
  /** What its meters do not take of a file of SCL that has one of them in it. */
  sclProblems(file: Uint8Array): readonly SclProblem[];
}

export interface Product {
  /** What its models can speak, by the names of site files, whatever has to be ordered for it. */
  readonly protocols: readonly string[];
  /** The models that it makes, for `polyphase models` and messages. */
  readonly models: readonly { readonly name: string; readonly title: string; readonly manual: string }[];
  /** Undefined of models that are set up by settings. */
  readonly configurations?: Configurations;
  /** The address that an entry gives its meter; undefined where its configuration does. The setting `address` unless said. */
  address?(entry: MeterEntry): number | undefined;
  /** What is wrong with an entry, key by key; nothing when it can be made. */
  check(entry: MeterEntry): readonly string[];
  /** Throws an Error that says what is wrong with what the entry names. */
  make(options: DeviceOptions): Device;
}
