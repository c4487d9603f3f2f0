/** What somebody has to know who reads no further. */
import type { AssessmentRow } from "#analysis/assessment.ts";
import type { Examination } from "#analysis/examination.ts";
import { byGravity, classText, iticText, magnitudeText, type NumberedEvent } from "./event-words.ts";
import { curveFigure } from "./event-curves.ts";
import { countText, counted, secondsText, withUnit, type Figures } from "./figures.ts";
import type { Instants } from "./instants.ts";
import { verdictOfWeeks, worstVerdict, type JudgedBy, type JudgedRecord } from "./judged.ts";
import { firstOf, paragraph, section, tag, type Content, type Markup } from "./markup.ts";
import { figures as figureColumn, table, words, type TableRow } from "./table.ts";
import { badge, bandText, measureOf } from "./verdict.ts";

/** Rows that failed, of each standard. */
const MOST_FAILED = 4;

export function summarySection(
  examination: Examination,
  judged: JudgedRecord,
  figures: Figures,
  instants: Instants,
): Markup {
  const { events } = examination;
  const numbered = events.map((event, k) => ({ number: k + 1, event }));
  return section(
    "summary",
    2,
    "Summary",
    tag(
      "div",
      { class: "cards" },
      verdictCard("EN 50160", "en50160", judged.en50160, figures),
      verdictCard("IEEE 519-2022", "ieee519", judged.ieee519, figures),
      eventCard(numbered, figures, instants),
    ),
    paragraph(
      "Passed: what was measured keeps the limits. Failed: it does not, whatever else may come. Undecided: too little was measured to say; both standards ask for a week.",
    ),
  );
}

function card(title: Content, ...content: readonly Content[]): Markup {
  return tag("section", { class: "card" }, tag("h3", {}, title), ...content);
}

/** "harmonic 5" is of harmonics, "V.a" of voltage. */
function partOf({ what, name }: AssessmentRow): string {
  const of = name.startsWith("A.") ? "current" : "voltage";
  return what.startsWith("harmonic ") ? `harmonics of ${of}` : what === "TDD" ? "TDD of current" : what;
}

function verdictCard(title: string, id: string, judged: JudgedBy<unknown>, figures: Figures): Markup {
  if ("reason" in judged) return card(title, paragraph(`Not assessed: ${judged.reason}.`));
  const rows = judged.weeks.flatMap((week) => week.rows);
  const parts = Map.groupBy(rows, partOf);
  const absent = judged.weeks.flatMap((week) => week.absent).length;
  const verdict = verdictOfWeeks(judged.weeks);
  return card(
    [`${title} `, badge(verdict)],
    parts.size === 0
      ? paragraph("Nothing that it judges was measured for long enough.")
      : table({
          caption: `${title}, by quantity`,
          columns: [words("quantity"), figureColumn("rows failed"), words("verdict")],
          rows: [...parts].map(([part, of]): TableRow => {
            const failed = of.filter((row) => row.verdict === "fail").length;
            const worst = worstVerdict(of.map((row) => row.verdict));
            return { cells: [part, `${countText(failed)} of ${countText(of.length)}`, badge(worst)] };
          }),
        }),
    failedList(rows, figures),
    paragraph(
      absent === 0 ? [] : `${counted(absent, "part")} not assessed. `,
      tag("a", { href: `#${id}` }, `All of ${title}`),
    ),
  );
}

/** What failed, with its figures: the first of it. */
function failedList(rows: readonly AssessmentRow[], figures: Figures): Content {
  const failed = rows.filter(({ verdict }) => verdict === "fail");
  return firstOf(
    failed.map((row) => {
      const value = figures.full(measureOf(row), row.value, [row.low, row.high]);
      return `${row.what} of ${row.name}: ${value}, has to be ${bandText(row, figures)} (${withUnit(String(row.percent), "%")} of the intervals)`;
    }),
    MOST_FAILED,
    "that failed",
  );
}

function eventCard(events: readonly NumberedEvent[], figures: Figures, instants: Instants): Markup {
  const [worst] = byGravity(events);
  if (worst === undefined) {
    const none = paragraph("No dip, swell, interruption, rapid change or transient.");
    return tag("section", { class: "card events" }, tag("div", {}, tag("h3", {}, "Events"), none));
  }
  const classes = Map.groupBy(events, ({ event }) => classText(event));
  const beyond = (of: readonly NumberedEvent[]): number =>
    of.filter(({ event }) => event.itic?.passes === false).length;
  const { event, number } = worst;
  return tag(
    "section",
    { class: "card events" },
    tag(
      "div",
      {},
      tag("h3", {}, counted(events.length, "event")),
      table({
        caption: "Events by class",
        columns: [words("class (IEEE 1159)"), figureColumn("events"), figureColumn("beyond ITIC")],
        rows: [...classes].map(([name, of]): TableRow => ({
          cells: [name, countText(of.length), countText(beyond(of))],
        })),
      }),
      paragraph(
        `The worst is event ${number}: ${classText(event)} of ${secondsText(event.seconds)}, ${magnitudeText(event, figures)} on ${event.worst}, ${instants.at(event.at)}${event.itic === undefined ? "" : `; ITIC: ${iticText(event)}`}. `,
        tag("a", { href: "#events" }, "All events"),
      ),
    ),
    tag("div", {}, curveFigure(events)),
  );
}
