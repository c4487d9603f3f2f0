/** The site's HTTP side: the page, and the API that the page and programs use. */
import { Hono, type HonoRequest } from "hono";
import { HTTPException } from "hono/http-exception";
import { changeFaults } from "#fleet/listeners.ts";
import { pushReading } from "#fleet/live-readings.ts";
import type { Site } from "#fleet/site.ts";
import { limits } from "#quantity/limits.ts";
import { measureName } from "#quantity/measure-name.ts";
import { quantities } from "#quantity/quantity.ts";
import { unitOf } from "#quantity/unit.ts";
import { guard, listed } from "./access.ts";
import { atMost } from "./at-most.ts";
import { addBasicLogIn } from "./basic-log-in.ts";
import { EventStreams } from "./event-streams.ts";
import { addFiles } from "./files.ts";
import { jsonBody } from "./json-body.ts";
import { panels as panelsOfModels } from "./panels.ts";
import { addPanels } from "./panel-api.ts";
import { SitePanels } from "./site-panels.ts";
import { addLive } from "./live.ts";
import { LogInRation } from "./log-in-ration.ts";
import { loginPage, loginScript, loginStyle } from "./login-page.ts";
import { addMeterApi, unknownMeter } from "./meter-api.ts";
import { viewOf } from "./meter-view.ts";
import { addMetrics } from "./metrics.ts";
import { pageFiles } from "./page-files.ts";
import { guardReading } from "./reading.ts";
import { addSessionApi, rationed } from "./session-api.ts";
import { SiteSessions } from "./site-sessions.ts";
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
}

export function webSide(site: Site, web: WebOptions = {}): WebSide {
  const app = new Hono();
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
      context.req.path === "/" ? loginPage(context, "", 401) : context.json({ error, refused: "site" }, 401),
    ),
  );

  addBasicLogIn(app, site, rationed(ration));
  guardReading(app, site);
  app.use(listed);

  app.get("/health", (context) => {
    const ok = site.trouble === undefined;
    return context.json({ ok }, ok ? 200 : 503);
  });
  // What is told of meters is on disk before it is told; what cannot be kept is not done.
  app.use(async (context, next) => {
    const keeps = changes(context.req);
    const refuse = (trouble: string | undefined): Response =>
      context.json({ error: `nothing can be kept: ${trouble}`, refused: "store" }, 503);
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

  app.get("/", (context) => {
    const page = files.get("index.html");
    return page === undefined
      ? context.json({ error: "the page has not been built: npm start does that" }, 503)
      : context.html(page.text);
  });
  app.get("/page/:file", (context) => {
    const file = files.get(context.req.param("file"));
    if (file === undefined) return context.notFound();
    // Its name changes with what is in it; only whoever asked for it may keep it.
    const cached = { "Cache-Control": "private, max-age=31536000, immutable" };
    return context.body(file.text, 200, { "Content-Type": file.type, ...cached });
  });

  app.get("/api/meters", (context) =>
    context.json({
      utc: site.utc,
      trouble: site.trouble,
      behind: site.behind,
      meters: site.meters.map(({ surface: { identity } }) => ({
        name: identity.name,
        model: identity.model,
        title: identity.title,
        urls: site.listeners.flatMap(({ urls }) =>
          urls.filter(({ meter }) => meter === identity.name).map(({ url }) => url),
        ),
      })),
    }),
  );

  app.get("/api/units", (context) => context.json(unitsOf(site)));

  app.get("/api/meters/:name", (context) => {
    const surface = site.meter(context.req.param("name"))?.surface;
    if (surface === undefined) return context.json({ error: unknownMeter(site, context.req.param("name")) }, 404);
    return context.json({ utc: site.utc, trouble: site.trouble, behind: site.behind, ...viewOf(surface) });
  });

  addLive(app, { site, sessions, streams });
  const panels = new SitePanels(site, panelsOfModels);
  addPanels(app, panels, { site, sessions, streams });

  app.post("/api/meters/:name/readings", atMost(limits.web.readingBytes), async (context) => {
    const name = context.req.param("name");
    const meter = site.meter(name);
    if (meter === undefined) return context.json({ error: unknownMeter(site, name) }, 404);
    const body = await jsonBody(context.req);
    if (body === undefined) {
      return context.json(
        {
          error:
            'expected Content-Type: application/json, and JSON like {"volts":[230.1,229.8,231.2],"amps":[5.1,4.8,6.0],"pf":0.95}',
        },
        400,
      );
    }
    const problems = pushReading(meter, body.value);
    return problems.length === 0 ? context.json({ ok: true }) : context.json({ error: problems.join("; ") }, 422);
  });

  addMeterApi(app, site, rationed(ration));
  addFiles(app, site);

  app.get("/api/listeners", (context) =>
    context.json(site.listeners.map(({ what, urls, faults }) => ({ what, urls, faults: faults.rules }))),
  );

  app.put("/api/listeners/:index/faults", atMost(limits.web.readingBytes), async (context) => {
    const listener = site.listeners[Number(context.req.param("index"))];
    const last = site.listeners.length - 1;
    if (listener === undefined) return context.json({ error: `expected a listener from 0 to ${last}` }, 404);
    const body = await jsonBody(context.req);
    if (body === undefined)
      return context.json({ error: "expected Content-Type: application/json, and a list of rules" }, 400);
    const problems = changeFaults(listener, body.value);
    return problems.length === 0 ? context.json({ ok: true }) : context.json({ error: problems.join("; ") }, 422);
  });

  app.post("/api/reload", async (context) => {
    const { refused, changes } = await site.reload();
    return refused === undefined ? context.json({ ok: true, changes }) : context.json({ error: refused }, 422);
  });

  app.notFound((context) => context.json({ error: `there is nothing at ${context.req.path}` }, 404));
  app.onError((error, context) => {
    if (error instanceof HTTPException) return error.getResponse();
    // A peer that goes away in the middle of what it says is no error of the site.
    if (context.req.raw.signal.aborted || isBrokenOff(error)) return context.json({ error: "it broke off" }, 400);
    const { method, path } = context.req;
    site.refused(
      "web",
      `${method} of ${path.slice(0, limits.people.nameCharacters)}, which went wrong: ${error.message}`,
    );
    return context.json({ error: "something went wrong on the site's side" }, 500);
  });
  return {
    app,
    beat() {
      look();
      sessions.sweep();
      panels.sweep();
      streams.beat(elapsed());
    },
  };
}

/** What a request may change of a meter that nobody keeps: logging in and out leaves an entry at most, readings end with the process. */
const passing = ["/session", "/readings"] as const;

/** Whether a request changes what a meter is to keep; one that only asks what a change would do does not. */
function changes(request: HonoRequest): boolean {
  const { method, path } = request;
  const isOfMeter = /^(\/api)?\/meters\//.test(path) && !passing.some((end) => path.endsWith(end));
  // A configuration may be asked about.
  const onlyAsks = method === "PUT" && request.query("check") !== undefined;
  return isOfMeter && method !== "GET" && method !== "HEAD" && !onlyAsks;
}

/** A body that ended before it was whole. */
function isBrokenOff(error: Error): boolean {
  return "code" in error && error.code === "ECONNRESET";
}

/** The unit that goes with each name, for pages. */
function unitsOf({ meters }: Site): Readonly<Record<string, string>> {
  const measures = new Set(meters.flatMap(({ surface }) => surface.measures));
  return Object.fromEntries([
    ...quantities.map((name) => [name, unitOf(name)]),
    ...[...measures].map((measure) => [measureName(measure), unitOf(measure)]),
  ]);
}
