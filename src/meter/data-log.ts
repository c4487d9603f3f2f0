/**
 * The data log: ten buffers of 16-bit entries, one entry in each at the end of every demand sub-interval. A buffer is
 * chosen for reading by the log page; while one is chosen nothing is written, and one set of entries waits.
 *
 * Manual of the Series 4100 with logging (as EM3555, ZL0093-0A), registers 155-178 and the window from 8000 on.
 */
import type { WordSource, WordWindow } from "#quantity/interfaces.ts";
import type { CalendarRegisters } from "./calendar-registers.ts";
import { logPointers } from "#quantity/setting.ts";
import type { MeterStore } from "#store/store.ts";

const BUFFERS = logPointers.length;

/** Bits of the log status, register 160. */
export const logStatus = {
  full: 1 << 0,
  collision1: 1 << 1,
  collision2: 1 << 2,
  reset: 1 << 3,
  interrupted: 1 << 4,
  clockChanged: 1 << 5,
  clockReset: 1 << 6,
} as const;

/** Bits that tell of something since the start of the previous sub-interval. */
const PASSING = logStatus.reset | logStatus.interrupted | logStatus.clockChanged;

/** Bits of the logging configuration, register 159. */
export const logMode = { singleShot: 1, halt: 2 } as const;

export interface LogSettings {
  /** 0, or the buffer being read, 1 to 10. */
  readonly page: number;
  readonly mode: number;
  /** Register numbers to log, one a buffer. */
  readonly pointers: readonly number[];
}

export class DataLog implements WordWindow {
  readonly #entries: number;
  readonly #invalid: number;
  readonly #store: MeterStore;
  readonly #words: WordSource;
  /** [next slot, entries since wrap or reset, wraps or missed, energy at the start, waiting set present, status, stamp x 3]. */
  readonly #memory: Float64Array;
  /** One ring of `entries` sets of ten words. */
  readonly #ring: Uint16Array;
  readonly #waiting: Float64Array;
  /** Passing bits that arose in the running sub-interval, and in the one before. */
  #arisen = 0;
  #earlier = 0;
  page = 0;

  constructor(options: {
    readonly entries: number;
    readonly invalid: number;
    readonly store: MeterStore;
    readonly memory: (name: string, count: number, initial?: number) => Float64Array;
    readonly words: WordSource;
  }) {
    this.#entries = options.entries;
    this.#invalid = options.invalid;
    this.#store = options.store;
    this.#words = options.words;
    this.#memory = options.memory("log", 9);
    this.#waiting = options.memory("log.waiting", BUFFERS, options.invalid);
    this.#ring = new Uint16Array(options.entries * BUFFERS).fill(options.invalid);
    for (const [key, bytes] of options.store.entries("log/")) {
      const slot = Number(key.slice(4));
      if (!(slot >= 0 && slot < this.#entries) || bytes.length !== 2 * BUFFERS) continue;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let k = 0; k < BUFFERS; k++) this.#ring[slot * BUFFERS + k] = view.getUint16(2 * k);
    }
  }

  #get(at: number): number {
    return this.#memory[at] ?? 0;
  }

  /** The word at `offset` of the chosen buffer: 0 is the newest entry. */
  word(offset: number): number {
    if (this.page === 0) return this.#invalid;
    const slot = (this.#get(0) - 1 - offset + 2 * this.#entries) % this.#entries;
    return this.#ring[slot * BUFFERS + this.page - 1] ?? this.#invalid;
  }

  get status(): number {
    return this.#get(5) | this.#arisen | this.#earlier;
  }

  /** Times wrapped, or entries that a full single-shot log did not take. */
  get wraps(): number {
    return this.#get(2);
  }

  /** Days that the buffers hold when an entry comes every so many seconds. */
  days(subIntervalSeconds: number): number {
    return Math.floor((this.#entries * subIntervalSeconds) / 86_400);
  }

  get entries(): number {
    return this.#get(1);
  }

  /** The energy in Wh when logging started, was reset or rolled. */
  get startEnergy(): number {
    return this.#get(3);
  }

  get newest(): CalendarRegisters {
    return { dayMonth: this.#get(6), hourYear: this.#get(7), secondMinute: this.#get(8) };
  }

  /** Raises bits that show until the next sub-interval has ended. */
  note(bits: number): void {
    this.#arisen |= bits & PASSING;
    this.#memory[5] = this.#get(5) | (bits & ~PASSING);
  }

  clearNote(bits: number): void {
    this.#memory[5] = this.#get(5) & ~bits;
  }

  /** Empties the buffers; `energy` is where the log starts. */
  reset(energy: number): void {
    // Slots beyond the next are never read as entries: the count says how many are valid, the fill that none is.
    this.#ring.fill(this.#invalid);
    const empty = new Uint8Array(2 * BUFFERS);
    for (let k = 0; k < BUFFERS; k++) new DataView(empty.buffer).setUint16(2 * k, this.#invalid);
    for (const [key] of this.#store.entries("log/")) this.#store.put(key, empty);
    const clockReset = this.#get(5) & logStatus.clockReset;
    this.#memory.fill(0);
    this.#memory[3] = energy;
    this.#memory[5] = clockReset;
    this.note(logStatus.reset);
  }

  /** Ends a demand sub-interval: logs one set of entries, as the settings allow. */
  endSubInterval({ page, mode, pointers }: LogSettings, stamp: CalendarRegisters, energy: number): void {
    this.#earlier = this.#arisen;
    this.#arisen = 0;
    if ((mode & logMode.halt) !== 0) return;
    const set = pointers.map((register) => this.#words.word(register));
    const waiting = this.#get(4) === 1;
    if (page !== 0 && !waiting) {
      this.#waiting.set(set);
      this.#memory[4] = 1;
      this.note(logStatus.collision1);
      return;
    }
    if (waiting) {
      this.#write([...this.#waiting], mode, stamp, energy);
      this.#memory[4] = 0;
    }
    this.#write(set, mode, stamp, energy);
    if (page !== 0) this.note(logStatus.collision2);
    else this.clearNote(logStatus.collision1 | logStatus.collision2);
  }

  #write(set: readonly number[], mode: number, stamp: CalendarRegisters, energy: number): void {
    const memory = this.#memory;
    if ((mode & logMode.singleShot) !== 0 && this.#get(1) >= this.#entries) {
      memory[2] = (this.#get(2) + 1) % 65536;
      this.note(logStatus.full);
      return;
    }
    const slot = this.#get(0);
    const bytes = new Uint8Array(2 * BUFFERS);
    const view = new DataView(bytes.buffer);
    set.forEach((word, k) => {
      this.#ring[slot * BUFFERS + k] = word;
      view.setUint16(2 * k, word);
    });
    this.#store.put(`log/${slot}`, bytes);
    memory[0] = (slot + 1) % this.#entries;
    memory[1] = this.#get(1) + 1;
    memory[6] = stamp.dayMonth;
    memory[7] = stamp.hourYear;
    memory[8] = stamp.secondMinute;
    if (this.#get(1) < this.#entries) return;
    if ((mode & logMode.singleShot) !== 0) {
      this.note(logStatus.full);
      return;
    }
    memory[1] = 0;
    memory[2] = (this.#get(2) + 1) % 65536;
    memory[3] = energy;
  }
}
