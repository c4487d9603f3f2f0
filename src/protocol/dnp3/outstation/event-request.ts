/** Which events a master asks for. */
import type { EventClass, OutstationSettings } from "./host.ts";
import { eventGroups, variationOf, type EventKind, type Variation } from "./kinds.ts";

export interface EventRequest {
  /** A class, or a kind by its group. */
  readonly of: { readonly class: EventClass } | { readonly kind: EventKind };
  /** 0: as it is configured. */
  readonly variation: number;
  /** Answered with indices of two octets (28), not of one (17). */
  readonly wide: boolean;
  /** Events that may still be reported for it. */
  left: number;
  /** Of these points only. */
  readonly only?: { readonly first: number; readonly last: number } | ReadonlySet<number>;
}

export function asksForKind(
  { of, left }: EventRequest,
  kind: EventKind,
  events: OutstationSettings["events"],
): boolean {
  if (left <= 0) return false;
  return "kind" in of ? of.kind === kind : events[kind]?.class === of.class;
}

function asksForIndex({ only }: EventRequest, index: number): boolean {
  if (only === undefined) return true;
  return "first" in only ? index >= only.first && index <= only.last : only.has(index);
}

/** Which of so many points some requests ask for, 1 where they do: many requests for many events are not tried one with another. */
export function askedOf(requests: readonly EventRequest[], points: number): Uint8Array {
  const asked = new Uint8Array(points);
  for (const request of requests)
    for (let index = 0; index < points; index++) if (asksForIndex(request, index)) asked[index] = 1;
  return asked;
}

/** The first of the requests that asks for an event; those that ask for its kind are given. */
export function askedBy(requests: readonly EventRequest[], index: number): EventRequest | undefined {
  for (const request of requests) if (request.left > 0 && asksForIndex(request, index)) return request;
  return undefined;
}

export function eventVariation(
  { variation }: EventRequest,
  kind: EventKind,
  events: OutstationSettings["events"],
): Variation {
  return variationOf(eventGroups[kind], variation === 0 ? (events[kind]?.variation ?? 1) : variation);
}
