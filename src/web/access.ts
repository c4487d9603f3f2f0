/** Who may ask for what: the one place that looks at the table of operations. What is not in the table is asked for by nobody. */
import { getCookie } from "hono/cookie";
import type { Context, MiddlewareHandler } from "hono";
import { isAtLeast, type SiteUsers } from "#fleet/site-users.ts";
import type { Operation, Takes } from "#web/api/operation.ts";
import { described, pages } from "#web/api/operations.ts";
import { problem } from "#web/api/problem.ts";
import { bearerOf, type Visitor } from "./peer.ts";
import type { SiteSessions } from "./site-sessions.ts";
import { foreignOf, whenceOf, type WebOptions, type Whence } from "./whence.ts";

type Row = Pick<Operation, "path" | "takes" | "tells" | "keeps" | "stream" | "query"> & { readonly method: string };

const rows: readonly Row[] = [
  ...described.map(([, row]) => row),
  ...pages.map(([method, path, takes, tells]) => ({ method, path, takes, tells })),
];
const parted = rows.map((row) => ({ row, parts: row.path.split("/") }));

/** Who may ask for what. */
export const access: readonly (readonly [method: string, path: string, takes: Takes])[] = rows.map(
  ({ method, path, takes }) => [method, path, takes],
);

function rowsAt(path: string): readonly Row[] {
  const given = path.split("/");
  const fits = (part: string, k: number): boolean => (part.startsWith(":") ? given[k] !== "" : given[k] === part);
  return parted.filter(({ parts }) => parts.length === given.length && parts.every(fits)).map(({ row }) => row);
}

/** The row of the table that a request is for; undefined of what is not in it. */
export function rowOf(method: string, path: string): Row | undefined {
  // A HEAD is answered as a GET is.
  const asked = method === "HEAD" ? "GET" : method;
  return rowsAt(path).find((row) => row.method === asked);
}

/** What browsers keep the session in; on HTTPS no other site of the same host can have set it. */
export function cookieOf({ secure }: Whence): string {
  return secure ? "__Host-polyphase-session" : "polyphase-session";
}

/** In which programs show their session with the site. */
const HEADER = "Polyphase-Session";

const LOG_IN = `log in first, to the site: POST /api/v1/session with user and password, then ${HEADER}: TOKEN`;

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
export const listed: MiddlewareHandler = async (context, next) => {
  const { method, path } = context.req;
  if (rowOf(method, path) !== undefined) return next();
  const there = [...new Set(rowsAt(path).flatMap((row) => (row.method === "GET" ? ["GET", "HEAD"] : [row.method])))];
  if (there.length === 0) return context.notFound();
  const allow = there.join(", ");
  return problem(context, 405, `${method} is not asked of this; expected ${allow}`, { headers: { Allow: allow } });
};

/** Whether somebody is let in without a log-in. */
export function isTrusted({ role, user }: Visitor): boolean {
  return role !== undefined && user === undefined;
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
      return problem(context, status, error);
    };
    const whence = whenceOf(context, web);
    if ("astray" in whence) return no(whence.astray, 403);
    const changes = !["GET", "HEAD", "OPTIONS"].includes(method);
    const row = rowOf(method, path);
    if (changes || row?.stream === true) {
      const foreign = foreignOf(context, web, whence);
      if (foreign !== undefined) return no(`${foreign} ${changes ? "changes nothing" : "follows no meter"} here`, 403);
    }
    const visitor = visitorOf(context, whence, door);
    context.set("visitor", visitor);
    const takes = row?.takes;
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
