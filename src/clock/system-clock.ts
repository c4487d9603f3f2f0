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
    const timer = setTimeout(run, Math.max(0, ms));
    return () => clearTimeout(timer);
  }
}
