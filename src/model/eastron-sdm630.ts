/**
 * Eastron SDM630-Modbus: "SDM630Modbus Smart Meter Modbus Protocol Implementation V1.8", tables 1.2.1 (input registers, function
 * 0x04) and 1.3.1 (holding registers, 0x03). IEEE floats, the upper word first, numbers as on the wire. From the list of the
 * SDM630 before it ("V2.0" of 2013): 0x00FE. As the client sdm_modbus 0.7 asks for them: 0x0058 to 0x005E.
 */
import type { ModbusFace, Row } from "#protocol/modbus/register-table.ts";
import { eastronCommunication, eastronDesignOf, eastronSerial } from "./eastron-design.ts";
import type { MeterModel } from "./model.ts";

/**
 * What any register reads that is asked for by itself, "an instrument type specific value": Solax inverters ask for holding
 * register 0x000B so before anything else. The value from memory of the meter code at 0xFC02 in later lists.
 */
const METER_CODE = 0x0070;

/** What the list marks as valid for 3P4W and 1P2W only: in 3P3W it reads 0. */
// prettier-ignore
const toNeutral: readonly Row<never>[] = [
  [0x0000, "R", "", "Float", "Volts",     "", "V.a"],
  [0x0002, "R", "", "Float", "Volts",     "", "V.b"],
  [0x0004, "R", "", "Float", "Volts",     "", "V.c"],
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
  [0x0024, "R", "", "Float", "",          "", "deg.a"],
  [0x0026, "R", "", "Float", "",          "", "deg.b"],
  [0x0028, "R", "", "Float", "",          "", "deg.c"],
  [0x002a, "R", "", "Float", "Volts",     "", "V.ln"],
  [0x0068, "R", "", "Float", "Amps",      "", "A.n.demand"],
  [0x006a, "R", "", "Float", "Amps",      "", "A.n.demand.max"],
  [0x00e0, "R", "", "Float", "Amps",      "", "A.n"],
  [0x00ea, "R", "", "Float", "",          "", "THD.V.a"],
  [0x00ec, "R", "", "Float", "",          "", "THD.V.b"],
  [0x00ee, "R", "", "Float", "",          "", "THD.V.c"],
  [0x00f8, "R", "", "Float", "",          "", "THD.V"],
];

