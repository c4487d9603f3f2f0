/** The non-volatile numbers of a revenue meter, for its parts: what a configuration erases begins anew. */
import { NonVolatile } from "#meter/non-volatile.ts";
import { carryRun } from "./earlier-memory.ts";
import type { RevenueMeterOptions } from "./revenue-options.ts";

export class MeterMemory {
  readonly #numbers: NonVolatile;
  readonly #anew: ReadonlySet<string>;
  readonly #erased: boolean;
  readonly #carry: (name: string, run: Float64Array) => void;

  constructor({ store, applied, earlier, configuration }: RevenueMeterOptions) {
    this.#carry = (name, run) => earlier === true && carryRun(name, run, configuration);
    this.#numbers = new NonVolatile(store);
    this.#erased = applied?.erased !== undefined;
    this.#anew = new Set([
      ...(applied?.registers === true ? ["register"] : []),
      ...(applied?.profiles === true ? ["profile"] : []),
      ...(applied?.pulses === true ? ["io"] : []),
      ...(applied?.totalization === true ? ["totalization"] : []),
      ...(applied?.communicated === true ? ["communicated"] : []),
      ...(applied?.measurementLog === true ? ["measurementLog"] : []),
    ]);
  }

  /** Numbers of a part: "register.5.0" is a register's. */
  readonly run = (name: string, count: number, initial = 0): Float64Array => {
    const run = this.#numbers.run(name, count, initial);
    const feature = name.split(".", 1)[0] ?? name;
    if (this.#erased || this.#anew.has(feature)) run.fill(initial);
    else this.#carry(name, run);
    return run;
  };

  /** Numbers that outlast everything, also a cold start. */
  readonly lasting = (name: string, count: number, initial = 0): Float64Array =>
    this.#numbers.run(name, count, initial);

  /** What was kept of a run; undefined where there was none, and where a configuration erases it. */
  readonly stored = (name: string): Float64Array | undefined => (this.#erased ? undefined : this.#numbers.stored(name));

  /** Numbers that each have a name, as they were kept: whoever has them gives those that are to be kept before `fresh` returns. */
  readonly runs = (names: readonly string[]): Float64Array => this.#numbers.runs(names);

  /** Runs before anybody looks at the numbers: what some keep elsewhere is brought up to what it is now. */
  set fresh(run: () => void) {
    this.#numbers.fresh = run;
  }

  /** Hands everything to the next transaction of the store. */
  save(): void {
    this.#numbers.save();
  }
}
