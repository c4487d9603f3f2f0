/** What is at the meter's terminals besides what it measures: its supply, contacts, test pulses, the power-quality instrument, and the triggers that look at them. */
import { Periphery } from "#revenue/contacts/periphery.ts";
import type { Captured } from "#quantity/captured.ts";
import type { TakeEnded } from "#quantity/quality-view.ts";
import { Supply, SUPPLY_STATE } from "./supply.ts";
import { connections } from "#revenue/settings/connections.ts";
import type { RevenueClock } from "#revenue/time/revenue-clock.ts";
import type { Integrals } from "#revenue/measuring/integrals.ts";
import type { MeterMemory } from "./meter-memory.ts";
import { qualityOf } from "./quality.ts";
import { capturesOf, seekerOf } from "./recording.ts";
import type { CapturePart, QualityInstrumentPart, RevenueMeterOptions } from "./revenue-options.ts";

/** A meter with nothing on its auxiliary terminals. */
const bare = { auxiliaryFirst: false, auxiliary: false, failed: false };

export interface TerminalContext {
  readonly memory: MeterMemory;
  readonly integrals: Integrals;
  readonly clock: Pick<RevenueClock, "utc" | "stamp">;
  readonly elapsed: () => number;
  /** What a register shows, for the triggers that look at it; NaN of what there is not. */
  readonly register: (id: number) => number;
  /** Takes an interval of power quality that has ended. */
  readonly ended: TakeEnded;
  /** Takes a recording that has ended. */
  readonly captured: (captured: Captured) => void;
}

export class TerminalSide {
  readonly supply: Supply;
  readonly periphery: Periphery;
  /** The power-quality instrument, of a meter on which that is enabled. */
  readonly quality: QualityInstrumentPart | undefined;
  /** What triggers record with. */
  readonly captures: CapturePart | undefined;

  constructor(options: RevenueMeterOptions, context: TerminalContext) {
    const { memory, integrals, clock, elapsed, register, ended, captured } = context;
    const { configuration, terminals = bare, hz = 60 } = options;
    const { pt, ct, connection } = configuration.primary;
    const measured = connections[connection];
    this.supply = new Supply(terminals, measured, memory.run("supply", SUPPLY_STATE));
    const utc = (): number => clock.utc;
    const isPowered = (): boolean => this.supply.source !== undefined;
    this.quality = qualityOf(options, utc, isPowered, ended);
    this.captures = capturesOf(options, { utc, isPowered, captured });
    this.periphery = new Periphery(configuration, {
      integrals,
      memory: memory.run,
      pt,
      ct,
      hz,
      measured,
      elapsed,
      opticalTalks: options.opticalTalks,
      inputChanged: (channel, closed, movedAt) =>
        options.inputChanged?.({ channel, closed, at: clock.stamp(clock.utc - (elapsed() - movedAt)) }),
      register,
      quality: this.quality,
      seek: seekerOf(options),
    });
  }
}
