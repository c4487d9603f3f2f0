/** Carlo Gavazzi EM112, one phase: "EM100 Series and ET100 Series Communication Protocol" rev. 2.6, tables 2.4-1 to 2.7.9. */
import type { ModbusFace, Row } from "#protocol/modbus/register-table.ts";
import type { MeterModel } from "./model.ts";
import { singlePhase } from "./virtual-design.ts";

/** EM112-DIN AV1 1 x S1 X. */
const IDENTIFICATION = 102;

// prettier-ignore
const measured: readonly Row<never>[] = [
  [0x0000, "R", "", "SLong", "Volts",     0.1,   "V.a"],
  [0x0002, "R", "", "SLong", "Amps",      0.001, "A.a"],
  [0x0004, "R", "", "SLong", "Watts",     0.1,   "W"],
  [0x0006, "R", "", "SLong", "Volt-Amps", 0.1,   "VA"],
  [0x0008, "R", "", "SLong", "VAR",       0.1,   "var"],
  [0x000a, "R", "", "SLong", "Watts",     0.1,   "W.demand"],
  [0x000c, "R", "", "SLong", "Watts",     0.1,   "W.demand.max"],
  [0x000e, "R", "", "SInt",  "Ratio",     0.001, "PF"],
  [0x000f, "R", "", "SInt",  "Hertz",     0.1,   "Hz"],
  [0x0010, "R", "", "SLong", "kWh",       0.1,   "Wh.import"],
  [0x0012, "R", "", "SLong", "kVARh",     0.1,   "varh.import"],
  // The partial counters, which nobody has cleared.
  [0x0014, "R", "", "SLong", "kWh",       0.1,   "Wh.import"],
  [0x0016, "R", "", "SLong", "kVARh",     0.1,   "varh.import"],
  [0x0020, "R", "", "SLong", "kWh",       0.1,   "Wh.export"],
  [0x0022, "R", "", "SLong", "kVARh",     0.1,   "varh.export"],
  // What lies between them is "not available, value = 0", up to here.
  [0x0034, "R", "", "SLong", "",          "",    { constant: 0 }],
];

// prettier-ignore
const configuration: readonly Row<never>[] = [
  [0x0302, "R",   "", "UInt",        "",      "", { constant: 0 }],
  [0x0303, "R",   "", "UInt",        "",      "", { constant: 0 }],
  [0x1002, "R/W", "", "UInt",        "",      "", { wiring: { "1-phase-ln": 0 } }],
  // Measurement mode B, both directions.
  [0x1103, "R/W", "", "UInt",        "",      "", { reserved: 1 }],
  [0x2000, "R",   "", "UInt",        "",      "", { identity: "unit" }],
  [0x5000, "R",   "", "String (14)", "ASCII", "", { text: "serial" }],
];

const modbus: ModbusFace<never> = {
  map: {
    base: 0,
    numbers: "hexadecimal",
    scales: {},
    lowWordFirst: true,
    alone: { 0x000b: IDENTIFICATION },
    blocks: [
      { title: "Instantaneous variables and meters", absent: "zero", fill: 0, rows: measured },
      { title: "Identification and configuration", absent: "zero", rows: configuration },
    ],
  },
  // "Maximum 50 registers with a single request."
  reads: { most: 50 },
  faultWhenUnmeasured: true,
};

export const em112: MeterModel = {
  name: "em112",
  title: "Carlo Gavazzi EM112, one phase",
  manual: "EM100 Series and ET100 Series Communication Protocol rev. 2.6",
  manufacturer: "Carlo Gavazzi",
  product: "EM112",
  options: { plain: "", logging: "" },
  firmware: 1000,
  instrument: singlePhase,
  modbus,
};
