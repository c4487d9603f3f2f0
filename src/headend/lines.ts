/** Lines that are opened when they are first needed: one for all units behind the same device, port or gateway. */
import type { ModbusLine } from "#protocol/modbus/line.ts";
import { lineTo, type ModbusUrl } from "./modbus-url.ts";
import { placeName } from "./place.ts";
import type { LineSettings } from "./reader.ts";

export class Lines {
  readonly #settings: LineSettings;
  readonly #lines = new Map<string, ModbusLine>();

  constructor(settings: LineSettings) {
    this.#settings = settings;
  }

  /** What all that share a line have in common. */
  nameOf({ transport, place }: ModbusUrl): string {
    return `${transport} ${placeName(place)}`;
  }

  /** The line to a unit, opened again where it broke; rejects with a message that names the address or device. */
  async open(url: ModbusUrl): Promise<ModbusLine> {
    const name = this.nameOf(url);
    let line = this.#lines.get(name);
    if (line === undefined) this.#lines.set(name, (line = lineTo(url, this.#settings)));
    await line.open();
    return line;
  }

  /** Ends the line to a unit, for all that share it; the next who opens it has a new one. */
  close(url: ModbusUrl): void {
    const name = this.nameOf(url);
    this.#lines.get(name)?.close();
    this.#lines.delete(name);
  }
}
