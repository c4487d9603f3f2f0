/** Units that stand before others and hand on what they let pass. */
import type { DeviceIdentification } from "./device-identification.ts";
import type { MoreFunctions } from "./more-functions.ts";
import type { Exception } from "./pdu.ts";
import type { ModbusUnit } from "./unit.ts";

/** Hands on everything. */
export class UnitBehind implements ModbusUnit {
  readonly #unit: ModbusUnit;
  readonly readInput: ModbusUnit["readInput"];

  constructor(unit: ModbusUnit) {
    this.#unit = unit;
    this.readInput = unit.readInput?.bind(unit);
  }

  get more(): MoreFunctions | undefined {
    return this.#unit.more;
  }

  get silent(): boolean {
    return this.#unit.silent ?? false;
  }

  get fixed(): boolean {
    return this.#unit.fixed ?? false;
  }

  get broken(): boolean {
    return this.#unit.broken ?? false;
  }

  allows(code: number): boolean {
    return this.#unit.allows?.(code) ?? true;
  }

  read(first: number, count: number, out: Uint8Array, at: number): Exception | 0 {
    return this.#unit.read(first, count, out, at);
  }

  write(first: number, values: Uint16Array): Exception | 0 {
    return this.#unit.write(first, values);
  }

  serverId(): Uint8Array | undefined {
    return this.#unit.serverId();
  }

  identification(): DeviceIdentification | undefined {
    return this.#unit.identification();
  }
}

/** How a meter is: always well unless said. */
export interface MeterState {
  /** Whether it answers: without power, or with its port shut, it does nothing at all. */
  readonly answers?: (() => boolean) | undefined;
  /** Whether what is changed of it can be kept. */
  readonly keeps?: (() => boolean) | undefined;
}

/** A unit of a meter that does not always answer, or cannot always be changed. */
export class GatedUnit extends UnitBehind {
  readonly #state: MeterState;

  constructor(unit: ModbusUnit, state: MeterState) {
    super(unit);
    this.#state = state;
  }

  override get silent(): boolean {
    return this.#state.answers?.() === false || super.silent;
  }

  override get fixed(): boolean {
    return this.#state.keeps?.() === false || super.fixed;
  }
}
