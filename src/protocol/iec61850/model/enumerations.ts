/** Enumerations of data attributes (IEC 61850-7-3 and 7-4, namespaces 2007B5): words by ordinal. */
import type { Enumeration } from "./ied.ts";

// prettier-ignore
const words = {
  BehaviourModeKind: { 1: "on", 2: "blocked", 3: "test", 4: "test/blocked", 5: "off" },
  HealthKind: { 1: "Ok", 2: "Warning", 3: "Alarm" },
  CtlModelKind: {
    0: "status-only", 1: "direct-with-normal-security", 2: "sbo-with-normal-security", 3: "direct-with-enhanced-security",
    4: "sbo-with-enhanced-security",
  },
  SboClassKind: { 0: "operate-once", 1: "operate-many" },
  OriginatorCategoryKind: {
    0: "not-supported", 1: "bay-control", 2: "station-control", 3: "remote-control", 4: "automatic-bay", 5: "automatic-station",
    6: "automatic-remote", 7: "maintenance", 8: "process",
  },
  OutputSignalKind: { 0: "pulse", 1: "persistent", 2: "persistent-feedback" },
  RangeKind: { 0: "normal", 1: "high", 2: "low", 3: "high-high", 4: "low-low" },
  SequenceKind: { 0: "pos-neg-zero", 1: "dir-quad-zero" },
  PhaseReferenceKind: { 0: "A", 1: "B", 2: "C", 3: "Synchrophasor" },
  PhaseAngleReferenceKind: {
    0: "Va", 1: "Vb", 2: "Vc", 3: "Aa", 4: "Ab", 5: "Ac", 6: "Vab", 7: "Vbc", 8: "Vca", 9: "Vother", 10: "Aother", 11: "Synchrophasor",
  },
  HvReferenceKind: { 0: "fundamental", 1: "rms", 2: "absolute" },
  FaultDirectionKind: { 0: "unknown", 1: "forward", 2: "backward", 3: "both" },
  PhaseFaultDirectionKind: { 0: "unknown", 1: "forward", 2: "backward" },
  AffectedPhasesKind: {
    1: "PhaseA", 2: "PhaseB", 3: "PhaseAB", 4: "PhaseC", 5: "PhaseAC", 6: "PhaseBC", 7: "PhaseABC", 8: "None",
  },
  CalcMethodKind: {
    1: "UNSPECIFIED", 2: "TRUE_RMS", 3: "PEAK_FUNDAMENTAL", 4: "RMS_FUNDAMENTAL", 5: "MIN", 6: "MAX", 7: "AVG", 8: "SDV",
    9: "PREDICTION", 10: "RATE", 11: "P-CLASS", 12: "M-CLASS", 13: "DIFF",
  },
  CalcModeKind: { 1: "TOTAL", 2: "PERIOD", 3: "SLIDING" },
  CalcIntervalKind: {
    1: "MS", 2: "PER_CYCLE", 3: "CYCLE", 4: "DAY", 5: "WEEK", 6: "MONTH", 7: "YEAR", 8: "EXTERNAL",
  },
  STotalCalcMethodKind: { 1: "Vector", 2: "Arithmetic" },
  PFSignKind: { 1: "IEC", 2: "EEI" },
  ClockSourceKind: { 1: "Unknown", 2: "SNTP", 3: "PTP", 4: "IRIG-B", 5: "Substation internal" },
  ClockSyncKind: { 0: "InternalClock", 1: "LocalAreaClock", 2: "GlobalAreaClock" },
  MultiplierKind: {
    [-24]: "y", [-21]: "z", [-18]: "a", [-15]: "f", [-12]: "p", [-9]: "n", [-6]: "µ", [-3]: "m", [-2]: "c", [-1]: "d", 0: "", 1: "da",
    2: "h", 3: "k", 6: "M", 9: "G", 12: "T", 15: "P", 18: "E", 21: "Z", 24: "Y",
  },
  SIUnitKind: {
    1: "", 2: "m", 3: "kg", 4: "s", 5: "A", 6: "K", 7: "mol", 8: "cd", 9: "deg", 10: "rad", 11: "sr", 21: "Gy", 22: "Bq", 23: "°C",
    24: "Sv", 25: "F", 26: "C", 27: "S", 28: "H", 29: "V", 30: "ohm", 31: "J", 32: "N", 33: "Hz", 34: "lx", 35: "Lm", 36: "Wb",
    37: "T", 38: "W", 39: "Pa", 41: "m²", 42: "m³", 43: "m/s", 44: "m/s²", 45: "m³/s", 46: "m/m³", 47: "M", 48: "kg/m³", 49: "m²/s",
    50: "W/m K", 51: "J/K", 52: "ppm", 53: "1/s", 54: "rad/s", 55: "W/m²", 56: "J/m²", 57: "S/m", 58: "K/s", 59: "Pa/s",
    60: "J/kg K", 61: "VA", 62: "Watts", 63: "VAr", 64: "phi", 65: "cos(phi)", 66: "Vs", 67: "V²", 68: "As", 69: "A²", 70: "A²t",
    71: "VAh", 72: "Wh", 73: "VArh", 74: "V/Hz", 75: "Hz/s", 76: "char", 77: "char/s", 78: "kgm²", 79: "dB", 80: "J/Wh", 81: "W/s",
    82: "l/s", 83: "dBm", 84: "h", 85: "min", 86: "Ohm/m", 87: "percent/s", 88: "A/V", 89: "A/Vs",
  },
} as const satisfies Readonly<Record<string, Readonly<Record<number, string>>>>;

export type EnumerationName = keyof typeof words;

export function isEnumerationName(text: string): text is EnumerationName {
  return Object.hasOwn(words, text);
}

const made = new Map<EnumerationName, Enumeration>();

/** The enumeration of a name, the same object each time. */
export function enumerationOf(name: EnumerationName): Enumeration {
  let found = made.get(name);
  if (found === undefined) made.set(name, (found = { id: name, words: words[name] }));
  return found;
}

/** SIUnit of a unit as 7-3 writes it. Watts are W (38), as devices in the field have them, not Watts (62). */
export const siUnits = {
  none: 1,
  s: 4,
  A: 5,
  deg: 9,
  V: 29,
  Hz: 33,
  W: 38,
  VA: 61,
  VAr: 63,
  "cos(phi)": 65,
  VAh: 71,
  Wh: 72,
  VArh: 73,
} as const;
export type SiUnit = keyof typeof siUnits;
