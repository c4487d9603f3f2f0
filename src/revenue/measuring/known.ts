/**
 * What is known, in seconds: not all that a meter measures is known at all times, and an average is over the time in which it was.
 * What is not known has a rate of NaN, and adds nothing to its integral.
 */
import {
  averageFlow,
  COLUMNS,
  COMMUNICATED_CHANNELS,
  communicatedColumn,
  flow,
  flowColumn,
  KNOWN_AT,
  KNOWNS,
  level,
  levelColumn,
  NEUTRAL_SQUARE,
  PART_AT,
  neutralFlow,
  PLACES,
  POLY,
  powerColumn,
  POWERS,
  sequence,
  single,
  squareColumn,
} from "./columns.ts";

/** What is known together, one row a column of seconds: the first column of a row tells, by being NaN, that none of them is. */
const together: readonly (readonly number[])[] = [
  [single.hz],
  ...eachPlace((at) => [...powersAt(at), ...Object.values(flow).map((kind) => flowColumn(at, kind))]).map(
    (columns, at) => (at === POLY ? [...columns, ...Object.values(averageFlow)] : columns),
  ),
  ...eachPlace((at) => [levelColumn(at, level.v2), levelColumn(at, level.v)]),
  ...eachPlace((at) => [levelColumn(at, level.ll), squareColumn(at)]),
  ...eachPlace((at) => {
    const amps = [levelColumn(at, level.a), levelColumn(at, level.a2)];
    return at === POLY ? [...amps, single.averageA, single.averageA2] : amps;
  }),
  ...eachPlace((at) => [levelColumn(at, level.thdV)]),
  ...eachPlace((at) => [levelColumn(at, level.thdA)]),
  [single.neutral, NEUTRAL_SQUARE],
  [neutralFlow.aDel, neutralFlow.aRec],
  [single.unbalanceV],
  [single.unbalanceA],
  [sequence.positiveV, sequence.negativeV, sequence.zeroV, sequence.unbalanceZeroV],
  [sequence.positiveA, sequence.negativeA, sequence.zeroA, sequence.unbalanceZeroA],
];
if (together.length !== KNOWNS) throw new Error(`${together.length} columns of seconds: expected ${KNOWNS}`);

function eachPlace(columns: (at: number) => readonly number[]): readonly (readonly number[])[] {
  return Array.from({ length: PLACES }, (_, at) => columns(at));
}

function powersAt(at: number): readonly number[] {
  return [false, true].flatMap((compensated) =>
    Array.from({ length: POWERS }, (_, kind) => powerColumn(at, kind, compensated)),
  );
}

const tells = Uint16Array.from(together, ([first]) => first ?? single.seconds);

/** By column, the one that counts its seconds: of what is always known those in which there was something to measure. */
const secondsOf = new Uint16Array(COLUMNS).fill(single.seconds);
together.forEach((columns, k) => {
  for (const column of columns) secondsOf[column] = KNOWN_AT + k;
});
for (let channel = 1; channel <= COMMUNICATED_CHANNELS; channel++)
  for (const kind of ["count", "value", "seconds"] as const)
    secondsOf[communicatedColumn(kind, channel)] = communicatedColumn("seconds", channel);

/** The column of the seconds that an average of this one is over. */
export function secondsColumn(column: number): number {
  return secondsOf[column] ?? single.seconds;
}

/** The row of the frequency: it is known by the run, not by the half cycle, and is no input of its own. */
const HZ_ROW = 0;
/** The first of the rows of the powers, place by place. */
const POWER_ROWS = 1;
/** All rows, as bits. */
export const ALL_ROWS = 2 ** KNOWNS - 1;

/** The rows of which nothing is known at these rates, or averages, as bits; frequency apart. */
export function unknownRows(values: Float64Array): number {
  let rows = 0;
  for (let k = HZ_ROW + 1; k < tells.length; k++) if (Number.isNaN(values[tells[k] ?? single.seconds])) rows |= 1 << k;
  return rows;
}

/** Nothing is known any more of these rows: writes so among averages. */
export function forgetRows(average: Float64Array, rows: number): void {
  together.forEach((columns, k) => {
    if ((rows & (1 << k)) !== 0) for (const column of columns) average[column] = NaN;
  });
}

/** Powers are present of a part of the time only, by place: what they count for is that part. */
export function weighPowers(rates: Float64Array, parts: Float64Array): void {
  for (let at = 0; at < PLACES; at++) {
    const part = parts[at] ?? 1;
    if (part === 1) continue;
    const row = POWER_ROWS + at;
    for (const column of together[row] ?? []) rates[column] = part * (rates[column] ?? 0);
    rates[KNOWN_AT + row] = part * (rates[KNOWN_AT + row] ?? 0);
    if (at !== POLY) continue;
    for (let column = PART_AT; column < PART_AT + 2 * POWERS; column++) rates[column] = part * (rates[column] ?? 0);
  }
}

/** The columns of the powers of each place, and of their seconds. */
export const powerColumns: readonly (readonly number[])[] = Array.from({ length: PLACES }, (_, at) => [
  ...(together[POWER_ROWS + at] ?? []),
  KNOWN_AT + POWER_ROWS + at,
]);

/** Writes the rates of the seconds: 1 of what is known, 0 of what is not. */
export function fillKnown(rates: Float64Array): void {
  for (let k = 0; k < tells.length; k++) rates[KNOWN_AT + k] = Number.isNaN(rates[tells[k] ?? single.seconds]) ? 0 : 1;
}
