/**
 * Chint DTSU666: "DTSU666 series and DSSU666 series three phase electronic energy meter, user manual" (ZTY0.464.1448), table 11.
 * IEEE floats, the upper word first, function 0x03, numbers as on the wire. Voltages and powers are in tenths, currents and power
 * factors in thousandths, the frequency in hundredths: the manual's units, and mbmd fb8f9c2 (DTSU666). The demand at 0x2050 as
 * aggsoft.com lists it.
 */
import type { ModbusFace, Row } from "#protocol/modbus/register-table.ts";
import type { MeterModel } from "./model.ts";
import { connectedAs } from "./virtual-design.ts";

// prettier-ignore
const configuration: readonly Row<never>[] = [
  // Version of the software and programming code, as emulators that inverters take have them.
  [0x0000, "R",   "",   "UInt", "", "", { constant: 204 }],
  [0x0001, "R",   "",   "UInt", "", "", { constant: 701 }],
  [0x0002, "R",   "",   "UInt", "", "", { constant: 0 }],
  // Network: three phases, four wires.
  [0x0003, "R",   "NV", "UInt", "", "", { wiring: { wye: 0 } }],
  // Transformers: ratios of 1 and, in tenths, of 1.0. What it shows is primary.
  [0x0006, "R",   "NV", "UInt", "", "", { constant: 1 }],
  [0x0007, "R",   "NV", "UInt", "", "", { constant: 10 }],
  // Rotating display, its light, word order.
  [0x000a, "R",   "NV", "UInt", "", "", { constant: 0 }],
  [0x000b, "R",   "NV", "UInt", "", "", { constant: 0 }],
  [0x000c, "R",   "NV", "UInt", "", "", { constant: 0 }],
  // Protocol: n.2, n.1, E.1, o.1.
  [0x002c, "R",   "NV", "UInt", "", "", { setting: "parity", as: { 0: 3, 1: 4, 2: 5 } }],
  [0x002d, "R",   "NV", "UInt", "", "", { setting: "baud", as: { 1200: 0, 2400: 1, 4800: 2, 9600: 3, 19_200: 4 } }],
  [0x002e, "R",   "NV", "UInt", "", "", { identity: "unit" }],
];

// prettier-ignore
const energies: readonly Row<never>[] = [
  [0x101e, "R", "NV", "Float", "kWh", "", "Wh.import"],
  [0x1020, "R", "NV", "Float", "kWh", "", "Wh.a.import"],
  [0x1022, "R", "NV", "Float", "kWh", "", "Wh.b.import"],
  [0x1024, "R", "NV", "Float", "kWh", "", "Wh.c.import"],
  [0x1026, "R", "NV", "Float", "kWh", "", "Wh.import"],
  [0x1028, "R", "NV", "Float", "kWh", "", "Wh.export"],
  [0x102a, "R", "NV", "Float", "kWh", "", "Wh.a.export"],
  [0x102c, "R", "NV", "Float", "kWh", "", "Wh.b.export"],
  [0x102e, "R", "NV", "Float", "kWh", "", "Wh.c.export"],
  [0x1030, "R", "NV", "Float", "kWh", "", "Wh.export"],
];

// prettier-ignore
const measured: readonly Row<never>[] = [
  [0x2000, "R", "", "Float", "Volts", 0.1,   "V.ab"],
  [0x2002, "R", "", "Float", "Volts", 0.1,   "V.bc"],
  [0x2004, "R", "", "Float", "Volts", 0.1,   "V.ca"],
  [0x2006, "R", "", "Float", "Volts", 0.1,   "V.a"],
  [0x2008, "R", "", "Float", "Volts", 0.1,   "V.b"],
  [0x200a, "R", "", "Float", "Volts", 0.1,   "V.c"],
  [0x200c, "R", "", "Float", "Amps",  0.001, "A.a"],
  [0x200e, "R", "", "Float", "Amps",  0.001, "A.b"],
  [0x2010, "R", "", "Float", "Amps",  0.001, "A.c"],
  [0x2012, "R", "", "Float", "Watts", 0.1,   "W"],
  [0x2014, "R", "", "Float", "Watts", 0.1,   "W.a"],
  [0x2016, "R", "", "Float", "Watts", 0.1,   "W.b"],
  [0x2018, "R", "", "Float", "Watts", 0.1,   "W.c"],
  [0x201a, "R", "", "Float", "VAR",   0.1,   "var"],
  [0x201c, "R", "", "Float", "VAR",   0.1,   "var.a"],
  [0x201e, "R", "", "Float", "VAR",   0.1,   "var.b"],
  [0x2020, "R", "", "Float", "VAR",   0.1,   "var.c"],
  [0x202a, "R", "", "Float", "Ratio", 0.001, "PF"],
  [0x202c, "R", "", "Float", "Ratio", 0.001, "PF.a"],
  [0x202e, "R", "", "Float", "Ratio", 0.001, "PF.b"],
  [0x2030, "R", "", "Float", "Ratio", 0.001, "PF.c"],
  [0x2044, "R", "", "Float", "Hertz", 0.01,  "Hz"],
  [0x2050, "R", "", "Float", "Watts", 0.1,   "W.demand"],
];

const modbus: ModbusFace<never> = {
  map: {
    base: 0,
    numbers: "hexadecimal",
    scales: {},
    blocks: [
      { title: "Parameters", absent: "zero", rows: configuration },
      { title: "Energies", absent: "zero", rows: energies },
      { title: "Measured", absent: "zero", rows: measured },
    ],
  },
  faultWhenUnmeasured: true,
};

export const chintDtsu666: MeterModel = {
  name: "chint-dtsu666",
  title: "Chint DTSU666",
  manual: "DTSU666 series and DSSU666 series user manual (ZTY0.464.1448)",
  manufacturer: "Chint",
  product: "DTSU666",
  options: { plain: "", logging: "" },
  firmware: 1000,
  instrument: connectedAs("wye"),
  modbus,
};
