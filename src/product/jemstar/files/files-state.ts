/** What must not be forgotten of files beside themselves: how far the measurement log is in them, the number of the next observation. */
import type { MeterStore } from "#store/store.ts";

const KEY = "files/state";

interface Kept {
  /** Number of the next observation. */
  number: number;
  /** By group of the measurement log: the first record that is in no file yet. */
  next: Record<string, number>;
  /** The day on which the log said last that files went for newer ones. */
  saidOut: number | undefined;
}

export class FilesState {
  readonly #store: MeterStore;
  readonly #kept: Kept;

  constructor(store: MeterStore) {
    this.#store = store;
    this.#kept = read(store.get(KEY));
  }

  #put(): void {
    this.#store.put(KEY, new TextEncoder().encode(JSON.stringify(this.#kept)));
  }

  /** The number of an observation that is made now. */
  number(): number {
    const number = this.#kept.number++;
    this.#put();
    return number;
  }

  /** Undefined of a group of which nothing is in files. */
  next(group: number): number | undefined {
    return this.#kept.next[group];
  }

  setNext(group: number, next: number | undefined): void {
    if (this.#kept.next[group] === next) return;
    if (next === undefined) delete this.#kept.next[group];
    else this.#kept.next[group] = next;
    this.#put();
  }

  get saidOut(): number | undefined {
    return this.#kept.saidOut;
  }

  set saidOut(day: number | undefined) {
    this.#kept.saidOut = day;
    this.#put();
  }
}

/** What cannot be read begins anew. */
function read(bytes: Uint8Array | undefined): Kept {
  const fresh: Kept = { number: 1, next: {}, saidOut: undefined };
  if (bytes === undefined) return fresh;
  try {
    return { ...fresh, ...(JSON.parse(new TextDecoder().decode(bytes)) as Partial<Kept>) };
  } catch {
    return fresh;
  }
}
