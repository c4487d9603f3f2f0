/** Events of the voltage: those of the meter's own logs and files over the curves, one of them as it was recorded, and what the page has seen pass. */
import { useState } from "preact/hooks";
import { ChosenEvent } from "./chosen-event.tsx";
import { CurveChart } from "./curve-chart.tsx";
import { csvOf, filtered, placedOf, sorted, type EventFilter, type Order } from "./event-choice.ts";
import { EventForm } from "./event-form.tsx";
import { EventList } from "./event-list.tsx";
import { CurveLegend, hzOf, useOwnCurve, useTypedVolts } from "./events-parts.tsx";
import { asksNominal, nominalOf, useEvents } from "./events-of.ts";
import { counted, say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { eventLogs, hasPoint } from "./pq-events.ts";
import { saveFile } from "./save-file.ts";
import { fileName } from "./saved-name.ts";
import type { OfMeter } from "./sections.ts";
import { frame } from "./texts/frame.ts";
import { eventTexts as texts } from "./texts/events.ts";
import { VoltageEvents } from "./voltage-events.tsx";
import "./quality.css";

export function Section({ live }: OfMeter) {
  const hasOwn = eventLogs.some((kind) => live.logs.includes(kind)) || live.files !== undefined;
  return (
    <>
      {hasOwn ? <EventsPanel live={live} /> : null}
      <VoltageEvents {...live} />
    </>
  );
}

function EventsPanel({ live }: OfMeter) {
  const curve = useOwnCurve();
  const [typed, typeVolts] = useTypedVolts(live.name);
  const [filter, choose] = useState<EventFilter>({ kind: "all", phase: "all", beyond: "all" });
  const [order, sort] = useState<Order>("time");
  const [chosen, open] = useState<string | undefined>(undefined);
  const { state, events, files, unread, older, again } = useEvents(live, nominalOf(live, typed));
  const placed = placedOf(events, hzOf(live), curve.steps);
  const shown = sorted(filtered(placed, filter), order);
  const one = placed.find(({ key }) => key === chosen);
  const without = shown.filter((event) => !hasPoint(event)).length;
  const save = (): void =>
    saveFile(fileName(live.name, "events", "csv"), new Blob([csvOf(shown)], { type: "text/csv" }));
  return (
    <Panel
      id="events"
      title={say(texts.title)}
      whole
      aside={
        <button type="button" disabled={shown.length === 0} onClick={save}>
          {say(texts.csv)}
        </button>
      }
    >
      <p class="scale">{say(texts.ofMeter)}</p>
      <EventForm {...{ filter, choose, order, sort, curve, typed, typeVolts }} asksVolts={asksNominal(live)} />
      {state === "reading" ? <Notice>{say(frame.loading)}</Notice> : null}
      {state === "failed" ? (
        <Notice kind="trouble">
          {say(texts.failed)}
          <button type="button" onClick={again}>
            {say(frame.again)}
          </button>
        </Notice>
      ) : null}
      {state !== "read" ? null : events.length === 0 ? (
        <Notice>{say(texts.none)}</Notice>
      ) : (
        <>
          <CurveLegend hasOwn={curve.steps.length > 0} />
          <CurveChart events={shown} steps={curve.steps} chosen={chosen} choose={open} />
          {without === 0 ? null : <Notice>{say(texts.without, { count: counted(without) })}</Notice>}
          {one === undefined ? null : (
            <ChosenEvent key={one.key} meter={live.name} event={one} files={files} close={() => open(undefined)} />
          )}
          <EventList events={shown} chosen={chosen} choose={open} />
          {unread === 0 ? null : (
            <button type="button" onClick={older}>
              {say(texts.older, { count: counted(unread) })}
            </button>
          )}
        </>
      )}
    </Panel>
  );
}
