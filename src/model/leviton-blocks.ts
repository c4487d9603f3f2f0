/** Blocks of registers that the Leviton Series 4000 and 4100 share, as the EM3555's manual prints them too. */
import type { Block, ScaleRule } from "#protocol/modbus/register-table.ts";

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
