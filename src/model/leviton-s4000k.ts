/**
 * Leviton VerifEye Series 4000-K (Veris E50C2, with data logging E50C3): unidirectional, insensitive to the orientation
 * of its current transformers. Manual ZL0138-0A: Standard Modbus Default Settings, Modbus Point Map.
 * What the manual leaves open is chosen in docs/models/leviton-s4000.md.
 */
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { Block, ModbusFace } from "#protocol/modbus/register-table.ts";
import { levitonDesign, levitonServerId, levitonSettings, logPointers } from "./leviton-design.ts";
import {
  configurationBlock,
  firmware,
  levitonScales,
  logging,
  logWindow,
  type LevitonScale,
} from "./leviton-blocks.ts";
import type { MeterModel } from "./model.ts";

/** "Points 337/338 through 345/346 are not available on units with firmware versions 1.018 or earlier." */
const SINCE = 1019;

const integers: Block<LevitonScale> = {
  title: "Integer Data",
  // prettier-ignore
  rows: [
    [   1, "R",   "NV", "ULong", "kWh",     "E",    "Wh.import"],
    [   3, "R",   "",   "UInt",  "kW",      "W",    "W"],
    [   4, "R",   "",   "UInt",  "kVAR",    "W",    "var.absolute"],
    [   5, "R",   "",   "UInt",  "kVA",     "W",    "VA"],
    [   6, "R",   "",   "UInt",  "Ratio",   0.0001, "PF"],
    [   7, "R",   "",   "UInt",  "Volt",    "V",    "V.ll"],
    [   8, "R",   "",   "UInt",  "Volt",    "V",    "V.ln"],
    [   9, "R",   "",   "UInt",  "Amp",     "I",    "A"],
    [  10, "R",   "",   "UInt",  "kW",      "W",    "W.a"],
    [  11, "R",   "",   "UInt",  "kW",      "W",    "W.b"],
    [  12, "R",   "",   "UInt",  "kW",      "W",    "W.c"],
    [  13, "R",   "",   "UInt",  "Ratio",   0.0001, "PF.a"],
    [  14, "R",   "",   "UInt",  "Ratio",   0.0001, "PF.b"],
    [  15, "R",   "",   "UInt",  "Ratio",   0.0001, "PF.c"],
    [  16, "R",   "",   "UInt",  "Volt",    "V",    "V.ab"],
    [  17, "R",   "",   "UInt",  "Volt",    "V",    "V.bc"],
    [  18, "R",   "",   "UInt",  "Volt",    "V",    "V.ca"],
    [  19, "R",   "",   "UInt",  "Volt",    "V",    "V.a"],
    [  20, "R",   "",   "UInt",  "Volt",    "V",    "V.b"],
    [  21, "R",   "",   "UInt",  "Volt",    "V",    "V.c"],
    [  22, "R",   "",   "UInt",  "Amp",     "I",    "A.a"],
    [  23, "R",   "",   "UInt",  "Amp",     "I",    "A.b"],
    [  24, "R",   "",   "UInt",  "Amp",     "I",    "A.c"],
    [  25, "R",   "",   "UInt",  "",        "",     { reserved: 0x8000 }],
    [  26, "R",   "",   "UInt",  "Hz",      0.01,   "Hz"],
    [  27, "R",   "NV", "ULong", "kVAh",    "E",    "VAh.import"],
    [  29, "R",   "NV", "ULong", "kVARh",   "E",    "varh.absolute"],
    [  31, "R",   "",   "UInt",  "kVA",     "W",    "VA.a"],
    [  32, "R",   "",   "UInt",  "kVA",     "W",    "VA.b"],
    [  33, "R",   "",   "UInt",  "kVA",     "W",    "VA.c"],
    [  34, "R",   "",   "UInt",  "kVAR",    "W",    "var.a.absolute"],
    [  35, "R",   "",   "UInt",  "kVAR",    "W",    "var.b.absolute"],
    [  36, "R",   "",   "UInt",  "kVAR",    "W",    "var.c.absolute"],
    [  37, "R",   "",   "UInt",  "kW",      "W",    "W.demand"],
    [  38, "R",   "",   "UInt",  "kVAR",    "W",    "var.demand"],
    [  39, "R",   "",   "UInt",  "kVA",     "W",    "VA.demand"],
    [  40, "R",   "NV", "UInt",  "kW",      "W",    "W.import.demand.max"],
    [  41, "R",   "NV", "UInt",  "kVAR",    "W",    "var.import.demand.max"],
    [  42, "R",   "NV", "UInt",  "kVA",     "W",    "VA.import.demand.max"],
  ],
};

const integersSince: Block<LevitonScale> = {
  title: "Integer Data: pulse counters and energy by phase",
  since: SINCE,
  // prettier-ignore
  rows: [
    [  43, "R",   "NV", "ULong", "",        "",     "pulses.1"],
    [  45, "R",   "NV", "ULong", "",        "",     "pulses.2"],
    [  47, "R",   "NV", "ULong", "kWh",     "E",    "Wh.a.import"],
    [  49, "R",   "NV", "ULong", "kWh",     "E",    "Wh.b.import"],
    [  51, "R",   "NV", "ULong", "kWh",     "E",    "Wh.c.import"],
  ],
};

const configuration = configurationBlock("ms", [
  [152, "R/W", "NV", "UInt", "", "", { setting: "powerUps" }],
  [153, "R", "NV", "UInt", "", "", { setting: "outputConfiguration" }],
  [154, "R", "", "UInt", "", "", { reserved: 0 }],
]);

