/** What EN 50160 says of a recording, week by week. */
import type { Assessment, AssessmentRow } from "#analysis/assessment.ts";
import type { En50160Settings } from "#analysis/en50160.ts";
import { absentList } from "./absent-list.ts";
import type { ReportBounds } from "./bounds.ts";
import { countText, NOTHING, shareText, withUnit, type Figures } from "./figures.ts";
import type { Instants } from "./instants.ts";
import type { JudgedBy } from "./judged.ts";
import { list, paragraph, section, type Content, type Markup } from "./markup.ts";
import { orderTable } from "./order-table.ts";
import { figures as figureColumn, table, words, type TableRow } from "./table.ts";
import { badge, bandText, measureOf } from "./verdict.ts";
import { weekSections } from "./week-sections.ts";

export function en50160Section(
  judged: JudgedBy<En50160Settings>,
  figures: Figures,
  instants: Instants,
  bounds: ReportBounds,
): Markup {
  return section(
    "en50160",
    2,
    "EN 50160",
    paragraph(
      "EN 50160 says what a customer of a public network may expect of the voltage at the point of supply. It is judged over a week: so many percent of the week's intervals have to be within a band. Dips, swells and interruptions have no limits in it; they are listed under Events.",
    ),
    weekSections("en50160", judged, instants, bounds, (week) => tablesOf(week, figures, instants)),
  );
}

const isOfOneOrder = ({ what }: AssessmentRow): boolean => what.startsWith("harmonic ");

function tablesOf({ rows, absent, notes }: Assessment, figures: Figures, instants: Instants): Content {
  const others = rows.filter((row) => !isOfOneOrder(row));
  const harmonics = rows.filter(isOfOneOrder);
  return [
    others.length === 0 ? [] : rowsTable(others, figures, instants),
    orderTable(
      {
        caption: "Harmonic voltages by order, EN 50160, against the fundamental",
        statistics: [{ name: `${harmonics[0]?.percent ?? 95} % of 10 min of the week`, rows: harmonics }],
      },
      figures,
    ),
    absentList(absent),
    list([...notes]),
  ];
}

function rowsTable(rows: readonly AssessmentRow[], figures: Figures, instants: Instants): Markup {
  return table({
    caption: "Supply voltage against EN 50160",
    columns: [
      words("what"),
      words("channel"),
      words("clause"),
      words("has to be within"),
      figureColumn("of intervals"),
      figureColumn("found"),
      figureColumn("within"),
      figureColumn("worst"),
      words(`worst at, ${instants.head}`),
      figureColumn("valid"),
      figureColumn("flagged, left out"),
      words("verdict"),
    ],
    rows: rows.map((row): TableRow => {
      const measure = measureOf(row);
      const limits = [row.low, row.high];
      return {
        cells: [
          row.what,
          row.name,
          row.clause,
          { cell: bandText(row, figures), kind: "whole" },
          withUnit(String(row.percent), "%"),
          figures.full(measure, row.value, limits),
          shareText(row.share),
          figures.full(measure, row.worst?.value, limits),
          row.worst === undefined ? NOTHING : instants.text(row.worst.utc, 0),
          `${countText(row.valid)} of ${countText(row.expected)}`,
          countText(row.flaggedOut),
          verdictCell(row),
        ],
      };
    }),
  });
}

function verdictCell({ verdict, reason }: AssessmentRow): Content {
  return reason === undefined ? badge(verdict) : [badge(verdict), `: ${reason}`];
}
