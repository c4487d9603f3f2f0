/** Commands wait here for the end of the calculation cycle; what was acknowledged survives a power failure. */
import { commands, type Command } from "#quantity/interfaces.ts";
import type { Quantity } from "#quantity/quantity.ts";
import type { MeterStore } from "#store/store.ts";

const KEY = "commands";

/** Between the names of what waits and what had been measured then. */
const SINCE = " since ";

export interface Waiting {
  readonly what: Command | ReadonlyMap<Quantity, bigint>;
  readonly done: (() => void) | undefined;
}

export class CommandQueue {
  readonly #store: MeterStore;
  readonly #spacingMs: Readonly<Partial<Record<Command, number>>>;
  /** What has been measured by the end of the last cycle. */
  readonly #measured: Float64Array;
  readonly #lastAt = new Map<Command, number>();
  #waiting: Waiting[];
  /** As it is kept. */
  #kept: Uint8Array | undefined;

  constructor(
    store: MeterStore,
    spacingMs: Readonly<Partial<Record<Command, number>>>,
    { measured }: { readonly measured: Float64Array },
  ) {
    this.#store = store;
    this.#spacingMs = spacingMs;
    this.#measured = measured;
    this.#kept = store.get(KEY);
    store.holds(KEY, () => this.#kept);
    const [waiting = "", since = ""] = new TextDecoder().decode(this.#kept ?? new Uint8Array(0)).split(SINCE);
    // More has been measured: a cycle has ended since, with all that waited, and the record that said so is damaged. Less is of an earlier
    // generation of what is stored: it waits on.
    const names = since === "" || this.#now <= Number(since) ? waiting.split(" ") : [];
    this.#waiting = commands.filter((name) => names.includes(name)).map((what) => ({ what, done: undefined }));
  }

  add(what: Command, elapsed: number, done?: () => void): void {
    const last = this.#lastAt.get(what);
    // Repeats that come too early are acknowledged and ignored.
    if (last !== undefined && elapsed - last < (this.#spacingMs[what] ?? 0)) return;
    this.#lastAt.set(what, elapsed);
    const known = this.#waiting.some((other) => other.what === what);
    if (known && done === undefined) return;
    this.#waiting.push({ what, done });
    const names = this.#waiting.map((other) => other.what).filter((name) => typeof name === "string");
    this.#keep(new TextEncoder().encode(`${names.join(" ")}${SINCE}${this.#now}`));
  }

  /** Grows with every cycle in which anything flows; where nothing does, what is done again changes nothing. */
  get #now(): number {
    return this.#measured.reduce((sum, one) => sum + one, 0);
  }

  /** Presets are not kept through a power failure: whoever asked has not been told that they are done. */
  addPreset(what: ReadonlyMap<Quantity, bigint>, done: () => void): void {
    this.#waiting.push({ what, done });
  }

  /** Takes all that waits, in order; that they are done goes to the store with what they did. */
  take(): readonly Waiting[] {
    const taken = this.#waiting;
    if (taken.length > 0) {
      this.#waiting = [];
      this.#keep(new Uint8Array(0));
    }
    return taken;
  }

  #keep(names: Uint8Array): void {
    this.#kept = names;
    this.#store.put(KEY, names);
  }
}
