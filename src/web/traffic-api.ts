/** Traffic over HTTP: messages as they pass, one opened, and a capture to take away. Who may see what of it is decided here. */
import type { Context, Hono } from "hono";
import type { TrafficConnection } from "#fleet/traffic.ts";
import { limits } from "#quantity/limits.ts";
import type { TrafficMessage, TrafficView } from "#quantity/traffic-view.ts";
import { operations } from "#web/api/operations.ts";
import { problem } from "#web/api/problem.ts";
import { serve } from "#web/api/route.ts";
import { eventStream, type StreamSite } from "./event-stream.ts";
import { sessionOf } from "./peer.ts";
import { barredFrom } from "./reading.ts";
import { capture } from "./traffic-capture.ts";
import { TrafficLog } from "./traffic-log.ts";
import {
  detailOf,
  instantText,
  isAskedFor,
  messageView,
  ofConnection,
  type Sight,
  type TrafficFilter,
} from "./traffic-views.ts";

type Asked = TrafficFilter & { readonly secrets?: "shown" | undefined };

/** Blocks of a capture that are made in one turn of the event loop: a few milliseconds. */
const BLOCKS = 400;

export function addTraffic(app: Hono, streamed: StreamSite): void {
  const { site } = streamed;
  const log = new TrafficLog(site.traffic);

  /** Made anew for each answer: rights change. */
  const sightOf = (context: Context, secrets: "shown" | undefined, by?: "itself"): Sight => {
    const { role } = context.get("visitor");
    const known = new Map<string, boolean>();
    const mayRead = (name: string): boolean => {
      const surface = site.meter(name)?.surface;
      // Of one that is gone nobody can show that he may.
      if (surface === undefined) return false;
      const may =
        known.get(name) ??
        barredFrom(surface, operations.readTraffic.tells, sessionOf(context, surface, by)) === undefined;
      known.set(name, may);
      return may;
    };
    const sees = ({ place }: TrafficConnection): boolean => place.meters.every(mayRead);
    return { secrets: secrets !== undefined, bytes: role === "owner", sees };
  };

  const isRefused = (context: Context, { secrets }: Pick<Asked, "secrets">): Response | undefined =>
    secrets === undefined || context.get("visitor").role === "owner"
      ? undefined
      : problem(context, 403, "secrets: what may be a secret is shown to an owner only");

  const around = (): Pick<TrafficView, "since" | "dropped"> => ({
    since: instantText(site.traffic.since ?? site.traffic.now),
    dropped: log.lost,
  });

  /** Behind a number, oldest first, so many at most. */
  const behind = (after: number, asked: Asked, sight: Sight): TrafficView => {
    const messages: TrafficMessage[] = [];
    const skipped = Math.max(0, log.first - after - 1);
    let last = Math.max(after, log.first - 1);
    for (const message of log.from(after + 1)) {
      if (messages.length >= limits.traffic.messages) break;
      last = message.number;
      if (isAskedFor(message, asked, sight)) messages.push(messageView(message, sight));
    }
    return { ...around(), last, skipped, messages };
  };

  serve(app, operations.readTraffic, (context, { query }) => {
    const { after, most = limits.traffic.messages, ...asked } = query;
    const refused = isRefused(context, asked);
    if (refused !== undefined) return refused;
    log.makeOut(limits.traffic.messages);
    const sight = sightOf(context, asked.secrets);
    if (after !== undefined) return context.json(behind(after, asked, sight));
    const newest: TrafficMessage[] = [];
    for (const message of log.backwards()) {
      if (newest.length >= Math.min(most, limits.traffic.messages)) break;
      if (isAskedFor(message, asked, sight)) newest.push(messageView(message, sight));
    }
    return context.json({ ...around(), last: log.last, skipped: 0, messages: newest.toReversed() });
  });

  serve(app, operations.readTrafficMessage, (context, { query }) => {
    const refused = isRefused(context, query);
    if (refused !== undefined) return refused;
    const number = Number(context.req.param("message"));
    const message = log.message(number);
    const sight = sightOf(context, query.secrets);
    if (message === undefined || !sight.sees(message.connection))
      return problem(context, 404, `message ${number} is not kept; kept are ${log.first} to ${log.last}`);
    return context.json(detailOf(message, log.open(message), sight));
  });

  serve(app, operations.followTraffic, (context, { query }) => {
    const { after, ...asked } = query;
    const refused = isRefused(context, asked);
    if (refused !== undefined) return refused;
    const left = Number(context.req.header("Last-Event-ID") ?? after ?? NaN);
    log.makeOut();
    // A number of before a start of the site is none of now: there is nothing behind it.
    let last = Number.isInteger(left) && left <= log.last ? left : log.last;
    let isNew = true;
    let changed = (): void => {};
    return eventStream(context, undefined, streamed, {
      id: () => String(last),
      look: () => {},
      follow(ways) {
        ({ changed } = ways);
        let cancel = (): void => {};
        const tick = (): void => {
          const hasMore = log.makeOut();
          if (log.last > last) {
            ways.changed();
            ways.wake();
          }
          cancel = site.real.after(hasMore ? limits.traffic.moreMs : limits.traffic.eventMs, tick);
        };
        cancel = site.real.after(limits.traffic.eventMs, tick);
        return [() => cancel()];
      },
      view() {
        // An open stream is no use of the sessions of whoever opened it.
        const view = behind(last, asked, sightOf(context, asked.secrets, "itself"));
        ({ last } = view);
        const isFirst = isNew;
        isNew = false;
        if (last < log.last) changed();
        // Where nothing is asked for of what came there is nothing to say.
        return view.messages.length > 0 || view.skipped > 0 || isFirst ? view : undefined;
      },
      beat: () => ({ utc: site.utc, trouble: site.trouble, behind: site.behind }),
      mayRead: () => true,
      isPrompt: true,
    });
  });

  serve(app, operations.captureTraffic, (context, { query }) => {
    site.traffic.look();
    const sight = sightOf(context, undefined);
    const kept = [...site.traffic.from(0)];
    const blocks = capture(kept, (connection) => ofConnection(connection, query) && sight.sees(connection));
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        // A turn of the event loop between two parts of it: others are answered meanwhile.
        await new Promise<void>((resolve) => site.real.after(0, resolve));
        for (let k = 0; k < BLOCKS; k++) {
          const { value, done } = blocks.next();
          if (done === true) return controller.close();
          controller.enqueue(value);
        }
        return undefined;
      },
    });
    return context.body(body, 200, {
      "Content-Type": "application/x-pcapng",
      "Content-Disposition": 'attachment; filename="traffic.pcapng"',
    });
  });
}
