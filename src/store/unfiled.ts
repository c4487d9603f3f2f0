/** Named records that are in the journal and not yet in the SQLite files. */
import { LONG, shrinks } from "./packing.ts";
import type { WaitingRecord } from "./record-file.ts";

/** What long records come to, about, when they are deflated. */
const DEFLATED = 1 / 8;
/** Each of two files is written, and the log ahead of it. */
const TIMES = 4;

export class Unfiled {
  /** By meter and key; undefined is one that is taken out. */
  readonly #records = new Map<string, Map<string, Uint8Array | undefined>>();
  #count = 0;
  #bytes = 0;

  /** How often something was added. */
  get count(): number {
    return this.#count;
  }

  /** Bytes that filing them takes, about. */
  get bytesToFile(): number {
    return TIMES * this.#bytes;
  }

  add(meter: string, key: string, bytes: Uint8Array | undefined): void {
    const records = this.#records.get(meter) ?? new Map<string, Uint8Array | undefined>();
    this.#records.set(meter, records);
    records.set(key, bytes);
    this.#count++;
    const size = bytes?.length ?? 0;
    this.#bytes += bytes !== undefined && size > LONG && shrinks(bytes) ? size * DEFLATED : size;
  }

  has(meter: string, key: string): boolean {
    return this.#records.get(meter)?.has(key) === true;
  }

  get(meter: string, key: string): Uint8Array | undefined {
    return this.#records.get(meter)?.get(key);
  }

  /** Records of a meter that begin with a prefix: those that are filed, as these have changed them. */
  over(meter: string, prefix: string, filed: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
    const records = this.#records.get(meter);
    if (records === undefined) return filed;
    const all = new Map(filed);
    for (const [key, bytes] of records) {
      if (!key.startsWith(prefix)) continue;
      if (bytes === undefined) all.delete(key);
      else all.set(key, bytes);
    }
    return all;
  }

  *all(): Iterable<WaitingRecord> {
    for (const [meter, records] of this.#records) for (const [key, bytes] of records) yield { meter, key, bytes };
  }

  clear(): void {
    this.#records.clear();
    this.#count = 0;
    this.#bytes = 0;
  }
}
