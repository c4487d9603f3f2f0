/**
 * Janitza UMG 604 and UMG 96RM: "Modbus address list", frequently required readings, 19000 to 19121, the same in both (UMG 604:
 * document 1.038.009.7; UMG 96RM: 1.040.034; 19100 to 19120 as the manual of the UMG 96-S2 prints them). IEEE floats, the upper
 * word first, numbers as on the wire, functions 0x03 and 0x04. The rows between 19018 and 19098 from memory of those lists; 19000
 * to 19042, 19068 and 19076 as cfos.de's and mbmd's clients read them.
 */
import type { ModbusFace, Row } from "#protocol/modbus/register-table.ts";
import type { MeterModel } from "./model.ts";
import { connectedAs } from "./virtual-design.ts";

// prettier-ignore
const readings: readonly Row<never>[] = [
  [19000, "R", "",   "Float", "Volts",     "", "V.a"],
  [19002, "R", "",   "Float", "Volts",     "", "V.b"],
  [19004, "R", "",   "Float", "Volts",     "", "V.c"],
  [19006, "R", "",   "Float", "Volts",     "", "V.ab"],
  [19008, "R", "",   "Float", "Volts",     "", "V.bc"],
  [19010, "R", "",   "Float", "Volts",     "", "V.ca"],
  [19012, "R", "",   "Float", "Amps",      "", "A.a"],
  [19014, "R", "",   "Float", "Amps",      "", "A.b"],
  [19016, "R", "",   "Float", "Amps",      "", "A.c"],
  // The vector sum.
  [19018, "R", "",   "Float", "Amps",      "", "A.n"],
  [19020, "R", "",   "Float", "Watts",     "", "W.a"],
  [19022, "R", "",   "Float", "Watts",     "", "W.b"],
  [19024, "R", "",   "Float", "Watts",     "", "W.c"],
  [19026, "R", "",   "Float", "Watts",     "", "W"],
  [19028, "R", "",   "Float", "Volt-Amps", "", "VA.a"],
  [19030, "R", "",   "Float", "Volt-Amps", "", "VA.b"],
  [19032, "R", "",   "Float", "Volt-Amps", "", "VA.c"],
  [19034, "R", "",   "Float", "Volt-Amps", "", "VA"],
  [19036, "R", "",   "Float", "VAR",       "", "var.a"],
  [19038, "R", "",   "Float", "VAR",       "", "var.b"],
  [19040, "R", "",   "Float", "VAR",       "", "var.c"],
  [19042, "R", "",   "Float", "VAR",       "", "var"],
  [19044, "R", "",   "Float", "Ratio",     "", "PF.a"],
  [19046, "R", "",   "Float", "Ratio",     "", "PF.b"],
  [19048, "R", "",   "Float", "Ratio",     "", "PF.c"],
  [19050, "R", "",   "Float", "Hertz",     "", "Hz"],
  // Rotating field: right, left, none.
  [19052, "R", "",   "Float", "",          "", { code: "sequence", as: { 1: 1, [-1]: -1 } }],
  [19054, "R", "NV", "Float", "Wh",        "", "Wh.a.net"],
  [19056, "R", "NV", "Float", "Wh",        "", "Wh.b.net"],
  [19058, "R", "NV", "Float", "Wh",        "", "Wh.c.net"],
  [19060, "R", "NV", "Float", "Wh",        "", "Wh.net"],
  [19062, "R", "NV", "Float", "Wh",        "", "Wh.a.import"],
  [19064, "R", "NV", "Float", "Wh",        "", "Wh.b.import"],
  [19066, "R", "NV", "Float", "Wh",        "", "Wh.c.import"],
  [19068, "R", "NV", "Float", "Wh",        "", "Wh.import"],
  [19070, "R", "NV", "Float", "Wh",        "", "Wh.a.export"],
  [19072, "R", "NV", "Float", "Wh",        "", "Wh.b.export"],
  [19074, "R", "NV", "Float", "Wh",        "", "Wh.c.export"],
  [19076, "R", "NV", "Float", "Wh",        "", "Wh.export"],
  [19078, "R", "NV", "Float", "VAh",       "", "VAh.a.absolute"],
  [19080, "R", "NV", "Float", "VAh",       "", "VAh.b.absolute"],
  [19082, "R", "NV", "Float", "VAh",       "", "VAh.c.absolute"],
  [19084, "R", "NV", "Float", "VAh",       "", "VAh.absolute"],
  [19086, "R", "NV", "Float", "VARh",      "", "varh.a.net"],
  [19088, "R", "NV", "Float", "VARh",      "", "varh.b.net"],
  [19090, "R", "NV", "Float", "VARh",      "", "varh.c.net"],
  [19092, "R", "NV", "Float", "VARh",      "", "varh.net"],
  // Inductive, then capacitive.
  [19094, "R", "NV", "Float", "VARh",      "", "varh.a.import"],
  [19096, "R", "NV", "Float", "VARh",      "", "varh.b.import"],
  [19098, "R", "NV", "Float", "VARh",      "", "varh.c.import"],
  [19100, "R", "NV", "Float", "VARh",      "", "varh.import"],
  [19102, "R", "NV", "Float", "VARh",      "", "varh.a.export"],
  [19104, "R", "NV", "Float", "VARh",      "", "varh.b.export"],
  [19106, "R", "NV", "Float", "VARh",      "", "varh.c.export"],
  [19108, "R", "NV", "Float", "VARh",      "", "varh.export"],
  [19110, "R", "",   "Float", "",          "", "THD.V.a"],
  [19112, "R", "",   "Float", "",          "", "THD.V.b"],
  [19114, "R", "",   "Float", "",          "", "THD.V.c"],
  [19116, "R", "",   "Float", "",          "", "THD.A.a"],
  [19118, "R", "",   "Float", "",          "", "THD.A.b"],
  [19120, "R", "",   "Float", "",          "", "THD.A.c"],
];

const modbus: ModbusFace<never> = {
  map: { base: 0, scales: {}, blocks: [{ title: "Frequently required readings", absent: "zero", rows: readings }] },
  faultWhenUnmeasured: true,
};

function analyser(product: string, name: string): MeterModel {
  return {
    name,
    title: `Janitza ${product}`,
    manual: `${product} Modbus address list, frequently required readings`,
    manufacturer: "Janitza",
    product,
    options: { plain: "", logging: "" },
    firmware: 1000,
    // Inputs that nothing is connected to measure 0.
    instrument: connectedAs("wye", "1-phase-ln"),
    modbus,
  };
}

export const janitzaUmg604 = analyser("UMG 604", "janitza-umg604");
export const janitzaUmg96rm = analyser("UMG 96RM", "janitza-umg96rm");
