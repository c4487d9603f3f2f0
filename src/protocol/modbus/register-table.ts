/**
 * The table language: how a model writes down its registers. A point map is the manual's own table, one line a point,
 * same columns, order and words; what a register is stands in the last column, in the names of the vocabulary.
 */
import type { Command, Moment } from "#quantity/interfaces.ts";
import type { Quantity } from "#quantity/quantity.ts";
import type { Setting } from "#quantity/setting.ts";
import type { WiringName } from "#quantity/wiring.ts";
import type { ExtremeWord } from "./extreme-words.ts";
import type { ReadLimits } from "./read-plan.ts";
import { isText, wordsOfNumber, type Absent, type Format } from "./register-numbers.ts";
import type { ClockPart, SettablePart } from "./clock-words.ts";
import { commandWords, type CommandTable } from "./command-interface.ts";

/** What one of a printed unit is in the SI unit of the quantity's name. */
export const units = {
  "": 1,
  kWh: 1000,
  kVARh: 1000,
  kVAh: 1000,
  kW: 1000,
  kVAR: 1000,
  kVA: 1000,
  Volt: 1,
  Volts: 1,
  Amp: 1,
  Amps: 1,
  Hz: 1,
  Hertz: 1,
  Ratio: 1,
  Watts: 1,
  "Volt-Amps": 1,
  VAR: 1,
  "%": 0.01,
  "Watt-hours": 1,
  "VA-hours": 1,
  "VAR-hours": 1,
  Wh: 1,
  VARh: 1,
  VAh: 1,
  Seconds: 1,
  Minutes: 1,
  Hours: 1,
  msec: 0.001,
  ms: 0.001,
  ASCII: 1,
  Flags: 1,
  SF: 1,
} as const;
export type Unit = keyof typeof units;

/** Texts that a meter knows of itself. */
export type Text = "manufacturer" | "product" | "options" | "version" | "serial";

/** What a register holds. */
export type Is<Scale extends string> =
  | Quantity
  /** Always these bits; writes to a writable one are accepted and ignored. */
  | { readonly reserved: number }
  /** Always this number. */
  | { readonly constant: number }
  | { readonly text: Text }
  /** The exponent of a scale of this map. */
  | { readonly scale: Scale }
  /** The exponent of a scale that a setting can fix. */
  | { readonly scale: Scale; readonly setting: Setting; readonly as?: undefined }
  /** The same word, or words, always; a text of ASCII where the format is a string. */
  | { readonly words: string }
  /**
   * The firmware version as the identification strings have it: xx * 1000 + yyy; the serial number of a meter whose register
   * has room for a number only; or the address at which it is asked.
   */
  | { readonly identity: "firmware" | "serial number" | "unit" }
  /** Reads and sets a setting; what it may be is the instrument's to know. `as` prints other numbers for its values. */
  | { readonly setting: Setting; readonly as?: Readonly<Record<number, number>> }
  /** How the meter is connected, by the number that this product has for it. */
  | { readonly wiring: Readonly<Partial<Record<WiringName, number>>> }
  /** Other numbers for the values of a quantity; what is not named is absent. */
  | { readonly code: Quantity; readonly as: Readonly<Record<number, number>> }
  /** What is left of a quantity after whole multiples of `of`, which stand in a register of their own. */
  | { readonly rest: Quantity; readonly of: number }
  /** With the sign of another: currents of products that show by them which way power flows. */
  | { readonly signed: Quantity; readonly like: Quantity }
  /** Words that are commands; it reads 0. */
  | {
      readonly command: Readonly<Record<number, RegisterCommand>>;
      /** Commands that are refused while a setting is 1. */
      readonly sealed?: Readonly<Record<number, Setting>>;
    }
  /** Keeps what was written last until the supply fails: a parameter of a command. */
  | { readonly scratch: true }
  /** A part of the meter's clock, to be read. */
  | { readonly clock: ClockPart }
  /** A part of the meter's clock: a write sets it, the parts that are not written go on as they are. */
  | { readonly clock: SettablePart; readonly set: true }
  /** A part of a moment that the meter remembers. */
  | { readonly moment: Moment; readonly part: ClockPart }
  /** What has been the least, or the largest, of several readings in a month; which of them that was, from 1 on; or when. */
  | ExtremeWord
  /** `length` registers that the meter's log window fills, one word each. */
  | { readonly window: "log"; readonly length: number }
  /** The registers of the map's command interface. */
  | { readonly window: "commands" };

/** What a word in a command register does. */
export type RegisterCommand =
  | Command
  /** Resets what this meter does not keep: there is nothing to do, and it is done. */
  | { readonly without: string }
  /** The two words from the one register on become the reading of the other. */
  | { readonly preset: readonly (readonly [from: number, reading: number])[] };

export type Row<Scale extends string> = readonly [
  /** As the manual numbers it. */
  reg: number,
  rw: "R" | "R/W",
  nv: "" | "NV",
  format: Format,
  units: Unit,
  /** The value is the number times this, or times ten to the exponent of a scale; none is 1. */
  scale: number | Scale | "",
  is: Is<Scale>,
  /** The document in which it stands. */
  source?: string,
];

