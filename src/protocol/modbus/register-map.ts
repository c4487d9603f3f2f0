/**
 * One meter seen through its model's point map. Registers are kept as a big-endian image, made anew at the first
 * read after the meter's values changed; an answer is a slice of it, so no value is torn.
 */
import type { Clock } from "#clock/clock.ts";
import { wallTimeOf } from "#clock/meter-clock.ts";
import type { Meter, SettingRefusal, WordWindow } from "#quantity/interfaces.ts";
import type { Quantity } from "#quantity/quantity.ts";
import { AUTOMATIC, type Setting } from "#quantity/setting.ts";
import type { WiringName } from "#quantity/wiring.ts";
import type { DeviceIdentification } from "./device-identification.ts";
import { Exception } from "./pdu.ts";
import { CommandInterface } from "./command-interface.ts";
import { clockSetting, clockWord, wallOf, type ClockPart } from "./clock-words.ts";
import { extremeOf, type ExtremeWord } from "./extreme-words.ts";
import { encodeBits, encodeMod10000, encodeNumber, numberIn, QNAN16, swapWords } from "./register-numbers.ts";
import { isPreset, presetsOf, unfit, type Preset, type PresetCommand } from "./register-presets.ts";
import { isFilled, layoutOf, settingOf, type Layout, type Point, type Segment } from "./register-layout.ts";
import { registerText, type ModbusFace, type RegisterCommand, type Row } from "./register-table.ts";
import { identificationOf, serialNumberOf, textOf, withIdentity } from "./identity-text.ts";
import type { ModbusUnit } from "./unit.ts";

/** An image made never, or that shows what is no more. */
const STALE = -1;

export interface MapOptions {
  /** The options that are fitted. */
  readonly options: ReadonlySet<string>;
  /** For sessions that end when nothing is written. */
  readonly clock: Clock;
  /** The address at which it is asked; the meter's own, by its settings, unless said. */
  readonly unit?: number | undefined;
  /** What a wiring has to be that the product can be connected in; any unless said. */
  readonly wirings?: ReadonlySet<WiringName> | undefined;
  /** Told in words why a write was refused, as the exception cannot. */
  readonly refused?: ((why: string) => void) | undefined;
}

export class RegisterMap implements ModbusUnit {
  readonly #meter: Meter;
  readonly #face: ModbusFace;
  readonly #layout: Layout;
  /** The images of all segments, and by segment the cycle that it shows; made when somebody reads. */
  #image: DataView | undefined;
  #madeAt: Float64Array | undefined;
  readonly #commands: CommandInterface | undefined;
  /** Words of scratch registers, by wire address. */
  readonly #scratch = new Map<number, number>();
  readonly #refused: (why: string) => void;
  readonly #unit: number | undefined;
  readonly #wirings: ReadonlySet<WiringName> | undefined;
  /** Reads the table of input registers, where the product has one of its own. */
  readonly readInput: ModbusUnit["readInput"];

  constructor(face: ModbusFace, meter: Meter, { options, refused, clock, unit, wirings }: MapOptions) {
    this.#refused = refused ?? quietly;
    this.#meter = meter;
    this.#face = face;
    this.#unit = unit;
    this.#wirings = wirings;
    const { commands } = face.map;
    this.#commands = commands === undefined ? undefined : new CommandInterface(commands, meter, clock);
    this.#layout = layoutOf(face, options, meter.identity.firmware);
    if (this.#layout.inputs) this.readInput = (first, count, out, at) => this.#read("input", first, count, out, at);
  }

  #find(table: "holding" | "input", address: number): Segment | undefined {
    for (const segment of this.#layout.segments) {
      if (segment.table !== undefined && segment.table !== table) continue;
      if (address >= segment.first && address < segment.first + segment.count) return segment;
    }
    return undefined;
  }

  /** Whether a register shows at which address it is asked: such a map belongs to one listener. */
  get showsUnit(): boolean {
    return this.#layout.showsUnit;
  }

