/** What a meter counts of itself, and keeps: clears of its energies, starts, and that its pulses came faster than the contact. */
import { namedState } from "./named-state.ts";

/** Counts of starts and resets roll over after 32767. */
const LIMIT = 32768;

const State = namedState("energyResets", "powerUps", "pulseOverrun");

export class Counts {
  readonly #state: InstanceType<typeof State>;

  constructor(memory: (name: string, count: number) => Float64Array) {
    this.#state = new State(memory("counts", State.size));
  }

  get energyResets(): number {
    return this.#state.energyResets;
  }

  get powerUps(): number {
    return this.#state.powerUps;
  }

  set powerUps(count: number) {
    this.#state.powerUps = count;
  }

  start(): void {
    this.#state.powerUps = (this.powerUps + 1) % LIMIT;
  }

  /** Latches until the energies are cleared. */
  get pulseOverrun(): boolean {
    return this.#state.pulseOverrun === 1;
  }

  overrun(): void {
    this.#state.pulseOverrun = 1;
  }

  energiesCleared(): void {
    this.#state.energyResets = (this.energyResets + 1) % LIMIT;
    this.#state.pulseOverrun = 0;
  }
}
