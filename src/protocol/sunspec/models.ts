/**
 * SunSpec information models as register tables: 1 (common), 201 to 204 (meters with integers) and 211 to 214 (with
 * floats), in the words of
 * the published models. A face places them: `first` is the register of the model's id, as its manual numbers it.
 */
import type { WiringName } from "#quantity/wiring.ts";
import type { Block, Row, ScaleRule } from "#protocol/modbus/register-table.ts";

export type SunSpecScale =
  | "M_AC_Current_SF"
  | "M_AC_Voltage_SF"
  | "M_AC_Freq_SF"
  | "M_AC_Power_SF"
  | "M_AC_VA_SF"
  | "M_AC_VAR_SF"
  | "M_AC_PF_SF"
  | "M_Energy_W_SF"
  | "M_Energy_VA_SF"
  | "M_Energy_VAR_SF";

/** The scale factors follow the meter's own exponents, which are of kilowatts. */
export const sunSpecScales: Readonly<Record<SunSpecScale, ScaleRule>> = {
  M_AC_Current_SF: { exponent: "exponent.A" },
  M_AC_Voltage_SF: { exponent: "exponent.V" },
  M_AC_Freq_SF: { plus: -2 },
  M_AC_Power_SF: { exponent: "exponent.W", plus: 3 },
  M_AC_VA_SF: { exponent: "exponent.W", plus: 3 },
  M_AC_VAR_SF: { exponent: "exponent.W", plus: 3 },
  M_AC_PF_SF: { plus: -2 },
  M_Energy_W_SF: { exponent: "exponent.Wh", plus: 3 },
  M_Energy_VA_SF: { exponent: "exponent.Wh", plus: 3 },
  M_Energy_VAR_SF: { exponent: "exponent.Wh", plus: 3 },
};

function placed<Scale extends string>(first: number, rows: readonly Row<Scale>[]): Row<Scale>[] {
  return rows.map(([offset, ...rest]) => [first + offset, ...rest]);
}

/** The mark that begins a SunSpec map, and model 1. Length 66 ends with a pad register, 65 is the older one without. */
export function commonModel(
  first: number,
  length: 65 | 66,
  /** What stands there instead of the meter's own maker and product. */
  instead: { readonly manufacturer?: string; readonly product?: string } = {},
): Block<SunSpecScale> {
  const { manufacturer, product } = instead;
  // prettier-ignore
  const rows: Row<SunSpecScale>[] = [
    [ 0, "R", "NV", "ULong",       "",      "", { constant: 0x53756e53 }],
    [ 2, "R", "NV", "UInt",        "",      "", { constant: 1 }],
    [ 3, "R", "NV", "UInt",        "",      "", { constant: length }],
    [ 4, "R", "NV", "String (32)", "ASCII", "", manufacturer === undefined ? { text: "manufacturer" } : { words: manufacturer }],
    [20, "R", "NV", "String (32)", "ASCII", "", product === undefined ? { text: "product" } : { words: product }],
    [36, "R", "NV", "String (16)", "ASCII", "", { text: "options" }],
    [44, "R", "NV", "String (16)", "ASCII", "", { text: "version" }],
    [52, "R", "NV", "String (32)", "ASCII", "", { text: "serial" }],
    [68, "R", "NV", "UInt",        "ASCII", "", { identity: "unit" }],
  ];
  if (length === 66) rows.push([69, "R", "NV", "UInt", "", "", { reserved: 0x8000 }]);
  return { title: "SunSpec 1.0 Common Model", rows: placed(first, rows) };
}

/** Models 201 to 204 by wiring: single phase, split phase (or two phases of a network), wye, delta. */
export const integerModels = modelsFrom(201);
/** Models 211 to 214 in the same way. */
export const floatModels = modelsFrom(211);

function modelsFrom(first: number): Readonly<Record<WiringName, number>> {
  const [single, split, wye, delta] = [first, first + 1, first + 2, first + 3];
  return {
    "1-phase-ln": single,
    "1-phase-ll": single,
    "split-phase": split,
    network: split,
    wye,
    delta,
    "two-element": delta,
    "open-delta": delta,
  };
}

