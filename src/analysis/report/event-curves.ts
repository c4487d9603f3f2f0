/** Events over the curves that equipment bears. */
import { curvePlot } from "#analysis/svg/curve-plot.ts";
import { byGravity, type NumberedEvent } from "./event-words.ts";
import { counted } from "./figures.ts";
import { figure, paragraph, type Content } from "./markup.ts";

/** Marks of the plot: beyond them the worst are drawn. */
const MOST = 1000;

export function curveFigure(events: readonly NumberedEvent[]): Content {
  const placed = events.filter(({ event: { itic, f47 } }) => itic !== undefined || f47 !== undefined);
  if (placed.length === 0) return paragraph("No event has a place over the curves of ITIC and SEMI F47.");
  // Events at one place of the plot are one mark: its size is bounded.
  const marks = new Map<string, { readonly seconds: number; readonly percent: number; readonly numbers: number[] }>();
  let beyond = 0;
  for (const { number, event } of byGravity(placed)) {
    const { seconds, percent } = event;
    // What is told apart by the curves is told apart here.
    const region = `${event.itic?.region} ${event.f47?.region}`;
    const key = `${seconds.toPrecision(2)} ${Math.round(percent)} ${region}`;
    const there = marks.get(key);
    if (there !== undefined) there.numbers.push(number);
    else if (marks.size < MOST) marks.set(key, { seconds, percent, numbers: [number] });
    else beyond++;
  }
  const title = "Events over the ITIC and SEMI F47 curves";
  const plot = curvePlot(
    { id: "curves", title, isCaptioned: true },
    [...marks.values()].map(({ seconds, percent, numbers }) => ({ seconds, percent, name: namesOf(numbers) })),
  );
  const together = marks.size + beyond === placed.length ? "" : " Those at about the same place are drawn once.";
  const left = beyond === 0 ? "" : ` ${counted(beyond, "event")} less grave than these are not drawn.`;
  return figure(
    title,
    plot,
    `${counted(placed.length, "event")} by duration and voltage. Between the two full lines computers and the like go on working (ITIC, 2000, of 120 V); above the dashed line semiconductor equipment has to (SEMI F47-0706). Rapid changes, transients, and events that were not seen whole, have no place here.${together}${left}`,
  );
}

function namesOf(numbers: readonly number[]): string {
  const more = numbers.length - 5;
  const shown = numbers.slice(0, 5).join(", ");
  return `${numbers.length === 1 ? "event" : "events"} ${shown}${more > 0 ? ` and ${more} more` : ""}`;
}
