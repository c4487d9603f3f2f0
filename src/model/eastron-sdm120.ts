/**
 * Eastron SDM120-Modbus, one phase: "SDM120Modbus Smart Meter Modbus Protocol Implementation V2.4". The phase angle at 0x0024 is
 * not in that list; the client sdm_modbus 0.7 asks for it.
 */
import type { ModbusFace, Row } from "#protocol/modbus/register-table.ts";
import { eastronCommunication, eastronDesignOf, eastronSerial } from "./eastron-design.ts";
import type { MeterModel } from "./model.ts";

/** Holding register 0xFC02. */
const METER_CODE = 0x0020;

// prettier-ignore
export const singlePhaseInputs: readonly Row<never>[] = [
  [0x0000, "R", "", "Float", "Volts",     "", "V.a"],
  [0x0006, "R", "", "Float", "Amps",      "", "A.a"],
  [0x000c, "R", "", "Float", "Watts",     "", "W"],
  [0x0012, "R", "", "Float", "Volt-Amps", "", "VA"],
  [0x0018, "R", "", "Float", "VAR",       "", "var"],
  [0x001e, "R", "", "Float", "Ratio",     "", "PF"],
  [0x0024, "R", "", "Float", "",          "", "deg"],
  [0x0046, "R", "", "Float", "Hertz",     "", "Hz"],
  [0x0048, "R", "", "Float", "kWh",       "", "Wh.import"],
  [0x004a, "R", "", "Float", "kWh",       "", "Wh.export"],
  [0x004c, "R", "", "Float", "kVARh",     "", "varh.import"],
  [0x004e, "R", "", "Float", "kVARh",     "", "varh.export"],
  [0x0054, "R", "", "Float", "Watts",     "", "W.demand"],
  [0x0056, "R", "", "Float", "Watts",     "", "W.demand.max"],
  [0x0058, "R", "", "Float", "Watts",     "", "W.import.demand"],
  [0x005a, "R", "", "Float", "Watts",     "", "W.import.demand.max"],
  [0x005c, "R", "", "Float", "Watts",     "", "W.export.demand"],
  [0x005e, "R", "", "Float", "Watts",     "", "W.export.demand.max"],
  [0x0102, "R", "", "Float", "Amps",      "", "A.a.demand"],
  [0x0108, "R", "", "Float", "Amps",      "", "A.a.demand.max"],
  [0x0156, "R", "", "Float", "kWh",       "", "Wh.absolute"],
  [0x0158, "R", "", "Float", "kVARh",     "", "varh.absolute"],
];

// prettier-ignore
export const singlePhaseConfiguration: readonly Row<never>[] = [
  [0x0000, "R", "", "Float",  "", "", { constant: 0 }],
  // Width of a pulse in ms.
  [0x000c, "R", "", "Float",  "", "", { constant: 100 }],
  ...eastronCommunication,
  // Energy of pulse output 1: export.
  [0x0056, "R", "", "Float",  "", "", { constant: 4 }],
];

const modbus: ModbusFace<never> = {
  map: {
    base: 0,
    numbers: "hexadecimal",
    scales: {},
    // Values of one register; whatever else has two.
    alone: { 0xfc02: METER_CODE },
    blocks: [
      { title: "Input registers", table: "input", absent: "zero", fill: 0, rows: singlePhaseInputs },
      { title: "Configuration", table: "holding", absent: "zero", fill: 0, rows: singlePhaseConfiguration },
      { title: "Serial number", table: "holding", rows: eastronSerial(METER_CODE) },
    ],
  },
  // "If the starting address or the number of points is odd, the product will return an error message."
  pairs: {},
  faultWhenUnmeasured: true,
};

export const eastronSdm120: MeterModel = {
  name: "eastron-sdm120",
  title: "Eastron SDM120, one phase",
  manual: "SDM120Modbus Smart Meter Modbus Protocol Implementation V2.4",
  manufacturer: "Eastron",
  product: "SDM120",
  options: { plain: "", logging: "" },
  firmware: 1000,
  instrument: eastronDesignOf("1-phase-ln"),
  modbus,
};
