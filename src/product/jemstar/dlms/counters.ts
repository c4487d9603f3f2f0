/** Invocation counters of a meter's clients, kept with what else it must not forget: one of each client, whatever configurations come. */
import { Counters, type ReceivedKey } from "#protocol/dlms/security/counters.ts";
import type { MeterStore } from "#store/store.ts";

const keyOf = (client: number): string => `dlms.counters.${client}`;

export interface MeterCountersOptions {
  readonly store: MeterStore;
  /** Another one whenever another key is set. */
  readonly mark: (client: number, key: ReceivedKey) => string;
  /** Runs it with the next calculation cycle. */
  readonly later: (run: () => void) => void;
}

export class MeterCounters {
  readonly #options: MeterCountersOptions;
  readonly #counters = new Map<number, Counters>();
  /** Clients whose counters have moved since they were put. */
  readonly #moved = new Set<number>();

  constructor(options: MeterCountersOptions) {
    this.#options = options;
  }

  of(client: number): Counters {
    const known = this.#counters.get(client);
    if (known !== undefined) return known;
    const { store, mark } = this.#options;
    const counters = new Counters({
      kept: () => store.get(keyOf(client)),
      changed: (when) => (when === "now" ? this.#put(client) : this.#putSoon(client)),
      mark: (key) => mark(client, key),
    });
    this.#counters.set(client, counters);
    store.holds(keyOf(client), () => counters.bytes);
    return counters;
  }

  #put(client: number): void {
    this.#moved.delete(client);
    const bytes = this.#counters.get(client)?.bytes;
    if (bytes !== undefined) this.#options.store.put(keyOf(client), bytes);
  }

  #putSoon(client: number): void {
    if (this.#moved.size === 0) this.#options.later(() => this.settle());
    this.#moved.add(client);
  }

  /** Puts what would be put with the next cycle: the meter stops. */
  settle(): void {
    for (const client of this.#moved) this.#put(client);
  }
}
