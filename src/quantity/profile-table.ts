/** Records of a profile as rows of texts, for tables, CSV and workbooks. */
import type { ProfileView } from "./meter-api.ts";

export interface TextTable {
  /** The heads of the columns, and a row each. */
  readonly rows: string[][];
  /** Columns of numbers, by their places. */
  readonly right: number[];
}

/** The columns of a table whose rows come in pieces. */
export interface TableColumns {
  readonly heads: string[];
  readonly right: number[];
}

const columns = ["sequence", "type", "start", "end", "until", "status"];

export function profileColumns({ channels }: Pick<ProfileView, "channels">): TableColumns {
  return {
    heads: [...columns, ...channels],
    right: [0, ...channels.map((_, k) => columns.length + k)],
  };
}

export function profileRow({
  sequence,
  type,
  start,
  end,
  until,
  status,
  values,
}: ProfileView["records"][number]): string[] {
  return [
    String(sequence),
    type,
    start,
    end,
    until,
    status.join(" "),
    ...values.map((value) => (value === null ? "" : String(Number(value.toPrecision(9))))),
  ];
}

export function profileTable(view: Pick<ProfileView, "channels" | "records">): TextTable {
  const { heads, right } = profileColumns(view);
  return { rows: [heads, ...view.records.map(profileRow)], right };
}
