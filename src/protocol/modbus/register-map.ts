/**
 * One meter seen through its model's point map. Registers are kept as a big-endian image, made anew at the first
 * read after the meter's values changed; an answer is a slice of it, so no value is torn.
 */
import type { Clock } from "#clock/clock.ts";
import type { Identity, Meter, SettingRefusal, WordWindow } from "#quantity/interfaces.ts";
import { isCountedWhole, type Quantity } from "#quantity/quantity.ts";
import type { Setting } from "#quantity/setting.ts";
import type { Command } from "#quantity/interfaces.ts";
import type { DeviceIdentification } from "./device-identification.ts";
import { Exception } from "./pdu.ts";
import { CommandInterface } from "./command-interface.ts";
import { encodeMod10000, encodeNumber, QNAN16, swapWords, type Encoding } from "./register-encode.ts";
import {
  units,
  wordsOf,
  type ClockPart,
  type ModbusFace,
  type Row,
  type ScaleRule,
  type Text,
} from "./register-table.ts";
import type { ModbusUnit } from "./unit.ts";

/** A row made ready: where its words lie in its segment, and what one count of it is worth. */
interface Point {
  readonly row: Row<string>;
  /** Byte offset in the segment. */
  readonly at: number;
  readonly words: number;
  readonly factor: number;
  readonly scale: ScaleRule | undefined;
  readonly encoding: Encoding;
}

/** A run of registers without holes. */
interface Segment {
  readonly first: number;
  readonly count: number;
  readonly image: Uint8Array;
  readonly view: DataView;
  readonly points: readonly Point[];
  /** What fills it word by word, where it is not imaged. */
  readonly window: WordWindow | undefined;
  madeAt: number;
}

/** The texts of an identity. */
export function textOf(identity: Identity, text: Text): string {
  if (text === "version") return versionOf(identity.firmware);
  return identity[text];
}

/** 12345 is "V12.345". */
export function versionOf(firmware: number): string {
  return `V${Math.floor(firmware / 1000)}.${String(firmware % 1000).padStart(3, "0")}`;
}

export interface MapOptions {
  /** The options that are fitted. */
  readonly options: ReadonlySet<string>;
  /** For sessions that end when nothing is written. */
  readonly clock: Clock;
  /** Told in words why a write was refused, as the exception cannot. */
  readonly refused?: ((why: string) => void) | undefined;
}

export class RegisterMap implements ModbusUnit {
  readonly #meter: Meter;
  readonly #face: ModbusFace;
  readonly #segments: readonly Segment[];
  readonly #points = new Map<number, Point>();

  readonly #commands: CommandInterface | undefined;
  readonly #refused: (why: string) => void;

  constructor(face: ModbusFace, meter: Meter, { options, refused, clock }: MapOptions) {
    this.#refused = refused ?? (() => {});
    this.#meter = meter;
    this.#face = face;
    const { map } = face;
    this.#commands = map.commands === undefined ? undefined : new CommandInterface(map.commands, meter, clock);
    const rows = map.blocks
      .filter((block) => block.option === undefined || options.has(block.option))
      .filter((block) => meter.identity.firmware >= (block.since ?? 0))
      .flatMap((block) => block.rows.map((row) => ({ row, absentLong: block.absentLong })))
      .sort((a, b) => a.row[0] - b.row[0]);
    const runs: { row: Row<string>; absentLong: number | undefined }[][] = [];
    let end = -1;
    for (const entry of rows) {
      const [reg, , , format, , , is] = entry.row;
      // A window is its own segment: it is not imaged.
      const window = typeof is === "object" && "window" in is;
      if (reg !== end || window) runs.push([]);
      runs.at(-1)?.push(entry);
      end = window ? -1 : reg + wordsOf(format, is);
    }
    this.#segments = runs.map((run) => this.#segment(run));
  }

