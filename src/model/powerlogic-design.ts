/**
 * What Schneider's PowerLogic circuit monitors and the Power Meter 800 have in common: the instrument, the energies, and what a
 * circuit monitor of the Series 3000 and 4000 says over Modbus. What the documents leave open is chosen in docs/models/powerlogic.md.
 */
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import { watched } from "#quantity/quantity.ts";
import { AUTOMATIC, type SettingRule, type SettingRules } from "#quantity/setting.ts";
import type { Block, ModbusFace } from "#protocol/modbus/register-table.ts";
import { commandBlock, energies, monitorCommands } from "./powerlogic-commands.ts";
import {
  ampsDemand,
  extremesOf,
  metering,
  moment,
  NOT_AVAILABLE,
  powerlogicScales,
  sequences,
  type PowerlogicScale,
} from "./powerlogic-metering.ts";
import { guide, memory, monitor4000, transfer, twin } from "./powerlogic-sources.ts";
import { virtualDesign } from "./virtual-design.ts";

const calendarWord = { default: 0, within: [[0, 0xffff]] } as const;

/** Within a list's range, or as the ratings have it. */
export function scaleFactor(of: string, from: number, to: number): SettingRule {
  const within = [
    [from, to],
    [AUTOMATIC, AUTOMATIC],
  ] as const;
  return { default: AUTOMATIC, within, means: `scale factor of ${of}`, words: { automatic: AUTOMATIC } };
}

/** Ranges are those of 63230-300-212, registers 3200 to 3208, and of PMCM-9340D-0208, registers 1841 and 3232. */
export const powerlogicSettings: SettingRules = {
  ...virtualDesign.settings,
  systemType: { default: 40, oneOf: [30, 31, 40], means: "system type" },
  ctPrimary: { default: 5, within: [[1, 32767]], means: "CT primary, A" },
  ctSecondary: { default: 5, oneOf: [1, 5], means: "CT secondary, A" },
  ptPrimary: { default: 120, within: [[1, 32767]], means: "PT primary, V, without its scale" },
  ptPrimaryScale: { default: 0, within: [[-1, 2]], means: "PT primary's power of ten; -1 for no PT" },
  ptSecondary: { default: 120, oneOf: [100, 110, 115, 120], means: "PT secondary, V" },
  nominalHertz: { default: 60, oneOf: [50, 60, 400], means: "nominal frequency, Hz" },
  systemVoltage: { default: 480, within: [[10, 32000]], means: "nominal voltage, V line to line" },
  demandSubInterval: { default: 900, within: [[60, 3600]], step: 60, means: "demand interval of the powers, s" },
  ampsDemandInterval: { default: 15, within: [[1, 60]], means: "demand interval of the currents, min" },
  "scale.A": scaleFactor("phase amperes", -2, 1),
  "scale.B": scaleFactor("neutral amperes", -2, 1),
  "scale.C": scaleFactor("ground amperes", -2, 1),
  "scale.D": scaleFactor("phase volts", -1, 2),
  "scale.E": scaleFactor("neutral volts", -1, 2),
  "scale.F": scaleFactor("power", -3, 3),
  energyAccumulation: {
    default: 0,
    oneOf: [0, 1],
    means: "total energies: both directions together, or import less export",
    words: { absolute: 0, signed: 1 },
  },
  revenueSecurity: {
    default: 0,
    oneOf: [0, 1],
    means: "energies are sealed: neither preset nor cleared",
    words: { off: 0, on: 1 },
  },
  "clock.dayMonth": { ...calendarWord, default: 0x0101, means: "clock: day, month" },
  "clock.hourYear": { ...calendarWord, means: "clock: hour, year less 2000" },
  "clock.secondMinute": { ...calendarWord, means: "clock: second, minute" },
};

/** Of the factory, at all their front panels (FA211912, FA202951; 63230-500-225A2, "Setting up passwords"). */
export const PANEL_PASSWORD = "0";

export const powerlogicDesign: InstrumentDesign = {
  ...virtualDesign,
  settings: powerlogicSettings,
  wirings: { 10: "1-phase-ln", 11: "1-phase-ll", 12: "split-phase", 30: "two-element", 31: "delta", 40: "wye" },
  // Scale factors: A -2 to 1, D -1 to 2, F -3 to 3 (63230-300-212, registers 3209 to 3214).
  exponents: { from: -3, to: 3, max: 32767, a: [-2, 1], v: [-1, 2] },
  secondaryVolts: [10, 600],
  // The PM800's data sheet: 45 to 67 Hz; its second band, 350 to 450 Hz, is not measured (docs/models/powerlogic.md).
  frequency: [45, 67],
  // Commands are acknowledged by their result, never swallowed for coming too early.
  spacingMs: {},
  rollover: Infinity,
  presettable: energies,
  clockBattery: true,
  extremes: { of: watched },
  ampsDemand: true,
  // "Reset Peak Demand values. (Set to 0)" (63230-500-225A2, Table B-4).
  peakReset: "zero",
};

