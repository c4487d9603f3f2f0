/**
 * Leviton VerifEye Series 4100 (Veris E51C2, with data logging E51C3): bidirectional, four quadrants.
 * Manual "Series 4100 Bi-Directional Compact ModBus Power and Energy Meter": Standard Modbus Default Settings, Modbus
 * Point Map, SunSpec Register Blocks; registers 155-178 and the log window as in the EM3555, its twin.
 * What the manual leaves open is chosen in docs/models/leviton-s4100.md.
 */
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { Block, ModbusFace } from "#protocol/modbus/register-table.ts";
import { commonModel, endModel, meterModel, sunSpecScales, type SunSpecScale } from "#protocol/sunspec/models.ts";
import type { MeterModel } from "./model.ts";

/** Scale registers: 138 I, 139 V, 140 W, 141 E, each a power of ten. */
type S4100Scale = "I" | "V" | "W" | "E";

const integerSummary: Block<S4100Scale> = {
  title: "Integer Data: Summary of Active Phases",
  // prettier-ignore
  rows: [
    [   1, "R",   "NV", "SLong", "kWh",     "E",    "Wh.net"],
    [   3, "R",   "NV", "ULong", "kWh",     "E",    "Wh.import"],
    [   5, "R",   "NV", "ULong", "kWh",     "E",    "Wh.export"],
    [   7, "R",   "NV", "ULong", "kVARh",   "E",    "varh.q1"],
    [   9, "R",   "NV", "ULong", "kVARh",   "E",    "varh.q2"],
    [  11, "R",   "NV", "ULong", "kVARh",   "E",    "varh.q3"],
    [  13, "R",   "NV", "ULong", "kVARh",   "E",    "varh.q4"],
    [  15, "R",   "NV", "SLong", "kVAh",    "E",    "VAh.net"],
    [  17, "R",   "NV", "ULong", "kVAh",    "E",    "VAh.import"],
    [  19, "R",   "NV", "ULong", "kVAh",    "E",    "VAh.export"],
    [  21, "R",   "",   "SInt",  "kW",      "W",    "W"],
    [  22, "R",   "",   "SInt",  "kVAR",    "W",    "var"],
    [  23, "R",   "",   "UInt",  "kVA",     "W",    "VA"],
    [  24, "R",   "",   "SInt",  "Ratio",   0.0001, "PF"],
    [  25, "R",   "",   "UInt",  "Volt",    "V",    "V.ll"],
    [  26, "R",   "",   "UInt",  "Volt",    "V",    "V.ln"],
    [  27, "R",   "",   "UInt",  "Amp",     "I",    "A"],
    [  28, "R",   "",   "UInt",  "Hz",      0.01,   "Hz"],
    [  29, "R",   "",   "SInt",  "kW",      "W",    "W.demand"],
    [  30, "R",   "",   "SInt",  "kVAR",    "W",    "var.demand"],
    [  31, "R",   "",   "SInt",  "kVA",     "W",    "VA.demand"],
    [  32, "R",   "NV", "SInt",  "kW",      "W",    "W.import.demand.max"],
    [  33, "R",   "NV", "SInt",  "kVAR",    "W",    "var.import.demand.max"],
    [  34, "R",   "NV", "SInt",  "kVA",     "W",    "VA.import.demand.max"],
    [  35, "R",   "NV", "SInt",  "kW",      "W",    "W.export.demand.max"],
    [  36, "R",   "NV", "SInt",  "kVAR",    "W",    "var.export.demand.max"],
    [  37, "R",   "NV", "SInt",  "kVA",     "W",    "VA.export.demand.max"],
    [  38, "R",   "",   "UInt",  "",        "",     { reserved: 0x8000 }],
    [  39, "R",   "NV", "ULong", "",        "",     "pulses.1"],
    [  41, "R",   "NV", "ULong", "",        "",     "pulses.2"],
  ],
};

