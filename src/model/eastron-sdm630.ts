/**
 * Eastron SDM630, as inverters and wallboxes ask for it: input registers (function 0x04 only), IEEE floats with the upper
 * word first, addresses as on the wire. Registers between the ones that have a meaning read 0, so that a reader may ask
 * for a whole run. Offsets as the open drivers have them; demand, line-to-line volts, neutral and distortion from memory
 * of the product's list.
 */
import type { ModbusFace, Row } from "#protocol/modbus/register-table.ts";
import { filled } from "./filled.ts";
import type { MeterModel } from "./model.ts";
import { virtualDesign } from "./virtual-design.ts";

// prettier-ignore
const rows: readonly Row<never>[] = [
  [0x000, "R", "", "Float", "Volts",     "", "V.a"],
  [0x002, "R", "", "Float", "Volts",     "", "V.b"],
  [0x004, "R", "", "Float", "Volts",     "", "V.c"],
  [0x006, "R", "", "Float", "Amps",      "", "A.a"],
  [0x008, "R", "", "Float", "Amps",      "", "A.b"],
  [0x00a, "R", "", "Float", "Amps",      "", "A.c"],
  [0x00c, "R", "", "Float", "Watts",     "", "W.a"],
  [0x00e, "R", "", "Float", "Watts",     "", "W.b"],
  [0x010, "R", "", "Float", "Watts",     "", "W.c"],
  [0x012, "R", "", "Float", "Volt-Amps", "", "VA.a"],
  [0x014, "R", "", "Float", "Volt-Amps", "", "VA.b"],
  [0x016, "R", "", "Float", "Volt-Amps", "", "VA.c"],
  [0x018, "R", "", "Float", "VAR",       "", "var.a"],
  [0x01a, "R", "", "Float", "VAR",       "", "var.b"],
  [0x01c, "R", "", "Float", "VAR",       "", "var.c"],
  [0x01e, "R", "", "Float", "Ratio",     "", "PF.a"],
  [0x020, "R", "", "Float", "Ratio",     "", "PF.b"],
  [0x022, "R", "", "Float", "Ratio",     "", "PF.c"],
  [0x024, "R", "", "Float", "",          "", "deg.a"],
  [0x026, "R", "", "Float", "",          "", "deg.b"],
  [0x028, "R", "", "Float", "",          "", "deg.c"],
  [0x02a, "R", "", "Float", "Volts",     "", "V.ln"],
  [0x02e, "R", "", "Float", "Amps",      "", "A"],
  [0x030, "R", "", "Float", "Amps",      "", "A.sum"],
  [0x034, "R", "", "Float", "Watts",     "", "W"],
  [0x038, "R", "", "Float", "Volt-Amps", "", "VA"],
  [0x03c, "R", "", "Float", "VAR",       "", "var"],
  [0x03e, "R", "", "Float", "Ratio",     "", "PF"],
  [0x042, "R", "", "Float", "",          "", "deg"],
  [0x046, "R", "", "Float", "Hertz",     "", "Hz"],
  [0x048, "R", "", "Float", "kWh",       "", "Wh.import"],
  [0x04a, "R", "", "Float", "kWh",       "", "Wh.export"],
  [0x04c, "R", "", "Float", "kVARh",     "", "varh.import"],
  [0x04e, "R", "", "Float", "kVARh",     "", "varh.export"],
  [0x054, "R", "", "Float", "Watts",     "", "W.demand"],
  [0x056, "R", "", "Float", "Watts",     "", "W.import.demand.max"],
  [0x0c8, "R", "", "Float", "Volts",     "", "V.ab"],
  [0x0ca, "R", "", "Float", "Volts",     "", "V.bc"],
  [0x0cc, "R", "", "Float", "Volts",     "", "V.ca"],
  [0x0ce, "R", "", "Float", "Volts",     "", "V.ll"],
  [0x0e0, "R", "", "Float", "Amps",      "", "A.n"],
  [0x0ea, "R", "", "Float", "",          "", "THD.V.a"],
  [0x0ec, "R", "", "Float", "",          "", "THD.V.b"],
  [0x0ee, "R", "", "Float", "",          "", "THD.V.c"],
  [0x0f0, "R", "", "Float", "",          "", "THD.A.a"],
  [0x0f2, "R", "", "Float", "",          "", "THD.A.b"],
  [0x0f4, "R", "", "Float", "",          "", "THD.A.c"],
  [0x156, "R", "", "Float", "kWh",       "", "Wh.absolute"],
  [0x158, "R", "", "Float", "kVARh",     "", "varh.absolute"],
  [0x15a, "R", "", "Float", "kWh",       "", "Wh.a.import"],
  [0x15c, "R", "", "Float", "kWh",       "", "Wh.b.import"],
  [0x15e, "R", "", "Float", "kWh",       "", "Wh.c.import"],
  [0x160, "R", "", "Float", "kWh",       "", "Wh.a.export"],
  [0x162, "R", "", "Float", "kWh",       "", "Wh.b.export"],
  [0x164, "R", "", "Float", "kWh",       "", "Wh.c.export"],
  [0x166, "R", "", "Float", "kWh",       "", "Wh.a.absolute"],
  [0x168, "R", "", "Float", "kWh",       "", "Wh.b.absolute"],
  [0x16a, "R", "", "Float", "kWh",       "", "Wh.c.absolute"],
];

const modbus: ModbusFace<never> = {
  map: { base: 0, scales: {}, blocks: [{ title: "Input registers", rows: filled(rows, 0x000, 0x17c) }] },
  inputOnly: true,
  // The meter answers 40 values at once, not the protocol's 125 registers.
  reads: { most: 80 },
  // Its floats have no invalid value that a reader would know.
  faultWhenUnmeasured: true,
};

export const eastronSdm630: MeterModel = {
  name: "eastron-sdm630",
  title: "Eastron SDM630",
  manual: "input registers as open drivers read them",
  manufacturer: "Eastron",
  product: "SDM630",
  options: { plain: "", logging: "" },
  firmware: 1000,
  instrument: virtualDesign,
  modbus,
};
