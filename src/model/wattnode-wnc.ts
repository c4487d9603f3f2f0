/**
 * Continental Control Systems WattNode Modbus (WNC-3Y-400-MB): "WattNode Modbus Installation and Operation Manual" of 2011-11-30
 * and its register list for firmware 18. SolarEdge inverters read it. IEEE floats with the lower word first; registers are
 * numbered from 1. Power and current are positive when energy flows to the load, currents have the sign of their phase's power.
 */
import type { ModbusFace, Row } from "#protocol/modbus/register-table.ts";
import type { MeterModel } from "./model.ts";
import { connectedAs } from "./virtual-design.ts";

// prettier-ignore
const basic: readonly Row<never>[] = [
  [1001, "R", "NV", "Float", "kWh",   "", "Wh.net"],
  [1003, "R", "NV", "Float", "kWh",   "", "Wh.import"],
  [1005, "R", "NV", "Float", "kWh",   "", "Wh.net"],
  [1007, "R", "NV", "Float", "kWh",   "", "Wh.import"],
  [1009, "R", "",   "Float", "Watts", "", "W"],
  [1011, "R", "",   "Float", "Watts", "", "W.a"],
  [1013, "R", "",   "Float", "Watts", "", "W.b"],
  [1015, "R", "",   "Float", "Watts", "", "W.c"],
  [1017, "R", "",   "Float", "Volts", "", "V.ln"],
  [1019, "R", "",   "Float", "Volts", "", "V.a"],
  [1021, "R", "",   "Float", "Volts", "", "V.b"],
  [1023, "R", "",   "Float", "Volts", "", "V.c"],
  [1025, "R", "",   "Float", "Volts", "", "V.ll"],
  [1027, "R", "",   "Float", "Volts", "", "V.ab"],
  [1029, "R", "",   "Float", "Volts", "", "V.bc"],
  [1031, "R", "",   "Float", "Volts", "", "V.ca"],
  [1033, "R", "",   "Float", "Hertz", "", "Hz"],
];

// prettier-ignore
const advanced: readonly Row<never>[] = [
  [1101, "R", "NV", "Float", "kWh",       "", "Wh.a.net"],
  [1103, "R", "NV", "Float", "kWh",       "", "Wh.b.net"],
  [1105, "R", "NV", "Float", "kWh",       "", "Wh.c.net"],
  [1107, "R", "NV", "Float", "kWh",       "", "Wh.a.import"],
  [1109, "R", "NV", "Float", "kWh",       "", "Wh.b.import"],
  [1111, "R", "NV", "Float", "kWh",       "", "Wh.c.import"],
  [1113, "R", "NV", "Float", "kWh",       "", "Wh.export"],
  [1115, "R", "NV", "Float", "kWh",       "", "Wh.export"],
  [1117, "R", "NV", "Float", "kWh",       "", "Wh.a.export"],
  [1119, "R", "NV", "Float", "kWh",       "", "Wh.b.export"],
  [1121, "R", "NV", "Float", "kWh",       "", "Wh.c.export"],
  [1123, "R", "NV", "Float", "kVARh",     "", "varh.net"],
  [1125, "R", "NV", "Float", "kVARh",     "", "varh.a.net"],
  [1127, "R", "NV", "Float", "kVARh",     "", "varh.b.net"],
  [1129, "R", "NV", "Float", "kVARh",     "", "varh.c.net"],
  [1131, "R", "NV", "Float", "kVAh",      "", "VAh.absolute"],
  [1133, "R", "NV", "Float", "kVAh",      "", "VAh.a.absolute"],
  [1135, "R", "NV", "Float", "kVAh",      "", "VAh.b.absolute"],
  [1137, "R", "NV", "Float", "kVAh",      "", "VAh.c.absolute"],
  [1139, "R", "",   "Float", "Ratio",     "", "PF.average"],
  [1141, "R", "",   "Float", "Ratio",     "", "PF.a"],
  [1143, "R", "",   "Float", "Ratio",     "", "PF.b"],
  [1145, "R", "",   "Float", "Ratio",     "", "PF.c"],
  [1147, "R", "",   "Float", "VAR",       "", "var"],
  [1149, "R", "",   "Float", "VAR",       "", "var.a"],
  [1151, "R", "",   "Float", "VAR",       "", "var.b"],
  [1153, "R", "",   "Float", "VAR",       "", "var.c"],
  [1155, "R", "",   "Float", "Volt-Amps", "", "VA.arithmetic"],
  [1157, "R", "",   "Float", "Volt-Amps", "", "VA.a"],
  [1159, "R", "",   "Float", "Volt-Amps", "", "VA.b"],
  [1161, "R", "",   "Float", "Volt-Amps", "", "VA.c"],
  [1163, "R", "",   "Float", "Amps",      "", { signed: "A.a", like: "W.a" }],
  [1165, "R", "",   "Float", "Amps",      "", { signed: "A.b", like: "W.b" }],
  [1167, "R", "",   "Float", "Amps",      "", { signed: "A.c", like: "W.c" }],
  // "The demand measurements will report zero until one full demand interval is completed."
  [1169, "R", "",   "Float", "Watts",     "", "W.demand"],
  [1171, "R", "NV", "Float", "Watts",     "", "W.demand.min"],
  [1173, "R", "NV", "Float", "Watts",     "", "W.demand.max"],
  [1175, "R", "",   "Float", "Watts",     "", "VA.absolute.demand"],
  [1177, "R", "",   "Float", "Watts",     "", "W.a.demand"],
  [1179, "R", "",   "Float", "Watts",     "", "W.b.demand"],
  [1181, "R", "",   "Float", "Watts",     "", "W.c.demand"],
];