/**
 * Models 201 to 204, which one by the wiring. Power factors have the sign of the active power (the convention that IEC 61557-12
 * calls IEC; EEI's sign, leading or lagging, is told by the vars). The models say "Power Factor" of the total, W / VA; a manual
 * may say "average of active phases".
 */
export function meterModel(
  first: number,
  models: Readonly<Partial<Record<WiringName, number>>>,
  factor: "PF" | "PF.average" = "PF",
): Block<SunSpecScale> {
  // prettier-ignore
  const rows: Row<SunSpecScale>[] = [
    [  0, "R", "NV", "UInt", "",           "",                { wiring: models }],
    [  1, "R", "NV", "UInt", "",           "",                { constant: 105 }],
    [  2, "R", "",   "SInt", "Amps",       "M_AC_Current_SF", "A.sum"],
    [  3, "R", "",   "SInt", "Amps",       "M_AC_Current_SF", "A.a"],
    [  4, "R", "",   "SInt", "Amps",       "M_AC_Current_SF", "A.b"],
    [  5, "R", "",   "SInt", "Amps",       "M_AC_Current_SF", "A.c"],
    [  6, "R", "NV", "SInt", "",           1,                 { scale: "M_AC_Current_SF" }],
    [  7, "R", "",   "SInt", "Volts",      "M_AC_Voltage_SF", "V.ln"],
    [  8, "R", "",   "SInt", "Volts",      "M_AC_Voltage_SF", "V.a"],
    [  9, "R", "",   "SInt", "Volts",      "M_AC_Voltage_SF", "V.b"],
    [ 10, "R", "",   "SInt", "Volts",      "M_AC_Voltage_SF", "V.c"],
    [ 11, "R", "",   "SInt", "Volts",      "M_AC_Voltage_SF", "V.ll"],
    [ 12, "R", "",   "SInt", "Volts",      "M_AC_Voltage_SF", "V.ab"],
    [ 13, "R", "",   "SInt", "Volts",      "M_AC_Voltage_SF", "V.bc"],
    [ 14, "R", "",   "SInt", "Volts",      "M_AC_Voltage_SF", "V.ca"],
    [ 15, "R", "NV", "SInt", "",           1,                 { scale: "M_AC_Voltage_SF" }],
    [ 16, "R", "",   "SInt", "Hertz",      "M_AC_Freq_SF",    "Hz"],
    [ 17, "R", "NV", "SInt", "SF",         1,                 { scale: "M_AC_Freq_SF" }],
    [ 18, "R", "",   "SInt", "Watts",      "M_AC_Power_SF",   "W"],
    [ 19, "R", "",   "SInt", "Watts",      "M_AC_Power_SF",   "W.a"],
    [ 20, "R", "",   "SInt", "Watts",      "M_AC_Power_SF",   "W.b"],
    [ 21, "R", "",   "SInt", "Watts",      "M_AC_Power_SF",   "W.c"],
    [ 22, "R", "NV", "SInt", "SF",         1,                 { scale: "M_AC_Power_SF" }],
    [ 23, "R", "",   "SInt", "Volt-Amps",  "M_AC_VA_SF",      "VA"],
    [ 24, "R", "",   "SInt", "Volt-Amps",  "M_AC_VA_SF",      "VA.a"],
    [ 25, "R", "",   "SInt", "Volt-Amps",  "M_AC_VA_SF",      "VA.b"],
    [ 26, "R", "",   "SInt", "Volt-Amps",  "M_AC_VA_SF",      "VA.c"],
    [ 27, "R", "NV", "SInt", "SF",         1,                 { scale: "M_AC_VA_SF" }],
    [ 28, "R", "",   "SInt", "VAR",        "M_AC_VAR_SF",     "var"],
    [ 29, "R", "",   "SInt", "VAR",        "M_AC_VAR_SF",     "var.a"],
    [ 30, "R", "",   "SInt", "VAR",        "M_AC_VAR_SF",     "var.b"],
    [ 31, "R", "",   "SInt", "VAR",        "M_AC_VAR_SF",     "var.c"],
    [ 32, "R", "NV", "SInt", "SF",         1,                 { scale: "M_AC_VAR_SF" }],
    [ 33, "R", "",   "SInt", "%",          "M_AC_PF_SF",      factor],
    [ 34, "R", "",   "SInt", "%",          "M_AC_PF_SF",      "PF.a"],
    [ 35, "R", "",   "SInt", "%",          "M_AC_PF_SF",      "PF.b"],
    [ 36, "R", "",   "SInt", "%",          "M_AC_PF_SF",      "PF.c"],
    [ 37, "R", "NV", "SInt", "SF",         1,                 { scale: "M_AC_PF_SF" }],
    [ 38, "R", "NV", "ULong", "Watt-hours", "M_Energy_W_SF",  "Wh.export"],
    [ 40, "R", "NV", "ULong", "Watt-hours", "M_Energy_W_SF",  "Wh.a.export"],
    [ 42, "R", "NV", "ULong", "Watt-hours", "M_Energy_W_SF",  "Wh.b.export"],
    [ 44, "R", "NV", "ULong", "Watt-hours", "M_Energy_W_SF",  "Wh.c.export"],
    [ 46, "R", "NV", "ULong", "Watt-hours", "M_Energy_W_SF",  "Wh.import"],
    [ 48, "R", "NV", "ULong", "Watt-hours", "M_Energy_W_SF",  "Wh.a.import"],
    [ 50, "R", "NV", "ULong", "Watt-hours", "M_Energy_W_SF",  "Wh.b.import"],
    [ 52, "R", "NV", "ULong", "Watt-hours", "M_Energy_W_SF",  "Wh.c.import"],
    [ 54, "R", "NV", "UInt",  "SF",         1,                { scale: "M_Energy_W_SF" }],
    [ 55, "R", "NV", "ULong", "VA-hours",   "M_Energy_VA_SF", "VAh.export"],
    [ 57, "R", "NV", "ULong", "VA-hours",   "M_Energy_VA_SF", "VAh.a.export"],
    [ 59, "R", "NV", "ULong", "VA-hours",   "M_Energy_VA_SF", "VAh.b.export"],
    [ 61, "R", "NV", "ULong", "VA-hours",   "M_Energy_VA_SF", "VAh.c.export"],
    [ 63, "R", "NV", "ULong", "VA-hours",   "M_Energy_VA_SF", "VAh.import"],
    [ 65, "R", "NV", "ULong", "VA-hours",   "M_Energy_VA_SF", "VAh.a.import"],
    [ 67, "R", "NV", "ULong", "VA-hours",   "M_Energy_VA_SF", "VAh.b.import"],
    [ 69, "R", "NV", "ULong", "VA-hours",   "M_Energy_VA_SF", "VAh.c.import"],
    [ 71, "R", "NV", "UInt",  "SF",         1,                { scale: "M_Energy_VA_SF" }],
    [ 72, "R", "NV", "ULong", "VAR-hours",  "M_Energy_VAR_SF", "varh.q1"],
    [ 74, "R", "NV", "ULong", "VAR-hours",  "M_Energy_VAR_SF", "varh.a.q1"],
    [ 76, "R", "NV", "ULong", "VAR-hours",  "M_Energy_VAR_SF", "varh.b.q1"],
    [ 78, "R", "NV", "ULong", "VAR-hours",  "M_Energy_VAR_SF", "varh.c.q1"],
    [ 80, "R", "NV", "ULong", "VAR-hours",  "M_Energy_VAR_SF", "varh.q2"],
    [ 82, "R", "NV", "ULong", "VAR-hours",  "M_Energy_VAR_SF", "varh.a.q2"],
    [ 84, "R", "NV", "ULong", "VAR-hours",  "M_Energy_VAR_SF", "varh.b.q2"],
    [ 86, "R", "NV", "ULong", "VAR-hours",  "M_Energy_VAR_SF", "varh.c.q2"],
    [ 88, "R", "NV", "ULong", "VAR-hours",  "M_Energy_VAR_SF", "varh.q3"],
    [ 90, "R", "NV", "ULong", "VAR-hours",  "M_Energy_VAR_SF", "varh.a.q3"],
    [ 92, "R", "NV", "ULong", "VAR-hours",  "M_Energy_VAR_SF", "varh.b.q3"],
    [ 94, "R", "NV", "ULong", "VAR-hours",  "M_Energy_VAR_SF", "varh.c.q3"],
    [ 96, "R", "NV", "ULong", "VAR-hours",  "M_Energy_VAR_SF", "varh.q4"],
    [ 98, "R", "NV", "ULong", "VAR-hours",  "M_Energy_VAR_SF", "varh.a.q4"],
    [100, "R", "NV", "ULong", "VAR-hours",  "M_Energy_VAR_SF", "varh.b.q4"],
    [102, "R", "NV", "ULong", "VAR-hours",  "M_Energy_VAR_SF", "varh.c.q4"],
    [104, "R", "NV", "UInt",  "SF",         1,                 { scale: "M_Energy_VAR_SF" }],
    [105, "R", "NV", "ULong", "Flags",      "",                "events"],
  ];
  // SunSpec accumulators that are not measured read 0.
  return { title: "SunSpec 1.1 Integer Meter Model", absent: "sunspec", rows: placed(first, rows) };
}

