/** What is at the meter's terminals besides what it measures: its supply, contacts, test pulses, and the triggers that look at them. */
import { Periphery } from "#revenue/contacts/periphery.ts";
import { Supply, SUPPLY_STATE } from "./supply.ts";
import { connections } from "#revenue/settings/connections.ts";
import type { Integrals } from "#revenue/measuring/integrals.ts";
import type { MeterMemory } from "./meter-memory.ts";
import type { RevenueMeterOptions } from "./revenue-options.ts";

/** A meter with nothing on its auxiliary terminals. */
const bare = { auxiliaryFirst: false, auxiliary: false, failed: false };

export interface TerminalContext {
  readonly memory: MeterMemory;
  readonly integrals: Integrals;
  readonly elapsed: () => number;
  /** What a register shows, for the triggers that look at it; NaN of what there is not. */
  readonly register: (id: number) => number;
}

export class TerminalSide {
  readonly supply: Supply;
  readonly periphery: Periphery;

  constructor(options: RevenueMeterOptions, { memory, integrals, elapsed, register }: TerminalContext) {
    const { configuration, terminals = bare, hz = 60 } = options;
    const { pt, ct, connection } = configuration.primary;
    const measured = connections[connection];
    this.supply = new Supply(terminals, measured, memory.run("supply", SUPPLY_STATE));
    this.periphery = new Periphery(configuration, {
      integrals,
      memory: memory.run,
      pt,
      ct,
      hz,
      measured,
      elapsed,
      register,
    });
  }
}