// prettier-ignore
const system: readonly Row<never>[] = [
  [0x0006, "R", "", "Float", "Amps",      "", "A.a"],
  [0x0008, "R", "", "Float", "Amps",      "", "A.b"],
  [0x000a, "R", "", "Float", "Amps",      "", "A.c"],
  [0x002e, "R", "", "Float", "Amps",      "", "A"],
  [0x0030, "R", "", "Float", "Amps",      "", "A.sum"],
  [0x0034, "R", "", "Float", "Watts",     "", "W"],
  [0x0038, "R", "", "Float", "Volt-Amps", "", "VA"],
  [0x003c, "R", "", "Float", "VAR",       "", "var"],
  [0x003e, "R", "", "Float", "Ratio",     "", "PF"],
  [0x0042, "R", "", "Float", "",          "", "deg"],
  [0x0046, "R", "", "Float", "Hertz",     "", "Hz"],
  [0x0048, "R", "", "Float", "kWh",       "", "Wh.import"],
  [0x004a, "R", "", "Float", "kWh",       "", "Wh.export"],
  [0x004c, "R", "", "Float", "kVARh",     "", "varh.import"],
  [0x004e, "R", "", "Float", "kVARh",     "", "varh.export"],
  [0x0050, "R", "", "Float", "kVAh",      "", "VAh.absolute"],
  [0x0052, "R", "", "Float", "",          "", "Ah.sum"],
  [0x0054, "R", "", "Float", "Watts",     "", "W.demand"],
  [0x0056, "R", "", "Float", "Watts",     "", "W.demand.max"],
  [0x0058, "R", "", "Float", "Watts",     "", "W.import.demand"],
  [0x005a, "R", "", "Float", "Watts",     "", "W.import.demand.max"],
  [0x005c, "R", "", "Float", "Watts",     "", "W.export.demand"],
  [0x005e, "R", "", "Float", "Watts",     "", "W.export.demand.max"],
  [0x0064, "R", "", "Float", "Volt-Amps", "", "VA.absolute.demand"],
  [0x0066, "R", "", "Float", "Volt-Amps", "", "VA.absolute.demand.max"],
  [0x00c8, "R", "", "Float", "Volts",     "", "V.ab"],
  [0x00ca, "R", "", "Float", "Volts",     "", "V.bc"],
  [0x00cc, "R", "", "Float", "Volts",     "", "V.ca"],
  [0x00ce, "R", "", "Float", "Volts",     "", "V.ll"],
  [0x00f0, "R", "", "Float", "",          "", "THD.A.a"],
  [0x00f2, "R", "", "Float", "",          "", "THD.A.b"],
  [0x00f4, "R", "", "Float", "",          "", "THD.A.c"],
  [0x00fa, "R", "", "Float", "",          "", "THD.A"],
  // Parameter 128, "total system power factor": "a sign inverted version of parameter 32, the magnitude is the same" (note 5). 32 is 0x003E.
  [0x00fe, "R", "", "Float", "Ratio",     -1, "PF"],
  [0x0102, "R", "", "Float", "Amps",      "", "A.a.demand"],
  [0x0104, "R", "", "Float", "Amps",      "", "A.b.demand"],
  [0x0106, "R", "", "Float", "Amps",      "", "A.c.demand"],
  [0x0108, "R", "", "Float", "Amps",      "", "A.a.demand.max"],
  [0x010a, "R", "", "Float", "Amps",      "", "A.b.demand.max"],
  [0x010c, "R", "", "Float", "Amps",      "", "A.c.demand.max"],
  [0x0156, "R", "", "Float", "kWh",       "", "Wh.absolute"],
  [0x0158, "R", "", "Float", "kVARh",     "", "varh.absolute"],
  [0x015a, "R", "", "Float", "kWh",       "", "Wh.a.import"],
  [0x015c, "R", "", "Float", "kWh",       "", "Wh.b.import"],
  [0x015e, "R", "", "Float", "kWh",       "", "Wh.c.import"],
  [0x0160, "R", "", "Float", "kWh",       "", "Wh.a.export"],
  [0x0162, "R", "", "Float", "kWh",       "", "Wh.b.export"],
  [0x0164, "R", "", "Float", "kWh",       "", "Wh.c.export"],
  [0x0166, "R", "", "Float", "kWh",       "", "Wh.a.absolute"],
  [0x0168, "R", "", "Float", "kWh",       "", "Wh.b.absolute"],
  [0x016a, "R", "", "Float", "kWh",       "", "Wh.c.absolute"],
  [0x016c, "R", "", "Float", "kVARh",     "", "varh.a.import"],
  [0x016e, "R", "", "Float", "kVARh",     "", "varh.b.import"],
  [0x0170, "R", "", "Float", "kVARh",     "", "varh.c.import"],
  [0x0172, "R", "", "Float", "kVARh",     "", "varh.a.export"],
  [0x0174, "R", "", "Float", "kVARh",     "", "varh.b.export"],
  [0x0176, "R", "", "Float", "kVARh",     "", "varh.c.export"],
  [0x0178, "R", "", "Float", "kVARh",     "", "varh.a.absolute"],
  [0x017a, "R", "", "Float", "kVARh",     "", "varh.b.absolute"],
  [0x017c, "R", "", "Float", "kVARh",     "", "varh.c.absolute"],
];

// prettier-ignore
const configuration: readonly Row<never>[] = [
  [0x0000, "R", "", "Float",  "", "", { constant: 0 }],
  [0x0002, "R", "", "Float",  "", 60, { setting: "demandSubInterval" }],
  [0x000a, "R", "", "Float",  "", "", { wiring: { "1-phase-ln": 1, "two-element": 2, "open-delta": 2, delta: 2, wye: 3 } }],
  // Pulse width in ms, and the password's lock: closed.
  [0x000c, "R", "", "Float",  "", "", { constant: 100 }],
  [0x000e, "R", "", "Float",  "", "", { constant: 0 }],
  ...eastronCommunication,
  // Energy of pulse output 1: export.
  [0x0056, "R", "", "Float",  "", "", { constant: 4 }],
];

const serial: readonly Row<never>[] = eastronSerial(METER_CODE);

const modbus: ModbusFace<never> = {
  map: {
    base: 0,
    numbers: "hexadecimal",
    scales: {},
    blocks: [
      { title: "Phases to neutral", table: "input", absent: "zero", only: ["wye", "1-phase-ln"], rows: toNeutral },
      // Between its values lies the distortion of the voltages from line to line, which is not measured.
      { title: "System, currents and energies", table: "input", absent: "zero", fill: 0, rows: system },
      { title: "Configuration", table: "holding", absent: "zero", fill: 0, rows: configuration },
      { title: "Serial number", table: "holding", rows: serial },
    ],
  },
  // "A maximum of 40 values in a single transaction."
  reads: { most: 80 },
  pairs: { alone: METER_CODE },
  // Its floats have no invalid value that a reader would know.
  faultWhenUnmeasured: true,
};

export const eastronSdm630: MeterModel = {
  name: "eastron-sdm630",
  title: "Eastron SDM630",
  manual: "SDM630Modbus Smart Meter Modbus Protocol Implementation V1.8",
  manufacturer: "Eastron",
  product: "SDM630",
  options: { plain: "", logging: "" },
  firmware: 1000,
  instrument: eastronDesignOf("wye", "two-element", "open-delta", "delta", "1-phase-ln"),
  modbus,
};
