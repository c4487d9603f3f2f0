/**
 * What the Series 3000 and 4000 and the Power Meter 800 have at the same registers: one-second metering from 1100 on, distortion from
 * 1200 on, symmetrical components from 1284 on. A register of the block that a unit cannot fill reads -32,768.
 */
import { watched, type Extreme, type Watched } from "#quantity/quantity.ts";
import type { Block, Row, ScaleRule } from "#protocol/modbus/register-table.ts";
import { memory } from "./powerlogic-sources.ts";

/** Registers 3209 to 3214: phase amps, neutral amps, ground amps, volts, neutral-to-ground volts, power. */
export type PowerlogicScale = "A" | "B" | "C" | "D" | "E" | "F";

export const powerlogicScales: Readonly<Record<PowerlogicScale, ScaleRule>> = {
  A: { exponent: "exponent.A" },
  B: { exponent: "exponent.A.n" },
  C: { exponent: "exponent.A.ground" },
  D: { exponent: "exponent.V" },
  E: { exponent: "exponent.V.n" },
  F: { exponent: "exponent.W" },
};

/** -32,768: what a unit cannot measure. */
export const NOT_AVAILABLE = 0x8000;

/** K factors and crest factors, which the Power Meter 800 lacks. */
// prettier-ignore
const currentFactors: readonly Row<PowerlogicScale>[] = [
  [1218, "R", "", "SInt", "", 0.1,  "K.A.a",     memory],
  [1219, "R", "", "SInt", "", 0.1,  "K.A.b",     memory],
  [1220, "R", "", "SInt", "", 0.1,  "K.A.c",     memory],
  [1221, "R", "", "SInt", "", 0.01, "crest.A.a", memory],
  [1222, "R", "", "SInt", "", 0.01, "crest.A.b", memory],
  [1223, "R", "", "SInt", "", 0.01, "crest.A.c", memory],
  [1225, "R", "", "SInt", "", 0.01, "crest.V.a", memory],
  [1226, "R", "", "SInt", "", 0.01, "crest.V.b", memory],
  [1227, "R", "", "SInt", "", 0.01, "crest.V.c", memory],
];

/** Volts are to neutral, or from line to line in a system without one; angles are against the first of them. */
// prettier-ignore
const fundamentals: readonly Row<PowerlogicScale>[] = [
  [1230, "R", "", "SInt",  "Amps",  "A", "A.a.fundamental",       memory],
  [1231, "R", "", "Angle", "",      0.1, "deg.A.a",               memory],
  [1232, "R", "", "SInt",  "Amps",  "A", "A.b.fundamental",       memory],
  [1233, "R", "", "Angle", "",      0.1, "deg.A.b",               memory],
  [1234, "R", "", "SInt",  "Amps",  "A", "A.c.fundamental",       memory],
  [1235, "R", "", "Angle", "",      0.1, "deg.A.c",               memory],
  [1244, "R", "", "SInt",  "Volts", "D", "V.input.a.fundamental", memory],
  [1245, "R", "", "Angle", "",      0.1, "deg.V.input.a",         memory],
  [1246, "R", "", "SInt",  "Volts", "D", "V.input.b.fundamental", memory],
  [1247, "R", "", "Angle", "",      0.1, "deg.V.input.b",         memory],
  [1248, "R", "", "SInt",  "Volts", "D", "V.input.c.fundamental", memory],
  [1249, "R", "", "Angle", "",      0.1, "deg.V.input.c",         memory],
];

