/**
 * Schneider Electric Acti9 iEM3155, and the iEM3255, which differ in their transformers: "iEM3100 / iEM3200 / iEM3300 series user
 * manual" DOCA0005EN, Modbus register list, and as mbmd fb8f9c2 (IEM3000) reads it. Registers are numbered from 1 (of an iEM3155
 * and an iEM3250 that was seen on the wire: number less 1). Floats and integers of 64 bits, the upper word first. The number of
 * the power system (2016) from memory of that list. Its power factor (3084) has a code of its own for quadrants and is left out.
 */
import type { ModbusFace, Row } from "#protocol/modbus/register-table.ts";
import type { MeterModel } from "./model.ts";
import { connectedAs } from "./virtual-design.ts";

// prettier-ignore
const system: readonly Row<never>[] = [
  [  30, "R", "NV", "String (40)", "ASCII", "", { words: "Energy Meter" }],
  [  50, "R", "NV", "String (40)", "ASCII", "", { text: "product" }],
  [  70, "R", "NV", "String (40)", "ASCII", "", { words: "Schneider Electric" }],
  [ 130, "R", "NV", "ULong",       "",      "", { identity: "serial number" }],
  // Phases, wires, power system: three, four, wye.
  [2014, "R", "NV", "UInt",        "",      "", { wiring: { wye: 3 } }],
  [2015, "R", "NV", "UInt",        "",      "", { wiring: { wye: 4 } }],
  [2016, "R", "NV", "UInt",        "",      "", { wiring: { wye: 11 } }],
];

// prettier-ignore
const metering: readonly Row<never>[] = [
  [3000, "R", "", "Float", "Amps",  "", "A.a"],
  [3002, "R", "", "Float", "Amps",  "", "A.b"],
  [3004, "R", "", "Float", "Amps",  "", "A.c"],
  [3010, "R", "", "Float", "Amps",  "", "A"],
  [3020, "R", "", "Float", "Volts", "", "V.ab"],
  [3022, "R", "", "Float", "Volts", "", "V.bc"],
  [3024, "R", "", "Float", "Volts", "", "V.ca"],
  [3026, "R", "", "Float", "Volts", "", "V.ll"],
  [3028, "R", "", "Float", "Volts", "", "V.a"],
  [3030, "R", "", "Float", "Volts", "", "V.b"],
  [3032, "R", "", "Float", "Volts", "", "V.c"],
  [3036, "R", "", "Float", "Volts", "", "V.ln"],
  [3054, "R", "", "Float", "kW",    "", "W.a"],
  [3056, "R", "", "Float", "kW",    "", "W.b"],
  [3058, "R", "", "Float", "kW",    "", "W.c"],
  [3060, "R", "", "Float", "kW",    "", "W"],
  [3068, "R", "", "Float", "kVAR",  "", "var"],
  [3076, "R", "", "Float", "kVA",   "", "VA"],
  [3110, "R", "", "Float", "Hertz", "", "Hz"],
];

// prettier-ignore
const energies: readonly Row<never>[] = [
  [ 3204, "R", "NV", "Int64", "Wh",   "", "Wh.import"],
  [ 3208, "R", "NV", "Int64", "Wh",   "", "Wh.export"],
  [ 3220, "R", "NV", "Int64", "VARh", "", "varh.import"],
  [ 3224, "R", "NV", "Int64", "VARh", "", "varh.export"],
  [ 3518, "R", "NV", "Int64", "Wh",   "", "Wh.a.import"],
  [ 3522, "R", "NV", "Int64", "Wh",   "", "Wh.b.import"],
  [ 3526, "R", "NV", "Int64", "Wh",   "", "Wh.c.import"],
  [45100, "R", "NV", "Float", "Wh",   "", "Wh.import"],
  [45102, "R", "NV", "Float", "Wh",   "", "Wh.export"],
  [45104, "R", "NV", "Float", "VARh", "", "varh.import"],
  [45106, "R", "NV", "Float", "VARh", "", "varh.export"],
  // The partial energies, which nobody has cleared.
  [45108, "R", "NV", "Float", "Wh",   "", "Wh.import"],
  [45110, "R", "NV", "Float", "VARh", "", "varh.import"],
  [45112, "R", "NV", "Float", "Wh",   "", "Wh.a.import"],
  [45114, "R", "NV", "Float", "Wh",   "", "Wh.b.import"],
  [45116, "R", "NV", "Float", "Wh",   "", "Wh.c.import"],
];

const modbus: ModbusFace<never> = {
  map: {
    base: 1,
    scales: {},
    blocks: [
      { title: "System", absent: "zero", rows: system },
      { title: "Meter data", absent: "zero", rows: metering },
      { title: "Energies", absent: "zero", rows: energies },
    ],
  },
  faultWhenUnmeasured: true,
  identification: { vendor: "Schneider Electric", product: "{product}", revision: "{version}" },
};

function series3000(product: string): MeterModel {
  return {
    name: `schneider-${product.toLowerCase()}`,
    title: `Schneider Electric ${product}`,
    manual: "iEM3100 / iEM3200 / iEM3300 series user manual DOCA0005EN",
    manufacturer: "Schneider Electric",
    product,
    options: { plain: "", logging: "" },
    firmware: 1004,
    instrument: connectedAs("wye"),
    modbus,
  };
}

export const schneiderIem3155 = series3000("iEM3155");
export const schneiderIem3255 = series3000("iEM3255");
