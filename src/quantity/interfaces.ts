/**
 * What a protocol server and a model see of a meter. Nothing here knows how a meter is made: the rooms above
 * `meter` meet it only through these.
 */
import type { AmpsDemanded, Quantity, Watched } from "./quantity.ts";
import type { Setting } from "./setting.ts";
import type { WiringName } from "./wiring.ts";

/** The values of one calculation cycle; all of them change together. */
export interface Readings {
  /** Grows whenever a value may have changed: an image made from these readings is good until it does. */
  readonly cycle: number;
  /** The value in the unit of its name; NaN when the meter does not measure it, or not yet. */
  read(name: Quantity): number;
  /** Whole counts, towards zero, for registers of more digits than a number has; undefined where there is no value. */
  exact(name: Quantity): bigint | undefined;
}

/** Why a change of settings was refused: which one, and what was expected. */
export interface SettingRefusal {
  readonly setting: Setting;
  readonly value: number;
  readonly expected: string;
}

export interface Settings {
  setting(name: Setting): number;
  /** Whether all of the changes together would be taken. */
  check(changes: ReadonlyMap<Setting, number>): SettingRefusal | undefined;
  /** All of the changes or none. */
  change(changes: ReadonlyMap<Setting, number>): SettingRefusal | undefined;
}

/** What a meter can be told to do; it obeys at the end of the running calculation cycle. */
export const commands = [
  "clearEnergy",
  "newDemandSubInterval",
  "resetMaxDemand",
  "resetLogging",
  "clearPulses",
  "resetDemand",
  "restart",
  "resetExtremes",
  "resetPresentExtremes",
  "resetPreviousExtremes",
  "resetAmpsDemand",
  "resetMaxAmpsDemand",
  "energizeOutput",
  "deEnergizeOutput",
  "clearOutputCount",
  "clearInputCount",
  "clearUsage",
] as const;
export type Command = (typeof commands)[number];

export interface Commands {
  /** Takes the command; it outlives a power failure from here on. `done` runs when what it did is on disk. */
  obey(command: Command, done?: () => void): void;
  /** Gives energies new values, all at once at the end of the cycle; a power failure before `done` leaves the old ones. */
  preset(values: ReadonlyMap<Quantity, bigint>, done: () => void): void;
}

/** Of the two months that a meter keeps extremes of; of one that does not know months "present" is since they were reset. */
export type Month = "present" | "previous";

/** What has been the least, or the largest, and when. */
export interface Extremum {
  readonly value: number;
  /** Milliseconds since 1970 on the meter's own clock. */
  readonly at: number;
}

/** Moments that a meter remembers. */
export type Moment =
  | "restart"
  | "energy.cleared"
  | "energy.preset"
  | "demand.reset"
  | "extremes.reset"
  | "extremes.previous"
  | `${"W" | "var" | "VA"}.import.demand.max`
  | `${AmpsDemanded}.demand.max`;

/** What a meter keeps with its time. */
export interface Remembered {
  /** Undefined where nothing has been measured since they were reset, or the meter keeps none. */
  extreme(name: Watched, which: "min" | "max", month: Month): Extremum | undefined;
  /** On the meter's own clock; undefined where it has not happened, or the meter does not remember it. */
  moment(name: Moment): number | undefined;
}

/** A run of words that is not made from readings: the window on a log buffer. */
export interface WordWindow {
  /** The word at `offset`, 0 to the window's length less one. */
  word(offset: number): number;
}

/** Register words for a data logger: what a client would read at that register number now. */
export interface WordSource {
  word(register: number): number;
}

/** Texts that identify one meter. */
export interface Identity {
  readonly manufacturer: string;
  readonly product: string;
  readonly options: string;
  /** Firmware of the operating system, xx * 1000 + yyy. */
  readonly firmware: number;
  readonly serial: string;
}

/** A meter as everything above it sees it. */
export interface Meter extends Readings, Settings, Commands {
  readonly name: string;
  readonly identity: Identity;
  /** How it is connected. */
  readonly wiringName: WiringName;
  readonly log: WordWindow | undefined;
  readonly records: Remembered;
  /** Its operating system does not run, but the small one that can put another in its place: it measures nothing. */
  readonly inResetSystem: boolean;
}
