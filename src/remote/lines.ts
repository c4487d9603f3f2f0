/** The lines by which a site reads its meters: one for all behind the same device, port or gateway, on which they ask in turns. */
import { LineTurns } from "#headend/line-turns.ts";
import { Lines } from "#headend/lines.ts";

export class ReadLines {
  readonly turns = new LineTurns();
  /** Who has a line of a protocol that carries one association at a time. */
  readonly held = new Map<string, () => Promise<void>>();
  readonly #modbus = new Map<string, Lines>();

  /** Lines on which answers are waited for so long, and so many registers asked for at once. */
  modbus(timeoutMs: number, maxRegisters: number | undefined): Lines {
    const key = `${timeoutMs} ${maxRegisters ?? ""}`;
    const lines = this.#modbus.get(key) ?? new Lines({ timeoutMs, maxRegisters });
    this.#modbus.set(key, lines);
    return lines;
  }
}
