/** A meter's event stream: what was logged since it was left, and what the meter is at the end of every calculation cycle, for as long as whoever opened it may see it. */
import type { Hono } from "hono";
import { sourceView } from "#fleet/live-readings.ts";
import type { LiveView } from "#quantity/meter-api.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { operations } from "#web/api/operations.ts";
import { problem } from "#web/api/problem.ts";
import { serve } from "#web/api/route.ts";
import { eventStream, type StreamSite } from "./event-stream.ts";
import { unknownMeter } from "./with-meter.ts";
import { liveViewOf } from "./meter-view.ts";
import { missedSince, StreamPlace } from "./missed.ts";
import { barredFrom } from "./reading.ts";
import { SharedView, textOf, type Written } from "./shared-view.ts";

export function addLive(app: Hono, streamed: StreamSite): void {
  const { site } = streamed;
  const sharedOf = new WeakMap<MeterSurface, SharedView>();
  serve(app, operations.followMeter, (context, { query }) => {
    const name = context.req.param("name") ?? "";
    const meter = site.meter(name);
    if (meter === undefined) return problem(context, 404, unknownMeter(site, name));
    const { surface, source } = meter;
    let { epoch } = surface;
    const whole = () => ({ utc: site.utc, trouble: site.trouble, behind: site.behind });
    const place = new StreamPlace(surface);
    const shared = sharedOf.get(surface) ?? new SharedView();
    sharedOf.set(surface, shared);
    const view = (): LiveView => ({ ...whole(), ...liveViewOf(surface, sourceView(source)) }) as LiveView;
    const make = () => ({ id: place.id, view: view() });
    const withWaveforms = query.without === undefined;
    /** What a heartbeat wakes is told what all are told at it; who opens a stream is told what is so then. */
    let isTogether = false;
    let told: string | undefined;
    const left = context.req.header("Last-Event-ID") ?? query.after;
    return eventStream(context, surface, streamed, {
      id: () => told ?? place.id,
      ...(left === undefined ? {} : { missed: () => missedSince(surface, left) }),
      look: () => surface.catchUp(),
      follow: ({ changed, wake, end }) => [
        surface.on("cycle", changed),
        // After a reload there may be another meter of its name, or none: whoever follows it asks anew.
        site.onHeartbeat(() => {
          shared.forget();
          isTogether = true;
          if (site.meter(name)?.surface === surface) wake();
          else end();
        }),
      ],
      view() {
        const made = isTogether ? shared.made(make) : { ...make(), texts: new Map<boolean, Written>() };
        isTogether = false;
        told = made.id;
        return textOf(made, withWaveforms);
      },
      beat: whole,
      // With another configuration reading may take a session, or another privilege.
      mayRead(session) {
        if (surface.epoch === epoch) return true;
        ({ epoch } = surface);
        return barredFrom(surface, operations.followMeter.tells, session) === undefined;
      },
    });
  });
}
