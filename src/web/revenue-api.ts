/** The HTTP API of revenue meters: registers, profiles, logs, configuration, commands. */
import type { Context, Hono, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { barsTo, obey } from "#product/jemstar/commands.ts";
import { logOf, profileOf, registersOf, selfReadsOf } from "#product/jemstar/view.ts";
import type { JemStar } from "#product/jemstar/jemstar.ts";
import type { Site } from "#fleet/site.ts";
import { FileError } from "#product/file-error.ts";
import { getConnInfo } from "@hono/node-server/conninfo";
import { triggerLogs } from "#revenue/settings/configuration.ts";
import { logKinds } from "#quantity/log.ts";
import { privileges, type Privilege, type User } from "#revenue/people/security.ts";
import { jsonBody } from "./json-body.ts";

const LIMIT = 1 << 20;
const LOG_IN = "log in first: POST session with user and password, then Authorization: Bearer TOKEN";

const loopback = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);

/** Whether the peer is on this machine; a function call of a test is. */
function isNear(context: Context): boolean {
  try {
    return loopback.has(getConnInfo(context).remote.address ?? "");
  } catch {
    return true;
  }
}

function userOf(context: Context, { security }: JemStar): User | undefined {
  const token = /^Bearer (\S+)$/.exec(context.req.header("Authorization") ?? "")?.[1];
  return token === undefined ? undefined : security.who(token);
}

const places: Readonly<Record<string, Privilege>> = {
  "": "readRegisters",
  live: "readRegisters",
  registers: "readRegisters",
  "self-reads": "readRegisters",
  profiles: "readLoadProfile",
  configuration: "configurationFile",
};
const logs: Readonly<Record<string, Privilege>> = {
  security: "readSecurity",
  diagnostic: "readDiagnostics",
  alarm: "readAlarms",
  ...Object.fromEntries(triggerLogs.map((kind) => [kind, "readAlarms"])),
};

/** What reading a place below a meter takes, where reading takes a session; all of it where the place is spelt otherwise. */
function readingOf(place: string, kind: string): readonly Privilege[] {
  if (place === "logs") return (logKinds as readonly string[]).includes(kind) ? [logs[kind] ?? "readEvents"] : every;
  const one = places[place];
  return one === undefined ? every : [one];
}

const every: readonly Privilege[] = privileges.filter(
  (name) => name.startsWith("read") || name === "configurationFile",
);

/** Comes before everything that reads a meter: some are read by their users only. */
export function guardReading(app: Hono, site: Site): void {
  const guard: MiddlewareHandler = async (context, next) => {
    const meter = site.revenueMeter(context.req.param("name") ?? "");
    const { method } = context.req;
    // A HEAD is answered as a GET is.
    const reads = method === "GET" || method === "HEAD" || context.req.query("check") !== undefined;
    if (meter === undefined || !reads || !meter.file.security.readingTakesSession) return next();
    const user = userOf(context, meter);
    if (user === undefined) return context.json({ error: LOG_IN }, 401);
    const [, , , , place = "", kind = ""] = context.req.path.split("/");
    const barred = meter.security.bars(user, readingOf(place, kind));
    return barred === undefined ? next() : context.json({ error: barred }, 403);
  };
  app.use("/api/meters/:name", guard);
  app.use("/api/meters/:name/*", guard);
}

export function addRevenueApi(app: Hono, site: Site): void {
  const base = "/api/meters/:name";

  /** Runs for the revenue meter of the path; other meters have none of this. */
  const withMeter =
    (run: (context: Context, meter: JemStar) => Response | Promise<Response>) =>
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
    withMeter((context, meter) => context.json({ name: meter.name, selfReads: selfReadsOf(meter) })),
  );

  app.get(
    `${base}/logs/:kind`,
    withMeter((context, meter) => {
      const entries = logOf(meter, context.req.param("kind") ?? "");
      if (entries === undefined) return context.json({ error: `there is no log ${context.req.param("kind")}` }, 404);
      return context.json({ name: meter.name, entries });
    }),
  );

  app.post(
    `${base}/session`,
    bodyLimit({ maxSize: 4096 }),
    withMeter(async (context, meter) => {
      const body = await jsonBody(context.req);
      const { user, password } = (body?.value ?? {}) as { user?: unknown; password?: unknown };
      if (typeof user !== "string" || typeof password !== "string") {
        return context.json({ error: 'expected {"user":"…","password":"…"}' }, 400);
      }
      const session = meter.security.login(user, password, isNear(context));
      return "refused" in session ? context.json({ error: session.refused }, 401) : context.json(session);
    }),
  );

  app.delete(
    `${base}/session`,
    withMeter((context, meter) => {
      meter.security.logout(/^Bearer (\S+)$/.exec(context.req.header("Authorization") ?? "")?.[1] ?? "");
      return context.json({ ok: true });
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
        if (context.req.query("check") !== undefined) {
          return context.json({ ok: true, consequences: meter.consequences(text) });
        }
        const user = userOf(context, meter);
        if (user === undefined) return context.json({ error: LOG_IN }, 401);
        const applied = meter.apply(text, user);
        if ("barred" in applied) return context.json({ error: applied.barred }, 403);
        return context.json({ ok: true, ...applied });
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
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
      const user = userOf(context, meter);
      // Whoever senses what hardware does stands at the meter.
      if (user === undefined && !isNear(context)) return context.json({ error: LOG_IN }, 401);
      const barred = barsTo(meter, body.value, user);
      if (barred !== undefined) {
        return user === undefined ? context.json({ error: LOG_IN }, 401) : context.json({ error: barred }, 403);
      }
      const problems = obey(meter, body.value, user);
      return problems.length === 0 ? context.json({ ok: true }) : context.json({ error: problems.join("; ") }, 422);
    }),
  );
}
