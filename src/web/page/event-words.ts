/** Events in words: what kind they are, when, how long, where they lie. */
import { eventClassText } from "#analysis/limits/event-class.ts";
import type { PlacedEvent } from "./event-choice.ts";
import { say } from "./language.ts";
import { whenText } from "./local-time.ts";
import { fixed, NOTHING, withUnit } from "./numbers.ts";
import type { EventKind, PqEvent } from "./pq-events.ts";
import { chosenTexts, eventTexts as texts } from "./texts/events.ts";
import type { Text } from "#quantity/text.ts";

const kinds: Readonly<Record<EventKind, Text>> = {
  sag: texts.sag,
  swell: texts.swell,
  interruption: texts.interruption,
  rapidChange: texts.rapidChange,
  transient: texts.transient,
  recording: texts.fromFile,
};

export function kindText(kind: EventKind): string {
  return say(kinds[kind]);
}

/** "208 ms", "1.02 s", "3 min 20 s". */
export function lastedText(seconds: number | undefined): string {
  if (seconds === undefined) return NOTHING;
  if (seconds < 0.0009995) return `${fixed(1e6 * seconds, 0)} µs`;
  if (seconds < 0.9995) return `${fixed(1000 * seconds, 0)} ms`;
  if (seconds < 120) return `${fixed(seconds, Number.isInteger(seconds) ? 0 : 2)} s`;
  const minutes = Math.floor(seconds / 60);
  return `${minutes} min ${Math.round(seconds - 60 * minutes)} s`;
}

/** Milliseconds of the meter's wall clock. */
export function wallMs({ utc, offsetMinutes }: Pick<PqEvent, "utc" | "offsetMinutes">): number {
  return utc + 60_000 * offsetMinutes;
}

/** "27/11/2026 23:14:34.238". */
export function startText(event: PqEvent): string {
  return whenText(new Date(Math.round(wallMs(event))).toISOString().slice(0, 23).replace("T", " "));
}

export function percentText({ kind, percent, volts }: PqEvent): string {
  const parts = [
    ...(percent === undefined ? [] : [`${fixed(percent, 1)}\u00a0%`]),
    ...(volts === undefined ? [] : [withUnit(volts, "V").replace(" ", "\u00a0")]),
  ];
  if (parts.length === 0) return NOTHING;
  return kind === "rapidChange" ? say(texts.change, { what: parts.join(", ") }) : parts.join(", ");
}

export function phasesText({ phases }: PqEvent): string {
  return phases.length === 0 ? NOTHING : phases.map((one) => one.toUpperCase()).join(", ");
}

export function classText({ places: { ieee1159 } }: PlacedEvent): string {
  return ieee1159 === undefined ? NOTHING : `${eventClassText(ieee1159)} (${ieee1159.number})`;
}

export function iticText({ places: { itic } }: PlacedEvent): string {
  if (itic === undefined) return NOTHING;
  return itic.passes ? say(texts.borne) : say(itic.region === "prohibited" ? texts.prohibited : texts.noDamage);
}

export function floorText(passes: boolean | undefined): string {
  return passes === undefined ? NOTHING : say(passes ? texts.borne : texts.below);
}

export function pointText(event: PlacedEvent): string {
  const { kind, percent, seconds } = event;
  return say(texts.point, {
    kind: kindText(kind),
    time: startText(event),
    percent: fixed(percent, 1),
    lasted: lastedText(seconds),
  });
}

/** Where it comes from, as analysis has it. */
export function directionText(direction: string): string {
  return direction === "upstream"
    ? say(chosenTexts.upstream)
    : direction === "downstream"
      ? say(chosenTexts.downstream)
      : direction;
}
