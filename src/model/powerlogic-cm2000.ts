/**
 * Schneider PowerLogic Series 2000 Circuit Monitor: an older numbering, the energies in another order, and none that can be preset.
 * The Power Meter's register list has the same numbering; what that meter lacks stands in the list of a maker of data loggers.
 */
import type { Block, ModbusFace } from "#protocol/modbus/register-table.ts";
import type { MeterModel } from "./model.ts";
import { commandBlock, commandsWithoutPreset } from "./powerlogic-commands.ts";
import { PANEL_PASSWORD, powerlogicDesign } from "./powerlogic-design.ts";
import { extremesOf, moment, NOT_AVAILABLE } from "./powerlogic-metering.ts";
import { memory, meter600, monitor2000, transfer } from "./powerlogic-sources.ts";

/** Registers 2020, 2023, 2024: amps, volts, power. */
type Scale = "A" | "D" | "E";

const realTime: Block<Scale> = {
  title: "Real-time metered values",
  fill: NOT_AVAILABLE,
  // prettier-ignore
  rows: [
    [1000, "R", "", "UInt", "ms",    "",   { constant: 1000 }, meter600],
    [1001, "R", "", "SInt", "Hertz", 0.01, "Hz",               meter600],
    [1003, "R", "", "SInt", "Amps",  "A",  "A.a",              meter600],
    [1004, "R", "", "SInt", "Amps",  "A",  "A.b",              meter600],
    [1005, "R", "", "SInt", "Amps",  "A",  "A.c",              meter600],
    [1006, "R", "", "SInt", "Amps",  "A",  "A.n",              meter600],
    [1008, "R", "", "SInt", "Amps",  "A",  "A",                monitor2000],
    [1010, "R", "", "SInt", "",      0.1,  "unbalance.A.a",    meter600],
    [1011, "R", "", "SInt", "",      0.1,  "unbalance.A.b",    meter600],
    [1012, "R", "", "SInt", "",      0.1,  "unbalance.A.c",    meter600],
    [1013, "R", "", "SInt", "",      0.1,  "unbalance.A",      meter600],
    [1014, "R", "", "SInt", "Volts", "D",  "V.ab",             meter600],
    [1015, "R", "", "SInt", "Volts", "D",  "V.bc",             meter600],
    [1016, "R", "", "SInt", "Volts", "D",  "V.ca",             meter600],
    [1017, "R", "", "SInt", "Volts", "D",  "V.ll",             monitor2000],
    [1018, "R", "", "SInt", "Volts", "D",  "V.a",              meter600],
    [1019, "R", "", "SInt", "Volts", "D",  "V.b",              meter600],
    [1020, "R", "", "SInt", "Volts", "D",  "V.c",              meter600],
    [1021, "R", "", "SInt", "Volts", "D",  "V.ln",             monitor2000],
    [1022, "R", "", "SInt", "",      0.1,  "unbalance.V.ab",   meter600],
    [1023, "R", "", "SInt", "",      0.1,  "unbalance.V.bc",   meter600],
    [1024, "R", "", "SInt", "",      0.1,  "unbalance.V.ca",   meter600],
    [1025, "R", "", "SInt", "",      0.1,  "unbalance.V.ll",   meter600],
    [1026, "R", "", "SInt", "",      0.1,  "unbalance.V.a",    meter600],
    [1027, "R", "", "SInt", "",      0.1,  "unbalance.V.b",    meter600],
    [1028, "R", "", "SInt", "",      0.1,  "unbalance.V.c",    meter600],
    [1029, "R", "", "SInt", "",      0.1,  "unbalance.V.ln",   meter600],
    [1031, "R", "", "PF",   "",      "",   "PF.a.leadlag",     meter600],
    [1032, "R", "", "PF",   "",      "",   "PF.b.leadlag",     meter600],
    [1033, "R", "", "PF",   "",      "",   "PF.c.leadlag",     meter600],
    [1034, "R", "", "PF",   "",      "",   "PF.leadlag",       meter600],
    [1035, "R", "", "PF",   "",      "",   "DPF.a.leadlag", monitor2000],
    [1036, "R", "", "PF",   "",      "",   "DPF.b.leadlag", monitor2000],
    [1037, "R", "", "PF",   "",      "",   "DPF.c.leadlag", monitor2000],
    [1038, "R", "", "PF",   "",      "",   "DPF.leadlag",   monitor2000],
    [1039, "R", "", "SInt", "kW",    "E",  "W.a",              meter600],
    [1040, "R", "", "SInt", "kW",    "E",  "W.b",              meter600],
    [1041, "R", "", "SInt", "kW",    "E",  "W.c",              meter600],
    [1042, "R", "", "SInt", "kW",    "E",  "W",                meter600],
    [1043, "R", "", "SInt", "kVAR",  "E",  "var.a",            meter600],
    [1044, "R", "", "SInt", "kVAR",  "E",  "var.b",            meter600],
    [1045, "R", "", "SInt", "kVAR",  "E",  "var.c",            meter600],
    [1046, "R", "", "SInt", "kVAR",  "E",  "var",              meter600],
    [1047, "R", "", "SInt", "kVA",   "E",  "VA.a",             meter600],
    [1048, "R", "", "SInt", "kVA",   "E",  "VA.b",             meter600],
    [1049, "R", "", "SInt", "kVA",   "E",  "VA.c",             meter600],
    [1050, "R", "", "SInt", "kVA",   "E",  "VA",               meter600],
    [1051, "R", "", "SInt", "",      0.1,  "THD.A.a",          meter600],
    [1052, "R", "", "SInt", "",      0.1,  "THD.A.b",          meter600],
    [1053, "R", "", "SInt", "",      0.1,  "THD.A.c",          meter600],
    [1055, "R", "", "SInt", "",      0.1,  "THD.V.a",          meter600],
    [1056, "R", "", "SInt", "",      0.1,  "THD.V.b",          meter600],
    [1057, "R", "", "SInt", "",      0.1,  "THD.V.c",          meter600],
    [1058, "R", "", "SInt", "",      0.1,  "THD.V.ab",         memory],
    [1059, "R", "", "SInt", "",      0.1,  "THD.V.bc",         memory],
    [1060, "R", "", "SInt", "",      0.1,  "THD.V.ca",         memory],
    [1071, "R", "", "SInt", "",      0.1,  "K.A.a",            memory],
    [1072, "R", "", "SInt", "",      0.1,  "K.A.b",            memory],
    [1073, "R", "", "SInt", "",      0.1,  "K.A.c",            memory],
    [1078, "R", "", "SInt",  "Amps",  "A",  "A.a.fundamental",  memory],
    [1079, "R", "", "Angle", "",      0.1,  "deg.A.a",          memory],
    [1080, "R", "", "SInt",  "Amps",  "A",  "A.b.fundamental",  memory],
    [1081, "R", "", "Angle", "",      0.1,  "deg.A.b",          memory],
    [1082, "R", "", "SInt",  "Amps",  "A",  "A.c.fundamental",  memory],
    [1083, "R", "", "Angle", "",      0.1,  "deg.A.c",          memory],
    [1088, "R", "", "SInt",  "Volts", "D",  "V.a.fundamental",  memory],
    [1089, "R", "", "Angle", "",      0.1,  "deg.V.a",          memory],
    [1090, "R", "", "SInt",  "Volts", "D",  "V.b.fundamental",  memory],
    [1091, "R", "", "Angle", "",      0.1,  "deg.V.b",          memory],
    [1092, "R", "", "SInt",  "Volts", "D",  "V.c.fundamental",  meter600],
    [1093, "R", "", "Angle", "",      0.1,  "deg.V.c",          meter600],
    [1094, "R", "", "SInt",  "Volts", "D",  "V.ab.fundamental", meter600],
    [1095, "R", "", "Angle", "",      0.1,  "deg.V.ab",         meter600],
    [1096, "R", "", "SInt",  "Volts", "D",  "V.bc.fundamental", meter600],
    [1097, "R", "", "Angle", "",      0.1,  "deg.V.bc",         meter600],
    [1098, "R", "", "SInt",  "Volts", "D",  "V.ca.fundamental", meter600],
    [1099, "R", "", "Angle", "",      0.1,  "deg.V.ca",         meter600],
  ],
};

