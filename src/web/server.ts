/** The site's HTTP side: the page, and the API that the page and programs use. */
import { randomUUID } from "node:crypto";
import { Hono, type Context, type HonoRequest } from "hono";
import { changeFaults } from "#fleet/listeners.ts";
import { pushReading } from "#fleet/live-readings.ts";
import type { Site } from "#fleet/site.ts";
import { limits } from "#quantity/limits.ts";
import { measureName } from "#quantity/measure-name.ts";
import { quantities } from "#quantity/quantity.ts";
import { unitOf } from "#quantity/unit.ts";
import { pathAsked } from "#web/api/door.ts";
import { description } from "#web/api/openapi.ts";
import { operations } from "#web/api/operations.ts";
import { problem } from "#web/api/problem.ts";
import { serve } from "#web/api/route.ts";
import { guard, listed, rowOf } from "./access.ts";
import { addBasicLogIn } from "./basic-log-in.ts";
import { EventStreams } from "./event-streams.ts";
import { addBench } from "./bench-api.ts";
import { addEnergyApi } from "./energy-api.ts";
import { addFiles } from "./files.ts";
import { panels as panelsOfModels } from "./panels.ts";
import { addPanels } from "./panel-api.ts";
import { SitePanels } from "./site-panels.ts";
import { addEditing } from "./edit-api.ts";
import { addLive } from "./live.ts";
import { LogInRation } from "./log-in-ration.ts";
import { loginPage, loginScript, loginStyle } from "./login-page.ts";
import { addConfigurationApi } from "./configuration-api.ts";
import { addMeterApi } from "./meter-api.ts";
import { addMeterSessionApi } from "./meter-session-api.ts";
import { unknownMeter } from "./with-meter.ts";
import { viewOf } from "./meter-view.ts";
import { addOverview } from "./overview-api.ts";
import { addMetrics } from "./metrics.ts";
import { pageFiles, takesGzip } from "./page-files.ts";
import { guardReading } from "./reading.ts";
import { addSessionApi, rationed } from "./session-api.ts";
import { SiteSessions } from "./site-sessions.ts";
import { TableFiles } from "./table-file.ts";
import { addTraffic } from "./traffic-api.ts";
import type { WebOptions } from "./whence.ts";

