/** Registers as they are written at one of a meter's ports: what changes there is of who is there. */
import { UnitBehind } from "#protocol/modbus/unit-behind.ts";
import type { Exception } from "#protocol/modbus/pdu.ts";
import type { ModbusUnit } from "#protocol/modbus/unit.ts";
import type { SettingsHistory } from "./settings-history.ts";

export class UnitOnPort extends UnitBehind {
  readonly #port: string;
  readonly #history: SettingsHistory;

  constructor(unit: ModbusUnit, port: string, history: SettingsHistory) {
    super(unit);
    this.#port = port;
    this.#history = history;
  }

  override write(first: number, values: Uint16Array): Exception | 0 {
    return this.#history.over(this.#port, () => super.write(first, values));
  }
}
