/**
 * Schneider PowerLogic Power Meter 800: least and largest readings by month, a digital output and input, and the command register 4126
 * of 63230-500-225A2, Table B-4, with the registers of the Power Meter 750 that it acts on.
 */
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { Month } from "#quantity/interfaces.ts";
import type { Watched } from "#quantity/quantity.ts";
import type { Block, ModbusFace, Row } from "#protocol/modbus/register-table.ts";
import type { MeterModel } from "./model.ts";
import { commandBlock, powerMeterCommands } from "./powerlogic-commands.ts";
import {
  alarms,
  clock,
  energyBlock,
  PANEL_PASSWORD,
  powerDemand,
  powerlogicDesign,
  scaleFactor,
  setup,
} from "./powerlogic-design.ts";
import {
  ampsDemand,
  metering,
  moment,
  NOT_AVAILABLE,
  powerlogicScales,
  sequences,
  type PowerlogicScale,
} from "./powerlogic-metering.ts";
import { driver, guide, list, memory, meter750, twin } from "./powerlogic-sources.ts";

/** Besides the circuit monitors' A to F: "Wh", register 4108. */
type Scale = PowerlogicScale | "Wh";
type Cells = readonly [format: Row<Scale>[3], units: Row<Scale>[4], scale: Row<Scale>[5]];

const volts: Cells = ["SInt", "Volts", "D"];
const tenths: Cells = ["SInt", "", 0.1];
const power: Cells = ["SInt", "kW", "F"];

/**
 * Ten registers each: when it was least, what it was, in which phase; when it was largest, what it was, in which phase. That the
 * readings are these, of this month and of the one before, stands in PMCM-9340D-0208, chapter 4; the places are from memory.
 */
const monthly: readonly (readonly [first: number, cells: Cells, of: readonly Watched[]])[] = [
  [1300, volts, ["V.ab", "V.bc", "V.ca"]],
  [1310, volts, ["V.a", "V.b", "V.c"]],
  [1320, ["SInt", "Amps", "A"], ["A.a", "A.b", "A.c"]],
  [1330, tenths, ["unbalance.V.ab", "unbalance.V.bc", "unbalance.V.ca"]],
  [1340, tenths, ["unbalance.V.a", "unbalance.V.b", "unbalance.V.c"]],
  [1350, ["PF", "", ""], ["PF.leadlag"]],
  [1360, ["PF", "", ""], ["DPF.leadlag"]],
  [1370, power, ["W"]],
  [1380, ["SInt", "kVAR", "F"], ["var"]],
  [1390, ["SInt", "kVA", "F"], ["VA"]],
  [1400, tenths, ["THD.V.ab", "THD.V.bc", "THD.V.ca"]],
  [1410, tenths, ["THD.V.a", "THD.V.b", "THD.V.c"]],
  [1420, tenths, ["THD.A.a", "THD.A.b", "THD.A.c"]],
  [1430, ["SInt", "Hertz", 0.01], ["Hz"]],
];

/** What came later to what is kept, whose order is that of what is stored: it goes last. */
const later: readonly number[] = [1360, 1400];
const kept = [false, true].flatMap((late) =>
  monthly.flatMap(([first, , of]) => (later.includes(first) === late ? of : [])),
);

/** The month before lies so many registers further on. */
const FURTHER = 150;

function extremesOf(month: Month): Block<Scale> {
  const further = month === "present" ? 0 : FURTHER;
  const rows = monthly.flatMap(([first, [format, units, scale], of]) =>
    (["min", "max"] as const).flatMap((extreme, k): Row<Scale>[] => {
      const at = first + further + 5 * k;
      const one = { extreme, of, month } as const;
      // prettier-ignore
      return [
        [at,     "R", "NV", "UInt", "",    "",    { ...one, says: "month, day" },     memory],
        [at + 1, "R", "NV", "UInt", "",    "",    { ...one, says: "year, hour" },     memory],
        [at + 2, "R", "NV", "UInt", "",    "",    { ...one, says: "minute, second" }, memory],
        [at + 3, "R", "NV", format, units, scale, { ...one, says: "value" },          at === 1370 || at === 1375 ? driver : memory],
        [at + 4, "R", "NV", "UInt", "",    "",    of.length > 1 ? { ...one, says: "which" } : { reserved: NOT_AVAILABLE }, memory],
      ];
    }),
  );
  return { title: `Minimum and maximum, ${month} month`, fill: NOT_AVAILABLE, rows };
}

/** What a register of two reads that holds no number. */
const NO_FLOAT = 0x7fc00000;