const integerPhases: Block<S4100Scale> = {
  title: "Integer Data: Per Phase",
  // prettier-ignore
  rows: [
    [  43, "R",   "NV", "ULong", "kWh",     "E",    "Wh.a.import"],
    [  45, "R",   "NV", "ULong", "kWh",     "E",    "Wh.b.import"],
    [  47, "R",   "NV", "ULong", "kWh",     "E",    "Wh.c.import"],
    [  49, "R",   "NV", "ULong", "kWh",     "E",    "Wh.a.export"],
    [  51, "R",   "NV", "ULong", "kWh",     "E",    "Wh.b.export"],
    [  53, "R",   "NV", "ULong", "kWh",     "E",    "Wh.c.export"],
    [  55, "R",   "NV", "ULong", "kVARh",   "E",    "varh.a.q1"],
    [  57, "R",   "NV", "ULong", "kVARh",   "E",    "varh.b.q1"],
    [  59, "R",   "NV", "ULong", "kVARh",   "E",    "varh.c.q1"],
    [  61, "R",   "NV", "ULong", "kVARh",   "E",    "varh.a.q2"],
    [  63, "R",   "NV", "ULong", "kVARh",   "E",    "varh.b.q2"],
    [  65, "R",   "NV", "ULong", "kVARh",   "E",    "varh.c.q2"],
    [  67, "R",   "NV", "ULong", "kVARh",   "E",    "varh.a.q3"],
    [  69, "R",   "NV", "ULong", "kVARh",   "E",    "varh.b.q3"],
    [  71, "R",   "NV", "ULong", "kVARh",   "E",    "varh.c.q3"],
    [  73, "R",   "NV", "ULong", "kVARh",   "E",    "varh.a.q4"],
    [  75, "R",   "NV", "ULong", "kVARh",   "E",    "varh.b.q4"],
    [  77, "R",   "NV", "ULong", "kVARh",   "E",    "varh.c.q4"],
    [  79, "R",   "NV", "ULong", "kVAh",    "E",    "VAh.a.import"],
    [  81, "R",   "NV", "ULong", "kVAh",    "E",    "VAh.b.import"],
    [  83, "R",   "NV", "ULong", "kVAh",    "E",    "VAh.c.import"],
    [  85, "R",   "NV", "ULong", "kVAh",    "E",    "VAh.a.export"],
    [  87, "R",   "NV", "ULong", "kVAh",    "E",    "VAh.b.export"],
    [  89, "R",   "NV", "ULong", "kVAh",    "E",    "VAh.c.export"],
    [  91, "R",   "",   "SInt",  "kW",      "W",    "W.a"],
    [  92, "R",   "",   "SInt",  "kW",      "W",    "W.b"],
    [  93, "R",   "",   "SInt",  "kW",      "W",    "W.c"],
    [  94, "R",   "",   "SInt",  "kVAR",    "W",    "var.a"],
    [  95, "R",   "",   "SInt",  "kVAR",    "W",    "var.b"],
    [  96, "R",   "",   "SInt",  "kVAR",    "W",    "var.c"],
    [  97, "R",   "",   "UInt",  "kVA",     "W",    "VA.a"],
    [  98, "R",   "",   "UInt",  "kVA",     "W",    "VA.b"],
    [  99, "R",   "",   "UInt",  "kVA",     "W",    "VA.c"],
    [ 100, "R",   "",   "SInt",  "Ratio",   0.0001, "PF.a"],
    [ 101, "R",   "",   "SInt",  "Ratio",   0.0001, "PF.b"],
    [ 102, "R",   "",   "SInt",  "Ratio",   0.0001, "PF.c"],
    [ 103, "R",   "",   "UInt",  "Volt",    "V",    "V.ab"],
    [ 104, "R",   "",   "UInt",  "Volt",    "V",    "V.bc"],
    [ 105, "R",   "",   "UInt",  "Volt",    "V",    "V.ca"],
    [ 106, "R",   "",   "UInt",  "Volt",    "V",    "V.a"],
    [ 107, "R",   "",   "UInt",  "Volt",    "V",    "V.b"],
    [ 108, "R",   "",   "UInt",  "Volt",    "V",    "V.c"],
    [ 109, "R",   "",   "UInt",  "Amp",     "I",    "A.a"],
    [ 110, "R",   "",   "UInt",  "Amp",     "I",    "A.b"],
    [ 111, "R",   "",   "UInt",  "Amp",     "I",    "A.c"],
    [ 112, "R",   "",   "UInt",  "",        "",     { reserved: 0x8000 }],
  ],
};

