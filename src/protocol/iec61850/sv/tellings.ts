/** What a stream's meter is told of it: each thing once, and then no more for a while, however often it is so. */
import type { Clock } from "#clock/clock.ts";

const AGAIN_MS = 60_000;

/** Kinds of words that are remembered: what they say may have any number in it. */
const MOST = 32;

export class Tellings {
  run: (words: string) => void = () => {};
  readonly #clock: Clock;
  /** When words were said last, without the numbers in them. */
  readonly #saidAt = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  tell(words: string): void {
    const kind = words.replaceAll(/[\dA-F]{2}(-[\dA-F]{2}){5}|\d+/g, "");
    const now = this.#clock.elapsed();
    const before = this.#saidAt.get(kind);
    if (before !== undefined && now - before < AGAIN_MS) return;
    if (this.#saidAt.size >= MOST) this.#saidAt.clear();
    this.#saidAt.set(kind, now);
    this.run(words);
  }
}
