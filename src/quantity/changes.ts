/** Who waits for what has happened to a meter. */
import type { Change } from "./meter-surface.ts";

export class Changes {
  #waiting: Map<Change, Set<() => void>> | undefined;

  /** Runs whenever it happens; the result stops it. */
  on(change: Change, run: () => void): () => void {
    this.#waiting ??= new Map();
    const all = this.#waiting.get(change) ?? new Set();
    this.#waiting.set(change, all.add(run));
    return () => all.delete(run);
  }

  tell(change: Change): void {
    const all = this.#waiting?.get(change);
    if (all !== undefined) for (const run of all) run();
  }
}