const configuration: Block<S4100Scale> = {
  title: "Configuration",
  // prettier-ignore
  rows: [
    [ 129, "R/W", "",   "UInt",  "",        "",     { command: { 30078: "clearEnergy", 21211: "newDemandSubInterval", 21212: "resetMaxDemand", 16640: "resetLogging", 16498: "clearPulses" } }],
    [ 130, "R/W", "NV", "UInt",  "",        "",     { setting: "systemType" }],
    [ 131, "R/W", "NV", "UInt",  "Amps",    "",     { setting: "ctPrimary" }],
    [ 132, "R/W", "NV", "UInt",  "",        "",     { setting: "ctSecondary" }],
    [ 133, "R/W", "NV", "UInt",  "",        0.01,   { setting: "ptRatio" }],
    [ 134, "R/W", "NV", "UInt",  "",        "",     { setting: "systemVoltage" }],
    [ 135, "R",   "NV", "UInt",  "kW",      "W",    "W.theoretical"],
    [ 136, "R",   "",   "UInt",  "",        "",     { reserved: 0 }],
    [ 137, "R/W", "NV", "UInt",  "",        "",     { setting: "displayUnits" }],
    [ 138, "R",   "",   "SInt",  "",        "",     { scale: "I" }],
    [ 139, "R",   "",   "SInt",  "",        "",     { scale: "V" }],
    [ 140, "R",   "",   "SInt",  "",        "",     { scale: "W" }],
    [ 141, "R",   "",   "SInt",  "",        "",     { scale: "E" }],
    [ 142, "R/W", "NV", "UInt",  "%",       "",     { setting: "phaseLossVoltage" }],
    [ 143, "R/W", "NV", "UInt",  "%",       "",     { setting: "phaseLossImbalance" }],
    [ 144, "R/W", "NV", "UInt",  "Wh",      "",     { setting: "pulseEnergy" }],
    [ 145, "R",   "NV", "UInt",  "msec",    "",     "s.pulse.closure"],
    [ 146, "R",   "",   "UInt",  "",        "",     "alerts"],
    [ 147, "R",   "NV", "UInt",  "",        "",     "resets.energy"],
    [ 148, "R",   "",   "UInt",  "",        "",     { reserved: 0 }],
    [ 149, "R/W", "NV", "UInt",  "",        "",     { setting: "demandSubIntervals" }],
    [ 150, "R/W", "NV", "UInt",  "Seconds", "",     { setting: "demandSubInterval" }],
    [ 151, "R/W", "",   "UInt",  "",        "",     { reserved: 0 }],
    [ 152, "R",   "NV", "UInt",  "",        "",     "powerups"],
    [ 153, "R",   "NV", "UInt",  "",        "",     { reserved: 0 }],
    [ 154, "R",   "",   "UInt",  "",        "",     { reserved: 0 }],
  ],
};

const logging: Block<S4100Scale> = {
  title: "Logging",
  option: "logging",
  // prettier-ignore
  rows: [
    [ 155, "R/W", "NV", "UInt",  "",        "",     { setting: "clock.dayMonth" }],
    [ 156, "R/W", "NV", "UInt",  "",        "",     { setting: "clock.hourYear" }],
    [ 157, "R/W", "NV", "UInt",  "",        "",     { setting: "clock.secondMinute" }],
    [ 158, "R/W", "",   "UInt",  "",        "",     { setting: "log.page" }],
    [ 159, "R/W", "NV", "UInt",  "",        "",     { setting: "log.mode" }],
    [ 160, "R",   "NV", "UInt",  "",        "",     "log.status"],
    [ 161, "R",   "NV", "UInt",  "",        "",     "log.wraps"],
    [ 162, "R",   "NV", "UInt",  "",        "",     "log.days"],
    [ 163, "R",   "NV", "UInt",  "",        "",     "log.entries"],
    [ 164, "R",   "NV", "ULong", "kWh",     "E",    "log.start"],
    [ 166, "R",   "NV", "UInt",  "",        "",     "log.newest.dayMonth"],
    [ 167, "R",   "NV", "UInt",  "",        "",     "log.newest.hourYear"],
    [ 168, "R",   "NV", "UInt",  "",        "",     "log.newest.secondMinute"],
    [ 169, "R/W", "NV", "UInt",  "",        "",     { setting: "log.pointer.1" }],
    [ 170, "R/W", "NV", "UInt",  "",        "",     { setting: "log.pointer.2" }],
    [ 171, "R/W", "NV", "UInt",  "",        "",     { setting: "log.pointer.3" }],
    [ 172, "R/W", "NV", "UInt",  "",        "",     { setting: "log.pointer.4" }],
    [ 173, "R/W", "NV", "UInt",  "",        "",     { setting: "log.pointer.5" }],
    [ 174, "R/W", "NV", "UInt",  "",        "",     { setting: "log.pointer.6" }],
    [ 175, "R/W", "NV", "UInt",  "",        "",     { setting: "log.pointer.7" }],
    [ 176, "R/W", "NV", "UInt",  "",        "",     { setting: "log.pointer.8" }],
    [ 177, "R/W", "NV", "UInt",  "",        "",     { setting: "log.pointer.9" }],
    [ 178, "R/W", "NV", "UInt",  "",        "",     { setting: "log.pointer.10" }],
  ],
};

