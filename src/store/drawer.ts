/** One meter's part of a store on disk: what has changed and waits, and what it can be asked. */
import { joined, storedNumbers, type MeterStore, type Numbers, type StoredNumbers } from "./store.ts";

/** What a drawer asks of its store. */
export interface Cabinet {
  find(meter: string, key: string): Uint8Array | undefined;
  findAll(meter: string, prefix: string): Iterable<readonly [string, Uint8Array]>;
  /** What the journal has of a meter's numbers. */
  found(meter: string): StoredNumbers | undefined;
  /** The one text of all layouts that are the same. */
  shared(layout: string): string;
  /** How much was found damaged; of a meter's, or of all, what. */
  readonly damages: number;
  damageOf(meter: string): readonly string[];
  /** Looks why nothing can be written now; undefined while it can. */
  check(): string | undefined;
  /** Something waits in a drawer. */
  waits(drawer: Drawer): void;
}

export class Drawer implements MeterStore {
  readonly meter: string;
  readonly #cabinet: Cabinet;
  /** Records that wait; undefined is one that is taken out. */
  #records: Map<string, Uint8Array | undefined> | undefined;
  /** Records that the meter has in memory. */
  readonly #held = new Map<string, () => Uint8Array | undefined>();
  #numbers: Numbers | undefined;
  #damage: readonly string[] = [];
  #damages = 0;
  /** The numbers as they were written last; undefined where all of them are to be written. */
  before: Float64Array | undefined;
  /** Its number in the journal of this run, once it has one. */
  id = -1;
  /** Whether it is in the list of those in which something waits. */
  waiting = false;
  /** Whether the numbers may have changed. */
  dirty = false;

  constructor(cabinet: Cabinet, meter: string) {
    this.#cabinet = cabinet;
    this.meter = meter;
  }

  get(key: string): Uint8Array | undefined {
    if (this.#records?.has(key) === true) return this.#records.get(key);
    return this.#cabinet.find(this.meter, key);
  }

  put(key: string, bytes: Uint8Array): void {
    this.#records ??= new Map();
    this.#records.set(key, bytes);
    // A record goes with the numbers that it belongs to: which place in a ring it has, what it was taken of.
    this.dirty = true;
    this.#cabinet.waits(this);
  }

  remove(key: string): void {
    if (this.get(key) === undefined) return;
    this.#records ??= new Map();
    this.#records.set(key, undefined);
    this.#cabinet.waits(this);
  }

  holds(key: string, bytes: () => Uint8Array | undefined): void {
    this.#held.set(key, bytes);
  }

  /** The records that the meter has in memory. */
  *held(): Iterable<readonly [key: string, bytes: Uint8Array]> {
    for (const [key, bytesOf] of this.#held) {
      const bytes = bytesOf();
      if (bytes !== undefined) yield [key, bytes];
    }
  }

  entries(prefix: string): Iterable<readonly [string, Uint8Array]> {
    const all = new Map<string, Uint8Array>(this.#cabinet.findAll(this.meter, prefix));
    for (const [key, bytes] of this.#records ?? []) {
      if (!key.startsWith(prefix)) continue;
      if (bytes === undefined) all.delete(key);
      else all.set(key, bytes);
    }
    return all;
  }

  get numbers(): StoredNumbers | undefined {
    return this.#numbers === undefined ? this.#cabinet.found(this.meter) : storedNumbers(this.#numbers);
  }

  watch(numbers: Numbers): void {
    this.#numbers = { ...numbers, layout: this.#cabinet.shared(numbers.layout) };
    this.before = undefined;
    this.changed();
  }

  /** It is asked for every second, and hardly ever is another. */
  get damage(): readonly string[] {
    const { damages } = this.#cabinet;
    if (damages !== this.#damages) this.#damage = this.#cabinet.damageOf(this.meter);
    this.#damages = damages;
    return this.#damage;
  }

  /** What it watches. */
  get watched(): Numbers | undefined {
    return this.#numbers;
  }

  changed(): void {
    this.dirty = true;
    this.#cabinet.waits(this);
  }

  get trouble(): string | undefined {
    return this.#cabinet.check();
  }

  get waits(): boolean {
    return this.dirty || this.#records !== undefined;
  }

  get records(): ReadonlyMap<string, Uint8Array | undefined> | undefined {
    return this.#records;
  }

  /** What it watches is on disk as it is now. */
  refresh(): void {
    const { watched, before } = this;
    if (watched === undefined) return;
    if (before === undefined) {
      this.before = joined(watched.blocks, watched.count);
      return;
    }
    let at = 0;
    for (const block of watched.blocks) {
      before.set(at + block.length > before.length ? block.subarray(0, before.length - at) : block, at);
      at += block.length;
    }
  }

  /** What waited is written. */
  written(): void {
    this.#records = undefined;
    this.dirty = false;
  }
}
