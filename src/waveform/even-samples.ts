/**
 * What a source samples, at even instants of another rate, one after the other from its beginning on, without an end before its own: what is
 * sent at a fixed rate whatever was recorded. Where samples are missing, or too few lie around an instant, that is missing.
 */
import { Interpolator } from "#metrology/interpolator.ts";
import { inputs } from "./channel-map.ts";
import type { SampleRun, SampleSource } from "./source.ts";

/** Seconds that are read of a source at a time. */
const PIECE_SECONDS = 0.05;

/** A part of a sample by which an instant may be beside it, to be that sample. */
const ROUNDING = 1e-6;

const ALL = (1 << inputs.length) - 1;

/** Samples that follow one another, from number `from` on as far as they are kept. */
class Stretch {
  readonly at: number;
  readonly rate: number;
  readonly interpolator: Interpolator;
  channels: Float64Array[] = inputs.map(() => new Float64Array(1024));
  missing = new Uint8Array(1024);
  from = 0;
  end = 0;
  closed = false;

  constructor({ at, rate }: SampleRun, step: number) {
    this.at = at;
    this.rate = rate;
    this.interpolator = new Interpolator(step);
  }

  append(run: SampleRun): void {
    const kept = this.end - this.from;
    if (kept + run.count > this.missing.length) {
      const room = 2 * (kept + run.count);
      this.channels = this.channels.map((old) => grown(old, new Float64Array(room)));
      this.missing = grown(this.missing, new Uint8Array(room));
    }
    this.channels.forEach((channel, c) => channel.set(run.channels[c]!.subarray(0, run.count), kept));
    if (run.missing === undefined) this.missing.fill(0, kept, kept + run.count);
    else this.missing.set(run.missing.subarray(0, run.count), kept);
    this.end += run.count;
  }

  /** Forgets what lies before a number. */
  forget(before: number): void {
    const gone = Math.min(before, this.end) - this.from;
    if (gone < this.missing.length / 2) return;
    for (const channel of this.channels) channel.copyWithin(0, gone);
    this.missing.copyWithin(0, gone);
    this.from += gone;
  }
}

function grown<T extends Float64Array | Uint8Array>(old: T, into: T): T {
  into.set(old);
  return into;
}

export class EvenSamples {
  /** The instant that `next` made: va, vb, vc, ia, ib, ic; bit c is set where there is none, which is 0. */
  readonly values = new Float64Array(inputs.length);
  missing = ALL;
  readonly #source: SampleSource;
  readonly #rate: number;
  #stretches: Stretch[] = [];
  #next = 0;

  constructor(source: SampleSource, rate: number) {
    this.#source = source;
    this.#rate = rate;
  }

  /** Whether everything has been played. */
  get ended(): boolean {
    return this.#source.ended && this.#stretches.length === 0;
  }

  /** Goes on by one instant. */
  next(): void {
    const at = this.#next++ / this.#rate;
    const stretch = this.#stretchAt(at);
    if (stretch === undefined) {
      this.values.fill(0);
      this.missing = ALL;
    } else this.#make(stretch, (at - stretch.at) * stretch.rate);
  }

  /** Lets so many instants go by unseen. */
  skip(count: number): void {
    this.#next += count;
  }

  /** The stretch in which an instant lies, with what lies around it; undefined in a gap. */
  #stretchAt(at: number): Stretch | undefined {
    for (;;) {
      const [stretch] = this.#stretches;
      if (stretch !== undefined && at < stretch.at) return undefined;
      const needed =
        stretch === undefined ? 0 : Math.floor((at - stretch.at) * stretch.rate) + stretch.interpolator.taps;
      if (stretch !== undefined && needed < stretch.end) return stretch;
      const { elapsed, ended } = this.#source;
      const isOver = ended || stretch?.closed === true;
      if (stretch !== undefined && isOver) {
        if ((at - stretch.at) * stretch.rate <= stretch.end - 1 + ROUNDING) return stretch;
        this.#stretches.shift();
        continue;
      }
      // Nothing has come of what is behind it: a gap, as far as anybody knows.
      if (ended || (stretch === undefined && elapsed > at + PIECE_SECONDS)) return undefined;
      this.#pull();
      if (
        stretch !== undefined &&
        this.#source.elapsed > at + 4 * PIECE_SECONDS + stretch.interpolator.taps / stretch.rate
      )
        stretch.closed = true;
    }
  }

  #pull(): void {
    for (const run of this.#source.read(PIECE_SECONDS)) {
      if (run.count === 0) continue;
      let last = this.#stretches.at(-1);
      if (last === undefined || last.closed || !run.joined || run.rate !== last.rate) {
        if (last !== undefined) last.closed = true;
        last = new Stretch(run, run.rate / this.#rate);
        this.#stretches.push(last);
      }
      last.append(run);
    }
  }

  #make(stretch: Stretch, position: number): void {
    const { interpolator, channels, from, end, missing } = stretch;
    const nearest = Math.round(position);
    const isSample =
      stretch.rate <= this.#rate * (1 + ROUNDING) && Math.abs(position - nearest) < ROUNDING * Math.max(1, position);
    const before = isSample ? nearest : Math.floor(position);
    const first = isSample ? before : before - interpolator.before;
    const last = isSample ? before : first + interpolator.taps - 1;
    if (first < 0 || last >= end) this.missing = ALL;
    else {
      this.missing = 0;
      for (let k = first; k <= last; k++) this.missing |= missing[k - from]!;
    }
    for (let c = 0; c < this.values.length; c++) {
      const channel = channels[c]!;
      if ((this.missing & (1 << c)) !== 0) this.values[c] = 0;
      else
        this.values[c] = isSample
          ? channel[before - from]!
          : interpolator.at(channel, before - from, position - before);
    }
    // What the next instant is made of may begin before this one, where this one is a sample.
    stretch.forget(Math.floor(position) - interpolator.before);
  }
}
