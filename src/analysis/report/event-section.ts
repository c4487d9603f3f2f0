/** Events: a table of all, and the worst of them with their plots. */
import type { Examination } from "#analysis/examination.ts";
import { eventDrawing } from "./event-drawing.ts";
import {
  byGravity,
  classText,
  explanation,
  f47Text,
  iticText,
  openText,
  typeText,
  type NumberedEvent,
} from "./event-words.ts";
import type { ReportBounds } from "./bounds.ts";
import { countText, counted, NOTHING, secondsText, type Figures } from "./figures.ts";
import type { Instants } from "./instants.ts";
import { list, paragraph, section, tag, type Content, type Markup } from "./markup.ts";
import { figures as figureColumn, table, words, type TableRow } from "./table.ts";

export function eventSection(
  examination: Examination,
  figures: Figures,
  instants: Instants,
  bounds: ReportBounds,
): Markup {
  const { events, left } = examination;
  const numbered = events.map((event, k) => ({ number: k + 1, event }));
  const lead = paragraph(
    "Each event is of all voltages together, by the RMS of every half cycle (IEC 61000-4-30, 5.4, 5.5 and 5.11). The residual voltage of a dip or an interruption is what was left at its deepest point; of a swell the largest voltage stands there, of a rapid change by how much the voltage changed. A transient is of samples that go beyond what was a cycle before and what is when all is over: by how much stands there, of the peak of the declared voltage.",
  );
  if (numbered.length === 0) {
    return section("events", 2, "Events", lead, paragraph("There were none."), list([...left]));
  }
  const drawings = drawn(numbered, examination, figures, instants, bounds);
  return section(
    "events",
    2,
    "Events",
    lead,
    eventTable(numbered.slice(0, bounds.rows), new Set(drawings.keys()), figures, instants),
    numbered.length <= bounds.rows
      ? []
      : paragraph(
          `The first ${countText(bounds.rows)} of ${counted(numbered.length, "event")} are listed. All are in the JSON of the analysis.`,
        ),
    list([...left]),
    drawnText(drawings.size, numbered.length),
    [...drawings.values()],
  );
}

function eventTable(
  events: readonly NumberedEvent[],
  drawn: ReadonlySet<number>,
  figures: Figures,
  instants: Instants,
): Markup {
  return table({
    caption: "Events",
    groups: [
      { head: "", span: 4 },
      { head: "residual, largest or change", span: 2 },
      { head: "", span: 6 },
    ],
    columns: [
      figureColumn("no."),
      words(`start, ${instants.head}`),
      figureColumn("duration"),
      words("what"),
      figureColumn("of declared"),
      figureColumn("voltage"),
      words("channels"),
      words("ITIC"),
      words("SEMI F47"),
      words("dip type"),
      words("direction"),
      words("likely cause"),
    ],
    rows: events.map(({ number, event }): TableRow => {
      const { at, seconds, channels, percent, volts, explained } = event;
      const open = openText(event);
      // What is drawn is explained beside its plots.
      const why = drawn.has(number)
        ? []
        : explanation(explained).map(({ title, says }) => `${title}: ${says.join("; ")}.`);
      return {
        cells: [
          drawn.has(number) ? tag("a", { href: `#event-${number}` }, countText(number)) : countText(number),
          instants.at(at),
          secondsText(seconds),
          open === "" ? classText(event) : `${classText(event)}, ${open}`,
          figures.full("part", percent),
          figures.full("volts", volts),
          channels.join(", "),
          iticText(event),
          f47Text(event),
          explained === undefined ? NOTHING : typeText(explained),
          explained?.direction?.direction ?? NOTHING,
          explained?.cause?.cause ?? NOTHING,
        ],
        ...(why.length === 0 ? {} : { below: why.join(" ") }),
      };
    }),
  });
}

/** By number, of the worst that there are traces of, as many as there is room for. */
function drawn(
  events: readonly NumberedEvent[],
  examination: Examination,
  figures: Figures,
  instants: Instants,
  { plotted, characters }: ReportBounds,
): ReadonlyMap<number, Markup> {
  const traced = byGravity(events).filter(({ event: { trace, wave } }) => trace !== undefined || wave !== undefined);
  const chosen: (readonly [number: number, drawing: Markup])[] = [];
  let used = 0;
  for (const one of traced.slice(0, plotted)) {
    const drawing = eventDrawing(one, examination, figures, instants);
    used += drawing.markup.length;
    if (used > characters) break;
    chosen.push([one.number, drawing]);
  }
  return new Map(chosen.toSorted(([a], [b]) => a - b));
}

function drawnText(drawn: number, events: number): Content {
  if (drawn === events) return [];
  if (drawn === 0) return paragraph("None of them is drawn: there are no traces, or no room for one.");
  return paragraph(
    `The worst ${countText(drawn)} of ${counted(events, "event")} are drawn: those beyond the ITIC curve first, then by how far the voltage went.`,
  );
}
