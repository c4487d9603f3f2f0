/**
 * Files that a meter keeps in its store: the bytes of each are a record, and what is known of it another, so that a list reads no bytes. Both
 * are of one journal record: a file that is there is whole. One of whose records is damaged is left out, and that is said.
 */
import type { MeterStore } from "./store.ts";

export interface StoredFile<Facts> {
  /** Grows from file to file: the oldest has the least. */
  readonly id: number;
  /** Bytes. */
  readonly size: number;
  readonly facts: Facts;
}

export interface StoredFilesOptions<Facts> {
  /** Before the keys of its records: "files/". */
  readonly prefix: string;
  /** Whether what was read is what is known of a file. */
  readonly isFacts: (value: unknown) => value is Facts;
  /** A file was damaged, and is left out. */
  readonly lost: (what: string) => void;
}

/** Digits of a number in a key: keys are in the order of the files. */
const DIGITS = 12;

export class StoredFiles<Facts> {
  readonly #store: MeterStore;
  readonly #options: StoredFilesOptions<Facts>;
  readonly #files = new Map<number, StoredFile<Facts>>();
  #next = 0;

  constructor(store: MeterStore, options: StoredFilesOptions<Facts>) {
    this.#store = store;
    this.#options = options;
    const prefix = this.#key("index", "");
    const found = [...store.entries(prefix)].map(([key, bytes]) => [Number(key.slice(prefix.length)), bytes] as const);
    for (const [id, bytes] of found.toSorted(([a], [b]) => a - b)) this.#take(id, bytes);
    // Only where the store has found something damaged are bytes looked at.
    if (store.damage.length > 0) this.#examine();
  }

  #key(part: "index" | "bytes", id: number | string): string {
    const digits = typeof id === "number" ? String(id).padStart(DIGITS, "0") : id;
    return `${this.#options.prefix}${part}/${digits}`;
  }

  #take(id: number, bytes: Uint8Array): void {
    this.#next = Math.max(this.#next, id + 1);
    const { size, facts } = entryOf(bytes);
    if (Number.isSafeInteger(size) && this.#options.isFacts(facts))
      this.#files.set(id, { id, size: Number(size), facts });
    else this.#lose(id, "what is known of it cannot be read");
  }

  /** Looks at all bytes: whose entry is lost goes, too. */
  #examine(): void {
    for (const id of this.#files.keys()) this.read(id);
    const prefix = this.#key("bytes", "");
    for (const [key] of this.#store.entries(prefix)) {
      const id = Number(key.slice(prefix.length));
      if (this.#files.has(id)) continue;
      this.#next = Math.max(this.#next, id + 1);
      this.#lose(id, "what is known of it is lost");
    }
  }

  #lose(id: number, why: string): void {
    this.remove(id);
    this.#options.lost(`file ${id} is left out: ${why}`);
  }

  /** Oldest first. */
  get all(): Iterable<StoredFile<Facts>> {
    return this.#files.values();
  }

  get count(): number {
    return this.#files.size;
  }

  get(id: number): StoredFile<Facts> | undefined {
    return this.#files.get(id);
  }

  /** Undefined where it is not there, or not as it was. */
  read(id: number): Uint8Array | undefined {
    const file = this.#files.get(id);
    if (file === undefined) return undefined;
    const bytes = this.#store.get(this.#key("bytes", id));
    if (bytes?.length === file.size) return bytes;
    this.#lose(id, bytes === undefined ? "its bytes are lost" : `it has ${bytes.length} bytes, not ${file.size}`);
    return undefined;
  }

  add(facts: Facts, bytes: Uint8Array): StoredFile<Facts> {
    const id = this.#next++;
    this.#store.put(this.#key("bytes", id), bytes);
    return this.#put({ id, size: bytes.length, facts });
  }

  /** Knows something else of a file from now on. */
  change(id: number, facts: Facts): void {
    const file = this.#files.get(id);
    if (file !== undefined) this.#put({ ...file, facts });
  }

  #put(file: StoredFile<Facts>): StoredFile<Facts> {
    const { id, size, facts } = file;
    this.#files.set(id, file);
    this.#store.put(this.#key("index", id), new TextEncoder().encode(JSON.stringify({ size, facts })));
    return file;
  }

  remove(id: number): void {
    this.#files.delete(id);
    this.#store.remove(this.#key("index", id));
    this.#store.remove(this.#key("bytes", id));
  }

  clear(): void {
    for (const id of this.#files.keys()) this.remove(id);
  }
}

/** Nothing of it where the bytes are no JSON. */
function entryOf(bytes: Uint8Array): { readonly size?: unknown; readonly facts?: unknown } {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as unknown;
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