/** The list that has the extremes has those of its own readings. */
const printed = new Set(realTime.rows.flatMap(([reg, , , , , , , source]) => (source === meter600 ? [reg] : [])));
const extremesSource = (register: number): string =>
  printed.has(register - 200) || printed.has(register - 400) ? meter600 : memory;

const energy: Block<never> = {
  title: "Energy",
  // prettier-ignore
  rows: [
    [1601, "R", "NV", "Mod10000 (4)", "Wh",   "", "Wh.import",    transfer],
    [1605, "R", "NV", "Mod10000 (4)", "VARh", "", "varh.import",  transfer],
    [1609, "R", "NV", "Mod10000 (4)", "Wh",   "", "Wh.export",    transfer],
    [1613, "R", "NV", "Mod10000 (4)", "VARh", "", "varh.export",  transfer],
    [1617, "R", "NV", "Mod10000 (4)", "VAh",  "", "VAh.absolute", transfer],
    [1621, "R", "NV", "Mod10000 (4)", "Wh",   "", "Wh.total",     transfer],
    [1625, "R", "NV", "Mod10000 (4)", "VARh", "", "varh.total",   transfer],
  ],
};

const demand: Block<Scale> = {
  title: "Demand",
  fill: NOT_AVAILABLE,
  // prettier-ignore
  rows: [
    [1701, "R", "",   "SInt", "Amps", "A", "A.a.demand",            memory],
    [1702, "R", "",   "SInt", "Amps", "A", "A.b.demand",            memory],
    [1703, "R", "",   "SInt", "Amps", "A", "A.c.demand",            memory],
    [1704, "R", "",   "SInt", "Amps", "A", "A.n.demand",            memory],
    [1709, "R", "NV", "SInt", "Amps", "A", "A.a.demand.max",        memory],
    [1710, "R", "NV", "SInt", "Amps", "A", "A.b.demand.max",        memory],
    [1711, "R", "NV", "SInt", "Amps", "A", "A.c.demand.max",        memory],
    [1712, "R", "NV", "SInt", "Amps", "A", "A.n.demand.max",        memory],
    [1731, "R", "",   "SInt", "kW",   "E", "W.demand",              meter600],
    [1732, "R", "",   "SInt", "kVAR", "E", "var.demand",            meter600],
    [1733, "R", "",   "SInt", "kVA",  "E", "VA.demand",             meter600],
    [1734, "R", "NV", "SInt", "kW",   "E", "W.import.demand.max",   meter600],
    [1735, "R", "NV", "PF",   "",     "",  "W.peak.PF",             meter600],
    [1738, "R", "NV", "SInt", "kVAR", "E", "var.import.demand.max", meter600],
    [1739, "R", "NV", "PF",   "",     "",  "var.peak.PF",           meter600],
    [1742, "R", "NV", "SInt", "kVA",  "E", "VA.import.demand.max",  meter600],
    [1743, "R", "NV", "PF",   "",     "",  "VA.peak.PF",            meter600],
    [1746, "R", "",   "SInt", "kW",   "E", "W.demand.predicted",    meter600],
    [1747, "R", "",   "SInt", "kVAR", "E", "var.demand.predicted",  meter600],
    [1748, "R", "",   "SInt", "kVA",  "E", "VA.demand.predicted",   meter600],
  ],
};

