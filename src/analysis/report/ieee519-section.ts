/** What IEEE 519-2022 says of a recording, week by week. */
import type { Assessment, AssessmentRow } from "#analysis/assessment.ts";
import { currentStatistics, voltageStatistics, type Statistic } from "#analysis/limits/ieee519-limits.ts";
import type { Ieee519Settings } from "#analysis/ieee519.ts";
import { absentList } from "./absent-list.ts";
import type { ReportBounds } from "./bounds.ts";
import type { Figures } from "./figures.ts";
import type { Instants } from "./instants.ts";
import type { JudgedBy } from "./judged.ts";
import { list, paragraph, section, type Content, type Markup } from "./markup.ts";
import { orderTable, type Statistics } from "./order-table.ts";
import { weekSections } from "./week-sections.ts";

export function ieee519Section(
  judged: JudgedBy<Ieee519Settings>,
  figures: Figures,
  instants: Instants,
  bounds: ReportBounds,
): Markup {
  return section(
    "ieee519",
    2,
    "IEEE 519-2022",
    paragraph(
      "IEEE 519 shares the duty at the point where a customer is connected: the supplier keeps the voltage clean of harmonics, the customer the current. Short means (3 s) are judged by day, longer ones (10 min) by week; currents in percent of the maximum demand load current IL, which has to be given.",
    ),
    weekSections("ieee519", judged, instants, bounds, (week) => tablesOf(week, figures)),
  );
}

function tablesOf({ rows, absent, notes }: Assessment, figures: Figures): Content {
  const volts = rows.filter(({ name }) => name.startsWith("V."));
  const amps = rows.filter(({ name }) => name.startsWith("A."));
  const clause = amps[0]?.clause.split(", ").slice(0, 2).join(", ");
  return [
    orderTable(
      {
        caption: "Harmonic voltages by order, IEEE 519-2022, table 1, of the nominal voltage",
        statistics: statisticsOf(volts, voltageStatistics),
        total: "THD",
      },
      figures,
    ),
    orderTable(
      {
        caption: `Harmonic currents by order, IEEE 519-2022, ${clause ?? ""}, of IL`,
        statistics: statisticsOf(amps, currentStatistics),
        total: "TDD",
      },
      figures,
    ),
    absentList(absent),
    list([...notes]),
  ];
}

/** Rows are told apart by their clauses, which end in what they are of. */
function statisticsOf(rows: readonly AssessmentRow[], statistics: readonly Statistic[]): readonly Statistics[] {
  return statistics.map(({ of, percent, times }) => {
    const name = `${percent} % of ${of}`;
    return {
      name: times === 1 ? name : `${name}, ${times} ×`,
      rows: rows.filter((row) => row.clause.endsWith(`, ${times} x, ${name}`)),
    };
  });
}
