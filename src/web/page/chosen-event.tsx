/** One event: what the meter says of it, where it lies, what may have caused it, and its recording with what was before and after. */
import { useEffect, useState } from "preact/hooks";
import type { ExplainedView, FileView, TrackView } from "#quantity/meter-api.ts";
import { Chart } from "./chart.tsx";
import type { PlacedEvent } from "./event-choice.ts";
import {
  classText,
  directionText,
  floorText,
  iticText,
  kindText,
  lastedText,
  percentText,
  phasesText,
  startText,
  wallMs,
} from "./event-words.ts";
import { say } from "./language.ts";
import { preciseClockText, whenText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { filesFor } from "./pq-events.ts";
import { aroundOf, observationOf, type Observation } from "./recorded-event.ts";
import { askFile, units } from "./site.ts";
import { Table } from "./table.tsx";
import { chosenTexts as texts } from "./texts/events.ts";
import { Value } from "./value.tsx";

interface Found {
  readonly file: string;
  readonly observation: Observation;
}

/** Files that are looked into, at most: its own, and those that may hold it. */
const LOOKED = 3;

async function findRecording(meter: string, event: PlacedEvent, files: readonly FileView[]): Promise<Found | "none"> {
  for (const file of filesFor(event, files).slice(0, LOOKED)) {
    const observation = observationOf(await askFile(meter, file), event.utc);
    if (observation !== undefined) return { file, observation };
  }
  return "none";
}

interface Props {
  readonly meter: string;
  readonly event: PlacedEvent;
  readonly files: readonly FileView[];
  readonly close: () => void;
}

export function ChosenEvent({ meter, event, files, close }: Props) {
  const [found, take] = useState<Found | "none" | "failed" | undefined>(undefined);
  useEffect(() => {
    let isOver = false;
    findRecording(meter, event, files).then(
      (one) => isOver || take(one),
      () => isOver || take("failed"),
    );
    return () => void (isOver = true);
    // An event is what it is, and its key says which; its recording may come later.
  }, [meter, event.key, event.file]);
  const explained = typeof found === "object" ? found.observation.explained : undefined;
  return (
    <div id="chosen" role="group" aria-label={say(texts.title, { kind: kindText(event.kind), time: startText(event) })}>
      <div class="head">
        <h3>{say(texts.title, { kind: kindText(event.kind), time: startText(event) })}</h3>
        <button type="button" onClick={close}>
          {say(texts.close)}
        </button>
      </div>
      <Facts event={event} explained={explained} />
      {found === undefined ? <Notice>{say(texts.reading)}</Notice> : null}
      {found === "none" ? <Notice>{say(texts.noRecording)}</Notice> : null}
      {found === "failed" ? <Notice kind="trouble">{say(texts.unreadable)}</Notice> : null}
      {typeof found === "object" ? <Recording {...found} meter={meter} event={event} /> : null}
      <Meanwhile event={event} />
    </div>
  );
}

function Facts({ event, explained }: { readonly event: PlacedEvent; readonly explained: ExplainedView | undefined }) {
  const { places } = event;
  const rows: readonly (readonly [name: string, value: string])[] = [
    [say(texts.utc), whenText(new Date(event.utc).toISOString().slice(0, 23).replace("T", " "))],
    [say(texts.lasted), lastedText(event.seconds)],
    [say(texts.voltage), percentText(event)],
    [say(texts.phases), phasesText(event)],
    [say(texts.class), classText(event)],
    [say(texts.itic), places.itic === undefined ? say(texts.saysNothing) : iticText(event)],
    [say(texts.f47), places.f47 === undefined ? say(texts.saysNothing) : floorText(places.f47.passes)],
    [say(texts.own), places.own === undefined ? say(texts.saysNothing) : floorText(places.own)],
    ...explanation(explained),
  ];
  return (
    <Table
      id="event-facts"
      label={say(texts.facts)}
      kind="words"
      heads={[[say(texts.what)], [say(texts.value)]]}
      rows={rows.map(([name, value]) => ({ key: name, name, cells: [value] }))}
    />
  );
}

function explanation(explained: ExplainedView | undefined): readonly (readonly [string, string])[] {
  if (explained === undefined) return [];
  const { cause, type, direction, says } = explained;
  return [
    ...(cause === undefined
      ? []
      : [[say(texts.cause), cause === "unknown" ? say(texts.unknownCause) : cause] as const]),
    ...(type === undefined ? [] : [[say(texts.type), type] as const]),
    ...(direction === undefined ? [] : [[say(texts.direction), directionText(direction)] as const]),
    ...(says.length === 0 ? [] : [[say(texts.criteria), says.join("; ")] as const]),
  ];
}

const titles = {
  waveform: { V: texts.waveVolts, A: texts.waveAmps },
  rms: { V: texts.rmsVolts, A: texts.rmsAmps },
} as const;

function styleOf(phase: string): string {
  const [first = ""] = phase;
  return /[ABC]/.test(first) ? first.toLowerCase() : "apparent";
}

function Recording({
  file,
  observation,
  meter,
  event,
}: Found & { readonly meter: string; readonly event: PlacedEvent }) {
  const begin = observation.utc === undefined ? event.utc : Date.parse(observation.utc);
  const start = (event.utc - begin) / 1000;
  const end = start + (event.seconds ?? 0);
  const toWall = (seconds: number): number =>
    wallMs({ utc: begin + 1000 * seconds, offsetMinutes: event.offsetMinutes });
  const marks = [{ at: toWall(start) }, ...(event.seconds === undefined ? [] : [{ at: toWall(end) }])];
  // What is told by half cycles first: it goes on for longer.
  const tracks = observation.tracks.toSorted((a, b) => rank(a) - rank(b));
  return (
    <div id="recording">
      {tracks.map(({ kind, unit, times, channels }, k) => (
        <div key={k}>
          <p class="scale">{say(titles[kind][unit])}</p>
          <Chart
            id={`event-${kind}-${unit}-${k}`}
            label={say(titles[kind][unit])}
            times={times.map(toWall)}
            lines={channels.map(({ name, phase, values }) => ({ name, style: styleOf(phase), unit, values }))}
            marks={marks}
            timeText={(ms) => preciseClockText(ms)}
            height={170}
          />
        </div>
      ))}
      {tracks
        .filter(({ kind }) => kind === "rms")
        .map((track) => (
          <Around key={track.unit} track={track} start={start} end={end} />
        ))}
      <p>
        <a href={`/meters/${encodeURIComponent(meter)}/pqdif/${encodeURIComponent(file)}`}>
          {say(texts.file, { file })}
        </a>
      </p>
    </div>
  );
}

function rank({ kind, unit }: TrackView): number {
  return (kind === "rms" ? 0 : 2) + (unit === "V" ? 0 : 1);
}

function Around({ track, start, end }: { readonly track: TrackView; readonly start: number; readonly end: number }) {
  return (
    <Table
      id={`around-${track.unit}`}
      label={`${say(texts.around)}, ${track.unit}`}
      heads={[
        [say(titles.rms[track.unit])],
        [say(texts.before)],
        [say(texts.least)],
        [say(texts.most)],
        [say(texts.after)],
      ]}
      rows={aroundOf(track, start, end).map(({ name, before, least, most, after }) => ({
        key: name,
        name,
        cells: [before, least, most, after].map((value) => <Value value={value} unit={track.unit} />),
      }))}
    />
  );
}

function Meanwhile({ event: { spreads } }: { readonly event: PlacedEvent }) {
  if (spreads.length === 0) return null;
  return (
    <Table
      id="meanwhile"
      label={say(texts.meanwhile)}
      heads={[[say(texts.meanwhile)], [say(texts.least)], [say(texts.most)], [say(texts.average)]]}
      rows={spreads.map(({ name, least, most, average }) => ({
        key: name,
        name,
        cells: [least, most, average].map((value) => <Value value={value} unit={units.value[name] ?? ""} />),
      }))}
    />
  );
}
