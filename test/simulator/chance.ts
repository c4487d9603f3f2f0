/** What happens in a run, by its seed and by nothing else. */
import { Random } from "#waveform/random.ts";

export class Chance {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(Math.imul(seed, 2_654_435_761));
  }

  /** Whether what comes once in `times` comes now. */
  once(times: number): boolean {
    return this.#random.next() * times < 1;
  }

  /** A whole number, both ends among them. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.#random.next() * (to - from + 1));
  }

  one<T>(list: readonly T[]): T {
    return list[this.whole(0, list.length - 1)]!;
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.whole(0, 255));
  }
}
