/** A meter's event stream: what it is, at the end of every calculation cycle, for as long as whoever opened it may see it. */
import type { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { sourceView } from "#fleet/live-readings.ts";
import type { Site } from "#fleet/site.ts";
import type { EventStreams } from "./event-streams.ts";
import { unknownMeter } from "./meter-api.ts";
import { liveViewOf } from "./meter-view.ts";
import { sessionOf } from "./peer.ts";
import { barredFrom } from "./reading.ts";
import type { SiteSessions } from "./site-sessions.ts";
import { cut } from "./whence.ts";

export function addLive(app: Hono, site: Site, sessions: SiteSessions, streams: EventStreams): void {
  app.get("/api/meters/:name/live", (context) => {
    const name = context.req.param("name");
    const meter = site.meter(name);
    if (meter === undefined) return context.json({ error: unknownMeter(site, name) }, 404);
    const { surface, source } = meter;
    // Who asks for the headers alone opens nothing: nobody would read what comes.
    if (context.req.method === "HEAD") return context.body(null, 200, { "Content-Type": "text/event-stream" });
    const { address, user, token } = context.get("visitor");
    const session = sessionOf(context, surface);
    let { epoch } = surface;
    /** With another configuration reading may take a session, or another privilege. */
    const mayRead = (): boolean => {
      if (surface.epoch === epoch) return true;
      ({ epoch } = surface);
      return barredFrom(surface, { place: "live", kind: "" }, session) === undefined;
    };
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
    const place = streams.enter(address, { drop: end, look: () => surface.catchUp(), beat });
    if (place === undefined) return context.json({ error: "too many event streams are open" }, 503);
    const undo = [
      surface.on("cycle", () => void (state.changed = true)),
      // After a reload there may be another meter of its name, or none: whoever follows it asks anew.
      site.onHeartbeat(() => (site.meter(name)?.surface === surface ? state.wake() : end())),
      surface.whenOver(session, end),
      ...(user === undefined || token === undefined ? [] : [sessions.whenOver(token, end)]),
    ];
    return streamSSE(context, async (stream) => {
      stream.onAbort(end);
      try {
        while (!stream.aborted && !state.over) {
          if (state.changed || state.beats) {
            // That a stream is alive needs no saying where something else is said.
            const message = state.changed ? {} : { event: "beat" };
            const view = state.changed ? liveViewOf(surface, sourceView(source)) : {};
            state.changed = state.beats = false;
            const data = JSON.stringify({ utc: site.utc, trouble: site.trouble, behind: site.behind, ...view });
            // What is told is what is on disk by then, not what comes after it.
            await site.kept();
            if (state.over || !mayRead()) break;
            place.waiting = site.real.elapsed();
            // What is never read is never written: that its stream is over ends the waiting as well.
            const over = new Promise<void>((resolve) => (state.quit = resolve));
            await Promise.race([stream.writeSSE({ ...message, data }), over]);
            place.waiting = undefined;
          }
          if (!state.over) await new Promise<void>((resolve) => (state.wake = resolve));
        }
      } finally {
        for (const run of undo) run();
        streams.leave(place);
      }
    });
  });
}