export interface Block<Scale extends string> {
  readonly title: string;
  /** Present only where this option is fitted. */
  readonly option?: "logging";
  /** Present from this firmware on (xx * 1000 + yyy). */
  readonly since?: number;
  /** The table that its registers lie in, where the product has two; both functions, 0x03 and 0x04, read them unless said. */
  readonly table?: "holding" | "input";
  /** What its registers read that hold no value; "quiet" unless said. */
  readonly absent?: Absent;
  /** The wirings on which the product fills these registers; on others they hold no value. All unless said. */
  readonly only?: readonly WiringName[];
  /** Filled while this setting is not 0; else they hold no value. Always unless said. */
  readonly when?: Setting;
  /** What registers between its rows read that no other block has; where it is not said they are refused. */
  readonly fill?: number;
  readonly rows: readonly Row<Scale>[];
}

/** A scale is a power of ten: a quantity that is its exponent, plus a constant; or a constant alone. */
export interface ScaleRule {
  readonly exponent?: Quantity;
  readonly plus?: number;
}

export interface PointMap<Scale extends string = string> {
  /** What to subtract from printed register numbers for wire addresses. */
  readonly base: number;
  /** How the manual writes register numbers; decimal unless said. */
  readonly numbers?: "hexadecimal";
  readonly scales: Readonly<Record<Scale, ScaleRule>>;
  readonly blocks: readonly Block<Scale>[];
  /** Values of two registers have their lower word first; the upper one unless said. */
  readonly lowWordFirst?: true;
  /** Wire addresses that read something else when they are read alone: meters have identification codes so. */
  readonly alone?: Readonly<Record<number, number>>;
  /** The command interface, where the meter has one: its settings are then written in sessions. */
  readonly commands?: CommandTable;
}

/** A block's rows, and between them the registers that read what fills its holes: those that no other of the blocks has. */
export function rowsWithFill<Scale extends string>(
  block: Block<Scale>,
  blocks: readonly Block<Scale>[],
): readonly Row<Scale>[] {
  const { rows, fill, table } = block;
  if (fill === undefined) return rows;
  const spans = blocks
    .filter((other) => other !== block && other.table === table)
    .flatMap((other) => other.rows.map(([reg, , , format, , , is]) => [reg, reg + wordsOf(format, is)] as const));
  let next = rows[0]?.[0] ?? 0;
  return rows.flatMap((row) => {
    const hole = Array.from({ length: row[0] - next }, (_, k) => next + k)
      .filter((reg) => !spans.some(([from, to]) => reg >= from && reg < to))
      .map((reg): Row<Scale> => [reg, "R", "", "UInt", "", "", { reserved: fill }]);
    next = row[0] + wordsOf(row[3], row[6]);
    return [...hole, row];
  });
}

/** Words that a row of the format covers. */
export function wordsOf(format: Format, is?: Is<string>): number {
  if (typeof is === "object" && "window" in is) return is.window === "log" ? is.length : commandWords;
  return isText(format) ? Number(format.slice(8, -1)) / 2 : wordsOfNumber(format);
}

/** A register's number as the manual writes it: "0x0034", or "1001". */
export function registerText({ numbers }: Pick<PointMap, "numbers">, register: number): string {
  return numbers === "hexadecimal" ? `0x${register.toString(16).toUpperCase().padStart(4, "0")}` : String(register);
}

/** What function reads a block's registers. */
export function functionOf({ table }: Pick<Block<string>, "table">): 0x03 | 0x04 {
  return table === "input" ? 0x04 : 0x03;
}

/** How a model presents itself over Modbus. Texts may use {product}, {firmware} and the like of its identity. */
export interface ModbusFace<Scale extends string = string> {
  readonly map: PointMap<Scale>;
  /** How much a reader may ask for at once, where that is less than the protocol's limit. More is exception 03. */
  readonly reads?: ReadLimits;
  /**
   * Values are of two registers and are read whole: an odd address or count is refused. `alone` is what any register reads
   * that is asked for by itself: the code of the product. Without it that is refused, too.
   */
  readonly pairs?: { readonly alone?: number };
  /**
   * Reads of values are refused (exception 04) while the meter measures nothing, for formats that have no invalid value: a
   * reader must see a fault, never an old value.
   */
  readonly faultWhenUnmeasured?: true;
  /** Function 0x11: the id byte, the run status and the text. */
  readonly serverId?: {
    readonly id: number;
    readonly status: number;
    readonly text: string;
    /** The same while the meter's reset system runs. */
    readonly reset?: { readonly status: number; readonly text: string };
  };
  /** Function 0x2B / 0x0E, basic objects 0, 1 and 2. */
  readonly identification?: {
    readonly vendor: string | { readonly setting: Setting; readonly texts: Readonly<Record<number, string>> };
    readonly product: string;
    readonly revision: string;
  };
}
