/**
 * Codes of registers (Blue Book 7.5, "OBIS identification - electricity"; where that has none, the scheme of the manual's Table 2): C and B by
 * what is measured, D by how it is processed.
 */
import type { Measure, MeasureDirection, MeasurePhase } from "#quantity/measure.ts";
import type { RegisterReading, RegisterType } from "#quantity/register.ts";
import { units } from "#protocol/dlms/data/unit.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";

/** Groups B and C. */
interface Code {
  readonly b: number;
  readonly c: number;
}

/** What is counted from the code of all phases. */
const byPhase: Readonly<Partial<Record<MeasurePhase, number>>> = { polyphase: 0, a: 20, b: 40, c: 60 };
/** What is counted on where there is a number for each. */
const inTurn: Readonly<Partial<Record<MeasurePhase, number>>> = { a: 0, b: 1, c: 2, polyphase: 3 };

/** Powers and their energies, of all phases: [B, C] by direction. */
const powers: Readonly<Record<string, Readonly<Partial<Record<MeasureDirection, readonly [b: number, c: number]>>>>> = {
  W: {
    delivered: [0, 1],
    received: [0, 2],
    absolute: [0, 15],
    net: [0, 16],
    bidirectional: [0, 16],
    q1: [0, 17],
    q2: [0, 18],
    q3: [0, 19],
    q4: [0, 20],
  },
  var: {
    delivered: [0, 3],
    received: [0, 4],
    q1: [0, 5],
    q2: [0, 6],
    q3: [0, 7],
    q4: [0, 8],
    net: [128, 3],
    bidirectional: [128, 3],
    absolute: [128, 4],
  },
  "VA.arithmetic": {
    delivered: [0, 9],
    received: [0, 10],
    net: [128, 9],
    bidirectional: [128, 9],
    absolute: [128, 10],
  },
};

/** Where Table 2 counts phases and directions on: the code of phase A. */
const counted: Readonly<Record<string, Readonly<Partial<Record<MeasureDirection, number>>>>> = {
  VA: { delivered: 128, received: 132, net: 136, bidirectional: 136, absolute: 140 },
  Q: { delivered: 143, received: 147, net: 151, bidirectional: 151 },
};

/** What has no direction, by phase. */
const levels: Readonly<Record<string, Readonly<Partial<Record<MeasurePhase, number>>>>> = {
  A: { a: 31, b: 51, c: 71, polyphase: 90, neutral: 91 },
  V: { a: 32, b: 52, c: 72, polyphase: 12, average: 12 },
  PF: { a: 33, b: 53, c: 73, polyphase: 13 },
  "PF.arithmetic": { a: 33, b: 53, c: 73, polyphase: 13 },
  Hz: { polyphase: 34 },
  A2h: { polyphase: 88 },
  V2h: { polyphase: 89 },
};

/** Wh is the energy of W. */
const powersOf: Readonly<Record<string, string>> = {
  Wh: "W",
  varh: "var",
  VAh: "VA",
  "VAh.arithmetic": "VA.arithmetic",
  Qh: "Q",
  Ah: "A",
};

function codeOf(measure: Measure): Code | undefined {
  const { phase, direction, compensated, order, interharmonic, part, parity } = measure;
  if (compensated || order !== undefined || interharmonic !== undefined) return undefined;
  if (part !== undefined || parity !== undefined) return undefined;
  const quantity = powersOf[measure.quantity] ?? measure.quantity;
  const found = powers[quantity]?.[direction];
  const step = byPhase[phase];
  if (found !== undefined) return step === undefined ? undefined : { b: found[0], c: found[1] + step };
  const first = counted[quantity]?.[direction];
  const place = inTurn[phase];
  if (first !== undefined) return place === undefined ? undefined : { b: 0, c: first + place };
  const level = levels[quantity]?.[phase];
  return level === undefined ? undefined : { b: 0, c: level };
}

/** Group D: of what a register shows of its measure. Those that are not in it have no code. */
const processing: Readonly<Partial<Record<RegisterType, number>>> = {
  average: 0,
  averagePowerFactor: 0,
  minimum: 3,
  presentDemand: 4,
  pastDemand: 4,
  peakDemand: 6,
  maximum: 6,
  instantaneous: 7,
  consumption: 8,
};
const CUMULATIVE_MAXIMUM = 2;

/** Group F: the value now, or that of the last billing period. */
const NOW = 255;
const LAST_PERIOD = 101;

/** Group E: 0 of all rates together, then a number for each. */
export function rateNumber(tariff: string): number {
  return tariff === "total" ? 0 : tariff.charCodeAt(0) - 64;
}

/** The standard's code of a register; undefined of what has none. */
export function registerCode({ measure, kind, storage, tariff }: RegisterReading): LogicalName | undefined {
  const code = measure === undefined ? undefined : codeOf(measure);
  const processed = processing[kind as RegisterType];
  if (code === undefined || processed === undefined) return undefined;
  const d = storage === "cumulative" && kind === "peakDemand" ? CUMULATIVE_MAXIMUM : processed;
  const isOther = storage !== "working" && storage !== "billingReset" && d !== CUMULATIVE_MAXIMUM;
  if (isOther) return undefined;
  const f = storage === "billingReset" ? LAST_PERIOD : NOW;
  return `1.${code.b}.${code.c}.${d}.${rateNumber(tariff)}.${f}`;
}

/** A register by its own number, which every register has; `e` is the register. B from 128 on is the manufacturer's. */
export function numberedCode(id: number): LogicalName {
  return `1.129.0.0.${id}.255`;
}

/** "Other unit" and "no unit, count". */
const OTHER = 254;
const NONE = 255;

/** The number of a unit without prefix, "Wh". */
export function unitNumber(unit: string): number {
  if (unit === "") return NONE;
  const found = Object.entries(units).find(([, text]) => text === unit);
  return found === undefined ? OTHER : Number(found[0]);
}
