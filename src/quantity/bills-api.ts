/** What a site's HTTP API says of what a meter has counted by day, by month, or from one self read to the next. */
import type { WallTimeView } from "./energy-api.ts";
import type { Side } from "./measure.ts";

export const billPeriods = ["day", "month", "selfRead"] as const;
export type BillPeriod = (typeof billPeriods)[number];

export interface RateEnergyView {
  /** Null where no rate counts; "mixed" of records in which another rate began. */
  readonly rate: string | null;
  readonly value: number;
}

export interface BilledEnergyView {
  /** "Wh.import". */
  readonly measure: string;
  readonly unit: string;
  readonly side: Side | null;
  /** Null where nothing is known, or what was read went back. */
  readonly total: number | null;
  readonly rates: readonly RateEnergyView[];
  /** Records of which it was not known. */
  readonly unknown: number;
}

export interface BilledPeakView {
  /** "W.import". */
  readonly measure: string;
  readonly unit: string;
  readonly value: number;
  /** Of a self read's register: "total", or its rate; of a profile the rate that counted then. */
  readonly rate: string | null;
  /** When the interval of it began, of a profile; when it ended, of a register; absent where nobody knows. */
  readonly at?: WallTimeView | undefined;
}

export interface MissingView {
  readonly from: string;
  readonly to: string;
}

export interface BillView {
  /** "2026-03-08", "2026-03", or the number of the self read that ends it. */
  readonly period: string;
  /** What of it there is: of its first record, or self read, to its last. */
  readonly from: WallTimeView | null;
  readonly to: WallTimeView | null;
  /** Hours that it has: 23 or 25 of a day on which clocks change; null where there is nothing to tell it by. */
  readonly hours: number | null;
  /** It goes on. */
  readonly isRunning: boolean;
  /** It is over, and nothing of it is missing. */
  readonly isWhole: boolean;
  /** Local times between which nothing was recorded, the first of them, and seconds of all. */
  readonly missing: readonly MissingView[];
  readonly missingSeconds: number;
  /** Records that it is made of; of them: doubtful ones, and those that go on beyond its end. */
  readonly records: number;
  readonly doubtful: number;
  readonly beyond: number;
  /** How often the clock went back in it: it holds more than its hours. */
  readonly clockBack: number;
  /** What happened in it: local time and what, the first of them, and how many there are. */
  readonly events: readonly { readonly at: string; readonly type: string }[];
  readonly eventCount: number;
  readonly energies: readonly BilledEnergyView[];
  readonly peaks: readonly BilledPeakView[];
}

export interface BillsView {
  readonly name: string;
  readonly by: BillPeriod;
  /** What they are made of: a load profile by its number, or self reads. */
  readonly source: "profile" | "selfReads";
  readonly profile: number | null;
  /** Minutes, or "day", "week", "month"; null of self reads. */
  readonly interval: number | string | null;
  /** Rates of records are those of the calendar as it is set up now. */
  readonly hasRates: boolean;
  readonly bills: readonly BillView[];
}
