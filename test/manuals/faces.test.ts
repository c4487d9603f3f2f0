/** Faces against the documents of the products that they play. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { et340 } from "#model/carlo-gavazzi-300.ts";
import { em112 } from "#model/em112.ts";
import { eastronSdm120 } from "#model/eastron-sdm120.ts";
import { eastronSdm230 } from "#model/eastron-sdm230.ts";
import { eastronSdm630 } from "#model/eastron-sdm630.ts";
import { eastronSdm72d } from "#model/eastron-sdm72d.ts";
import { wattnodeWnc } from "#model/wattnode-wnc.ts";
import { holdAgainst, readTable } from "./manual.ts";

/** Eastron's words. */
const eastron = {
  units: {
    V: "Volts",
    A: "Amps",
    W: "Watts",
    VA: "Volt-Amps",
    VAr: "VAR",
    None: "Ratio",
    Hz: "Hertz",
    kwh: "kWh",
    kvarh: "kVARh",
    kVArh: "kVARh",
    Kvarh: "kVARh",
    Degrees: "",
    "%": "",
    Ah: "",
  },
} as const;

holdAgainst({
  model: eastronSdm630,
  table: "input",
  tables: ["eastron-sdm630-input.tsv"],
  spelled: eastron,
  // prettier-ignore
  errata: [
    [0x0056, 0x0056, "units", "VA", "Watts", "the maximum of the power demand at 0x0054, which is in W"],
  ],
  moved: [
    [0x0058, 0x005e, "asked for by the client sdm_modbus 0.7: demand by direction"],
    [0x00fe, 0x00fe, "in the list of the SDM630 before it"],
    [0x014e, 0x0154, "distortion of the voltages from line to line is not measured: it reads 0"],
  ],
});

test("eastron-sdm630: what the list crosses out for three wires is what the face fills with a neutral only", () => {
  const printed = new Map(readTable("eastron-sdm630-input.tsv").map(({ reg, cells }) => [reg, cells["3P4W 3P3W 1P2W"]]));
  for (const { only, rows, table } of eastronSdm630.modbus.map.blocks) {
    for (const [reg] of rows) {
      const marks = table === "input" ? printed.get(reg) : undefined;
      if (marks !== undefined) assert.equal(marks[1] === "-", only !== undefined, `0x${reg.toString(16)}: ${marks}`);
    }
  }
});

holdAgainst({
  model: eastronSdm120,
  table: "input",
  tables: ["eastron-sdm120-input.tsv"],
  spelled: eastron,
  errata: [],
  moved: [[0x0024, 0x0024, "asked for by the client sdm_modbus 0.7: the phase angle"]],
});

holdAgainst({
  model: eastronSdm230,
  table: "input",
  tables: ["eastron-sdm230-input.tsv"],
  spelled: eastron,
  errata: [[0x0182, 0x0182, "units", "kWh", "kVARh", "a misprint: it is the reactive energy"]],
  moved: [[0x130c, 0x1574, "tariffs need an input for the second one"]],
});

holdAgainst({
  model: eastronSdm72d,
  table: "input",
  tables: ["eastron-sdm72d-input.tsv"],
  spelled: eastron,
  errata: [],
  moved: [],
});

