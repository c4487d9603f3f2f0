/**
 * The least and the largest of what a meter measures, with the times of both: since somebody reset them, or of this month and of
 * the one before. When a month has ended on the meter's own clock, what was this month's becomes that of the one before.
 */
import type { WallTime } from "#clock/meter-clock.ts";
import type { Extremum, Month } from "#quantity/interfaces.ts";
import type { Watched } from "#quantity/quantity.ts";
import { namedState } from "./named-state.ts";

/** Of each: the least, when, the largest, when. */
const FIELDS = 4;
const MONTHS = 12;

const Kept = namedState("month", "resetAt", "previousFrom");

export class Extremes {
  readonly #of: readonly Watched[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #present: Float64Array;
  readonly #previous: Float64Array | undefined;
  readonly #kept: InstanceType<typeof Kept>;
  /** Nothing has been taken since it was begun: what does not change has to be looked at all the same. */
  #begun = true;

  constructor(
    { of, monthly }: { readonly of: readonly Watched[]; readonly monthly?: true },
    memory: (name: string, count: number, initial?: number) => Float64Array,
  ) {
    this.#of = of;
    this.#places = new Map(of.map((name, k) => [name, FIELDS * k]));
    this.#present = memory("extremes", FIELDS * of.length, NaN);
    this.#previous = monthly === true ? memory("extremes.previous", FIELDS * of.length, NaN) : undefined;
    this.#kept = new Kept(memory("extremes.kept", Kept.size, NaN));
  }

  /** Takes the readings of a cycle that ends at `at`; those that are `same` as in the cycle before change nothing. */
  take(wall: WallTime, at: number, same: boolean, read: (name: Watched) => number): void {
    const month = MONTHS * wall.year + wall.month;
    if (this.#previous !== undefined && this.#kept.month !== month) {
      if (!Number.isNaN(this.#kept.month)) this.#endMonth(this.#previous, at);
      this.#kept.month = month;
    }
    if (same && !this.#begun) return;
    this.#begun = false;
    const kept = this.#present;
    for (let k = 0; k < this.#of.length; k++) {
      const name = this.#of[k];
      if (name === undefined) continue;
      const value = read(name);
      if (Number.isNaN(value)) continue;
      const rank = rankOf(name, value);
      const place = FIELDS * k;
      // A comparison with what is not there yet is false.
      if (!(rank >= rankOf(name, kept[place] ?? NaN))) this.#note(place, value, at);
      if (!(rank <= rankOf(name, kept[place + 2] ?? NaN))) this.#note(place + 2, value, at);
    }
  }

  #note(place: number, value: number, at: number): void {
    this.#present[place] = value;
    this.#present[place + 1] = at;
  }

  #endMonth(previous: Float64Array, at: number): void {
    previous.set(this.#present);
    this.#kept.previousFrom = this.#kept.resetAt;
    this.reset("present", at);
  }

  reset(month: Month, at: number): void {
    if (month === "previous") {
      this.#previous?.fill(NaN);
      this.#kept.previousFrom = NaN;
      return;
    }
    this.#present.fill(NaN);
    this.#kept.resetAt = at;
    this.#begun = true;
  }

  /** When those of a month were begun. */
  begunAt(month: Month): number | undefined {
    const at = month === "present" ? this.#kept.resetAt : this.#kept.previousFrom;
    return Number.isNaN(at) ? undefined : at;
  }

  of(name: Watched, which: "min" | "max", month: Month): Extremum | undefined {
    const place = this.#places.get(name);
    const kept = month === "present" ? this.#present : this.#previous;
    if (place === undefined || kept === undefined) return undefined;
    const at = place + (which === "min" ? 0 : 2);
    const value = kept[at] ?? NaN;
    return Number.isNaN(value) ? undefined : { value, at: kept[at + 1] ?? NaN };
  }
}

/**
 * By what readings are compared. The scale of a power factor goes from 0 lagging over 1 to 0 leading: the least is the one that
 * lags most, the largest the one that leads most.
 */
function rankOf(name: Watched, value: number): number {
  return /^D?PF/.test(name) && value < 0 ? 2 + value : value;
}