/** The metering again, most significant register first, while 3248 has it so. A lagging power factor is negative, as the lists print it. */
const floats: Block<Scale> = {
  title: "Floating-point metering",
  when: "floatRegisters",
  // prettier-ignore
  rows: [
    [11700, "R", "", "Float", "Amps",       "",  "A.a",                     list],
    [11702, "R", "", "Float", "Amps",       "",  "A.b",                     list],
    [11704, "R", "", "Float", "Amps",       "",  "A.c",                     list],
    [11706, "R", "", "Float", "Amps",       "",  "A.n",                     list],
    [11708, "R", "", "Float", "Amps",       "",  { reserved: NO_FLOAT },    list],
    [11710, "R", "", "Float", "Amps",       "",  "A",                       list],
    [11712, "R", "", "Float", "Volts",      "",  "V.ab",                    list],
    [11714, "R", "", "Float", "Volts",      "",  "V.bc",                    list],
    [11716, "R", "", "Float", "Volts",      "",  "V.ca",                    list],
    [11718, "R", "", "Float", "Volts",      "",  "V.ll",                    list],
    [11720, "R", "", "Float", "Volts",      "",  "V.a",                     list],
    [11722, "R", "", "Float", "Volts",      "",  "V.b",                     list],
    [11724, "R", "", "Float", "Volts",      "",  "V.c",                     list],
    [11726, "R", "", "Float", "Volts",      "",  { reserved: NO_FLOAT },    list],
    [11728, "R", "", "Float", "Volts",      "",  "V.ln",                    list],
    [11730, "R", "", "Float", "Watts",      "",  "W.a",                     list],
    [11732, "R", "", "Float", "Watts",      "",  "W.b",                     list],
    [11734, "R", "", "Float", "Watts",      "",  "W.c",                     list],
    [11736, "R", "", "Float", "Watts",      "",  "W",                       list],
    [11738, "R", "", "Float", "VAR",        "",  "var.a",                   list],
    [11740, "R", "", "Float", "VAR",        "",  "var.b",                   list],
    [11742, "R", "", "Float", "VAR",        "",  "var.c",                   list],
    [11744, "R", "", "Float", "VAR",        "",  "var",                     list],
    [11746, "R", "", "Float", "Volt-Amps",  "",  "VA.a",                    list],
    [11748, "R", "", "Float", "Volt-Amps",  "",  "VA.b",                    list],
    [11750, "R", "", "Float", "Volt-Amps",  "",  "VA.c",                    list],
    [11752, "R", "", "Float", "Volt-Amps",  "",  "VA",                      list],
    [11754, "R", "", "Float", "",           -1,  "PF.a.leadlag",            list],
    [11756, "R", "", "Float", "",           -1,  "PF.b.leadlag",            list],
    [11758, "R", "", "Float", "",           -1,  "PF.c.leadlag",            list],
    [11760, "R", "", "Float", "",           -1,  "PF.leadlag",              list],
    [11762, "R", "", "Float", "Hertz",      "",  "Hz",                      list],
  ],
};

const floatSetup: Block<Scale> = {
  title: "Whether there are floating-point registers, written in a session",
  rows: [[3248, "R/W", "NV", "UInt", "", "", { setting: "floatRegisters" }, "FAQ FA212299"]],
};

const resets: Block<Scale> = {
  title: "Dates and times of resets",
  fill: NOT_AVAILABLE,
  // prettier-ignore
  rows: [
    ...moment(3266, "extremes.previous", twin),
    ...moment(3270, "extremes.reset",    twin),
    ...moment(3274, "energy.cleared",    twin),
    ...moment(3290, "energy.preset",     twin),
  ],
};

const demandReset: Block<Scale> = {
  title: "Date and time of the peaks' reset",
  rows: moment(1850, "demand.reset", twin),
};

/** Point types 201, a solid-state output, and 102, an input of AC or DC; the output is controlled from outside. */
const points: Block<Scale> = {
  title: "Digital output (I/O point 1) and input (2)",
  fill: NOT_AVAILABLE,
  // prettier-ignore
  rows: [
    [4300, "R", "",   "UInt",  "",        "", { constant: 201 },        twin],
    [4309, "R", "",   "UInt",  "",        "", { constant: 0 },          twin],
    [4312, "R", "",   "UInt",  "",        "", { constant: 1 },          twin],
    [4313, "R", "",   "UInt",  "",        "", { constant: 0 },          twin],
    [4325, "R", "",   "UInt",  "",        "", "outputs.digital",         twin],
    [4326, "R", "NV", "ULong", "",        "", "outputs.digital.count",   twin],
    [4328, "R", "NV", "ULong", "Seconds", "", "outputs.digital.seconds", twin],
    [4330, "R", "",   "UInt",  "",        "", { constant: 102 },        twin],
    [4339, "R", "",   "UInt",  "",        "", { constant: 0 },          twin],
    [4355, "R", "",   "UInt",  "",        "", "inputs.digital",          twin],
    [4356, "R", "NV", "ULong", "",        "", "inputs.digital.count",    twin],
    [4358, "R", "NV", "ULong", "Seconds", "", "inputs.digital.seconds",  twin],
  ],
};

/** 4000 to 4005 stand in Table B-4 as what 6209 presets; that they are kWh, kVAh, kVARh is from memory of the 750's list. */
const energiesOf750: Block<Scale> = {
  title: "Energy, as the Power Meter 750 has it",
  // prettier-ignore
  rows: [
    [4000, "R", "NV", "SLong", "kWh",     "Wh", "Wh.total",        guide],
    [4002, "R", "NV", "SLong", "kVAh",    "Wh", "VAh.absolute",    guide],
    [4004, "R", "NV", "SLong", "kVARh",   "Wh", "varh.total",      guide],
  ],
};

