/**
 * Interface class 7, Profile generic, version 1 (Blue Book 4.3.6): rows of captured values, oldest first, selected by a range of time or
 * by entries and columns. Rows are made as they are sent; finding where a range begins reads a few of them.
 */
import { array, doubleLongUnsigned, enumerated, nullData, type Data } from "#protocol/dlms/data/data.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import type { Run, Series } from "#quantity/series.ts";
import { readAttribute } from "./data.ts";
import type { Asker, Attribute, CosemObject, Denied, Rows, Selection } from "./object.ts";
import { captureObject, type CaptureObject } from "./capture-object.ts";
import { NONE, selectRows, type Selected } from "./profile-selection.ts";

export const sortMethods = {
  fifo: 1,
  lifo: 2,
  largest: 3,
  smallest: 4,
  nearestToZero: 5,
  farthestFromZero: 6,
} as const;

export interface ProfileGeneric<T extends { readonly sequence: number }> {
  readonly columns: readonly CaptureObject[];
  /** What is captured, of the moment: `seek` finds the first member that is not before an instant. */
  readonly series: () => Series<T>;
  /** A value for each column. */
  readonly row: (member: T) => readonly Data[];
  /** Seconds; 0 of what is not captured by time. */
  readonly capturePeriod: number;
  /** Rows that there is room for. */
  readonly capacity: () => number;
  /** What local time is ahead of UTC at a local time, minutes: of instants that do not say their deviation. */
  readonly offsetOf: (local: number) => number;
  readonly access?: Attribute["access"];
}

/** The object that sorts the buffer, where none does. */
const unsorted: CaptureObject = { classId: 0, logicalName: NONE, attribute: 0, dataIndex: 0 };

export function profileGeneric<T extends { readonly sequence: number }>(
  logicalName: LogicalName,
  profile: ProfileGeneric<T>,
): CosemObject {
  const { columns, series, capturePeriod, capacity, access } = profile;
  const further = { access };
  const buffer: Attribute = {
    id: 2,
    name: "buffer",
    selectors: [1, 2],
    get: (_asker: Asker, selection?: Selection) => bufferOf(profile, selection),
    ...(access === undefined ? {} : { access }),
  };
  const attributes = [
    buffer,
    readAttribute(3, "capture_objects", () => array(columns.map(captureObject)), further),
    readAttribute(4, "capture_period", () => doubleLongUnsigned(capturePeriod), further),
    readAttribute(5, "sort_method", () => enumerated(sortMethods.fifo), further),
    readAttribute(6, "sort_object", () => captureObject(unsorted), further),
    readAttribute(7, "entries_in_use", () => doubleLongUnsigned(countOf(series())), further),
    readAttribute(8, "profile_entries", () => doubleLongUnsigned(capacity()), further),
  ];
  return { classId: 7, version: 1, logicalName, attributes, methods: [] };
}

function countOf({ first, next }: Series<unknown>): number {
  return next - first;
}

function bufferOf<T extends { readonly sequence: number }>(
  { columns, series, row, offsetOf }: ProfileGeneric<T>,
  selection: Selection | undefined,
): Rows | Denied {
  const rows = series();
  const selected = selectRows(selection, { columns, series: rows, offsetOf });
  return "denied" in selected ? selected : rowsOf(rows, row, selected, columns.length);
}

/** Rows that are read from the store at once. */
const PAGE = 64;

function rowsOf<T extends { readonly sequence: number }>(
  series: Series<T>,
  row: (member: T) => readonly Data[],
  { runs, columns }: Selected,
  width: number,
): Rows {
  const lost = Array.from({ length: width }, () => nullData);
  let page: readonly T[] = [];
  const at = (wanted: number): T | undefined => {
    const member = page[wanted - (page[0]?.sequence ?? 0)];
    return member?.sequence === wanted ? member : undefined;
  };
  return {
    type: "rows",
    count: runs.reduce((count, { first, next }) => count + next - first, 0),
    row(index) {
      const place = placeOf(runs, index);
      if (place === undefined) return undefined;
      const { wanted, left } = place;
      let member = at(wanted);
      if (member === undefined) {
        page = series.page(wanted, Math.min(PAGE, left));
        member = at(wanted);
      }
      // What was overwritten meanwhile is there no more; of what its memory has lost a row says nothing.
      if (member === undefined && wanted < series.first) return undefined;
      const values = member === undefined ? lost : row(member);
      if (columns !== undefined) return { type: "structure", value: columns.map((k) => values[k] ?? nullData) };
      return { type: "structure", value: values };
    },
  };
}

/** Number of a row, counted over all runs, in its series, and how many are left in its run, it included. */
function placeOf(runs: readonly Run[], index: number): { readonly wanted: number; readonly left: number } | undefined {
  let before = index;
  for (const { first, next } of runs) {
    if (before < next - first) return { wanted: first + before, left: next - first - before };
    before -= next - first;
  }
  return undefined;
}
