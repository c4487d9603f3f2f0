/** The last samples of a stream, channel by channel, by a number that goes on for ever. */

/** va, vb, vc, ia, ib, ic. */
export const CHANNELS = 6;

/** All of them, as bits. */
const ALL = (1 << CHANNELS) - 1;

export class SampleRing {
  /** So many are remembered: a power of two. */
  readonly size: number;
  readonly channels: readonly Float64Array[];
  /** Bit c is set where channel c has no sample; what is missing is 0. */
  readonly missing: Uint8Array;
  readonly #lost: Uint8Array;
  readonly #mask: number;

  /** Remembers so many at least. */
  constructor(least: number) {
    this.size = 2 ** Math.ceil(Math.log2(least));
    this.#mask = this.size - 1;
    this.channels = Array.from({ length: CHANNELS }, () => new Float64Array(this.size));
    this.missing = new Uint8Array(this.size);
    this.#lost = new Uint8Array(this.size);
  }

  place(number: number): number {
    return number & this.#mask;
  }

  /** Samples from number `from` on that never came, or have not come yet. */
  lose(from: number, count: number): void {
    for (let number = from; number < from + count; number++) {
      const at = number & this.#mask;
      for (let c = 0; c < CHANNELS; c++) this.channels[c]![at] = 0;
      this.missing[at] = ALL;
      this.#lost[at] = 1;
    }
  }

  isLost(number: number): boolean {
    return this.#lost[number & this.#mask] === 1;
  }

  /** A sample is about to be written: what its place has of the one before it is forgotten. */
  open(number: number): number {
    const at = number & this.#mask;
    this.missing[at] = 0;
    this.#lost[at] = 0;
    return at;
  }
}
