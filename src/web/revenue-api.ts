/** The HTTP API of revenue meters: registers, profiles, logs, configuration, commands. */
import type { Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { logOf, obey, profileOf, registersOf } from "#fleet/revenue-view.ts";
import type { RevenueSite } from "#fleet/revenue-site.ts";
import type { Site } from "#fleet/site.ts";
import { SiteError } from "#fleet/site-file.ts";
import { jsonBody } from "./json-body.ts";

const LIMIT = 1 << 20;

export function addRevenueApi(app: Hono, site: Site): void {
  const base = "/api/meters/:name";

  /** Runs for the revenue meter of the path; other meters have none of this. */
  const withMeter =
    (run: (context: Context, meter: RevenueSite) => Response | Promise<Response>) =>
    (context: Context): Response | Promise<Response> => {
      const meter = site.revenueMeter(context.req.param("name") ?? "");
      if (meter !== undefined) return run(context, meter);
      const names = site.revenueMeters.map(({ name }) => name);
      const has = names.length === 0 ? "none" : names.join(", ");
      return context.json(
        { error: `there is no revenue meter ${context.req.param("name")}; this site has ${has}` },
        404,
      );
    };

  app.get(
    `${base}/registers/:list`,
    withMeter((context, meter) => {
      const registers = registersOf(meter, context.req.param("list") ?? "");
      if (registers === undefined) return context.json({ error: "expected normal, alternate, test or frozen" }, 404);
      return context.json({ name: meter.name, registers });
    }),
  );

  app.get(
    `${base}/profiles/:number`,
    withMeter((context, meter) => {
      const { days, sinceLastRead, from, to } = context.req.query();
      const profile = profileOf(meter, Number(context.req.param("number")), { days, sinceLastRead, from, to });
      return typeof profile === "string"
        ? context.json({ error: profile }, 422)
        : context.json({ name: meter.name, ...profile });
    }),
  );

  app.get(
    `${base}/self-reads`,
    withMeter((context, meter) => context.json({ name: meter.name, selfReads: meter.meter.selfReads.all })),
  );

  app.get(
    `${base}/logs/:kind`,
    withMeter((context, meter) => {
      const entries = logOf(meter, context.req.param("kind") ?? "");
      if (entries === undefined) return context.json({ error: `there is no log ${context.req.param("kind")}` }, 404);
      return context.json({ name: meter.name, entries });
    }),
  );

  app.get(
    `${base}/configuration`,
    withMeter((context, meter) => context.json(meter.file)),
  );

  app.put(
    `${base}/configuration`,
    bodyLimit({ maxSize: LIMIT }),
    withMeter(async (context, meter) => {
      const body = await jsonBody(context.req);
      if (body === undefined)
        return context.json({ error: "expected Content-Type: application/json, and a configuration" }, 400);
      const text = JSON.stringify(body.value);
      try {
        const consequences =
          context.req.query("check") === undefined ? meter.apply(text, "HTTP") : meter.consequences(text);
        return context.json({ ok: true, consequences });
      } catch (error) {
        if (!(error instanceof SiteError)) throw error;
        return context.json({ error: error.message, problems: error.problems }, 422);
      }
    }),
  );

  app.post(
    `${base}/commands`,
    bodyLimit({ maxSize: LIMIT }),
    withMeter(async (context, meter) => {
      const body = await jsonBody(context.req);
      if (body === undefined)
        return context.json(
          { error: 'expected Content-Type: application/json, and {"command":"freeze"} or the like' },
          400,
        );
      const problems = obey(meter, body.value, "HTTP");
      return problems.length === 0 ? context.json({ ok: true }) : context.json({ error: problems.join("; ") }, 422);
    }),
  );
}