const resetCommands: Row<Scale>[6] = {
  command: {
    666: "resetDemand",
    1115: "restart",
    3211: { without: "alarms" },
    3320: "deEnergizeOutput",
    3321: "energizeOutput",
    3361: "clearOutputCount",
    3365: "clearInputCount",
    6209: {
      preset: [
        [7016, 4000],
        [7018, 4002],
        [7020, 4004],
      ],
    },
    10_001: "clearUsage",
    14_255: "resetExtremes",
    21_212: "resetMaxDemand",
    30_078: "clearEnergy",
  },
  sealed: { 6209: "revenueSecurity", 30_078: "revenueSecurity" },
};

/** What else the 750 has here (its setup, a bitmap of errors) is not known to be the PM800's. */
const statusOf750: Block<Scale> = {
  title: "Scale factors, usage and commands of one register, as the Power Meter 750 has them",
  fill: NOT_AVAILABLE,
  // prettier-ignore
  rows: [
    [4105, "R",   "",   "SInt",  "SF",      "",   { scale: "A" },      meter750],
    [4106, "R",   "",   "SInt",  "SF",      "",   { scale: "D" },      meter750],
    [4107, "R",   "",   "SInt",  "SF",      "",   { scale: "F" },      meter750],
    [4108, "R",   "",   "SInt",  "SF",      "",   { scale: "Wh" },     meter750],
    [4110, "R",   "NV", "UInt",  "Hours",   "",   "usage.hours",       meter750],
    [4111, "R",   "NV", "UInt",  "Minutes", "",   "usage.minutes",     meter750],
    [4126, "R/W", "",   "UInt",  "",        "",   resetCommands,       guide],
    [4128, "R/W", "NV", "UInt",  "",        "",   { setting: "brand" }, guide],
  ],
};

const parameters: Block<Scale> = {
  title: "Firmware, and what commands take",
  // prettier-ignore
  rows: [
    [7001, "R",   "",   "UInt", "", "", { identity: "firmware" },  guide],
    [7016, "R/W", "",   "UInt", "", "", { scratch: true },         guide],
    [7017, "R/W", "",   "UInt", "", "", { scratch: true },         guide],
    [7018, "R/W", "",   "UInt", "", "", { scratch: true },         guide],
    [7019, "R/W", "",   "UInt", "", "", { scratch: true },         guide],
    [7020, "R/W", "",   "UInt", "", "", { scratch: true },         guide],
    [7021, "R/W", "",   "UInt", "", "", { scratch: true },         guide],
  ],
};

const modbus: ModbusFace<Scale> = {
  map: {
    base: 1,
    scales: { ...powerlogicScales, Wh: { exponent: "exponent.Wh" } },
    commands: powerMeterCommands,
    blocks: [
      metering(list, []),
      sequences(memory),
      extremesOf("present"),
      extremesOf("previous"),
      energyBlock,
      ampsDemand,
      powerDemand,
      demandReset,
      clock(driver),
      ...setup(list),
      floatSetup,
      resets,
      points,
      energiesOf750,
      statusOf750,
      parameters,
      commandBlock,
      alarms(memory),
      floats,
    ],
  },
  serverId: { id: 250, status: 0xff, text: "PM8xx Power Meter" },
  identification: {
    vendor: { setting: "brand", texts: { 0: "Schneider Electric", 1: "Square D" } },
    product: "PM8xx",
    revision: "{version}",
  },
};

const instrument: InstrumentDesign = {
  ...powerlogicDesign,
  settings: {
    ...powerlogicDesign.settings,
    systemType: { default: 40, oneOf: [10, 11, 12, 30, 31, 40], means: "system type" },
    // The list has -2 to 2 for D and E.
    "scale.D": scaleFactor("phase volts", -2, 2),
    "scale.E": scaleFactor("neutral volts", -2, 2),
    floatRegisters: {
      default: 0,
      oneOf: [0, 1],
      means: "floating-point registers",
      words: { off: 0, on: 1 },
    },
    brand: { default: 0, oneOf: [0, 1], means: "vendor", words: { "Schneider Electric": 0, "Square D": 1 } },
  },
  // The list has -2 to 2 for D.
  exponents: { ...powerlogicDesign.exponents, v: [-2, 2] },
  extremes: { of: kept, monthly: true },
  digital: true,
  // The 750's usage timer counts while a phase carries more than 0.1 A.
  usageAmps: 0.1,
};

export const powerlogicPm800: MeterModel = {
  name: "powerlogic-pm800",
  title: "Schneider PowerLogic Power Meter 800",
  manual: "63230-500-225A2; PM800 Register List; Transferring energy readings between PowerLogic meters",
  manufacturer: "Schneider Electric",
  product: "PM8xx",
  options: { plain: "", logging: "" },
  firmware: 11_900,
  instrument,
  modbus,
  panelPassword: PANEL_PASSWORD,
};
