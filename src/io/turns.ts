/**
 * Bursts are worked off in slices, each peer's in its turn: who asks one thing waits for nobody's thousand. A turn of the event loop takes
 * so many milliseconds of them, the rest is for the next; in between everything else runs. What peers make this process keep together has
 * a bound, too.
 */
import type { Clock } from "#clock/clock.ts";
import { limits } from "#quantity/limits.ts";

/** Somebody with a burst. */
export interface Bursting {
  /** Bytes that it makes this process keep. */
  readonly held: number;
  /** Works off one slice. */
  slice(): "done" | "more" | "blocked";
  /** Whether it still has to wait until its peer has taken answers. */
  readonly isBlocked: boolean;
  /** It holds most of what is too much. */
  dismiss(): void;
}

export class Turns {
  readonly #clock: Clock;
  /** Who has more, in the order of turns. */
  readonly #queue = new Set<Bursting>();
  /** Whose peer has to take answers first. */
  readonly #blocked = new Set<Bursting>();
  /** What each of them held when it was looked at last. */
  readonly #holds = new Map<Bursting, number>();
  #held = 0;
  #turning = false;
  #looking = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Bytes that all of them make this process keep. */
  get held(): number {
    return this.#held;
  }

  /** Those whose turn comes, and those whose peer has to take answers first. */
  get lengths(): { readonly queue: number; readonly blocked: number } {
    return { queue: this.#queue.size, blocked: this.#blocked.size };
  }

  /** It has a burst. */
  enter(one: Bursting): void {
    this.#queue.add(one);
    this.#weigh(one);
    this.#turnLater();
  }

  leave(one: Bursting): void {
    this.#queue.delete(one);
    this.#blocked.delete(one);
    this.#held -= this.#holds.get(one) ?? 0;
    this.#holds.delete(one);
  }

  #turnLater(): void {
    if (this.#turning || this.#queue.size === 0) return;
    this.#turning = true;
    this.#clock.after(0, () => {
      this.#turning = false;
      this.#turn();
      this.#turnLater();
    });
  }

  /** One slice for each, until the time is up: who has had none is first the next time. */
  #turn(): void {
    const until = this.#clock.elapsed() + limits.peers.turnMs;
    for (const one of Array.from(this.#queue)) {
      if (!this.#queue.delete(one)) continue;
      const then = one.slice();
      // It may have ended meanwhile.
      if (this.#holds.has(one)) this.#after(one, then);
      if (this.#clock.elapsed() >= until) return;
    }
  }

  #after(one: Bursting, then: ReturnType<Bursting["slice"]>): void {
    if (then === "done") return this.leave(one);
    if (then === "more") this.#queue.add(one);
    else {
      this.#blocked.add(one);
      this.#lookLater();
    }
    this.#weigh(one);
  }

  #lookLater(): void {
    if (this.#looking || this.#blocked.size === 0) return;
    this.#looking = true;
    this.#clock.after(limits.peers.lookMs, () => {
      this.#looking = false;
      for (const one of this.#blocked) {
        if (!one.isBlocked && this.#blocked.delete(one)) this.#queue.add(one);
        this.#weigh(one);
      }
      this.#turnLater();
      this.#lookLater();
    });
  }

  #weigh(one: Bursting): void {
    if (!this.#queue.has(one) && !this.#blocked.has(one)) return;
    const { held } = one;
    this.#held += held - (this.#holds.get(one) ?? 0);
    this.#holds.set(one, held);
    while (this.#held > limits.peers.held) this.#dropFullest();
  }

  /** One whose peer takes nothing before one whose turn has not come. */
  #dropFullest(): void {
    let fullest: Bursting | undefined;
    let most = -1;
    for (const one of this.#blocked.size > 0 ? this.#blocked : this.#queue) {
      const held = this.#holds.get(one) ?? 0;
      if (held <= most) continue;
      fullest = one;
      most = held;
    }
    if (fullest === undefined) return;
    this.leave(fullest);
    fullest.dismiss();
  }
}
