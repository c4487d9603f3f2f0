/**
 * The command interface of the PowerLogic meters (63230-500-225A2, Appendix C): 150 registers from 8000 on. A code written
 * to the first executes, with parameters in those that follow; the numbers of the registers that receive the code's echo
 * and the result, and where data begins, stand in 8017 to 8019. Settings change in a session that a command opens.
 */
import type { Clock } from "#clock/clock.ts";
import type { Command, Meter, SettingRefusal } from "#quantity/interfaces.ts";
import type { Quantity } from "#quantity/quantity.ts";
import type { Setting } from "#quantity/setting.ts";
import { decodeMod10000 } from "./register-numbers.ts";

/** What a command does. */
export type CommandAction =
  | Command
  /** Sets date and time from month, day, year, hour, minute, second. */
  | "setClock"
  | "openSetup"
  | "closeSetup"
  /** The energies that four registers each, from the data pointer on, give new values. */
  | { readonly preset: readonly Quantity[] }
  /** Sets a setting: always to this, or to what the first parameter means. */
  | { readonly set: Setting; readonly to: number | Readonly<Record<number, number>> }
  /** Obeys these, one after the other. */
  | { readonly all: readonly Command[] }
  /** Obeys those whose bit is set in the first parameter. */
  | { readonly bits: Readonly<Record<number, Command>> }
  /** Obeys the one that the first parameter chooses. */
  | { readonly choose: Readonly<Record<number, Command>> }
  /** Clears or stops what this meter does not keep: there is nothing to do, and it is done. */
  | { readonly without: string }
  /** Acts on a part that is not fitted: whatever its number is, it is invalid. */
  | { readonly unfitted: string };

export type CommandRow = readonly [
  code: number,
  /** What registers 8001 and on may hold. */
  parameters: readonly (readonly [from: number, to: number])[],
  does: CommandAction,
  /** Refused while this setting is 1. */
  sealedBy?: Setting,
];

export interface CommandTable {
  /** Printed number of the command register. */
  readonly register: number;
  readonly rows: readonly CommandRow[];
}

export const commandResult = { done: 0, invalidCommand: 81, invalidParameter: 82 } as const;

const WORDS = 150;
/** Where the pointers stand, and where the user's buffer begins. */
const pointer = { code: 17, result: 18, data: 19 } as const;
const BUFFER = 20;

const GROUPS = 4;
const MOST_IN_GROUP = 9999;

/** A session that is not written to for so long is given up. */
const SESSION_MS = 120_000;

export class CommandInterface {
  readonly #table: CommandTable;
  readonly #rows: ReadonlyMap<number, CommandRow>;
  readonly #meter: Meter;
  readonly #clock: Clock;
  readonly #words = new Uint16Array(WORDS);
  #draft: Map<Setting, number> | undefined;
  #writtenAt = 0;

  constructor(table: CommandTable, meter: Meter, clock: Clock) {
    this.#table = table;
    this.#rows = new Map(table.rows.map((row) => [row[0], row]));
    this.#meter = meter;
    this.#clock = clock;
  }

  /** What the meter's settings will be if the session is saved; undefined when there is none. */
  get draft(): ReadonlyMap<Setting, number> | undefined {
    if (this.#draft !== undefined && this.#clock.elapsed() - this.#writtenAt >= SESSION_MS) this.#draft = undefined;
    return this.#draft;
  }

  word(offset: number): number {
    return this.#words[offset] ?? 0;
  }

  /** Takes words; when the command register is among them, its command executes with the words as they are now. */
  write(offset: number, values: Uint16Array): void {
    this.#words.set(values, offset);
    if (this.draft !== undefined) this.#writtenAt = this.#clock.elapsed();
    if (offset === 0) this.#execute(this.word(0));
  }

  /** Adds to the session's changes; what is wrong with them, or "closed" when there is no session. */
  propose(changes: ReadonlyMap<Setting, number>): SettingRefusal | "closed" | undefined {
    if (this.draft === undefined) return "closed";
    const all = new Map([...this.draft, ...changes]);
    const refused = this.#meter.check(all);
    if (refused !== undefined) return refused;
    this.#draft = all;
    this.#writtenAt = this.#clock.elapsed();
    return undefined;
  }

  /** The offset that one of the pointers means; undefined when it means nothing, or not the buffer. */
  #at(place: number): number | undefined {
    const offset = this.word(place) - this.#table.register;
    return offset >= BUFFER && offset < WORDS ? offset : undefined;
  }

