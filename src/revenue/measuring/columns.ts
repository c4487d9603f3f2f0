/**
 * The one array of integrals: everything that is measured is a sum of its columns; an average is their difference over time.
 */
import {
  accumulates,
  isCounted,
  isSampled,
  powers,
  type Counted,
  type EnergyQuantity,
  type Level,
  type Measure,
  type MeasurePhase,
  type MeasureQuantity,
  type Power,
} from "#quantity/measure.ts";

export const INPUT_CHANNELS = 8;
export const TOTALIZATION_CHANNELS = 16;

/** Places of the array: the phases, then all of them. */
export const PLACES = 4;
export const POLY = 3;

/** Columns of a place's powers, each once uncompensated and once compensated; the order of the pairs is del, rec. */
export const power = {
  wDel: 0,
  wRec: 1,
  q1: 2,
  q2: 3,
  q3: 4,
  q4: 5,
  vaDel: 6,
  vaRec: 7,
  arithmeticDel: 8,
  arithmeticRec: 9,
  qDel: 10,
  qRec: 11,
  pfDel: 12,
  pfRec: 13,
  pfAbsolute: 14,
  arithmeticPfDel: 15,
  arithmeticPfRec: 16,
  arithmeticPfAbsolute: 17,
} as const;
export const POWERS = 18;

/** Columns of a place's levels. */
export const level = { a: 0, a2: 1, v: 2, v2: 3, ll: 4, thdV: 5, thdA: 6 } as const;
const LEVELS = 7;

/** Columns before these are powers: their integrals are by the hour, the others' by the second. */
export const LEVELS_AT = 2 * PLACES * POWERS;
const SINGLES_AT = LEVELS_AT + PLACES * LEVELS;

/** What there is one of. `seconds` counts the time in which there was something to measure. */
export const single = {
  seconds: SINGLES_AT,
  hz: SINGLES_AT + 1,
  neutral: SINGLES_AT + 2,
  averageA: SINGLES_AT + 3,
  averageA2: SINGLES_AT + 4,
  unbalanceV: SINGLES_AT + 5,
  unbalanceA: SINGLES_AT + 6,
  rotationV: SINGLES_AT + 7,
  rotationA: SINGLES_AT + 8,
} as const;
/** Columns that are not measured but counted, whose rates are 0: `channel` is from 1. Totalization is in primary units. */
const COUNTED_AT = SINGLES_AT + 9;
export const COUNTED = Array.from({ length: INPUT_CHANNELS + TOTALIZATION_CHANNELS }, (_, k) => COUNTED_AT + k);
/**
 * Columns after them are measured again: their place in non-volatile memory is the layout on disk, so that columns are only ever
 * added at the end.
 */
const FLOWS_AT = COUNTED_AT + INPUT_CHANNELS + TOTALIZATION_CHANNELS;
/** Amps by the direction of the watts of their phase; the order of the pairs is del, rec. */
export const flow = { aDel: 0, aRec: 1, a2Del: 2, a2Rec: 3 } as const;
const FLOWS = 4;
const AVERAGE_AT = FLOWS_AT + PLACES * FLOWS;
/** The same of the average of the phases and, of neutral, by the direction of all phases together. */
export const averageFlow = {
  aDel: AVERAGE_AT,
  aRec: AVERAGE_AT + 1,
  a2Del: AVERAGE_AT + 2,
  a2Rec: AVERAGE_AT + 3,
} as const;
export const neutralFlow = { aDel: AVERAGE_AT + 4, aRec: AVERAGE_AT + 5 } as const;
const SEQUENCE_AT = AVERAGE_AT + 6;
/** Symmetrical components: magnitudes, and the ratio of the zero to the positive sequence in percent. */
export const sequence = {
  positiveV: SEQUENCE_AT,
  negativeV: SEQUENCE_AT + 1,
  zeroV: SEQUENCE_AT + 2,
  positiveA: SEQUENCE_AT + 3,
  negativeA: SEQUENCE_AT + 4,
  zeroA: SEQUENCE_AT + 5,
  unbalanceZeroV: SEQUENCE_AT + 6,
  unbalanceZeroA: SEQUENCE_AT + 7,
} as const;
/** Columns from here count the seconds in which something was known (known.ts). */
export const KNOWN_AT = SEQUENCE_AT + 8;
export const KNOWNS = 31;
/**
 * Powers of the phases that are known while another is not, once uncompensated and once compensated, in watt-hours by the second:
 * energies of all phases go on with them, averages of all do not.
 */
