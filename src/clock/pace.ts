/**
 * Whether a clock that is to go a number of times as fast as time does so. What it lags behind adds up while the machine is too slow; it is
 * behind from one bound on, and no more below another, so that nobody hears of every pause.
 */

/** Real milliseconds of lag from which on it is behind, and below which it has caught up. */
const BEHIND_MS = 10_000;
const CAUGHT_UP_MS = 1000;

/** Real milliseconds over which is measured how fast it goes. */
const WINDOW_MS = 2000;

export class Pace {
  /** How many times as fast as time it has gone of late; undefined before that is known. */
  reached: number | undefined;
  isBehind = false;
  #at: number | undefined;
  #gone = 0;

  /** At a real time the clock has gone so far, and lags by so much of real time; all in milliseconds. */
  take(at: number, gone: number, lag: number): void {
    this.#at ??= at;
    if (at - this.#at >= WINDOW_MS) {
      this.reached = (gone - this.#gone) / (at - this.#at);
      this.#at = at;
      this.#gone = gone;
    }
    if (lag >= BEHIND_MS) this.isBehind = true;
    else if (lag < CAUGHT_UP_MS) this.isBehind = false;
  }
}
