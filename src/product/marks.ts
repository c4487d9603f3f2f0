/** Where readers have come to in the series of a meter: what "since the last read" means to each of them. */
import { limits } from "#quantity/limits.ts";
import type { MeterStore } from "#store/store.ts";

/** Where marks are kept, and how many: who moved his longest ago is forgotten first. */
interface Kept {
  readonly key: string;
  readonly most: number;
}

const usual: Kept = { key: "marks", most: limits.people.marks };

export class Marks {
  readonly #store: MeterStore;
  readonly #kept: Kept;
  #marks: Map<string, number> | undefined;
  #forgotten = 0;

  constructor(store: MeterStore, kept: Kept = usual) {
    this.#store = store;
    this.#kept = kept;
    store.holds(kept.key, () => (this.#marks === undefined || this.#marks.size === 0 ? undefined : this.#bytes));
  }

  get #all(): Map<string, number> {
    if (this.#marks === undefined) {
      const bytes = this.#store.get(this.#kept.key);
      this.#marks = new Map(
        bytes === undefined ? [] : (JSON.parse(new TextDecoder().decode(bytes)) as [string, number][]),
      );
    }
    return this.#marks;
  }

  /** The number of the first member that a reader has not acknowledged; `next` moves it. */
  mark(reader: string, series: string, next?: number): number {
    const key = JSON.stringify([reader, series]);
    if (next === undefined) return this.#all.get(key) ?? 0;
    this.#all.delete(key);
    this.#all.set(key, next);
    for (const oldest of this.#all.keys()) {
      if (this.#all.size <= this.#kept.most) break;
      this.#all.delete(oldest);
    }
    this.#store.put(this.#kept.key, this.#bytes);
    return next;
  }

  /** How often series have begun anew, whether somebody had read of them or not. */
  get forgotten(): number {
    return this.#forgotten;
  }

  get #bytes(): Uint8Array {
    return new TextEncoder().encode(JSON.stringify([...this.#all]));
  }

  /**
   * Forgets where readers were in series that begin anew: their members are counted from 0 again. It goes to disk with the store's
   * next transaction, in which the series begin anew.
   */
  forget(begins: (series: string) => boolean): void {
    this.#forgotten++;
    const gone = [...this.#all.keys()].filter((key) => begins((JSON.parse(key) as [string, string])[1]));
    if (gone.length === 0) return;
    for (const key of gone) this.#all.delete(key);
    this.#store.put(this.#kept.key, this.#bytes);
  }
}
