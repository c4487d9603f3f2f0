/**
 * Average, largest and least value of windows by the clock, for MSTA: of what each calculation cycle shows. Shown is the last whole window;
 * one that began late, or in which a value was not known, has none of that value.
 */
export interface Statistic {
  readonly Av: number;
  readonly Max: number;
  readonly Min: number;
}

export interface WindowResult {
  /** When it ended, milliseconds since 1970. */
  readonly utc: number;
  /** By the place of each value. */
  readonly statistics: readonly (Statistic | undefined)[];
}

interface Running {
  sum: number;
  most: number;
  least: number;
  /** Cycles in which it was known. */
  cycles: number;
}

const MINUTE_MS = 60_000;
/** A window whose first cycle comes after more than this part of it has not been seen whole. */
const LATE = 0.1;

export class Statistics {
  readonly #windowMs: number;
  readonly #count: number;
  #window: number | undefined;
  /** Cycles of the window, and whether it was seen from its beginning on. */
  #cycles = 0;
  #isWhole = false;
  #lastUtc = NaN;
  #running: readonly Running[] = [];
  #result: WindowResult | undefined;

  constructor(minutes: number, count: number) {
    this.#windowMs = minutes * MINUTE_MS;
    this.#count = count;
    this.#begin();
  }

  get result(): WindowResult | undefined {
    return this.#result;
  }

  /** Takes a cycle that ended at an instant; NaN is not known. */
  take(utc: number, values: Float64Array): void {
    // The same cycle, looked at again.
    if (utc === this.#lastUtc) return;
    // What ends on the boundary belongs to the window before it.
    const window = Math.ceil(utc / this.#windowMs);
    if (window !== this.#window) this.#turn(window, utc);
    if (utc < this.#lastUtc) this.#isWhole = false;
    this.#lastUtc = utc;
    this.#cycles++;
    for (let k = 0; k < this.#count; k++) this.#add(k, values[k] ?? NaN);
  }

  #add(k: number, value: number): void {
    const one = this.#running[k];
    if (one === undefined || Number.isNaN(value)) return;
    one.sum += value;
    one.most = Math.max(one.most, value);
    one.least = Math.min(one.least, value);
    one.cycles++;
  }

  #turn(window: number, utc: number): void {
    const before = this.#window;
    if (before !== undefined && window === before + 1 && this.#isWhole) {
      this.#result = { utc: before * this.#windowMs, statistics: this.#running.map((one) => this.#statistic(one)) };
    } else if (before !== undefined) this.#result = undefined;
    this.#window = window;
    this.#isWhole = utc - (window - 1) * this.#windowMs <= LATE * this.#windowMs;
    this.#begin();
  }

  #begin(): void {
    this.#cycles = 0;
    this.#running = Array.from({ length: this.#count }, () => ({
      sum: 0,
      most: -Infinity,
      least: Infinity,
      cycles: 0,
    }));
  }

  #statistic({ sum, most, least, cycles }: Running): Statistic | undefined {
    return cycles === 0 || cycles < this.#cycles ? undefined : { Av: sum / cycles, Max: most, Min: least };
  }
}
