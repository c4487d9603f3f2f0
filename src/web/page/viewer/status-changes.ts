/** When channels that are on or off change: a few numbers of a channel that is mostly as it was. */
import type { StatusChannel } from "./content.ts";

/** Changes that all channels together may have. */
export const MOST_CHANGES = 4_000_000;

export class StatusChanges {
  readonly #names: readonly string[];
  readonly #changes: (number[] | undefined)[];
  readonly #now: Uint8Array;
  #total = 0;

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#changes = names.map(() => []);
    this.#now = new Uint8Array(names.length);
  }

  /** Takes the states of samples [from, from + count), the first of which is sample `row` of all. */
  take(statuses: readonly Uint8Array[], from: number, count: number, row: number): void {
    for (const [c, states] of statuses.entries()) {
      const changes = this.#changes[c];
      if (changes === undefined) continue;
      let now = this.#now[c] ?? 0;
      for (let k = 0; k < count; k++) {
        const state = states[from + k] ?? 0;
        if (state === now) continue;
        now = state;
        changes.push(row + k);
        if (++this.#total <= MOST_CHANGES) continue;
        this.#drop();
        return;
      }
      this.#now[c] = now;
    }
  }

  /** Lets go the channel that has changed most often. */
  #drop(): void {
    const longest = Math.max(...this.#changes.map((changes) => changes?.length ?? 0));
    const most = this.#changes.findIndex((changes) => changes?.length === longest);
    this.#changes[most] = undefined;
    this.#total -= longest;
  }

  /** Channels that were ever on. */
  get channels(): readonly StatusChannel[] {
    return this.#changes.flatMap((changes, c) =>
      changes === undefined || changes.length === 0
        ? []
        : [{ name: this.#names[c] ?? "", changes: Float64Array.from(changes) }],
    );
  }

  /** Names of channels that change more often than can be kept. */
  get lost(): readonly string[] {
    return this.#changes.flatMap((changes, c) => (changes === undefined ? [this.#names[c] ?? ""] : []));
  }
}
