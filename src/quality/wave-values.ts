/**
 * Waveforms of the last cycles at 16, 128 or 512 values a cycle: the instants of the grid, each or every so many. They are picked, not filtered: what
 * lies above half of their rate is folded, as in any converter of so few samples.
 */
import type { MeasuredChannel } from "#metrology/channels.ts";
import type { CaptureArrays, LastValues } from "./last-values.ts";
import type { LastHalves } from "./last-halves.ts";

/** A value may be so much of its distance early and still be that of a time: times are rounded. */
const ROUNDING = 1e-4;

export class WaveValues implements LastValues {
  readonly names: readonly string[];
  readonly #channels: readonly MeasuredChannel[];
  readonly #halves: LastHalves;
  /** Instants from one value to the next, and values a half cycle. */
  readonly #stride: number;
  readonly #values: number;

  constructor(channels: readonly MeasuredChannel[], halves: LastHalves, perCycle: number) {
    this.#channels = channels;
    this.names = channels.map(({ name }) => name);
    this.#halves = halves;
    this.#values = perCycle / 2;
    this.#stride = halves.half / this.#values;
  }

  get first(): number {
    return this.#halves.first * this.#values;
  }

  get next(): number {
    return this.#halves.next * this.#values;
  }

  numberAt(seconds: number): number {
    const halves = this.#halves;
    const number = halves.numberAt(seconds);
    if (number === halves.next) return this.next;
    const part = (seconds - halves.beginOf(number)) / halves.secondsOf(number);
    return number * this.#values + Math.max(0, Math.ceil(part * this.#values - ROUNDING));
  }

  hzAt(number: number): number {
    return this.#halves.hzOf(Math.floor(number / this.#values));
  }

  copy(from: number, to: number, out: CaptureArrays, at: number): void {
    const values = this.#values;
    for (let number = from; number < to;) {
      const half = Math.floor(number / values);
      const k = number - half * values;
      const count = Math.min(to - number, values - k);
      this.#copyHalf(half, k, count, out, at);
      number += count;
      at += count;
    }
  }

  /** Copies `count` values of a half cycle from its `first` on. */
  #copyHalf(number: number, first: number, count: number, { times, channels }: CaptureArrays, at: number): void {
    const halves = this.#halves;
    const step = halves.secondsOf(number) / this.#values;
    const begin = halves.beginOf(number);
    for (let k = 0; k < count; k++) times[at + k] = begin + (first + k) * step;
    const place = halves.fromOf(number) + first * this.#stride;
    const missing = halves.missingOf(number);
    for (let c = 0; c < channels.length; c++) {
      const { plus, minus, mask } = this.#channels[c]!;
      const out = channels[c]!;
      if ((missing & mask) !== 0) {
        out.fill(NaN, at, at + count);
        continue;
      }
      const x = halves.ring[plus]!;
      for (let k = 0, from = place; k < count; k++, from += this.#stride) out[at + k] = x[from]!;
      if (minus === undefined) continue;
      const y = halves.ring[minus]!;
      for (let k = 0, from = place; k < count; k++, from += this.#stride) out[at + k]! -= y[from]!;
    }
  }
}
