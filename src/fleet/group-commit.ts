/**
 * Commits of a site's store: with every heartbeat, and as soon as somebody waits for one. All who wait meanwhile wait for the same
 * transaction.
 */
import type { Clock } from "#clock/clock.ts";
import type { Store } from "#store/store.ts";

export class GroupCommit {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #told: (what: string) => void;
  #waiting: (() => void)[] = [];
  #asked = false;
  /** Transactions so far. */
  count = 0;

  /** `clock` is that of people; `told` hears when the store cannot be written, and when it can again. */
  constructor(store: Store, clock: Clock, told: (what: string) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#told = told;
  }

  /** Resolves after the next transaction, which comes at once. */
  soon(): Promise<void> {
    if (!this.#asked) {
      this.#asked = true;
      this.#clock.after(0, () => this.commit());
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  commit(): void {
    this.#asked = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    const before = this.#store.trouble;
    this.#store.commit();
    this.count++;
    const { trouble, place } = this.#store;
    if (trouble !== undefined && before === undefined)
      this.#told(`${place} cannot be written (${trouble}); what changes is kept in memory until it can`);
    if (trouble === undefined && before !== undefined) this.#told(`${place} is written again`);
    for (const done of waiting) done();
  }
}