/** From 1100 on; `source` is the document of the model in which they stand, `factors` those of the currents that a unit has besides. */
export function metering(
  source: string,
  factors: readonly Row<PowerlogicScale>[] = currentFactors,
): Block<PowerlogicScale> {
  return {
    title: "1 s metering",
    fill: NOT_AVAILABLE,
    // prettier-ignore
    rows: [
      [1100, "R", "", "SInt", "Amps",  "A",  "A.a",             source],
      [1101, "R", "", "SInt", "Amps",  "A",  "A.b",             source],
      [1102, "R", "", "SInt", "Amps",  "A",  "A.c",             source],
      [1103, "R", "", "SInt", "Amps",  "B",  "A.n",             source],
      [1105, "R", "", "SInt", "Amps",  "A",  "A",               source],
      [1107, "R", "", "SInt", "",      0.1,  "unbalance.A.a",   source],
      [1108, "R", "", "SInt", "",      0.1,  "unbalance.A.b",   source],
      [1109, "R", "", "SInt", "",      0.1,  "unbalance.A.c",   source],
      [1110, "R", "", "SInt", "",      0.1,  "unbalance.A",     source],
      [1120, "R", "", "SInt", "Volts", "D",  "V.ab",            source],
      [1121, "R", "", "SInt", "Volts", "D",  "V.bc",            source],
      [1122, "R", "", "SInt", "Volts", "D",  "V.ca",            source],
      [1123, "R", "", "SInt", "Volts", "D",  "V.ll",            source],
      [1124, "R", "", "SInt", "Volts", "D",  "V.a",             source],
      [1125, "R", "", "SInt", "Volts", "D",  "V.b",             source],
      [1126, "R", "", "SInt", "Volts", "D",  "V.c",             source],
      [1128, "R", "", "SInt", "Volts", "D",  "V.ln",            source],
      [1129, "R", "", "SInt", "",      0.1,  "unbalance.V.ab",  source],
      [1130, "R", "", "SInt", "",      0.1,  "unbalance.V.bc",  source],
      [1131, "R", "", "SInt", "",      0.1,  "unbalance.V.ca",  source],
      [1132, "R", "", "SInt", "",      0.1,  "unbalance.V.ll",  source],
      [1133, "R", "", "SInt", "",      0.1,  "unbalance.V.a",   source],
      [1134, "R", "", "SInt", "",      0.1,  "unbalance.V.b",   source],
      [1135, "R", "", "SInt", "",      0.1,  "unbalance.V.c",   source],
      [1136, "R", "", "SInt", "",      0.1,  "unbalance.V.ln",  source],
      [1140, "R", "", "SInt", "kW",    "F",  "W.a",             source],
      [1141, "R", "", "SInt", "kW",    "F",  "W.b",             source],
      [1142, "R", "", "SInt", "kW",    "F",  "W.c",             source],
      [1143, "R", "", "SInt", "kW",    "F",  "W",               source],
      [1144, "R", "", "SInt", "kVAR",  "F",  "var.a",           source],
      [1145, "R", "", "SInt", "kVAR",  "F",  "var.b",           source],
      [1146, "R", "", "SInt", "kVAR",  "F",  "var.c",           source],
      [1147, "R", "", "SInt", "kVAR",  "F",  "var",             source],
      [1148, "R", "", "SInt", "kVA",   "F",  "VA.a",            source],
      [1149, "R", "", "SInt", "kVA",   "F",  "VA.b",            source],
      [1150, "R", "", "SInt", "kVA",   "F",  "VA.c",            source],
      [1151, "R", "", "SInt", "kVA",   "F",  "VA",              source],
      [1160, "R", "", "PF",   "",      "",   "PF.a.leadlag",    source],
      [1161, "R", "", "PF",   "",      "",   "PF.b.leadlag",    source],
      [1162, "R", "", "PF",   "",      "",   "PF.c.leadlag",    source],
      [1163, "R", "", "PF",   "",      "",   "PF.leadlag",      source],
      [1164, "R", "", "PF (0-2000)", "", "", "PF.a.leadlag",    memory],
      [1165, "R", "", "PF (0-2000)", "", "", "PF.b.leadlag",    memory],
      [1166, "R", "", "PF (0-2000)", "", "", "PF.c.leadlag",    memory],
      [1167, "R", "", "PF (0-2000)", "", "", "PF.leadlag",      memory],
      [1168, "R", "", "PF", "", "", "DPF.a.leadlag", memory],
      [1169, "R", "", "PF", "", "", "DPF.b.leadlag", memory],
      [1170, "R", "", "PF", "", "", "DPF.c.leadlag", memory],
      [1171, "R", "", "PF", "", "", "DPF.leadlag",   memory],
      [1172, "R", "", "PF (0-2000)", "", "", "DPF.a.leadlag", memory],
      [1173, "R", "", "PF (0-2000)", "", "", "DPF.b.leadlag", memory],
      [1174, "R", "", "PF (0-2000)", "", "", "DPF.c.leadlag", memory],
      [1175, "R", "", "PF (0-2000)", "", "", "DPF.leadlag",   memory],
      [1180, "R", "", "SInt", "Hertz", 0.01, "Hz",              source],
      [1200, "R", "", "SInt", "",      0.1,  "THD.A.a",         memory],
      [1201, "R", "", "SInt", "",      0.1,  "THD.A.b",         memory],
      [1202, "R", "", "SInt", "",      0.1,  "THD.A.c",         memory],
      [1207, "R", "", "SInt", "",      0.1,  "THD.V.a",         memory],
      [1208, "R", "", "SInt", "",      0.1,  "THD.V.b",         memory],
      [1209, "R", "", "SInt", "",      0.1,  "THD.V.c",         memory],
      [1211, "R", "", "SInt", "",      0.1,  "THD.V.ab",        memory],
      [1212, "R", "", "SInt", "",      0.1,  "THD.V.bc",        memory],
      [1213, "R", "", "SInt", "",      0.1,  "THD.V.ca",        memory],
      ...factors,
      ...fundamentals,
    ],
  };
}

