/** What every type of register has in common while it works. */
import type { DemandSettings } from "#revenue/settings/configuration.ts";
import type { QualityPart } from "#quantity/quality-view.ts";
import type { Integrals } from "#revenue/measuring/integrals.ts";
import type { Window } from "#revenue/measuring/window.ts";

/** Gives a register its non-volatile numbers. */
export type Memory = (count: number, initial?: number) => Float64Array;

export interface RegisterContext {
  readonly integrals: Integrals;
  readonly memory: Memory;
  readonly demand: () => DemandSettings;
  /** The power-quality instrument, of a meter on which that is enabled. */
  readonly quality: QualityPart | undefined;
  /** What another meter says, by channel; undefined while it is silent. */
  readonly communicated: (channel: number) => number | undefined;
  /** The register that this one belongs to. */
  readonly of: (id: number) => RunningRegister | undefined;
  /** Milliseconds of UTC since 1970 by the meter's clock. */
  readonly utc: () => number;
}

/** An instant in memory; undefined while there is none: new memory is 0, and what was cleared is no number. */
export function instantIn(stored: number): number | undefined {
  return stored > 0 ? stored : undefined;
}

/** A billionth is the rounding of a sum, and no new peak. */
const ROUNDING = 1e-9;

/** Whether a value is more than a peak: of those that are alike the first one is the peak. */
export function isMore(value: number, peak: number): boolean {
  return value > peak + Math.abs(peak) * ROUNDING;
}

export abstract class RunningRegister {
  /** What it shows as a working register; undefined while there is nothing. Of a time, milliseconds of UTC. */
  abstract get working(): number | undefined;
  /** Its tariff is active, and its list registers. */
  turn(_on: boolean): void {}
  /** Whether it looks at every stretch that has been measured: most are differences of integrals. */
  get looks(): boolean {
    return false;
  }
  /** A stretch was measured last by the meter that goes on with this register. */
  resume(_window: Window): void {}
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
  /** When its peak was, milliseconds of UTC; undefined while there is none. */
  get peakAt(): number | undefined {
    return undefined;
  }
}
