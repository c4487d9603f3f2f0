/** What the store has found damaged of a meter's memory: its diagnostics say so (section Status Word, General Failure). */
import type { RevenueMeter } from "#revenue/revenue-meter.ts";
import type { MeterStore } from "#store/store.ts";

export class MemoryDamage {
  readonly #store: MeterStore;
  #told = 0;

  constructor(store: MeterStore) {
    this.#store = store;
  }

  /** Whether there was any since the process began. */
  get isThere(): boolean {
    return this.#store.damage.length > 0;
  }

  /** Puts into the diagnostic log what is not there yet, and raises the bit. */
  tell(meter: RevenueMeter): void {
    const { damage } = this.#store;
    if (damage.length === this.#told) return;
    for (const what of damage.slice(this.#told))
      meter.log.add("diagnostic", "memory damaged", { by: "automatic" }, { what });
    this.#told = damage.length;
    meter.status.condition("generalFailure", true);
    meter.diagnosed();
  }
}