/** Magnitudes and angles of the symmetrical components; the negative sequence in percent of the positive. */
export function sequences(source: string): Block<PowerlogicScale> {
  return {
    title: "Symmetrical components",
    fill: NOT_AVAILABLE,
    // prettier-ignore
    rows: [
      [1284, "R", "", "SInt",  "Amps",  "A", "A.positive",           source],
      [1285, "R", "", "Angle", "",      0.1, "A.positive.angle",     source],
      [1286, "R", "", "SInt",  "Amps",  "A", "A.negative",           source],
      [1287, "R", "", "Angle", "",      0.1, "A.negative.angle",     source],
      [1288, "R", "", "SInt",  "Amps",  "A", "A.zero",               source],
      [1289, "R", "", "Angle", "",      0.1, "A.zero.angle",         source],
      [1290, "R", "", "SInt",  "Volts", "D", "V.positive",           source],
      [1291, "R", "", "Angle", "",      0.1, "V.positive.angle",     source],
      [1292, "R", "", "SInt",  "Volts", "D", "V.negative",           source],
      [1293, "R", "", "Angle", "",      0.1, "V.negative.angle",     source],
      [1294, "R", "", "SInt",  "Volts", "D", "V.zero",               source],
      [1295, "R", "", "Angle", "",      0.1, "V.zero.angle",         source],
      [1296, "R", "", "SInt",  "",      0.1, "unbalance.A.sequence", source],
      [1297, "R", "", "SInt",  "",      0.1, "unbalance.V.sequence", source],
    ],
  };
}

/** Demands of the currents, ten registers each, and of the powers, fifteen each. */
// prettier-ignore
export const ampsDemand: Block<PowerlogicScale> = {
  title: "Current demand",
  fill: NOT_AVAILABLE,
  rows: [
    ...ampsDemandOf(2100, "A", "A.a"),
    ...ampsDemandOf(2110, "A", "A.b"),
    ...ampsDemandOf(2120, "A", "A.c"),
    ...ampsDemandOf(2130, "B", "A.n"),
    ...ampsDemandOf(2140, "A", "A"),
  ],
};

function ampsDemandOf(
  first: number,
  scale: "A" | "B",
  name: "A" | "A.a" | "A.b" | "A.c" | "A.n",
): readonly Row<PowerlogicScale>[] {
  // prettier-ignore
  return [
    [first + 1, "R", "",   "SInt", "Amps", scale, `${name}.demand`,     memory],
    [first + 2, "R", "",   "SInt", "Amps", scale, `${name}.demand.running`, memory],
    [first + 3, "R", "NV", "SInt", "Amps", scale, `${name}.demand.max`, memory],
    ...moment(first + 4, `${name}.demand.max`, memory),
  ];
}

/** Three registers of a moment that the meter remembers. */
export function moment(
  first: number,
  name: Extract<Row<never>[6], { readonly moment: unknown }>["moment"],
  source: string,
): readonly Row<never>[] {
  // prettier-ignore
  return [
    [first,     "R", "NV", "UInt", "", "", { moment: name, part: "month, day" },     source],
    [first + 1, "R", "NV", "UInt", "", "", { moment: name, part: "year, hour" },     source],
    [first + 2, "R", "NV", "UInt", "", "", { moment: name, part: "minute, second" }, source],
  ];
}

/** Each register of metering again, so many registers further on: what has been the least of it, or the largest. */
export function extremesOf<Scale extends string>(
  { rows, ...block }: Block<Scale>,
  which: "min" | "max",
  further: number,
  source: (register: number) => string,
): Block<Scale> {
  const title = which === "min" ? "Minimum" : "Maximum";
  return {
    ...block,
    title: `${title} of ${block.title}`,
    rows: rows.flatMap(([reg, rw, , format, units, scale, is]): Row<Scale>[] => {
      if (typeof is !== "string" || !isWatched(is)) return [];
      const name: Extreme = `${is}.${which}`;
      return [[reg + further, rw, "NV", format, units, scale, name, source(reg + further)]];
    }),
  };
}

function isWatched(name: string): name is Watched {
  return (watched as readonly string[]).includes(name);
}
