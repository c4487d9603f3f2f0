/** The events of the report's period: how many of which kind, where they lie, and each in a row. */
import type { LiveView } from "#quantity/meter-api.ts";
import { CurveChart } from "./curve-chart.tsx";
import { eventCells, eventHeads } from "./event-cells.ts";
import { placedOf, type PlacedEvent } from "./event-choice.ts";
import { kindText, startText } from "./event-words.ts";
import { nominalOf, useEvents } from "./events-of.ts";
import { CurveLegend, hzOf, useOwnCurve, useTypedVolts } from "./events-parts.tsx";
import { counted, say } from "./language.ts";
import { wallText, whenText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { eventKinds, eventLogs, hasPoint } from "./pq-events.ts";
import { Figure } from "./report-figures.tsx";
import { Table } from "./table.tsx";
import { eventTexts } from "./texts/events.ts";
import { frame } from "./texts/frame.ts";
import { reportTexts as texts } from "./texts/report.ts";

/** Rows on paper; more of them are in the section of events, and its CSV. */
const ROWS = 60;

interface Props {
  /** As it was when the report was taken. */
  readonly taken: LiveView;
  readonly live: LiveView;
  readonly days: number;
}

export function ReportEvents({ taken, live, days }: Props) {
  const curve = useOwnCurve();
  const [typed] = useTypedVolts(live.name);
  const { state, events, unread, older, again } = useEvents(live, nominalOf(live, typed));
  if (!eventLogs.some((kind) => live.logs.includes(kind))) return <Notice>{say(texts.keepsNone)}</Notice>;
  if (state === "reading") return <Notice>{say(frame.loading)}</Notice>;
  if (state === "failed")
    return (
      <Notice kind="trouble">
        {say(eventTexts.failed)}
        <button type="button" onClick={again}>
          {say(frame.again)}
        </button>
      </Notice>
    );
  const [from, to] = [taken.utc - 86_400_000 * days, taken.utc];
  const within = events.filter(({ utc }) => utc > from && utc <= to);
  const placed = placedOf(within, hzOf(live), curve.steps);
  const oldest = Math.min(Infinity, ...events.map(({ utc }) => utc));
  const time = (utc: number): string => whenText(wallText(utc, taken.offsetMinutes));
  return (
    <>
      <p>
        {say(texts.eventCount, { count: counted(placed.length), from: time(from), to: time(to) })}{" "}
        {placed.length === 0 ? say(texts.noEvents) : <Counts events={placed} hasOwn={curve.steps.length > 0} />}
      </p>
      {unread > 0 && oldest > from ? (
        <Notice>
          {say(texts.notAll)}{" "}
          <button type="button" class="only-screen" onClick={older}>
            {say(texts.readOlder)}
          </button>
        </Notice>
      ) : null}
      {placed.some(hasPoint) ? (
        <Figure meter={live.name} what={say(eventTexts.curve)} file="curves">
          <CurveLegend hasOwn={curve.steps.length > 0} />
          <CurveChart events={placed} steps={curve.steps} />
        </Figure>
      ) : null}
      {placed.length === 0 ? null : <Rows events={placed} />}
    </>
  );
}

function Counts({ events, hasOwn }: { readonly events: readonly PlacedEvent[]; readonly hasOwn: boolean }) {
  const kinds = eventKinds.flatMap((kind) => {
    const count = events.filter((event) => event.kind === kind).length;
    return count === 0 ? [] : [say(texts.countedAs, { count, kind: kindText(kind) })];
  });
  const number = (is: (event: PlacedEvent) => boolean): number => events.filter(is).length;
  const curves = say(texts.beyondCurves, {
    itic: number(({ places }) => places.itic?.passes === false),
    f47: number(({ places }) => places.f47?.passes === false),
  });
  const own = say(texts.belowOwn, { own: number(({ places }) => places.own === false) });
  return <>{`${kinds.join(", ")}. ${curves}${hasOwn ? ` ${own}` : ""}`}</>;
}

function Rows({ events }: { readonly events: readonly PlacedEvent[] }) {
  const shown = events.slice(0, ROWS);
  return (
    <>
      {shown.length === events.length ? null : (
        <p class="scale">{say(texts.first, { count: counted(shown.length), all: counted(events.length) })}</p>
      )}
      <Table
        id="report-events"
        label={say(eventTexts.list)}
        kind="words"
        heads={eventHeads()}
        rows={shown.map((event) => ({
          key: event.key,
          name: startText(event),
          cells: eventCells(event),
        }))}
      />
    </>
  );
}