const logWindow: Block<S4100Scale> = {
  title: "Logging: the buffer chosen by register 158, newest entry first",
  option: "logging",
  // prettier-ignore
  rows: [
    [8000, "R",   "NV", "UInt",  "",        "",     { window: "log", length: 5760 }],
  ],
};

const floatSummary: Block<S4100Scale> = {
  title: "Floating Point Data: Summary of Active Phases",
  // prettier-ignore
  rows: [
    [ 257, "R",   "NV", "Float", "kWh",     "",     "Wh.net"],
    [ 259, "R",   "NV", "Float", "kWh",     "",     "Wh.import"],
    [ 261, "R",   "NV", "Float", "kWh",     "",     "Wh.export"],
    [ 263, "R",   "NV", "Float", "kVARh",   "",     "varh.q1"],
    [ 265, "R",   "NV", "Float", "kVARh",   "",     "varh.q2"],
    [ 267, "R",   "NV", "Float", "kVARh",   "",     "varh.q3"],
    [ 269, "R",   "NV", "Float", "kVARh",   "",     "varh.q4"],
    [ 271, "R",   "NV", "Float", "kVAh",    "",     "VAh.net"],
    [ 273, "R",   "NV", "Float", "kVAh",    "",     "VAh.import"],
    [ 275, "R",   "NV", "Float", "kVAh",    "",     "VAh.export"],
    [ 277, "R",   "",   "Float", "kW",      "",     "W"],
    [ 279, "R",   "",   "Float", "kVAR",    "",     "var"],
    [ 281, "R",   "",   "Float", "kVA",     "",     "VA"],
    [ 283, "R",   "",   "Float", "Ratio",   "",     "PF"],
    [ 285, "R",   "",   "Float", "Volt",    "",     "V.ll"],
    [ 287, "R",   "",   "Float", "Volt",    "",     "V.ln"],
    [ 289, "R",   "",   "Float", "Amp",     "",     "A"],
    [ 291, "R",   "",   "Float", "Hz",      "",     "Hz"],
    [ 293, "R",   "",   "Float", "kW",      "",     "W.demand"],
    [ 295, "R",   "",   "Float", "kVAR",    "",     "var.demand"],
    [ 297, "R",   "",   "Float", "kVA",     "",     "VA.demand"],
    [ 299, "R",   "NV", "Float", "kW",      "",     "W.import.demand.max"],
    [ 301, "R",   "NV", "Float", "kVAR",    "",     "var.import.demand.max"],
    [ 303, "R",   "NV", "Float", "kVA",     "",     "VA.import.demand.max"],
    [ 305, "R",   "NV", "Float", "kW",      "",     "W.export.demand.max"],
    [ 307, "R",   "NV", "Float", "kVAR",    "",     "var.export.demand.max"],
    [ 309, "R",   "NV", "Float", "kVA",     "",     "VA.export.demand.max"],
    [ 311, "R",   "",   "Float", "",        "",     { reserved: 0x7fc00000 }],
    [ 313, "R",   "NV", "Float", "",        "",     "pulses.1"],
    [ 315, "R",   "NV", "Float", "",        "",     "pulses.2"],
  ],
};