export const PART_AT = KNOWN_AT + KNOWNS;
/** Squares of the volts from line to line, by place, and of the amps of the neutral. */
const SQUARES_AT = PART_AT + 2 * POWERS;
export const NEUTRAL_SQUARE = SQUARES_AT + PLACES;
/**
 * What other meters say, by channel: counts, values by the second, and the seconds in which those were known. They come when somebody has
 * read them, and have no rates: columns from here on grow by `count` only.
 */
export const COMMUNICATED_CHANNELS = 14;
const COMMUNICATED_AT = NEUTRAL_SQUARE + 1;
export const RATED = COMMUNICATED_AT;
const communicatedKinds = { count: 0, value: 1, seconds: 2 } as const;
export const COLUMNS = COMMUNICATED_AT + Object.keys(communicatedKinds).length * COMMUNICATED_CHANNELS;

export function communicatedColumn(kind: keyof typeof communicatedKinds, channel: number): number {
  return COMMUNICATED_AT + communicatedKinds[kind] * COMMUNICATED_CHANNELS + channel - 1;
}

export function partColumn(kind: number, compensated: boolean): number {
  return PART_AT + (compensated ? POWERS : 0) + kind;
}

export function countedColumn(quantity: Counted, channel: number): number {
  if (quantity === "communicated") return communicatedColumn("count", channel);
  return COUNTED_AT + (quantity === "totalization" ? INPUT_CHANNELS : 0) + channel - 1;
}

export function powerColumn(place: number, kind: number, compensated: boolean): number {
  return ((compensated ? PLACES : 0) + place) * POWERS + kind;
}

export function flowColumn(place: number, kind: number): number {
  return FLOWS_AT + place * FLOWS + kind;
}

/** Of the volts from line to line. */
export function squareColumn(place: number): number {
  return SQUARES_AT + place;
}

export function levelColumn(place: number, kind: number): number {
  return LEVELS_AT + place * LEVELS + kind;
}

const placeOf: Readonly<Record<MeasurePhase, number>> = {
  a: 0,
  b: 1,
  c: 2,
  polyphase: POLY,
  average: POLY,
  neutral: POLY,
};

/** Which columns add up to a measure's integral, and which are taken off. */
export interface Columns {
  readonly plus: readonly number[];
  readonly minus: readonly number[];
}

const pairs: Readonly<Record<string, readonly [number, number]>> = {
  W: [power.wDel, power.wRec],
  VA: [power.vaDel, power.vaRec],
  "VA.arithmetic": [power.arithmeticDel, power.arithmeticRec],
  Q: [power.qDel, power.qRec],
};
const quadrantColumns: Readonly<Record<string, number>> = { q1: power.q1, q2: power.q2, q3: power.q3, q4: power.q4 };

const powerOf: Readonly<Partial<Record<EnergyQuantity, Power>>> = {
  Wh: "W",
  varh: "var",
  VAh: "VA",
  "VAh.arithmetic": "VA.arithmetic",
  Qh: "Q",
};
const levelOf: Readonly<Partial<Record<EnergyQuantity, Level>>> = { Ah: "A", V2h: "V2", A2h: "A2" };

function powerColumns(quantity: Power, { phase, direction, compensated }: Measure): Columns {
  const place = placeOf[phase];
  const at = (...kinds: readonly number[]): number[] => kinds.map((kind) => powerColumn(place, kind, compensated));
  const quadrant = quadrantColumns[direction];
  if (quadrant !== undefined) return { plus: at(quadrant), minus: [] };
  // Reactive delivered is quadrants 1 and 2.
  const [del, rec] =
    quantity === "var"
      ? [at(power.q1, power.q2), at(power.q3, power.q4)]
      : (pairs[quantity] ?? [0, 0]).map((kind) => at(kind));
  if (direction === "delivered") return { plus: del ?? [], minus: [] };
  if (direction === "received") return { plus: rec ?? [], minus: [] };
  if (direction === "net" || direction === "bidirectional") return { plus: del ?? [], minus: rec ?? [] };
  return { plus: [...(del ?? []), ...(rec ?? [])], minus: [] };
}

const levelKinds: Readonly<Partial<Record<Level, number>>> = {
  V: level.v,
  "V.ll": level.ll,
  A: level.a,
  V2: level.v2,
  A2: level.a2,
  "THD.V": level.thdV,
  "THD.A": level.thdA,
};

const factorKinds: Readonly<Partial<Record<Level, readonly [del: number, rec: number, absolute: number]>>> = {
  PF: [power.pfDel, power.pfRec, power.pfAbsolute],
  "PF.arithmetic": [power.arithmeticPfDel, power.arithmeticPfRec, power.arithmeticPfAbsolute],
};

