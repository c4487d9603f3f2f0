/** The HTTP API of meters: registers, profiles, logs, configuration, commands, all of it through the meter's surface. */
import type { Context, Hono, MiddlewareHandler } from "hono";
import type { Site } from "#fleet/site.ts";
import { checkPassword } from "#io/password.ts";
import { isRefused, type MeterCommand } from "#quantity/authority.ts";
import { limits } from "#quantity/limits.ts";
import type { SidesView } from "#quantity/meter-api.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { emptySeries } from "#quantity/series.ts";
import { atMost } from "./at-most.ts";
import { configurationTag, isForThis } from "./configuration-tag.ts";
import { jsonBody } from "./json-body.ts";
import { intervalsOf, logOf, profileOf, registersOf, selfReadsOf } from "./meter-view.ts";
import { callerOf, peerOf, refuse, sessionOf } from "./peer.ts";

/** A whole number of a query; NaN of what is none. */
function numberOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  return Number.isInteger(value) && value >= 0 ? value : NaN;
}

/** What a meter is without. */
function lacking(context: Context, { identity }: MeterSurface, what: string): Response {
  return context.json({ error: `${identity.name} ${what}` }, 404);
}

export function unknownMeter(site: Site, name: string): string {
  return `there is no meter ${name}; this site has ${site.meters.map(({ surface }) => surface.identity.name).join(", ")}`;
}

