/**
 * Registers that Carlo Gavazzi's meters have in common: the EM24 with Ethernet, and the 300 series ("EM/ET300 Series Communication
 * Protocol" rev. 2.6, table 2.4-1). Integers, values of two registers with the lower word first, numbers as on the wire.
 */
import type { Row } from "#protocol/modbus/register-table.ts";
import type { WiringName } from "#quantity/wiring.ts";

/** Measuring system, register 0x1002 of the EM24: 3P.n, 2P, 1P, 3P. The 300 series has 1 for 3P. */
export const em24Systems: Readonly<Partial<Record<WiringName, number>>> = {
  wye: 0,
  network: 2,
  "split-phase": 2,
  "1-phase-ln": 3,
  delta: 4,
  "two-element": 4,
  "open-delta": 4,
};

export const series300Systems: Readonly<Partial<Record<WiringName, number>>> = {
  ...em24Systems,
  delta: 1,
  "two-element": 1,
  "open-delta": 1,
};

/** What a system without a neutral has no part in: it reads 0 there. */
// prettier-ignore
export const toNeutral: readonly Row<never>[] = [
  [0x0000, "R", "", "SLong", "Volts",     0.1,   "V.a"],
  [0x0002, "R", "", "SLong", "Volts",     0.1,   "V.b"],
  [0x0004, "R", "", "SLong", "Volts",     0.1,   "V.c"],
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
  [0x002e, "R", "", "SInt",  "Ratio",     0.001, "PF.a"],
  [0x002f, "R", "", "SInt",  "Ratio",     0.001, "PF.b"],
  [0x0030, "R", "", "SInt",  "Ratio",     0.001, "PF.c"],
  [0x0040, "R", "", "SLong", "kWh",       0.1,   "Wh.a.import"],
  [0x0042, "R", "", "SLong", "kWh",       0.1,   "Wh.b.import"],
  [0x0044, "R", "", "SLong", "kWh",       0.1,   "Wh.c.import"],
];

// prettier-ignore
export const system: readonly Row<never>[] = [
  [0x0006, "R", "", "SLong", "Volts",     0.1,   "V.ab"],
  [0x0008, "R", "", "SLong", "Volts",     0.1,   "V.bc"],
  [0x000a, "R", "", "SLong", "Volts",     0.1,   "V.ca"],
  [0x000c, "R", "", "SLong", "Amps",      0.001, "A.a"],
  [0x000e, "R", "", "SLong", "Amps",      0.001, "A.b"],
  [0x0010, "R", "", "SLong", "Amps",      0.001, "A.c"],
  [0x0026, "R", "", "SLong", "Volts",     0.1,   "V.ll"],
  [0x0028, "R", "", "SLong", "Watts",     0.1,   "W"],
  [0x002a, "R", "", "SLong", "Volt-Amps", 0.1,   "VA"],
  [0x002c, "R", "", "SLong", "VAR",       0.1,   "var"],
  [0x0031, "R", "", "SInt",  "Ratio",     0.001, "PF"],
  // Phase sequence: L1-L2-L3 is 0, L1-L3-L2 is -1.
  [0x0032, "R", "", "SInt",  "",          "",    { code: "sequence", as: { 1: 0, [-1]: 0xffff } }],
  [0x0033, "R", "", "UInt",  "Hertz",     0.1,   "Hz"],
  [0x0034, "R", "", "SLong", "kWh",       0.1,   "Wh.import"],
  [0x0036, "R", "", "SLong", "kVARh",     0.1,   "varh.import"],
  [0x0038, "R", "", "SLong", "Watts",     0.1,   "W.demand"],
  [0x003a, "R", "", "SLong", "Watts",     0.1,   "W.demand.max"],
  // The partial counters, which nobody has cleared.
  [0x003c, "R", "", "SLong", "kWh",       0.1,   "Wh.import"],
  [0x003e, "R", "", "SLong", "kVARh",     0.1,   "varh.import"],
  [0x004e, "R", "", "SLong", "kWh",       0.1,   "Wh.export"],
  [0x0050, "R", "", "SLong", "kVARh",     0.1,   "varh.export"],
];

/** Wirings with a neutral. */
export const withNeutral: readonly WiringName[] = ["wye", "network", "split-phase", "1-phase-ln"];
