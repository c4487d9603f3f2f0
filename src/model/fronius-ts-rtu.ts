/**
 * Fronius Smart Meter TS 65A-3 on a serial line, as a Fronius GEN24 asks for it: recorded by github.com/otti/FroniusModbusRtu
 * (ac8ec1e, a Symo GEN24 10.0 Plus, 2023-02-28). Holding registers of unit 1: 258 x 16 and 286 x 42 each second, 1024 x 16 every
 * ten. Numbers as on the wire, signed values of two registers with the lower word first. What the inverter asks for when the
 * meter is set up is not in the recording.
 */
import type { ModbusFace, Row } from "#protocol/modbus/register-table.ts";
import type { MeterModel } from "./model.ts";
import { connectedAs } from "./virtual-design.ts";

// prettier-ignore
const totals: readonly Row<never>[] = [
  [258, "R", "", "SLong", "Volts",     0.1,   "V.ln"],
  [260, "R", "", "SLong", "Volts",     0.1,   "V.ll"],
  [262, "R", "", "SLong", "Watts",     0.1,   "W"],
  // The sum of the phases' own, as the recording has it: 461.3 VA of 207.8, 80.7 and 176.7 a moment later.
  [264, "R", "", "SLong", "Volt-Amps", 0.1,   "VA.arithmetic"],
  [266, "R", "", "SLong", "VAR",       0.1,   "var"],
  [268, "R", "", "SLong", "Ratio",     0.001, "PF"],
  // Unknown; the recording has 0.
  [270, "R", "", "SLong", "",          "",    { reserved: 0 }],
  [272, "R", "", "SLong", "Hertz",     0.1,   "Hz"],
];

/** Currents have the sign of the power. */
// prettier-ignore
const phases: readonly Row<never>[] = [
  [286, "R", "", "SLong", "Volts",     0.1,   "V.ab"],
  [288, "R", "", "SLong", "Volts",     0.1,   "V.a"],
  [290, "R", "", "SLong", "Amps",      0.001, { signed: "A.a", like: "W.a" }],
  [292, "R", "", "SLong", "Watts",     0.1,   "W.a"],
  [294, "R", "", "SLong", "Volt-Amps", 0.1,   "VA.a"],
  [296, "R", "", "SLong", "VAR",       0.1,   "var.a"],
  [298, "R", "", "SLong", "Ratio",     0.001, "PF.a"],
  [300, "R", "", "SLong", "Volts",     0.1,   "V.bc"],
  [302, "R", "", "SLong", "Volts",     0.1,   "V.b"],
  [304, "R", "", "SLong", "Amps",      0.001, { signed: "A.b", like: "W.b" }],
  [306, "R", "", "SLong", "Watts",     0.1,   "W.b"],
  [308, "R", "", "SLong", "Volt-Amps", 0.1,   "VA.b"],
  [310, "R", "", "SLong", "VAR",       0.1,   "var.b"],
  [312, "R", "", "SLong", "Ratio",     0.001, "PF.b"],
  [314, "R", "", "SLong", "Volts",     0.1,   "V.ca"],
  [316, "R", "", "SLong", "Volts",     0.1,   "V.c"],
  [318, "R", "", "SLong", "Amps",      0.001, { signed: "A.c", like: "W.c" }],
  [320, "R", "", "SLong", "Watts",     0.1,   "W.c"],
  [322, "R", "", "SLong", "Volt-Amps", 0.1,   "VA.c"],
  [324, "R", "", "SLong", "VAR",       0.1,   "var.c"],
  [326, "R", "", "SLong", "Ratio",     0.001, "PF.c"],
];

/** Whole kilowatt-hours, then the watt-hours that are left. */
// prettier-ignore
const energies: readonly Row<never>[] = [
  [1024, "R", "NV", "SLong", "kWh",   "", "Wh.import"],
  [1026, "R", "NV", "SLong", "Wh",    "", { rest: "Wh.import",   of: 1000 }],
  [1028, "R", "NV", "SLong", "kVARh", "", "varh.import"],
  [1030, "R", "NV", "SLong", "VARh",  "", { rest: "varh.import", of: 1000 }],
  [1032, "R", "NV", "SLong", "kWh",   "", "Wh.export"],
  [1034, "R", "NV", "SLong", "Wh",    "", { rest: "Wh.export",   of: 1000 }],
  [1036, "R", "NV", "SLong", "kVARh", "", "varh.export"],
  [1038, "R", "NV", "SLong", "VARh",  "", { rest: "varh.export", of: 1000 }],
];

const modbus: ModbusFace<never> = {
  map: {
    base: 0,
    scales: {},
    lowWordFirst: true,
    blocks: [
      { title: "Totals", absent: "zero", rows: totals },
      { title: "Phases", absent: "zero", rows: phases },
      { title: "Energies", absent: "zero", rows: energies },
    ],
  },
  // An inverter takes zeros and old values for real ones.
  faultWhenUnmeasured: true,
};

export const froniusTsRtu: MeterModel = {
  name: "fronius-ts-rtu",
  title: "Fronius Smart Meter TS on a serial line",
  manual: "registers as a GEN24 was recorded to ask for them",
  manufacturer: "Fronius",
  product: "Smart Meter TS 65A-3",
  options: { plain: "", logging: "" },
  firmware: 1003,
  instrument: connectedAs("wye"),
  modbus,
};