/** A power factor has its sign by quadrant, not by direction: both ways it is the sum of the two, of which one is 0. */
function factorColumns([del, rec, absolute]: readonly [number, number, number], measure: Measure): Columns {
  const { phase, direction, compensated } = measure;
  const kinds = { delivered: [del], received: [rec], absolute: [absolute] }[direction as "delivered"] ?? [del, rec];
  return { plus: kinds.map((kind) => powerColumn(placeOf[phase], kind, compensated)), minus: [] };
}

/** What there is one of, whatever the phase. */
const singleColumns: Readonly<Partial<Record<Level, number>>> = {
  Hz: single.hz,
  "unbalance.V": single.unbalanceV,
  "unbalance.A": single.unbalanceA,
  "rotation.V": single.rotationV,
  "rotation.A": single.rotationA,
  "unbalance.V.zero": sequence.unbalanceZeroV,
  "unbalance.A.zero": sequence.unbalanceZeroA,
  "V.positive": sequence.positiveV,
  "V.negative": sequence.negativeV,
  "V.zero": sequence.zeroV,
  "A.positive": sequence.positiveA,
  "A.negative": sequence.negativeA,
  "A.zero": sequence.zeroA,
};

/** Amps that flow one way. */
function flowColumnOf(quantity: "A" | "A2", phase: MeasurePhase, direction: "delivered" | "received"): number {
  const way = direction === "delivered" ? "Del" : "Rec";
  if (phase === "neutral") return neutralFlow[`a${way}`];
  const kind = quantity === "A" ? (`a${way}` as const) : (`a2${way}` as const);
  return phase === "average" ? averageFlow[kind] : flowColumn(placeOf[phase], flow[kind]);
}

function levelColumns(quantity: Level, measure: Measure): Columns {
  const { phase, direction } = measure;
  const factors = factorKinds[quantity];
  if (factors !== undefined) return factorColumns(factors, measure);
  const one = (column: number): Columns => ({ plus: [column], minus: [] });
  const only = singleColumns[quantity];
  if (only !== undefined) return one(only);
  if (quantity === "communicated.value") return one(communicatedColumn("value", measure.channel ?? 1));
  if ((quantity === "A" || quantity === "A2") && (direction === "delivered" || direction === "received"))
    return one(flowColumnOf(quantity, phase, direction));
  if (quantity === "V2.ll") return one(squareColumn(placeOf[phase]));
  if (phase === "neutral") return one(quantity === "A2" ? NEUTRAL_SQUARE : single.neutral);
  if (phase === "average" && quantity === "A") return one(single.averageA);
  if (phase === "average" && quantity === "A2") return one(single.averageA2);
  return one(levelColumn(placeOf[phase], levelKinds[quantity] ?? level.v));
}

/** By what a measure is: there are not many, and every meter asks for the same. */
const known = new Map<string, Columns>();

export function columnsOf(measure: Measure): Columns {
  const { quantity, phase, direction, compensated, channel } = measure;
  const key = `${quantity} ${phase} ${direction} ${compensated} ${channel}`;
  const columns = known.get(key) ?? findColumns(measure);
  known.set(key, columns);
  return columns;
}

function findColumns(measure: Measure): Columns {
  const { quantity } = measure;
  if (isSampled(quantity)) return { plus: [], minus: [] };
  if (isCounted(quantity)) return { plus: [countedColumn(quantity, measure.channel ?? 1)], minus: [] };
  if (accumulates(quantity)) {
    const from = powerOf[quantity];
    return from === undefined ? levelColumns(levelOf[quantity] ?? "A", measure) : withPart(powerColumns(from, measure));
  }
  if ((powers as readonly string[]).includes(quantity)) return powerColumns(quantity as Power, measure);
  return levelColumns(quantity as Level, measure);
}

/** An energy of all phases is that of those that are known. */
function withPart({ plus, minus }: Columns): Columns {
  return { plus: [...plus, ...plus.flatMap(partOf)], minus: [...minus, ...minus.flatMap(partOf)] };
}

function partOf(column: number): readonly number[] {
  const place = Math.floor(column / POWERS);
  return place % PLACES === POLY ? [partColumn(column % POWERS, place >= PLACES)] : [];
}

/** What one of a column is in the unit of the quantity: the columns of levels count by the second. */
export function worthOf(quantity: MeasureQuantity): number {
  return levelOf[quantity as EnergyQuantity] === undefined ? 1 : 1 / 3600;
}

/** The sum of a measure's columns. */
export function sumOf({ plus, minus }: Columns, values: Float64Array): number {
  let sum = 0;
  for (const column of plus) sum += values[column] ?? 0;
  for (const column of minus) sum -= values[column] ?? 0;
  return sum;
}
