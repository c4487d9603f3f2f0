/**
 * The meter's non-volatile memory: named runs of numbers in one array. The parts of the meter work on their runs in
 * place; once a calculation cycle the whole goes to the store with a directory and a checksum, so that a later
 * version finds each run by its name.
 */
import type { MeterStore } from "#store/store.ts";

const KEY = "memory";

export class NonVolatile {
  readonly #store: MeterStore;
  readonly #stored = new Map<string, Float64Array>();
  readonly #runs = new Map<string, Float64Array>();

  /** Why what was stored could not be used; undefined when it could, or when there was nothing. */
  readonly complaint: string | undefined;

  constructor(store: MeterStore, checksum: (bytes: Uint8Array) => number) {
    this.#store = store;
    this.#checksum = checksum;
    const bytes = store.get(KEY);
    if (bytes === undefined) return;
    try {
      this.#load(bytes);
    } catch (error) {
      this.complaint = `its memory could not be read (${error instanceof Error ? error.message : String(error)}); it is kept as ${KEY}.unreadable`;
      store.keep(`${KEY}.unreadable`, bytes);
      this.#stored.clear();
    }
  }

  readonly #checksum: (bytes: Uint8Array) => number;

  #load(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 8 || view.getUint32(0) !== this.#checksum(bytes.subarray(4))) throw new Error("wrong checksum");
    const size = view.getUint32(4);
    const directory = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + size))) as Record<string, number>;
    let at = 8 + size;
    for (const [name, count] of Object.entries(directory)) {
      const run = Float64Array.from({ length: count }, (_, k) => view.getFloat64(at + 8 * k));
      this.#stored.set(name, run);
      at += 8 * count;
    }
  }

  /** The run of a name: as stored, or `initial` repeated `count` times. */
  run(name: string, count: number, initial = 0): Float64Array {
    const run = new Float64Array(count).fill(initial);
    const stored = this.#stored.get(name);
    if (stored !== undefined) run.set(stored.subarray(0, count));
    this.#runs.set(name, run);
    this.#head = undefined;
    return run;
  }

  #head: Uint8Array | undefined;

  #bytes(): Uint8Array {
    this.#head ??= new TextEncoder().encode(
      JSON.stringify(Object.fromEntries([...this.#runs].map(([name, run]) => [name, run.length]))),
    );
    const head = this.#head;
    let count = 0;
    for (const run of this.#runs.values()) count += run.length;
    const bytes = new Uint8Array(8 + head.length + 8 * count);
    const view = new DataView(bytes.buffer);
    view.setUint32(4, head.length);
    bytes.set(head, 8);
    let at = 8 + head.length;
    for (const run of this.#runs.values()) {
      for (let k = 0; k < run.length; k++, at += 8) view.setFloat64(at, run[k] ?? NaN);
    }
    view.setUint32(0, this.#checksum(bytes.subarray(4)));
    return bytes;
  }

  /** Hands everything to the next journal transaction. */
  save(): void {
    this.#store.put(KEY, this.#bytes());
  }

  /** Puts everything on disk now. */
  keep(): void {
    this.#store.keep(KEY, this.#bytes());
  }
}
