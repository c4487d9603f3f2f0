/** What flows through a meter while its process runs, by the arithmetic of its source: W times hours. */
import type { Flow } from "./oracle.ts";

const HOUR_MS = 3_600_000;

export class MeterFlow implements Flow {
  readonly #utc: () => number;
  /** W, and the instant from which on nothing is known any more. */
  #watts = 0;
  #stale = Infinity;
  #total = 0;
  #since = 0;
  #runs = false;

  constructor(utc: () => number) {
    this.#utc = utc;
  }

  get total(): number {
    const until = Math.min(this.#utc(), this.#stale);
    return this.#total + (this.#runs ? (this.#watts * Math.max(0, until - this.#since)) / HOUR_MS : 0);
  }

  /** From now on, for so many milliseconds at most. */
  set(watts: number, forMs = Infinity): void {
    this.#total = this.total;
    this.#since = this.#utc();
    this.#watts = watts;
    this.#stale = this.#since + forMs;
  }

  start(): void {
    this.#since = this.#utc();
    this.#runs = true;
  }

  stop(): void {
    this.#total = this.total;
    this.#runs = false;
  }

  /** Wh in so many seconds. */
  during(seconds: number): number {
    return (this.#watts * seconds) / 3600;
  }
}