/** Registers 1700 to 1727 of the Series 3000 and 4000 and of the Power Meter 800. */
export const energyBlock: Block<never> = {
  title: "Energy",
  // prettier-ignore
  rows: [
    [1700, "R", "NV", "Mod10000 (4)", "Wh",   "", "Wh.import",    transfer],
    [1704, "R", "NV", "Mod10000 (4)", "VARh", "", "varh.import",  transfer],
    [1708, "R", "NV", "Mod10000 (4)", "Wh",   "", "Wh.export",    transfer],
    [1712, "R", "NV", "Mod10000 (4)", "VARh", "", "varh.export",  transfer],
    [1716, "R", "NV", "Mod10000 (4)", "Wh",   "", "Wh.total",     transfer],
    [1720, "R", "NV", "Mod10000 (4)", "VARh", "", "varh.total",   transfer],
    [1724, "R", "NV", "Mod10000 (4)", "VAh",  "", "VAh.absolute", transfer],
  ],
};

/**
 * 2151 and 2181 stand in the guide's billing log; the interval's demand is also the last one's, and the present one's. Behind the date
 * and time of each peak: the mean power factor of its interval, and the other two powers.
 */
export const powerDemand: Block<PowerlogicScale> = {
  title: "Power demand",
  fill: NOT_AVAILABLE,
  // prettier-ignore
  rows: [
    [2150, "R", "",   "SInt", "kW",   "F", "W.demand",              memory],
    [2151, "R", "",   "SInt", "kW",   "F", "W.demand",              guide],
    [2152, "R", "",   "SInt", "kW",   "F", "W.demand.running",      memory],
    [2153, "R", "",   "SInt", "kW",   "F", "W.demand.predicted",    memory],
    [2154, "R", "NV", "SInt", "kW",   "F", "W.import.demand.max",   memory],
    ...moment(2155, "W.import.demand.max", memory),
    [2161, "R", "NV", "PF",   "",     "",  "W.peak.PF",             memory],
    [2162, "R", "NV", "SInt", "kVAR", "F", "W.peak.var",            memory],
    [2163, "R", "NV", "SInt", "kVA",  "F", "W.peak.VA",             memory],
    [2165, "R", "",   "SInt", "kVAR", "F", "var.demand",            memory],
    [2166, "R", "",   "SInt", "kVAR", "F", "var.demand",            memory],
    [2167, "R", "",   "SInt", "kVAR", "F", "var.demand.running",    memory],
    [2168, "R", "",   "SInt", "kVAR", "F", "var.demand.predicted",  memory],
    [2169, "R", "NV", "SInt", "kVAR", "F", "var.import.demand.max", memory],
    ...moment(2170, "var.import.demand.max", memory),
    [2176, "R", "NV", "PF",   "",     "",  "var.peak.PF",           memory],
    [2177, "R", "NV", "SInt", "kW",   "F", "var.peak.W",            memory],
    [2178, "R", "NV", "SInt", "kVA",  "F", "var.peak.VA",           memory],
    [2180, "R", "",   "SInt", "kVA",  "F", "VA.demand",             memory],
    [2181, "R", "",   "SInt", "kVA",  "F", "VA.demand",             guide],
    [2182, "R", "",   "SInt", "kVA",  "F", "VA.demand.running",     memory],
    [2183, "R", "",   "SInt", "kVA",  "F", "VA.demand.predicted",   memory],
    [2184, "R", "NV", "SInt", "kVA",  "F", "VA.import.demand.max",  memory],
    ...moment(2185, "VA.import.demand.max", memory),
    [2191, "R", "NV", "PF",   "",     "",  "VA.peak.PF",            memory],
    [2192, "R", "NV", "SInt", "kW",   "F", "VA.peak.W",             memory],
    [2193, "R", "NV", "SInt", "kVAR", "F", "VA.peak.var",           memory],
  ],
};

/** `first` is the document of 3034 to 3036. */
export function clock(first: string): Block<never> {
  return {
    title: "Date and time",
    // prettier-ignore
    rows: [
      [3034, "R", "", "UInt", "", "", { clock: "month, day" },      first],
      [3035, "R", "", "UInt", "", "", { clock: "year, hour" },      first],
      [3036, "R", "", "UInt", "", "", { clock: "minute, second" },  first],
      [3093, "R", "", "UInt", "", "", { clock: "month" },           twin],
      [3094, "R", "", "UInt", "", "", { clock: "day" },             twin],
      [3095, "R", "", "UInt", "", "", { clock: "year" },            twin],
      [3096, "R", "", "UInt", "", "", { clock: "hour" },            twin],
      [3097, "R", "", "UInt", "", "", { clock: "minute" },          twin],
      [3098, "R", "", "UInt", "", "", { clock: "second" },          twin],
      [3099, "R", "", "UInt", "", "", { clock: "day of the week" }, twin],
    ],
  };
}

