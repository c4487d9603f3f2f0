/**
 * What a site's HTTP API says of a meter: the shapes that its server, its clients and its page share, made of the meter's surface.
 * Local times are "2026-07-31 16:45:00"; beside each stand its UTC and the offset that made it.
 */
import type { LogEntry, LogKind } from "./log.ts";
import type { Side } from "./measure.ts";
import type { ChannelView, Extra, MeterStatus } from "./meter-surface.ts";
import type { IntervalView, QualityView } from "./quality-view.ts";

/** An instant as the wall clock showed it, and as UTC. */
export interface TimeView {
  /** "2026-07-31T20:45:00Z". */
  readonly utc: string;
  readonly offsetMinutes: number;
}

/** What a register shows: a number, or a text where it is none. */
export interface RegisterView {
  readonly id: number;
  readonly label: string;
  /** What it shows, whatever its label says: "Wh.import.rateA", "lastFreeze" (register-name.ts). */
  readonly name: string;
  /** In the register's own units; null where there is no value. */
  readonly value: number | null;
  /** Value in the register's own digits and units. */
  readonly text: string;
  /** "kWh"; empty of what has none. */
  readonly unit: string;
  /** What `value` has to be multiplied by to be in SI units: 1000 of kWh. */
  readonly scale: number;
  /** "Wh.import", of a register that shows a measure. */
  readonly measure?: string | undefined;
  /** Of the transformers that it is on; absent of what is on neither. */
  readonly side?: Side | undefined;
}

/** Which side of a meter's transformers its values are on; absent of a meter that has but one. */
export interface SidesView {
  readonly readings: Side;
  readonly profile: Side;
  readonly alarms: Side;
  readonly log: Side;
}

/** What a meter measures, as far as it can fall silent. */
export interface SourceView {
  /** A recording has been played to its end. */
  readonly ended: boolean;
  /** It is synthetic, and can be changed while it runs. */
  readonly bench?: true;
  /** Of readings that a program pushes in. */
  readonly pushed?: {
    /** Seconds since the last one came, by the site's clock; null before the first. */
    readonly age: number | null;
    /** None has come for three calculation cycles, or for three times as long as they usually take. */
    readonly silent: boolean;
    /** It is so long ago that the meter knows nothing any more. */
    readonly stale: boolean;
  };
  /** Of a meter that the site reads. */
  readonly read?: {
    /** Seconds since it was read last; null before the first time. */
    readonly age: number | null;
    /** Seconds from one time to the next. */
    readonly every: number;
  };
}

/** RMS volts to neutral of half cycles, oldest first, by phase: those of the last calculation cycle. */
export interface RmsView {
  /** Milliseconds of UTC at which the source began, and the seconds of it at which each half cycle ended. */
  readonly begun: number;
  readonly ends: readonly number[];
  readonly volts: readonly (readonly (number | null)[])[];
}

/** The last cycles of the waveforms: va, vb, vc, ia, ib, ic. */
export interface WaveformsView {
  readonly hz: number | null;
  readonly cycles: number;
  readonly channels: readonly (readonly number[])[];
}

/** What is printed on a revenue meter and shown by its identification displays. */
export interface Nameplate {
  readonly serial: string;
  readonly form: string;
  readonly connection: string;
  readonly classAmps: number;
  readonly hz: number;
  readonly ports: readonly string[];
  readonly options: readonly string[];
  readonly mid: boolean;
  readonly strings: readonly string[];
  readonly firmware: Readonly<Record<string, string>>;
  /** Year and week of manufacture, of a serial number that begins with them. */
  readonly made?: string | undefined;
  readonly wires: "3 phase, 3 wire" | "3 phase, 4 wire";
  readonly volts: string;
  readonly amps: string;
  /** Pulses of the LED and the optical port for a kWh or kvarh, and energy of one of them. */
  readonly impulses: number;
  readonly kt: number;
  /** Rated sides of the transformers, what secondary powers are multiplied by to be primary, and full scale at the terminals, W. */
  readonly ratings: {
    readonly pt: { readonly primary: number; readonly secondary: number };
    readonly ct: { readonly primary: number; readonly secondary: number };
    readonly transformerFactor: number;
    readonly fullScaleWatts: number;
  };
  /** Primary volts that the service should have, as the meter is set up: from line to line, and to neutral where there is one. */
  readonly nominal: { readonly ll: number; readonly ln?: number | undefined };
}

