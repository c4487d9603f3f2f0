/** Runs that begin a stretch of their own, until the one before them has been measured: copies, for who gave them goes on writing. */
import type { Samples } from "./samples.ts";

/** Whether a run is the next of a stretch that is sampled like this. */
export function goesOn(run: Samples, rate: number, perCycle: number): boolean {
  return run.joined && (run.rate === rate || run.perCycle > 0) && run.perCycle === perCycle;
}

export class Waiting {
  readonly #runs: Samples[] = [];

  get isEmpty(): boolean {
    return this.#runs.length === 0;
  }

  add(run: Samples): void {
    const channels = run.channels.map((samples) => samples.slice(0, run.count));
    this.#runs.push({ ...run, channels, missing: run.missing?.slice(0, run.count) });
  }

  take(): Samples | undefined {
    return this.#runs.shift();
  }

  /** The next one, where it belongs to a stretch that is sampled like this. */
  takeNext(rate: number, perCycle: number): Samples | undefined {
    const run = this.#runs[0];
    return run !== undefined && goesOn(run, rate, perCycle) ? this.#runs.shift() : undefined;
  }
}