/** Adjustments are not made: gains of 1, phase angles as a transformer's usual lead of a degree has them. */
// prettier-ignore
const configuration: readonly Row<never>[] = [
  // The passcode: none.
  [1601, "R/W", "NV", "ULong", "", "", { reserved: 0 }],
  [1603, "R/W", "NV", "UInt",  "", "", { setting: "ctPrimary" }],
  [1604, "R/W", "NV", "UInt",  "", "", { setting: "ctPrimary" }],
  [1605, "R/W", "NV", "UInt",  "", "", { setting: "ctPrimary" }],
  [1606, "R/W", "NV", "UInt",  "", "", { setting: "ctPrimary" }],
  [1607, "R/W", "NV", "UInt",  "", "", { reserved: 0 }],
  // Averaging: SolarEdge inverters write 0 until they read it.
  [1608, "R/W", "NV", "UInt",  "", "", { reserved: 0 }],
  [1609, "R/W", "NV", "UInt",  "", "", { reserved: 0 }],
  [1610, "R/W", "NV", "UInt",  "", 60, { setting: "demandSubInterval" }],
  [1611, "R/W", "NV", "UInt",  "", "", { setting: "demandSubIntervals" }],
  [1612, "R/W", "NV", "UInt",  "", "", { reserved: 10_000 }],
  [1613, "R/W", "NV", "UInt",  "", "", { reserved: 10_000 }],
  [1614, "R/W", "NV", "UInt",  "", "", { reserved: 10_000 }],
  [1615, "R/W", "NV", "UInt",  "", "", { reserved: 0xfc18 }],
  [1616, "R/W", "NV", "UInt",  "", "", { reserved: 0xfc18 }],
  [1617, "R/W", "NV", "UInt",  "", "", { reserved: 0xfc18 }],
  [1618, "R/W", "NV", "UInt",  "", "", { reserved: 1500 }],
  // The angle between phases, degrees.
  [1619, "R",   "NV", "UInt",  "", "", { wiring: { wye: 120, "split-phase": 180, "1-phase-ln": 0 } }],
  [1620, "R/W", "",   "UInt",  "", "", { command: { 1: "clearEnergy" } }],
  [1621, "R/W", "",   "UInt",  "", "", { command: { 1: "resetMaxDemand" } }],
  [1622, "R/W", "NV", "UInt",  "", "", { reserved: 20_000 }],
  [1623, "R/W", "NV", "UInt",  "", "", { reserved: 0 }],
];

