/** What commands print of rows: a table for people, CSV or JSON for programs. */
import { asCsv } from "./csv.ts";
import { Failure } from "./failure.ts";
import { table } from "./terminal.ts";

export interface PrintOptions {
  readonly csv?: true;
  readonly json?: true;
}

export const csvOption = ["--csv", "comma-separated values (RFC 4180), for spreadsheets"] as const;
export const jsonOption = ["--json", "one JSON document, for programs"] as const;

/** Writes text and waits until it is taken: whatever follows may rely on it. */
export function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error === null || error === undefined) resolve();
      else reject(new Failure(`cannot write what was read: ${error.message}`, 1));
    });
  });
}

/** `rows` begin with the heads of their columns; `right` are the indices of columns of numbers. */
export function print(
  { csv, json }: PrintOptions,
  { document, rows, right }: { document: unknown; rows: readonly (readonly string[])[]; right: readonly number[] },
): Promise<void> {
  if (json) return write(`${JSON.stringify(document, undefined, 2)}\n`);
  return write(csv ? asCsv(rows) : `${table(rows, right)}\n`);
}