/** What every answer says of itself. Frames of elsewhere show nothing of the site; what the API says is not kept on the way. */
export const headers: Readonly<Record<string, string>> = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Frame-Options": "DENY",
  "Content-Security-Policy": [
    "default-src 'self'",
    "img-src 'self' data:",
    `style-src 'self' ${loginStyle}`,
    `script-src 'self' ${loginScript}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; "),
};

/** The HTTP side of a site. */
export interface WebSide {
  /** The whole of it as a function from request to response. */
  readonly app: Hono;
  /** Looks after what nobody asks for: users that have changed, sessions that have timed out, streams that nobody reads. */
  beat(): void;
  /** Ends what runs beside. */
  stop(): void;
}

export function webSide(site: Site, web: WebOptions = {}): WebSide {
  const app = new Hono({ getPath: pathAsked });
  const files = pageFiles();
  const elapsed = (): number => site.real.elapsed();
  const sessions = new SiteSessions(site.users, elapsed);
  const streams = new EventStreams();
  const ration = new LogInRation(elapsed);
  let refused = 0;

  /** Who the users are now. A file that cannot be taken is said once, and when it can be again; it leaves them as they were. */
  const look = (): void => {
    try {
      if (site.users.look())
        site.tell({ level: "info", words: `${site.users.file} is taken again: its users are those of now` });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      // What is wrong with a file stands on lines of its own; whoever is told has one.
      site.tell({ level: "error", words: `${why.split(/\n */).join(" ")}; its users are those of before` });
    }
  };

  app.use(async (context, next) => {
    look();
    await next();
    for (const [name, value] of Object.entries(headers)) context.header(name, value);
    if (!context.req.path.startsWith("/page/")) context.header("Cache-Control", "no-store");
  });
  app.use(
    guard({ users: site.users, sessions, web, refused: () => void refused++ }, (context, error) =>
      ["/", "/api/v1/"].includes(context.req.path)
        ? loginPage(context, "", 401)
        : problem(context, 401, error, { refused: "site" }),
    ),
  );

  addBasicLogIn(app, site, rationed(ration));
  guardReading(app, site);
  app.use(listed);

  app.get(operations.health.path, (context) => {
    const ok = site.trouble === undefined;
    return context.json({ ok }, ok ? 200 : 503);
  });
  // What is told of meters is on disk before it is told; what cannot be kept is not done.
  app.use(async (context, next) => {
    const keeps = changes(context.req);
    const refuse = (trouble: string | undefined): Response =>
      problem(context, 503, `nothing can be kept: ${trouble}`, { refused: "store" });
    if (keeps && site.trouble !== undefined) return refuse(site.trouble);
    await next();
    // A stranger who is refused is told nothing of meters, and could tell from the waiting that there is one.
    if (context.get("visitor").role === undefined && !context.res.ok) return undefined;
    const { trouble } = site;
    if ((await site.kept()) || !keeps || !context.res.ok) return undefined;
    context.res = refuse(site.trouble ?? trouble);
    return undefined;
  });

  addMetrics(app, { site, sessions, streams, refused: () => refused });
  addSessionApi(app, site, sessions, ration);

  /** The page shows the description of the API where its address says so. */
  const page = (context: Context): Response | Promise<Response> => {
    const whole = files.get("index.html");
    return whole === undefined
      ? problem(context, 503, "the page has not been built: npm start does that")
      : context.body(whole.bytes, 200, { "Content-Type": whole.type });
  };
  app.get("/", page);
  app.get("/api/v1", (context) => context.redirect("/api/v1/"));
  app.get("/api/v1/", page);
  let text: string | undefined;
  serve(app, operations.describe, (context) => {
    // It is some hundred kilobytes, and always the same.
    text ??= JSON.stringify(description());
    return context.body(text, 200, { "Content-Type": "application/json" });
  });
  app.get("/page/:file", (context) => {
    const file = files.get(context.req.param("file"));
    if (file === undefined) return context.notFound();
    // Its name changes with what is in it; only whoever asked for it may keep it.
    const cached = { "Cache-Control": "private, max-age=31536000, immutable", Vary: "Accept-Encoding" };
    const said = { "Content-Type": file.type, ...cached };
    return takesGzip(context.req.header("accept-encoding"))
      ? context.body(file.packed, 200, { ...said, "Content-Encoding": "gzip" })
      : context.body(file.bytes, 200, said);
  });

  addOverview(app, site);
  serve(app, operations.listMeters, (context) => {
    const urls = urlsOf(site);
    return context.json({
      utc: site.utc,
      trouble: site.trouble,
      behind: site.behind,
      meters: site.meters.map(({ surface: { identity } }) => ({
        name: identity.name,
        model: identity.model,
        title: identity.title,
        urls: urls.get(identity.name) ?? [],
      })),
    });
  });

  serve(app, operations.listUnits, (context) => context.json(unitsOf(site)));

  serve(app, operations.readMeter, (context) => {
    const name = context.req.param("name") ?? "";
    const surface = site.meter(name)?.surface;
    if (surface === undefined) return problem(context, 404, unknownMeter(site, name));
    return context.json({ utc: site.utc, trouble: site.trouble, behind: site.behind, ...viewOf(surface) });
  });

  addLive(app, { site, sessions, streams });
  addTraffic(app, { site, sessions, streams });
  const panels = new SitePanels(site, panelsOfModels);
  addPanels(app, panels, { site, sessions, streams });

  serve(app, operations.pushReading, (context, { body }) => {
    const name = context.req.param("name") ?? "";
    const meter = site.meter(name);
    if (meter === undefined) return problem(context, 404, unknownMeter(site, name));
    return doneUnless(context, pushReading(meter, body));
  });

  addEditing(app, { site, sessions, streams });
  addMeterSessionApi(app, site, rationed(ration));
  addMeterApi(app, site);
  addConfigurationApi(app, site);
  addBench(app, site);
  const tables = new TableFiles(site);
  addEnergyApi(app, site, tables);
  addFiles(app, site);

  serve(app, operations.listListeners, (context) =>
    context.json(site.listeners.map(({ what, urls, faults }) => ({ what, urls, faults: faults.rules }))),
  );

  serve(app, operations.putFaults, (context, { body }) => {
    const listener = site.listeners[Number(context.req.param("index"))];
    const last = site.listeners.length - 1;
    if (listener === undefined) return problem(context, 404, `expected a listener from 0 to ${last}`);
    return doneUnless(context, changeFaults(listener, body));
  });

  serve(app, operations.reload, async (context) => {
    const { refused, changes } = await site.reload();
    return refused === undefined ? context.json({ ok: true, changes }) : problem(context, 422, refused);
  });

  app.notFound((context) => problem(context, 404, `there is nothing at ${new URL(context.req.url).pathname}`));
  app.onError((error, context) => {
    // A peer that goes away in the middle of what it says is no error of the site.
    if (context.req.raw.signal.aborted || isBrokenOff(error)) return problem(context, 400, "it broke off");
    const { method, path } = context.req;
    const instance = `urn:uuid:${randomUUID()}`;
    const place = path.slice(0, limits.people.nameCharacters);
    site.refused("web", `${method} of ${place}, which went wrong: ${error.message} (${instance})`);
    return problem(context, 500, "something went wrong on the site's side", { instance });
  });
  return {
    app,
    beat() {
      look();
      sessions.sweep();
      panels.sweep();
      tables.sweep();
      streams.beat(elapsed());
    },
    stop() {
      tables.stop();
    },
  };
}

/** Whether a request changes what a meter is to keep; one that only asks what a change would do does not. */
function changes(request: HonoRequest): boolean {
  const row = rowOf(request.method, request.path);
  const onlyAsks = row?.query?.shape["check"] !== undefined && request.query("check") !== undefined;
  return row?.keeps === true && !onlyAsks;
}

/** That something is done, or why not. */
function doneUnless(context: Context, problems: readonly string[]): Response {
  return problems.length === 0 ? context.json({ ok: true }) : problem(context, 422, problems.join("; "), { problems });
}

/** A body that ended before it was whole. */
function isBrokenOff(error: Error): boolean {
  return "code" in error && error.code === "ECONNRESET";
}

/** Where meters are reached, by their names. */
function urlsOf({ listeners }: Site): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { meter, url } of listeners.flatMap(({ urls }) => urls)) {
    const urls = found.get(meter);
    if (urls === undefined) found.set(meter, [url]);
    else urls.push(url);
  }
  return found;
}

/** The unit that goes with each name, for pages. */
function unitsOf({ meters }: Site): Readonly<Record<string, string>> {
  // Meters of one kind share a list: ten thousand of them have a few.
  const lists = new Set(meters.map(({ surface }) => surface.measures));
  const measures = new Set([...lists].flat());
  return Object.fromEntries([
    ...quantities.map((name) => [name, unitOf(name)]),
    ...[...measures].map((measure) => [measureName(measure), unitOf(measure)]),
  ]);
}
