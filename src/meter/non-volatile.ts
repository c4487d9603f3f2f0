/**
 * The meter's non-volatile memory: named runs of numbers. The parts of the meter work on their runs in place; the store keeps what has
 * changed of them, and their names, so that a later version finds each run by its name.
 */
import { MEMORY, numbersOf } from "#store/memory-record.ts";
import type { MeterStore, StoredNumbers } from "#store/store.ts";

/** Numbers that a block has room for, unless a run is longer. */
const ROOM = 128;

export class NonVolatile {
  readonly #store: MeterStore;
  readonly #blocks: Float64Array[] = [];
  /** Names and counts of the runs, in order; until the first save, which ends the asking for runs. */
  #runs: Map<string, number> | undefined = new Map();
  /** What was stored, as long. */
  #stored: StoredNumbers | undefined;
  /** Brings the runs up to what they are now, of whoever keeps some of their numbers elsewhere. */
  fresh: (() => void) | undefined;
  /** Numbers that are given out of the last block. */
  #used = 0;

  /** Why what was stored could not be used; undefined when it could, or when there was nothing. */
  readonly complaint: string | undefined;

  constructor(store: MeterStore) {
    this.#store = store;
    this.#stored = store.numbers;
    const bytes = this.#stored === undefined ? store.get(MEMORY) : undefined;
    if (bytes === undefined) return;
    try {
      this.#stored = numbersOf(bytes);
    } catch (error) {
      this.complaint = `its memory could not be read (${error instanceof Error ? error.message : String(error)}); it is kept as ${MEMORY}.unreadable`;
      store.put(`${MEMORY}.unreadable`, bytes);
    }
  }

  /** The run of a name: as stored, or `initial` repeated `count` times. */
  run(name: string, count: number, initial = 0): Float64Array {
    const run = this.#allot(count).fill(initial);
    run.set(this.stored(name)?.subarray(0, count) ?? []);
    this.#name(name, count);
    return run;
  }

  /** Numbers that each have a name, as one run: as stored, or 0. */
  runs(names: readonly string[]): Float64Array {
    const run = this.#allot(names.length).fill(0);
    names.forEach((name, k) => {
      run[k] = this.stored(name)?.[0] ?? 0;
      this.#name(name, 1);
    });
    return run;
  }

  /** What was stored under a name; undefined where there is nothing, and after the first save. */
  stored(name: string): Float64Array | undefined {
    const place = this.#stored?.places.get(name);
    return place === undefined ? undefined : this.#stored?.values.subarray(place.at, place.at + place.count);
  }

  #name(name: string, count: number): void {
    if (this.#runs === undefined || this.#runs.has(name)) throw new Error(`the run ${name} comes too late, or twice`);
    this.#runs.set(name, count);
  }

  /** Runs lie one behind the other; what is left of a block that has no room for the next one is a run that nobody asks for. */
  #allot(count: number): Float64Array {
    const last = this.#blocks.at(-1);
    if (last !== undefined && this.#used + count <= last.length) {
      this.#used += count;
      return last.subarray(this.#used - count, this.#used);
    }
    if (last !== undefined && this.#used < last.length)
      this.#name(`rest.${this.#blocks.length}`, last.length - this.#used);
    const block = new Float64Array(Math.max(ROOM, count));
    this.#blocks.push(block);
    this.#used = count;
    return block.subarray(0, count);
  }

  /** Hands what has changed to the next journal record. */
  save(): void {
    if (this.#runs !== undefined) this.#watch(this.#runs);
    this.#store.changed();
  }

  #watch(runs: ReadonlyMap<string, number>): void {
    let count = 0;
    for (const size of runs.values()) count += size;
    this.#runs = undefined;
    this.#stored = undefined;
    this.#store.watch({
      layout: JSON.stringify(Object.fromEntries(runs)),
      count,
      blocks: this.#blocks,
      fresh: this.fresh,
    });
    this.#store.remove(MEMORY);
  }
}
