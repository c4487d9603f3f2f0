/** Selective access to the buffer of a profile (Blue Book 4.3.6.2.2): range_descriptor and entry_descriptor. */
import type { Data } from "#protocol/dlms/data/data.ts";
import { instantOf, type DateTime } from "#protocol/dlms/data/date-time.ts";
import { runsBetween, type Run, type Series } from "#quantity/series.ts";
import type { Denied, Selection } from "./object.ts";
import { captureObjectOf, isSameCapture, type CaptureObject } from "./capture-object.ts";
import { membersOf, timeIn, wholeOf } from "./read-data.ts";

export interface Selected {
  /** Rows by their numbers in their series. */
  readonly runs: readonly Run[];
  /** Columns by place; undefined of all. */
  readonly columns: readonly number[] | undefined;
}

export interface Selectable {
  readonly columns: readonly CaptureObject[];
  readonly series: Pick<Series<unknown>, "first" | "next" | "seek" | "between">;
  readonly offsetOf: (local: number) => number;
}

/** The logical name of no object. */
export const NONE = "0.0.0.0.0.0";

const wrongType: Denied = { denied: "type-unmatched" };

export function selectRows(selection: Selection | undefined, of: Selectable): Selected | Denied {
  const { first, next } = of.series;
  if (selection === undefined) return { runs: [{ first, next }], columns: undefined };
  if (selection.selector === 1) return byRange(selection.parameters, of);
  if (selection.selector === 2) return byEntry(selection.parameters, of);
  return { denied: "scope-of-access-violated" };
}

/** {restricting_object, from_value, to_value, selected_values}: both ends belong to it. */
function byRange(parameters: Data, { columns, series, offsetOf }: Selectable): Selected | Denied {
  const [restricting, from, to, selected] = membersOf(parameters, 4) ?? [];
  const by = restricting === undefined ? undefined : captureObjectOf(restricting);
  if (by === undefined || from === undefined || to === undefined || selected === undefined) return wrongType;
  // Rows are in the order of the clock, and of nothing else.
  const isClock = by.classId === 8 && by.attribute === 2 && columns.some((one) => isSameCapture(one, by));
  // Who has read the sort object, and found none, restricts by what sorts the buffer (Gurux).
  if (!isClock && by.logicalName !== NONE) return { denied: "scope-of-access-violated" };
  const begin = boundOf(from, "first", offsetOf);
  const end = boundOf(to, "last", offsetOf);
  if (begin === undefined || end === undefined) return wrongType;
  const chosen = chosenOf(selected, columns);
  if (chosen !== undefined && "denied" in chosen) return chosen;
  return { runs: runsBetween(series, begin, end), columns: chosen };
}

/** {from_entry, to_entry, from_selected_value, to_selected_value}: counted from 1, both ends belong to it, 0 is the last. */
function byEntry(parameters: Data, { columns, series: { first, next } }: Selectable): Selected | Denied {
  const [fromEntry, toEntry, fromColumn, toColumn] = (membersOf(parameters, 4) ?? []).map(wholeOf);
  if (fromEntry === undefined || toEntry === undefined || fromColumn === undefined || toColumn === undefined)
    return wrongType;
  const rows = between(fromEntry, toEntry, next - first);
  const places = between(fromColumn, toColumn, columns.length);
  const all = places.count === columns.length;
  return {
    runs: [{ first: first + rows.at, next: first + rows.at + rows.count }],
    columns: all ? undefined : Array.from({ length: places.count }, (_, k) => places.at + k),
  };
}

/** What lies between two numbers from 1 on among so many: where it begins, from 0, and how many. A first one of 0 is 1. */
function between(from: number, to: number, all: number): { readonly at: number; readonly count: number } {
  const at = Math.min(Math.max(from, 1) - 1, all);
  const end = to === 0 ? all : Math.min(to, all);
  return { at, count: Math.max(0, end - at) };
}

/**
 * Places of the columns that are asked for, in that order; undefined of all, which an empty list asks for. Columns of the same name are
 * taken one after the other.
 */
function chosenOf(selected: Data, columns: readonly CaptureObject[]): readonly number[] | undefined | Denied {
  if (selected.type !== "array") return wrongType;
  const chosen: number[] = [];
  for (const one of selected.value) {
    const wanted = captureObjectOf(one);
    if (wanted === undefined) return wrongType;
    const place = columns.findIndex((column, k) => isSameCapture(column, wanted) && !chosen.includes(k));
    if (place < 0) return { denied: "object-undefined" };
    chosen.push(place);
  }
  return chosen.length === 0 ? undefined : chosen;
}

/**
 * An end of a range, milliseconds of UTC. What it does not say of a time is the first that it can be, or the last; without a year it is
 * no bound. Undefined of what is no time.
 */
function boundOf(data: Data, end: "first" | "last", offsetOf: (local: number) => number): number | undefined {
  if (data.type === "null-data") return end === "first" ? -Infinity : Infinity;
  const said = timeIn(data);
  if (said === undefined) return undefined;
  if (said.year === undefined) return end === "first" ? -Infinity : Infinity;
  return instantOf(end === "first" ? firstOf(said) : lastOf(said), offsetOf);
}

function firstOf(said: DateTime): DateTime {
  const { month = 1, day = 1, hour = 0, minute = 0, second = 0, hundredths = 0 } = said;
  return { ...said, month, day, hour, minute, second, hundredths };
}

function lastOf(said: DateTime): DateTime {
  const { year = 1, month = 12, hour = 23, minute = 59, second = 59, hundredths = 99 } = said;
  const { day = typeof month === "number" && month >= 1 && month <= 12 ? daysIn(year, month) : undefined } = said;
  return { ...said, month, day, hour, minute, second, hundredths };
}

function daysIn(year: number, month: number): number {
  return new Temporal.PlainYearMonth(year, month).daysInMonth;
}
