import type { Cancel, Clock } from "./clock.ts";
import { Pace } from "./pace.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** How much virtual time one slice of work may cover, so that listeners answer in between. */
const SLICE_MS = 1000;

/**
 * Virtual time that goes `speed` times as fast as real time, or as fast as it can ("max"). Between slices the
 * event loop runs, so a site on a fast clock still answers.
 */
export class PacedClock implements Clock {
  readonly #virtual: VirtualClock;
  #speed: number | "max";
  readonly #finished: () => boolean;
  #pace = new Pace();
  #running = false;
  /** The real time that the virtual one has come to, where it is to keep pace; it begins anew with each change of speed. */
  #real: number | undefined;
  /** Runs when a "max" clock has stopped because nothing is left to play. */
  whenFinished: () => void = () => undefined;

  /** `finished` stops a "max" clock: when no source has anything left to play, time has nothing to do. */
  constructor(start: number, speed: number | "max", finished: () => boolean = () => false) {
    this.#virtual = new VirtualClock(start);
    this.#speed = speed;
    this.#finished = finished;
  }

  utc(): number {
    return this.#virtual.utc();
  }

  elapsed(): number {
    return this.#virtual.elapsed();
  }

  after(ms: number, run: () => void): Cancel {
    return this.#virtual.after(ms, run);
  }

  /** How many times as fast as time it is to go. Another one counts from now on: what it lags behind is forgotten. */
  get speed(): number | "max" {
    return this.#speed;
  }

  set speed(speed: number | "max") {
    this.#speed = speed;
    this.#real = undefined;
    this.#pace = new Pace();
  }

  /** How many times as fast as time it is to go, and goes, while the machine does not reach that; undefined while it does. */
  get behind(): { readonly speed: number; readonly reached: number } | undefined {
    const { isBehind, reached } = this.#pace;
    if (!isBehind || reached === undefined || this.#speed === "max") return undefined;
    return { speed: this.#speed, reached };
  }

  run(): void {
    this.#running = true;
    this.#real = undefined;
    const step = (): void => {
      if (!this.#running) return;
      if (this.#speed === "max") {
        if (this.#finished()) {
          this.#running = false;
          this.whenFinished();
          return;
        }
        const until = performance.now() + 20;
        do this.#virtual.advance(SLICE_MS);
        while (performance.now() < until && !this.#finished());
        setImmediate(step);
        return;
      }
      this.#keepPace(this.#speed);
      setTimeout(step, 10);
    };
    step();
  }

  #keepPace(speed: number): void {
    const now = performance.now();
    let real = this.#real ?? now;
    let due = (now - real) * speed;
    const until = now + 50;
    while (due > 0 && performance.now() < until) {
      const slice = Math.min(due, SLICE_MS);
      this.#virtual.advance(slice);
      // Something on the way has changed the speed, or stopped it.
      if (this.#speed !== speed || !this.#running) return;
      real += slice / speed;
      due -= slice;
    }
    this.#real = real;
    const at = performance.now();
    this.#pace.take(at, this.#virtual.elapsed(), at - real);
  }

  stop(): void {
    this.#running = false;
  }
}