const floats: Block<LevitonScale> = {
  title: "Floating Point Data",
  // prettier-ignore
  rows: [
    [ 257, "R",   "NV", "Float", "kWh",     "",     "Wh.import"],
    [ 259, "R",   "NV", "Float", "kWh",     "",     "Wh.import"],
    [ 261, "R",   "",   "Float", "kW",      "",     "W"],
    [ 263, "R",   "",   "Float", "kVAR",    "",     "var.absolute"],
    [ 265, "R",   "",   "Float", "kVA",     "",     "VA"],
    [ 267, "R",   "",   "Float", "Ratio",   "",     "PF"],
    [ 269, "R",   "",   "Float", "Volt",    "",     "V.ll"],
    [ 271, "R",   "",   "Float", "Volt",    "",     "V.ln"],
    [ 273, "R",   "",   "Float", "Amp",     "",     "A"],
    [ 275, "R",   "",   "Float", "kW",      "",     "W.a"],
    [ 277, "R",   "",   "Float", "kW",      "",     "W.b"],
    [ 279, "R",   "",   "Float", "kW",      "",     "W.c"],
    [ 281, "R",   "",   "Float", "Ratio",   "",     "PF.a"],
    [ 283, "R",   "",   "Float", "Ratio",   "",     "PF.b"],
    [ 285, "R",   "",   "Float", "Ratio",   "",     "PF.c"],
    [ 287, "R",   "",   "Float", "Volt",    "",     "V.ab"],
    [ 289, "R",   "",   "Float", "Volt",    "",     "V.bc"],
    [ 291, "R",   "",   "Float", "Volt",    "",     "V.ca"],
    [ 293, "R",   "",   "Float", "Volt",    "",     "V.a"],
    [ 295, "R",   "",   "Float", "Volt",    "",     "V.b"],
    [ 297, "R",   "",   "Float", "Volt",    "",     "V.c"],
    [ 299, "R",   "",   "Float", "Amp",     "",     "A.a"],
    [ 301, "R",   "",   "Float", "Amp",     "",     "A.b"],
    [ 303, "R",   "",   "Float", "Amp",     "",     "A.c"],
    [ 305, "R",   "",   "Float", "",        "",     { reserved: 0x7fc00000 }],
    [ 307, "R",   "",   "Float", "Hz",      "",     "Hz"],
    [ 309, "R",   "NV", "Float", "kVAh",    "",     "VAh.import"],
    [ 311, "R",   "NV", "Float", "kVARh",   "",     "varh.absolute"],
    [ 313, "R",   "",   "Float", "kVA",     "",     "VA.a"],
    [ 315, "R",   "",   "Float", "kVA",     "",     "VA.b"],
    [ 317, "R",   "",   "Float", "kVA",     "",     "VA.c"],
    [ 319, "R",   "",   "Float", "kVAR",    "",     "var.a.absolute"],
    [ 321, "R",   "",   "Float", "kVAR",    "",     "var.b.absolute"],
    [ 323, "R",   "",   "Float", "kVAR",    "",     "var.c.absolute"],
    [ 325, "R",   "",   "Float", "kW",      "",     "W.demand"],
    [ 327, "R",   "",   "Float", "kVAR",    "",     "var.demand"],
    [ 329, "R",   "NV", "Float", "kVA",     "",     "VA.demand"],
    [ 331, "R",   "NV", "Float", "kW",      "",     "W.import.demand.max"],
    [ 333, "R",   "NV", "Float", "kVAR",    "",     "var.import.demand.max"],
    [ 335, "R",   "NV", "Float", "kVA",     "",     "VA.import.demand.max"],
  ],
};

const floatsSince: Block<LevitonScale> = {
  title: "Floating Point Data: pulse counters and energy by phase",
  since: SINCE,
  // prettier-ignore
  rows: [
    [ 337, "R",   "NV", "Float", "",        "",     "pulses.1"],
    [ 339, "R",   "NV", "Float", "",        "",     "pulses.2"],
    [ 341, "R",   "NV", "Float", "kWh",     "",     "Wh.a.import"],
    [ 343, "R",   "NV", "Float", "kWh",     "",     "Wh.b.import"],
    [ 345, "R",   "NV", "Float", "kWh",     "",     "Wh.c.import"],
  ],
};

export const s4000Map: ModbusFace<LevitonScale>["map"] = {
  base: 1,
  scales: levitonScales,
  blocks: [integers, integersSince, configuration, logging, floats, floatsSince, firmware, logWindow],
};

export const s4000Instrument: InstrumentDesign = {
  ...levitonDesign,
  directional: false,
  settings: {
    ...levitonSettings,
    outputConfiguration: {
      default: 0,
      oneOf: [0, 2],
      means: "third output: RS-485 or VAR pulse",
      words: { "RS-485": 0, "VAR pulse": 2 },
    },
    powerUps: { default: 0, within: [[0, 32767]], means: "power-up counter", volatile: true },
    ...logPointers([1, 2, 29, 30, 37, 38, 39, 155, 156, 157]),
  },
  pulseCounts: ["Wh.import", "varh.absolute"],
};

export const levitonS4000k: MeterModel = {
  name: "leviton-s4000k",
  title: "Leviton VerifEye Series 4000-K",
  manual: "Series 4000-K Compact Modbus Power and Energy Meter, ZL0138-0A",
  manufacturer: "Leviton",
  product: "Series 4000",
  options: { plain: "FDS", logging: "FDS+LOG" },
  firmware: 1019,
  instrument: s4000Instrument,
  modbus: {
    map: s4000Map,
    serverId: levitonServerId("Leviton Series 4000K Power Meter Full Data Set"),
    identification: { vendor: "Leviton", product: "Series 4000", revision: "{version}" },
  },
};
