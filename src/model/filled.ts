import type { Row } from "#protocol/modbus/register-table.ts";
import { wordsOf } from "#protocol/modbus/register-table.ts";

/** A table whose registers from `from` up to `to` all answer: those without a row read 0. */
export function filled<Scale extends string>(rows: readonly Row<Scale>[], from: number, to: number): Row<Scale>[] {
  const sorted = [...rows].sort((a, b) => a[0] - b[0]);
  const out: Row<Scale>[] = [];
  let next = from;
  const fill = (until: number): void => {
    for (; next < until; next++) out.push([next, "R", "", "UInt", "", "", { reserved: 0 }]);
  };
  for (const row of sorted) {
    fill(Math.min(row[0], to));
    out.push(row);
    next = Math.max(next, row[0] + wordsOf(row[3], row[6]));
  }
  fill(to);
  return out;
}
