/** What was not valid of late: the last of the half cycles that each channel was missing in. */
import { CHANNELS } from "./raw-samples.ts";

export class Lacking {
  #made = 0;
  readonly #last = new Float64Array(CHANNELS);

  /** Takes the channels that are missing in the next half cycle, as bits. */
  take(missing: number): void {
    this.#made++;
    for (let c = 0; c < CHANNELS; c++) if ((missing & (1 << c)) !== 0) this.#last[c] = this.#made;
  }

  /** Channels that are not valid in one of so many half cycles, the last ones; as bits. */
  in(halves: number): number {
    let bits = 0;
    for (let c = 0; c < CHANNELS; c++) if (this.#last[c]! > this.#made - halves) bits |= 1 << c;
    return bits;
  }
}
