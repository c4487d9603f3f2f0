/** What of a meter may be read, as the meter decides: some are read by their users only. */
import type { Hono, MiddlewareHandler } from "hono";
import type { Site } from "#fleet/site.ts";
import type { Place, Refused, Session } from "#quantity/authority.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { ASKS, refuse, sessionOf } from "./peer.ts";

/** What reading a part of a meter's paths is. */
const places: Readonly<Record<string, readonly Place[]>> = {
  "": ["readings", "registers"],
  glance: ["readings", "log alarm"],
  live: ["readings", "registers", "profiles", "log event", "log alarm", "log diagnostic"],
  registers: ["registers"],
  "self-reads": ["registers"],
  profiles: ["profiles"],
  "measurement-log": ["measurement log"],
  marks: ["profiles"],
  configuration: ["configuration"],
  firmware: ["readings"],
  panel: ["readings", "registers", "log alarm"],
  files: ["files"],
  // What its source gives is what it measures.
  bench: ["readings"],
  energy: ["readings", "registers"],
  trends: ["profiles", "measurement log"],
  trend: ["profiles", "measurement log"],
  bills: ["profiles", "registers"],
  // Which logs may be read is looked at for each of them.
  log: [],
};
const every: readonly Place[] = [...new Set(Object.values(places).flat()), "log security"];

/** What reading a place below a meter is; all of it where the place is spelt otherwise. */
function readingOf(place: string, kind: string): readonly Place[] {
  if (place === "logs") return [`log ${kind}`];
  return Object.hasOwn(places, place) ? (places[place] ?? every) : every;
}

/** Whether what is changed at a place is answered with all that can be read there. */
function tells(place: string, kind: string): boolean {
  return place === "bench" || place === "panel" || (place === "configuration" && kind === "editors");
}

/** Why a session may not read what lies at a place below a meter; undefined when it may. */
export function barredFrom(
  surface: MeterSurface,
  { place, kind }: { readonly place: string; readonly kind: string },
  session: Session,
): Refused | undefined {
  for (const one of readingOf(place, kind)) {
    const barred = surface.bars(one, session);
    if (barred !== undefined) return barred;
  }
  return undefined;
}

/** Comes before everything that reads a meter: some are read by their users only. */
export function guardReading(app: Hono, site: Site): void {
  const guard: (ofFiles: boolean) => MiddlewareHandler = (ofFiles) => async (context, next) => {
    const surface = site.meter(context.req.param("name") ?? "")?.surface;
    const { method } = context.req;
    const [place = "", kind = ""] = context.req.path.split("/").slice(5);
    // A HEAD is answered as a GET is.
    const reads = method === "GET" || method === "HEAD" || tells(place, kind);
    if (surface === undefined || !reads) return next();
    const session = sessionOf(context, surface);
    const barred = barredFrom(surface, ofFiles ? { place: "files", kind: "" } : { place, kind }, session);
    if (barred === undefined) return next();
    // A browser asks whoever sits at it.
    if (ofFiles && barred.refused === "session") context.header("WWW-Authenticate", ASKS);
    return refuse(context, barred);
  };
  app.use("/api/v1/meters/:name", guard(false));
  app.use("/api/v1/meters/:name/*", guard(false));
  app.use("/meters/:name/*", guard(true));
}
