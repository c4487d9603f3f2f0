/** A table as CSV (RFC 4180), piece by piece: heads with units, instants of UTC as ISO 8601 has them, nothing where nothing is known. */
import { isAbsent, type Cell, type FileTable, type TableColumn } from "./table.ts";

/** Rows of a piece. */
const PIECE = 500;

/** More digits than an instrument has, and none that are only a double's. */
const DIGITS = 9;

export function* csvOf({ columns, rows }: FileTable): Generator<string, void, undefined> {
  yield line(columns.map(({ name }) => quoted(name)));
  for (let from = 0; from < rows; from += PIECE) {
    let piece = "";
    for (let row = from; row < Math.min(rows, from + PIECE); row++) {
      piece += line(columns.map((column) => cellText(column, column.at(row))));
    }
    yield piece;
  }
}

function line(cells: readonly string[]): string {
  return `${cells.join(",")}\r\n`;
}

function cellText({ type }: TableColumn, cell: Cell): string {
  if (isAbsent(cell)) return "";
  if (typeof cell === "string") return quoted(cell);
  if (typeof cell === "boolean") return cell ? "1" : "0";
  if (type !== "instant") return String(Number(Number(cell).toPrecision(DIGITS)));
  return Temporal.Instant.fromEpochMilliseconds(Number(cell)).toString({ fractionalSecondDigits: 3 });
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
