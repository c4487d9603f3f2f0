/** The site's HTTP side: the page, and the API that the page and programs use. */
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { serve } from "@hono/node-server";
import { Hono, type HonoRequest } from "hono";
import { bodyLimit } from "hono/body-limit";
import { streamSSE } from "hono/streaming";
import { changeFaults } from "#fleet/listeners.ts";
import { pushReading } from "#fleet/live-readings.ts";
import type { Site } from "#fleet/site.ts";
import { measureName } from "#quantity/measure-name.ts";
import { quantities } from "#quantity/quantity.ts";
import { unitOf } from "#quantity/unit.ts";
import { jsonBody } from "./json-body.ts";
import { addMeterApi, guardReading, unknownMeter } from "./meter-api.ts";
import { liveViewOf, viewOf } from "./meter-view.ts";

const loopback = new Set(["127.0.0.1", "::1", "localhost"]);

/** The page's own files, as they lie beside this one; scripts go out with their types taken off. */
const pageFiles = [
  "page.ts",
  "elements.ts",
  "readings.ts",
  "records.ts",
  "phasor.ts",
  "waveform.ts",
  "numbers.ts",
  "page.css",
] as const;

function pageFile(name: string): string {
  const text = readFileSync(new URL(`./page/${name}`, import.meta.url), "utf8");
  return name.endsWith(".ts") ? stripTypeScriptTypes(text) : text;
}

/** The whole HTTP side as a function from request to response. */
export function webApp(site: Site, host: string): Hono {
  const app = new Hono();

  // A page of somewhere else must not reach a site on this machine by a name that it pointed here.
  app.use(async (context, next) => {
    const asked = new URL(context.req.url).hostname.replace(/^\[(.*)\]$/, "$1");
    if (loopback.has(host) && !loopback.has(asked)) return context.json({ error: `unknown host ${asked}` }, 403);
    await next();
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Content-Security-Policy", "default-src 'self'; img-src 'self' data:");
    return undefined;
  });

  // What is told of meters is on disk before it is told.
  app.use(async (context, next) => {
    await next();
    const { trouble } = site;
    if ((await site.kept()) || !changes(context.req) || !context.res.ok) return;
    context.res = context.json({ error: `nothing can be kept: ${site.trouble ?? trouble}`, refused: "store" }, 503);
  });

  app.get("/", (context) => context.html(pageFile("index.html")));
  for (const name of pageFiles) {
    const type = name.endsWith(".css") ? "text/css" : "text/javascript";
    app.get(`/page/${name}`, (context) => context.body(pageFile(name), 200, { "Content-Type": type }));
  }

  app.get("/api/meters", (context) =>
    context.json({
      utc: site.utc,
      trouble: site.trouble,
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

  guardReading(app, site);

  app.get("/api/meters/:name", (context) => {
    const surface = site.meter(context.req.param("name"))?.surface;
    if (surface === undefined) return context.json({ error: unknownMeter(site, context.req.param("name")) }, 404);
    return context.json({ utc: site.utc, ...viewOf(surface) });
  });

  app.get("/api/meters/:name/live", (context) => {
    const name = context.req.param("name");
    const surface = site.meter(name)?.surface;
    if (surface === undefined) return context.json({ error: unknownMeter(site, name) }, 404);
    return streamSSE(context, async (stream) => {
      let changed = true;
      let wake = (): void => {};
      const unheard = surface.on("cycle", () => void (changed = true));
      const off = site.onHeartbeat(() => wake());
      stream.onAbort(() => {
        unheard();
        off();
        wake();
      });
      while (!stream.aborted) {
        if (changed) {
          changed = false;
          await site.kept();
          await stream.writeSSE({ data: JSON.stringify({ utc: site.utc, ...liveViewOf(surface) }) });
        }
        await new Promise<void>((resolve) => (wake = resolve));
      }
    });
  });

  app.post("/api/meters/:name/readings", bodyLimit({ maxSize: 65_536 }), async (context) => {
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

  addMeterApi(app, site);

  app.get("/api/listeners", (context) =>
    context.json(site.listeners.map(({ what, urls, faults }) => ({ what, urls, faults: faults.rules }))),
  );

  app.put("/api/listeners/:index/faults", bodyLimit({ maxSize: 65_536 }), async (context) => {
    const listener = site.listeners[Number(context.req.param("index"))];
    const last = site.listeners.length - 1;
    if (listener === undefined) return context.json({ error: `expected a listener from 0 to ${last}` }, 404);
    const body = await jsonBody(context.req);
    if (body === undefined)
      return context.json({ error: "expected Content-Type: application/json, and a list of rules" }, 400);
    const problems = changeFaults(listener, body.value);
    return problems.length === 0 ? context.json({ ok: true }) : context.json({ error: problems.join("; ") }, 422);
  });

  app.notFound((context) => context.json({ error: `there is nothing at ${context.req.path}` }, 404));
  return app;
}

/** Whether a request changes something that is to be kept; logging in and out leaves an entry at most. */
function changes({ method, path }: HonoRequest): boolean {
  return method !== "GET" && method !== "HEAD" && !path.endsWith("/session");
}

/** The unit that goes with each name, for pages. */
function unitsOf({ meters }: Site): Readonly<Record<string, string>> {
  const measures = new Set(meters.flatMap(({ surface }) => surface.measures));
  return Object.fromEntries([
    ...quantities.map((name) => [name, unitOf(name)]),
    ...[...measures].map((measure) => [measureName(measure), unitOf(measure)]),
  ]);
}

export interface WebServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens; rejects when the address cannot be had, naming it. */
export function serveWeb(site: Site, { port, host }: { port: number; host: string }): Promise<WebServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: webApp(site, host).fetch, port, hostname: host }, (address) => {
      resolve({
        url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}/`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      });
    });
    server.on("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "another program uses it" : error.message;
      reject(new Error(`cannot serve pages on ${host}:${port}: ${why}`, { cause: error }));
    });
  });
}
