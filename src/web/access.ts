/** Who may ask for what: the one table of roles, and the one place that looks at it. What is not in the table is asked for by nobody. */
import { getCookie } from "hono/cookie";
import type { Context, MiddlewareHandler } from "hono";
import { isAtLeast, type Role, type SiteUsers } from "#fleet/site-users.ts";
import { bearerOf, type Visitor } from "./peer.ts";
import type { SiteSessions } from "./site-sessions.ts";
import { foreignOf, whenceOf, type WebOptions, type Whence } from "./whence.ts";

/** "anybody" logs in to nothing; "token" is a program that watches the site, with the token of the users' file. */
export type Takes = Role | "anybody" | "token";

// prettier-ignore
export const access: readonly (readonly [method: string, path: string, takes: Takes])[] = [
  ["GET",    "/health",                            "anybody"],
  ["GET",    "/metrics",                           "token"],
  ["POST",   "/api/session",                       "anybody"],
  ["GET",    "/api/session",                       "viewer"],
  ["DELETE", "/api/session",                       "viewer"],
  ["GET",    "/api/users",                         "owner"],
  ["PUT",    "/api/users/:user",                   "owner"],
  ["DELETE", "/api/users/:user",                   "owner"],
  ["GET",    "/",                                  "viewer"],
  ["GET",    "/page/:file",                        "viewer"],
  ["GET",    "/api/units",                         "viewer"],
  ["GET",    "/api/meters",                        "viewer"],
  ["GET",    "/api/meters/:name",                  "viewer"],
  ["GET",    "/api/meters/:name/live",             "viewer"],
  ["GET",    "/api/meters/:name/panel",            "viewer"],
  ["GET",    "/api/meters/:name/panel/live",       "viewer"],
  // A hand at the meter.
  ["POST",   "/api/meters/:name/panel",            "operator"],
  ["GET",    "/api/meters/:name/registers/:list",  "viewer"],
  ["GET",    "/api/meters/:name/intervals",        "viewer"],
  ["GET",    "/api/meters/:name/profiles/:number", "viewer"],
  ["GET",    "/api/meters/:name/measurement-log/:number", "viewer"],
  ["GET",    "/api/meters/:name/self-reads",       "viewer"],
  ["GET",    "/api/meters/:name/logs/:kind",       "viewer"],
  ["GET",    "/api/meters/:name/files",            "viewer"],
  ["GET",    "/api/meters/:name/files/:file",      "viewer"],
  ["GET",    "/api/meters/:name/configuration",    "viewer"],
  ["GET",    "/api/meters/:name/marks",            "viewer"],
  // A mark says how far a reader of the meter has read: whoever reads moves his own.
  ["POST",   "/api/meters/:name/marks",            "viewer"],
  ["POST",   "/api/meters/:name/session",          "anybody"],
  ["DELETE", "/api/meters/:name/session",          "viewer"],
  ["PUT",    "/api/meters/:name/configuration",    "operator"],
  ["POST",   "/api/meters/:name/commands",         "operator"],
  ["POST",   "/api/meters/:name/readings",         "operator"],
  ["GET",    "/pqdif",                             "viewer"],
  ["GET",    "/pqdif/",                            "viewer"],
  ["GET",    "/meters/:name/pqdif",                "viewer"],
  ["GET",    "/meters/:name/pqdif/",               "viewer"],
  ["GET",    "/meters/:name/pqdif/:folder/",       "viewer"],
  ["GET",    "/meters/:name/pqdif/:file",          "viewer"],
  ["GET",    "/meters/:name/pqdif/:folder/:file",  "viewer"],
  ["DELETE", "/meters/:name/pqdif/:file",          "operator"],
  ["DELETE", "/meters/:name/pqdif/:folder/:file",  "operator"],
  ["GET",    "/api/listeners",                     "viewer"],
  ["PUT",    "/api/listeners/:index/faults",       "operator"],
  ["POST",   "/api/reload",                        "owner"],
];

