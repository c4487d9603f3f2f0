/** The HTTP API of revenue meters: registers, profiles, logs, configuration, commands. */
import type { Context, Hono, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { logOf, profileOf, registersOf, selfReadsOf } from "#product/jemstar/view.ts";
import type { JemStar } from "#product/jemstar/jemstar.ts";
import type { Site } from "#fleet/site.ts";
import { FileError } from "#product/file-error.ts";
import {
  isRefused,
  type MeterCommand,
  type Peer,
  type Place,
  type Refused,
  type Session,
} from "#quantity/authority.ts";
import { getConnInfo } from "@hono/node-server/conninfo";
import { jsonBody } from "./json-body.ts";

const LIMIT = 1 << 20;
const LOG_IN = "log in first: POST session with user and password, then Authorization: Bearer TOKEN";

const loopback = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);

/** Who asks; a function call of a test is on this machine. */
function peerOf(context: Context): Peer {
  const http = { protocol: "http", port: "site" };
  try {
    const { address } = getConnInfo(context).remote;
    return { ...http, address, near: loopback.has(address ?? "") };
  } catch {
    return { ...http, near: true };
  }
}

function sessionOf(context: Context, { authority }: JemStar): Session {
  const token = /^Bearer (\S+)$/.exec(context.req.header("Authorization") ?? "")?.[1];
  const peer = peerOf(context);
  return (token === undefined ? undefined : authority.resume(token, peer)) ?? authority.open(peer);
}

/** What was refused, as HTTP says it. */
function refusal(context: Context, { refused, words }: Refused): Response {
  if (refused === "session") return context.json({ error: LOG_IN }, 401);
  const status = ["privilege", "key", "mid", "power"].includes(refused) ? 403 : refused === "store" ? 503 : 422;
  return context.json({ error: words.join("; ") }, status);
}

/** What is read at a place below a meter; one that there is not takes all that any takes. */
function placeOf(place: string, kind: string): Place {
  if (place === "" || place === "live") return "readings";
  if (place === "self-reads") return "registers";
  return place === "registers" || place === "profiles" || place === "configuration" ? place : `log ${kind}`;
}

/** Comes before everything that reads a meter: some are read by their users only. */
export function guardReading(app: Hono, site: Site): void {
  const guard: MiddlewareHandler = async (context, next) => {
    const meter = site.revenueMeter(context.req.param("name") ?? "");
    const { method } = context.req;
    // A HEAD is answered as a GET is.
    if (meter === undefined || (method !== "GET" && method !== "HEAD")) return next();
    const [, , , , place = "", kind = ""] = context.req.path.split("/");
    const barred = meter.authority.bars(placeOf(place, place === "logs" ? kind : ""), sessionOf(context, meter));
    return barred === undefined ? next() : refusal(context, barred);
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
      const session = await meter.authority.admit({ kind: "password", user, password }, peerOf(context));
      if (isRefused(session)) return context.json({ error: session.words.join("; ") }, 401);
      return context.json({ token: session.token });
    }),
  );

  app.delete(
    `${base}/session`,
    withMeter((context, meter) => {
      meter.authority.leave(sessionOf(context, meter));
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
      const configuration = JSON.stringify(body.value);
      const check = context.req.query("check") !== undefined;
      const outcome = meter.authority.obey({ command: "configure", configuration, check }, sessionOf(context, meter));
      if (!isRefused(outcome)) return context.json({ ok: true, consequences: outcome.consequences });
      if (outcome.refused !== "invalid") return refusal(context, outcome);
      const { message, problems } = new FileError("the configuration", outcome.words);
      return context.json({ error: message, problems }, 422);
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
      const outcome = meter.authority.obey(body.value as MeterCommand, sessionOf(context, meter));
      return isRefused(outcome) ? refusal(context, outcome) : context.json({ ok: true });
    }),
  );
}