const floatPhases: Block<S4100Scale> = {
  title: "Floating Point Data: Per Phase",
  // prettier-ignore
  rows: [
    [ 317, "R",   "NV", "Float", "kWh",     "",     "Wh.a.import"],
    [ 319, "R",   "NV", "Float", "kWh",     "",     "Wh.b.import"],
    [ 321, "R",   "NV", "Float", "kWh",     "",     "Wh.c.import"],
    [ 323, "R",   "NV", "Float", "kWh",     "",     "Wh.a.export"],
    [ 325, "R",   "NV", "Float", "kWh",     "",     "Wh.b.export"],
    [ 327, "R",   "NV", "Float", "kWh",     "",     "Wh.c.export"],
    [ 329, "R",   "NV", "Float", "kVARh",   "",     "varh.a.q1"],
    [ 331, "R",   "NV", "Float", "kVARh",   "",     "varh.b.q1"],
    [ 333, "R",   "NV", "Float", "kVARh",   "",     "varh.c.q1"],
    [ 335, "R",   "NV", "Float", "kVARh",   "",     "varh.a.q2"],
    [ 337, "R",   "NV", "Float", "kVARh",   "",     "varh.b.q2"],
    [ 339, "R",   "NV", "Float", "kVARh",   "",     "varh.c.q2"],
    [ 341, "R",   "NV", "Float", "kVARh",   "",     "varh.a.q3"],
    [ 343, "R",   "NV", "Float", "kVARh",   "",     "varh.b.q3"],
    [ 345, "R",   "NV", "Float", "kVARh",   "",     "varh.c.q3"],
    [ 347, "R",   "NV", "Float", "kVARh",   "",     "varh.a.q4"],
    [ 349, "R",   "NV", "Float", "kVARh",   "",     "varh.b.q4"],
    [ 351, "R",   "NV", "Float", "kVARh",   "",     "varh.c.q4"],
    [ 353, "R",   "NV", "Float", "kVAh",    "",     "VAh.a.import"],
    [ 355, "R",   "NV", "Float", "kVAh",    "",     "VAh.b.import"],
    [ 357, "R",   "NV", "Float", "kVAh",    "",     "VAh.c.import"],
    [ 359, "R",   "NV", "Float", "kVAh",    "",     "VAh.a.export"],
    [ 361, "R",   "NV", "Float", "kVAh",    "",     "VAh.b.export"],
    [ 363, "R",   "NV", "Float", "kVAh",    "",     "VAh.c.export"],
    [ 365, "R",   "",   "Float", "kW",      "",     "W.a"],
    [ 367, "R",   "",   "Float", "kW",      "",     "W.b"],
    [ 369, "R",   "",   "Float", "kW",      "",     "W.c"],
    [ 371, "R",   "",   "Float", "kVAR",    "",     "var.a"],
    [ 373, "R",   "",   "Float", "kVAR",    "",     "var.b"],
    [ 375, "R",   "",   "Float", "kVAR",    "",     "var.c"],
    [ 377, "R",   "",   "Float", "kVA",     "",     "VA.a"],
    [ 379, "R",   "",   "Float", "kVA",     "",     "VA.b"],
    [ 381, "R",   "",   "Float", "kVA",     "",     "VA.c"],
    [ 383, "R",   "",   "Float", "Ratio",   "",     "PF.a"],
    [ 385, "R",   "",   "Float", "Ratio",   "",     "PF.b"],
    [ 387, "R",   "",   "Float", "Ratio",   "",     "PF.c"],
    [ 389, "R",   "",   "Float", "Volt",    "",     "V.ab"],
    [ 391, "R",   "",   "Float", "Volt",    "",     "V.bc"],
    [ 393, "R",   "",   "Float", "Volt",    "",     "V.ca"],
    [ 395, "R",   "",   "Float", "Volt",    "",     "V.a"],
    [ 397, "R",   "",   "Float", "Volt",    "",     "V.b"],
    [ 399, "R",   "",   "Float", "Volt",    "",     "V.c"],
    [ 401, "R",   "",   "Float", "Amp",     "",     "A.a"],
    [ 403, "R",   "",   "Float", "Amp",     "",     "A.b"],
    [ 405, "R",   "",   "Float", "Amp",     "",     "A.c"],
    [ 407, "R",   "",   "Float", "",        "",     { reserved: 0x7fc00000 }],
  ],
};