  #segment(run: readonly { row: Row<string>; absentLong: number | undefined }[]): Segment {
    const { map } = this.#face;
    const start = run[0]?.row[0] ?? 0;
    const points = run.map(({ row, absentLong }): Point => {
      const [reg, , , format, unit, scale, is] = row;
      const rule = typeof scale === "string" && scale !== "" ? map.scales[scale] : undefined;
      // A setting is what the register says; only quantities are converted from the printed unit.
      const plain = typeof is === "object" && "setting" in is;
      const factor = (plain ? 1 : units[unit]) * (typeof scale === "number" ? scale : 10 ** (rule?.plus ?? 0));
      const scaled = rule?.exponent === undefined ? undefined : rule;
      const words = wordsOf(format, is);
      const accumulates = typeof is === "string" && isCountedWhole(is);
      const encoding = { format, words, accumulates, plain: scale === "", absentLong };
      const point = { row, at: 2 * (reg - start), words, factor, scale: scaled, encoding };
      for (let k = 0; k < point.words; k++) this.#points.set(reg - map.base + k, point);
      return point;
    });
    const last = points.at(-1);
    const count = last === undefined ? 0 : last.at / 2 + last.words;
    const is = run[0]?.row[6];
    const windowed = typeof is === "object" && "window" in is ? is.window : undefined;
    const window = windowed === "log" ? this.#meter.log : windowed === "commands" ? this.#commands : undefined;
    const image = new Uint8Array(windowed === undefined ? 2 * count : 0);
    return {
      first: start - map.base,
      count,
      image,
      view: new DataView(image.buffer),
      points,
      window,
      madeAt: -1,
    };
  }

  #find(address: number): Segment | undefined {
    for (const segment of this.#segments) {
      if (address >= segment.first && address < segment.first + segment.count) return segment;
    }
    return undefined;
  }

  get inputOnly(): boolean {
    return this.#face.inputOnly ?? false;
  }

  read(first: number, count: number, out: Uint8Array, at: number): Exception | 0 {
    const alone = count === 1 ? this.#face.map.alone?.[first] : undefined;
    if (alone !== undefined) {
      out[at] = alone >> 8;
      out[at + 1] = alone & 0xff;
      return 0;
    }
    if (this.#face.faultWhenUnmeasured === true && Number.isNaN(this.#meter.read("W"))) {
      return Exception.serverDeviceFailure;
    }
    const segment = this.#find(first);
    if (segment === undefined || first + count > segment.first + segment.count) return Exception.illegalDataAddress;
    if (segment.window !== undefined) {
      for (let k = 0; k < count; k++) {
        const word = segment.window.word(first - segment.first + k);
        out[at + 2 * k] = word >> 8;
        out[at + 2 * k + 1] = word & 0xff;
      }
      return 0;
    }
    if (segment.madeAt !== this.#meter.cycle) this.#make(segment);
    const { image } = segment;
    for (let from = 2 * (first - segment.first), end = from + 2 * count; from < end; from++)
      out[at++] = image[from] ?? 0;
    return 0;
  }

  /** The word at a printed register number; the invalid word where there is none. For the data log. */
  word(register: number): number {
    const two = new Uint8Array(2);
    if (this.read(register - this.#face.map.base, 1, two, 0) !== 0) return QNAN16;
    return ((two[0] ?? 0) << 8) | (two[1] ?? 0);
  }

  #make(segment: Segment): void {
    segment.madeAt = this.#meter.cycle;
    for (const point of segment.points) this.#encode(segment, point);
    if (this.#face.map.lowWordFirst !== true) return;
    for (const { at, words, row } of segment.points) {
      if (words === 2 && !row[3].startsWith("String")) swapWords(segment.view, at);
    }
  }

  #encode({ view, image }: Segment, point: Point): void {
    const [, , , format, , , is] = point.row;
    if (typeof is === "string") {
      // The format has no invalid value: what is not measured has counted nothing.
      if (format === "Mod10000 (4)") encodeMod10000(view, point.at, this.#meter.exact(is) ?? 0n);
      else encodeNumber(view, point.at, this.#meter.read(is) / this.#worth(point), point.encoding);
    } else if ("setting" in is) {
      const value = this.#commands?.draft?.get(is.setting) ?? this.#meter.setting(is.setting);
      view.setUint16(point.at, is.as === undefined ? Math.round(value / point.factor) : (is.as[value] ?? 0));
    } else if ("reserved" in is) this.#encodeRaw(view, point, is.reserved);
    else if ("constant" in is) this.#encodeRaw(view, point, is.constant);
    else if ("clock" in is) view.setUint16(point.at, this.#clockWord(is.clock));
    else if ("identity" in is) view.setUint16(point.at, this.#meter.identity.firmware);
    else if ("scale" in is) view.setInt16(point.at, this.#exponent(this.#face.map.scales[is.scale]));
    else if ("text" in is || "words" in is) {
      const text = "text" in is ? textOf(this.#meter.identity, is.text) : is.words;
      for (let k = 0; k < 2 * point.words; k++) image[point.at + k] = text.charCodeAt(k) & 0x7f;
    } else view.setUint16(point.at, 0);
  }

  /** The settings of the clock have the same bytes the other way round, and count years from 2000. */
  #clockWord(part: ClockPart): number {
    const swapped = (word: number): number => ((word & 0xff) << 8) | (word >> 8);
    if (part === "month, day") return swapped(this.#meter.setting("clock.dayMonth"));
    if (part === "minute, second") return swapped(this.#meter.setting("clock.secondMinute"));
    return swapped(this.#meter.setting("clock.hourYear") + 100);
  }

  #exponent(rule: ScaleRule | undefined): number {
    return (rule?.exponent === undefined ? 0 : this.#meter.read(rule.exponent)) + (rule?.plus ?? 0);
  }

  #worth(point: Point): number {
    const exponent = point.scale?.exponent;
    return exponent === undefined ? point.factor : point.factor * 10 ** this.#meter.read(exponent);
  }

  #encodeRaw(view: DataView, point: Point, value: number): void {
    if (point.words === 2) view.setUint32(point.at, value);
    else view.setUint16(point.at, value);
  }

  write(first: number, values: Uint16Array): Exception | 0 {
    const segment = this.#find(first);
    if (segment?.window !== undefined && segment.window === this.#commands) {
      if (first + values.length > segment.first + segment.count) return Exception.illegalDataAddress;
      this.#commands.write(first - segment.first, values);
      return 0;
    }
    const changes = new Map<Setting, number>();
    const commands: Command[] = [];
    const points = [...values.keys()].map((k) => this.#points.get(first + k));
    const barred = points.findIndex((point) => point?.row[1] !== "R/W");
    if (barred >= 0) {
      const why = points[barred] === undefined ? "there is no such register" : "it is read-only";
      this.#refused(`write to register ${first + barred + this.#face.map.base}: ${why}`);
      return Exception.illegalDataAddress;
    }
    for (const [k, value] of values.entries()) {
      const point = points[k];
      const is = point?.row[6];
      if (point === undefined || typeof is !== "object") continue;
      if ("setting" in is) changes.set(is.setting, value * point.factor);
      else if ("command" in is) {
        const command = is.command[value];
        if (command === undefined) {
          const expected = Object.keys(is.command).join(", ");
          this.#refused(`write to register ${point.row[0]}: expected one of ${expected}; found ${value}`);
          return Exception.illegalDataValue;
        }
        const seal = is.sealed?.[command];
        if (seal !== undefined && this.#meter.setting(seal) === 1) {
          this.#refused(`write to register ${point.row[0]}: ${command} is sealed (${seal})`);
          return Exception.illegalDataValue;
        }
        commands.push(command);
      }
    }
    const refusal = changes.size > 0 ? this.#change(changes) : undefined;
    if (refusal === "closed") {
      const open = this.#face.map.commands?.rows.find(([, , does]) => does === "openSetup")?.[0];
      this.#refused(`write to register ${first + this.#face.map.base}: expected a setup session (command ${open})`);
      return Exception.illegalDataAddress;
    }
    // An image shows what the session proposes.
    if (this.#commands !== undefined) for (const segment of this.#segments) segment.madeAt = -1;
    if (refusal !== undefined) {
      const register = points.find((point) => settingOf(point) === refusal.setting)?.row[0];
      const { setting, expected, value } = refusal;
      this.#refused(`write to register ${register} (${setting}): expected ${expected}; found ${value}`);
      return Exception.illegalDataValue;
    }
    for (const command of commands) this.#meter.obey(command);
    return 0;
  }

  /** In a session changes wait until it is saved. */
  #change(changes: ReadonlyMap<Setting, number>): SettingRefusal | "closed" | undefined {
    return this.#commands === undefined ? this.#meter.change(changes) : this.#commands.propose(changes);
  }

  serverId(): Uint8Array | undefined {
    const id = this.#face.serverId;
    if (id === undefined) return undefined;
    const text = filled(id.text, this.#meter.identity);
    return Uint8Array.of(id.id, id.status, ...[...text].map((letter) => letter.charCodeAt(0) & 0x7f));
  }

  identification(): DeviceIdentification | undefined {
    const texts = this.#face.identification;
    if (texts === undefined) return undefined;
    const { vendor } = texts;
    const maker = typeof vendor === "string" ? vendor : (vendor.texts[this.#meter.setting(vendor.setting)] ?? "");
    const objects = [maker, texts.product, texts.revision].map(
      (text, id) => [id, filled(text, this.#meter.identity)] as const,
    );
    return { conformity: 1, objects: new Map(objects) };
  }

  /** The quantities of this map, once each. */
  quantities(): readonly Quantity[] {
    const all = this.#segments.flatMap((segment) => segment.points.map((point) => point.row[6]));
    return [...new Set(all.filter((is): is is Quantity => typeof is === "string"))];
  }
}

function settingOf(point: Point | undefined): Setting | undefined {
  const is = point?.row[6];
  return typeof is === "object" && "setting" in is ? is.setting : undefined;
}

function filled(template: string, identity: Identity): string {
  return template
    .replace("{version}", versionOf(identity.firmware))
    .replace("{product}", identity.product)
    .replace("{options}", identity.options);
}
