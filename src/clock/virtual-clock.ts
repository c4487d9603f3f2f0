import type { Cancel, Clock } from "./clock.ts";

/**
 * A clock that stands still until a test or a simulation moves it. Everything due on the way runs at its own
 * instant, in order of due time, ties in order of request; nothing here is asynchronous, so a month of load
 * profile is one call to `advance`.
 */
export class VirtualClock implements Clock {
  #elapsed = 0;
  #utcOffset: number;
  readonly #due: { at: number; run: () => void }[] = [];

  constructor(utc: number = Date.UTC(2026, 0, 1)) {
    this.#utcOffset = utc;
  }

  utc(): number {
    return this.#utcOffset + this.#elapsed;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  after(ms: number, run: () => void): Cancel {
    const entry = { at: this.#elapsed + Math.max(0, ms), run };
    this.#due.splice(this.#due.findLastIndex((other) => other.at <= entry.at) + 1, 0, entry);
    return () => {
      const at = this.#due.indexOf(entry);
      if (at >= 0) this.#due.splice(at, 1);
    };
  }

  advance(ms: number): void {
    const end = this.#elapsed + ms;
    for (let next = this.#due[0]; next !== undefined && next.at <= end; next = this.#due[0]) {
      this.#due.shift();
      this.#elapsed = next.at;
      next.run();
    }
    this.#elapsed = end;
  }

  /** Steps UTC as a time sync would; elapsed time and pending timers do not notice. */
  setUtc(utc: number): void {
    this.#utcOffset = utc - this.#elapsed;
  }
}
