/**
 * ABB B23: "B23/B24 User Manual" 2CMC485003M0201, chapter 9.4, and as Victron's dbus-modbus-client fe12d8c and mbmd fb8f9c2 read
 * it. Integers, the upper word first, numbers "exactly as sent on the bus". Energies by phase beyond 0x5477, phase angles and
 * quadrants from memory of the same tables (the A43's manual has them alike).
 *
 * "Quantities that a meter does not have read as invalid": all ones without a sign, else the largest positive number; "any block
 * of 1 to 125 registers" may be asked for.
 */
import type { ModbusFace, Row } from "#protocol/modbus/register-table.ts";
import type { MeterModel } from "./model.ts";
import { connectedAs } from "./virtual-design.ts";

const INVALID = 0xffff;

// prettier-ignore
const energies: readonly Row<never>[] = [
  [0x5000, "R", "NV", "UInt64", "kWh",   0.01, "Wh.import"],
  [0x5004, "R", "NV", "UInt64", "kWh",   0.01, "Wh.export"],
  [0x5008, "R", "NV", "Int64",  "kWh",   0.01, "Wh.net"],
  [0x500c, "R", "NV", "UInt64", "kVARh", 0.01, "varh.import"],
  [0x5010, "R", "NV", "UInt64", "kVARh", 0.01, "varh.export"],
  [0x5014, "R", "NV", "Int64",  "kVARh", 0.01, "varh.net"],
  [0x5018, "R", "NV", "UInt64", "kVAh",  0.01, "VAh.import"],
  [0x501c, "R", "NV", "UInt64", "kVAh",  0.01, "VAh.export"],
  [0x5020, "R", "NV", "Int64",  "kVAh",  0.01, "VAh.net"],
];

// prettier-ignore
const phaseEnergies: readonly Row<never>[] = [
  [0x5460, "R", "NV", "UInt64", "kWh",   0.01, "Wh.a.import"],
  [0x5464, "R", "NV", "UInt64", "kWh",   0.01, "Wh.b.import"],
  [0x5468, "R", "NV", "UInt64", "kWh",   0.01, "Wh.c.import"],
  [0x546c, "R", "NV", "UInt64", "kWh",   0.01, "Wh.a.export"],
  [0x5470, "R", "NV", "UInt64", "kWh",   0.01, "Wh.b.export"],
  [0x5474, "R", "NV", "UInt64", "kWh",   0.01, "Wh.c.export"],
  [0x5478, "R", "NV", "Int64",  "kWh",   0.01, "Wh.a.net"],
  [0x547c, "R", "NV", "Int64",  "kWh",   0.01, "Wh.b.net"],
  [0x5480, "R", "NV", "Int64",  "kWh",   0.01, "Wh.c.net"],
  [0x5484, "R", "NV", "UInt64", "kVARh", 0.01, "varh.a.import"],
  [0x5488, "R", "NV", "UInt64", "kVARh", 0.01, "varh.b.import"],
  [0x548c, "R", "NV", "UInt64", "kVARh", 0.01, "varh.c.import"],
  [0x5490, "R", "NV", "UInt64", "kVARh", 0.01, "varh.a.export"],
  [0x5494, "R", "NV", "UInt64", "kVARh", 0.01, "varh.b.export"],
  [0x5498, "R", "NV", "UInt64", "kVARh", 0.01, "varh.c.export"],
  [0x549c, "R", "NV", "Int64",  "kVARh", 0.01, "varh.a.net"],
  [0x54a0, "R", "NV", "Int64",  "kVARh", 0.01, "varh.b.net"],
  [0x54a4, "R", "NV", "Int64",  "kVARh", 0.01, "varh.c.net"],
  [0x54a8, "R", "NV", "UInt64", "kVAh",  0.01, "VAh.a.import"],
  [0x54ac, "R", "NV", "UInt64", "kVAh",  0.01, "VAh.b.import"],
  [0x54b0, "R", "NV", "UInt64", "kVAh",  0.01, "VAh.c.import"],
  [0x54b4, "R", "NV", "UInt64", "kVAh",  0.01, "VAh.a.export"],
  [0x54b8, "R", "NV", "UInt64", "kVAh",  0.01, "VAh.b.export"],
  [0x54bc, "R", "NV", "UInt64", "kVAh",  0.01, "VAh.c.export"],
  [0x54c0, "R", "NV", "Int64",  "kVAh",  0.01, "VAh.a.net"],
  [0x54c4, "R", "NV", "Int64",  "kVAh",  0.01, "VAh.b.net"],
  [0x54c8, "R", "NV", "Int64",  "kVAh",  0.01, "VAh.c.net"],
];

