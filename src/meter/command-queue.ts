/** Commands wait here for the end of the calculation cycle; what was acknowledged survives a power failure. */
import { commands, type Command } from "#quantity/interfaces.ts";
import type { MeterStore } from "#store/store.ts";

const KEY = "commands";

export class CommandQueue {
  readonly #store: MeterStore;
  readonly #spacingMs: Readonly<Partial<Record<Command, number>>>;
  readonly #lastAt = new Map<Command, number>();
  #waiting: Command[];

  constructor(store: MeterStore, spacingMs: Readonly<Partial<Record<Command, number>>>) {
    this.#store = store;
    this.#spacingMs = spacingMs;
    const names = new TextDecoder().decode(store.get(KEY) ?? new Uint8Array(0)).split(" ");
    this.#waiting = commands.filter((command) => names.includes(command));
  }

  add(command: Command, elapsed: number): void {
    const last = this.#lastAt.get(command);
    // Repeats that come too early are acknowledged and ignored.
    if (last !== undefined && elapsed - last < (this.#spacingMs[command] ?? 0)) return;
    this.#lastAt.set(command, elapsed);
    if (this.#waiting.includes(command)) return;
    this.#waiting.push(command);
    this.#store.keep(KEY, new TextEncoder().encode(this.#waiting.join(" ")));
  }

  /** Takes all that waits; that they are done goes to the store with what they did. */
  take(): readonly Command[] {
    const taken = this.#waiting;
    if (taken.length > 0) {
      this.#waiting = [];
      this.#store.put(KEY, new Uint8Array(0));
    }
    return taken;
  }
}
