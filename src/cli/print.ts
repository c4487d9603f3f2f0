/** What commands print of rows: a table for people, CSV or JSON for programs, or a workbook of Excel in a file. */
import { asCsv } from "#quantity/csv-text.ts";
import { writeExcel } from "./excel.ts";
import { orFailLater } from "./failure.ts";
import { plain } from "./harmless.ts";
import { asJson, note, shown, Shown, table, write } from "./terminal.ts";

export interface PrintOptions {
  readonly csv?: true;
  readonly json?: true;
  readonly excel?: string;
}

export const csvOption = ["--csv", "comma-separated values (RFC 4180), for spreadsheets"] as const;
export const jsonOption = ["--json", "one JSON document, for programs"] as const;
export const excelOption = ["--excel <file>", "a workbook (.xlsx) in a file that is not there yet"] as const;

/** `rows` begin with the heads of their columns; `right` are the indices of columns of numbers. */
export async function print(
  { csv, json, excel }: PrintOptions,
  { document, rows, right }: { document: unknown; rows: readonly (readonly string[])[]; right: readonly number[] },
): Promise<void> {
  if (excel !== undefined) {
    await orFailLater(1, () => writeExcel(excel, rows, right));
    return note(`${rows.length - 1} rows are in ${excel}`);
  }
  if (json) return write(shown`${asJson(document)}\n`);
  return write(csv ? new Shown(asCsv(rows.map((row) => row.map(plain)))) : `${table(rows, right)}\n`);
}
