/** Which readings stand in which table, and which are left for the last. */
import type { Value } from "./numbers.ts";
import { phases } from "./sags.ts";
import { quantities } from "./texts/readings.ts";
import type { Text } from "#quantity/text.ts";

/** The first of a cell's names that the meter reads is shown; "" leaves a cell empty. */
export type Names = readonly [first: string, ...others: string[]];

export interface ReadingRow {
  readonly label: Text;
  readonly cells: readonly Names[];
  /** Where a value is not to be shown with its unit. */
  readonly decimals?: number;
}

/** A row of a quantity's phases, and of its total. */
function byPhase(label: Text, of: (place: string) => Names, all: Names, decimals?: number): ReadingRow {
  const cells = [...phases.map((phase) => of(`.${phase}`)), all];
  return decimals === undefined ? { label, cells } : { label, cells, decimals };
}

function energy(label: Text, unit: string, direction: string): ReadingRow {
  return byPhase(label, (place) => [`${unit}${place}.${direction}`], [`${unit}.${direction}`]);
}

export const phaseRows: readonly ReadingRow[] = [
  byPhase(quantities.lineNeutral, (place) => [`V${place}`], ["V.ln"]),
  { label: quantities.lineLine, cells: [["V.ab"], ["V.bc"], ["V.ca"], ["V.ll"]] },
  byPhase(quantities.amps, (place) => [`A${place}`], ["A"]),
  byPhase(quantities.watts, (place) => [`W${place}`], ["W"]),
  byPhase(quantities.vars, (place) => [`var${place}`], ["var"]),
  byPhase(quantities.voltamperes, (place) => [`VA${place}`], ["VA"]),
  byPhase(quantities.powerFactor, (place) => [`PF${place}`, `PF${place}.leadlag`], ["PF", "PF.leadlag"], 4),
  byPhase(quantities.thdVolts, (place) => [`THD.V${place}`], [""], 2),
  byPhase(quantities.thdAmps, (place) => [`THD.A${place}`], [""], 2),
];

export const energyRows: readonly ReadingRow[] = [
  energy(quantities.activeImport, "Wh", "import"),
  energy(quantities.activeExport, "Wh", "export"),
  energy(quantities.activeNet, "Wh", "net"),
  energy(quantities.reactiveQ1, "varh", "q1"),
  energy(quantities.reactiveQ2, "varh", "q2"),
  energy(quantities.reactiveQ3, "varh", "q3"),
  energy(quantities.reactiveQ4, "varh", "q4"),
  energy(quantities.apparentImport, "VAh", "import"),
  energy(quantities.apparentExport, "VAh", "export"),
];

const demands: readonly (readonly [label: Text, power: string])[] = [
  [quantities.active, "W"],
  [quantities.reactive, "var"],
  [quantities.apparent, "VA"],
];

export const demandRows: readonly ReadingRow[] = demands.map(([label, power]) => ({
  label,
  cells: [[`${power}.demand`], [`${power}.import.demand.max`], [`${power}.export.demand.max`]],
}));

export interface HeadlineValue {
  readonly label: Text;
  readonly names: Names;
  readonly decimals?: number;
}

export const headlineValues: readonly HeadlineValue[] = [
  { label: quantities.watts, names: ["W"] },
  { label: quantities.vars, names: ["var"] },
  { label: quantities.powerFactor, names: ["PF", "PF.leadlag"], decimals: 3 },
  { label: quantities.frequency, names: ["Hz"] },
];

type Readings = Readonly<Record<string, Value>>;

/** The one of the names that a meter reads. */
export function pick(readings: Readings, names: readonly string[]): string | undefined {
  return names.find((one) => Object.hasOwn(readings, one));
}

/** A row as a meter reads it: a name for each cell, undefined of what it does not; no row where it reads none of them. */
export interface PickedRow extends Omit<ReadingRow, "cells"> {
  readonly names: readonly (string | undefined)[];
}

export function pickRows(readings: Readings, rows: readonly ReadingRow[]): readonly PickedRow[] {
  return rows
    .map(({ cells, ...row }) => ({ ...row, names: cells.map((one) => pick(readings, one)) }))
    .filter(({ names }) => names.some((name) => name !== undefined));
}

/** Names of what has a value and stands in no other table; an energy that a register shows stands there. */
export function restOf(
  readings: Readings,
  shown: readonly PickedRow[],
  measures: readonly string[],
): readonly string[] {
  const known = new Set<string | undefined>([
    ...shown.flatMap(({ names }) => names),
    ...headlineValues.map(({ names }) => pick(readings, names)),
    ...measures.filter((measure) => /^[^.]+h\b/.test(measure)),
  ]);
  return Object.keys(readings).filter((name) => !known.has(name) && typeof readings[name] === "number");
}
