/** What a screen of the user menu is to the machine that shows it: things that can be selected, in rows, and what SET does to each. */
import type { MeterCommand, Outcome, Session } from "#quantity/authority.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { Choice, Part, Tone } from "#panel/picture.ts";

/** What the navigation keys say. */
export type Key = "up" | "down" | "left" | "right" | "set";

/** Something that the red perimeter can be around. */
export interface Target {
  readonly text: string;
  /** What stands before it, of a field. */
  readonly label?: string | undefined;
  readonly grey?: boolean | undefined;
  /** What SET does; nothing of what is only looked at. */
  readonly set?: (() => void) | undefined;
}

export interface View {
  readonly title: string;
  /** Things that change the meter are here: the foot has the lock. */
  readonly isLockable: boolean;
  /** Presets have a time-out of their own. */
  readonly isPreset?: boolean | undefined;
  /** From top to bottom, each from left to right; the foot comes after them. */
  rows(): readonly (readonly Target[])[];
  /** `choice` says how a target looks now. */
  parts(choice: (target: Target) => Choice): readonly Part[];
  /** A key that something being edited takes; false of one that moves the selection. */
  take?(key: Key): boolean;
  /** What was edited and not saved is as it was. */
  forget?: (() => void) | undefined;
  /** Leaves what is being edited; false where nothing is. */
  cancel?(): boolean;
}

/** What the machine does for its views. */
export interface Desk {
  readonly surface: MeterSurface;
  /** The meter's configuration, as it is now. */
  readonly configuration: unknown;
  /** Of whoever is at the panel now: his log-in, or nobody's. */
  readonly session: Session;
  /** The instant of the press, people's time. */
  readonly at: number;
  open(view: View): void;
  /** Puts the red perimeter at the first target; the result puts it back where it was. */
  first(): () => void;
  /** To the screen before. */
  back(): void;
  /** Stands under the screen until the next press. */
  say(words: readonly string[], tone?: Tone): void;
  /** Whether a command may be given; says why not. */
  may(command: MeterCommand["command"]): boolean;
  /** Gives a command; `then` hears what came of it. What was refused is said. */
  tell(command: MeterCommand, then?: (outcome: Outcome) => void): void;
  /** Waits for something that goes on beside; `done` runs unless the panel is elsewhere by then. */
  wait<T>(work: Promise<T>, done: (result: T) => void): void;
  /** Who is at the panel has been admitted. */
  unlocked(session: Session): void;
  lock(): void;
}
