/**
 * A recording as it is read: batch by batch, in runs of one rate, so that a file of any length takes the memory of one batch. Formats give
 * rows (`RowSource`); the time axis is made here for all of them.
 */
import { FormatError, type Gap, type RecordingHead } from "./recording.ts";
import type { Remarks } from "./remarks.ts";
import type { StatedRate } from "./stamps.ts";
import { TimeAxis } from "./time-axis.ts";

/** Rows as a format decodes them. */
export interface Rows {
  /** Stamps in seconds from any origin; NaN where a row has none. */
  readonly times: Float64Array;
  /** SI values by channel; NaN where a row has none. */
  readonly channels: readonly Float64Array[];
  /** By status channel; empty when nobody asks for them. */
  readonly statuses: readonly Uint8Array[];
}

export interface RowSource {
  readonly file: string;
  readonly head: RecordingHead;
  readonly remarks: Remarks;
  readonly stated: readonly StatedRate[];
  readonly stamped: boolean;
  readonly quantum: number;
  /** Stamps are made of the rates that are stated. */
  readonly isExact?: true;
  /** Rows that there are at most, by the bytes that they take. */
  readonly most: number;
  /** Decodes rows into [from, to); returns how many there were: fewer than asked only at the end. */
  fill(rows: Rows, from: number, to: number): number;
  /** Begins from the first row again. */
  rewind(): void;
  /** Goes on with the samples of that row; stamps are not to be asked for any more. Absent where nobody knows where a row stands. */
  seek?(row: number): void;
  /** Where a row stands: "line 12", "byte 4214". */
  place(row: number): string;
}

/** Samples that follow one another at one rate. The arrays are overwritten by the next one. */
export interface Stretch {
  readonly rows: Rows;
  /** Where in `rows` it begins. */
  readonly from: number;
  readonly count: number;
  readonly rate: number;
  /** Seconds from the first sample of the recording to the first of it. */
  readonly at: number;
  /** Whether it begins where the one before it ended: nothing lies between, though its rate may be another. */
  readonly follows: boolean;
}

/** Numbers that a batch holds, and the rows of one at most and at least: enough to tell a rate. */
const BATCH_NUMBERS = 1 << 17;
const MOST_ROWS = 1 << 16;
const LEAST_ROWS = 1 << 13;

export class RecordingReader {
  readonly head: RecordingHead;
  readonly file: string;
  readonly #source: RowSource;
  readonly #axis: TimeAxis;
  readonly #rows: Rows;
  readonly #capacity: number;
  #filled = 0;
  #decided = 0;
  #next = 0;
  #ended = false;
  #total = 0;

  /** `statuses` says whether status channels are wanted, too. */
  constructor(source: RowSource, statuses = false) {
    const { head, file, remarks, stated, stamped, quantum, isExact = false } = source;
    this.head = head;
    this.file = file;
    this.#source = source;
    const place = (row: number): string => source.place(row);
    this.#axis = new TimeAxis({ file, remarks, stated, stamped, quantum, isExact, place });
    const wide = 1 + head.channels.length + (statuses ? head.statuses.length / 8 : 0);
    const capacity = Math.max(LEAST_ROWS, Math.min(MOST_ROWS, Math.floor(BATCH_NUMBERS / wide)));
    this.#capacity = Math.min(capacity, Math.floor(source.most) + 1);
    this.#rows = {
      times: new Float64Array(this.#capacity),
      channels: head.channels.map(() => new Float64Array(this.#capacity)),
      statuses: statuses ? head.statuses.map(() => new Uint8Array(this.#capacity)) : [],
    };
  }

  /** What was not as it should be in what has been read so far. */
  get warnings() {
    return this.#source.remarks.list;
  }

  /** Time without samples in what has been read so far. */
  get gaps(): readonly Gap[] {
    return this.#axis.gaps;
  }

  /** The next samples; undefined at the end. Throws FormatError where the file cannot be read on, or has none at all. */
  next(): Stretch | undefined {
    for (;;) {
      const run = this.#axis.runs[this.#next++];
      if (run !== undefined) return { rows: this.#rows, ...run };
      if (this.#ended) return undefined;
      this.#batch();
    }
  }

  rewind(): void {
    this.#source.rewind();
    this.#axis.rewind();
    this.#source.remarks.close();
    this.#filled = 0;
    this.#decided = 0;
    this.#next = 0;
    this.#total = 0;
    this.#ended = false;
  }

  #batch(): void {
    const { times, channels, statuses } = this.#rows;
    const left = this.#filled - this.#decided;
    for (const column of [times, ...channels, ...statuses]) column.copyWithin(0, this.#decided, this.#filled);
    const got = this.#source.fill(this.#rows, left, this.#capacity);
    this.#filled = left + got;
    this.#total += got;
    this.#ended = this.#filled < this.#capacity;
    if (this.#total === 0) throw new FormatError(this.file, this.#source.place(0), "there are no samples");
    this.#decided = this.#axis.take(times, this.#filled, this.#ended);
    this.#next = 0;
  }
}
