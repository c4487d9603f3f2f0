/** An assessment week by week: tables of the first, and of the others what came of them. */
import { verdictOf, type Assessment } from "#analysis/assessment.ts";
import type { ReportBounds } from "./bounds.ts";
import { countText } from "./figures.ts";
import type { Instants } from "./instants.ts";
import type { JudgedBy } from "./judged.ts";
import { list, paragraph, section, type Content } from "./markup.ts";
import { badge } from "./verdict.ts";

/** `tablesOf` a week stand under its heading. */
export function weekSections(
  id: string,
  judged: JudgedBy<unknown>,
  instants: Instants,
  { weeks: most }: Pick<ReportBounds, "weeks">,
  tablesOf: (week: Assessment) => Content,
): Content {
  if ("reason" in judged) return paragraph(`Not assessed: ${judged.reason}.`);
  const titleOf = (week: Assessment): Content => {
    const { standard, period } = week;
    return [`${standard}: ${instants.text(period.from, 0)} to ${instants.text(period.to, 0)} `, badge(verdictOf(week))];
  };
  const more = judged.weeks.slice(most);
  return [
    judged.weeks.slice(0, most).map((week, n) => section(`${id}-${n + 1}`, 3, titleOf(week), tablesOf(week))),
    more.length === 0
      ? []
      : [paragraph(`Of ${countText(more.length)} more weeks the tables are not here:`), list(more.map(titleOf))],
  ];
}
