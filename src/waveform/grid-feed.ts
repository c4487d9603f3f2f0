/** What a source samples, brought to a grid and to all that measure on it: the one way from samples to half cycles. */
import type { GridHalf } from "#metrology/grid-half.ts";
import { Grid, type GridOptions } from "#metrology/grid.ts";
import { inputs } from "./channel-map.ts";
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
  /** Nothing more comes for now: a gap, or the end. */
  finish?(): void;
}

export class GridFeed {
  readonly grid: Grid;
  readonly #source: SampleSource;
  readonly #sinks: readonly GridSink[];
  #silent = 0;
  #finished = true;

  constructor(source: SampleSource, options: GridOptions, sinks: (grid: Grid) => readonly GridSink[]) {
    this.#source = source;
    this.grid = new Grid(options);
    this.#sinks = sinks(this.grid);
  }

  /** Goes on by `seconds`: what the source gives in them goes to all that measure. */
  run(seconds: number): void {
    for (const sink of this.#sinks) sink.begin?.(this.#source.elapsed);
    let count = 0;
    for (const run of this.#source.read(seconds)) {
      count += run.count;
      for (const sink of this.#sinks) sink.run?.(run);
      this.grid.push(run);
      this.#drain();
    }
    this.#silent = count > 0 ? 0 : this.#silent + seconds;
    if (count > 0) this.#finished = false;
    if (this.#silent >= SILENT_SECONDS || this.#source.ended) this.#finish();
  }

  /** Lets `seconds` go by unseen. */
  skip(seconds: number): void {
    this.#source.read(seconds);
    this.#finish();
  }

  #drain(): void {
    while (this.grid.next()) for (const sink of this.#sinks) sink.half(this.grid);
  }

  #finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.grid.finish();
    this.#drain();
    for (const sink of this.#sinks) sink.finish?.();
  }

  /** Why something is not measured now, in words; undefined when all is. */
  get absence(): string | undefined {
    const { grid } = this;
    const { trouble } = this.#source;
    if (trouble !== undefined) return `the recording cannot be read on: ${trouble.message}`;
    if (this.#source.ended) return "the recording has been played to its end";
    if (grid.tooSlow)
      return `${grid.rate === 1 ? "1 sample a second does" : `${grid.rate} samples a second do`} not carry a fundamental`;
    if (this.#silent >= SILENT_SECONDS) return `a gap: nothing has been sampled for ${this.#silent.toFixed(1)} s`;
    const lacking = inputs.filter((_, c) => (grid.missing & (1 << c)) !== 0);
    return lacking.length > 0 ? `samples of ${lacking.join(", ")} are missing` : undefined;
  }
}
