/** The tables of an examination: events, what was not measured, intervals by length, harmonics, frequency, flicker. */
import type { Absence, Examination, ExaminedSeries, IntervalTable } from "#analysis/examination.ts";
import { eventTable } from "./event-table.ts";
import { flags, numbers, numbersOf, textOf, times, type FileTable, type TableColumn } from "./table.ts";

/** Those that have rows; events, too, where there are none. */
export function tablesOf(examination: Examination): readonly FileTable[] {
  const { startUtc, intervals, frequency, pst, plt, absences, gaps } = examination;
  return [
    eventTable(examination),
    ...[
      absenceTable(startUtc, absences, gaps),
      ...intervals.map((table) => intervalTable(startUtc, table)),
      ...intervals.map((table) => harmonicTable(startUtc, table)),
      seriesTable("frequency-10-s", startUtc, [{ ...frequency, name: "frequency (Hz)" }]),
      seriesTable(
        "flicker-10-min",
        startUtc,
        pst.map((one) => ({ ...one, name: `Pst ${one.name}` })),
      ),
      seriesTable(
        "flicker-2-h",
        startUtc,
        plt.map((one) => ({ ...one, name: `Plt ${one.name}` })),
      ),
    ].filter(({ rows }) => rows > 0),
  ];
}

function absenceTable(
  startUtc: number | undefined,
  absences: readonly Absence[],
  gaps: Examination["gaps"],
): FileTable {
  const all = [
    ...absences,
    ...gaps.map(({ at, seconds }) => ({ from: at, to: at + seconds, reason: "there are no samples" })),
  ].toSorted((a, b) => a.from - b.from);
  return {
    name: "absences",
    rows: all.length,
    columns: [
      ...times("from", startUtc, (row) => all[row]!.from),
      ...times("to", startUtc, (row) => all[row]!.to),
      textOf("reason", (row) => all[row]!.reason),
    ],
  };
}

/** "intervals-150-cycles" of "150 cycles". */
const called = (what: string, { length }: IntervalTable): string => `${what}-${length.replaceAll(" ", "-")}`;

function frame(startUtc: number | undefined, { start, end, covered, flagged }: IntervalTable): readonly TableColumn[] {
  return [
    ...times("start", startUtc, (row) => start[row]!),
    ...times("end", startUtc, (row) => end[row]!),
    numbersOf("covered (%)", (row) => 100 * covered[row]!),
    flags("flagged", flagged),
  ];
}

function intervalTable(startUtc: number | undefined, table: IntervalTable): FileTable {
  return {
    name: called("intervals", table),
    rows: table.start.length,
    columns: [
      ...frame(startUtc, table),
      ...table.columns.flatMap(({ name, unit, mean, min, max }) => [
        numbers(`${name} mean (${unit})`, mean),
        numbers(`${name} min (${unit})`, min),
        numbers(`${name} max (${unit})`, max),
      ]),
    ],
  };
}

/** Orders that the rate does not carry are no columns. */
function harmonicTable(startUtc: number | undefined, table: IntervalTable): FileTable {
  const columns = table.harmonics.flatMap(({ name, unit, orders }) =>
    orders.flatMap((rms, order) =>
      order === 0 || rms.every(Number.isNaN) ? [] : [numbers(`${name} order ${order} (${unit})`, rms)],
    ),
  );
  return {
    name: called("harmonics", table),
    rows: columns.length === 0 ? 0 : table.start.length,
    columns: [...frame(startUtc, table), ...columns],
  };
}

/** Series of one length: their intervals are the same. */
function seriesTable(name: string, startUtc: number | undefined, series: readonly ExaminedSeries[]): FileTable {
  const [first] = series;
  if (first === undefined) return { name, rows: 0, columns: [] };
  const { start, seconds, flagged } = first;
  return {
    name,
    rows: start.length,
    columns: [
      ...times("start", startUtc, (row) => start[row]!),
      ...times("end", startUtc, (row) => start[row]! + seconds),
      flags("flagged", flagged),
      ...series.map(({ name, values }) => numbers(name, values)),
    ],
  };
}
