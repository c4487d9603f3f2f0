/**
 * "Measurements, Load Profile" of Appendix F: the numbers by which what a load profile records is named there: type, quantity, phase and
 * direction. A measure has one where the tables have its words; two volts of a kind (to neutral, from line to line) share one, which is
 * that of the volts to neutral.
 */
import type { Measure, MeasureDirection, MeasurePhase, MeasureQuantity } from "#quantity/measure.ts";

export const measurementTypes = ["consumption", "instantaneous"] as const;
export type MeasurementType = (typeof measurementTypes)[number];

export interface Enumeration {
  readonly type: MeasurementType;
  readonly quantity: number;
  readonly phase: number;
  readonly direction: number;
  /** What the manual's numbers do not say: which totalization, input or channel of another meter, or which harmonic. */
  readonly number?: number | undefined;
}

type Row = readonly [printed: string, number: number, quantity: MeasureQuantity | undefined];

/** "Computed Meas" is totalization, whose channels accumulate; no moment of one is measured. */
export const consumptions: readonly Row[] = [
  ["Watt hr", 0, "Wh"],
  ["VAR hr", 1, "varh"],
  ["VA hr vectorial", 2, "VAh"],
  ["VA hr arithmetic", 3, "VAh.arithmetic"],
  ["Amp hr", 4, "Ah"],
  ["Q hr", 5, "Qh"],
  ["A^2 hr", 6, "A2h"],
  ["V^2 hr", 7, "V2h"],
  ["Computed Meas", 8, "totalization"],
  ["Communicated Meas", 9, "communicated"],
];

/** Sequences are of the volts. A pulse count is what an input counted in the interval. */
export const instantaneous: readonly Row[] = [
  ["Watts", 0, "W"],
  ["VARs", 1, "var"],
  ["VA Vectorial", 2, "VA"],
  ["Volts", 3, "V"],
  ["Amps", 4, "A"],
  ["PF Vectorial", 5, "PF"],
  ["Freq-Hz", 6, "Hz"],
  ["Volts THD", 7, "THD.V"],
  ["Amps THD", 8, "THD.A"],
  ["Q", 9, "Q"],
  ["Pulse Count", 10, "pulses"],
  ["Input Status", 11, "closed"],
  ["Amps ²", 12, "A2"],
  ["Volts ²", 13, "V2"],
  ["Computed Meas", 14, undefined],
  ["Volts Imbalance", 15, "unbalance.V"],
  ["Amps Imbalance", 16, "unbalance.A"],
  ["Positive Sequence", 17, "V.positive"],
  ["Negative Sequence", 18, "V.negative"],
  ["Zero Sequence", 19, "V.zero"],
  ["VA Arithmetic", 20, "VA.arithmetic"],
  ["PF Arithmetic", 21, "PF.arithmetic"],
  ["Volt Harmonic", 22, "V"],
  ["Amp Harmonic", 23, "A"],
  ["Communication Meas", 24, "communicated.value"],
];

export const phaseRows: readonly (readonly [printed: string, number: number, phase: MeasurePhase | undefined])[] = [
  ["A", 0, "a"],
  ["B", 1, "b"],
  ["C", 2, "c"],
  ["Polyphase", 3, "polyphase"],
  ["Average", 4, "average"],
  ["Neutral", 5, "neutral"],
  // Of the whole site: what has no phase.
  ["System", 6, undefined],
];

/** "Total" is what comes and goes together, which the configuration calls absolute. */
export const directionRows: readonly (readonly [
  printed: string,
  number: number,
  direction: MeasureDirection | undefined,
])[] = [
  ["None", 0, undefined],
  ["Delivered", 1, "delivered"],
  ["Received", 2, "received"],
  ["BiDirectional", 3, "bidirectional"],
  ["Total", 4, "absolute"],
  ["Net", 5, "net"],
  ["Q1", 6, "q1"],
  ["Q2", 7, "q2"],
  ["Q3", 8, "q3"],
  ["Q4", 9, "q4"],
];

const harmonics = { V: 22, A: 23 } as const;
const SYSTEM = 6;
const AVERAGE = 4;
const NONE = 0;

/** Quantities of the whole site. */
const phaseless: ReadonlySet<MeasureQuantity> = new Set<MeasureQuantity>([
  "Hz",
  "totalization",
  "communicated",
  "communicated.value",
  "pulses",
  "closed",
  "unbalance.V",
  "unbalance.A",
  "V.positive",
  "V.negative",
  "V.zero",
]);
/** Quantities that flow in no direction. */
const undirected: ReadonlySet<MeasureQuantity> = new Set<MeasureQuantity>([
  ...phaseless,
  "V",
  "A",
  "V2",
  "A2",
  "THD.V",
  "THD.A",
  "Ah",
  "A2h",
  "V2h",
]);
/** What of all phases is their average. */
const averaged: ReadonlySet<MeasureQuantity> = new Set<MeasureQuantity>(["V", "V2", "V2h", "THD.V", "THD.A"]);

/** Undefined of what the tables have no words for. */
export function enumerationOf(measure: Measure): Enumeration | undefined {
  const { quantity, order, channel, compensated, demand, interharmonic, parity, part, method } = measure;
  const isSaidOtherwise = [demand, interharmonic, parity, part, method].some((one) => one !== undefined);
  if (compensated || isSaidOtherwise) return undefined;
  const isHarmonic = order !== undefined;
  if (isHarmonic && quantity !== "V" && quantity !== "A") return undefined;
  const type = consumptions.some(([, , one]) => one === quantity) ? "consumption" : "instantaneous";
  const number = isHarmonic
    ? harmonics[quantity === "V" ? "V" : "A"]
    : (type === "consumption" ? consumptions : instantaneous).find(([, , one]) => one === quantity)?.[1];
  const phase = phaseNumber(measure);
  const direction = directionNumber(measure);
  if (number === undefined || phase === undefined || direction === undefined) return undefined;
  const which = order ?? channel;
  return { type, quantity: number, phase, direction, ...(which === undefined ? {} : { number: which }) };
}

function phaseNumber({ quantity, phase }: Measure): number | undefined {
  if (phaseless.has(quantity)) return SYSTEM;
  if (phase === "polyphase" && averaged.has(quantity)) return AVERAGE;
  return phaseRows.find(([, , one]) => one === phase)?.[1];
}

function directionNumber({ quantity, direction }: Measure): number | undefined {
  if (undirected.has(quantity)) return NONE;
  return directionRows.find(([, , one]) => one === direction)?.[1];
}

/** The measure of an enumeration; undefined of what is not measured, or has no such phase or direction. */
export function measureOf({ type, quantity, phase, direction, number }: Enumeration): Measure | undefined {
  const row = (type === "consumption" ? consumptions : instantaneous).find(([, one]) => one === quantity);
  const what = row?.[2];
  if (what === undefined) return undefined;
  const isHarmonic = type === "instantaneous" && (quantity === harmonics.V || quantity === harmonics.A);
  const of = phaseless.has(what) || (phase === AVERAGE && averaged.has(what)) ? "polyphase" : phaseRows[phase]?.[2];
  const flow = undirected.has(what) ? "bidirectional" : directionRows[direction]?.[2];
  if (of === undefined || flow === undefined) return undefined;
  const measure: Measure = {
    quantity: what,
    phase: of,
    direction: flow,
    compensated: false,
    ...(number === undefined ? {} : isHarmonic ? { order: number } : { channel: number }),
  };
  // There is one way to write each.
  const back = enumerationOf(measure);
  const isSame =
    back?.quantity === quantity && back.phase === phase && back.direction === direction && back.number === number;
  return isSame ? measure : undefined;
}
