/**
 * What a recording was found to have when the instrument ran through it. Times are seconds from its first sample: where it says when that
 * was, `startUtc` makes instants of them. What is not known is NaN in columns and absent elsewhere.
 */
import type { Gap, Remark } from "#format/recording.ts";
import type { IticRegion } from "#analysis/limits/curves.ts";
import type { DipCause } from "./dip-cause.ts";
import type { DipDirection } from "./dip-direction.ts";
import type { DipType } from "./dip-type.ts";
import type { EventClass } from "#analysis/limits/event-class.ts";
import type { EventLimits } from "./examine-settings.ts";

/** Nominal values, and where each is from: "settings", or words that say what it was guessed from. */
export interface Declared {
  /** Of the voltages that events are of. */
  readonly volts: number;
  readonly voltsFrom: string;
  readonly hz: 50 | 60;
  readonly hzFrom: string;
}

/** Samples that followed one another at one rate. */
export interface ExaminedSegment {
  readonly at: number;
  readonly seconds: number;
  readonly rate: number;
}

/** Something that was not measured from one time to another, and why. */
export interface Absence {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/** A quantity over intervals: of each the mean, the least and the largest of its blocks. */
export interface IntervalColumn {
  /** "V.a", "THD.V.a", "unbalance.V". */
  readonly name: string;
  readonly unit: "V" | "A" | "%" | "Hz";
  readonly mean: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/** Of a channel, RMS by order from 1 on: `orders[h]` over the intervals; place 0 is empty. */
export interface HarmonicColumns {
  readonly name: string;
  readonly unit: "V" | "A";
  readonly orders: readonly Float64Array[];
}

/** Intervals of one length, oldest first. */
export interface IntervalTable {
  readonly length: "150 cycles" | "180 cycles" | "1 min" | "10 min" | "120 min";
  readonly seconds: number;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** The part of the interval that its blocks cover. */
  readonly covered: Float64Array;
  /** 1 where a dip, a swell or an interruption was in it (IEC 61000-4-30, 4.7). */
  readonly flagged: Uint8Array;
  readonly columns: readonly IntervalColumn[];
  readonly harmonics: readonly HarmonicColumns[];
}

/** Values of one quantity, each with where its interval starts. */
export interface ExaminedSeries {
  readonly name: string;
  readonly seconds: number;
  readonly start: Float64Array;
  readonly values: Float64Array;
  readonly flagged: Uint8Array;
}

export type ExaminedKind = "dip" | "swell" | "interruption" | "rapid change" | "transient";

/** Half-cycle RMS around an event. */
export interface RmsTrace {
  /** Where each half cycle of the grid ends; a value is of the window of one cycle that ended in it. */
  readonly times: Float64Array;
  readonly channels: readonly { readonly name: string; readonly rms: Float64Array }[];
  /** It ends before the time behind the event. */
  readonly isCut: boolean;
}

/** Samples around an event, as they were recorded. */
export interface EventWave {
  readonly at: number;
  readonly rate: number;
  /** By input: "va", "ic". */
  readonly channels: readonly { readonly name: string; readonly samples: Float32Array }[];
}

/** What an event says of its cause; each absent where it cannot be told, with the reason. */
export interface Explained {
  readonly type?: DipType;
  readonly direction?: DipDirection;
  readonly cause?: DipCause;
  readonly reason?: string;
}

export interface ExaminedEvent {
  readonly kind: ExaminedKind;
  /** The start of the window whose RMS began it; it lasts to the start of the window that ended it. Of a transient samples beyond its level. */
  readonly at: number;
  readonly seconds: number;
  /** The voltages that crossed the threshold. */
  readonly channels: readonly string[];
  /**
   * The residual voltage of a dip or an interruption, the largest of a swell, the largest change of a rapid one; of a transient how far
   * its samples went beyond what was before and behind it; and the channel.
   */
  readonly volts: number;
  /** The same in percent of the declared voltage; of a transient of its peak. */
  readonly percent: number;
  readonly worst: string;
  /** Of each voltage the same. */
  readonly byChannel: readonly { readonly name: string; readonly volts: number }[];
  /** Of a rapid change: by how much the steady voltage behind it differs from that before. */
  readonly settledVolts?: number;
  /** Of a transient: its largest line, or why that is not known. */
  readonly ring?: { readonly hz?: number; readonly reason?: string };
  /** Of an interruption: the dip that it lies in. */
  readonly within?: { readonly at: number; readonly seconds: number };
  /** It was under way when measuring began. */
  readonly sinceBefore: boolean;
  /** Why it was not seen to end. */
  readonly cut?: "gap" | "end";
  /** Undefined of a rapid change, and of what the table or the curve says nothing about. */
  readonly ieee1159?: EventClass;
  readonly itic?: { readonly region: IticRegion; readonly passes: boolean };
  readonly f47?: { readonly region: "ride through" | "below"; readonly passes: boolean };
  readonly explained?: Explained;
  /** Of the first so many events. */
  readonly trace?: RmsTrace;
  /** Where the recording carries it. */
  readonly wave?: EventWave;
}

export interface Examination {
  readonly file: string;
  /** Another instrument has measured its intervals: what is absent was not logged. */
  readonly isLog?: true;
  /** Milliseconds since 1970 of the first sample; undefined where nobody knows: intervals then count from the first sample. */
  readonly startUtc: number | undefined;
  /** To the end of the last sample. */
  readonly seconds: number;
  readonly wiring: string;
  readonly declared: Declared;
  /** What its events are by. */
  readonly limits: EventLimits;
  /** All that were measured; and the voltages among them that events, flicker and assessments are of. */
  readonly channels: readonly string[];
  readonly voltages: readonly string[];
  readonly segments: readonly ExaminedSegment[];
  readonly gaps: readonly Gap[];
  readonly absences: readonly Absence[];
  /** What was not as it should be in the file. */
  readonly warnings: readonly Remark[];
  readonly intervals: readonly IntervalTable[];
  readonly frequency: ExaminedSeries;
  readonly pst: readonly ExaminedSeries[];
  readonly plt: readonly ExaminedSeries[];
  /** Of a mains signal that was asked for, over 150/180 cycles. */
  readonly signalHz: number | undefined;
  readonly events: readonly ExaminedEvent[];
  /** What there was more of than is kept, in words. */
  readonly left: readonly string[];
}
