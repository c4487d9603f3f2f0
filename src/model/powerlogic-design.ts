/**
 * What Schneider's PowerLogic circuit monitors and the Power Meter 800 have in common: the instrument, the energies that a
 * command presets, and the command interface of 63230-500-225A2, Appendix C. What the documents leave open is chosen in
 * docs/models/powerlogic.md.
 */
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { Quantity } from "#quantity/quantity.ts";
import type { SettingRules } from "#quantity/setting.ts";
import type { CommandRow, CommandTable } from "#protocol/modbus/command-interface.ts";
import type { Block, ModbusFace, Row } from "#protocol/modbus/register-table.ts";
import { virtualDesign } from "./virtual-design.ts";

/** As registers 1700 to 1727 have them, four registers each. */
const energies: readonly Quantity[] = [
  "Wh.import",
  "varh.import",
  "Wh.export",
  "varh.export",
  "Wh.total",
  "varh.total",
  "VAh.absolute",
];

const calendarWord = { default: 0, within: [[0, 0xffff]] } as const;

export const powerlogicSettings: SettingRules = {
  ...virtualDesign.settings,
  systemType: { default: 40, oneOf: [10, 11, 12, 30, 31, 40], means: "system type" },
  ctPrimary: { default: 5, within: [[1, 32767]], means: "CT primary, A" },
  ctSecondary: { default: 5, oneOf: [1, 5], means: "CT secondary, A" },
  systemVoltage: { default: 480, within: [[10, 32000]], means: "nominal voltage, V line to line" },
  energyAccumulation: {
    default: 0,
    oneOf: [0, 1],
    means: "total energies: both directions together, or import less export",
    words: { absolute: 0, signed: 1 },
  },
  revenueSecurity: {
    default: 0,
    oneOf: [0, 1],
    means: "energies are sealed: neither preset nor cleared",
    words: { off: 0, on: 1 },
  },
  brand: { default: 0, oneOf: [0, 1], means: "vendor", words: { "Schneider Electric": 0, "Square D": 1 } },
  "clock.dayMonth": { ...calendarWord, default: 0x0101, means: "clock: day, month" },
  "clock.hourYear": { ...calendarWord, means: "clock: hour, year less 2000" },
  "clock.secondMinute": { ...calendarWord, means: "clock: second, minute" },
};

export const powerlogicDesign: InstrumentDesign = {
  ...virtualDesign,
  settings: powerlogicSettings,
  wirings: { 10: "1-phase-ln", 11: "1-phase-ll", 12: "split-phase", 30: "two-element", 31: "delta", 40: "wye" },
  // Scale factors A to F: -3 to 3.
  exponents: { from: -3, to: 3, max: 32767 },
  secondaryVolts: [10, 600],
  // Commands are acknowledged by their result, never swallowed for coming too early.
  spacingMs: {},
  rollover: Infinity,
  presettable: energies,
  clockBattery: true,
};

const month = [1, 12] as const;
const day = [1, 31] as const;
const year = [2000, 2199] as const;
const sixty = [0, 59] as const;

// prettier-ignore
const common: readonly CommandRow[] = [
  // code  parameters               what it does
  [  1110, [],                      "restart"],
  [  1210, [],                      { without: "communications counters" }],
  [  1310, [month, day, year, [0, 23], sixty, sixty], "setClock"],
  [  1410, [],                      { set: "revenueSecurity", to: 0 }],
  [  1411, [],                      { set: "revenueSecurity", to: 1 }],
  [  1522, [],                      { without: "alarm history" }],
  [  3310, [],                      { unfitted: "relay" }],
  [  3311, [],                      { unfitted: "relay" }],
  [  3320, [],                      { unfitted: "relay" }],
  [  3321, [],                      { unfitted: "relay" }],
  [  3330, [],                      { unfitted: "relay" }],
  [  3340, [],                      { unfitted: "relay" }],
  [  3341, [],                      { unfitted: "relay" }],
  [  4110, [[0, 2]],                { without: "minima and maxima" }],
  [  5110, [],                      "resetDemand"],
  [  5111, [],                      { without: "current demand" }],
  [  5113, [],                      "resetDemand"],
  [  5114, [],                      { without: "input demand" }],
  [  5115, [],                      { without: "generic demand" }],
  [  5210, [],                      "resetMaxDemand"],
  [  5211, [],                      { without: "current demand" }],
  [  5213, [],                      "resetMaxDemand"],
  [  5214, [],                      { without: "input demand" }],
  [  5215, [],                      { without: "generic demand" }],
  [  5910, [[0, 15]],               { bit: 0, obey: "newDemandSubInterval" }],
  [  6210, [],                      "clearEnergy", "revenueSecurity"],
  [  6211, [],                      "clearEnergy", "revenueSecurity"],
  [  6212, [],                      { without: "conditional energy" }],
  [  6213, [],                      { without: "incremental energy" }],
  [  6214, [],                      { without: "input metering" }],
  [  6215, [[1, 2]],                { set: "displayUnits", to: { 1: 1, 2: 0 } }],
  [  6320, [],                      { without: "conditional energy" }],
  [  6321, [],                      { without: "conditional energy" }],
  [  6910, [],                      { without: "incremental energy" }],
  [  7510, [],                      { without: "data logs" }],
  [  7511, [],                      { without: "data logs" }],
  [  9020, [],                      "openSetup", "revenueSecurity"],
  [  9021, [],                      "closeSetup"],
];

const FIRST = 8000;

/** The command interface without the preset of energies, as the Series 2000 has it. */
export const commandsWithoutPreset: CommandTable = { register: FIRST, rows: common };

export const commandsWithPreset: CommandTable = {
  register: FIRST,
  rows: [...common, [6209, [], { preset: energies }, "revenueSecurity"]],
};

export const commandBlock: Block<never> = {
  title: "Command interface",
  rows: [[FIRST, "R/W", "", "UInt", "", "", { window: "commands" }]],
};

/** Registers 1700 to 1727 of the Series 3000 and 4000 and of the Power Meter 800. */
export const energyBlock: Block<never> = {
  title: "Energy",
  // prettier-ignore
  rows: [
    [1700, "R", "NV", "Mod10000 (4)", "Wh",   "", "Wh.import"],
    [1704, "R", "NV", "Mod10000 (4)", "VARh", "", "varh.import"],
    [1708, "R", "NV", "Mod10000 (4)", "Wh",   "", "Wh.export"],
    [1712, "R", "NV", "Mod10000 (4)", "VARh", "", "varh.export"],
    [1716, "R", "NV", "Mod10000 (4)", "Wh",   "", "Wh.total"],
    [1720, "R", "NV", "Mod10000 (4)", "VARh", "", "varh.total"],
    [1724, "R", "NV", "Mod10000 (4)", "VAh",  "", "VAh.absolute"],
  ],
};

/** A circuit monitor: energies, the command interface and identification, and nothing else. */
export function circuitMonitor(
  series: string,
  energy: readonly Row<never>[],
  commands: CommandTable,
): ModbusFace<never> {
  return {
    map: { base: 1, scales: {}, commands, blocks: [{ title: "Energy", rows: energy }, commandBlock] },
    serverId: { id: 250, status: 0xff, text: `${series} Circuit Monitor` },
    identification: { vendor: "Square D", product: series, revision: "{version}" },
  };
}
