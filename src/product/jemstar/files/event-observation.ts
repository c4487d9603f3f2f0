/** What a trigger has left as an observation of PQDIF, and what is in it. */
import { later, timeOf, utcOf, type Observation as PqdifObservation } from "#format/pqdif/pqdif.ts";
import type { Steps } from "#io/turn.ts";
import type { Captured } from "#quantity/captured.ts";
import type { EventObserved, Observation } from "#quantity/observation.ts";
import { addCapture, type RecordingPlace } from "./capture-channels.ts";
import { disturbanceOf } from "./disturbances.ts";
import { addEvent } from "./event-channels.ts";
import type { DataType } from "./file-names.ts";
import { MadeChannels } from "./made-channels.ts";
import { dataSourceOf, settingsOf, type MeterFacts } from "./meter-facts.ts";
import { placeOf } from "./places.ts";

/** Which of the contents that can be left out go into files (Power Quality Data Storage): recordings always do. */
export interface EventContents {
  readonly sagSwell: boolean;
  readonly interruption: boolean;
  readonly rapidVoltageChange: boolean;
}

/** An observation, with what whoever keeps it has to know of it. */
export interface MadeObservation {
  readonly observation: PqdifObservation;
  readonly types: readonly DataType[];
  readonly recordings: readonly RecordingPlace[];
}

const typeOf = { sag: "sagSwell", swell: "sagSwell", interruption: "interruption" } as const;

function dataTypeOf({ kind }: EventObserved): "sagSwell" | "interruption" | "rapidVoltageChange" {
  return kind === "rapidVoltageChange" ? kind : typeOf[kind];
}

/** Milliseconds of UTC at the first value of a recording: where nobody knew, as far before the trigger as the source had it. */
function beginningOf({ utc, at, triggeredAt }: Captured, triggered: number): number {
  return Number.isFinite(utc) ? utc : triggered - 1000 * (triggeredAt - at);
}

/** In steps, a recording each. Undefined of what leaves nothing in files. `number` counts observations; `now` is when it was made. */
export function* eventObservation(
  { utc, trigger, event, captures }: Observation,
  {
    facts,
    contents,
    number,
    now,
  }: { readonly facts: MeterFacts; readonly contents: EventContents; readonly number: number; readonly now: number },
): Steps<MadeObservation | undefined> {
  const shown = event !== undefined && contents[dataTypeOf(event)] ? event : undefined;
  const recorded = captures.filter(({ names, times }) => times.length > 0 && names.some((name) => placeOf(name)));
  if (shown === undefined && recorded.length === 0) return undefined;
  const begins = recorded.map((captured) => beginningOf(captured, utc));
  const start = timeOf(Math.min(utc, shown?.utcStart ?? utc, ...begins));
  const startUtc = utcOf(start);
  const channels = new MadeChannels();
  const triggers = shown === undefined ? [] : addEvent(channels, shown, (shown.utcStart - startUtc) / 1000, facts);
  const recordings: RecordingPlace[] = [];
  for (const [k, captured] of recorded.entries()) {
    recordings.push(addCapture(channels, captured, ((begins[k] ?? startUtc) - startUtc) / 1000, facts));
    yield;
  }
  const source = dataSourceOf(facts, start, channels.definitions);
  return {
    observation: {
      name: trigger.label === "" ? `Trigger ${trigger.id}` : trigger.label,
      created: timeOf(now),
      start,
      triggerMethod: "channel",
      triggered: later(start, (utc - startUtc) / 1000),
      ...(triggers.length === 0 ? {} : { triggerChannels: triggers }),
      serial: number,
      ...(event === undefined ? {} : { disturbance: disturbanceOf(event, facts.hz) }),
      source,
      settings: settingsOf(facts, start, channels.definitions),
      channels: channels.instances,
    },
    types: [
      ...(shown === undefined ? [] : [dataTypeOf(shown)]),
      ...recorded.map(({ kind }): DataType => (kind === "rms" ? "rms" : "waveform")),
    ],
    recordings,
  };
}
