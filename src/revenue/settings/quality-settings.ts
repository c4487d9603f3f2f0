/** What a power-quality instrument has to know of the meter that it is in, by the meter's configuration. */
import type { TakeEnded } from "#quantity/quality-view.ts";
import type { WiringName } from "#quantity/wiring.ts";
import type { RevenueConfiguration } from "./configuration.ts";
import { connections } from "./connections.ts";

/** Volts and amps are those of the source, on the line before the installed transformers. */
export interface QualitySettings {
  /** Power quality is enabled; else there are values of one cycle each half cycle. */
  readonly powerQuality: boolean;
  readonly wiring: WiringName;
  /** Nominal frequency: blocks are of 10 cycles at 50 Hz, of 12 at 60 Hz. */
  readonly hz: 50 | 60;
  /** Udin, of the volts that power quality is measured of. */
  readonly nominalVolts: number;
  readonly pqVoltage: "ln" | "ll";
  readonly flickerLamp: 120 | 230;
  /** The maximum demand load current I_L of TDD (IEEE 519). */
  readonly demandAmps: number;
  /** The frequency of mains signals; undefined where none are measured. */
  readonly signalHz?: number | undefined;
  /** How the phases of the site follow each other. */
  readonly rotation: "abc" | "acb";
  /** Milliseconds of UTC by the meter's clock. */
  readonly utc: () => number;
  /** Takes an interval that has ended. */
  readonly ended: TakeEnded;
}

/** What no configuration says: the installed transformers, primary over secondary, and the nominal frequency that was ordered. */
interface QualitySurroundings {
  readonly transformers: { readonly pt: number; readonly ct: number };
  readonly hz?: number | undefined;
  readonly powerQuality?: boolean | undefined;
}

/** What a configuration says of the instrument. */
export function qualitySettingsOf(
  { primary }: Pick<RevenueConfiguration, "primary">,
  { transformers: { pt, ct }, hz = 60, powerQuality = false }: QualitySurroundings,
  { utc, ended }: Pick<QualitySettings, "utc" | "ended">,
): QualitySettings {
  const { connection, nominalVoltage, nominalCurrent, pqVoltage, flickerLamp, demandCurrent, rotation } = primary;
  const { signalFrequency: signalHz } = primary;
  return {
    powerQuality,
    wiring: connections[connection].wiring,
    hz: hz === 50 ? 50 : 60,
    nominalVolts: nominalVoltage * pt,
    pqVoltage,
    flickerLamp,
    demandAmps: (demandCurrent ?? nominalCurrent) * ct,
    signalHz,
    rotation,
    utc,
    ended,
  };
}
