/**
 * Commits of a site's store: with every heartbeat, and soon after somebody waits for one. All who wait meanwhile wait for the same
 * transaction.
 */
import type { Clock } from "#clock/clock.ts";
import { limits } from "#quantity/limits.ts";
import type { Store } from "#store/store.ts";
import type { Notice } from "./notice.ts";

/** Told whether what there was is on disk. */
export type Committed = (kept: boolean) => void;

export class GroupCommit {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #told: (notice: Notice) => void;
  #waiting: Committed[] = [];
  #asked = false;
  #said = false;
  #begun = false;
  #keptAt: number;
  /** When the last one was, by the clock of people. */
  #at = -Infinity;

  /** `clock` is that of people; `told` hears when the store cannot be written, and when it can again. */
  constructor(store: Store, clock: Clock, told: (notice: Notice) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#told = told;
    this.#keptAt = clock.utc();
  }

  /** Until when all is kept, by the clock of people. */
  get keptAt(): string {
    return Temporal.Instant.fromEpochMilliseconds(Math.round(this.#keptAt)).toString({ smallestUnit: "second" });
  }

  /** Why nothing can be kept now, in words; undefined while it can. */
  get trouble(): string | undefined {
    return this.#store.trouble;
  }

  /** Runs after the next transaction, which comes as soon as there may be one. */
  soon(run: Committed): void {
    this.#waiting.push(run);
    if (this.#asked || !this.#begun) return;
    this.#asked = true;
    const pause = 1000 / limits.store.commitsPerSecond;
    this.#clock.after(Math.max(0, this.#at + pause - this.#clock.elapsed()), () => {
      if (this.#asked) this.commit();
    });
  }

  /** What waits goes to disk from here on; before, who waits for it waits. */
  begin(): void {
    this.#begun = true;
    this.commit();
  }

  commit(): void {
    this.#asked = false;
    this.#at = this.#clock.elapsed();
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#store.commit();
    if (!this.#store.unsaved) this.#keptAt = this.#clock.utc();
    this.#say();
    for (const run of waiting) run(!this.#store.unsaved);
  }

  /** Says once that there is trouble, whoever has noticed it, and once that it is over. */
  #say(): void {
    const { trouble, place } = this.#store;
    if ((trouble !== undefined) === this.#said) return;
    this.#said = trouble !== undefined;
    this.#told(
      trouble === undefined
        ? { level: "info", words: `${place} is written again` }
        : {
            level: "error",
            words: `${place} cannot be written (${trouble}); what is measured is kept in memory until it can, and nothing can be changed`,
          },
    );
  }
}
