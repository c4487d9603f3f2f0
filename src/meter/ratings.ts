/** What a meter's settings make of its scales: the full-scale values, and the exponents of its integer registers. */
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { Setting } from "#quantity/setting.ts";
import type { Wiring } from "#quantity/wiring.ts";

export interface Exponents {
  readonly a: number;
  readonly v: number;
  /** Of power, and of energy too. */
  readonly w: number;
}

/**
 * Theoretical power is V x A of a single phase, sqrt(3) x V x A of three; exponents are the smallest that keep a
 * full scale with its over-range within a register (docs/models/leviton-s4100.md).
 */
export function ratings(
  design: InstrumentDesign,
  wiring: Wiring,
  setting: (name: Setting) => number,
): { readonly exponents: Exponents; readonly theoreticalPower: number } {
  const { from, to, max } = design.exponents;
  const exponent = (fullScale: number): number => {
    for (let e = from; e < to; e++) if (design.overRange * fullScale <= max * 10 ** e) return e;
    return to;
  };
  const volts = setting("systemVoltage");
  const amps = setting("ctPrimary");
  const theoreticalPower = wiring.fullScale * volts * amps;
  return {
    exponents: { a: exponent(amps), v: exponent(volts), w: exponent(theoreticalPower / 1000) },
    theoreticalPower,
  };
}
