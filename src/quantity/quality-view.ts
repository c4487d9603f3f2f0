/**
 * What a power-quality instrument says of its last block of 10 or 12 cycles, as the page and programs see it (IEC 61000-4-30,
 * 61000-4-7), and what a meter asks it.
 */
import type { Measure, Reduction } from "./measure.ts";

/** Lengths that a measurement log can have (manual, section Recording Interval), in minutes. */
export const INTERVAL_MINUTES = [1, 2, 3, 4, 5, 10, 15, 20, 30, 60, 120] as const;
export type IntervalMinutes = (typeof INTERVAL_MINUTES)[number];

/** One voltage or current over a block of 10 or 12 cycles, by IEC 61000-4-7; null of what is not known. */
export interface QualityChannelView {
  /** "V.a", "V.ab", "A.a". */
  readonly name: string;
  readonly unit: "V" | "A";
  /** The volts that it should have (Udin); absent of amps, and where nobody says. */
  readonly declared?: number;
  readonly rms: number | null;
  readonly fundamental: number | null;
  /** Of the fundamental against that of the first voltage, counter-clockwise. */
  readonly degrees: number | null;
  readonly crest: number | null;
  /** Percent of the fundamental. */
  readonly thd: number | null;
  readonly thdOdd: number | null;
  readonly thdEven: number | null;
  /** Of amps: the K factor, and the distortion in percent of the demand current. */
  readonly k?: number | null;
  readonly tdd?: number | null;
  /** Percent of the fundamental, from order 1 on; null beyond what the rate of the samples carries. */
  readonly harmonics: readonly (number | null)[];
  /** The first lies between the fundamental and the second harmonic. */
  readonly interharmonics: readonly (number | null)[];
  /** Degrees of the orders from 1 on, as `degrees`; where they are asked for, and not with each reading. */
  readonly angles?: readonly (number | null)[] | undefined;
}

/** Flicker of one voltage: as it is felt now, of ten minutes, of two hours. */
export interface FlickerView {
  readonly name: string;
  readonly pinst: number | null;
  readonly pst: number | null;
  /** A dip, a swell or an interruption was in the ten minutes; of two hours, in any of theirs. */
  readonly pstFlagged: boolean;
  readonly plt: number | null;
  readonly pltFlagged: boolean;
}

/** Percent of the positive sequence. */
interface UnbalanceView {
  readonly negative: number | null;
  readonly zero: number | null;
}

/** The last block of a power-quality instrument (IEC 61000-4-30, class A). */
export interface QualityView {
  /** The end of the block. */
  readonly utc: string | null;
  readonly cycles: 10 | 12;
  /** A dip, a swell or an interruption was in it (clause 4.7), or the phase jumped. */
  readonly flagged: boolean;
  /** Why something is not known, in words. */
  readonly missing: readonly string[];
  readonly channels: readonly QualityChannelView[];
  readonly unbalance: { readonly V: UnbalanceView; readonly A: UnbalanceView };
  readonly flicker?: readonly FlickerView[];
  /** The ends of the ten minutes and of the two hours; null before any have ended. */
  readonly flickerEnds?: { readonly pst: string | null; readonly plt: string | null };
  /** Frequency of the last ten seconds of UTC. */
  readonly hz10s?: number | null;
}

/** A value over an interval: its mean by the standard's rule, and the least and the largest of what it is made of; null of what is not known. */
export interface IntervalValueView {
  /** "V.a", "THD.V.a", "under.V.a", "unbalance.V.sequence": as measures are written. */
  readonly name: string;
  readonly unit: "V" | "A" | "%";
  readonly mean: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

/** The last interval of one length that has ended (IEC 61000-4-30, 4.5). */
export interface IntervalView {
  /** "150 cycles", "180 cycles", "10 min". */
  readonly length: string;
  readonly start: string | null;
  readonly end: string | null;
  /** It has all that belongs to it: neither was the clock set in it, nor did the source begin, stop or have a gap. */
  readonly complete: boolean;
  readonly flagged: boolean;
  /** How many blocks of 10 or 12 cycles it is made of, or values of one cycle each half cycle. */
  readonly parts: number;
  readonly values: readonly IntervalValueView[];
  /** The means of all that a block has, of intervals of blocks; clause 4.4: the root of the mean of squares. */
  readonly means?: QualityMeans | undefined;
}

/** What a block has of channels and the service. */
export type QualityMeans = Pick<QualityView, "channels" | "unbalance">;

/** An interval that has ended, for whoever records it: looked at while it is handed out, and not later. */
export interface EndedInterval {
  /** 150 or 180 cycles, or minutes. */
  readonly length: "cycles" | IntervalMinutes;
  /** Milliseconds since 1970; of 150/180 cycles NaN where nobody knows. */
  readonly utcStart: number;
  readonly utcEnd: number;
  readonly complete: boolean;
  readonly flagged: boolean;
  /** In the unit of the measure; undefined of what intervals do not have, or what is not known. */
  value(measure: Measure, over: Reduction): number | undefined;
}

export type TakeEnded = (interval: EndedInterval) => void;

/** What a meter has of a power-quality instrument: the last block as a whole, and what it measures one by one. */
export interface QualityPart {
  /** Undefined before the first block. */
  view(): QualityView | undefined;
  /** The last intervals that have ended, the shortest first. */
  intervals?(): readonly IntervalView[];
  /** Secondary, in the unit of the measure; undefined of what it does not measure, or does not know. */
  value(measure: Measure): number | undefined;
  /** Whether the intervals that it hands out have a measure; none do unless said. */
  logs?(measure: Measure): boolean;
}
