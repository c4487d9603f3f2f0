/** Records of a profile as rows of texts, for tables, CSV and workbooks. */
import type { ProfileView } from "./meter-api.ts";

export interface TextTable {
  /** The heads of the columns, and a row each. */
  readonly rows: string[][];
  /** Columns of numbers, by their places. */
  readonly right: number[];
}

const columns = ["sequence", "type", "start", "end", "until", "status"];

export function profileTable({ channels, records }: Pick<ProfileView, "channels" | "records">): TextTable {
  return {
    rows: [
      [...columns, ...channels],
      ...records.map(({ sequence, type, start, end, until, status, values }) => [
        String(sequence),
        type,
        start,
        end,
        until,
        status.join(" "),
        ...values.map((value) => (value === null ? "" : String(Number(value.toPrecision(9))))),
      ]),
    ],
    right: [0, ...channels.map((_, k) => columns.length + k)],
  };
}
