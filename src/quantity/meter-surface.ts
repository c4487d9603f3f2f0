/**
 * The meter's surface: what everybody outside a meter sees of it. Protocols, the HTTP API, the page, the command line and the
 * front panel stand on this and on nothing else of a meter. Looking changes nothing; who may change what is decided in `obey`.
 */
import type { ChangesTold, ConfigurationEntry, Suggestions } from "./configuration-history.ts";
import type { MeterCommand, Outcome, Peer, Place, Proof, Refused, Session } from "./authority.ts";
import type { EventCounts, LogEntry, LogKind } from "./log.ts";
import type { DemandInterval } from "./demand-interval.ts";
import type { Measure, Side } from "./measure.ts";
import type { Profile } from "./profile.ts";
import type { State } from "./quantity.ts";
import type { IntervalView, QualityView } from "./quality-view.ts";
import type { List, Reading, RegisterReading } from "./register.ts";
import type { Series } from "./series.ts";
import type { FirmwareFacts } from "./firmware.ts";
import type { FileShelf } from "./file-shelf.ts";
import type { Stamp } from "./stamp.ts";
import type { TariffTimes } from "./tariff-times.ts";

/** Texts that name one meter. */
export interface SurfaceIdentity {
  readonly name: string;
  /** As site files name it, and as people do. */
  readonly model: string;
  readonly title: string;
  readonly manufacturer: string;
  readonly serial: string;
  /** "1.019", or the version of its first board. */
  readonly firmware: string;
  /** What was ordered: a model number; empty of what has none. */
  readonly modelNumber: string;
  /** The URL of the meter itself, of one that the site reads and does not make. */
  readonly readFrom?: string | undefined;
}

/** What a meter finds of itself and its inputs. */
export const statusPoints = [
  "voltsA",
  "voltsB",
  "voltsC",
  "clockSync",
  "battery",
  "generalFailure",
  "internalComm",
  "class20Calibration",
  "class2Calibration",
  "configuration",
  "serviceFirmware",
  "metrologyFirmware",
  "pqFirmware",
  "testMode",
] as const;
export type StatusPoint = (typeof statusPoints)[number];

/** What is on or off: a contact, a trigger in alarm, a condition. Channels and triggers count from 1. */
export type BinaryPoint =
  | { readonly input: number }
  | { readonly output: number }
  | { readonly trigger: number }
  | { readonly status: StatusPoint };

/** A contact of the meter. */
export interface ChannelView {
  readonly channel: number;
  readonly mode: string;
  /** Closed, of an input or an output; of a KYZ output that is between K and Y. */
  readonly closed: boolean;
  /** Pulses that an input counted, or that an output gave. */
  readonly count: number;
}

/** What a bit of the status word, or an alert, says. */
export interface Condition {
  readonly text: string;
  /** Somebody should look after it. */
  readonly trouble: boolean;
  /** When it is so, for who has not read the manual: "below 249.4 V, which is 10 % below nominal". */
  readonly means?: string | undefined;
}

/** A trigger that is beyond its level, and what it looks at. */
export interface Alarm {
  readonly id: number;
  readonly label: string;
  /** The trigger as it is set up, in the words of the meter's display; undefined of a meter that has no such words. */
  readonly description?: string | undefined;
  /** What it saw last. */
  readonly value: number;
  /** "V", "register 2", "input 3". */
  readonly of?: string | undefined;
  readonly unit?: string | undefined;
  /** The side that value and level are of, of a measure. */
  readonly side?: Side | undefined;
  /** "< 108": what made it one; and what ends it. */
  readonly level?: string | undefined;
  readonly reset?: string | undefined;
  /** When it began; undefined where nobody remembers. */
  readonly since?: Stamp | undefined;
}

/** What a meter is doing now. */
export interface MeterStatus {
  readonly powered: boolean;
  /** Milliseconds of the meter's own time since power came; undefined without, and of a meter that is there at once. */
  readonly poweredMs?: number | undefined;
  /** What it runs on, and what keeps its clock, where it says so. */
  readonly supply?: "inputs" | "auxiliary" | "none";
  readonly timeSource?: string;
  readonly testMode: boolean;
  /** The rate that counts; "none" without tariffs. */
  readonly rate: string;
  /** Of a meter that has such words. */
  readonly systemBits?: number;
  readonly triggerBits?: number;
  readonly conditions: readonly Condition[];
  /** What its diagnostics find. */
  readonly failures: readonly string[];
  readonly alarms: readonly Alarm[];
  readonly battery: {
    readonly state: string;
    readonly warning: boolean;
    /** It wants to be replaced in a year or two, or now. */
    readonly replace?: "soon" | "now" | undefined;
  };
  /** Pulses given so far. */
  readonly testPulses: { readonly led: number; readonly optical: number };
  /** Its operating system does not run, but the small one that can put another in its place. */
  readonly inResetSystem?: boolean;
}

export interface Freeze {
  readonly at: Stamp;
  readonly registers: readonly RegisterReading[];
}

export interface SelfRead {
  /** Its own number, whatever is missing before it. */
  readonly sequence: number;
  readonly at: Stamp;
  readonly systemBits: number;
  /** What the system bits said then. */
  readonly conditions: readonly Condition[];
  readonly registers: readonly RegisterReading[];
}

/** The state of a protocol on a port, as the communication status display has it. */
export type PortState = "Ready" | "Active" | "Alert" | "Fault" | "absent";