const rows = access.map(([method, path, takes]) => ({ method, parts: path.split("/"), takes }));

/** What a request takes, by its method and path; undefined of what is not in the table. */
export function takenBy(method: string, path: string): Takes | undefined {
  // A HEAD is answered as a GET is.
  const asked = method === "HEAD" ? "GET" : method;
  const given = path.split("/");
  const fits = (part: string, k: number): boolean => (part.startsWith(":") ? given[k] !== "" : given[k] === part);
  return rows.find(({ method, parts }) => method === asked && parts.length === given.length && parts.every(fits))
    ?.takes;
}

/** What browsers keep the session in; on HTTPS no other site of the same host can have set it. */
export function cookieOf({ secure }: Whence): string {
  return secure ? "__Host-polyphase-session" : "polyphase-session";
}

/** In which programs show their session with the site. */
const HEADER = "Polyphase-Session";

const LOG_IN = `log in first, to the site: POST /api/session with user and password, then ${HEADER}: TOKEN`;

export interface Door {
  readonly users: SiteUsers;
  readonly sessions: SiteSessions;
  readonly web: WebOptions;
  /** Somebody was refused. */
  readonly refused: () => void;
}

function visitorOf(context: Context, whence: Whence, { sessions, web }: Door): Visitor {
  const token = context.req.header(HEADER) ?? getCookie(context, cookieOf(whence));
  const shown = token === undefined ? {} : { token };
  if (whence.near && web.login !== "always") return { ...whence, ...shown, role: "owner" };
  const user = token === undefined ? undefined : sessions.user(token);
  return user === undefined ? { ...whence, role: undefined } : { ...whence, ...shown, user, role: user.role };
}

/** Comes before all routes: one that stands in no row of the table is answered by nobody. */
export const listed: MiddlewareHandler = async (context, next) =>
  takenBy(context.req.method, context.req.path) === undefined ? context.notFound() : next();

/** Whether somebody is let in without a log-in. */
export function isTrusted({ role, user }: Visitor): boolean {
  return role !== undefined && user === undefined;
}

/** Whether looking at a path takes one of the places that there are few of. */
function takesPlace(path: string): boolean {
  return /^\/api\/meters\/[^/]+(\/panel)?\/live$/.test(path);
}

/** Comes before everything: a request that is not for this site, of a page of elsewhere, or of somebody who may not, goes no further. */
export function guard(
  door: Door,
  strange: (context: Context, error: string) => Response | Promise<Response>,
): MiddlewareHandler {
  const { users, web, refused } = door;
  return async (context, next) => {
    const { method, path } = context.req;
    const no = (error: string, status: 401 | 403 | 404): Response => {
      refused();
      return context.json({ error }, status);
    };
    const whence = whenceOf(context, web);
    if ("astray" in whence) return no(whence.astray, 403);
    const changes = !["GET", "HEAD", "OPTIONS"].includes(method);
    if (changes || takesPlace(path)) {
      const foreign = foreignOf(context, web, whence);
      if (foreign !== undefined) return no(`${foreign} ${changes ? "changes nothing" : "follows no meter"} here`, 403);
    }
    const visitor = visitorOf(context, whence, door);
    context.set("visitor", visitor);
    const takes = takenBy(method, path);
    if (takes === "anybody") return next();
    const { role, user } = visitor;
    if (takes === "token") {
      const may = isTrusted(visitor) || users.isToken(bearerOf(context) ?? "");
      return may ? next() : no("expected Authorization: Bearer with the site's token (npx polyphase user token)", 401);
    }
    if (role === undefined) {
      refused();
      return strange(context, whence.trace === undefined ? LOG_IN : `${whence.trace}; ${LOG_IN}`);
    }
    // What stands in no row goes on to where it is refused as nothing, after the meter has had its say.
    if (takes === undefined || isAtLeast(role, takes)) return next();
    return no(`${user?.name ?? "whoever asks"} is a ${role}; this takes an ${takes}`, 403);
  };
}
