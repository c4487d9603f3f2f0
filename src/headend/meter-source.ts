/** Meters that are read again and again, whatever they are reached by. */
import type { Clock } from "#clock/clock.ts";
import type { PointReading } from "./point-reading.ts";

export interface Reading {
  /** When its values were there, milliseconds; of a meter of a site by the site's own clock. */
  readonly utc: number;
  /** What local time is ahead of UTC then: of the meter where it says so, else of this computer. */
  readonly offsetMinutes: number;
  /** What the meter says that it is; empty when it does not say. */
  readonly identification: readonly string[];
  readonly parts: readonly ReadingPart[];
  /** Programs are told its values one by one, with all that is known of each. */
  readonly oneByOne?: true;
  /** Why some of it is not measured now, in the meter's own words, where it says. */
  readonly absence?: string | undefined;
  /** What a person should look at. */
  readonly notes: readonly string[];
}

/** Values that stand together, under the title that the model's table has. */
export interface ReadingPart {
  readonly title?: string;
  /** How the model's table writes the number of a register; decimal unless said. */
  readonly registerText?: (register: number) => string;
  readonly points: readonly PointReading[];
}

/** Told how many requests of how many are done. */
export type Progress = (done: number, of: number) => void;

export interface MeterSource {
  /** As it was given. */
  readonly url: string;
  /** Where it is known before the meter is read. */
  readonly model?: string | undefined;
  /** What tells it from others on its line, where anything does. */
  readonly unit?: number | undefined;
  /** What it shares with others, which are read one after the other: a device, a port, a gateway, a site. */
  readonly line: string;
  /** A word of what is wanted may stand for many values: which they are is known when they have been read. */
  readonly expands?: boolean;
  /** All that it has, or what is wanted, in that order. Rejects with a message that says what is wrong and what to look at. */
  read(progress?: Progress): Promise<Reading>;
  close(): Promise<void>;
}

/** A reading of now by this computer's clock. */
export function readNow(clock: Clock, parts: readonly ReadingPart[], more: Partial<Reading> = {}): Reading {
  const utc = clock.utc();
  const here = Temporal.Instant.fromEpochMilliseconds(Math.round(utc)).toZonedDateTimeISO(Temporal.Now.timeZoneId());
  const offsetMinutes = Math.round(here.offsetNanoseconds / 60e9);
  return { utc, offsetMinutes, identification: [], notes: [], parts, ...more };
}

/** A value in the unit that its name says: SI, whatever the meter's register shows. */
export function inSi(point: PointReading): PointReading {
  const { scale = 1, ...rest } = point;
  const { value, unit } = rest;
  if (scale === 1 || typeof value !== "number") return point;
  // What is scaled has its prefix before its unit; how the meter shows it is of that.
  return { ...rest, text: undefined, value: value * scale, unit: unit.slice(1) };
}
