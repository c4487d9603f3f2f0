/** What an event was, in words. */
import type { DipCause } from "#analysis/dip-cause.ts";
import { eventClassText } from "#analysis/limits/event-class.ts";
import type { ExaminedEvent, Explained } from "#analysis/examination.ts";
import { NOTHING, type Figures } from "./figures.ts";

/** With its place in the list, counted from 1: how tables, plots and text name it. */
export interface NumberedEvent {
  readonly number: number;
  readonly event: ExaminedEvent;
}

/** The category of IEEE 1159 where there is one. */
export function classText({ kind, ieee1159 }: ExaminedEvent): string {
  return ieee1159 === undefined ? kind : eventClassText(ieee1159);
}

/** Its residual voltage, largest voltage or change. */
export function magnitudeText({ kind, volts, percent }: ExaminedEvent, figures: Figures): string {
  if (kind === "transient") return `${figures.full("part", percent)} of the peak (${figures.full("volts", volts)})`;
  const of = kind === "rapid change" ? "change of " : "";
  return `${of}${figures.full("part", percent)} (${figures.full("volts", volts)})`;
}

/** How a transient rings, or why nobody can say. */
export function ringText({ hz, reason }: NonNullable<ExaminedEvent["ring"]>): string {
  return hz === undefined ? `of no frequency that is known: ${reason}` : `its largest line is at ${hz} Hz`;
}

/** Why its begin or end was not seen; empty where both were. */
export function openText({ sinceBefore, cut }: ExaminedEvent): string {
  return [
    ...(sinceBefore ? ["under way when measuring began"] : []),
    ...(cut === undefined ? [] : [cut === "gap" ? "cut by a gap" : "cut by the end of the recording"]),
  ].join(", ");
}

export function iticText({ itic }: ExaminedEvent): string {
  if (itic === undefined) return NOTHING;
  return itic.passes ? "borne" : `${itic.region} region`;
}

export function f47Text({ f47 }: ExaminedEvent): string {
  if (f47 === undefined) return NOTHING;
  return f47.passes ? "borne" : "below";
}

export function typeText({ type }: Explained): string {
  if (type === undefined) return NOTHING;
  return type.phase === undefined ? type.letter : `${type.letter}, phase ${type.phase}`;
}

/** A cause, a direction or a type, and what says so. */
export interface Explanation {
  readonly title: string;
  readonly says: readonly string[];
}

/** What an event is explained by, each with its criteria; or why there is nothing. */
export function explanation(explained: Explained | undefined): readonly Explanation[] {
  if (explained === undefined) return [];
  const { cause, direction, type, reason } = explained;
  const out: Explanation[] = [];
  if (reason !== undefined) out.push({ title: "No cause was looked for", says: [reason] });
  if (cause !== undefined && cause.cause !== "unknown") {
    out.push({ title: `Likely cause, ${cause.cause}`, says: cause.criteria.map(({ says }) => says) });
  } else if (cause !== undefined) {
    out.push({ title: "No cause has all of its criteria", says: missed(cause) });
    if (type !== undefined) out.push({ title: `Type ${type.letter}`, says: [type.criterion] });
  }
  if (direction !== undefined && direction.direction !== "unknown") {
    const votes = direction.votes.filter((vote) => vote.direction === direction.direction);
    const says = votes.map(({ method, criterion }) => `${method}: ${criterion}`);
    out.push({ title: `It comes from ${direction.direction}`, says });
  } else if (direction?.reason !== undefined) {
    out.push({ title: "Where it comes from is not known", says: [direction.reason] });
  }
  return out;
}

/** Of each cause the first criterion that does not hold. */
function missed({ considered }: DipCause): Explanation["says"] {
  return Object.entries(considered).flatMap(([cause, criteria]) => {
    const failing = criteria.find(({ holds }) => holds !== true);
    return failing === undefined ? [] : [`not ${cause}: ${failing.says}`];
  });
}

/** How far it went, in percent of the declared voltage: what is beyond the ITIC curve is worse than what is not. */
function gravity({ kind, percent, itic }: ExaminedEvent): number {
  const far = kind === "rapid change" || kind === "transient" ? percent : Math.abs(100 - percent);
  return far + (itic?.passes === false ? 1000 : 0);
}

/** The worst first; of the same the longer. */
export function byGravity(events: readonly NumberedEvent[]): readonly NumberedEvent[] {
  return events.toSorted((a, b) => gravity(b.event) - gravity(a.event) || b.event.seconds - a.event.seconds);
}
