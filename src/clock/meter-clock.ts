import type { Clock } from "./clock.ts";

export interface WallTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** The milliseconds since 1970 of a wall time without a zone; undefined where no calendar has that date. */
export function instantOf(wall: WallTime): number | undefined {
  const at = new Date(0);
  at.setUTCFullYear(wall.year, wall.month - 1, wall.day);
  at.setUTCHours(wall.hour, wall.minute, wall.second);
  const back = wallTimeOf(at.getTime());
  const same =
    back.year === wall.year &&
    back.month === wall.month &&
    back.day === wall.day &&
    back.hour === wall.hour &&
    back.minute === wall.minute &&
    back.second === wall.second;
  return same ? at.getTime() : undefined;
}

export function wallTimeOf(instant: number): WallTime {
  const at = new Date(instant);
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
  };
}

/**
 * The clock inside a meter: it is set by people, it drifts, and it need not agree with the site's UTC. It runs on
 * elapsed time, so a step of the site's clock does not move it.
 */
export class MeterClock {
  readonly #clock: Clock;
  /** How fast it runs: 1 + ppm / 1e6. */
  readonly #rate: number;
  #setTo: number;
  #setAt: number;

  constructor(clock: Clock, start: number, driftPpm = 0) {
    this.#clock = clock;
    this.#rate = 1 + driftPpm * 1e-6;
    this.#setTo = start;
    this.#setAt = clock.elapsed();
  }

  /** Milliseconds since 1970 on this clock's own wall. */
  now(): number {
    return this.#setTo + (this.#clock.elapsed() - this.#setAt) * this.#rate;
  }

  wall(): WallTime {
    return wallTimeOf(this.now());
  }

  set(instant: number): void {
    this.#setTo = instant;
    this.#setAt = this.#clock.elapsed();
  }
}
