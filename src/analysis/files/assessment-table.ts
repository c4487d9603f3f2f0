/** Assessments as rows, and as plain data: what was judged, and what is absent with the reason. */
import { verdictOf, type Assessment, type AssessmentRow } from "#analysis/assessment.ts";
import type { Examination } from "#analysis/examination.ts";
import { type PlainData, plainData } from "#analysis/examination-json.ts";
import type { JudgedBy, JudgedRecord } from "#analysis/report/judged.ts";
import { numbersOf, textOf, times, type FileTable } from "./table.ts";

interface Row {
  readonly standard: string;
  readonly period: Assessment["period"] | undefined;
  readonly row: AssessmentRow | undefined;
  readonly what: string;
  readonly reason: string | undefined;
}

function rowsOf(name: string, judged: JudgedBy<unknown>): Row[] {
  if ("reason" in judged) {
    return [{ standard: name, period: undefined, row: undefined, what: "all", reason: judged.reason }];
  }
  return judged.weeks.flatMap(({ standard, rows, absent, period }) => [
    ...rows.map((row) => ({ standard, period: row.period, row, what: row.what, reason: row.reason })),
    ...absent.map(({ what, reason }) => ({ standard, period, row: undefined, what, reason })),
  ]);
}

export function assessmentTable({ startUtc }: Examination, { en50160, ieee519 }: JudgedRecord): FileTable {
  const all = [...rowsOf("EN 50160", en50160), ...rowsOf("IEEE 519-2022", ieee519)];
  const origin = startUtc ?? 0;
  const seconds = (utc: number | undefined): number => ((utc ?? NaN) - origin) / 1000;
  const number = (name: string, value: (row: AssessmentRow) => number | undefined) =>
    numbersOf(name, (k) => {
      const { row } = all[k]!;
      return row === undefined ? undefined : value(row);
    });
  const text = (name: string, value: (row: AssessmentRow) => string) =>
    textOf(name, (k) => {
      const { row } = all[k]!;
      return row === undefined ? undefined : value(row);
    });
  return {
    name: "assessment",
    rows: all.length,
    columns: [
      textOf("standard", (k) => all[k]!.standard),
      ...times("from", startUtc, (k) => seconds(all[k]!.period?.from)),
      ...times("to", startUtc, (k) => seconds(all[k]!.period?.to)),
      textOf("what", (k) => all[k]!.what),
      text("channel", ({ name }) => name),
      text("clause", ({ clause }) => clause),
      text("verdict", ({ verdict }) => verdict),
      // Of one row another than of the next.
      text("unit of limits and values", ({ unit }) => unit),
      number("least allowed", ({ low }) => low),
      number("most allowed", ({ high }) => high),
      number("of intervals (%)", ({ percent }) => percent),
      number("value", ({ value }) => value),
      number("worst value", ({ worst }) => worst?.value),
      ...times("worst at", startUtc, (k) => seconds(all[k]!.row?.worst?.utc)),
      number("intervals", ({ expected }) => expected),
      number("valid", ({ valid }) => valid),
      number("flagged out", ({ flaggedOut }) => flaggedOut),
      number("beyond", ({ beyond }) => beyond),
      number("within (%)", ({ share }) => share),
      textOf("reason", (k) => all[k]!.reason),
    ],
  };
}

/** Instants as text, or null where nobody knows them: then `from` and `to` count seconds from the first sample. */
export function judgedJson({ startUtc }: Examination, { en50160, ieee519 }: JudgedRecord): PlainData {
  const instant = (utc: number): PlainData =>
    startUtc === undefined ? utc / 1000 : Temporal.Instant.fromEpochMilliseconds(Math.round(utc)).toString();
  const rowOf = ({ period, worst, ...row }: AssessmentRow): PlainData => ({
    ...(plainData(row) as { readonly [key: string]: PlainData }),
    from: instant(period.from),
    to: instant(period.to),
    ...(worst === undefined ? {} : { worst: { value: worst.value, at: instant(worst.utc) } }),
  });
  const standard = (judged: JudgedBy<unknown>): PlainData =>
    "reason" in judged
      ? { reason: judged.reason }
      : {
          settings: plainData(judged.settings),
          weeks: judged.weeks.map((week) => ({
            standard: week.standard,
            from: instant(week.period.from),
            to: instant(week.period.to),
            verdict: verdictOf(week),
            rows: week.rows.map(rowOf),
            absent: plainData(week.absent),
            notes: plainData(week.notes),
          })),
        };
  return { en50160: standard(en50160), ieee519: standard(ieee519) };
}
