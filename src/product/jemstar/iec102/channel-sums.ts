/**
 * Absolute totals: what a channel had come to at the end of a record since the profile was initialised. The meter keeps the sum of all
 * records, those that had to go among them; what came after is taken off it. Sums where every so many records begin stay what they are,
 * and are remembered.
 */
import type { Profile, ProfileRecord } from "#quantity/profile.ts";

/** Records between two sums that are remembered: the most that are read for one that is asked for again. */
const EVERY = 256;

export class ChannelSums {
  readonly #profile: Profile;
  readonly #worth: readonly number[];
  /** Sums before the record of a number, by channel. */
  readonly #before = new Map<number, Float64Array>();

  constructor(profile: Profile) {
    this.#profile = profile;
    this.#worth = profile.channels.map(({ km }) => (profile.data === "counts" ? km : 1));
  }

  /** By channel, before the record of a number; NaN of what does not accumulate. */
  before(sequence: number): Float64Array {
    const { next } = this.#profile;
    if (sequence >= next) return this.#whole();
    const known = Math.ceil(sequence / EVERY) * EVERY;
    let at = known;
    while (at < next && !this.#before.has(at)) at += EVERY;
    let sums = this.#before.get(at) ?? this.#whole();
    for (let from = Math.min(at, next); from > sequence;) {
      const begin = Math.max(sequence, Math.floor((from - 1) / EVERY) * EVERY);
      sums = this.#less(sums, this.#profile.page(begin, from - begin));
      from = begin;
      if (begin % EVERY === 0) this.#before.set(begin, sums);
    }
    return sums;
  }

  /** With a record more. */
  with(sums: Float64Array, { values }: ProfileRecord): Float64Array {
    return sums.map((sum, k) => sum + (values[k] ?? 0) * (this.#worth[k] ?? 1));
  }

  #whole(): Float64Array {
    return Float64Array.from(this.#worth, (_, k) => this.#profile.total?.(k)?.recorded ?? NaN);
  }

  #less(sums: Float64Array, records: readonly ProfileRecord[]): Float64Array {
    const less = sums.slice();
    for (const { values } of records)
      values.forEach((value, k) => (less[k] = (less[k] ?? NaN) - (value ?? 0) * (this.#worth[k] ?? 1)));
    return less;
  }
}
