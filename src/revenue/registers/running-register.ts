/** What every type of register has in common while it works. */
import type { DemandSettings } from "#revenue/settings/configuration.ts";
import type { Window } from "#revenue/measuring/window.ts";

/** Gives a register its non-volatile numbers. */
export type Memory = (count: number, initial?: number) => Float64Array;

export interface RegisterContext {
  readonly total: Float64Array;
  readonly memory: Memory;
  readonly demand: () => DemandSettings;
  /** The register that this one belongs to. */
  readonly of: (id: number) => RunningRegister | undefined;
  /** Milliseconds since 1970 by the meter's local clock. */
  readonly local: () => number;
}

export abstract class RunningRegister {
  /** What it shows as a working register. */
  abstract get working(): number;
  /** Its tariff is active, and its list registers. */
  turn(_on: boolean): void {}
  /** A stretch has been measured. */
  window(_window: Window, _on: boolean): void {}
  /** A demand sub-interval has ended; `whole` unless something cut it short, `defer` while demands wait after an outage. */
  subInterval(_whole: boolean, _defer: boolean): void {}
  /** After the peaks have been compared: what coincides with them is taken. */
  coincide(): void {}
  /** What the start of a new billing period does to it. */
  billingReset(): void {}
  preset(_value: number): void {}
  /** Whether the peak of this register is of the sub-interval that has just ended. */
  get peaked(): boolean {
    return false;
  }
  /** When its peak was, local milliseconds since 1970; 0 while there is none. */
  get peakAt(): number {
    return 0;
  }
}
