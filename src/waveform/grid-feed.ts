/** What a source samples, brought to a grid and to all that measure on it: the one way from samples to half cycles. */
import { whyOutside } from "#metrology/frequency-range.ts";
import { type GridHalf, hasFundamental } from "#metrology/grid-half.ts";
import { channelsOf } from "#metrology/channels.ts";
import { Grid, type GridOptions } from "#metrology/grid.ts";
import { inputs } from "./channel-map.ts";
import { isOneSample, rateWords } from "./rate-words.ts";
import type { SampleRun, SampleSource } from "./source.ts";

/** Seconds without a sample after which what has come is all of it: a stretch has ended. */
const SILENT_SECONDS = 0.2;

/** What measures on a grid. */
export interface GridSink {
  /** What is read next begins at so many seconds of the source. */
  begin?(at: number): void;
  /** Takes samples as they are, at the source's own rate, before the grid has them. */
  run?(run: SampleRun): void;
  /** Takes a half cycle. */
  half(half: GridHalf): void;
  /** Nothing comes for now: a gap. What comes next is not joined. */
  pause?(): void;
  /** Nothing more comes: the source has ended. */
  finish?(): void;
}

export class GridFeed {
  readonly grid: Grid;
  /** All that measures on it, in this order; whoever is another one from now on takes what comes from now on. */
  sinks: readonly GridSink[] = [];
  readonly #source: SampleSource;
  #silent = 0;
  /** All that has come is measured; and the sinks know that nothing comes after it. */
  #paused = true;
  #finished = false;
  /** The channels that the wiring has, as bits. */
  readonly #wired: number;
  /** Half cycles have been made; and since it was asked last some were not there, or samples in them. */
  #hasBegun = false;
  #lacked = false;
  /** Whoever sampled what was read last says that something of it is not sure. */
  inDoubt = false;

  constructor(source: SampleSource, options: GridOptions) {
    this.#source = source;
    this.grid = new Grid(options);
    this.#wired = channelsOf(options.wiring).reduce((bits, { mask }) => bits | mask, 0);
  }

  /** Whether samples were missing, or not sure, since this was asked last, however briefly: a gap, or in a half cycle that was made. */
  takeLack(): boolean {
    const lacked = this.#lacked;
    this.#lacked = false;
    return this.inDoubt || lacked;
  }

  /** Goes on by `seconds`: what the source gives in them goes to all that measure. */
  run(seconds: number): void {
    for (const sink of this.sinks) sink.begin?.(this.#source.elapsed);
    let count = 0;
    for (const run of this.#source.read(seconds)) {
      count += run.count;
      for (const sink of this.sinks) sink.run?.(run);
      this.grid.push(run);
      this.#drain();
    }
    this.inDoubt = this.#source.takeDoubt?.() === true;
    this.#silent = count > 0 ? 0 : this.#silent + seconds;
    if (count > 0) this.#paused = this.#finished = false;
    if (this.#silent >= SILENT_SECONDS || this.#source.ended) this.#pause();
    if (this.#source.ended) this.#finish();
  }

  /** Lets `seconds` go by unseen. */
  skip(seconds: number): void {
    this.#source.read(seconds);
    this.#pause();
  }

  #drain(): void {
    const { grid } = this;
    while (grid.next()) {
      if ((this.#hasBegun && !grid.joined) || (grid.missing & this.#wired) !== 0) this.#lacked = true;
      this.#hasBegun = true;
      for (const sink of this.sinks) sink.half(grid);
    }
  }

  #pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.grid.finish();
    this.#drain();
    for (const sink of this.sinks) sink.pause?.();
  }

  #finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    for (const sink of this.sinks) sink.finish?.();
  }

  /** Why something is not measured now, in words; undefined when all is. */
  get absence(): string | undefined {
    const { grid } = this;
    const { trouble, silence } = this.#source;
    if (trouble !== undefined) return `the recording cannot be read on: ${trouble.message}`;
    if (this.#source.ended) return "the recording has been played to its end";
    if (grid.tooSlow)
      return `${rateWords(grid.rate)} ${isOneSample(grid.rate) ? "does" : "do"} not carry a fundamental`;
    if (this.#silent >= SILENT_SECONDS) {
      const why = silence === undefined ? "" : `; ${silence}`;
      return `a gap: nothing has been sampled for ${this.#silent.toFixed(1)} s${why}`;
    }
    if (!hasFundamental(grid.lock)) return whyOutside(grid.followedHz, grid.options.frequency);
    const lacking = inputs.filter((_, c) => (grid.missing & (1 << c)) !== 0);
    return lacking.length > 0 ? `samples of ${lacking.join(", ")} are missing` : undefined;
  }
}
