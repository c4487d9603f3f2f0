/**
 * What `fleet` knows of the things that it runs: a product makes devices from entries of a site file, a device has a surface and
 * binds itself to protocols. Nothing above knows of a kind of either.
 */
import type { Clock } from "#clock/clock.ts";
import type { PointLists } from "#protocol/modbus/point-facts.ts";
import type { ModbusUnit } from "#protocol/modbus/unit.ts";
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { WiringName } from "#quantity/wiring.ts";
import type { MeterStore } from "#store/store.ts";
import type { Source } from "#waveform/source.ts";

/** A listener that a site file gives a meter: what a product may have a say in. */
export interface PortUse {
  /** "modbus". */
  readonly protocol: string;
  /** "tcp", "rtu". */
  readonly transport: string;
  readonly port: "serial" | "ethernet";
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
  readonly store: MeterStore;
  readonly source: (how: Sampled) => Source;
  /** Told in words what a peer was refused. */
  readonly refused: (why: string) => void;
  /** Resolves when what the device has put into its store so far is on disk. */
  readonly committed: () => Promise<void>;
}

/** How a device answers on one listener, protocol by protocol; undefined where it does not speak it. */
export interface Bindings {
  /** `face` is another model whose registers it wears; undefined where there is no such thing. */
  readonly modbus?: (how: {
    readonly port: PortUse["port"];
    readonly face?: string | undefined;
  }) => ModbusUnit | undefined;
}

/** What a listener takes from the meter's own settings unless the file says it. */
export interface LineSettings {
  readonly address: number;
  readonly baud: number;
  readonly parity: number;
}

export interface Device {
  readonly surface: MeterSurface;
  readonly source: Source;
  readonly bindings: Bindings;
  /** What whoever starts the site should know. */
  readonly notices: readonly string[];
  readonly line: LineSettings;
  /** Peers that it has room for on one port of a protocol; undefined where its manual names no limit. */
  readonly room: (protocol: string) => number | undefined;
  /** How long a serial frame may take, where that is the meter's own to say. */
  readonly frameTimeoutMs?: (() => number) | undefined;
  /** Works off what has gone by until an elapsed time of the site's clock. */
  advance(elapsed: number): void;
  start(): void;
  stop(): void;
}

/** Configurations that people write as files, of models that are set up so. */
export interface Configurations {
  /** What is ordered of a meter unless somebody says otherwise: a model number. */
  readonly usualOrder: string;
  /** All that a text means on a meter that was ordered so; an empty one is the factory's. Throws FileError with every problem. */
  read(name: string, text: string, order: string): unknown;
  /** What applying a text would change of what a meter has: a line a key. What is secret is not shown, and not compared. */
  differences(
    running: { readonly name: string; readonly configuration: unknown },
    file: { readonly name: string; readonly text: string },
    order: string,
  ): { readonly lines: readonly string[]; readonly secrets: boolean };
  /** What a reader over Modbus has to know of the points that a text makes. */
  modbusPoints(name: string, text: string, order: string): PointLists;
}

export interface Product {
  /** The models that it makes, for `polyphase models` and messages. */
  readonly models: readonly { readonly name: string; readonly title: string; readonly manual: string }[];
  /** Undefined of models that are set up by settings. */
  readonly configurations?: Configurations;
  /** What is wrong with an entry, key by key; nothing when it can be made. */
  check(entry: MeterEntry): readonly string[];
  /** Throws an Error that says what is wrong with what the entry names. */
  make(options: DeviceOptions): Device;
}