  #execute(code: number): void {
    const [codeAt, resultAt] = [this.#at(pointer.code), this.#at(pointer.result)];
    const report = (result: number): void => {
      if (resultAt !== undefined) this.#words[resultAt] = result;
      if (codeAt !== undefined) this.#words[codeAt] = code;
    };
    const row = this.#rows.get(code);
    if (row === undefined) return report(commandResult.invalidCommand);
    const [, parameters, does, sealedBy] = row;
    const valid = parameters.every(([from, to], k) => this.word(1 + k) >= from && this.word(1 + k) <= to);
    const sealed = sealedBy !== undefined && this.#meter.setting(sealedBy) === 1;
    if (!valid || sealed || !this.#does(does, () => report(commandResult.done))) {
      report(commandResult.invalidParameter);
    }
  }

  /** Does it, now or at the end of the meter's cycle; false when its parameters do not allow it. */
  #does(action: CommandAction, done: () => void): boolean {
    if (action === "setClock") return this.#change(this.#instant(), done);
    if (action === "openSetup") return this.#open(done);
    if (action === "closeSetup") return this.#close(done);
    if (typeof action === "object" && "preset" in action) return this.#preset(action.preset, done);
    if (typeof action === "object" && "set" in action)
      return this.#change([[action.set, this.#value(action.to)]], done);
    if (typeof action === "object" && "unfitted" in action) return false;
    const told = this.#commandsOf(action);
    told.forEach((command, k) => this.#meter.obey(command, k === told.length - 1 ? done : undefined));
    if (told.length === 0) done();
    return true;
  }

  /** What an action tells the meter to do. */
  #commandsOf(action: Command | Exclude<CommandAction, string>): readonly Command[] {
    if (typeof action === "string") return [action];
    if ("all" in action) return action.all;
    if ("choose" in action) return [action.choose[this.word(1)] ?? []].flat();
    if (!("bits" in action)) return [];
    return Object.entries(action.bits).flatMap(([bit, command]) =>
      ((this.word(1) >> Number(bit)) & 1) === 1 ? [command] : [],
    );
  }

  #value(to: number | Readonly<Record<number, number>>): number {
    return typeof to === "number" ? to : (to[this.word(1)] ?? NaN);
  }

  #change(changes: Iterable<readonly [Setting, number]>, done: () => void): boolean {
    if (this.#meter.change(new Map(changes)) !== undefined) return false;
    done();
    return true;
  }

  #instant(): (readonly [Setting, number])[] {
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = this.#words.subarray(1, 7);
    return [
      ["clock.dayMonth", (day << 8) | month],
      ["clock.hourYear", (hour << 8) | (year - 2000)],
      ["clock.secondMinute", (second << 8) | minute],
    ];
  }

  #open(done: () => void): boolean {
    if (this.draft !== undefined) return false;
    this.#draft = new Map();
    this.#writtenAt = this.#clock.elapsed();
    done();
    return true;
  }

  /** 1 saves, anything else discards. */
  #close(done: () => void): boolean {
    const { draft } = this;
    this.#draft = undefined;
    if (draft === undefined) return false;
    return this.#change(this.word(1) === 1 ? draft : [], done);
  }

  #preset(names: readonly Quantity[], done: () => void): boolean {
    const from = this.#at(pointer.data);
    if (from === undefined || from + GROUPS * names.length > WORDS) return false;
    const words = [...this.#words.subarray(from, from + GROUPS * names.length)];
    if (words.some((word) => Math.abs((word << 16) >> 16) > MOST_IN_GROUP)) return false;
    const values = names.map((name, k) => [name, decodeMod10000(words.slice(GROUPS * k, GROUPS * (k + 1)))] as const);
    this.#meter.preset(new Map(values), done);
    return true;
  }
}

/** Registers of the interface. */
export const commandWords = WORDS;
