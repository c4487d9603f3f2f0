/** What a site's HTTP API says of a meter's demand interval, tariffs and peaks. */
import type { Unforeseen } from "./demand-interval.ts";
import type { TimeView, RegisterView } from "./meter-api.ts";

/** An instant by the meter's wall clock, and as UTC. */
export interface WallTimeView extends TimeView {
  /** "2026-07-31 16:45:00". */
  readonly at: string;
}

export interface RunningDemandView {
  /** "W.import". */
  readonly measure: string;
  /** Of the demand. */
  readonly unit: string;
  /** What the interval has so far, by the hour, primary: of whole sub-intervals before the running one, and of that. */
  readonly before: number | null;
  readonly running: number | null;
  /** What its demand will be if the rest of the running sub-interval goes on as it is taken to; null where nobody can say. */
  readonly forecast: number | null;
  readonly unforeseen?: Unforeseen | undefined;
}

export interface DemandIntervalView {
  readonly subIntervals: number;
  /** Seconds of one; null where an input, or a master, ends them. */
  readonly subIntervalSeconds: number | null;
  readonly elapsedSeconds: number;
  /** Whole sub-intervals before the running one that belong to the interval. */
  readonly whole: number;
  /** When the running one ends; absent where nobody knows. */
  readonly ends?: WallTimeView | undefined;
  /** What the rest is taken to go on at: its own mean so far, or the power of now. */
  readonly goesOnAt: "mean" | "power";
  readonly measures: readonly RunningDemandView[];
}

export interface TariffsView {
  /** The rate that counts now; null where none does. */
  readonly rate: string | null;
  /** An input says which, whatever the calendar has. */
  readonly isOverridden: boolean;
  readonly season: number | null;
  /** By the calendar: what comes next, within a year, soonest first. */
  readonly next: readonly (WallTimeView & { readonly rate: string | null })[];
}

export interface PeakView extends RegisterView {
  /** "total", or the rate of a tariff. */
  readonly tariff: string;
  /** When it was; absent where nobody knows. */
  readonly peak?: WallTimeView | undefined;
}

export interface EnergyView {
  readonly name: string;
  /** The meter's own clock. */
  readonly now: WallTimeView;
  readonly demand?: DemandIntervalView | undefined;
  readonly tariffs?: TariffsView | undefined;
  /** Registers of peaks of the running billing period. */
  readonly peaks: readonly PeakView[];
}
