/**
 * Schneider PowerLogic Power Meter 800: what the circuit monitors have, and clock, demand and real-time values. Registers as
 * the PM800 register lists number them; the places of the clock, of the setup and of the demands from memory of those lists.
 */
import type { Block, ModbusFace, ScaleRule } from "#protocol/modbus/register-table.ts";
import type { MeterModel } from "./model.ts";
import { commandBlock, commandsWithPreset, energyBlock, powerlogicDesign } from "./powerlogic-design.ts";

/** Registers 3209 to 3214: phase amps, neutral amps, ground amps, volts, neutral-to-ground volts, power. */
type Scale = "A" | "B" | "C" | "D" | "E" | "F";

const scales: Readonly<Record<Scale, ScaleRule>> = {
  A: { exponent: "exponent.A" },
  B: { exponent: "exponent.A" },
  C: { exponent: "exponent.A" },
  D: { exponent: "exponent.V" },
  E: { exponent: "exponent.V" },
  F: { exponent: "exponent.W" },
};

/** What a unit without the input reads. */
const UNSUPPORTED = 0x8000;

const realTime: Block<Scale> = {
  title: "1 s metering",
  // prettier-ignore
  rows: [
    [1100, "R", "", "SInt", "Amps",  "A",   "A.a"],
    [1101, "R", "", "SInt", "Amps",  "A",   "A.b"],
    [1102, "R", "", "SInt", "Amps",  "A",   "A.c"],
    [1103, "R", "", "SInt", "Amps",  "B",   "A.n"],
    [1104, "R", "", "SInt", "Amps",  "C",   { reserved: UNSUPPORTED }],
    [1105, "R", "", "SInt", "Amps",  "A",   "A"],
    [1106, "R", "", "SInt", "",      "",    { reserved: UNSUPPORTED }],
    [1107, "R", "", "SInt", "",      0.1,   "unbalance.A.a"],
    [1108, "R", "", "SInt", "",      0.1,   "unbalance.A.b"],
    [1109, "R", "", "SInt", "",      0.1,   "unbalance.A.c"],
    [1110, "R", "", "SInt", "",      0.1,   "unbalance.A"],
    [1120, "R", "", "SInt", "Volts", "D",   "V.ab"],
    [1121, "R", "", "SInt", "Volts", "D",   "V.bc"],
    [1122, "R", "", "SInt", "Volts", "D",   "V.ca"],
    [1123, "R", "", "SInt", "Volts", "D",   "V.ll"],
    [1124, "R", "", "SInt", "Volts", "D",   "V.a"],
    [1125, "R", "", "SInt", "Volts", "D",   "V.b"],
    [1126, "R", "", "SInt", "Volts", "D",   "V.c"],
    [1127, "R", "", "SInt", "Volts", "E",   { reserved: UNSUPPORTED }],
    [1128, "R", "", "SInt", "Volts", "D",   "V.ln"],
    [1129, "R", "", "SInt", "",      0.1,   "unbalance.V.ab"],
    [1130, "R", "", "SInt", "",      0.1,   "unbalance.V.bc"],
    [1131, "R", "", "SInt", "",      0.1,   "unbalance.V.ca"],
    [1132, "R", "", "SInt", "",      0.1,   "unbalance.V.ll"],
    [1133, "R", "", "SInt", "",      0.1,   "unbalance.V.a"],
    [1134, "R", "", "SInt", "",      0.1,   "unbalance.V.b"],
    [1135, "R", "", "SInt", "",      0.1,   "unbalance.V.c"],
    [1136, "R", "", "SInt", "",      0.1,   "unbalance.V.ln"],
    [1140, "R", "", "SInt", "kW",    "F",   "W.a"],
    [1141, "R", "", "SInt", "kW",    "F",   "W.b"],
    [1142, "R", "", "SInt", "kW",    "F",   "W.c"],
    [1143, "R", "", "SInt", "kW",    "F",   "W"],
    [1144, "R", "", "SInt", "kVAR",  "F",   "var.a"],
    [1145, "R", "", "SInt", "kVAR",  "F",   "var.b"],
    [1146, "R", "", "SInt", "kVAR",  "F",   "var.c"],
    [1147, "R", "", "SInt", "kVAR",  "F",   "var"],
    [1148, "R", "", "SInt", "kVA",   "F",   "VA.a"],
    [1149, "R", "", "SInt", "kVA",   "F",   "VA.b"],
    [1150, "R", "", "SInt", "kVA",   "F",   "VA.c"],
    [1151, "R", "", "SInt", "kVA",   "F",   "VA"],
    [1160, "R", "", "PF",   "",      "",    "PF.a.leadlag"],
    [1161, "R", "", "PF",   "",      "",    "PF.b.leadlag"],
    [1162, "R", "", "PF",   "",      "",    "PF.c.leadlag"],
    [1163, "R", "", "PF",   "",      "",    "PF.leadlag"],
    [1180, "R", "", "SInt", "Hertz", 0.01,  "Hz"],
  ],
};