// prettier-ignore
const instantaneous: readonly Row<never>[] = [
  [0x5b00, "R", "", "ULong", "Volts",     0.1,   "V.a"],
  [0x5b02, "R", "", "ULong", "Volts",     0.1,   "V.b"],
  [0x5b04, "R", "", "ULong", "Volts",     0.1,   "V.c"],
  [0x5b06, "R", "", "ULong", "Volts",     0.1,   "V.ab"],
  // L3-L2, and L1-L3.
  [0x5b08, "R", "", "ULong", "Volts",     0.1,   "V.bc"],
  [0x5b0a, "R", "", "ULong", "Volts",     0.1,   "V.ca"],
  [0x5b0c, "R", "", "ULong", "Amps",      0.01,  "A.a"],
  [0x5b0e, "R", "", "ULong", "Amps",      0.01,  "A.b"],
  [0x5b10, "R", "", "ULong", "Amps",      0.01,  "A.c"],
  [0x5b12, "R", "", "ULong", "Amps",      0.01,  "A.n"],
  [0x5b14, "R", "", "SLong", "Watts",     0.01,  "W"],
  [0x5b16, "R", "", "SLong", "Watts",     0.01,  "W.a"],
  [0x5b18, "R", "", "SLong", "Watts",     0.01,  "W.b"],
  [0x5b1a, "R", "", "SLong", "Watts",     0.01,  "W.c"],
  [0x5b1c, "R", "", "SLong", "VAR",       0.01,  "var"],
  [0x5b1e, "R", "", "SLong", "VAR",       0.01,  "var.a"],
  [0x5b20, "R", "", "SLong", "VAR",       0.01,  "var.b"],
  [0x5b22, "R", "", "SLong", "VAR",       0.01,  "var.c"],
  [0x5b24, "R", "", "SLong", "Volt-Amps", 0.01,  "VA"],
  [0x5b26, "R", "", "SLong", "Volt-Amps", 0.01,  "VA.a"],
  [0x5b28, "R", "", "SLong", "Volt-Amps", 0.01,  "VA.b"],
  [0x5b2a, "R", "", "SLong", "Volt-Amps", 0.01,  "VA.c"],
  [0x5b2c, "R", "", "UInt",  "Hertz",     0.01,  "Hz"],
  // Angles of the power, degrees.
  [0x5b2d, "R", "", "SInt",  "",          0.1,   "deg"],
  [0x5b2e, "R", "", "SInt",  "",          0.1,   "deg.a"],
  [0x5b2f, "R", "", "SInt",  "",          0.1,   "deg.b"],
  [0x5b30, "R", "", "SInt",  "",          0.1,   "deg.c"],
  [0x5b3a, "R", "", "SInt",  "Ratio",     0.001, "PF"],
  [0x5b3b, "R", "", "SInt",  "Ratio",     0.001, "PF.a"],
  [0x5b3c, "R", "", "SInt",  "Ratio",     0.001, "PF.b"],
  [0x5b3d, "R", "", "SInt",  "Ratio",     0.001, "PF.c"],
  [0x5b3e, "R", "", "UInt",  "",          1,     "quadrant"],
  [0x5b3f, "R", "", "UInt",  "",          1,     "quadrant.a"],
  [0x5b40, "R", "", "UInt",  "",          1,     "quadrant.b"],
  [0x5b41, "R", "", "UInt",  "",          1,     "quadrant.c"],
];

// prettier-ignore
const identification: readonly Row<never>[] = [
  [0x8900, "R", "NV", "ULong",       "",      "", { identity: "serial number" }],
  [0x8908, "R", "NV", "String (16)", "ASCII", "", { text: "version" }],
  // Victron looks for "B23 " in its first two registers.
  [0x8960, "R", "NV", "String (12)", "ASCII", "", { words: "B23 112-100" }],
];

const modbus: ModbusFace<never> = {
  map: {
    base: 0,
    numbers: "hexadecimal",
    scales: {},
    blocks: [
      { title: "Total energy accumulators", absent: "largest", rows: energies },
      { title: "Energy accumulators per phase", absent: "largest", rows: phaseEnergies },
      { title: "Instantaneous values", absent: "largest", fill: INVALID, rows: instantaneous },
      { title: "Production data and identification", rows: identification },
    ],
  },
  faultWhenUnmeasured: true,
};

export const abbB23: MeterModel = {
  name: "abb-b23",
  title: "ABB B23",
  manual: "B23/B24 User Manual 2CMC485003M0201",
  manufacturer: "ABB",
  product: "B23",
  options: { plain: "", logging: "" },
  firmware: 1000,
  // One phase is the B21's.
  instrument: connectedAs("wye", "two-element"),
  modbus,
};
