/**
 * A series of records in pieces of some that follow on each other without a gap: what each channel was at least, at most and on average. They
 * are made once, in slices between which everybody else is served, and grow with the series: a trend of ten years reads pieces, not records.
 */
import type { Profile, ProfileRecord } from "#quantity/profile.ts";
import { trendChannelsOf, type TrendChannel } from "./trend-channel.ts";

/** Records of a piece at most. */
export const PIECE = 8;
/** Records that are read in one turn of the event loop. */
export const SLICE = 500;

/** Columns of a piece before those of its channels, and of each channel: least, most, sum over time, milliseconds; those of doubtful records. */
const HEAD = { sequence: 0, records: 1, start: 2, end: 3, offset: 4 } as const;
const HEADS = 5;
const OF_CHANNEL = 8;
const DOUBTFUL = 4;

export interface Taken {
  /** Least, most, sum over time, milliseconds; then the same of doubtful records. */
  readonly numbers: Float64Array;
  readonly at: number;
}

export interface Piece extends Taken {
  readonly start: number;
  readonly end: number;
  readonly offset: number;
  readonly records: number;
}

/** Numbers of a channel of which nothing is known. */
export function clearChannel(numbers: Float64Array, at: number): void {
  for (let k = 0; k < OF_CHANNEL; k += DOUBTFUL) {
    numbers[at + k] = Infinity;
    numbers[at + k + 1] = -Infinity;
    numbers[at + k + 2] = 0;
    numbers[at + k + 3] = 0;
  }
}

export function addRecord(numbers: Float64Array, at: number, channel: TrendChannel, record: ProfileRecord): void {
  const ms = record.end.utc - record.start.utc;
  const value = channel.valueOf(record);
  if (!(ms > 0) || Number.isNaN(value)) return;
  const to = at + (channel.isDoubtful(record) ? DOUBTFUL : 0);
  numbers[to] = Math.min(numbers[to] ?? Infinity, value);
  numbers[to + 1] = Math.max(numbers[to + 1] ?? -Infinity, value);
  numbers[to + 2] = (numbers[to + 2] ?? 0) + value * ms;
  numbers[to + 3] = (numbers[to + 3] ?? 0) + ms;
}

export function addTaken(numbers: Float64Array, at: number, { numbers: from, at: begin }: Taken): void {
  for (let k = 0; k < OF_CHANNEL; k += DOUBTFUL) {
    numbers[at + k] = Math.min(numbers[at + k] ?? Infinity, from[begin + k] ?? Infinity);
    numbers[at + k + 1] = Math.max(numbers[at + k + 1] ?? -Infinity, from[begin + k + 1] ?? -Infinity);
    numbers[at + k + 2] = (numbers[at + k + 2] ?? 0) + (from[begin + k + 2] ?? 0);
    numbers[at + k + 3] = (numbers[at + k + 3] ?? 0) + (from[begin + k + 3] ?? 0);
  }
}

export class TrendPieces {
  readonly #profile: Profile;
  readonly channels: readonly TrendChannel[];
  readonly #width: number;
  #numbers: Float64Array;
  #count = 0;
  /** Records before this number are in pieces; the last of them, by which a series that began anew is known for one. */
  #done = 0;
  #last: ProfileRecord | undefined;
  #growing: Promise<void> | undefined;

  constructor(profile: Profile) {
    this.#profile = profile;
    this.channels = trendChannelsOf(profile);
    this.#width = HEADS + OF_CHANNEL * this.channels.length;
    this.#numbers = new Float64Array(64 * this.#width);
  }

  /** Numbers that it holds. */
  get size(): number {
    return this.#numbers.length;
  }

  /** Records from this number on are in no piece. */
  get done(): number {
    return this.#done;
  }

  /** Takes what has come since it was asked last; `turn` lets others have theirs. */
  async grow(turn: () => Promise<void>): Promise<void> {
    this.#growing ??= this.#grow(turn).finally(() => void (this.#growing = undefined));
    await this.#growing;
  }

  async #grow(turn: () => Promise<void>): Promise<void> {
    const profile = this.#profile;
    this.#look();
    // The last record may have to take in what comes at its end: it waits.
    while (this.#done < profile.next - 1) {
      const from = Math.max(this.#done, profile.first);
      const records = profile.page(from, Math.min(SLICE, profile.next - 1 - from));
      for (const record of records) this.#add(record);
      this.#done = Math.min(from + SLICE, profile.next - 1);
      this.#last = records.at(-1) ?? this.#last;
      await turn();
      this.#look();
    }
  }

  /** Whether the series is still the one that its pieces are of; if not, none is. */
  #look(): void {
    const { first, next } = this.#profile;
    const last = this.#last;
    if (last === undefined) return;
    const [same] = last.sequence < first ? [] : this.#profile.page(last.sequence, 1);
    const isSame = this.#done < next && (last.sequence < first || same?.end.utc === last.end.utc);
    if (isSame && last.sequence >= first) return;
    this.#count = 0;
    this.#done = 0;
    this.#last = undefined;
  }

  #add(record: ProfileRecord): void {
    const { sequence, start, end } = record;
    if (end.utc <= start.utc) return;
    const width = this.#width;
    let at = (this.#count - 1) * width;
    const follows =
      this.#count > 0 &&
      (this.#numbers[at + HEAD.records] ?? PIECE) < PIECE &&
      this.#numbers[at + HEAD.end] === start.utc;
    if (!follows) {
      at += width;
      if (at + width > this.#numbers.length) this.#make(2 * this.#numbers.length);
      this.#count++;
      this.#numbers[at + HEAD.sequence] = sequence;
      this.#numbers[at + HEAD.records] = 0;
      this.#numbers[at + HEAD.start] = start.utc;
      this.#numbers[at + HEAD.offset] = start.offsetMinutes;
      for (let k = 0; k < this.channels.length; k++) clearChannel(this.#numbers, at + HEADS + OF_CHANNEL * k);
    }
    this.#numbers[at + HEAD.records] = (this.#numbers[at + HEAD.records] ?? 0) + 1;
    this.#numbers[at + HEAD.end] = end.utc;
    this.channels.forEach((channel, k) => addRecord(this.#numbers, at + HEADS + OF_CHANNEL * k, channel, record));
  }

  #make(size: number): void {
    const more = new Float64Array(size);
    more.set(this.#numbers);
    this.#numbers = more;
  }

  /** The first piece whose records are all from a number on. */
  #seek(sequence: number): number {
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#numbers[middle * this.#width] ?? 0) < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The pieces of a channel, by its place from 0, that lie whole in a run of records; and the numbers of the records that they have. */
  whole(channel: number, run: { readonly first: number; readonly next: number }) {
    const numbers = this.#numbers;
    const pieces: Piece[] = [];
    let { next: first, next } = run;
    for (let k = this.#seek(run.first); k < this.#count; k++) {
      const at = k * this.#width;
      const begin = numbers[at] ?? 0;
      const end = k + 1 < this.#count ? (numbers[at + this.#width] ?? 0) : this.#done;
      if (end > run.next) break;
      first = Math.min(first, begin);
      next = end;
      pieces.push({
        numbers,
        at: at + HEADS + OF_CHANNEL * channel,
        start: numbers[at + HEAD.start] ?? 0,
        end: numbers[at + HEAD.end] ?? 0,
        offset: numbers[at + HEAD.offset] ?? 0,
        records: numbers[at + HEAD.records] ?? 0,
      });
    }
    return { pieces, first, next };
  }
}
