/**
 * The commands of the PowerLogic meters: 63230-500-225A2, Table C-2 for the Power Meter 800; 63230-300-212, Table B-2 for the circuit
 * monitors, where 4110 takes no parameter and no output is fitted.
 */
import type { CommandRow, CommandTable } from "#protocol/modbus/command-interface.ts";
import type { Block } from "#protocol/modbus/register-table.ts";
import type { Quantity } from "#quantity/quantity.ts";

/** As registers 1700 to 1727 have them, four registers each. */
export const energies: readonly Quantity[] = [
  "Wh.import",
  "varh.import",
  "Wh.export",
  "varh.export",
  "Wh.total",
  "varh.total",
  "VAh.absolute",
];

const month = [1, 12] as const;
const day = [1, 31] as const;
const year = [2000, 2199] as const;
const sixty = [0, 59] as const;
/** The one output that the Power Meter 800 has without an option: I/O point 1. */
const output = [1, 1] as const;

// prettier-ignore
const common: readonly CommandRow[] = [
  // code  parameters               what it does
  [  1110, [],                      "restart"],
  [  1210, [],                      { without: "communications counters" }],
  [  1310, [month, day, year, [0, 23], sixty, sixty], "setClock"],
  [  1410, [],                      { set: "revenueSecurity", to: 0 }],
  [  1411, [],                      { set: "revenueSecurity", to: 1 }],
  [  1522, [],                      { without: "alarm history" }],
  [  5110, [],                      { all: ["resetDemand", "resetAmpsDemand"] }],
  [  5111, [],                      "resetAmpsDemand"],
  [  5113, [],                      "resetDemand"],
  [  5114, [],                      { without: "input demand" }],
  [  5115, [],                      { without: "generic demand" }],
  [  5210, [],                      { all: ["resetMaxDemand", "resetMaxAmpsDemand"] }],
  [  5211, [],                      "resetMaxAmpsDemand"],
  [  5213, [],                      "resetMaxDemand"],
  [  5214, [],                      { without: "input demand" }],
  [  5215, [],                      { without: "generic demand" }],
  [  5910, [[0, 15]],               { bits: { 0: "newDemandSubInterval" } }],
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

// prettier-ignore
const monitor: readonly CommandRow[] = [
  ...common,
  [  3310, [],                      { unfitted: "relay" }],
  [  3311, [],                      { unfitted: "relay" }],
  [  3320, [],                      { unfitted: "relay" }],
  [  3321, [],                      { unfitted: "relay" }],
  [  3330, [],                      { unfitted: "relay" }],
  [  3340, [],                      { unfitted: "relay" }],
  [  3341, [],                      { unfitted: "relay" }],
  [  4110, [],                      "resetExtremes"],
];

const preset: CommandRow = [6209, [], { preset: energies }, "revenueSecurity"];

// prettier-ignore
const powerMeter: readonly CommandRow[] = [
  ...common,
  preset,
  [  3310, [output],                { without: "internal control of the output" }],
  [  3311, [output],                { unfitted: "alarm to drive the output" }],
  [  3320, [output],                "deEnergizeOutput"],
  [  3321, [output],                "energizeOutput"],
  [  3330, [output],                { without: "latch of the output" }],
  [  3340, [output],                { without: "internal control of the output" }],
  [  3341, [output],                { without: "internal control of the output" }],
  [  4110, [[0, 2]],                { choose: { 0: "resetExtremes", 1: "resetPresentExtremes", 2: "resetPreviousExtremes" } }],
];

const FIRST = 8000;

/** The Series 2000: energies cannot be preset. */
export const commandsWithoutPreset: CommandTable = { register: FIRST, rows: monitor };
export const monitorCommands: CommandTable = { register: FIRST, rows: [...monitor, preset] };
export const powerMeterCommands: CommandTable = { register: FIRST, rows: powerMeter };

export const commandBlock: Block<never> = {
  title: "Command interface",
  rows: [[FIRST, "R/W", "", "UInt", "", "", { window: "commands" }, "63230-500-225A2"]],
};
