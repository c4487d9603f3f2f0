/** When a meter was started, and what of it was reset: in milliseconds since 1970 on its own clock. */
import type { Moment } from "#quantity/interfaces.ts";

const kept: readonly Moment[] = ["restart", "energy.cleared", "energy.preset", "demand.reset"];

export class Moments {
  readonly #at: Float64Array;

  constructor(memory: (name: string, count: number, initial?: number) => Float64Array) {
    this.#at = memory("moments", kept.length, NaN);
  }

  note(name: Moment, at: number): void {
    this.#at[kept.indexOf(name)] = at;
  }

  /** NaN where it has not happened. */
  at(name: Moment): number {
    return this.#at[kept.indexOf(name)] ?? NaN;
  }
}
