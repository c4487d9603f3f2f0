/** What was before an event and is around it: half-cycle RMS, and the samples as they were recorded. */
import { inputs } from "#waveform/channel-map.ts";
import type { SampleRun } from "#waveform/source.ts";
import type { EventWave, RmsTrace } from "./examination.ts";
import { GrowingColumn } from "./growing.ts";

/** The last half cycles, of which a trace begins. */
export class RmsHistory {
  readonly names: readonly string[];
  readonly #size: number;
  readonly #times: Float64Array;
  readonly #rms: readonly Float64Array[];
  #count = 0;

  constructor(names: readonly string[], size: number) {
    this.names = names;
    this.#size = size;
    this.#times = new Float64Array(size);
    this.#rms = names.map(() => new Float64Array(size));
  }

  push(time: number, rms: Float64Array): void {
    const at = this.#count++ % this.#size;
    this.#times[at] = time;
    for (let c = 0; c < this.#rms.length; c++) this.#rms[c]![at] = rms[c]!;
  }

  /** What came before a gap is of no event behind it. */
  clear(): void {
    this.#count = 0;
  }

  /** Puts what is not older than `from`, and older than `to`, into a trace. */
  copy(from: number, to: number, trace: GrowingTrace): void {
    const first = Math.max(0, this.#count - this.#size);
    for (let k = first; k < this.#count; k++) {
      const at = k % this.#size;
      if (this.#times[at]! >= from && this.#times[at]! < to) trace.pushAt(this.#times[at]!, this.#rms, at);
    }
  }
}

export class GrowingTrace {
  readonly #names: readonly string[];
  readonly #times = new GrowingColumn();
  readonly #rms: readonly GrowingColumn[];
  isCut = false;

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#rms = names.map(() => new GrowingColumn());
  }

  push(time: number, rms: Float64Array): void {
    if (this.isCut) return;
    this.#times.push(time);
    for (let c = 0; c < this.#rms.length; c++) this.#rms[c]!.push(rms[c]!);
  }

  pushAt(time: number, rms: readonly Float64Array[], at: number): void {
    this.#times.push(time);
    for (let c = 0; c < this.#rms.length; c++) this.#rms[c]!.push(rms[c]![at]!);
  }

  /** What there is up to a time: that a rapid change has ended is known a second later. */
  upTo(end: number): RmsTrace {
    const times = this.#times.values;
    const after = times.findIndex((time) => time > end);
    const count = after < 0 ? times.length : after;
    const channels = this.#names.map((name, c) => ({ name, rms: this.#rms[c]!.values.slice(0, count) }));
    return { times: times.slice(0, count), channels, isCut: this.isCut && after < 0 };
  }
}

/** Seconds of samples behind what is asked for: half cycles are made later than their samples come. */
const SLACK = 2;

/** The last seconds of samples of one stretch. */
export class WaveRing {
  readonly #seconds: number;
  readonly #mapped: readonly number[];
  #rings: readonly Float64Array[] = [];
  #size = 0;
  #rate = 0;
  /** Of the stretch: the time of its first sample, and how many it has had. */
  #at = NaN;
  #count = 0;

  /** Holds so many seconds of the inputs that are there. */
  constructor(seconds: number, mapped: readonly number[]) {
    this.#seconds = seconds + SLACK;
    this.#mapped = mapped;
  }

  run({ channels, count, rate, at, joined, missing }: SampleRun): void {
    if (!joined || rate !== this.#rate) this.#begin(rate, at);
    for (let m = 0; m < this.#mapped.length; m++) {
      const input = this.#mapped[m]!;
      this.#put(this.#rings[m]!, channels[input]!, count, missing === undefined ? undefined : [missing, 1 << input]);
    }
    this.#count += count;
  }

  #begin(rate: number, at: number): void {
    const size = Math.ceil(rate * this.#seconds);
    if (size > this.#size) {
      this.#rings = this.#mapped.map(() => new Float64Array(size));
      this.#size = size;
    }
    this.#rate = rate;
    this.#at = at;
    this.#count = 0;
  }

  #put(ring: Float64Array, samples: Float64Array, count: number, missing?: readonly [Uint8Array, number]): void {
    const size = this.#size;
    // Of more than the ring holds the last ones.
    for (let k = Math.max(0, count - size); k < count;) {
      const to = (this.#count + k) % size;
      const piece = Math.min(count - k, size - to);
      ring.set(samples.subarray(k, k + piece), to);
      if (missing !== undefined) {
        const [bits, bit] = missing;
        for (let n = 0; n < piece; n++) if ((bits[k + n]! & bit) !== 0) ring[to + n] = NaN;
      }
      k += piece;
    }
  }

  /** The samples from one time up to another, as far as they are there, of an event that begins in the stretch; undefined where none is. */
  cut(at: number, from: number, to: number): EventWave | undefined {
    const rate = this.#rate;
    if (!(at >= this.#at - 1e-6)) return undefined;
    const first = Math.max(0, this.#count - this.#size, Math.ceil((from - this.#at) * rate - 1e-6));
    const end = Math.min(this.#count, Math.ceil((to - this.#at) * rate - 1e-6));
    if (!(end > first)) return undefined;
    const channels = this.#mapped.map((input, m) => {
      const ring = this.#rings[m]!;
      const samples = new Float32Array(end - first);
      for (let k = first; k < end; k++) samples[k - first] = ring[k % this.#size]!;
      return { name: inputs[input]!, samples };
    });
    return { at: this.#at + first / rate, rate, channels };
  }
}