  #window({ window }: Segment): WordWindow | undefined {
    return window === "log" ? this.#meter.log : this.#commands;
  }

  read(first: number, count: number, out: Uint8Array, at: number): Exception | 0 {
    return this.#read("holding", first, count, out, at);
  }

  /** What a register reads that is asked for by itself, where that is not what it holds. */
  #alone(first: number, count: number): number | undefined {
    if (count !== 1) return undefined;
    return this.#face.map.alone?.[first] ?? this.#face.pairs?.alone;
  }

  /** Whether the product cannot be connected as the meter is now, or nothing is known of what is connected. */
  #faulty(measured: boolean): boolean {
    if (this.#wirings?.has(this.#meter.wiringName) === false) return true;
    return measured && this.#face.faultWhenUnmeasured === true && Number.isNaN(this.#meter.read("W"));
  }

  #read(table: "holding" | "input", first: number, count: number, out: Uint8Array, at: number): Exception | 0 {
    const alone = this.#alone(first, count);
    if (alone !== undefined) {
      out[at] = alone >> 8;
      out[at + 1] = alone & 0xff;
      return 0;
    }
    const { reads, pairs } = this.#face;
    if (count > (reads?.most ?? count) || (pairs !== undefined && count % 2 !== 0)) return Exception.illegalDataValue;
    if (pairs !== undefined && first % 2 !== 0) return Exception.illegalDataAddress;
    const segment = this.#find(table, first);
    if (this.#faulty(segment?.measured !== false)) return Exception.serverDeviceFailure;
    if (segment === undefined || first + count > segment.first + segment.count) return Exception.illegalDataAddress;
    if (segment.window !== undefined) {
      const window = this.#window(segment);
      for (let k = 0; k < count; k++) {
        const word = window?.word(first - segment.first + k) ?? 0;
        out[at + 2 * k] = word >> 8;
        out[at + 2 * k + 1] = word & 0xff;
      }
      return 0;
    }
    const image = this.#imageOf(segment);
    const start = segment.at + 2 * (first - segment.first);
    for (let k = 0; k < 2 * count; k++) out[at + k] = image.getUint8(start + k);
    return 0;
  }

  /** The word at a printed register number; undefined where there is none. */
  word(register: number): number | undefined {
    const two = new Uint8Array(2);
    if (this.read(register - this.#face.map.base, 1, two, 0) !== 0) return undefined;
    return ((two[0] ?? 0) << 8) | (two[1] ?? 0);
  }

  /** Writes the word at a printed register number. */
  setWord(register: number, value: number): Exception | 0 {
    return this.write(register - this.#face.map.base, Uint16Array.of(value));
  }

  /** All images, that of this segment as the meter is now. */
  #imageOf(segment: Segment): DataView {
    this.#image ??= new DataView(new ArrayBuffer(this.#layout.bytes));
    this.#madeAt ??= new Float64Array(this.#layout.segments.length).fill(STALE);
    const { cycle } = this.#meter;
    if (this.#madeAt[segment.index] === cycle) return this.#image;
    this.#madeAt[segment.index] = cycle;
    for (const point of segment.points) this.#encode(this.#image, point);
    if (this.#face.map.lowWordFirst !== true) return this.#image;
    for (const { at, words, row } of segment.points) {
      if (words === 2 && !row[3].startsWith("String")) swapWords(this.#image, at);
    }
    return this.#image;
  }

  /** The value of a quantity; NaN where the product fills no such register on this wiring, or with these settings. */
  #value(name: Quantity, point: Point): number {
    return isFilled(point, this.#meter) ? this.#meter.read(name) : NaN;
  }

  #encode(view: DataView, point: Point): void {
    const [, , , format, , , is] = point.row;
    const number = (value: number): void => encodeNumber(view, point.at, value / this.#worth(point), point.encoding);
    if (typeof is === "string") {
      // The format has no invalid value: what is not measured has counted nothing.
      if (format === "Mod10000 (4)") encodeMod10000(view, point.at, this.#meter.exact(is) ?? 0n);
      else number(this.#value(is, point));
    } else if ("rest" in is) number(this.#value(is.rest, point) % is.of);
    else if ("signed" in is) {
      const like = this.#value(is.like, point);
      number(this.#value(is.signed, point) * (like < 0 ? -1 : 1));
    } else if ("code" in is) this.#encodeCode(view, point, is.as[this.#value(is.code, point)]);
    else if ("wiring" in is) this.#encodeCode(view, point, is.wiring[this.#meter.wiringName]);
    else if ("scale" in is) view.setInt16(point.at, this.#scaleOf(is));
    else if ("setting" in is) {
      const value = this.#commands?.draft?.get(is.setting) ?? this.#meter.setting(is.setting);
      this.#encodePlain(view, point, is.as === undefined ? Math.round(value / point.factor) : (is.as[value] ?? 0));
    } else if ("reserved" in is) encodeBits(view, point.at, point.words, is.reserved);
    else if ("constant" in is) this.#encodePlain(view, point, is.constant);
    else if ("clock" in is) view.setUint16(point.at, clockWord(is.clock, wallOf(this.#meter)));
    else if ("moment" in is) this.#encodeTime(view, point, is.part, this.#meter.records.moment(is.moment));
    else if ("extreme" in is) this.#encodeExtreme(view, point, is);
    else if ("scratch" in is) view.setUint16(point.at, this.#scratch.get(point.row[0] - this.#face.map.base) ?? 0);
    else if ("identity" in is) this.#encodePlain(view, point, this.#identity(is.identity));
    else if ("text" in is || "words" in is) {
      const text = "text" in is ? textOf(this.#meter.identity, is.text) : is.words;
      for (let k = 0; k < 2 * point.words; k++) view.setUint8(point.at + k, text.charCodeAt(k) & 0x7f);
    } else view.setUint16(point.at, 0);
  }

  #encodeTime(view: DataView, { at }: Point, part: ClockPart, instant: number | undefined): void {
    view.setUint16(at, instant === undefined ? QNAN16 : clockWord(part, wallTimeOf(instant)));
  }

  #encodeExtreme(view: DataView, point: Point, { extreme, of, month, says }: ExtremeWord): void {
    const found = extremeOf(this.#meter.records, { extreme, of, month });
    if (says === "value") encodeNumber(view, point.at, (found?.value ?? NaN) / this.#worth(point), point.encoding);
    else if (says === "which") view.setUint16(point.at, found?.which ?? QNAN16);
    else this.#encodeTime(view, point, says, found?.at);
  }

  /** A session shows what it proposes. */
  #scaleOf(is: Extract<Row<string>[6], { readonly scale: string }>): number {
    const proposed = "setting" in is ? this.#commands?.draft?.get(is.setting) : undefined;
    if (proposed !== undefined && proposed !== AUTOMATIC) return proposed;
    const rule = this.#face.map.scales[is.scale];
    return (rule?.exponent === undefined ? 0 : this.#meter.read(rule.exponent)) + (rule?.plus ?? 0);
  }

  #worth(point: Point): number {
    const exponent = point.scale?.exponent;
    return exponent === undefined ? point.factor : point.factor * 10 ** this.#meter.read(exponent);
  }

  #identity(what: "firmware" | "serial number" | "unit"): number {
    const { firmware, serial } = this.#meter.identity;
    if (what === "unit") return this.#unit ?? this.#meter.setting("address");
    return what === "firmware" ? firmware : serialNumberOf(serial);
  }

  /** A number as it stands in the row, without a scale. */
  #encodePlain(view: DataView, point: Point, value: number): void {
    if (point.row[3] === "Float") view.setFloat32(point.at, value);
    else encodeBits(view, point.at, point.words, value);
  }

  #encodeCode(view: DataView, point: Point, value: number | undefined): void {
    if (value === undefined) encodeNumber(view, point.at, NaN, point.encoding);
    else this.#encodePlain(view, point, value);
  }

  write(first: number, values: Uint16Array): Exception | 0 {
    const segment = this.#find("holding", first);
    if (segment?.window === "commands" && this.#commands !== undefined) {
      if (first + values.length > segment.first + segment.count) return Exception.illegalDataAddress;
      this.#commands.write(first - segment.first, values);
      return 0;
    }
    const changes = new Map<Setting, number>();
    const clock = new Map<Setting, number>();
    const commands: RegisterCommand[] = [];
    const scratch: [number, number][] = [];
    const points = [...values.keys()].map((k) => this.#layout.points.get(first + k));
    const barred = points.findIndex((point) => point?.row[1] !== "R/W");
    if (barred >= 0) {
      const why = points[barred] === undefined ? "there is no such register" : "it is read-only";
      this.#refused(`write to register ${this.#printed(first + barred + this.#face.map.base)}: ${why}`);
      return Exception.illegalDataAddress;
    }
    for (const [k, value] of values.entries()) {
      const point = points[k];
      const is = point?.row[6];
      if (point === undefined || typeof is !== "object") continue;
      if ("setting" in is) changes.set(is.setting, numberIn(value, point.row[3]) * point.factor);
      else if ("set" in is) clock.set(...clockSetting(is.clock, value));
      else if ("wiring" in is && is.wiring[this.#meter.wiringName] !== value) {
        const where = this.#printed(point.row[0]);
        this.#refused(`write to register ${where}: it is connected as ${this.#meter.wiringName}; found ${value}`);
        return Exception.illegalDataValue;
      } else if ("scratch" in is) scratch.push([first + k, value]);
      else if ("command" in is) {
        const command = is.command[value];
        if (command === undefined) {
          const expected = Object.keys(is.command).join(", ");
          this.#refused(
            `write to register ${this.#printed(point.row[0])}: expected one of ${expected}; found ${value}`,
          );
          return Exception.illegalDataValue;
        }
        const seal = is.sealed?.[value];
        if (seal !== undefined && this.#meter.setting(seal) === 1) {
          this.#refused(`write to register ${this.#printed(point.row[0])}: ${value} is sealed (${seal})`);
          return Exception.illegalDataValue;
        }
        commands.push(command);
      }
    }
    const presets = commands.filter(isPreset).flatMap((command) => this.#presetsOf(command, new Map(scratch)));
    const wrong = unfit(presets, this.#face.map);
    if (wrong !== undefined) {
      this.#refused(`write to register ${this.#printed(first + this.#face.map.base)}: what it presets, ${wrong}`);
      return Exception.illegalDataValue;
    }
    const refusal =
      (clock.size > 0 ? this.#meter.change(clock) : undefined) ??
      (changes.size > 0 ? this.#change(changes) : undefined);
    if (refusal === "closed") {
      const open = this.#face.map.commands?.rows.find(([, , does]) => does === "openSetup")?.[0];
      this.#refused(
        `write to register ${this.#printed(first + this.#face.map.base)}: expected a setup session (command ${open})`,
      );
      return Exception.illegalDataAddress;
    }
    // An image shows what the session proposes, and what scratch registers keep.
    if (this.#commands !== undefined || scratch.length > 0) this.#madeAt?.fill(STALE);
    if (refusal !== undefined) {
      const register = points.find((point) => settingOf(point) === refusal.setting)?.row[0];
      const { setting, expected, value } = refusal;
      const where = register === undefined ? "" : ` ${this.#printed(register)}`;
      this.#refused(`write to register${where} (${setting}): expected ${expected}; found ${value}`);
      return Exception.illegalDataValue;
    }
    for (const [address, word] of scratch) this.#scratch.set(address, word);
    for (const command of commands) this.#obey(command);
    return 0;
  }

  #printed(register: number): string {
    return registerText(this.#face.map, register);
  }

  #obey(command: RegisterCommand): void {
    if (typeof command === "string") this.#meter.obey(command);
    else if (isPreset(command)) this.#preset(command);
  }

  /** With words of scratch registers that are about to be written. */
  #presetsOf(command: PresetCommand, pending: ReadonlyMap<number, number> = this.#scratch): readonly Preset[] {
    const wordAt = (address: number): number => pending.get(address) ?? this.#scratch.get(address) ?? 0;
    return presetsOf(command, this.#face.map.base, (address) => this.#layout.points.get(address), wordAt);
  }

  #preset(command: PresetCommand): void {
    const values = this.#presetsOf(command).map(
      ({ name, point, count }) => [name, BigInt(Math.round(count * this.#worth(point)))] as const,
    );
    this.#meter.preset(new Map(values), quietly);
  }

  /** In a session changes wait until it is saved. */
  #change(changes: ReadonlyMap<Setting, number>): SettingRefusal | "closed" | undefined {
    return this.#commands === undefined ? this.#meter.change(changes) : this.#commands.propose(changes);
  }

  /** While its reset system runs a meter only says so. */
  get broken(): boolean {
    return this.#meter.inResetSystem;
  }

  serverId(): Uint8Array | undefined {
    const id = this.#face.serverId;
    if (id === undefined) return undefined;
    const { status, text: template } = (this.#meter.inResetSystem ? id.reset : undefined) ?? id;
    const text = withIdentity(template, this.#meter.identity);
    return Uint8Array.of(id.id, status, ...[...text].map((letter) => letter.charCodeAt(0) & 0x7f));
  }

  identification(): DeviceIdentification | undefined {
    return identificationOf(this.#face, this.#meter);
  }

  /** The quantities of this map, once each. */
  quantities(): readonly Quantity[] {
    const all = this.#layout.segments.flatMap((segment) => segment.points.map((point) => point.row[6]));
    return [...new Set(all.filter((is): is is Quantity => typeof is === "string"))];
  }
}

function quietly(): void {}