const setup: Block<Scale> = {
  title: "Setup, written in a session",
  // prettier-ignore
  rows: [
    [1801, "R/W", "NV", "UInt", "",     60, { setting: "demandSubInterval" }],
    [3200, "R/W", "NV", "UInt", "",     "", { setting: "systemType" }],
    [3201, "R/W", "NV", "UInt", "Amps", "", { setting: "ctPrimary" }],
    [3202, "R/W", "NV", "UInt", "Amps", "", { setting: "ctSecondary" }],
    [4128, "R/W", "NV", "UInt", "",     "", { setting: "brand" }],
  ],
};

const demand: Block<Scale> = {
  title: "Demand",
  // prettier-ignore
  rows: [
    [2150, "R", "",   "SInt", "kW",   "F", "W.demand"],
    [2154, "R", "NV", "SInt", "kW",   "F", "W.import.demand.max"],
    [2165, "R", "",   "SInt", "kVAR", "F", "var.demand"],
    [2169, "R", "NV", "SInt", "kVAR", "F", "var.import.demand.max"],
    [2180, "R", "",   "SInt", "kVA",  "F", "VA.demand"],
    [2184, "R", "NV", "SInt", "kVA",  "F", "VA.import.demand.max"],
  ],
};

const clock: Block<Scale> = {
  title: "Date and time",
  // prettier-ignore
  rows: [
    [3034, "R", "", "UInt", "", "", { clock: "month, day" }],
    [3035, "R", "", "UInt", "", "", { clock: "year, hour" }],
    [3036, "R", "", "UInt", "", "", { clock: "minute, second" }],
  ],
};

const scaleFactors: Block<Scale> = {
  title: "Scale factors",
  // prettier-ignore
  rows: [
    [3209, "R", "NV", "SInt", "SF", "", { scale: "A" }],
    [3210, "R", "NV", "SInt", "SF", "", { scale: "B" }],
    [3211, "R", "NV", "SInt", "SF", "", { scale: "C" }],
    [3212, "R", "NV", "SInt", "SF", "", { scale: "D" }],
    [3213, "R", "NV", "SInt", "SF", "", { scale: "E" }],
    [3214, "R", "NV", "SInt", "SF", "", { scale: "F" }],
  ],
};

const oneRegister = { 666: "resetDemand", 1115: "restart", 21212: "resetMaxDemand", 30078: "clearEnergy" } as const;

const resets: Block<Scale> = {
  title: "Commands of one register, and firmware",
  // prettier-ignore
  rows: [
    [4126, "R/W", "", "UInt", "", "", { command: oneRegister, sealed: { clearEnergy: "revenueSecurity" } }],
    [7001, "R",   "", "UInt", "", "", { identity: "firmware" }],
  ],
};

const modbus: ModbusFace<Scale> = {
  map: {
    base: 1,
    scales,
    commands: commandsWithPreset,
    blocks: [realTime, energyBlock, demand, clock, setup, scaleFactors, resets, commandBlock],
  },
  serverId: { id: 250, status: 0xff, text: "PM8xx Power Meter" },
  identification: {
    vendor: { setting: "brand", texts: { 0: "Schneider Electric", 1: "Square D" } },
    product: "PM8xx",
    revision: "{version}",
  },
};

export const powerlogicPm800: MeterModel = {
  name: "powerlogic-pm800",
  title: "Schneider PowerLogic Power Meter 800",
  manual: "63230-500-225A2; PM800 Register List; Transferring energy readings between PowerLogic meters",
  manufacturer: "Schneider Electric",
  product: "PM8xx",
  options: { plain: "", logging: "" },
  firmware: 11_900,
  instrument: powerlogicDesign,
  modbus,
};
