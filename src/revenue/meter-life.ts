/** How long a meter has been there, and when it had power last. */
import { namedState } from "#meter/named-state.ts";

/**
 * UTC when last saved with power; seconds on battery; inputs that were live then, a bit for each phase; milliseconds that the meter
 * has been there for. All NaN at first.
 */
const LifeState = namedState("savedAt", "onBattery", "live", "age");
export const LIFE_STATE = LifeState.size;

export class MeterLife {
  readonly #state: InstanceType<typeof LifeState>;
  readonly #elapsed: () => number;
  /** Elapsed time at which the age that is kept was reached. */
  #agedAt: number;

  /** `run` is non-volatile; `elapsed` milliseconds that no setting of a clock moves. */
  constructor(run: Float64Array, elapsed: () => number) {
    this.#state = new LifeState(run);
    this.#elapsed = elapsed;
    this.#agedAt = elapsed();
    for (const name of ["onBattery", "live", "age"] as const)
      if (Number.isNaN(this.#state[name])) this.#state[name] = 0;
  }

  /** UTC when it had power last; undefined of a meter that has had none yet. */
  get savedAt(): number | undefined {
    return Number.isNaN(this.#state.savedAt) ? undefined : this.#state.savedAt;
  }

  /** Milliseconds that it has been there for: as its clock had it while there was no process, and never set. */
  get age(): number {
    return this.#state.age + this.#elapsed() - this.#agedAt;
  }

  /** Which inputs were live when it had power last. */
  get live(): number {
    return this.#state.live;
  }

  /** Seconds that the battery has kept its clock. */
  get onBattery(): number {
    return this.#state.onBattery;
  }

  /** There was no process from when it was saved until now, UTC. */
  slept(utc: number): void {
    this.#state.age += Math.max(0, utc - (this.savedAt ?? utc));
  }

  /** It was without power for so many seconds. */
  outage(seconds: number): void {
    this.#state.onBattery += seconds;
  }

  resetBattery(): void {
    this.#state.onBattery = 0;
  }

  /** It has power now. */
  powered(utc: number, live: number): void {
    this.#state.savedAt = utc;
    this.#state.live = live;
  }

  /** What is kept is of now. */
  save(): void {
    this.#state.age = this.age;
    this.#agedAt = this.#elapsed();
  }
}
