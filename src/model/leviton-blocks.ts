/** Blocks of registers that the Leviton Series 4000 and 4100 share, as the EM3555's manual prints them too. */
import type { Block, Row, ScaleRule } from "#protocol/modbus/register-table.ts";

/** Scale registers: 138 I, 139 V, 140 W, 141 E, each a power of ten. */
export type LevitonScale = "I" | "V" | "W" | "E";

export const levitonScales: Readonly<Record<LevitonScale, ScaleRule>> = {
  I: { exponent: "exponent.A" },
  V: { exponent: "exponent.V" },
  W: { exponent: "exponent.W" },
  E: { exponent: "exponent.Wh" },
};

export const logging: Block<LevitonScale> = {
  title: "Logging",
  option: "logging",
  // prettier-ignore
  rows: [
    [ 155, "R/W", "NV", "UInt",  "",        "",     { setting: "clock.dayMonth" }],
    [ 156, "R/W", "NV", "UInt",  "",        "",     { setting: "clock.hourYear" }],
    [ 157, "R/W", "NV", "UInt",  "",        "",     { setting: "clock.secondMinute" }],
    [ 158, "R/W", "",   "UInt",  "",        "",     { setting: "log.page" }],
    [ 159, "R/W", "NV", "UInt",  "",        "",     { setting: "log.mode" }],
    [ 160, "R",   "NV", "UInt",  "",        "",     "log.status"],
    [ 161, "R",   "NV", "UInt",  "",        "",     "log.wraps"],
    [ 162, "R",   "NV", "UInt",  "",        "",     "log.days"],
    [ 163, "R",   "NV", "UInt",  "",        "",     "log.entries"],
    [ 164, "R",   "NV", "ULong", "kWh",     "E",    "log.start"],
    [ 166, "R",   "NV", "UInt",  "",        "",     "log.newest.dayMonth"],
    [ 167, "R",   "NV", "UInt",  "",        "",     "log.newest.hourYear"],
    [ 168, "R",   "NV", "UInt",  "",        "",     "log.newest.secondMinute"],
    [ 169, "R/W", "NV", "UInt",  "",        "",     { setting: "log.pointer.1" }],
    [ 170, "R/W", "NV", "UInt",  "",        "",     { setting: "log.pointer.2" }],
    [ 171, "R/W", "NV", "UInt",  "",        "",     { setting: "log.pointer.3" }],
    [ 172, "R/W", "NV", "UInt",  "",        "",     { setting: "log.pointer.4" }],
    [ 173, "R/W", "NV", "UInt",  "",        "",     { setting: "log.pointer.5" }],
    [ 174, "R/W", "NV", "UInt",  "",        "",     { setting: "log.pointer.6" }],
    [ 175, "R/W", "NV", "UInt",  "",        "",     { setting: "log.pointer.7" }],
    [ 176, "R/W", "NV", "UInt",  "",        "",     { setting: "log.pointer.8" }],
    [ 177, "R/W", "NV", "UInt",  "",        "",     { setting: "log.pointer.9" }],
    [ 178, "R/W", "NV", "UInt",  "",        "",     { setting: "log.pointer.10" }],
  ],
};

export const logWindow: Block<LevitonScale> = {
  title: "Logging: the buffer chosen by register 158, newest entry first",
  option: "logging",
  // prettier-ignore
  rows: [
    [8000, "R",   "NV", "UInt",  "",        "",     { window: "log", length: 5760 }],
  ],
};

export const firmware: Block<LevitonScale> = {
  title: "Firmware Version, Operating System",
  // prettier-ignore
  rows: [
    [7001, "R",   "NV", "UInt",  "",        "",     { identity: "firmware" }],
  ],
};

/** Configuration, 129 to 151; from 152 on the models differ, and in how they print milliseconds. */
export function configurationBlock(closure: "ms" | "msec", own: readonly Row<LevitonScale>[]): Block<LevitonScale> {
  // prettier-ignore
  const rows: readonly Row<LevitonScale>[] = [
    [ 129, "R/W", "",   "UInt",  "",        "",     { command: { 30078: "clearEnergy", 21211: "newDemandSubInterval", 21212: "resetMaxDemand", 16640: "resetLogging", 16498: "clearPulses" } }],
    [ 130, "R/W", "NV", "UInt",  "",        "",     { setting: "systemType" }],
    [ 131, "R/W", "NV", "UInt",  "Amps",    "",     { setting: "ctPrimary" }],
    [ 132, "R/W", "NV", "UInt",  "",        "",     { setting: "ctSecondary" }],
    [ 133, "R/W", "NV", "UInt",  "",        0.01,   { setting: "ptRatio" }],
    [ 134, "R/W", "NV", "UInt",  "",        "",     { setting: "systemVoltage" }],
    [ 135, "R",   "NV", "UInt",  "kW",      "W",    "W.theoretical"],
    [ 136, "R",   "",   "UInt",  "",        "",     { reserved: 0 }],
    [ 137, "R/W", "NV", "UInt",  "",        "",     { setting: "displayUnits" }],
    [ 138, "R",   "",   "SInt",  "",        "",     { scale: "I" }],
    [ 139, "R",   "",   "SInt",  "",        "",     { scale: "V" }],
    [ 140, "R",   "",   "SInt",  "",        "",     { scale: "W" }],
    [ 141, "R",   "",   "SInt",  "",        "",     { scale: "E" }],
    [ 142, "R/W", "NV", "UInt",  "%",       "",     { setting: "phaseLossVoltage" }],
    [ 143, "R/W", "NV", "UInt",  "%",       "",     { setting: "phaseLossImbalance" }],
    [ 144, "R/W", "NV", "UInt",  "Wh",      "",     { setting: "pulseEnergy" }],
    [ 145, "R",   "NV", "UInt",  closure,    "",     "s.pulse.closure"],
    [ 146, "R",   "",   "UInt",  "",        "",     "alerts"],
    [ 147, "R",   "NV", "UInt",  "",        "",     "resets.energy"],
    [ 148, "R",   "",   "UInt",  "",        "",     { reserved: 0 }],
    [ 149, "R/W", "NV", "UInt",  "",        "",     { setting: "demandSubIntervals" }],
    [ 150, "R/W", "NV", "UInt",  "Seconds", "",     { setting: "demandSubInterval" }],
    [ 151, "R/W", "",   "UInt",  "",        "",     { reserved: 0 }],
  ];
  return { title: "Configuration", rows: [...rows, ...own] };
}