const dates: Block<never> = {
  title: "Dates and times",
  fill: NOT_AVAILABLE,
  // prettier-ignore
  rows: [
    ...moment(1800, "restart",               meter600),
    ...moment(1803, "A.a.demand.max",        meter600),
    ...moment(1806, "A.b.demand.max",        meter600),
    ...moment(1809, "A.c.demand.max",        meter600),
    ...moment(1812, "W.import.demand.max",   meter600),
    ...moment(1818, "extremes.reset",        meter600),
    ...moment(1824, "demand.reset",          meter600),
    ...moment(1827, "energy.cleared",        meter600),
    [1842, "R/W", "", "UInt", "", "", { clock: "month, day", set: true },     meter600],
    [1843, "R/W", "", "UInt", "", "", { clock: "year, hour", set: true },     meter600],
    [1844, "R/W", "", "UInt", "", "", { clock: "minute, second", set: true }, meter600],
    ...moment(1857, "var.import.demand.max", meter600),
    ...moment(1860, "VA.import.demand.max",  meter600),
    ...moment(1875, "A.n.demand.max",        meter600),
  ],
};

const configuration: Block<Scale> = {
  title: "Configuration (read only)",
  fill: NOT_AVAILABLE,
  // prettier-ignore
  rows: [
    [2001, "R", "NV", "UInt", "",        "", { setting: "systemType" },        meter600],
    [2002, "R", "NV", "UInt", "Amps",    "", { setting: "ctPrimary" },         meter600],
    [2003, "R", "NV", "UInt", "Amps",    "", { setting: "ctSecondary" },       meter600],
    [2006, "R", "NV", "UInt", "Volts",   "", { setting: "ptPrimary" },         meter600],
    [2007, "R", "NV", "SInt", "",        "", { setting: "ptPrimaryScale" },    meter600],
    [2008, "R", "NV", "UInt", "Volts",   "", { setting: "ptSecondary" },       meter600],
    [2016, "R", "NV", "UInt", "Hertz",   "", { setting: "nominalHertz" },      meter600],
    [2020, "R", "NV", "SInt", "SF",      "", { scale: "A" },                   meter600],
    [2023, "R", "NV", "SInt", "SF",      "", { scale: "D" },                   meter600],
    [2024, "R", "NV", "SInt", "SF",      "", { scale: "E" },                   meter600],
    [2077, "R", "NV", "UInt", "Minutes", 60, { setting: "demandSubInterval" }, meter600],
  ],
};

const modbus: ModbusFace<Scale> = {
  map: {
    base: 1,
    scales: { A: { exponent: "exponent.A" }, D: { exponent: "exponent.V" }, E: { exponent: "exponent.W" } },
    commands: commandsWithoutPreset,
    blocks: [
      realTime,
      extremesOf(realTime, "min", 200, extremesSource),
      extremesOf(realTime, "max", 400, extremesSource),
      energy,
      demand,
      dates,
      configuration,
      commandBlock,
    ],
  },
  serverId: { id: 250, status: 0xff, text: "CM2000 Circuit Monitor" },
  identification: { vendor: "Square D", product: "CM2000", revision: "{version}" },
};

export const powerlogicCm2000: MeterModel = {
  name: "powerlogic-cm2000",
  title: "Schneider PowerLogic CM2000 Circuit Monitor",
  manual: "3020IM9503R6/98, Appendix F; Transferring energy readings between PowerLogic meters, Table 1",
  manufacturer: "Square D",
  product: "CM2000",
  options: { plain: "", logging: "" },
  firmware: 16_000,
  instrument: powerlogicDesign,
  modbus,
  panelPassword: PANEL_PASSWORD,
};