/** What has happened, for those who wait for it. */
export type Change = "cycle" | "freeze" | "record" | "entry" | "point" | "epoch";

/** What only one product has to show of itself, for its page and for programs: plain values for JSON. */
export type Extra = Readonly<Record<string, unknown>>;

export interface MeterSurface {
  readonly identity: SurfaceIdentity;
  /** Grows when a configuration is applied: what was made from the one before is void. */
  readonly epoch: number;
  /**
   * Works off what has gone by, before what it measures changes. Whoever reads does not ask for it: he reads what was found in the
   * last calculation cycle, which is on disk.
   */
  catchUp(): void;
  now(): Stamp;

  /** What it can be asked for. */
  readonly measures: readonly Measure[];
  read(measure: Measure, side: Side): Reading;
  /** The hot path: writes values (NaN where there is none) and whether each is good (1); nothing is allocated but the stamp. */
  values(measures: readonly Measure[], side: Side, out: Float64Array, valid: Uint8Array): Stamp;

  registers(list: List): readonly RegisterReading[];
  /** A register now, or at the last freeze; undefined where there is none, or was none. */
  register(id: number, frozen?: boolean): RegisterReading | undefined;
  readonly freezes: Series<Freeze>;
  readonly selfReads: Series<SelfRead>;
  readonly profiles: readonly Profile[];
  /** The groups of its measurement log, which are read as profiles are. */
  readonly measurementLogs: readonly Profile[];
  /** The logs that it keeps. */
  readonly logs: readonly LogKind[];
  log(kind: LogKind): Series<LogEntry>;
  /** When which of its rates counts; undefined of a meter without tariffs. */
  tariffs(): TariffTimes | undefined;
  /** The demand interval that runs; undefined of a meter that has none. */
  demand(): DemandInterval | undefined;
  /** Undefined of a meter that counts none. */
  eventCounts(): EventCounts | undefined;
  /** Changing them is the command `removeFile`. */
  readonly files: FileShelf;

  /** A word of its own register map, by the number that its manual prints; undefined where there is none. Panels of meters that have them show them. */
  word(register: number): number | undefined;

  status(): MeterStatus;
  /** What it says of itself that is no measure; undefined where it says no such thing, or not yet. */
  state(name: State): number | undefined;
  readonly channels: readonly ChannelView[];
  /** Whether a point is on; undefined where there is no such point. */
  isOn(point: BinaryPoint): boolean | undefined;
  /** What it is set up to do, without secrets: plain values for JSON. */
  configuration(): unknown;
  /** What `configure` takes, as JSON Schema with what each part needs (docs/configuration.md). */
  configurationSchema(): unknown;
  /** What the configuration of the moment could say, and how long profiles and logs last. */
  suggestions(): Suggestions;
  /** Configurations that have been applied. */
  readonly configurationHistory: Series<ConfigurationEntry>;
  /** What has become another since the newest earlier configuration of which something is true; undefined where none is known. */
  configurationChanges(isIt: (configuration: unknown) => boolean): ChangesTold | undefined;
  /** Why something is not measured now, in words, where its source says: a gap, an end, samples that are missing or too slow. */
  readonly absence: string | undefined;
  /** What belongs to its nameplate, and what else its product shows. */
  /** Power quality of the last block, primary; undefined of a meter that does not measure it, or has not yet. */
  quality(): QualityView | undefined;
  /** The last intervals of power quality that have ended, or of the measurement log's values, primary; none of others. */
  intervals(): readonly IntervalView[];
  extra(): Extra;
  /** What it says of its firmware and options. */
  firmware(): FirmwareFacts;

  /** Where a reader has come to in a series: 0 until it says; `next` moves it. Looking never does. */
  mark(reader: string, series: string, next?: number): number;

  /** A session of somebody who shows nothing: what a protocol without users may do. */
  open(peer: Peer): Session;
  admit(proof: Proof, peer: Peer): Promise<Session | Refused>;
  /** The session of a token; undefined of one that has ended. */
  resume(token: string, peer: Peer): Session | undefined;
  leave(session: Session): void;
  /** Minutes after which a session over a port ends in which nothing is asked for; undefined of a meter without users. */
  sessionMinutes(peer: Peer): number | undefined;
  /** Runs when a session ends, however it does; at once where it has ended. The result forgets it. */
  whenOver(session: Session, run: () => void): () => void;
  /** Why something may not be read; undefined when it may. `only` asks whether it may be, and reads nothing. */
  bars(place: Place, session: Session, only?: "asked"): Refused | undefined;
  /** What is in the way of a command in a session, whatever belongs to it; undefined when nothing is. */
  permits(command: MeterCommand["command"], session: Session): Refused | undefined;
  /**
   * Does beforehand, beside the event loop, what would hold up everybody while a command is obeyed; `obey` is told the same command
   * next. Changes nothing; what is in the way is too much work at once.
   */
  prepare(command: MeterCommand, session: Session): Promise<Refused | undefined>;
  /**
   * Does what is told, or says why not: power, privilege, keys, MID, lockout, test mode and whether it can be kept are decided here
   * only. What is said outside of it waits until it is on disk (fleet/output-gate.ts).
   */
  obey(command: MeterCommand, session: Session): Outcome;

  /** Whether a protocol answers on a port now: power and test mode gate every protocol here. */
  answers(port: string, protocol: string): boolean;
  port(port: string, protocol: string): PortState;

  on(change: Change, run: () => void): () => void;
}