/** Written in a session. 3200 to 3207 stand in the Series 4000's list; `scales` is the document of 3208 and of the scale factors. */
export function setup(scales: string): readonly Block<PowerlogicScale>[] {
  const ampsInterval: Block<PowerlogicScale> = {
    title: "Setup of the currents' demand",
    rows: [[1801, "R/W", "NV", "UInt", "Minutes", "", { setting: "ampsDemandInterval" }, "FAQ FA254939"]],
  };
  const powerInterval: Block<PowerlogicScale> = {
    title: "Setup of the powers' demand",
    fill: NOT_AVAILABLE,
    // prettier-ignore
    rows: [
      // 2: an interval timed by the meter, as a block.
      [1840, "R",   "NV", "UInt", "",        "", { constant: 2 },                        monitor4000],
      [1841, "R/W", "NV", "UInt", "Minutes", 60, { setting: "demandSubInterval" },       monitor4000],
      [1845, "R",   "NV", "UInt", "Seconds", "", { constant: 15 },                       monitor4000],
      [1846, "R",   "",   "UInt", "Seconds", "", "demand.seconds",                       monitor4000],
      [1847, "R",   "",   "UInt", "Seconds", "", "demand.seconds",                       monitor4000],
    ],
  };
  const system: Block<PowerlogicScale> = {
    title: "Setup of the system",
    fill: NOT_AVAILABLE,
    // prettier-ignore
    rows: [
      [3200, "R/W", "NV", "UInt", "",        "", { setting: "systemType" },              monitor4000],
      [3201, "R/W", "NV", "UInt", "Amps",    "", { setting: "ctPrimary" },               monitor4000],
      [3202, "R/W", "NV", "UInt", "Amps",    "", { setting: "ctSecondary" },             monitor4000],
      [3205, "R/W", "NV", "UInt", "Volts",   "", { setting: "ptPrimary" },               monitor4000],
      [3206, "R/W", "NV", "SInt", "",        "", { setting: "ptPrimaryScale" },          monitor4000],
      [3207, "R/W", "NV", "UInt", "Volts",   "", { setting: "ptSecondary" },             monitor4000],
      [3208, "R/W", "NV", "UInt", "Hertz",   "", { setting: "nominalHertz" },            scales],
      [3209, "R/W", "NV", "SInt", "SF",      "", { scale: "A", setting: "scale.A" },     scales],
      [3210, "R/W", "NV", "SInt", "SF",      "", { scale: "B", setting: "scale.B" },     scales],
      [3211, "R/W", "NV", "SInt", "SF",      "", { scale: "C", setting: "scale.C" },     monitor4000],
      [3212, "R/W", "NV", "SInt", "SF",      "", { scale: "D", setting: "scale.D" },     scales],
      [3213, "R/W", "NV", "SInt", "SF",      "", { scale: "E", setting: "scale.E" },     scales],
      [3214, "R/W", "NV", "SInt", "SF",      "", { scale: "F", setting: "scale.F" },     scales],
      [3232, "R/W", "NV", "UInt", "",        "", { setting: "energyAccumulation" },      twin],
    ],
  };
  return [ampsInterval, powerInterval, system];
}

/**
 * No alarm can be configured: none is active (a bit each from 10011 on; any at all, by priority, in 10023), none has latched (10024),
 * none has been counted (all, then those of priorities 3, 2 and 1).
 */
export function alarms(source: string): Block<never> {
  return {
    title: "Alarms, of which there are none",
    rows: Array.from({ length: 18 }, (_, k) => [10_011 + k, "R", "NV", "UInt", "", "", { constant: 0 }, source]),
  };
}

const perSecond = metering(memory);
const components = sequences(monitor4000);
/** The pages that we could read end with 1300, the least current of phase A, and begin again with 1601. */
const minimumSource = (register: number): string => (register === 1300 ? monitor4000 : memory);
const maximumSource = (register: number): string => (register > 1600 ? monitor4000 : memory);

/** A circuit monitor of the Series 3000 or 4000: the least and the largest 200 and 400 registers behind each reading. */
export function circuitMonitor(series: string): ModbusFace<PowerlogicScale> {
  return {
    map: {
      base: 1,
      scales: powerlogicScales,
      commands: monitorCommands,
      blocks: [
        perSecond,
        components,
        extremesOf(perSecond, "min", 200, minimumSource),
        extremesOf(perSecond, "max", 400, maximumSource),
        energyBlock,
        ampsDemand,
        powerDemand,
        clock(memory),
        ...setup(monitor4000),
        commandBlock,
        alarms(monitor4000),
      ],
    },
    serverId: { id: 250, status: 0xff, text: `${series} Circuit Monitor` },
    identification: { vendor: "Square D", product: series, revision: "{version}" },
  };
}
