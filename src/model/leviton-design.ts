/**
 * What the instruments of Leviton's Series 4000 and 4100 have in common: sampling, settings with their defaults and
 * limits (Standard Modbus Default Settings; registers 130-178), ranges and rules.
 */
import type { ModbusFace } from "#protocol/modbus/register-table.ts";
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { LogPointer, SettingRule, SettingRules } from "#quantity/setting.ts";

/** Where the manual prints x.xxx. */
export const RESET_SYSTEM_VERSION = "1.000";

/** Registers that the data log can copy. */
const loggable = [
  [1, 42],
  [146, 146],
  [155, 157],
  [257, 336],
] as const;

/** The ten registers that are logged unless chosen otherwise (169-178). */
export function logPointers(registers: readonly number[]): Readonly<Partial<Record<LogPointer, SettingRule>>> {
  return Object.fromEntries(
    registers.map((register, k) => [
      `log.pointer.${k + 1}`,
      { default: register, within: loggable, means: "register to log", option: "logging" },
    ]),
  );
}

export const levitonSettings: SettingRules = {
  systemType: { default: 40, oneOf: [10, 11, 12, 31, 40], means: "system type" },
  ctPrimary: { default: 100, within: [[1, 32000]], means: "CT primary, A" },
  ctSecondary: { default: 1, oneOf: [1, 3], means: "CT secondary: 1 V, or 3 for 1/3 V" },
  ptRatio: { default: 1, within: [[0.01, 320]], step: 0.01, means: "PT ratio" },
  systemVoltage: {
    default: 600,
    within: [[82, 32000]],
    means: "system voltage, V line to line (to neutral in system type 10)",
  },
  displayUnits: { default: 1, oneOf: [0, 1], means: "display units", words: { IEC: 0, IEEE: 1 } },
  phaseLossVoltage: { default: 10, within: [[1, 99]], means: "phase loss, % below the system voltage" },
  phaseLossImbalance: { default: 25, within: [[1, 99]], means: "phase loss, % between phases" },
  pulseEnergy: { default: 1000, oneOf: [10000, 1000, 100, 10], means: "energy a pulse, Wh" },
  demandSubIntervals: { default: 1, within: [[1, 6]], means: "sub-intervals in a demand interval" },
  demandSubInterval: {
    default: 900,
    within: [
      [0, 0],
      [10, 32767],
    ],
    means: "sub-interval, s; 0 for external sync",
  },
  setupPassword: { default: 0, within: [[0, 99999]], means: "password of the setup menu", secret: true },
  resetPassword: { default: 0, within: [[0, 99999]], means: "password of the reset menu", secret: true },
  address: { default: 1, within: [[1, 247]], means: "Modbus address" },
  baud: { default: 19200, oneOf: [1200, 2400, 4800, 9600, 19200, 38400], means: "baud rate" },
  parity: { default: 0, oneOf: [0, 1, 2], means: "parity", words: { none: 0, even: 1, odd: 2 } },
  "clock.dayMonth": { default: 0x0101, within: [[0, 0xffff]], means: "clock: day, month", option: "logging" },
  "clock.hourYear": { default: 0, within: [[0, 0xffff]], means: "clock: hour, year less 2000", option: "logging" },
  "clock.secondMinute": { default: 0, within: [[0, 0xffff]], means: "clock: second, minute", option: "logging" },
  "log.page": { default: 0, within: [[0, 10]], means: "log buffer to read", volatile: true, option: "logging" },
  "log.mode": { default: 0, within: [[0, 3]], means: "logging: 1 single shot, 2 halt", option: "logging" },
};

/** What function 0x11 returns: status 0xFF while the operating system is used, 0x00 while the reset system is. */
export function levitonServerId(text: string): NonNullable<ModbusFace["serverId"]> {
  const reset = { status: 0x00, text: `${text} - RESET SYSTEM RUNNING RS Version ${RESET_SYSTEM_VERSION}` };
  return { id: 247, status: 0xff, text, reset };
}

/** Everything but what a model must say itself. */
export const levitonDesign = {
  sampling: { perSecond: 2520 },
  grid: 64,
  calculationCycleMs: 1000,
  frequency: [45, 65],
  reactive: "shifted",
  wirings: { 10: "1-phase-ln", 11: "1-phase-ll", 12: "split-phase", 31: "delta", 40: "wye" },
  overRange: 1.2,
  exponents: { from: -4, to: 4, max: 32767 },
  secondaryVolts: [82, 660],
  pulse: { closuresMs: [500, 250, 100, 50, 25, 10], wattMsPerWh: 1_800_000 },
  spacingMs: { newDemandSubInterval: 10_000, resetMaxDemand: 10_000 },
  lowPowerFactor: { below: 0.5, current: 0.01 },
  rollover: 2 ** 32,
  resetSystem: true,
  logger: { entries: 5760, invalid: 0x8000 },
} as const satisfies Partial<InstrumentDesign>;
