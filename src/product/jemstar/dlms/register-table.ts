/**
 * Registers of Appendix D, "Register Measurements Available for DLMS": description, OBIS code, access, type and unit as they are printed,
 * and what is measured. There are no others, whatever the meter is set up to show.
 */
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import { accumulates, type Measure } from "#quantity/measure.ts";

export type RegisterRow = readonly [
  description: string,
  code: LogicalName,
  access: "RO",
  type: "Double long unsigned",
  unit: "W" | "VAR" | "VA" | "V" | "A" | "" | "HZ" | "Deg" | "Wh",
  measure: string,
];

// prettier-ignore
export const registerRows: readonly RegisterRow[] = [
  ["Active power+ (QI+QIV) Watts Del A", "1.0.21.7.0.255", "RO", "Double long unsigned", "W", "W.a.import"],
  ["Watts Del B", "1.0.41.7.0.255", "RO", "Double long unsigned", "W", "W.b.import"],
  ["Watts Del C", "1.0.61.7.0.255", "RO", "Double long unsigned", "W", "W.c.import"],
  ["Watts Del Poly", "1.0.1.7.0.255", "RO", "Double long unsigned", "W", "W.import"],
  ["Active power– (QII+QIII) Watts Rec A", "1.0.22.7.0.255", "RO", "Double long unsigned", "W", "W.a.export"],
  ["Watts Rec B", "1.0.42.7.0.255", "RO", "Double long unsigned", "W", "W.b.export"],
  ["Watts Rec C", "1.0.62.7.0.255", "RO", "Double long unsigned", "W", "W.c.export"],
  ["Watts Rec Poly", "1.0.2.7.0.255", "RO", "Double long unsigned", "W", "W.export"],
  ["Reactive power+ (QI+QII) VARs Del A", "1.0.23.7.0.255", "RO", "Double long unsigned", "VAR", "var.a.import"],
  ["VARs Del B", "1.0.43.7.0.255", "RO", "Double long unsigned", "VAR", "var.b.import"],
  ["VARs Del C", "1.0.63.7.0.255", "RO", "Double long unsigned", "VAR", "var.c.import"],
  ["VARs Del Poly", "1.0.3.7.0.255", "RO", "Double long unsigned", "VAR", "var.import"],
  ["Reactive power– (QIII+QIV) VARs Rec A", "1.0.24.7.0.255", "RO", "Double long unsigned", "VAR", "var.a.export"],
  ["VARs Rec B", "1.0.44.7.0.255", "RO", "Double long unsigned", "VAR", "var.b.export"],
  ["VARs Rec C", "1.0.64.7.0.255", "RO", "Double long unsigned", "VAR", "var.c.export"],
  ["VARs Rec Poly", "1.0.4.7.0.255", "RO", "Double long unsigned", "VAR", "var.export"],
  ["Apparent power+ (QI+QIV) VA Arithmetic Delivered A", "1.0.29.7.0.255", "RO", "Double long unsigned", "VA", "VA.a.import.arithmetic"],
  ["VA Arithmetic Delivered B", "1.0.49.7.0.255", "RO", "Double long unsigned", "VA", "VA.b.import.arithmetic"],
  ["VA Arithmetic Delivered C", "1.0.69.7.0.255", "RO", "Double long unsigned", "VA", "VA.c.import.arithmetic"],
  ["VA Arithmetic Delivered Poly", "1.0.9.7.0.255", "RO", "Double long unsigned", "VA", "VA.import.arithmetic"],
  ["Apparent power– (QII+QIII) VA Arithmetic Received A", "1.0.30.7.0.255", "RO", "Double long unsigned", "VA", "VA.a.export.arithmetic"],
  ["VA Arithmetic Received B", "1.0.50.7.0.255", "RO", "Double long unsigned", "VA", "VA.b.export.arithmetic"],
  ["VA Arithmetic Received C", "1.0.70.7.0.255", "RO", "Double long unsigned", "VA", "VA.c.export.arithmetic"],
  ["VA Arithmetic Received Poly", "1.0.10.7.0.255", "RO", "Double long unsigned", "VA", "VA.export.arithmetic"],
  ["Voltage: any phase Volts RMS Phase A", "1.0.32.7.0.255", "RO", "Double long unsigned", "V", "V.a"],
  ["Volts RMS Phase B", "1.0.52.7.0.255", "RO", "Double long unsigned", "V", "V.b"],
  ["Volts RMS Phase C", "1.0.72.7.0.255", "RO", "Double long unsigned", "V", "V.c"],
  ["Volts RMS Average", "1.0.12.4.0.255", "RO", "Double long unsigned", "V", "V.ln"],
  ["Current: any phase Amps RMS A", "1.0.31.7.0.255", "RO", "Double long unsigned", "A", "A.a"],
  ["Amps RMS B", "1.0.51.7.0.255", "RO", "Double long unsigned", "A", "A.b"],
  ["Amps RMS C", "1.0.71.7.0.255", "RO", "Double long unsigned", "A", "A.c"],
  ["Amps RMS Poly", "1.0.90.7.0.255", "RO", "Double long unsigned", "A", "A.sum"],
  ["Amps RMS Neutral", "1.0.91.7.0.255", "RO", "Double long unsigned", "A", "A.n"],
  ["Amps RMS Average", "1.0.90.4.0.255", "RO", "Double long unsigned", "A", "A"],
  ["PF Arithmetic A", "1.0.33.7.0.255", "RO", "Double long unsigned", "", "PF.a.arithmetic.leadlag"],
  ["PF Arithmetic B", "1.0.53.7.0.255", "RO", "Double long unsigned", "", "PF.b.arithmetic.leadlag"],
  ["PF Arithmetic C", "1.0.73.7.0.255", "RO", "Double long unsigned", "", "PF.c.arithmetic.leadlag"],
  ["PF Arithmetic Poly", "1.0.13.7.0.255", "RO", "Double long unsigned", "", "PF.arithmetic.leadlag"],
  ["Frequency", "1.0.34.7.0.255", "RO", "Double long unsigned", "HZ", "Hz"],
  ["Fundamental Volts A Phase Angle", "1.0.81.7.0.255", "RO", "Double long unsigned", "Deg", "deg.V.a"],
  ["Fundamental Volts B Phase Angle", "1.0.81.7.1.255", "RO", "Double long unsigned", "Deg", "deg.V.b"],
  ["Fundamental Volts C Phase Angle", "1.0.81.7.2.255", "RO", "Double long unsigned", "Deg", "deg.V.c"],
  ["Fundamental Amps A Phase Angle", "1.0.81.7.4.255", "RO", "Double long unsigned", "Deg", "deg.A.a"],
  ["Fundamental Amps B Phase Angle", "1.0.81.7.5.255", "RO", "Double long unsigned", "Deg", "deg.A.b"],
  ["Fundamental Amps C Phase Angle", "1.0.81.7.6.255", "RO", "Double long unsigned", "Deg", "deg.A.c"],
  ["Watthours A Delivered", "1.0.21.8.0.255", "RO", "Double long unsigned", "Wh", "Wh.a.import"],
  ["Watthours B Delivered", "1.0.41.8.0.255", "RO", "Double long unsigned", "Wh", "Wh.b.import"],
  ["Watthours C Delivered", "1.0.61.8.0.255", "RO", "Double long unsigned", "Wh", "Wh.c.import"],
  ["Watthours Poly Delivered", "1.0.1.8.0.255", "RO", "Double long unsigned", "Wh", "Wh.import"],
  ["Watthours A Received", "1.0.22.8.0.255", "RO", "Double long unsigned", "Wh", "Wh.a.export"],
  ["Watthours B Received", "1.0.42.8.0.255", "RO", "Double long unsigned", "Wh", "Wh.b.export"],
  ["Watthours C Received", "1.0.62.8.0.255", "RO", "Double long unsigned", "Wh", "Wh.c.export"],
  ["Watthours Poly Received", "1.0.2.8.0.255", "RO", "Double long unsigned", "Wh", "Wh.export"],
];

/** Energies among them, which a meter has to count for them: "there is no configuration required". */
export const standingEnergies: readonly Measure[] = registerRows
  .flatMap(([, , , , , name]) => parseMeasure(name) ?? [])
  .filter(({ quantity }) => accumulates(quantity));