// prettier-ignore
const communication: readonly Row<never>[] = [
  [1651, "R/W", "NV", "UInt",  "", "", { reserved: 0 }],
  [1652, "R",   "NV", "UInt",  "", "", { identity: "unit" }],
  [1653, "R",   "NV", "UInt",  "", "", { setting: "baud", as: { 9600: 4, 19_200: 5, 38_400: 6 } }],
  [1654, "R",   "NV", "UInt",  "", "", { setting: "parity" }],
  [1655, "R",   "NV", "UInt",  "", "", { constant: 0 }],
  // Shortest delay of an answer, ms.
  [1656, "R/W", "NV", "UInt",  "", "", { reserved: 5 }],
];

/** Seconds since power came and of operation are not counted: they read 0, as no error does. */
// prettier-ignore
const diagnostics: readonly Row<never>[] = [
  [1701, "R",   "NV", "ULong", "", "", { identity: "serial number" }],
  [1703, "R",   "",   "ULong", "", "", { constant: 0 }],
  [1705, "R",   "NV", "ULong", "", "", { constant: 0 }],
  // WNC-3Y-400-MB, firmware 18, no options.
  [1707, "R",   "NV", "UInt",  "", "", { constant: 202 }],
  [1708, "R",   "NV", "UInt",  "", "", { constant: 18 }],
  [1709, "R",   "NV", "UInt",  "", "", { constant: 0 }],
  [1710, "R/W", "NV", "UInt",  "", "", { reserved: 0 }],
  [1711, "R/W", "NV", "UInt",  "", "", { reserved: 0 }],
  [1712, "R/W", "NV", "UInt",  "", "", { reserved: 0 }],
  [1713, "R/W", "NV", "UInt",  "", "", { reserved: 0 }],
  [1714, "R/W", "NV", "UInt",  "", "", { reserved: 0 }],
  [1715, "R/W", "NV", "UInt",  "", "", { reserved: 0 }],
  [1716, "R/W", "NV", "UInt",  "", "", { reserved: 0 }],
  [1717, "R/W", "NV", "UInt",  "", "", { reserved: 0 }],
  [1718, "R/W", "NV", "UInt",  "", "", { reserved: 0 }],
  [1719, "R/W", "NV", "UInt",  "", "", { reserved: 0 }],
  [1720, "R/W", "NV", "UInt",  "", "", { reserved: 0 }],
  [1721, "R/W", "NV", "UInt",  "", "", { reserved: 0 }],
  [1722, "R/W", "NV", "UInt",  "", "", { reserved: 0 }],
  [1723, "R/W", "NV", "UInt",  "", "", { reserved: 0 }],
];

const modbus: ModbusFace<never> = {
  map: {
    base: 1,
    scales: {},
    lowWordFirst: true,
    blocks: [
      // "Always returns zero; can be used to scan for active addresses."
      { title: "Dummy register", rows: [[1, "R", "", "ULong", "", "", { constant: 0 }]] },
      { title: "Basic registers, floating point", absent: "zero", rows: basic },
      { title: "Advanced registers, floating point", absent: "zero", rows: advanced },
      { title: "Configuration", absent: "zero", rows: configuration },
      { title: "Communication", absent: "zero", rows: communication },
      { title: "Diagnostics", rows: diagnostics },
    ],
  },
  faultWhenUnmeasured: true,
};

export const wattnodeWnc: MeterModel = {
  name: "wattnode-wnc",
  title: "WattNode Modbus, as SolarEdge inverters read it",
  manual: "WattNode Modbus Installation and Operation Manual, register list for firmware 18",
  manufacturer: "Continental Control Systems",
  product: "WNC-3Y-400-MB",
  options: { plain: "", logging: "" },
  firmware: 18_000,
  instrument: connectedAs("wye", "split-phase", "1-phase-ln"),
  modbus,
};
