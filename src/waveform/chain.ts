/**
 * Stretches of a recording that follow one another, as samples at one even rate. Stretches whose rates are all but the same, as those of
 * recorders that follow the line, are brought to the instants of the first; a channel that was sampled later than the others is put back.
 * Both are interpolations within the chain: where one would reach over its ends a sample is missing. Samples of one rate without skew pass
 * as they are.
 */
import { Interpolator } from "#metrology/interpolator.ts";
import type { Feed } from "./channel-map.ts";

/** Rates that differ by less are those of one clock that follows something. */
const ALIKE = 0.02;

/** Samples that are kept behind the next one. */
const BEHIND = 256;

/** Samples that there is room for at first: it grows to what is read at a time. */
const ROOM = 512;

interface Part {
  /** The position of its first sample in the chain, and its time. */
  readonly first: number;
  readonly at: number;
  readonly rate: number;
}

export class Chain {
  readonly rate: number;
  readonly #at: number;
  readonly #feeds: readonly Feed[];
  readonly #parts: Part[] = [];
  /** Samples of each feed from position `#from` on; NaN where there is none. */
  #samples: Float64Array[];
  #from = 0;
  #end = 0;
  #closed = false;
  /** Samples that were handed out. */
  #made = 0;
  /** Rates are all but the same: the kernel is not stretched. */
  readonly #kernel = new Interpolator();

  constructor(feeds: readonly Feed[], at: number, rate: number) {
    this.#feeds = feeds;
    this.#at = at;
    this.rate = rate;
    this.#samples = feeds.map(() => new Float64Array(ROOM));
  }

  /** Whether what follows it at a rate belongs to it. */
  takes(rate: number): boolean {
    return Math.abs(rate / this.rate - 1) < ALIKE;
  }

  /** Appends `count` samples from place `from` of the channels; their rate holds from the first of them on, which was taken `at`, seconds. */
  append(channels: readonly Float64Array[], [from, count]: readonly [number, number], rate: number, at: number): void {
    const last = this.#parts.at(-1);
    if (last?.rate !== rate) {
      this.#parts.push({ first: this.#end, at, rate });
      // What lies behind is needed no more.
      while (this.#parts.length > 2 && this.#parts[1]!.first < this.#from) this.#parts.shift();
    }
    this.#room(count);
    const to = this.#end - this.#from;
    this.#feeds.forEach(({ channel }, f) => this.#samples[f]!.set(channels[channel]!.subarray(from, from + count), to));
    this.#end += count;
  }

  #room(count: number): void {
    // All that is behind the next sample but for what an interpolation looks back at.
    const keep = Math.max(this.#from, Math.floor(this.#positionAt(this.#made)) - BEHIND);
    const drop = keep - this.#from;
    const held = this.#end - keep;
    const size = this.#samples[0]?.length ?? 0;
    if (this.#end - this.#from + count <= size) return;
    const wanted = Math.max(size, 2 * (held + count));
    this.#samples = this.#samples.map((samples) => {
      const kept = wanted > size ? new Float64Array(wanted) : samples;
      if (kept === samples) kept.copyWithin(0, drop, drop + held);
      else kept.set(samples.subarray(drop, drop + held));
      return kept;
    });
    this.#from = keep;
  }

  /** Says that nothing more belongs to it. */
  close(): void {
    this.#closed = true;
  }

  /** Where in the chain the instant of output sample j lies. */
  #positionAt(j: number): number {
    const { rate } = this;
    const [part] = this.#parts;
    if (part === undefined) return j;
    if (this.#parts.length === 1 && part.rate === rate) return j - Math.round((part.at - this.#at) * rate) + part.first;
    return this.#place(this.#at + j / rate);
  }

  #place(seconds: number): number {
    let part = this.#parts[0]!;
    for (const next of this.#parts) if (next.at <= seconds) part = next;
    return part.first + (seconds - part.at) * part.rate;
  }

  get #isEven(): boolean {
    return this.#parts.length === 1 && this.#parts[0]!.rate === this.rate;
  }

  /** The time of the next sample. */
  get at(): number {
    return this.#at + this.#made / this.rate;
  }

  /** How many samples can be handed out now. */
  get ready(): number {
    const last = this.#parts.at(-1);
    if (last === undefined) return 0;
    const ends = last.at + (this.#end - last.first) / last.rate;
    const made = (ends - this.#at) * this.rate - 1e-6;
    const whole = this.#isEven ? Math.round((ends - this.#at) * this.rate) : Math.ceil(made);
    if (this.#closed) return Math.max(0, whole - this.#made);
    // The positions that an interpolation looks at have to be there.
    const ahead =
      this.#isEven && this.#feeds.every(({ skew }) => skew === 0)
        ? 0
        : this.#kernel.taps + Math.ceil(this.#latest * this.rate);
    return Math.max(0, whole - ahead - this.#made);
  }

  get #latest(): number {
    return Math.max(0, ...this.#feeds.map(({ skew }) => -skew));
  }

  /** Whether everything was handed out, and nothing follows. */
  get isDone(): boolean {
    return this.#closed && this.ready === 0;
  }

  /** Puts the next samples into channels, and bits of what is missing; says whether something is. */
  take(count: number, channels: readonly Float64Array[], missing: Uint8Array): boolean {
    let some = false;
    missing.fill(0, 0, count);
    for (let f = 0; f < this.#feeds.length; f++) {
      const { input, scale, skew } = this.#feeds[f]!;
      const out = channels[input]!;
      if (this.#isEven && skew === 0) this.#copy(f, count, out);
      else this.#interpolate(f, count, out);
      const bit = 1 << input;
      for (let k = 0; k < count; k++) {
        const x = out[k]! * scale;
        if (x - x === 0) out[k] = x;
        else {
          out[k] = 0;
          missing[k]! |= bit;
          some = true;
        }
      }
    }
    this.#made += count;
    return some;
  }

  #copy(f: number, count: number, out: Float64Array): void {
    const from = this.#positionAt(this.#made) - this.#from;
    out.set(this.#samples[f]!.subarray(from, from + count));
  }

  #interpolate(f: number, count: number, out: Float64Array): void {
    const samples = this.#samples[f]!;
    const { skew } = this.#feeds[f]!;
    const kernel = this.#kernel;
    for (let k = 0; k < count; k++) {
      const position = this.#place(this.#at + (this.#made + k) / this.rate - skew);
      let whole = Math.floor(position);
      let fraction = position - whole;
      // Rounding of the time is no time.
      if (fraction < 1e-7 || fraction > 1 - 1e-7) [whole, fraction] = [Math.round(position), 0];
      if (fraction === 0) {
        out[k] = whole >= this.#from && whole < this.#end ? samples[whole - this.#from]! : NaN;
        continue;
      }
      const first = whole - kernel.before;
      if (first < this.#from || first + kernel.taps > this.#end) {
        out[k] = NaN;
        continue;
      }
      out[k] = kernel.at(samples, whole - this.#from, fraction);
    }
  }
}
