/** When which rate of a meter's tariffs counts, by its own calendar. */
import type { Stamp } from "./stamp.ts";

export interface RateSwitch {
  readonly at: Stamp;
  /** Undefined where none counts from then on. */
  readonly rate: string | undefined;
}

export interface TariffTimes {
  /** The one that counts now; undefined where none does. */
  readonly rate: string | undefined;
  /** An input says which counts, whatever the calendar has. */
  readonly isOverridden: boolean;
  /** Counted from 1. */
  readonly season: number | undefined;
  /** By the calendar as it is set up now, whatever inputs have said. */
  rateAt(utc: number): string | undefined;
  /** When another rate begins to count by the calendar; undefined where none does within a year. */
  next(utc: number): RateSwitch | undefined;
}
