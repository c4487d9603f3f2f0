/**
 * A unit whose registers are lists of points, as a revenue meter's configuration makes them: counters of two registers each,
 * analogs of one or two, binary inputs and outputs (JEMStar II, Appendix H). A value of two registers is read whole or not at all.
 */
import { Diagnostics } from "./diagnostics.ts";
import type { DeviceIdentification } from "./device-identification.ts";
import type { MoreFunctions } from "./more-functions.ts";
import { Exception } from "./pdu.ts";
import type { ModbusUnit } from "./unit.ts";

/** What the points show; places count from 0. */
export interface PointSource {
  readonly counters: number;
  readonly analogs: number;
  readonly inputs: number;
  readonly outputs: number;
  counter(place: number): number;
  analog(place: number): number;
  input(place: number): boolean;
  output(place: number): boolean;
  /** The first register of a value of two is its lower half. */
  readonly lowFirst: boolean;
  /** Bits of an analog: it has one register, or two. */
  readonly analogBits: 16 | 32;
  /** Whether counters can be given values, and outputs be set. */
  readonly presets: boolean;
  readonly control: boolean;
  /** Gives counters values, all or none. */
  preset(values: ReadonlyMap<number, number>): boolean;
  setOutputs(values: ReadonlyMap<number, boolean>): boolean;
}

/** Wire addresses of the first point of each kind: asked with every request, for another configuration may move them. */
export interface PointAddresses {
  readonly counters: number;
  readonly analogs: number;
  readonly outputs: number;
  readonly inputs: number;
}

const functions: ReadonlySet<number> = new Set([0x01, 0x02, 0x03, 0x04, 0x05, 0x0f, 0x10]);
/** What an analog is limited to, either way. */
const MOST_ANALOG = { 16: 32_767, 32: 2_147_483_647 } as const;
/** A millionth is rounding, not a missing count. */
const ROUNDING = 1e-6;
/** Registers that one preset may carry. */
const MOST_PRESET = 120;

export class PointUnit implements ModbusUnit, MoreFunctions {
  readonly diagnostics = new Diagnostics();
  readonly #source: PointSource;
  readonly #at: PointAddresses;

  constructor(source: PointSource, at: PointAddresses) {
    this.#source = source;
    this.#at = at;
  }

  get more(): MoreFunctions {
    return this;
  }

  /** Presets and control are illegal functions where they are not enabled. */
  allows(code: number): boolean {
    if (code === 0x10) return this.#source.presets;
    if (code === 0x05 || code === 0x0f) return this.#source.control;
    return functions.has(code);
  }

  read(first: number, count: number, out: Uint8Array, at: number): Exception | 0 {
    const offset = first - this.#at.counters;
    const registers = 2 * this.#source.counters;
    // The start must be a value's upper half, and so must what follows the end.
    if (offset < 0 || offset >= registers || offset % 2 !== 0) return Exception.illegalDataAddress;
    if (count % 2 !== 0 || offset + count > registers) return Exception.illegalDataValue;
    // The whole part of the scaled value.
    for (let k = 0; k < count / 2; k++) this.#pair(whole(this.#source.counter(offset / 2 + k)) >>> 0, out, at + 4 * k);
    return 0;
  }

  readInput(first: number, count: number, out: Uint8Array, at: number): Exception | 0 {
    const offset = first - this.#at.analogs;
    const bits = this.#source.analogBits;
    const each = bits / 16;
    const registers = each * this.#source.analogs;
    if (offset < 0 || offset >= registers || offset % each !== 0) return Exception.illegalDataAddress;
    // A count that ends in a value's middle is wrong in itself; one that goes on past the last of them asks for what is not there.
    if (count % each !== 0) return Exception.illegalDataValue;
    if (offset + count > registers) return each === 1 ? Exception.illegalDataAddress : Exception.illegalDataValue;
    for (let k = 0; k < count / each; k++) {
      const value = whole(this.#source.analog(offset / each + k));
      const limited = Math.max(-MOST_ANALOG[bits], Math.min(MOST_ANALOG[bits], Number.isNaN(value) ? 0 : value));
      if (bits === 32) this.#pair(limited >>> 0, out, at + 4 * k);
      else {
        out[at + 2 * k] = (limited >> 8) & 0xff;
        out[at + 2 * k + 1] = limited & 0xff;
      }
    }
    return 0;
  }

  /** A value of two registers, in the order that is configured. */
  #pair(value: number, out: Uint8Array, at: number): void {
    const upper = at + (this.#source.lowFirst ? 2 : 0);
    const lower = at + (this.#source.lowFirst ? 0 : 2);
    out[upper] = value >>> 24;
    out[upper + 1] = (value >>> 16) & 0xff;
    out[lower] = (value >>> 8) & 0xff;
    out[lower + 1] = value & 0xff;
  }

  write(first: number, values: Uint16Array): Exception | 0 {
    const offset = first - this.#at.counters;
    const registers = 2 * this.#source.counters;
    if (offset < 0 || offset % 2 !== 0 || offset + values.length > registers) return Exception.illegalDataAddress;
    if (values.length % 2 !== 0 || values.length > MOST_PRESET) return Exception.illegalDataValue;
    const presets = new Map<number, number>();
    for (let k = 0; k < values.length; k += 2) {
      const [first, second] = [values[k] ?? 0, values[k + 1] ?? 0];
      presets.set((offset + k) / 2, this.#source.lowFirst ? second * 65_536 + first : first * 65_536 + second);
    }
    return this.#source.preset(presets) ? 0 : Exception.illegalDataValue;
  }

  readBits(table: "coils" | "discrete", first: number, count: number): Uint8Array | Exception {
    const coils = table === "coils";
    const from = first - (coils ? this.#at.outputs : this.#at.inputs);
    const all = coils ? this.#source.outputs : this.#source.inputs;
    if (from < 0 || from + count > all) return Exception.illegalDataAddress;
    const one = (k: number): boolean => (coils ? this.#source.output(k) : this.#source.input(k));
    return Uint8Array.from({ length: count }, (_, k) => (one(from + k) ? 1 : 0));
  }

  writeCoils(first: number, bits: Uint8Array): Exception | 0 {
    const from = first - this.#at.outputs;
    if (from < 0 || from + bits.length > this.#source.outputs) return Exception.illegalDataAddress;
    const values = new Map([...bits].map((bit, k) => [from + k, bit === 1] as const));
    return this.#source.setOutputs(values) ? 0 : Exception.illegalDataValue;
  }

  exceptionStatus(): number {
    return 0;
  }

  serverId(): Uint8Array | undefined {
    return undefined;
  }

  identification(): DeviceIdentification | undefined {
    return undefined;
  }
}

/** The whole number of a value, toward zero. */
function whole(value: number): number {
  return Math.trunc(value + Math.sign(value) * ROUNDING);
}
