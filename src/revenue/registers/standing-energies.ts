/**
 * Energies that a meter counts whatever its lists of registers have: what protocols show that need no configuration. They count as the
 * normal registers do, not in test mode, and begin anew with them.
 */
import { ACCUMULATOR_STATE, Accumulator } from "#revenue/measuring/accumulator.ts";
import type { Integrals } from "#revenue/measuring/integrals.ts";
import { measureName } from "#quantity/measure-name.ts";
import type { Measure } from "#quantity/measure.ts";

export interface StandingContext {
  readonly integrals: Integrals;
  readonly memory: (name: string, count: number) => Float64Array;
}

export class StandingEnergies {
  readonly #energies: ReadonlyMap<string, Accumulator>;

  constructor(measures: readonly Measure[], { integrals, memory }: StandingContext) {
    this.#energies = new Map(
      measures.map((measure) => {
        const name = measureName(measure);
        return [name, new Accumulator(integrals.of(measure), memory(`register.total.${name}`, ACCUMULATOR_STATE))];
      }),
    );
    this.turn(true);
  }

  turn(on: boolean): void {
    for (const energy of this.#energies.values()) energy.turn(on);
  }

  /** At the terminals, in SI units; undefined of what is not counted. */
  value(measure: Measure): number | undefined {
    return this.#energies.size === 0 ? undefined : this.#energies.get(measureName(measure))?.value;
  }
}
