/** How many alarms of a minute are logged of a trigger: what comes faster is counted, and told in one line. No trigger takes the room of another. */

/** Alarms of one trigger that are logged in a minute. */
export const MOST_ALARMS = 240;
const MINUTE_MS = 60_000;

/** What was not logged of a minute. */
export interface DroppedAlarms {
  readonly count: number;
  /** Ids of the triggers. */
  readonly triggers: readonly number[];
}

export class AlarmRate {
  #began = -Infinity;
  /** By trigger: alarms that were logged in this minute, and that were not. */
  readonly #logged = new Map<number, number>();
  readonly #dropped = new Map<number, number>();

  /** An alarm of a trigger begins at an elapsed time; whether it is logged. */
  takes(trigger: number, elapsed: number): boolean {
    if (elapsed >= this.#began + MINUTE_MS && this.#dropped.size === 0) {
      this.#began = elapsed;
      this.#logged.clear();
    }
    const logged = this.#logged.get(trigger) ?? 0;
    if (logged < MOST_ALARMS) {
      this.#logged.set(trigger, logged + 1);
      return true;
    }
    this.#dropped.set(trigger, (this.#dropped.get(trigger) ?? 0) + 1);
    return false;
  }

  /** What was dropped in a minute that is over, once. */
  over(elapsed: number): DroppedAlarms | undefined {
    if (this.#dropped.size === 0 || elapsed < this.#began + MINUTE_MS) return undefined;
    const count = [...this.#dropped.values()].reduce((sum, one) => sum + one, 0);
    const triggers = [...this.#dropped.keys()].toSorted((a, b) => a - b);
    this.#began = elapsed;
    this.#logged.clear();
    this.#dropped.clear();
    return { count, triggers };
  }
}
