/** A meter's event stream: what was logged since it was left, and what the meter is at the end of every calculation cycle, for as long as whoever opened it may see it. */
import type { Hono } from "hono";
import { sourceView } from "#fleet/live-readings.ts";
import { operations } from "#web/api/operations.ts";
import { problem } from "#web/api/problem.ts";
import { serve } from "#web/api/route.ts";
import { eventStream, type StreamSite } from "./event-stream.ts";
import { unknownMeter } from "./meter-api.ts";
import { liveViewOf } from "./meter-view.ts";
import { missedSince, StreamPlace } from "./missed.ts";
import { barredFrom } from "./reading.ts";

export function addLive(app: Hono, streamed: StreamSite): void {
  const { site } = streamed;
  serve(app, operations.followMeter, (context, { query }) => {
    const name = context.req.param("name") ?? "";
    const meter = site.meter(name);
    if (meter === undefined) return problem(context, 404, unknownMeter(site, name));
    const { surface, source } = meter;
    let { epoch } = surface;
    const whole = () => ({ utc: site.utc, trouble: site.trouble, behind: site.behind });
    const place = new StreamPlace(surface);
    const left = context.req.header("Last-Event-ID") ?? query.after;
    return eventStream(context, surface, streamed, {
      id: () => place.id,
      ...(left === undefined ? {} : { missed: () => missedSince(surface, left) }),
      look: () => surface.catchUp(),
      follow: ({ changed, wake, end }) => [
        surface.on("cycle", changed),
        // After a reload there may be another meter of its name, or none: whoever follows it asks anew.
        site.onHeartbeat(() => (site.meter(name)?.surface === surface ? wake() : end())),
      ],
      view: () => ({ ...whole(), ...liveViewOf(surface, sourceView(source)) }),
      beat: whole,
      // With another configuration reading may take a session, or another privilege.
      mayRead(session) {
        if (surface.epoch === epoch) return true;
        ({ epoch } = surface);
        return barredFrom(surface, { place: "live", kind: "" }, session) === undefined;
      },
    });
  });
}
