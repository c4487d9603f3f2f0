/**
 * What a model says of the instrument inside it: how it samples, how often it calculates, what can be set, and
 * the names of the rules it uses. Facts only; the room `meter` knows how to follow them.
 */
import type { Command } from "./interfaces.ts";
import type { Quantity, Watched } from "./quantity.ts";
import type { Setting, SettingRules } from "./setting.ts";
import type { WiringName } from "./wiring.ts";

export type PulseSource = "Wh.import" | "Wh.export" | "varh.absolute";

export interface InstrumentDesign {
  /** Samples a second of its converter, or samples a cycle when the converter is locked to the line. */
  readonly sampling: { readonly perSecond: number } | { readonly perCycle: number };
  /** Samples a cycle of the grid that it calculates on; a power of two. */
  readonly grid: 64 | 128 | 256 | 512;
  /** Registers change together at the end of this. */
  readonly calculationCycleMs: number;
  /** The range in which a frequency is a frequency, in Hz. */
  readonly frequency: readonly [number, number];
  /** Which reactive power counts as `var`. */
  readonly reactive: "shifted" | "fundamental" | "budeanu";
  /** Whether power that flows back is export; if not, it is taken for import through a transformer the wrong way round. */
  readonly directional: boolean;
  readonly settings: SettingRules;
  /** The value of systemType that means each wiring. */
  readonly wirings: Readonly<Record<number, WiringName>>;
  /** Inputs are out of range from this multiple of full scale on. */
  readonly overRange: number;
  /** How the exponents of integer registers are chosen: the smallest that keeps overRange x full scale within `max`. */
  readonly exponents: {
    readonly from: number;
    readonly to: number;
    readonly max: number;
    /** Those of amps and of volts, where they have other bounds. */
    readonly a?: readonly [from: number, to: number];
    readonly v?: readonly [from: number, to: number];
  };
  /** 134 over 133: the potential transformers' secondary must lie within these volts. */
  readonly secondaryVolts: readonly [number, number];
  readonly pulse: { readonly closuresMs: readonly number[]; readonly wattMsPerWh: number };
  /** What the two pulse counters count; the contact is the first one's. */
  readonly pulseCounts: readonly [PulseSource, PulseSource];
  /** Commands that the meter takes no more often than every so many milliseconds; a repeat is acknowledged and ignored. */
  readonly spacingMs: Readonly<Partial<Record<Command, number>>>;
  /** Power factor below this is low; it is tested above `current` x CT primary. */
  readonly lowPowerFactor: { readonly below: number; readonly current: number };
  /** The energies of 32-bit registers roll over at this count; Infinity where registers hold all digits. */
  readonly rollover: number;
  /** Energies that a command gives new values. */
  readonly presettable?: readonly Quantity[];
  /** A battery keeps the meter's clock through a power failure; it starts at 2000-01-01 unless there is one. */
  readonly clockBattery?: true;
  /** What it keeps the least and the largest of; `monthly`: of this month and of the one before. */
  readonly extremes?: { readonly of: readonly Watched[]; readonly monthly?: true };
  /** It keeps demands of its currents, and the moments of its peaks and resets. */
  readonly ampsDemand?: true;
  /** What a reset makes of the largest demands; those of the present interval unless said. */
  readonly peakReset?: "zero";
  /** It has a digital output and a digital input. */
  readonly digital?: true;
  /** Its usage timer runs while a phase carries more than so many amps. */
  readonly usageAmps?: number;
  /** It has a reset system beside its operating system. */
  readonly resetSystem?: true;
  /** The data logger, where its option is ordered. */
  readonly logger: { readonly entries: number; readonly invalid: number };
}

/** The wiring that a value of systemType means. Throws a RangeError where the design has none: settings are checked before. */
export function wiringBy({ wirings }: Pick<InstrumentDesign, "wirings">, systemType: number): WiringName {
  const name = wirings[systemType];
  if (name === undefined) throw new RangeError(`system type ${systemType} has no wiring`);
  return name;
}

/** The words that stand for values of a setting: wirings have theirs in every design. */
export function wordsOf(
  { settings, wirings }: Pick<InstrumentDesign, "settings" | "wirings">,
  name: Setting,
): Readonly<Record<string, number>> | undefined {
  const own = settings[name]?.words;
  if (own !== undefined || name !== "systemType") return own;
  return Object.fromEntries(Object.entries(wirings).map(([value, wiring]) => [wiring, Number(value)]));
}
