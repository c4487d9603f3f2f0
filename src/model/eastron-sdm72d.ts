/** Eastron SDM72D-M of the second version: "SDM72D-M User Manual V1.1", input and holding registers. */
import type { ModbusFace, Row } from "#protocol/modbus/register-table.ts";
import { eastronCommunication, eastronDesignOf, eastronSerial } from "./eastron-design.ts";
import type { MeterModel } from "./model.ts";

/** Holding register 0xFC02. */
const METER_CODE = 0x0089;

// prettier-ignore
const inputs: readonly Row<never>[] = [
  [0x0000, "R", "", "Float", "Volts",     "", "V.a"],
  [0x0002, "R", "", "Float", "Volts",     "", "V.b"],
  [0x0004, "R", "", "Float", "Volts",     "", "V.c"],
  [0x0006, "R", "", "Float", "Amps",      "", "A.a"],
  [0x0008, "R", "", "Float", "Amps",      "", "A.b"],
  [0x000a, "R", "", "Float", "Amps",      "", "A.c"],
  [0x000c, "R", "", "Float", "Watts",     "", "W.a"],
  [0x000e, "R", "", "Float", "Watts",     "", "W.b"],
  [0x0010, "R", "", "Float", "Watts",     "", "W.c"],
  [0x0012, "R", "", "Float", "Volt-Amps", "", "VA.a"],
  [0x0014, "R", "", "Float", "Volt-Amps", "", "VA.b"],
  [0x0016, "R", "", "Float", "Volt-Amps", "", "VA.c"],
  [0x0018, "R", "", "Float", "VAR",       "", "var.a"],
  [0x001a, "R", "", "Float", "VAR",       "", "var.b"],
  [0x001c, "R", "", "Float", "VAR",       "", "var.c"],
  [0x001e, "R", "", "Float", "Ratio",     "", "PF.a"],
  [0x0020, "R", "", "Float", "Ratio",     "", "PF.b"],
  [0x0022, "R", "", "Float", "Ratio",     "", "PF.c"],
  [0x002a, "R", "", "Float", "Volts",     "", "V.ln"],
  [0x002e, "R", "", "Float", "Amps",      "", "A"],
  [0x0030, "R", "", "Float", "Amps",      "", "A.sum"],
  [0x0034, "R", "", "Float", "Watts",     "", "W"],
  [0x0038, "R", "", "Float", "Volt-Amps", "", "VA"],
  [0x003c, "R", "", "Float", "VAR",       "", "var"],
  [0x003e, "R", "", "Float", "Ratio",     "", "PF"],
  [0x0046, "R", "", "Float", "Hertz",     "", "Hz"],
  [0x0048, "R", "", "Float", "kWh",       "", "Wh.import"],
  [0x004a, "R", "", "Float", "kWh",       "", "Wh.export"],
  [0x00c8, "R", "", "Float", "Volts",     "", "V.ab"],
  [0x00ca, "R", "", "Float", "Volts",     "", "V.bc"],
  [0x00cc, "R", "", "Float", "Volts",     "", "V.ca"],
  [0x00ce, "R", "", "Float", "Volts",     "", "V.ll"],
  [0x00e0, "R", "", "Float", "Amps",      "", "A.n"],
  [0x0156, "R", "", "Float", "kWh",       "", "Wh.absolute"],
  [0x0158, "R", "", "Float", "kVARh",     "", "varh.absolute"],
  [0x0180, "R", "", "Float", "kWh",       "", "Wh.absolute"],
  [0x0184, "R", "", "Float", "kWh",       "", "Wh.import"],
  [0x0186, "R", "", "Float", "kWh",       "", "Wh.export"],
  [0x018c, "R", "", "Float", "kWh",       "", "Wh.net"],
];

// prettier-ignore
const directions: readonly Row<never>[] = [
  [0x0500, "R", "", "Float", "Watts",     "", "W.import"],
  [0x0502, "R", "", "Float", "Watts",     "", "W.export"],
];

// prettier-ignore
const configuration: readonly Row<never>[] = [
  [0x0000, "R", "", "Float",  "", "", { constant: 0 }],
  [0x000a, "R", "", "Float",  "", "", { wiring: { "1-phase-ln": 1, wye: 3 } }],
  // Width of a pulse in ms; key parameters may not be programmed.
  [0x000c, "R", "", "Float",  "", "", { constant: 100 }],
  [0x000e, "R", "", "Float",  "", "", { constant: 0 }],
  ...eastronCommunication,
  // Scrolling of the display in s, its light in minutes.
  [0x003a, "R", "", "Float",  "", "", { constant: 0 }],
  [0x003c, "R", "", "Float",  "", "", { constant: 60 }],
  // Energy of pulse output 1: export.
  [0x0056, "R", "", "Float",  "", "", { constant: 4 }],
];

const modbus: ModbusFace<never> = {
  map: {
    base: 0,
    numbers: "hexadecimal",
    scales: {},
    alone: { 0xfc02: METER_CODE },
    blocks: [
      { title: "Input registers", table: "input", absent: "zero", fill: 0, rows: inputs },
      { title: "Power by direction", table: "input", absent: "zero", rows: directions },
      { title: "Configuration", table: "holding", absent: "zero", fill: 0, rows: configuration },
      { title: "Serial number", table: "holding", rows: eastronSerial(METER_CODE) },
    ],
  },
  // "Each request must be restricted to 30 parameters or less."
  reads: { most: 60 },
  pairs: {},
  faultWhenUnmeasured: true,
};

export const eastronSdm72d: MeterModel = {
  name: "eastron-sdm72d",
  title: "Eastron SDM72D-M, second version",
  manual: "SDM72D-M User Manual V1.1",
  manufacturer: "Eastron",
  product: "SDM72D-M",
  options: { plain: "", logging: "" },
  firmware: 1000,
  instrument: eastronDesignOf("wye", "1-phase-ln"),
  modbus,
};
