/** Who is to know of an input's change when it happens: each change by itself, in their order, as soon as the meter has worked off its time. */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { InputChange } from "#quantity/input-change.ts";
import type { RevenueMeter } from "#revenue/revenue-meter.ts";

/** The meter of now, and what works off its time until now. */
interface Watched {
  readonly meter: RevenueMeter;
  catchUp(): void;
}

export class InputWatch {
  readonly #clock: Clock;
  readonly #site: Watched;
  readonly #waiting = new Set<(change: InputChange) => void>();
  readonly #changes: InputChange[] = [];
  #isTelling = false;
  #timer: Cancel | undefined;

  constructor(clock: Clock, site: Watched) {
    this.#clock = clock;
    this.#site = site;
  }

  /** Runs with each change from now on; the result stops it. */
  on(run: (change: InputChange) => void): () => void {
    const own = (change: InputChange): void => run(change);
    this.#waiting.add(own);
    return () => void this.#waiting.delete(own);
  }

  /** In the midst of what is worked off: it is told when the meter is whole. */
  take(change: InputChange): void {
    if (this.#waiting.size > 0) this.#changes.push(change);
  }

  tell(): void {
    // Who is told may move another input: that is told after this one.
    if (this.#isTelling) return;
    this.#isTelling = true;
    try {
      for (let change = this.#changes.shift(); change !== undefined; change = this.#changes.shift())
        for (const run of this.#waiting) run(change);
    } finally {
      this.#isTelling = false;
    }
    this.expect();
  }

  /** A contact may have moved: where somebody waits for its input, the meter does not wait for its cycle. */
  expect(): void {
    if (this.#waiting.size === 0 || this.#timer !== undefined) return;
    const { settlesAt } = this.#site.meter.periphery.io;
    if (settlesAt === Infinity) return;
    this.#timer = this.#clock.after(settlesAt - this.#clock.elapsed(), () => {
      this.#timer = undefined;
      this.#site.catchUp();
    });
  }

  stop(): void {
    this.#timer?.();
    this.#timer = undefined;
  }
}
