/** What of a meter may be read, as the meter decides: some are read by their users only. What an answer tells stands in the table of operations. */
import type { Context, Hono, MiddlewareHandler } from "hono";
import type { Site } from "#fleet/site.ts";
import type { Place, Refused, Session } from "#quantity/authority.ts";
import { logKinds } from "#quantity/log.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { Tells } from "#web/api/operation.ts";
import { rowOf } from "./access.ts";
import { ASKS, refuse, sessionOf } from "./peer.ts";

const everything: readonly Place[] = [
  "readings",
  "registers",
  "profiles",
  "measurement log",
  "configuration",
  "files",
  ...logKinds.map((kind) => `log ${kind}` as const),
];

function placesOf(tells: Tells): readonly Place[] {
  if (tells === "everything") return everything;
  return tells === "log by log" ? [] : tells;
}

/** Why what an answer tells of a meter may not be read in a session; undefined when it may. */
export function barredFrom(surface: MeterSurface, tells: Tells, session: Session): Refused | undefined {
  for (const place of placesOf(tells)) {
    const barred = surface.bars(place, session);
    if (barred !== undefined) return barred;
  }
  return undefined;
}

/** What the request's row tells, with what its path names: "log event" of "log :kind". */
function toldBy({ req }: Context): Tells {
  const row = rowOf(req.method, req.path);
  // Of what is not in the table nobody learns but what he might read all the same.
  if (row === undefined) return req.method === "GET" || req.method === "HEAD" ? "everything" : [];
  const { path, tells } = row;
  if (typeof tells === "string") return tells;
  const named = new Map(path.split("/").map((part, k) => [part, req.path.split("/")[k] ?? ""]));
  return tells.map((place) => place.replace(/:\w+/, (part) => named.get(part) ?? part) as Place);
}

/** Comes before everything that tells of a meter: some are read by their users only. */
export function guardReading(app: Hono, site: Site): void {
  const guard: (ofFiles: boolean) => MiddlewareHandler = (ofFiles) => async (context, next) => {
    const surface = site.meter(context.req.param("name") ?? "")?.surface;
    const tells = toldBy(context);
    if (surface === undefined || tells.length === 0) return next();
    const barred = barredFrom(surface, tells, sessionOf(context, surface));
    if (barred === undefined) return next();
    // A browser asks whoever sits at it; a page that fetches something asks him itself.
    const isPage = context.req.header("Sec-Fetch-Dest") === "empty";
    if (ofFiles && !isPage && barred.refused === "session") context.header("WWW-Authenticate", ASKS);
    return refuse(context, barred);
  };
  app.use("/api/v1/meters/:name", guard(false));
  app.use("/api/v1/meters/:name/*", guard(false));
  app.use("/meters/:name/*", guard(true));
}
