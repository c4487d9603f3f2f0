/** Messages that the page holds: the newest so many, those that wait while it is paused, and which rows of them are seen. */
import type { TrafficMessage, TrafficView } from "#quantity/traffic-view.ts";

/** Messages that the page holds at most. */
export const MOST = 20_000;

export interface Held {
  /** Oldest first. */
  readonly messages: readonly TrafficMessage[];
  /** What came while it is paused; undefined while it is not. */
  readonly waiting: readonly TrafficMessage[] | undefined;
  /** How many at the front have been let go, ever: rows move up by as many. */
  readonly gone: number;
  readonly since: string | undefined;
  readonly dropped: number;
  readonly skipped: number;
}

export const nothing: Held = {
  messages: [],
  waiting: undefined,
  gone: 0,
  since: undefined,
  dropped: 0,
  skipped: 0,
};

function joined(held: Held, more: readonly TrafficMessage[]): Held {
  if (more.length === 0) return held;
  const all = [...held.messages, ...more];
  const gone = Math.max(0, all.length - MOST);
  return { ...held, messages: gone === 0 ? all : all.slice(gone), gone: held.gone + gone };
}

/** With what the site has told. */
export function taken(held: Held, { messages, since, dropped, skipped }: TrafficView): Held {
  const next = { ...held, since, dropped, skipped: held.skipped + skipped };
  if (held.waiting === undefined) return joined(next, messages);
  // As many as there is room for: of more the oldest go.
  return { ...next, waiting: [...held.waiting, ...messages].slice(-MOST) };
}

export function paused(held: Held): Held {
  return { ...held, waiting: held.waiting ?? [] };
}

export function goneOn(held: Held): Held {
  return joined({ ...held, waiting: undefined }, held.waiting ?? []);
}

/** Without what was shown; what comes goes on. */
export function cleared(held: Held): Held {
  return { ...held, messages: [], waiting: held.waiting && [], gone: held.gone + held.messages.length, skipped: 0 };
}

/** Rows above and below what is seen that are there already. */
const SPARE = 12;

export interface Seen {
  readonly from: number;
  /** Behind the last. */
  readonly to: number;
}

/** Which rows of so many stand in what is seen of a list. */
export function rowsIn(
  count: number,
  { top, height, row }: { readonly top: number; readonly height: number; readonly row: number },
): Seen {
  const from = Math.max(0, Math.min(count, Math.floor(top / row)) - SPARE);
  return { from, to: Math.min(count, Math.ceil((top + height) / row) + SPARE) };
}

/** How far a list has to be scrolled so that a row is seen; as it is where it is seen. */
export function topFor(
  at: number,
  { top, height, row }: { readonly top: number; readonly height: number; readonly row: number },
): number {
  if (at * row < top) return at * row;
  const lowest = (at + 1) * row - height;
  return lowest > top ? lowest : top;
}
