/** The names of what can be set on a meter, and how a model says which values it takes. */
export type Setting =
  | "systemType"
  | "ctPrimary"
  | "ctSecondary"
  | "ptRatio"
  | "systemVoltage"
  | "displayUnits"
  | "outputConfiguration"
  | "powerUps"
  | "phaseLossVoltage"
  | "phaseLossImbalance"
  | "pulseEnergy"
  | "demandSubIntervals"
  | "demandSubInterval"
  | "setupPassword"
  | "resetPassword"
  | "address"
  | "baud"
  | "parity"
  | "clock.dayMonth"
  | "clock.hourYear"
  | "clock.secondMinute"
  | "log.page"
  | "log.mode"
  | "energyAccumulation"
  | "brand"
  | "revenueSecurity"
  | "ampsDemandInterval"
  | "ptPrimary"
  | "ptPrimaryScale"
  | "ptSecondary"
  | "nominalHertz"
  | "floatRegisters"
  | `scale.${"A" | "B" | "C" | "D" | "E" | "F"}`
  | LogPointer;

/** A scale factor that follows the ratings. */
export const AUTOMATIC = 127;

export type LogPointer = `log.pointer.${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10}`;

export const logPointers: readonly LogPointer[] = ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const).map(
  (k) => `log.pointer.${k}` as const,
);

/** The values that a setting takes: one of a list, or whole steps within one or more ranges. */
export type Domain =
  | { readonly oneOf: readonly number[] }
  | {
      readonly within: readonly (readonly [number, number])[];
      /** Values are whole multiples of this: 1 unless said. */
      readonly step?: number;
    };

export type SettingRule = Domain & {
  readonly default: number;
  /** What the value means, with its unit: shown in messages and pages. */
  readonly means: string;
  /** Kept through a power failure unless this is false. */
  readonly volatile?: true;
  /** A word for the value, for files and pages: { none: 0, even: 1 }. */
  readonly words?: Readonly<Record<string, number>>;
  /** For the meter's own menus and registers: no page, no command and no list of settings shows it. */
  readonly secret?: true;
  /** Present only where the meter's logging option is fitted. */
  readonly option?: "logging";
};

export type SettingRules = Readonly<Partial<Record<Setting, SettingRule>>>;

/** "10, 11, 12, 31, 40", or "1 to 32000". */
export function describeDomain(domain: Domain): string {
  if ("oneOf" in domain) return `one of ${domain.oneOf.join(", ")}`;
  return domain.within.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`)).join(", ");
}

export function inDomain(domain: Domain, value: number): boolean {
  if ("oneOf" in domain) return domain.oneOf.includes(value);
  const steps = value / (domain.step ?? 1);
  return Math.abs(steps - Math.round(steps)) < 1e-6 && domain.within.some(([from, to]) => value >= from && value <= to);
}