const firmware: Block<S4100Scale> = {
  title: "Firmware Version, Operating System",
  // prettier-ignore
  rows: [
    [7001, "R",   "NV", "UInt",  "",        "",     { identity: "firmware" }],
  ],
};

const modbus: ModbusFace<S4100Scale | SunSpecScale> = {
  map: {
    base: 1,
    scales: {
      I: { exponent: "exponent.A" },
      V: { exponent: "exponent.V" },
      W: { exponent: "exponent.W" },
      E: { exponent: "exponent.Wh" },
      ...sunSpecScales,
    },
    blocks: [
      integerSummary,
      integerPhases,
      configuration,
      logging,
      floatSummary,
      floatPhases,
      firmware,
      logWindow,
      commonModel(40001, 65),
      meterModel(40070, { setting: "systemType", models: { 10: 201, 11: 201, 12: 202, 40: 203, 31: 204 } }),
      endModel(40177),
    ],
  },
  serverId: { id: 247, status: 0xff, text: "Leviton S4100 Power Meter Full Data Set" },
  identification: { vendor: "Leviton", product: "S4100", revision: "{version}" },
};

/** Registers that the data log can copy. */
const loggable = [
  [1, 42],
  [146, 146],
  [155, 157],
  [257, 336],
] as const;

function logPointer(register: number) {
  return { default: register, within: loggable, means: "register to log", option: "logging" } as const;
}

const instrument: InstrumentDesign = {
  sampling: { perSecond: 2520 },
  grid: 64,
  calculationCycleMs: 1000,
  frequency: [45, 65],
  reactive: "shifted",
  directional: true,
  settings: {
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
    setupPassword: { default: 0, within: [[0, 99999]], means: "password of the setup menu" },
    resetPassword: { default: 0, within: [[0, 99999]], means: "password of the reset menu" },
    address: { default: 1, within: [[1, 247]], means: "Modbus address" },
    baud: { default: 19200, oneOf: [1200, 2400, 4800, 9600, 19200, 38400], means: "baud rate" },
    parity: { default: 0, oneOf: [0, 1, 2], means: "parity", words: { none: 0, even: 1, odd: 2 } },
    "clock.dayMonth": { default: 0x0101, within: [[0, 0xffff]], means: "clock: day, month", option: "logging" },
    "clock.hourYear": { default: 0, within: [[0, 0xffff]], means: "clock: hour, year less 2000", option: "logging" },
    "clock.secondMinute": { default: 0, within: [[0, 0xffff]], means: "clock: second, minute", option: "logging" },
    "log.page": { default: 0, within: [[0, 10]], means: "log buffer to read", volatile: true, option: "logging" },
    "log.mode": { default: 0, within: [[0, 3]], means: "logging: 1 single shot, 2 halt", option: "logging" },
    "log.pointer.1": logPointer(3),
    "log.pointer.2": logPointer(4),
    "log.pointer.3": logPointer(5),
    "log.pointer.4": logPointer(6),
    "log.pointer.5": logPointer(29),
    "log.pointer.6": logPointer(30),
    "log.pointer.7": logPointer(31),
    "log.pointer.8": logPointer(155),
    "log.pointer.9": logPointer(156),
    "log.pointer.10": logPointer(157),
  },
  wirings: { 10: "1-phase-ln", 11: "1-phase-ll", 12: "split-phase", 31: "delta", 40: "wye" },
  overRange: 1.2,
  exponents: { from: -4, to: 4, max: 32767 },
  secondaryVolts: [82, 660],
  pulse: { closuresMs: [500, 250, 100, 50, 25, 10], wattMsPerWh: 1_800_000, counts: ["Wh.import", "Wh.export"] },
  spacingMs: { newDemandSubInterval: 10_000, resetMaxDemand: 10_000 },
  lowPowerFactor: { below: 0.5, current: 0.01 },
  rollover: 2 ** 32,
  logger: { entries: 5760, invalid: 0x8000 },
};

export const levitonS4100: MeterModel = {
  name: "leviton-s4100",
  title: "Leviton VerifEye Series 4100",
  manual: "Series 4100 Bi-Directional Compact ModBus Power and Energy Meter",
  manufacturer: "Leviton",
  product: "S4100",
  options: { plain: "FDS", logging: "FDS+LOG" },
  firmware: 1019,
  instrument,
  modbus,
};
