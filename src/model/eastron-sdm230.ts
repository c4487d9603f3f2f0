/**
 * Eastron SDM230-Modbus, one phase: "SDM230Modbus Protocol V1.1". Its tariffs, which need a second tariff's input, are left out.
 */
import type { ModbusFace, Row } from "#protocol/modbus/register-table.ts";
import { eastronDesignOf, eastronSerial } from "./eastron-design.ts";
import { singlePhaseConfiguration, singlePhaseInputs } from "./eastron-sdm120.ts";
import type { MeterModel } from "./model.ts";

/**
 * What any register reads that is asked for by itself, "an instrument type specific value". As recorded between a Solax X1 and
 * its SDM230: 01 03 00 0B 00 01 is answered with 00A8 (github.com/syssi/esphome-solax-x1-mini, issue 20).
 */
const METER_CODE = 0x00a8;

// prettier-ignore
const resettable: readonly Row<never>[] = [
  [0x0180, "R", "", "Float", "kWh",       "", "Wh.absolute"],
  [0x0182, "R", "", "Float", "kVARh",     "", "varh.absolute"],
];

const modbus: ModbusFace<never> = {
  map: {
    base: 0,
    numbers: "hexadecimal",
    scales: {},
    blocks: [
      {
        title: "Input registers",
        table: "input",
        absent: "zero",
        fill: 0,
        rows: [...singlePhaseInputs, ...resettable],
      },
      { title: "Configuration", table: "holding", absent: "zero", fill: 0, rows: singlePhaseConfiguration },
      { title: "Serial number", table: "holding", rows: eastronSerial(METER_CODE) },
    ],
  },
  // "A maximum of 30 values in a single transaction."
  reads: { most: 60 },
  pairs: { alone: METER_CODE },
  faultWhenUnmeasured: true,
};

export const eastronSdm230: MeterModel = {
  name: "eastron-sdm230",
  title: "Eastron SDM230, one phase",
  manual: "SDM230Modbus Protocol V1.1",
  manufacturer: "Eastron",
  product: "SDM230",
  options: { plain: "", logging: "" },
  firmware: 1000,
  instrument: eastronDesignOf("1-phase-ln"),
  modbus,
};
