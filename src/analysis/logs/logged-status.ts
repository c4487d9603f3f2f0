/** The status that a JEMStar logs beside its values: which intervals are whole, and which are flagged. What others call a status is their own. */
import type { Pqdif } from "#format/pqdif/model.ts";
import { secondsBetween, type PqdifTime } from "#format/pqdif/time.ts";
import { profileStatus } from "#quantity/profile.ts";

export class LoggedStatus {
  /** By the end of a record, in milliseconds from the first interval. */
  readonly #bits = new Map<number, number>();

  /** `first` is where the first interval begins, in seconds from `origin`. */
  constructor({ observations }: Pqdif, origin: PqdifTime, first: number) {
    for (const { source, channels, start } of observations) {
      if (source.modelName?.includes("JEMStar") !== true) continue;
      const shift = secondsBetween(origin, start) - first;
      for (const { definition, series } of channels) {
        const channel = source.channels[definition ?? -1];
        if (channel?.measured !== "status" || channel.quantityType !== "value log") continue;
        const [times, bits] = series;
        times?.values.forEach((at, k) => this.#bits.set(keyOf(shift + at), bits?.values[k] ?? NaN));
      }
    }
  }

  get isThere(): boolean {
    return this.#bits.size > 0;
  }

  isFlagged(end: number): boolean {
    return ((this.#bits.get(keyOf(end)) ?? 0) & profileStatus.flagged) !== 0;
  }

  /** Of an interval that no status is of, it is taken to be. */
  isWhole(end: number): boolean {
    return ((this.#bits.get(keyOf(end)) ?? 0) & ~profileStatus.flagged) === 0;
  }
}

function keyOf(seconds: number): number {
  return Math.round(20 * seconds);
}
