/** Rows as files have them: CSV and Parquet are of the same tables. */

/** An instant is milliseconds since 1970. What is not known is undefined, or NaN. */
export type Cell = number | string | boolean | undefined;

export interface TableColumn {
  /** With the unit of its values: "V.a mean (V)". */
  readonly name: string;
  readonly type: "instant" | "number" | "text" | "flag";
  at(row: number): Cell;
}

export interface FileTable {
  /** Of the file, without its extension: "intervals-10-min". */
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly TableColumn[];
}

/** Where a value is not there: as a cell that is empty. */
export function isAbsent(cell: Cell): cell is undefined {
  return cell === undefined || cell === "" || (typeof cell === "number" && !Number.isFinite(cell));
}

export function numbers(name: string, values: ArrayLike<number>): TableColumn {
  return { name, type: "number", at: (row) => values[row] };
}

export function flags(name: string, values: ArrayLike<number>): TableColumn {
  return { name, type: "flag", at: (row) => values[row] === 1 };
}

export function numbersOf(name: string, value: (row: number) => number | undefined): TableColumn {
  return { name, type: "number", at: value };
}

export function textOf(name: string, value: (row: number) => string | undefined): TableColumn {
  return { name, type: "text", at: value };
}

/** When something was, by seconds of the recording: of UTC where that is known, and from the first sample, to a microsecond. */
export function times(
  what: string,
  startUtc: number | undefined,
  seconds: (row: number) => number,
): readonly TableColumn[] {
  const utc = (row: number): Cell => (startUtc === undefined ? undefined : Math.round(startUtc + 1000 * seconds(row)));
  return [
    { name: `${what} (UTC)`, type: "instant", at: utc },
    { name: `${what} (s)`, type: "number", at: (row) => Math.round(1e6 * seconds(row)) / 1e6 },
  ];
}
