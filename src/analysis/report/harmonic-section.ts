/** Harmonics against their limits, as bars: the figures are those of the assessments. */
import type { AssessmentRow } from "#analysis/assessment.ts";
import { harmonicsPlot, type HarmonicBar } from "#analysis/svg/harmonics-plot.ts";
import type { ReportBounds } from "./bounds.ts";
import type { JudgedRecord } from "./judged.ts";
import { figure, paragraph, section, type Content, type Markup } from "./markup.ts";

export function harmonicSection({ en50160, ieee519 }: JudgedRecord, bounds: Pick<ReportBounds, "weeks">): Markup {
  const en = "weeks" in en50160 ? en50160.weeks.slice(0, bounds.weeks).map(({ rows }) => rows) : [];
  const ieee = "weeks" in ieee519 ? ieee519.weeks.slice(0, bounds.weeks).map(({ rows }) => rows) : [];
  const amps = ieee.map((rows) => rows.filter(({ name }) => name.startsWith("A.")));
  const volts = ieee.map((rows) => rows.filter(({ name }) => name.startsWith("V.")));
  const charts: readonly Content[] = [
    ...en.flatMap((rows, week) =>
      chartsOf(`en-${week}`, weekText(week, en.length), rows, "EN 50160", "% of the fundamental"),
    ),
    ...volts.flatMap((rows, week) =>
      chartsOf(`ieee-v-${week}`, weekText(week, volts.length), rows, "IEEE 519-2022", "% of the nominal voltage"),
    ),
    ...amps.flatMap((rows, week) =>
      chartsOf(`ieee-a-${week}`, weekText(week, amps.length), rows, "IEEE 519-2022", "% of IL"),
    ),
  ];
  return section(
    "harmonics",
    2,
    "Harmonics",
    paragraph(
      "Parts of voltage and current at whole multiples of the line's frequency, of the worst channel of each order. Each bar is the value that the standard judges; the black line over it is the limit.",
    ),
    charts.length === 0
      ? paragraph(
          "Absent: no interval that the standards judge has ended, the recording's rate does not carry harmonics, or a log has no channels of them.",
        )
      : charts,
  );
}

function weekText(week: number, weeks: number): string {
  return weeks === 1 ? "" : `, week ${week + 1}`;
}

/** Of the rule with the longest intervals that anything is known by. */
function chartsOf(
  id: string,
  week: string,
  rows: readonly AssessmentRow[],
  standard: string,
  label: string,
): readonly Content[] {
  const known = rows.filter(({ what, value }) => what.startsWith("harmonic ") && value !== undefined);
  const clause = known.at(-1)?.clause;
  const judged = known.filter((row) => row.clause === clause);
  if (judged.length === 0) return [];
  const orders = [...new Set(judged.map(({ what }) => what))];
  const bars = orders.map((what): HarmonicBar => {
    const worst = judged.filter((row) => row.what === what).toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0))[0];
    return { order: Number(what.replace("harmonic ", "")), percent: worst?.value ?? null, limit: worst?.high ?? null };
  });
  const channels = [...new Set(judged.map(({ name }) => name))];
  const title = `Harmonics against ${standard}${week}: ${channels.join(", ")}`;
  const heading = { id: `harmonics-${id}`, title, isCaptioned: true };
  return [
    figure(
      title,
      harmonicsPlot(
        heading,
        bars.toSorted((a, b) => a.order - b.order),
        label,
      ),
      `${title}; ${ruleText(judged)}.`,
    ),
  ];
}

/** A clause of IEEE 519 says what it is of. */
function ruleText([first]: readonly AssessmentRow[]): string {
  if (first === undefined) return "";
  return first.clause.includes("%") ? first.clause : `${first.clause}, ${first.percent} % of the intervals`;
}
