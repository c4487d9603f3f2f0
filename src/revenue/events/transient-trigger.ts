/** A trigger on transients: it looks at the samples of each half cycle, records and pulses at once, and triggers no more until its reset is over. */
import type { GridHalf } from "#metrology/grid-half.ts";
import type { TriggerSettings } from "#revenue/settings/configuration.ts";
import type { TriggerChange } from "./trigger.ts";

/** What finds transients; its fields are those of the one that `half` found last. */
export interface SoughtTransient {
  /** Takes a half cycle of the grid; whether a transient is found in it. */
  half(half: GridHalf): boolean;
  /** "V.a", "V.ab". */
  readonly name: string;
  /** Seconds of the source, of the sample with which they were enough. */
  readonly at: number;
  /** By how much the largest was above, in volts of the line. */
  readonly volts: number;
}

export class TransientTrigger {
  readonly settings: TriggerSettings;
  /** From a transient on until the reset is over. */
  alarm = false;
  value = NaN;
  readonly #sought: SoughtTransient;
  readonly #ratio: number;
  /** Half cycles of the reset that are left from the beginning of the next one on. */
  #left = 0;
  #phase: string | undefined;

  /** `ratio` is that of the installed voltage transformers. */
  constructor(settings: TriggerSettings, sought: SoughtTransient, ratio: number) {
    this.settings = settings;
    this.#sought = sought;
    this.#ratio = ratio;
  }

  /** Looks at a half cycle, and adds what changes in it. */
  half(half: GridHalf, out: TriggerChange[]): void {
    const found = this.#sought.half(half);
    const foundAt = (this.#sought.at - half.at) / half.seconds;
    if (this.alarm && (this.#left < 1 || found))
      this.#clear(half, found ? Math.min(this.#left, foundAt) : this.#left, out);
    else if (this.alarm) this.#left--;
    if (!found) return;
    const { volts, name } = this.#sought;
    this.alarm = true;
    this.value = volts / this.#ratio;
    this.#phase = name[2];
    this.#left = foundAt + (this.settings.transient?.reset ?? 1) - 1;
    this.#add(half, foundAt, out);
  }

  #clear(half: GridHalf, after: number, out: TriggerChange[]): void {
    this.alarm = false;
    this.#add(half, after, out);
  }

  #add(half: GridHalf, after: number, out: TriggerChange[]): void {
    const { settings: trigger, alarm, value } = this;
    out.push({ trigger, alarm, value, phase: this.#phase, afterMs: 1000 * half.seconds * after });
  }
}
