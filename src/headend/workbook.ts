/** Rows as an Excel workbook: numbers are numbers, times are times, and the heads stay where they are. */
import writeExcelFile, { type Row } from "write-excel-file/node";

/** Workbooks have no zones: a time stands there as it is printed elsewhere, without the letter. */
const TIME_FORMAT = "yyyy-mm-dd hh:mm:ss.000";

/** The rows under one sheet's heads, as the bytes of a workbook. `right` are the indices of columns of numbers. */
export async function asExcel(
  [heads = [], ...rows]: readonly (readonly string[])[],
  right: readonly number[],
): Promise<Uint8Array> {
  const ofNumbers = new Set(right);
  const cellOf = (text: string, column: number): Row[number] => {
    if (text === "") return null;
    const number = ofNumbers.has(column) ? Number(text) : NaN;
    if (Number.isFinite(number)) return number;
    const time = timeOf(text);
    if (time !== undefined) return { value: time, type: Number, format: TIME_FORMAT };
    // What begins with "=" is text, too: a cell of this type is no formula.
    return { value: text, type: String };
  };
  const sheet = [
    heads.map((text) => ({ value: text, type: String, fontWeight: "bold" as const })),
    ...rows.map((row) => row.map(cellOf)),
  ];
  const columns = heads.map((head, k) => ({
    width: widthOf([head, ...rows.slice(0, LOOKED_AT).map((row) => row[k] ?? "")]),
  }));
  return new Uint8Array(await writeExcelFile(sheet, { columns, stickyRowsCount: 1 }).toBuffer());
}

/** Rows whose texts say how wide a column is; a wider one is cut on the screen only. */
const LOOKED_AT = 100;
const WIDEST = 60;

function widthOf(texts: readonly string[]): number {
  return Math.min(WIDEST, 2 + Math.max(...texts.map(({ length }) => length)));
}

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