/** Models 211 to 214: the same meter with floats, which need no scale factors. */
export function floatMeterModel(
  first: number,
  models: Readonly<Partial<Record<WiringName, number>>>,
): Block<SunSpecScale> {
  // prettier-ignore
  const rows: Row<SunSpecScale>[] = [
    [  0, "R", "NV", "UInt", "",           "", { wiring: models }],
    [  1, "R", "NV", "UInt", "",           "", { constant: 124 }],
    [  2, "R", "",   "Float", "Amps",       "", "A.sum"],
    [  4, "R", "",   "Float", "Amps",       "", "A.a"],
    [  6, "R", "",   "Float", "Amps",       "", "A.b"],
    [  8, "R", "",   "Float", "Amps",       "", "A.c"],
    [ 10, "R", "",   "Float", "Volts",      "", "V.ln"],
    [ 12, "R", "",   "Float", "Volts",      "", "V.a"],
    [ 14, "R", "",   "Float", "Volts",      "", "V.b"],
    [ 16, "R", "",   "Float", "Volts",      "", "V.c"],
    [ 18, "R", "",   "Float", "Volts",      "", "V.ll"],
    [ 20, "R", "",   "Float", "Volts",      "", "V.ab"],
    [ 22, "R", "",   "Float", "Volts",      "", "V.bc"],
    [ 24, "R", "",   "Float", "Volts",      "", "V.ca"],
    [ 26, "R", "",   "Float", "Hertz",      "", "Hz"],
    [ 28, "R", "",   "Float", "Watts",      "", "W"],
    [ 30, "R", "",   "Float", "Watts",      "", "W.a"],
    [ 32, "R", "",   "Float", "Watts",      "", "W.b"],
    [ 34, "R", "",   "Float", "Watts",      "", "W.c"],
    [ 36, "R", "",   "Float", "Volt-Amps",  "", "VA"],
    [ 38, "R", "",   "Float", "Volt-Amps",  "", "VA.a"],
    [ 40, "R", "",   "Float", "Volt-Amps",  "", "VA.b"],
    [ 42, "R", "",   "Float", "Volt-Amps",  "", "VA.c"],
    [ 44, "R", "",   "Float", "VAR",        "", "var"],
    [ 46, "R", "",   "Float", "VAR",        "", "var.a"],
    [ 48, "R", "",   "Float", "VAR",        "", "var.b"],
    [ 50, "R", "",   "Float", "VAR",        "", "var.c"],
    [ 52, "R", "",   "Float", "Ratio",      "", "PF"],
    [ 54, "R", "",   "Float", "Ratio",      "", "PF.a"],
    [ 56, "R", "",   "Float", "Ratio",      "", "PF.b"],
    [ 58, "R", "",   "Float", "Ratio",      "", "PF.c"],
    [ 60, "R", "NV", "Float", "Watt-hours", "", "Wh.export"],
    [ 62, "R", "NV", "Float", "Watt-hours", "", "Wh.a.export"],
    [ 64, "R", "NV", "Float", "Watt-hours", "", "Wh.b.export"],
    [ 66, "R", "NV", "Float", "Watt-hours", "", "Wh.c.export"],
    [ 68, "R", "NV", "Float", "Watt-hours", "", "Wh.import"],
    [ 70, "R", "NV", "Float", "Watt-hours", "", "Wh.a.import"],
    [ 72, "R", "NV", "Float", "Watt-hours", "", "Wh.b.import"],
    [ 74, "R", "NV", "Float", "Watt-hours", "", "Wh.c.import"],
    [ 76, "R", "NV", "Float", "VA-hours",   "", "VAh.export"],
    [ 78, "R", "NV", "Float", "VA-hours",   "", "VAh.a.export"],
    [ 80, "R", "NV", "Float", "VA-hours",   "", "VAh.b.export"],
    [ 82, "R", "NV", "Float", "VA-hours",   "", "VAh.c.export"],
    [ 84, "R", "NV", "Float", "VA-hours",   "", "VAh.import"],
    [ 86, "R", "NV", "Float", "VA-hours",   "", "VAh.a.import"],
    [ 88, "R", "NV", "Float", "VA-hours",   "", "VAh.b.import"],
    [ 90, "R", "NV", "Float", "VA-hours",   "", "VAh.c.import"],
    [ 92, "R", "NV", "Float", "VAR-hours",  "", "varh.q1"],
    [ 94, "R", "NV", "Float", "VAR-hours",  "", "varh.a.q1"],
    [ 96, "R", "NV", "Float", "VAR-hours",  "", "varh.b.q1"],
    [ 98, "R", "NV", "Float", "VAR-hours",  "", "varh.c.q1"],
    [100, "R", "NV", "Float", "VAR-hours",  "", "varh.q2"],
    [102, "R", "NV", "Float", "VAR-hours",  "", "varh.a.q2"],
    [104, "R", "NV", "Float", "VAR-hours",  "", "varh.b.q2"],
    [106, "R", "NV", "Float", "VAR-hours",  "", "varh.c.q2"],
    [108, "R", "NV", "Float", "VAR-hours",  "", "varh.q3"],
    [110, "R", "NV", "Float", "VAR-hours",  "", "varh.a.q3"],
    [112, "R", "NV", "Float", "VAR-hours",  "", "varh.b.q3"],
    [114, "R", "NV", "Float", "VAR-hours",  "", "varh.c.q3"],
    [116, "R", "NV", "Float", "VAR-hours",  "", "varh.q4"],
    [118, "R", "NV", "Float", "VAR-hours",  "", "varh.a.q4"],
    [120, "R", "NV", "Float", "VAR-hours",  "", "varh.b.q4"],
    [122, "R", "NV", "Float", "VAR-hours",  "", "varh.c.q4"],
    [124, "R", "",   "ULong", "Flags",      "", "events"],
  ];
  return { title: "SunSpec Float Meter Model", absent: "sunspec", rows: placed(first, rows) };
}

/** What ends the chain of models. */
export function endModel(first: number): Block<SunSpecScale> {
  // prettier-ignore
  const rows: Row<SunSpecScale>[] = [
    [0, "R", "NV", "UInt", "", "", { constant: 0xffff }],
    [1, "R", "NV", "UInt", "", "", { constant: 0 }],
  ];
  return { title: "End of SunSpec Block", rows: placed(first, rows) };
}
