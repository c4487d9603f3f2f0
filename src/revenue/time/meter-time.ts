/**
 * The time of a revenue meter: its own UTC, which can be set and drifts, as a function of elapsed time that has been worked
 * off so far; local time and tariffs follow from it.
 */
export class MeterTime {
  #rate: number;
  #elapsed: number;
  #setUtc: number;
  #setElapsed: number;

  constructor(elapsed: number, utc: number, driftPpm = 0) {
    this.#rate = 1 + driftPpm * 1e-6;
    this.#elapsed = elapsed;
    this.#setElapsed = elapsed;
    this.#setUtc = utc;
  }

  /** Elapsed time that has been worked off. */
  get elapsed(): number {
    return this.#elapsed;
  }

  set elapsed(elapsed: number) {
    this.#elapsed = elapsed;
  }

  /** How fast it runs: seconds of its own for one that elapses. */
  get rate(): number {
    return this.#rate;
  }

  /** It goes on from where it stands. */
  set rate(rate: number) {
    this.#setUtc = this.utc;
    this.#setElapsed = this.#elapsed;
    this.#rate = rate;
  }

  get utc(): number {
    return this.#setUtc + (this.#elapsed - this.#setElapsed) * this.#rate;
  }

  set utc(utc: number) {
    this.#setUtc = utc;
    this.#setElapsed = this.#elapsed;
  }

  /** Elapsed time at which this clock will show `utc`. */
  when(utc: number): number {
    return this.#setElapsed + (utc - this.#setUtc) / this.#rate;
  }
}
