/**
 * A series whose members lie in the store only: a ring of records under one prefix. A meter at rest holds none of them, and a page
 * reads no more than its members.
 */
import type { Run, Series } from "#quantity/series.ts";
import type { MeterStore } from "./store.ts";

/** Non-volatile numbers of a series. */
export interface SeriesPlace {
  /** Number that the next member will have. */
  next: number;
  /** From this member on instants do not go back: where the clock was set back last. */
  ordered: number;
}

export interface SeriesShape<T> {
  readonly prefix: string;
  /** Members that are kept. */
  readonly capacity: number;
  readonly encode: (member: T) => Uint8Array;
  /** Undefined for bytes of another shape, and for those of another member. */
  readonly decode: (bytes: Uint8Array, sequence: number) => T | undefined;
  /** Instant of UTC at which a member is over. */
  readonly at: (member: T) => number;
  /** What is true of every member: looked at before one is written, and after one was read. */
  readonly holds: (member: T) => boolean;
}

/** Settings back of the clock that are told apart; before the oldest of them a range may have members that lie outside of it. */
const MOST_BREAKS = 256;

export class StoredSeries<T> implements Series<T> {
  readonly #store: MeterStore;
  readonly #shape: SeriesShape<T>;
  readonly #place: SeriesPlace;

  constructor(store: MeterStore, shape: SeriesShape<T>, place: SeriesPlace) {
    this.#store = store;
    this.#shape = shape;
    this.#place = place;
  }

  get capacity(): number {
    return this.#shape.capacity;
  }

  get next(): number {
    return this.#place.next;
  }

  get first(): number {
    return Math.max(0, this.next - this.#shape.capacity);
  }

  #key(sequence: number): string {
    return `${this.#shape.prefix}${sequence % this.#shape.capacity}`;
  }

  /** One member; undefined where it was overwritten, or never was. */
  member(sequence: number): T | undefined {
    if (sequence < this.first || sequence >= this.next) return undefined;
    const bytes = this.#store.get(this.#key(sequence));
    const member = bytes === undefined ? undefined : this.#shape.decode(bytes, sequence);
    return member !== undefined && this.#shape.holds(member) ? member : undefined;
  }

  /** What cannot be is not written: whoever made it has a fault that must not be handed on. */
  #put(sequence: number, member: T): void {
    if (!this.#shape.holds(member))
      throw new Error(`${this.#shape.prefix}${sequence} cannot be: ${JSON.stringify(member)}`);
    this.#store.put(this.#key(sequence), this.#shape.encode(member));
  }

  get last(): T | undefined {
    return this.member(this.next - 1);
  }

  page(from: number, most: number): readonly T[] {
    const found: T[] = [];
    const begin = Math.max(from, this.first);
    for (let sequence = begin; sequence < Math.min(this.next, begin + most); sequence++) {
      const member = this.member(sequence);
      if (member !== undefined) found.push(member);
    }
    return found;
  }

  /** The newest members, oldest first. */
  newest(most: number): readonly T[] {
    return this.page(this.next - most, most);
  }

  /**
   * Halves what is left until it has the first member that is not before an instant. A clock that was set back shows instants
   * twice: of what came before and after the last time, that after it is looked at when the instant is in it.
   */
  seek(utc: number): number {
    const { ordered } = this.#place;
    const since = ordered > this.first ? this.member(ordered) : undefined;
    const before = since !== undefined && utc <= this.#shape.at(since);
    const [low, high] = before
      ? [this.first, ordered]
      : [Math.max(this.first, Math.min(ordered, this.next)), this.next];
    return this.#search(low, high, (at) => at >= utc);
  }

  /** The first member from `low` to before `high` of which something is true that stays true; `high` where of none. */
  #search(low: number, high: number, isSo: (at: number) => boolean): number {
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const found = this.#from(middle, high);
      if (found === undefined || isSo(this.#shape.at(found.member))) high = middle;
      else low = found.sequence + 1;
    }
    return low;
  }

  between(from: number, to: number): readonly Run[] {
    const bounds = [this.first, ...this.#setBack(), this.next];
    const runs = bounds.slice(1).flatMap((high, k): Run[] => {
      const first = this.#search(bounds[k] ?? high, high, (at) => at >= from);
      const next = this.#search(first, high, (at) => at > to);
      return next > first ? [{ first, next }] : [];
    });
    return runs.length === 0 ? [{ first: this.next, next: this.next }] : runs;
  }

  /** Members at which instants went back, in order; the last of them where the others were not kept yet. */
  #setBack(): readonly number[] {
    const { ordered } = this.#place;
    const bytes = this.#store.get(this.#breaksKey);
    const kept = bytes === undefined ? [] : (JSON.parse(new TextDecoder().decode(bytes)) as number[]);
    const all = new Set([...kept, ordered]);
    return [...all].filter((one) => one > this.first && one < this.next).sort((a, b) => a - b);
  }

  get #breaksKey(): string {
    return `breaks/${this.#shape.prefix}`;
  }

  /** The first member from one on that is there: what is damaged says nothing of when it was. */
  #from(from: number, to: number): { readonly sequence: number; readonly member: T } | undefined {
    for (let sequence = from; sequence < to; sequence++) {
      const member = this.member(sequence);
      if (member !== undefined) return { sequence, member };
    }
    return undefined;
  }

  /** Adds the next member: `make` is told its number. */
  add(make: (sequence: number) => T): void {
    const { next } = this;
    const member = make(next);
    const last = this.last;
    this.#put(next, member);
    if (last !== undefined && this.#shape.at(member) < this.#shape.at(last)) {
      const breaks = [...this.#setBack(), next].slice(-MOST_BREAKS);
      this.#store.put(this.#breaksKey, new TextEncoder().encode(JSON.stringify(breaks)));
      this.#place.ordered = next;
    }
    this.#place.next = next + 1;
  }

  /** Puts another in the place of a member that is there, which is over at the same instant. */
  replace(sequence: number, member: T): void {
    if (sequence >= this.first && sequence < this.next) this.#put(sequence, member);
  }

  /** Puts another in the place of the last member. */
  replaceLast(member: T): void {
    if (this.next > 0) this.#put(this.next - 1, member);
  }

  /** Begins anew: what is in the store is overwritten as new members come. */
  clear(): void {
    this.#place.next = 0;
    this.#place.ordered = 0;
  }
}

/** Number after the newest of the members that are in the store, of a series whose own number was lost. */
export function nextOf(store: MeterStore, prefix: string, sequenceOf: (bytes: Uint8Array) => number): number {
  let next = 0;
  for (const [, bytes] of store.entries(prefix)) if (bytes.length > 0) next = Math.max(next, sequenceOf(bytes) + 1);
  return next;
}