/** A meter as it is now. What its product shows besides (`extra` of the surface) stands beside these. */
export interface MeterView extends MeterStatus, Extra {
  readonly name: string;
  readonly model: string;
  readonly title: string;
  readonly serial: string;
  readonly firmware: string;
  readonly modelNumber: string;
  readonly local: string;
  readonly offsetMinutes: number;
  /** Primary, by name of the vocabulary; null where the meter does not measure it, or not yet. */
  readonly readings: Readonly<Record<string, number | null>>;
  /** Why some of them are not measured now, in words, where its source says. */
  readonly absence?: string | undefined;
  readonly registers: readonly RegisterView[];
  readonly io: readonly ChannelView[];
  /** Of a product whose meters stand behind transformers. */
  readonly sides?: SidesView;
  readonly waveforms?: WaveformsView | undefined;
  readonly rms?: RmsView | undefined;
  readonly nameplate?: Nameplate;
  /** Primary, of a meter that measures power quality. */
  readonly quality?: QualityView;
  /** Primary: the last intervals that have ended, of a meter that makes any. */
  readonly intervals?: readonly IntervalView[];
  /** Of a meter that the site reads. */
  readonly reads?: ReadsView;
}

/** How a meter that is there is read. */
export interface ReadsView {
  readonly url: string;
  /** Seconds from one time to the next. */
  readonly every: number;
  /** Seconds since it was read last; null before the first time. */
  readonly age: number | null;
  /** Why the last try failed; absent where it did not. */
  readonly trouble?: string;
  /** What the meter says that it is. */
  readonly identification: readonly string[];
}

/** Times of a record: of its start, its end, and when the next one begins. */
type RecordTimes<T> = Readonly<Record<"start" | "end" | "until", T>>;

export interface ProfileRecordView extends RecordTimes<string> {
  readonly sequence: number;
  readonly type: string;
  readonly status: readonly string[];
  /** By channel; null of an average in whose interval nothing was known of it. */
  readonly values: readonly (number | null)[];
  readonly utc: RecordTimes<string>;
  readonly offsetMinutes: RecordTimes<number>;
}

/** Records of a load profile, and what their values are. */
export interface ProfileView {
  /** Minutes, or "day", "week", "month", "cycles". */
  readonly minutes: number | string;
  readonly data: string;
  readonly channels: readonly string[];
  /** Of a measurement log: by channel the side of the transformers, null of what they leave as it is. */
  readonly sides?: readonly (Side | null)[];
  /** Of a measurement log: records that there are, and that there is room for; how many days they go back. */
  readonly holds?: { readonly records: number; readonly capacity: number; readonly days: number } | undefined;
  readonly records: readonly ProfileRecordView[];
  /** Number of the record after the last of these: what a reader acknowledges. */
  readonly next: number;
  /** There may be more of what was asked for: the same question with `since` and the number `next` goes on. */
  readonly more?: true;
}

export interface LogEntryView extends TimeView {
  readonly sequence: number;
  readonly at: string;
  readonly what: string;
  readonly by: string;
  readonly port?: string | undefined;
  readonly protocol?: string | undefined;
  readonly peer?: string | undefined;
  readonly details: Readonly<Record<string, string | number>>;
}

/** Entries of a log, oldest first. */
export interface LogView {
  /** Of the transformers that values in its details are on; absent of a meter that has but one side. */
  readonly side?: Side | undefined;
  /** Numbers of the oldest entry that is kept, and of the one that will be next. */
  readonly first: number;
  readonly next: number;
  readonly entries: readonly LogEntryView[];
}

export interface SelfReadView extends TimeView {
  readonly sequence: number;
  readonly at: string;
  readonly systemBits: number;
  readonly health: readonly string[];
  readonly registers: readonly RegisterView[];
}

