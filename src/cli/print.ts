/** What commands print of rows: a table for people, CSV or JSON for programs. */
import { asCsv } from "./csv.ts";
import { plain } from "./harmless.ts";
import { asJson, shown, Shown, table, write } from "./terminal.ts";

export interface PrintOptions {
  readonly csv?: true;
  readonly json?: true;
}

export const csvOption = ["--csv", "comma-separated values (RFC 4180), for spreadsheets"] as const;
export const jsonOption = ["--json", "one JSON document, for programs"] as const;

/** `rows` begin with the heads of their columns; `right` are the indices of columns of numbers. */
export function print(
  { csv, json }: PrintOptions,
  { document, rows, right }: { document: unknown; rows: readonly (readonly string[])[]; right: readonly number[] },
): Promise<void> {
  if (json) return write(shown`${asJson(document)}\n`);
  return write(csv ? new Shown(asCsv(rows.map((row) => row.map(plain)))) : `${table(rows, right)}\n`);
}
