/**
 * What the meter runs on (section Meter Power): its voltage inputs, or the auxiliary terminals. One is the primary source, from
 * which it must start; the other stands in when that fails, and gives way when it is back.
 */
import { namedState } from "#meter/named-state.ts";
import { level, levelColumn } from "#revenue/measuring/columns.ts";

/** What is at the meter's terminals besides its voltage inputs; whoever injects faults changes it. */
export interface Terminals {
  /** Option EAP: the auxiliary terminals are the primary source. */
  readonly auxiliaryFirst: boolean;
  /** The auxiliary terminals have their voltage. */
  auxiliary: boolean;
  /** The supply itself has failed: no source helps. */
  failed: boolean;
  /** Elapsed time at which the meter got its power, whichever configuration it had then; undefined while it has none. */
  poweredAt?: number | undefined;
}

export type SupplySource = "inputs" | "auxiliary";

/** Supplies go on for so long without their source. */
const HOLD_MS = 100;

/** 1 when it has started from its primary source. */
const SupplyState = namedState("started");
export const SUPPLY_STATE = SupplyState.size;

export class Supply {
  readonly #terminals: Terminals;
  readonly #leastVolts: number;
  readonly #state: InstanceType<typeof SupplyState>;
  /** Which voltage inputs are live: a bit for each phase. */
  live = 0;
  #inputs = true;
  #source: SupplySource | undefined;
  #withoutMs = 0;

  /** `leastVolts` of an input keep it running. */
  constructor(terminals: Terminals, { leastVolts }: { readonly leastVolts: number }, state: Float64Array) {
    this.#terminals = terminals;
    this.#leastVolts = leastVolts;
    this.#state = new SupplyState(state);
  }

  /** Looks at the voltage inputs of the next `seconds`. */
  look(rates: Float64Array, seconds: number): void {
    for (let k = 0; k < 3; k++) {
      const volts = rates[levelColumn(k, level.v)] ?? 0;
      // An input of which nothing is known is what it was.
      if (volts >= this.#leastVolts) this.live |= 1 << k;
      else if (!Number.isNaN(volts)) this.live &= ~(1 << k);
    }
    this.#withoutMs = this.live === 0 ? this.#withoutMs + 1000 * seconds : 0;
    this.#inputs = this.#withoutMs < HOLD_MS;
  }

  isLive(phase: number): boolean {
    return (this.live & (1 << phase)) !== 0;
  }

  /** What it ran on when that was chosen last; undefined while nothing keeps it running. */
  get source(): SupplySource | undefined {
    return this.#source;
  }

  /** Chooses what it runs on from now on. */
  choose(): SupplySource | undefined {
    const { auxiliaryFirst, auxiliary, failed } = this.#terminals;
    const live = { inputs: this.#inputs, auxiliary };
    const [primary, other] = auxiliaryFirst ? (["auxiliary", "inputs"] as const) : (["inputs", "auxiliary"] as const);
    if (live[primary] && !failed) this.#state.started = 1;
    const started = this.#state.started === 1;
    this.#source = failed ? undefined : live[primary] ? primary : live[other] && started ? other : undefined;
    return this.#source;
  }
}

/** "ab" of the bits of phases a and b; "none" of none. */
export function phasesOf(live: number): string {
  return ["a", "b", "c"].filter((_, k) => (live & (1 << k)) !== 0).join("") || "none";
}
