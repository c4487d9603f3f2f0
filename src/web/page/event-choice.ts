/** Which events are shown, in which order, and as what a program reads: CSV. */
import { eventClassText } from "#analysis/limits/event-class.ts";
import { placesOf, type EventKind, type Places, type PqEvent } from "./pq-events.ts";
import type { Step } from "./ride-through.ts";

export interface PlacedEvent extends PqEvent {
  readonly places: Places;
}

export function placedOf(events: readonly PqEvent[], hz: 50 | 60, steps: readonly Step[]): readonly PlacedEvent[] {
  return events.map((event) => ({ ...event, places: placesOf(event, hz, steps) }));
}

export const beyonds = ["all", "itic", "f47", "own"] as const;
export type BeyondWhat = (typeof beyonds)[number];
export const orders = ["time", "percent", "seconds"] as const;
export type Order = (typeof orders)[number];

export interface EventFilter {
  readonly kind: EventKind | "all";
  readonly phase: "all" | "a" | "b" | "c";
  readonly beyond: BeyondWhat;
}

function isBeyond({ places: { itic, f47, own } }: PlacedEvent, what: BeyondWhat): boolean {
  if (what === "itic") return itic?.passes === false;
  if (what === "f47") return f47?.passes === false;
  return what === "own" ? own === false : true;
}

/** Of events whose phases nobody says none is of a phase. */
export function filtered(events: readonly PlacedEvent[], { kind, phase, beyond }: EventFilter): readonly PlacedEvent[] {
  return events.filter(
    (event) =>
      (kind === "all" || event.kind === kind) &&
      (phase === "all" || event.phases.some((one) => one.includes(phase))) &&
      isBeyond(event, beyond),
  );
}

/** How far from the nominal voltage. */
function depthOf({ kind, percent }: PqEvent): number {
  if (percent === undefined) return -1;
  return kind === "rapidChange" ? percent : Math.abs(100 - percent);
}

/** The newest, the deepest or the longest first; what has no such value comes last. */
export function sorted(events: readonly PlacedEvent[], order: Order): readonly PlacedEvent[] {
  const by: Readonly<Record<Order, (event: PlacedEvent) => number>> = {
    time: ({ utc }) => utc,
    percent: depthOf,
    seconds: ({ seconds }) => seconds ?? -1,
  };
  return events.toSorted((a, b) => by[order](b) - by[order](a) || b.utc - a.utc);
}

const heads =
  "start_utc,offset_minutes,kind,phases,seconds,percent_of_nominal,volts,ieee1159,itic,semi_f47,own_curve,source,recording";

/** A field: what a table program might take for a formula is a text. */
function field(value: string | number | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(Number(value.toPrecision(7)));
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function verdict(passes: boolean | undefined): string | undefined {
  return passes === undefined ? undefined : passes ? "borne" : "beyond";
}

/** RFC 4180; numbers with a point, times in UTC, whatever language the page speaks. */
export function csvOf(events: readonly PlacedEvent[]): string {
  const rows = events.map(({ utc, offsetMinutes, kind, phases, seconds, percent, volts, places, source, file }) =>
    [
      new Date(utc).toISOString(),
      offsetMinutes,
      kind,
      phases.join(" "),
      seconds,
      percent,
      volts,
      places.ieee1159 === undefined ? undefined : eventClassText(places.ieee1159),
      places.itic === undefined ? undefined : places.itic.passes ? "borne" : places.itic.region,
      verdict(places.f47?.passes),
      verdict(places.own),
      source,
      file,
    ]
      .map(field)
      .join(","),
  );
  return [heads, ...rows, ""].join("\r\n");
}
