import type { Cancel, Clock } from "./clock.ts";

/** The computer's time. */
export class SystemClock implements Clock {
  utc(): number {
    return Date.now();
  }

  elapsed(): number {
    return performance.now();
  }

  after(ms: number, run: () => void): Cancel {
    if (ms <= 0) {
      // A timer would wait for a millisecond at least; this is the next turn of the event loop.
      const next = setImmediate(run);
      return () => clearImmediate(next);
    }
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  }
}
