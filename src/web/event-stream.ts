/** One event stream, of a meter or of the site: it tells what has changed for as long as whoever opened it may see it, reads it, and is who he was. */
import type { Context } from "hono";
import { streamSSE, type SSEMessage } from "hono/streaming";
import { limits } from "#quantity/limits.ts";
import type { Site } from "#fleet/site.ts";
import type { Session } from "#quantity/authority.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { problem } from "#web/api/problem.ts";
import type { EventStreams } from "./event-streams.ts";
import { sessionOf } from "./peer.ts";
import type { SiteSessions } from "./site-sessions.ts";
import { Written } from "./shared-view.ts";
import { cut } from "./whence.ts";

export interface Ways {
  /** There is something new to tell, at the next waking. */
  readonly changed: () => void;
  readonly wake: () => void;
  /** There is nothing more to tell, ever. */
  readonly end: () => void;
}

export interface Told {
  /** Before the site says that it is alive. */
  readonly look: () => void;
  /** Follows what is told; each result ends a part of it. */
  readonly follow: (ways: Ways) => readonly (() => void)[];
  /** What is told now, for JSON or as that; undefined where that has been told already. */
  readonly view: () => unknown;
  /** What is told of a site that lives, for JSON. */
  readonly beat: () => unknown;
  /** Of a meter, by the session with it. */
  readonly mayRead: (session: Session) => boolean;
  /** Where what is told now has come to: who comes again says it. */
  readonly id?: () => string;
  /** What somebody who comes again has missed, for JSON. */
  readonly missed?: () => unknown;
  /** What changes while something is written is told next; otherwise at the next waking. */
  readonly isPrompt?: boolean;
}

export interface StreamSite {
  readonly site: Site;
  readonly sessions: SiteSessions;
  readonly streams: EventStreams;
}

export function eventStream(
  context: Context,
  surface: MeterSurface | undefined,
  { site, sessions, streams }: StreamSite,
  told: Told,
): Response {
  // Who asks for the headers alone opens nothing: nobody would read what comes.
  if (context.req.method === "HEAD") return context.body(null, 200, { "Content-Type": "text/event-stream" });
  const { address, near, user, token } = context.get("visitor");
  const session = surface && sessionOf(context, surface);
  const state = { over: false, changed: true, beats: false, wake: (): void => {}, quit: (): void => {} };
  const end = (): void => {
    state.over = true;
    // What was written and not read would be read after the end.
    if (place?.waiting !== undefined) cut(context);
    state.quit();
    state.wake();
  };
  const beat = (): void => {
    state.beats = true;
    state.wake();
  };
  const place = streams.enter({ address, near }, { drop: end, look: told.look, beat });
  if (place === undefined) return problem(context, 503, "too many event streams are open");
  const ways: Ways = { changed: () => void (state.changed = true), wake: () => state.wake(), end };
  const undo = [
    ...told.follow(ways),
    ...(surface === undefined || session === undefined ? [] : [surface.whenOver(session, end)]),
    ...(user === undefined || token === undefined ? [] : [sessions.whenOver(token, end)]),
  ];
  /** What is told once, at first. */
  let { missed } = told;
  let hello: { readonly retry?: number } = { retry: limits.web.retryMs };
  const placed = (): { readonly id?: string } => (told.id === undefined ? {} : { id: told.id() });
  /** That a stream is alive needs no saying where something else is said. */
  const newest = (): SSEMessage | undefined => {
    if (missed !== undefined) {
      const data = JSON.stringify(missed());
      missed = undefined;
      return { event: "missed", data, ...placed() };
    }
    const view = state.changed ? told.view() : undefined;
    state.changed = false;
    if (view !== undefined) return { data: view instanceof Written ? view.text : JSON.stringify(view), ...placed() };
    return state.beats ? { event: "beat", data: JSON.stringify(told.beat()) } : undefined;
  };
  const next = (): SSEMessage | undefined => {
    const message = newest();
    if (message === undefined) return undefined;
    state.beats = false;
    const first = hello;
    hello = {};
    return { ...message, ...first };
  };
  return streamSSE(context, async (stream) => {
    stream.onAbort(end);
    try {
      while (!stream.aborted && !state.over) {
        const message = next();
        if (message !== undefined) {
          // What is told is what is on disk by then, not what comes after it.
          await site.kept();
          if (state.over || (session !== undefined && !told.mayRead(session))) break;
          place.waiting = site.real.elapsed();
          // What is never read is never written: that its stream is over ends the waiting as well.
          const over = new Promise<void>((resolve) => (state.quit = resolve));
          await Promise.race([stream.writeSSE(message), over]);
          place.waiting = undefined;
        }
        // What has changed meanwhile has woken nobody.
        const isMore = message?.event === "missed" || (told.isPrompt === true && state.changed);
        if (!state.over && !isMore) await new Promise<void>((resolve) => (state.wake = resolve));
      }
    } finally {
      for (const run of undo) run();
      streams.leave(place);
    }
  });
}
