/** A table as Parquet. The writer is fetched into memory when somebody asks for it. */
import { isAbsent, type FileTable, type TableColumn } from "#analysis/files/table.ts";

const types = { instant: "TIMESTAMP", number: "DOUBLE", text: "STRING", flag: "BOOLEAN" } as const;

/** Columns may be without a value, all of them; instants are milliseconds of UTC. */
export async function parquetOf(table: FileTable): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const columnData = table.columns.map((column) => ({
    name: column.name,
    type: types[column.type],
    nullable: true,
    data: cellsOf(column, table.rows),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

function cellsOf({ at, type }: TableColumn, rows: number): unknown[] {
  return Array.from({ length: rows }, (_, row) => {
    const cell = at(row);
    if (isAbsent(cell)) return null;
    return type === "instant" ? BigInt(Number(cell)) : cell;
  });
}