holdAgainst({
  model: et340,
  tables: ["carlo-gavazzi-300.tsv"],
  spelled: {
    format: { INT32: "SLong", INT16: "SInt" },
    variable: {
      "V L1-N": "V.a",
      "V L2-N": "V.b",
      "V L3-N": "V.c",
      "V L1-L2": "V.ab",
      "V L2-L3": "V.bc",
      "V L3-L1": "V.ca",
      "A L1": "A.a",
      "A L2": "A.b",
      "A L3": "A.c",
      "W L1": "W.a",
      "W L2": "W.b",
      "W L3": "W.c",
      "VA L1": "VA.a",
      "VA L2": "VA.b",
      "VA L3": "VA.c",
      "VAR L1": "var.a",
      "VAR L2": "var.b",
      "VAR L3": "var.c",
      "V L-N sum": "V.ln",
      "V L-L sum": "V.ll",
      "W sum": "W",
      "VA sum": "VA",
      "VAR sum": "var",
      "PF L1": "PF.a",
      "PF L2": "PF.b",
      "PF L3": "PF.c",
      "PF sum": "PF",
      "Phase sequence": "sequence",
      Hz: "Hz",
      "kWh(+) TOT": "Wh.import",
      "kvarh(+) TOT": "varh.import",
      kWdmd: "W.demand",
      "kWdmd peak": "W.demand.max",
      "kWh(+) PARTIAL": "Wh.import",
      "kvarh(+) PARTIAL": "varh.import",
      "kWh(+) L1": "Wh.a.import",
      "kWh(+) L2": "Wh.b.import",
      "kWh(+) L3": "Wh.c.import",
      "kWh(-) TOT": "Wh.export",
      "kvarh(-) TOT": "varh.export",
      "kWh(-) L1": "Wh.a.export",
      "kWh(-) L2": "Wh.b.export",
      "kWh(-) L3": "Wh.c.export",
      "THD(16h) A L1": "THD.A.a",
      "THD(16h) A L2": "THD.A.b",
      "THD(16h) A L3": "THD.A.c",
      "THD(16h) V L-N sum": "THD.V",
      "THD(16h) V1-N": "THD.V.a",
      "THD(16h) V2-N": "THD.V.b",
      "THD(16h) V3-N": "THD.V.c",
    },
  },
  // prettier-ignore
  errata: [
    [0x0033, 0x0033, "format", "INT16", "UInt", "a frequency has no sign"],
  ],
  moved: [
    [0x0046, 0x004d, "tariffs, whose management is off: they read 0"],
    [0x0052, 0x005f, "not available, and the counter of hours: they read 0"],
    [0x0066, 0x0081, "not available: they read 0"],
    [0x0090, 0x0097, "not available: they read 0"],
    [0x0302, 0x5000, "tables 2.5-1 to 2.8-9"],
  ],
});

holdAgainst({
  model: wattnodeWnc,
  tables: ["wattnode-wnc.tsv"],
  spelled: {
    units: { W: "Watts", V: "Volts", A: "Amps", VA: "Volt-Amps", Hz: "Hertz" },
  },
  // prettier-ignore
  errata: [
    [1139, 1145, "units", "", "Ratio", "power factors have no unit"],
    [1603, 1606, "units", "1 A", "", "a setting is what its register says"],
    [1609, 1609, "units", "1 W", "", "a setting is what its register says"],
    [1610, 1610, "units", "1 minute", "", "a setting is what its register says"],
    [1612, 1614, "units", "1/10000th", "", "a setting is what its register says"],
    [1615, 1617, "units", "0.001 deg", "", "a setting is what its register says"],
    [1619, 1619, "units", "1 degree", "", "a setting is what its register says"],
    [1703, 1705, "units", "Seconds", "", "not counted: it reads 0"],
    [1710, 1723, "units", "n.a.", "", "no unit"],
  ],
  moved: [],
});

holdAgainst({
  model: em112,
  tables: ["carlo-gavazzi-em112.tsv"],
  spelled: {
    format: { INT32: "SLong", INT16: "SInt" },
    variable: {
      "V L-N": "V.a",
      A: "A.a",
      Var: "var",
      Wdmd: "W.demand",
      "Wdmd peak": "W.demand.max",
      "kWh(+) TOT": "Wh.import",
      "kvarh(+) TOT": "varh.import",
      "kWh(+) PARTIAL": "Wh.import",
      "kvarh(+) PARTIAL": "varh.import",
      "kWh(-) TOT": "Wh.export",
      "kvarh(-) TOT": "varh.export",
    },
  },
  errata: [],
  moved: [
    [0x0018, 0x001f, "tariffs, whose management is off: they read 0"],
    [0x0024, 0x0035, "not available, and the counter of hours: they read 0"],
    [0x0302, 0x5000, "tables 2.5-1 to 2.7.9"],
  ],
});
