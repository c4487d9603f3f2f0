/**
 * A meter's drawer while it is not sure that there will be such a meter: what is put in it is seen by who looks into it, and by nobody
 * else, until it is taken over. From then on it is the drawer.
 */
import { storedNumbers, type MeterStore, type Numbers, type StoredNumbers } from "./store.ts";

export class DraftDrawer implements MeterStore {
  readonly #drawer: MeterStore;
  /** Undefined is a record that is taken out. */
  readonly #records = new Map<string, Uint8Array | undefined>();
  /** What the meter has in memory, too. */
  readonly #held = new Map<string, () => Uint8Array | undefined>();
  #numbers: Numbers | undefined;
  #isTaken = false;

  constructor(drawer: MeterStore) {
    this.#drawer = drawer;
  }

  /** What was put and watched here is the meter's. */
  take(): void {
    this.#isTaken = true;
    for (const [key, bytes] of this.#records) {
      if (bytes === undefined) this.#drawer.remove(key);
      else this.#drawer.put(key, bytes);
    }
    this.#records.clear();
    for (const [key, bytes] of this.#held) this.#drawer.holds(key, bytes);
    this.#held.clear();
    if (this.#numbers !== undefined) this.#drawer.watch(this.#numbers);
  }

  get(key: string): Uint8Array | undefined {
    return this.#records.has(key) ? this.#records.get(key) : this.#drawer.get(key);
  }

  put(key: string, bytes: Uint8Array): void {
    if (this.#isTaken) this.#drawer.put(key, bytes);
    else this.#records.set(key, bytes);
  }

  remove(key: string): void {
    if (this.#isTaken) this.#drawer.remove(key);
    else this.#records.set(key, undefined);
  }

  holds(key: string, bytes: () => Uint8Array | undefined): void {
    if (this.#isTaken) this.#drawer.holds(key, bytes);
    else this.#held.set(key, bytes);
  }

  entries(prefix: string): Iterable<readonly [string, Uint8Array]> {
    if (this.#records.size === 0) return this.#drawer.entries(prefix);
    const all = new Map<string, Uint8Array>(this.#drawer.entries(prefix));
    for (const [key, bytes] of this.#records) {
      if (!key.startsWith(prefix)) continue;
      if (bytes === undefined) all.delete(key);
      else all.set(key, bytes);
    }
    return all;
  }

  get numbers(): StoredNumbers | undefined {
    if (this.#isTaken || this.#numbers === undefined) return this.#drawer.numbers;
    return storedNumbers(this.#numbers);
  }

  watch(numbers: Numbers): void {
    this.#numbers = numbers;
    if (this.#isTaken) this.#drawer.watch(numbers);
  }

  changed(): void {
    if (this.#isTaken) this.#drawer.changed();
  }

  get trouble(): string | undefined {
    return this.#drawer.trouble;
  }

  get waits(): boolean {
    return this.#drawer.waits;
  }

  get damage(): readonly string[] {
    return this.#drawer.damage;
  }
}
