/**
 * What a meter must not forget. Each meter has its own drawer: named records, and the numbers that it counts in.
 * What is put and what has changed is part of the next journal record, one for all meters at once, so that what belongs together goes together.
 * Who tells others of it waits for that record: `waits` says whether there is something to wait for.
 */
export interface MeterStore {
  get(key: string): Uint8Array | undefined;
  put(key: string, bytes: Uint8Array): void;
  /** Takes a record out, with the next journal record. */
  remove(key: string): void;
  /** The meter has a record in memory, too, as these bytes, or none: it is written anew where what is on disk is lost. */
  holds(key: string, bytes: () => Uint8Array | undefined): void;
  /** The records whose keys begin with `prefix`. */
  entries(prefix: string): Iterable<readonly [string, Uint8Array]>;
  /** What was kept of the meter's numbers; undefined where there was nothing. */
  readonly numbers: StoredNumbers | undefined;
  /** These are the meter's numbers from here on; what comes after looks at them whenever it keeps them. */
  watch(numbers: Numbers): void;
  /** Something of the numbers has changed. */
  changed(): void;
  /** Looks why what changes could not be kept now, in words; undefined while it can. */
  readonly trouble: string | undefined;
  /** Whether something was put, or may have changed, that is not on disk. */
  readonly waits: boolean;
  /** What of it was found damaged in this run, or of the whole store, in words; empty when all was well. */
  readonly damage: readonly string[];
}

/** Numbers that a meter works on in place. */
export interface Numbers {
  /** What is where: runs by name and count, in order, as JSON. Meters of a kind have the same text. */
  readonly layout: string;
  /** How many the layout has. */
  readonly count: number;
  /** One after the other they hold the numbers; what lies behind those is nothing. */
  readonly blocks: readonly Float64Array[];
  /** Brings them up to what they are now, before somebody looks at them: as often as it is asked, until time goes on. */
  readonly fresh?: (() => void) | undefined;
}

/** Where a run lies in the numbers. */
export interface Place {
  readonly at: number;
  readonly count: number;
}

export interface StoredNumbers {
  readonly places: ReadonlyMap<string, Place>;
  readonly values: Float64Array;
}

/** What a store has done since it was opened. */
export interface StoreCounts {
  /** Records of the journal. */
  readonly commits: number;
  /** Bytes that were written to the journal. */
  readonly journalBytes: number;
  /** Bytes of named records that went on to the files that keep them, in all of those. */
  readonly filedBytes: number;
}

export interface Store {
  /** Where it is, for messages. */
  readonly place: string;
  /** What had to be put aside or left out on opening, in words; empty when all was well. */
  readonly complaints: readonly string[];
  /** Names who hears of what is found damaged from here on. */
  listen(heard: (what: string) => void): void;
  /** What is wrong, in words: nothing can be written, or not for long any more. What changes waits in memory until it can. */
  readonly trouble: string | undefined;
  /** Looks now whether a change could be written, and writes nothing: the trouble there is. A few microseconds. */
  check(): string | undefined;
  /** Whether something is in memory only. */
  readonly unsaved: boolean;
  readonly counts: StoreCounts;
  drawer(meter: string): MeterStore;
  commit(): void;
  /** Writes what waits; what could not be kept, in words. */
  close(): string | undefined;
  /** Ends, and leaves what is on disk as it was: what waits is forgotten, and of a store that has kept nothing yet nothing is left. */
  abandon(): void;
}

/** The places of a layout's runs. */
export function placesOf(layout: string): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  let at = 0;
  for (const [name, count] of Object.entries(JSON.parse(layout) as Record<string, number>)) {
    places.set(name, { at, count });
    at += count;
  }
  return places;
}

/** How many numbers a layout has. */
export function countOf(places: ReadonlyMap<string, Place>): number {
  let count = 0;
  for (const place of places.values()) count += place.count;
  return count;
}

/** Blocks as one array of `count` numbers. */
export function joined(blocks: readonly Float64Array[], count: number): Float64Array {
  const values = new Float64Array(count);
  let at = 0;
  for (const block of blocks) {
    values.set(block.subarray(0, count - at), at);
    at += block.length;
    if (at >= count) break;
  }
  return values;
}

/** A store that forgets at the end of the process: for tests, and for sites that say `store: ":memory:"`. */
export class MemoryStore implements Store {
  readonly place = "memory";
  readonly complaints: readonly string[] = [];
  readonly trouble = undefined;
  readonly unsaved = false;
  readonly counts: StoreCounts = { commits: 0, journalBytes: 0, filedBytes: 0 };
  readonly #drawers = new Map<string, MeterStore>();

  drawer(meter: string): MeterStore {
    const drawer = this.#drawers.get(meter) ?? new MemoryDrawer();
    this.#drawers.set(meter, drawer);
    return drawer;
  }

  listen(): void {}

  check(): undefined {}

  commit(): void {}

  abandon(): void {}

  close(): undefined {}
}

class MemoryDrawer implements MeterStore {
  readonly damage: readonly string[] = [];
  readonly waits = false;
  readonly trouble = undefined;
  readonly #records = new Map<string, Uint8Array>();
  #numbers: Numbers | undefined;

  get(key: string): Uint8Array | undefined {
    return this.#records.get(key);
  }

  put(key: string, bytes: Uint8Array): void {
    this.#records.set(key, bytes.slice());
  }

  remove(key: string): void {
    this.#records.delete(key);
  }

  holds(): void {}

  entries(prefix: string): Iterable<readonly [string, Uint8Array]> {
    return [...this.#records].filter(([key]) => key.startsWith(prefix));
  }

  get numbers(): StoredNumbers | undefined {
    return this.#numbers === undefined ? undefined : storedNumbers(this.#numbers);
  }

  watch(numbers: Numbers): void {
    this.#numbers = numbers;
  }

  changed(): void {}
}

/** A copy of numbers as they are now. */
export function storedNumbers({ layout, blocks, count, fresh }: Numbers): StoredNumbers {
  fresh?.();
  return { places: placesOf(layout), values: joined(blocks, count) };
}
