/**
 * Carlo Gavazzi EM24 Ethernet as Victron's systems look for it: identification 1648 at 0x000B when that register is read
 * alone, application H at 0xA000, three phases with neutral, values of two registers with the lower word first, addresses
 * as on the wire. What Victron's open client reads is as that client has it; apparent and reactive power, power factors
 * and reactive energies from memory of the product's list.
 */
import type { ModbusFace, Row } from "#protocol/modbus/register-table.ts";
import { filled } from "./filled.ts";
import type { MeterModel } from "./model.ts";
import { virtualDesign } from "./virtual-design.ts";

/** EM24-DIN AV53 with Ethernet; a reader accepts 1648 to 1653. */
const IDENTIFICATION = 1648;

// prettier-ignore
const measured: readonly Row<never>[] = [
  [0x0000, "R", "", "SLong", "Volts",     0.1,   "V.a"],
  [0x0002, "R", "", "SLong", "Volts",     0.1,   "V.b"],
  [0x0004, "R", "", "SLong", "Volts",     0.1,   "V.c"],
  [0x0006, "R", "", "SLong", "Volts",     0.1,   "V.ab"],
  [0x0008, "R", "", "SLong", "Volts",     0.1,   "V.bc"],
  [0x000a, "R", "", "SLong", "Volts",     0.1,   "V.ca"],
  [0x000c, "R", "", "SLong", "Amps",      0.001, "A.a"],
  [0x000e, "R", "", "SLong", "Amps",      0.001, "A.b"],
  [0x0010, "R", "", "SLong", "Amps",      0.001, "A.c"],
  [0x0012, "R", "", "SLong", "Watts",     0.1,   "W.a"],
  [0x0014, "R", "", "SLong", "Watts",     0.1,   "W.b"],
  [0x0016, "R", "", "SLong", "Watts",     0.1,   "W.c"],
  [0x0018, "R", "", "SLong", "Volt-Amps", 0.1,   "VA.a"],
  [0x001a, "R", "", "SLong", "Volt-Amps", 0.1,   "VA.b"],
  [0x001c, "R", "", "SLong", "Volt-Amps", 0.1,   "VA.c"],
  [0x001e, "R", "", "SLong", "VAR",       0.1,   "var.a"],
  [0x0020, "R", "", "SLong", "VAR",       0.1,   "var.b"],
  [0x0022, "R", "", "SLong", "VAR",       0.1,   "var.c"],
  [0x0024, "R", "", "SLong", "Volts",     0.1,   "V.ln"],
  [0x0026, "R", "", "SLong", "Volts",     0.1,   "V.ll"],
  [0x0028, "R", "", "SLong", "Watts",     0.1,   "W"],
  [0x002a, "R", "", "SLong", "Volt-Amps", 0.1,   "VA"],
  [0x002c, "R", "", "SLong", "VAR",       0.1,   "var"],
  [0x002e, "R", "", "SInt", "Ratio",     0.001, "PF.a"],
  [0x002f, "R", "", "SInt", "Ratio",     0.001, "PF.b"],
  [0x0030, "R", "", "SInt", "Ratio",     0.001, "PF.c"],
  [0x0031, "R", "", "SInt", "Ratio",     0.001, "PF"],
  [0x0032, "R", "", "UInt", "",          "",    { reserved: 0 }],
  [0x0033, "R", "", "UInt", "Hertz",     0.1,   "Hz"],
  [0x0034, "R", "", "SLong", "kWh",       0.1,   "Wh.import"],
  [0x0036, "R", "", "SLong", "kVARh",     0.1,   "varh.import"],
  [0x0040, "R", "", "SLong", "kWh",       0.1,   "Wh.a.import"],
  [0x0042, "R", "", "SLong", "kWh",       0.1,   "Wh.b.import"],
  [0x0044, "R", "", "SLong", "kWh",       0.1,   "Wh.c.import"],
  [0x004e, "R", "", "SLong", "kWh",       0.1,   "Wh.export"],
  [0x0050, "R", "", "SLong", "kVARh",     0.1,   "varh.export"],
];

// prettier-ignore
const identity: readonly Row<never>[] = [
  [0x0302, "R",   "", "UInt",        "",      "", { constant: 0x1001 }],
  [0x0304, "R",   "", "UInt",        "",      "", { constant: 0x1001 }],
  [0x1002, "R/W", "", "UInt",        "",      "", { reserved: 0 }],
  [0x5000, "R",   "", "String (14)", "ASCII", "", { text: "serial" }],
  [0xa000, "R/W", "", "UInt",        "",      "", { reserved: 7 }],
  [0xa100, "R",   "", "UInt",        "",      "", { constant: 0 }],
];

const modbus: ModbusFace<never> = {
  map: {
    base: 0,
    scales: {},
    lowWordFirst: true,
    alone: { 0x000b: IDENTIFICATION },
    blocks: [
      { title: "Measured", rows: filled(measured, 0x0000, 0x0060) },
      { title: "Identification and configuration", rows: identity },
    ],
  },
  // Its integers have no invalid value.
  faultWhenUnmeasured: true,
};

export const em24: MeterModel = {
  name: "em24",
  title: "Carlo Gavazzi EM24 Ethernet, for Victron systems",
  manual: "registers as Victron's open client reads them",
  manufacturer: "Carlo Gavazzi",
  product: "EM24",
  options: { plain: "", logging: "" },
  firmware: 1000,
  instrument: virtualDesign,
  modbus,
};
