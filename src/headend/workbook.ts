/** Rows as an Excel workbook: numbers are numbers, times are times, and the heads stay where they are. */
import writeExcelFile, { type Row } from "write-excel-file/node";

/** Workbooks have no zones: a time stands there as it is printed elsewhere, without the letter. */
const TIME_FORMAT = "yyyy-mm-dd hh:mm:ss.000";

/** Rows that a sheet of Excel can have, its heads among them (ECMA-376 has no such limit, Excel's specifications and limits do). */
export const SHEET_ROWS = 1_048_576;

/** A piece of a table: the first has the heads of all columns, and the indices of those of numbers. */
export interface WorkbookPiece {
  readonly heads?: readonly string[];
  readonly right?: readonly number[];
  readonly rows: readonly (readonly string[])[];
}

/** A workbook of one sheet that grows by pieces of a table. */
export class Workbook {
  readonly #ofNumbers = new Set<number>();
  readonly #sheet: Row[] = [];
  /** Characters of the longest text of each column. */
  readonly #longest: number[] = [];
  /** Cells of texts that come again. */
  readonly #texts = new Map<string, Row[number]>();

  add({ heads, right = [], rows }: WorkbookPiece): void {
    for (const column of right) this.#ofNumbers.add(column);
    if (heads !== undefined) {
      this.#measure(heads);
      this.#sheet.push(heads.map((text) => ({ value: text, type: String, fontWeight: "bold" as const })));
    }
    for (const row of rows) {
      if (this.#sheet.length <= LOOKED_AT) this.#measure(row);
      this.#sheet.push(row.map((text, column) => this.#cellOf(text, column)));
    }
  }

  /** The bytes of the workbook; there is nothing to be added any more. */
  async whole(): Promise<Uint8Array<ArrayBuffer>> {
    const columns = this.#longest.map((length) => ({ width: Math.min(WIDEST, 2 + length) }));
    return new Uint8Array(await writeExcelFile(this.#sheet, { columns, stickyRowsCount: 1 }).toBuffer());
  }

  #measure(row: readonly string[]): void {
    for (const [k, { length }] of row.entries()) this.#longest[k] = Math.max(this.#longest[k] ?? 0, length);
  }

  #cellOf(text: string, column: number): Row[number] {
    if (text === "") return null;
    const number = this.#ofNumbers.has(column) ? Number(text) : NaN;
    if (Number.isFinite(number)) return number;
    const time = timeOf(text);
    if (time !== undefined) return { value: time, type: Number, format: TIME_FORMAT };
    let cell = this.#texts.get(text);
    // What begins with "=" is text, too: a cell of this type is no formula.
    if (cell === undefined) this.#texts.set(text, (cell = { value: text, type: String }));
    return cell;
  }
}

/** The rows under one sheet's heads, as the bytes of a workbook. `right` are the indices of columns of numbers. */
export function asExcel(
  [heads = [], ...rows]: readonly (readonly string[])[],
  right: readonly number[],
): Promise<Uint8Array<ArrayBuffer>> {
  const workbook = new Workbook();
  workbook.add({ heads, right, rows });
  return workbook.whole();
}

/** Rows whose texts say how wide a column is; a wider one is cut on the screen only. */
const LOOKED_AT = 100;
const WIDEST = 60;

/** Days from there to 1 January 1970. */
const DAYS_TO_1970 = 25_569;
const DAY_MS = 86_400_000;

/** "2026-07-31 16:45:00", of the wall clock, and "2026-07-31T14:45:00Z", of UTC: what a workbook shows is the same text. */
const TIME = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,3})?)(Z?)$/;

/** Days since the end of 1899, as workbooks count them. */
function timeOf(text: string): number | undefined {
  const [, day, time, zone] = TIME.exec(text) ?? [];
  // Times that are not of UTC come with a space.
  if (day === undefined || (zone === "Z") !== text.includes("T")) return undefined;
  try {
    const { epochMilliseconds } = Temporal.Instant.from(`${day}T${time}Z`);
    return DAYS_TO_1970 + epochMilliseconds / DAY_MS;
  } catch {
    return undefined;
  }
}
