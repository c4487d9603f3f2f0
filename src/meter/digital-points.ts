/** A digital output that somebody drives, and a digital input that somebody wires: what each is, how often and how long it has been on. */
import { namedState } from "./named-state.ts";

const Point = namedState("on", "count", "seconds");

/** Counts and seconds go no further than eight digits. */
const MOST = 99_999_999;

export class DigitalPoint {
  readonly #state: InstanceType<typeof Point>;

  constructor(name: string, memory: (name: string, count: number) => Float64Array) {
    this.#state = new Point(memory(name, Point.size));
  }

  get on(): boolean {
    return this.#state.on === 1;
  }

  get count(): number {
    return this.#state.count;
  }

  /** Whole seconds. */
  get seconds(): number {
    return Math.floor(this.#state.seconds);
  }

  /** A transition from off to on counts. */
  turn(on: boolean): void {
    if (on && !this.on) this.pulse(1);
    this.#state.on = on ? 1 : 0;
  }

  /** So many transitions, after which it is as it was. */
  pulse(count: number): void {
    this.#state.count = Math.min(MOST, this.#state.count + count);
  }

  cycle(ms: number): void {
    if (this.on) this.#state.seconds = Math.min(MOST, this.#state.seconds + ms / 1000);
  }

  clear(): void {
    this.#state.count = 0;
    this.#state.seconds = 0;
  }
}
