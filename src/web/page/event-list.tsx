/** The list of events, page by page. */
import { useEffect, useState } from "preact/hooks";
import { eventCells, eventHeads } from "./event-cells.ts";
import type { PlacedEvent } from "./event-choice.ts";
import { startText } from "./event-words.ts";
import { counted, say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { Table } from "./table.tsx";
import { eventTexts as texts } from "./texts/events.ts";

const PAGE = 25;

interface Props {
  readonly events: readonly PlacedEvent[];
  readonly chosen: string | undefined;
  readonly choose: (key: string | undefined) => void;
}

export function EventList({ events, chosen, choose }: Props) {
  const [page, turn] = useState(0);
  // Who chooses a point of the drawing sees its row.
  useEffect(() => {
    const place = events.findIndex(({ key }) => key === chosen);
    if (place >= 0) turn(Math.floor(place / PAGE));
  }, [chosen]);
  if (events.length === 0) return <Notice>{say(texts.noneSuch)}</Notice>;
  const last = Math.floor((events.length - 1) / PAGE);
  const at = Math.min(page, last);
  const shown = events.slice(at * PAGE, (at + 1) * PAGE);
  return (
    <>
      <Table
        id="events"
        label={say(texts.list)}
        kind="words"
        heads={[...eventHeads(), [say(texts.recording)]]}
        rows={shown.map((event) => ({
          key: event.key,
          name: (
            <button
              type="button"
              data-key={event.key}
              aria-pressed={event.key === chosen}
              onClick={() => choose(event.key === chosen ? undefined : event.key)}
            >
              {startText(event)}
            </button>
          ),
          cells: [...eventCells(event), event.file === undefined ? "" : say(texts.hasRecording)],
        }))}
      />
      {last === 0 ? null : (
        <p class="pages">
          <button type="button" disabled={at === 0} onClick={() => turn(at - 1)}>
            {say(texts.previous)}
          </button>{" "}
          <span class="scale">
            {say(texts.shown, {
              from: counted(at * PAGE + 1),
              to: counted(at * PAGE + shown.length),
              count: counted(events.length),
            })}
          </span>{" "}
          <button type="button" disabled={at === last} onClick={() => turn(at + 1)}>
            {say(texts.next)}
          </button>
        </p>
      )}
    </>
  );
}