/** A file of a meter; `utc` is when it was written. */
export interface FileView extends TimeView {
  /** With its folder. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** What happened, in words: "sag, phase b: 70.0 %, 208 ms". */
  readonly what?: string | undefined;
}

/** The files of a meter, oldest first. */
export interface FilesView {
  readonly name: string;
  readonly folders: readonly string[];
  readonly files: readonly FileView[];
}

/** Values of channels that have their times in common. */
export interface TrackView {
  /** Samples, or RMS of each half cycle. */
  readonly kind: "waveform" | "rms";
  readonly unit: "V" | "A";
  /** Seconds after the observation's beginning. */
  readonly times: readonly number[];
  /** `phase` as PQDIF names it: "A-N", "A-B"; null of what was not known. */
  readonly channels: readonly {
    readonly name: string;
    readonly phase: string;
    readonly values: readonly (number | null)[];
  }[];
}

/** What the waveforms of an event say of its cause (docs/analysis.md); each absent where it cannot be told. */
export interface ExplainedView {
  /** "fault", "motor start"; "unknown" where no cause has all of its criteria. */
  readonly cause?: string;
  /** The type of a dip by its phasors: "B, phase b". */
  readonly type?: string;
  /** Where it comes from, seen from the meter: "upstream", "downstream". */
  readonly direction?: string;
  /** The criteria of what is named, in words with figures; or why nothing is. */
  readonly says: readonly string[];
}

/** What a file has of waveforms and RMS, to be drawn. */
export interface FileContentView {
  readonly file: string;
  readonly observations: readonly {
    readonly name: string;
    readonly disturbance: string | undefined;
    /** Of its beginning, where that is a time of a calendar; of the trigger, seconds after it. */
    readonly utc: string | undefined;
    readonly triggered: number | undefined;
    /** What may have caused it, where its waveforms tell. */
    readonly explained: ExplainedView | undefined;
    readonly tracks: readonly TrackView[];
  }[];
}

/** Self reads, oldest first. */
export interface SelfReadsView {
  readonly selfReads: readonly SelfReadView[];
}

/** What the page is sent: the view, the newest records of the first profile, the newest entries of all logs. */
export interface LiveView extends MeterView {
  /** Milliseconds of the site's UTC. */
  readonly utc: number;
  /** Why what the site knows cannot be kept, in words; absent while it can. */
  readonly trouble?: string | undefined;
  /** That the site's clock does not go as fast as it is to, in words; absent while it does. */
  readonly behind?: string | undefined;
  /** There is a front panel of its model; absent where none is known. */
  readonly frontPanel?: true;
  readonly profile?: ProfileView | undefined;
  /** Groups of the measurement log; absent of a meter that keeps none. */
  readonly measurementLogs?: number;
  readonly source: SourceView;
  /** The logs that it keeps; the newest entries of all of them but the security log, newest first. */
  readonly logs: readonly LogKind[];
  readonly log: readonly LiveEntryView[];
  /** How many entries there are in all of them but the security log. */
  readonly logEntries: number;
  /** Of a meter that keeps files: how many, in its folders too, and the newest of those that lie in none, newest first. */
  readonly files?: { readonly count: number; readonly newest: readonly FileView[] } | undefined;
}

/** An entry of any log. */
export interface LiveEntryView extends Pick<LogEntry, "sequence" | "what" | "by" | "details">, TimeView {
  readonly kind: LogKind;
  readonly at: string;
}

/** What was logged while a stream was away. */
export interface MissedView {
  /** Of all logs but the security log, oldest first. */
  readonly entries: readonly LiveEntryView[];
  readonly profiles: readonly (ProfileView & { readonly number: number })[];
  /** Members that are no longer kept, from one number to before another; `series` is "log event", "profile 1". */
  readonly gone: readonly { readonly series: string; readonly from: number; readonly to: number }[];
  /** Where there is more than one event holds: from which number on. */
  readonly rest: readonly { readonly series: string; readonly from: number }[];
  /** Nobody can tell what was missed: where the stream was left is no place of this meter's. */
  readonly unknown?: true;
}
