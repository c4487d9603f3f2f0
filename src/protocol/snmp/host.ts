/** A meter as its agents see it. */
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { SnmpEngine } from "./engine.ts";

export interface SnmpHost {
  readonly surface: MeterSurface;
  /** Whether the meter shows a place to who is none of its users; some show nothing to them. */
  mayRead(place: "readings" | "registers"): boolean;
  /** One for all listeners of a meter. */
  readonly engine: SnmpEngine;
  /** A secret of the meter's own, "snmp.ann.auth", undefined where there is none; left out of a meter that keeps none. */
  readonly secret?: ((name: string) => Uint8Array | undefined) | undefined;
  /** Runs when what has happened so far is on disk: what is told is never taken back. */
  whenKept(run: (kept: boolean) => void): void;
}
