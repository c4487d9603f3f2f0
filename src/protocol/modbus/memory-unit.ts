/**
 * A unit that is nothing but tables of bits and registers, each a run from one address on: what integrators stand in for
 * devices with, and what other programs' own tests expect on the far side.
 */
import type { DeviceIdentification } from "./device-identification.ts";
import { Diagnostics } from "./diagnostics.ts";
import type { MoreFunctions } from "./more-functions.ts";
import { Exception } from "./pdu.ts";
import type { ModbusUnit } from "./unit.ts";

/** A run of bits or registers; what is not given is 0. */
export interface MemoryRun {
  readonly from: number;
  readonly count: number;
  readonly values?: readonly number[] | undefined;
}

export interface Memory {
  readonly coils?: MemoryRun | undefined;
  readonly discrete?: MemoryRun | undefined;
  readonly holding?: MemoryRun | undefined;
  readonly input?: MemoryRun | undefined;
  /** What functions 0x07 and 0x11 return. */
  readonly exceptionStatus?: number | undefined;
  readonly serverId?: { readonly id: number; readonly text: string } | undefined;
}

class Table {
  readonly from: number;
  readonly values: Uint16Array;

  constructor(run: MemoryRun | undefined) {
    this.from = run?.from ?? 0;
    this.values = new Uint16Array(run?.count ?? 0);
    this.values.set((run?.values ?? []).slice(0, this.values.length));
  }

  /** Where `count` values from `first` on lie; undefined when some of them do not. */
  at(first: number, count: number): number | undefined {
    const at = first - this.from;
    return at >= 0 && at + count <= this.values.length ? at : undefined;
  }
}

export class MemoryUnit implements ModbusUnit, MoreFunctions {
  readonly diagnostics = new Diagnostics();
  readonly #coils: Table;
  readonly #discrete: Table;
  readonly #holding: Table;
  readonly #input: Table;
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
    this.#coils = new Table(memory.coils);
    this.#discrete = new Table(memory.discrete);
    this.#holding = new Table(memory.holding);
    this.#input = new Table(memory.input);
  }

  get more(): MoreFunctions {
    return this;
  }

  #read(table: Table, first: number, count: number, out: Uint8Array, at: number): Exception | 0 {
    const from = table.at(first, count);
    if (from === undefined) return Exception.illegalDataAddress;
    for (let k = 0; k < count; k++) {
      const value = table.values[from + k] ?? 0;
      out[at + 2 * k] = value >> 8;
      out[at + 2 * k + 1] = value & 0xff;
    }
    return 0;
  }

  read(first: number, count: number, out: Uint8Array, at: number): Exception | 0 {
    return this.#read(this.#holding, first, count, out, at);
  }

  readInput(first: number, count: number, out: Uint8Array, at: number): Exception | 0 {
    return this.#read(this.#input, first, count, out, at);
  }

  #write(table: Table, first: number, values: Uint16Array | Uint8Array): Exception | 0 {
    const from = table.at(first, values.length);
    if (from === undefined) return Exception.illegalDataAddress;
    table.values.set(values, from);
    return 0;
  }

  write(first: number, values: Uint16Array): Exception | 0 {
    return this.#write(this.#holding, first, values);
  }

  writeCoils(first: number, bits: Uint8Array): Exception | 0 {
    return this.#write(this.#coils, first, bits);
  }

  readBits(which: "coils" | "discrete", first: number, count: number): Uint8Array | Exception {
    const table = which === "coils" ? this.#coils : this.#discrete;
    const from = table.at(first, count);
    if (from === undefined) return Exception.illegalDataAddress;
    return Uint8Array.from(table.values.subarray(from, from + count), (value) => (value === 0 ? 0 : 1));
  }

  exceptionStatus(): number {
    return this.#memory.exceptionStatus ?? 0;
  }

  serverId(): Uint8Array | undefined {
    const id = this.#memory.serverId;
    if (id === undefined) return undefined;
    return Uint8Array.of(id.id, 0xff, ...[...id.text].map((letter) => letter.charCodeAt(0) & 0x7f));
  }

  identification(): DeviceIdentification | undefined {
    return undefined;
  }
}