/** `rationed` comes before log-ins. */
export function addMeterApi(app: Hono, site: Site, rationed: MiddlewareHandler): void {
  const base = "/api/meters/:name";

  /** Runs for the meter of the path. */
  const withMeter =
    (run: (context: Context, surface: MeterSurface) => Response | Promise<Response>) =>
    (context: Context): Response | Promise<Response> => {
      const name = context.req.param("name") ?? "";
      const surface = site.meter(name)?.surface;
      if (surface === undefined) return context.json({ error: unknownMeter(site, name) }, 404);
      return run(context, surface);
    };

  /** From which number on, and how many at most. */
  const paged =
    (run: (context: Context, surface: MeterSurface, first: number, most: number) => Response) =>
    (context: Context, surface: MeterSurface): Response => {
      const { from, most } = context.req.query();
      const [first, count] = [numberOf(from, 0), numberOf(most, limits.web.entries)];
      if (Number.isNaN(first + count)) return context.json({ error: "from, most: expected whole numbers" }, 422);
      return run(context, surface, first, Math.min(count, limits.web.entries));
    };

  app.get(
    `${base}/registers/:list`,
    withMeter((context, surface) => {
      const registers = registersOf(surface, context.req.param("list") ?? "");
      if (registers === undefined) return context.json({ error: "expected normal, alternate, test or frozen" }, 404);
      return context.json({ name: surface.identity.name, registers });
    }),
  );

  app.get(
    `${base}/intervals`,
    withMeter((context, surface) => {
      const intervals = intervalsOf(surface);
      return context.json({ name: surface.identity.name, intervals });
    }),
  );

  app.get(
    `${base}/profiles/:number`,
    withMeter((context, surface) => {
      if (surface.profiles.length === 0) return lacking(context, surface, "has no load profile");
      const { days, from, to, since, most } = context.req.query();
      const query = { days, from, to, since, most };
      const profile = profileOf(surface, Number(context.req.param("number")), query);
      return typeof profile === "string"
        ? context.json({ error: profile }, 422)
        : context.json({ name: surface.identity.name, ...profile });
    }),
  );

  app.get(
    `${base}/measurement-log/:number`,
    withMeter((context, surface) => {
      if (surface.measurementLogs.length === 0) return lacking(context, surface, "has no measurement log");
      const { days, from, to, since, most } = context.req.query();
      const query = { days, from, to, since, most };
      const groups = { profiles: surface.measurementLogs, now: () => surface.now() };
      const group = profileOf(groups, Number(context.req.param("number")), query, "a group");
      return typeof group === "string"
        ? context.json({ error: group }, 422)
        : context.json({ name: surface.identity.name, ...group });
    }),
  );

  app.get(
    `${base}/marks`,
    withMeter((context, surface) => {
      const { reader, series } = context.req.query();
      if (reader === undefined || series === undefined)
        return context.json({ error: "expected ?reader=NAME&series=profile 1" }, 422);
      return context.json({ reader, series, next: surface.mark(reader, series) });
    }),
  );

  app.post(
    `${base}/marks`,
    atMost(limits.web.markBytes),
    withMeter(async (context, surface) => {
      const body = await jsonBody(context.req);
      const { reader, series, next } = (body?.value ?? {}) as { reader?: unknown; series?: unknown; next?: unknown };
      const isName = (text: unknown): text is string => typeof text === "string" && text.length <= limits.web.markName;
      if (!isName(reader) || !isName(series) || !Number.isSafeInteger(next) || typeof next !== "number" || next < 0)
        return context.json({ error: 'expected {"reader":"…","series":"profile 1","next":96}' }, 422);
      const barred = surface.bars("marks", sessionOf(context, surface));
      if (barred !== undefined) return refuse(context, barred);
      return context.json({ reader, series, next: surface.mark(reader, series, next) });
    }),
  );

  app.get(
    `${base}/self-reads`,
    withMeter(
      paged((context, surface, first, most) =>
        surface.selfReads === emptySeries
          ? lacking(context, surface, "keeps no self reads")
          : context.json({ name: surface.identity.name, selfReads: selfReadsOf(surface, first, most) }),
      ),
    ),
  );

  app.get(
    `${base}/logs/:kind`,
    withMeter(
      paged((context, surface, first, most) => {
        if (surface.logs.length === 0) return lacking(context, surface, "keeps no logs");
        const kind = context.req.param("kind") ?? "";
        const entries = logOf(surface, kind, first, most);
        if (entries === undefined) return context.json({ error: `there is no log ${kind}` }, 404);
        const { sides } = surface.extra() as { readonly sides?: SidesView };
        return context.json({ name: surface.identity.name, side: sides?.log, entries });
      }),
    ),
  );

  app.post(`${base}/session`, atMost(limits.web.logInBytes), rationed, async (context) => {
    const body = await jsonBody(context.req);
    const { user, password } = (body?.value ?? {}) as { user?: unknown; password?: unknown };
    if (typeof user !== "string" || typeof password !== "string")
      return context.json({ error: 'expected {"user":"…","password":"…"}' }, 400);
    const name = context.req.param("name");
    const surface = site.meter(name)?.surface;
    const admitted = await surface?.admit({ kind: "password", user, password }, peerOf(context));
    if (admitted !== undefined && !isRefused(admitted)) return context.json({ token: admitted.token });
    if (context.get("visitor").role === undefined) {
      // Strangers learn neither which meters there are nor what became of users and passwords, by words or by time.
      const isWorked = admitted?.refused === "session";
      if (!isWorked && (await checkPassword(password, undefined, callerOf(context))) === undefined)
        return context.json({ error: "too many log in at once; try again" }, 503);
      return context.json({ error: "wrong user or password" }, 401);
    }
    if (admitted === undefined) return context.json({ error: unknownMeter(site, name) }, 404);
    return context.json({ error: admitted.words.join("; ") }, 401);
  });

  app.delete(
    `${base}/session`,
    withMeter((context, surface) => {
      surface.leave(sessionOf(context, surface));
      return context.json({ ok: true });
    }),
  );

  app.get(
    `${base}/configuration`,
    withMeter((context, surface) => context.json(surface.configuration(), 200, { ETag: configurationTag(surface) })),
  );

  /** Hands a command to the meter, once what takes its time is done; `stands` looks whether it still is for this meter. */
  const tell = async (
    context: Context,
    surface: MeterSurface,
    command: MeterCommand,
    stands: () => boolean = () => true,
  ): Promise<Response> => {
    const session = sessionOf(context, surface);
    const busy = await surface.prepare(command, session);
    if (busy !== undefined) return refuse(context, busy);
    // Nothing comes in between: what is obeyed is told of the configuration that is looked at here.
    if (!stands())
      return context.json({ error: "its configuration has been changed since it was read: read it again" }, 412);
    const outcome = surface.obey(command, session);
    if (isRefused(outcome)) return refuse(context, outcome);
    if (command.command !== "configure") return context.json({ ok: true });
    context.header("ETag", configurationTag(surface));
    return context.json({ ok: true, consequences: outcome.consequences });
  };

  app.put(
    `${base}/configuration`,
    atMost(limits.web.configurationBytes),
    withMeter(async (context, surface) => {
      const body = await jsonBody(context.req);
      if (body === undefined)
        return context.json({ error: "expected Content-Type: application/json, and a configuration" }, 400);
      const check = context.req.query("check") !== undefined;
      // A text is a configuration as files have it: YAML, or SCL.
      const configuration = typeof body.value === "string" ? body.value : JSON.stringify(body.value);
      const command = { command: "configure", configuration, check } as const;
      return tell(context, surface, command, () => isForThis(context, surface));
    }),
  );

  app.post(
    `${base}/commands`,
    atMost(limits.web.configurationBytes),
    withMeter(async (context, surface) => {
      const body = await jsonBody(context.req);
      if (typeof body?.value !== "object" || body.value === null)
        return context.json(
          { error: 'expected Content-Type: application/json, and {"command":"freeze"} or the like' },
          400,
        );
      // Of any shape: `obey` looks at it.
      return tell(context, surface, body.value as MeterCommand);
    }),
  );
}
