/**
 * What a meter must not forget. Each meter has its own drawer of named records. `put` is part of the next journal
 * transaction, which the fleet commits once a second for all meters at once; `keep` is on disk when it returns (unless the store is in trouble), in one
 * transaction with all that was put into the drawer before it.
 */
export interface MeterStore {
  get(key: string): Uint8Array | undefined;
  put(key: string, bytes: Uint8Array): void;
  keep(key: string, bytes: Uint8Array): void;
  /** The records whose keys begin with `prefix`. */
  entries(prefix: string): Iterable<readonly [string, Uint8Array]>;
}

export interface Store {
  /** Where it is, for messages. */
  readonly place: string;
  /** What had to be put aside on opening, in words; empty when all was well. */
  readonly complaints: readonly string[];
  /** Why the last transaction could not be written; what it held waits in memory and goes with the next. */
  readonly trouble: string | undefined;
  drawer(meter: string): MeterStore;
  commit(): void;
  close(): void;
}

/** A store that forgets at the end of the process: for tests, and for sites that say `store: ":memory:"`. */
export class MemoryStore implements Store {
  readonly place = "memory";
  readonly complaints: readonly string[] = [];
  readonly trouble = undefined;
  readonly #drawers = new Map<string, Map<string, Uint8Array>>();

  drawer(meter: string): MeterStore {
    const records = this.#drawers.get(meter) ?? new Map<string, Uint8Array>();
    this.#drawers.set(meter, records);
    const put = (key: string, bytes: Uint8Array): void => void records.set(key, bytes.slice());
    return {
      get: (key) => records.get(key),
      put,
      keep: put,
      entries: (prefix) => [...records].filter(([key]) => key.startsWith(prefix)),
    };
  }

  commit(): void {}

  close(): void {}
}
