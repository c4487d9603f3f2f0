/** What a meter's settings make of its scales: the full-scale values, and the exponents of its integer registers. */
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { Setting } from "#quantity/setting.ts";
import type { Wiring } from "#quantity/wiring.ts";
import { closureFor } from "./pulse-output.ts";
import { alertLimits, type AlertLimits } from "./alerts.ts";

export interface Exponents {
  readonly a: number;
  readonly v: number;
  /** Of power, and of energy too. */
  readonly w: number;
}

/** What every calculation cycle asks of the settings, kept until they change. */
interface CycleSettings {
  /** Of a demand sub-interval; 0 where a command ends it. */
  readonly lengthMs: number;
  readonly subIntervals: number;
  /** Of a demand interval of the currents. */
  readonly ampsDemandMs: number;
  readonly whPerPulse: number;
  readonly limits: AlertLimits;
}

export interface Ratings {
  readonly exponents: Exponents;
  /** The largest power that the service can have by its settings, W. */
  readonly theoreticalPower: number;
  /** How long a pulse closes the contact; whether that keeps up with the theoretical power. */
  readonly closureMs: number;
  readonly pulsesKeepUp: boolean;
  readonly cycle: CycleSettings;
}

/**
 * Theoretical power is V x A of a single phase, sqrt(3) x V x A of three; exponents are the smallest that keep a
 * full scale with its over-range within a register (docs/models/leviton-s4100.md).
 */
export function ratings(design: InstrumentDesign, wiring: Wiring, setting: (name: Setting) => number): Ratings {
  const { from: least, to: most, max, a, v } = design.exponents;
  const exponent = (fullScale: number, [from, to]: readonly [number, number] = [least, most]): number => {
    for (let e = from; e < to; e++) if (design.overRange * fullScale <= max * 10 ** e) return e;
    return to;
  };
  const volts = setting("systemVoltage");
  const amps = setting("ctPrimary");
  const theoreticalPower = wiring.fullScale * volts * amps;
  const closure = closureFor(theoreticalPower, setting("pulseEnergy"), design.pulse);
  return {
    exponents: { a: exponent(amps, a), v: exponent(volts, v), w: exponent(theoreticalPower / 1000) },
    theoreticalPower,
    closureMs: closure ?? Math.min(...design.pulse.closuresMs),
    pulsesKeepUp: closure !== undefined,
    cycle: cycleSettings(design, setting),
  };
}

function cycleSettings(design: InstrumentDesign, setting: (name: Setting) => number): CycleSettings {
  return {
    lengthMs: 1000 * setting("demandSubInterval"),
    subIntervals: setting("demandSubIntervals"),
    ampsDemandMs: 60_000 * setting("ampsDemandInterval"),
    whPerPulse: setting("pulseEnergy"),
    limits: alertLimits(design, setting),
  };
}
