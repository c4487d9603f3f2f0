/**
 * Energy pulses: a contact closes once for every `pulseEnergy` watt-hours, for the closure duration, and stays open
 * at least as long. What comes faster waits, and when more waits than the contact can give in the time, that is an
 * overrun.
 */

import type { PulseSource } from "#quantity/instrument-design.ts";
import { energy } from "./integrals.ts";

/** The slowest closure that keeps up with `watts`: 1 800 000 x Wh / ms; undefined when none does. */
export function closureFor(
  watts: number,
  whPerPulse: number,
  { closuresMs, wattMsPerWh }: { readonly closuresMs: readonly number[]; readonly wattMsPerWh: number },
): number | undefined {
  return closuresMs.find((ms) => (wattMsPerWh * whPerPulse) / ms >= watts);
}

export class PulseOutput {
  /** [closures counted, energy in Wh of which closures were made, closures owed]. */
  readonly #memory: Float64Array;
  /** How much of a closure the contact had time for and did not need, at most one. */
  #spare = 0;

  constructor(memory: Float64Array) {
    this.#memory = memory;
  }

  get count(): number {
    return this.#memory[0] ?? 0;
  }

  clear(): void {
    this.#memory[0] = 0;
  }

  /**
   * Goes on by one calculation cycle at whose end the energy integral stands at `wh`. Returns true when the contact
   * could not keep up: it still owes more closures than it can make in one cycle.
   */
  cycle(wh: number, whPerPulse: number, closureMs: number, cycleMs: number): boolean {
    const memory = this.#memory;
    const due = Math.floor((wh - (memory[1] ?? 0)) / whPerPulse + 1e-9);
    if (due > 0) {
      memory[1] = (memory[1] ?? 0) + due * whPerPulse;
      memory[2] = (memory[2] ?? 0) + due;
    }
    const able = this.#spare + cycleMs / (2 * closureMs);
    const made = Math.min(memory[2] ?? 0, Math.floor(able + 1e-9));
    this.#spare = Math.min(1, able - made);
    memory[0] = ((memory[0] ?? 0) + made) % 2 ** 32;
    memory[2] = (memory[2] ?? 0) - made;
    return memory[2] > able;
  }

  /** The energy of the next closure counts from `wh` on; what is owed is dropped. */
  rebase(wh: number): void {
    this.#memory[1] = wh;
    this.#memory[2] = 0;
  }
}

/** The integrals that make up what a counter may count. */
const kinds: Readonly<Record<PulseSource, readonly number[]>> = {
  "Wh.import": [energy.whImport],
  "Wh.export": [energy.whExport],
  "varh.absolute": [energy.q1, energy.q2, energy.q3, energy.q4],
};

/** The two counters of a meter, each on its own energy of the totals; the contact is the first one's. */
export class PulseOutputs {
  readonly #outputs: readonly (readonly [PulseOutput, readonly number[]])[];
  readonly #total: Float64Array;

  constructor(
    sources: readonly PulseSource[],
    total: Float64Array,
    memory: (name: string, count: number) => Float64Array,
  ) {
    this.#total = total;
    this.#outputs = sources.map((source, k) => [new PulseOutput(memory(`pulses.${k + 1}`, 3)), kinds[source]] as const);
  }

  #energy(of: readonly number[]): number {
    let sum = 0;
    for (const kind of of) sum += this.#total[kind] ?? 0;
    return sum;
  }

  count(output: number): number {
    return this.#outputs[output]?.[0].count ?? NaN;
  }

  clear(): void {
    for (const [output] of this.#outputs) output.clear();
  }

  rebase(): void {
    for (const [output, of] of this.#outputs) output.rebase(this.#energy(of));
  }

  /** Goes on by one calculation cycle; true when the contact could not keep up. */
  cycle(whPerPulse: number, closureMs: number, cycleMs: number): boolean {
    let late = false;
    for (let k = 0; k < this.#outputs.length; k++) {
      const found = this.#outputs[k];
      if (found === undefined) continue;
      const over = found[0].cycle(this.#energy(found[1]), whPerPulse, closureMs, cycleMs);
      if (k === 0) late = over;
    }
    return late;
  }
}
