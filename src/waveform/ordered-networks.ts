/** Networks that somebody has ordered of a source while it runs: each from an instant of the source on. */
import type { Network } from "./network.ts";
import type { Source } from "./source.ts";

interface Ordered {
  /** Seconds of the source. */
  readonly at: number;
  readonly network: Network;
}

/** Instants closer than this are one: rounding of the way from clocks to seconds. */
const SAME_SECONDS = 1e-7;

export class OrderedNetworks {
  readonly #ordered: Ordered[] = [];

  /** From `at` on it is this network. Orders come in the order of their instants; of the same instant the last counts. */
  add(at: number, network: Network): void {
    while ((this.#ordered.at(-1)?.at ?? -Infinity) >= at - SAME_SECONDS) this.#ordered.pop();
    this.#ordered.push({ at, network });
  }

  /** When the next one begins; Infinity where none is ordered. */
  get next(): number {
    return this.#ordered[0]?.at ?? Infinity;
  }

  /** Takes the last one that has begun by `t`; undefined where none has. */
  take(t: number): Ordered | undefined {
    let taken: Ordered | undefined;
    while (this.next <= t + SAME_SECONDS) taken = this.#ordered.shift();
    return taken;
  }
}

/** A source whose network can be another from an instant on. What has been measured of it stays, and its angle goes on. */
export interface Changeable {
  /** What the source is of once all that was ordered has begun. `at` is in seconds of the source, and not before what has been read. */
  change(at: number, network: Network): void;
}

/** A source that somebody can change. */
export function isChangeable(source: Source): source is Source & Changeable {
  return "change" in source;
}
