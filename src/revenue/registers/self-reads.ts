/** Self reads: registers as they were at set times, the newest of them. */
import type { ShownRegister } from "#quantity/register.ts";
import type { MeterStore } from "#store/store.ts";

export interface SelfRead {
  /** Local milliseconds since 1970. */
  readonly at: number;
  readonly systemBits: number;
  readonly registers: readonly ShownRegister[];
}

/** Self reads that are kept. */
const KEPT = 96;

const NOTHING = new Uint8Array(0);

export class SelfReads {
  readonly #store: MeterStore;
  readonly #reads: SelfRead[];
  #next: number;

  constructor(store: MeterStore) {
    this.#store = store;
    const found = [...store.entries("self-read/")]
      .filter(([, bytes]) => bytes.length > 0)
      .map(([, bytes]) => JSON.parse(new TextDecoder().decode(bytes)) as SelfRead & { sequence: number });
    found.sort((a, b) => a.sequence - b.sequence);
    this.#reads = found.map(({ at, systemBits, registers }) => ({ at, systemBits, registers }));
    this.#next = (found.at(-1)?.sequence ?? -1) + 1;
  }

  add(read: SelfRead): void {
    const sequence = this.#next++;
    this.#reads.push(read);
    if (this.#reads.length > KEPT) this.#reads.shift();
    const bytes = new TextEncoder().encode(JSON.stringify({ sequence, ...read }));
    this.#store.put(`self-read/${sequence % KEPT}`, bytes);
  }

  clear(): void {
    this.#reads.length = 0;
    for (const [key] of this.#store.entries("self-read/")) this.#store.put(key, NOTHING);
  }

  /** Oldest first. */
  get all(): readonly SelfRead[] {
    return this.#reads;
  }
}
