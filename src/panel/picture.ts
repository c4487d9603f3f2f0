/**
 * What is seen of a front panel: plain values, for a page, a terminal and tests alike. What a person reads is text in the product's own words;
 * where a figure of the manual has a place for something, it has a name here.
 */

/** A light that gives a pulse for so much energy: a test LED, the diode of an optical port. */
export interface Light {
  readonly name: string;
  /** Pulses given so far: one more is one flash. */
  readonly pulses: number;
}

/** What a part of an LCD shows in one row. */
export interface LcdRow {
  /** As the segments say it: "SAvEd", "----", "12.345". */
  readonly text: string;
  /** What the digits can be: of fourteen segments or of seven. */
  readonly segments: 7 | 14;
  /** The character that flashes, from 0. */
  readonly flashes?: number | undefined;
}

/** A display of segments and icons. */
export interface Lcd {
  readonly kind: "lcd";
  readonly rows: readonly LcdRow[];
  /** Icons that there are, in their places, and which are seen. */
  readonly icons: readonly { readonly name: string; readonly on: boolean }[];
}

/** How a thing looks where colour says something. */
export type Tone = "plain" | "grey" | "good" | "active" | "warning" | "bad";

/** A register as a screen has it. */
export interface ShownRegister {
  /** "011". */
  readonly number: string;
  readonly label: string;
  /** "038977.37", "Not Set". */
  readonly text: string;
  readonly unit: string;
}

export interface Vector {
  /** "Va", "Ib". */
  readonly name: string;
  readonly of: "volts" | "amps";
  /** "119.98 V"; absent where it is not measured. */
  readonly magnitude: string | undefined;
  /** Degrees as the meter says them; undefined where there is none. */
  readonly angle: number | undefined;
  /** Of the longest of its kind, 0 to 1. */
  readonly length: number;
}

/** Something that is selected with the red perimeter. */
export interface Choice {
  readonly text: string;
  readonly selected: boolean;
  /** There, and not to be had on this meter. */
  readonly grey?: boolean | undefined;
}

export interface Field extends Choice {
  readonly label: string;
  /** It is being edited: which of its characters, from 0. What a keypad fills is edited while a key is selected. */
  readonly edits?: number | undefined;
}

/** What a screen has between its header and its foot, from top to bottom. */
export type Part =
  | { readonly part: "registers"; readonly registers: readonly ShownRegister[] }
  | { readonly part: "phasor"; readonly vectors: readonly Vector[] }
  | {
      readonly part: "matrix";
      readonly columns: readonly { readonly name: string; readonly there: boolean }[];
      readonly rows: readonly {
        readonly name: string;
        readonly cells: readonly { readonly text: string; readonly tone: Tone }[];
      }[];
      readonly legend: readonly { readonly text: string; readonly tone: Tone }[];
    }
  | { readonly part: "table"; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly part: "menu"; readonly columns: number; readonly items: readonly Choice[] }
  | { readonly part: "form"; readonly fields: readonly Field[] }
  | { readonly part: "keys"; readonly rows: readonly (readonly Choice[])[] }
  | { readonly part: "lines"; readonly lines: readonly { readonly text: string; readonly tone: Tone }[] }
  | {
      readonly part: "indicators";
      readonly items: readonly { readonly title: string; readonly text: string; readonly tone: Tone }[];
    };

/** A colour screen. */
export interface Screen {
  readonly kind: "screen";
  /** "Menu -> Meter Settings"; empty where registers are shown. */
  readonly title: string;
  /** "01/09/2014 10:56:59 EST". */
  readonly clock: string;
  /** "TOU Rate D". */
  readonly rate?: string | undefined;
  /** What stands in the header besides: "SYNC", "ALARM", "TEST MODE". */
  readonly marks: readonly { readonly text: string; readonly tone: Tone }[];
  readonly parts: readonly Part[];
  /** The foot of menus: the arrow back, who is logged in, the lock. */
  readonly foot?:
    | {
        readonly back: Choice;
        readonly user: string;
        readonly lock?: { readonly open: boolean; readonly selected: boolean } | undefined;
      }
    | undefined;
  /** How far each load profile's interval has come, 0 to 1. */
  readonly intervals: readonly { readonly label: string; readonly done: number }[];
}

/** A display without power: its glass. */
export interface Dark {
  readonly kind: "dark";
  /** A colour screen's; left out, an LCD's. */
  readonly glass?: "colour" | undefined;
}

export interface Picture {
  readonly display: Lcd | Screen | Dark;
  readonly lights: readonly Light[];
  /** Buttons that are held down now. */
  readonly held: readonly string[];
  /** Parts of the case that can be opened, and whether they are: a cover, a seal. */
  readonly open: readonly string[];
}
