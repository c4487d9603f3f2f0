/** Who asks over HTTP: where he is, who he is to the site, and the session that he has with a meter. */
import type { Context } from "hono";
import type { Role, SiteUser } from "#fleet/site-users.ts";
import type { Peer, Refusal, Refused, Session } from "#quantity/authority.ts";
import type { Caller } from "#io/desk.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { networkOf } from "#quantity/network.ts";
import { problem } from "#web/api/problem.ts";
import { keptToken } from "./meter-cookie.ts";
import type { Whence } from "./whence.ts";

/** Who asks, as the site knows him. */
export interface Visitor extends Whence {
  /** Undefined of whoever has not logged in to the site. */
  readonly user?: SiteUser | undefined;
  /** Of the session with the site that he shows. */
  readonly token?: string | undefined;
  /** What he may do; undefined of a stranger. Those near are owners, unless everybody logs in. */
  readonly role: Role | undefined;
}

declare module "hono" {
  interface ContextVariableMap {
    visitor: Visitor;
    /** Of the session with a meter that a browser's name and password stand for. */
    meterToken: string;
  }
}

/** Says that nobody has asked for what is asked: a page does by itself what a session that nobody uses times out for. */
const UNATTENDED = "Polyphase-Unattended";

function isUnattended(context: Context): boolean {
  // A browser opens a stream anew by itself, and sends no header of a page's with it.
  const isStream = context.req.header("Accept") === "text/event-stream" && bearerOf(context) === undefined;
  return isStream || context.req.header(UNATTENDED) !== undefined;
}

export function peerOf(context: Context): Peer {
  const { address, near, role, user } = context.get("visitor");
  const unattended = isUnattended(context);
  const operator = role === "operator" || role === "owner";
  return {
    protocol: "http",
    port: "site",
    address,
    near,
    operator,
    ...(user === undefined ? {} : { user: user.name }),
    ...(unattended ? { unattended } : {}),
  };
}

/** Whom the work on a password is for. */
export function callerOf(context: Context): Caller {
  const { near, address } = context.get("visitor");
  return { near, place: networkOf(address) };
}

export function bearerOf(context: Context): string | undefined {
  return /^Bearer +(\S+)$/i.exec(context.req.header("Authorization") ?? "")?.[1];
}

/** The session of the request's token; that of somebody who shows nothing, where there is none. `by` says that nobody has asked. */
export function sessionOf(context: Context, surface: MeterSurface, by?: "itself"): Session {
  const peer: Peer = by === undefined ? peerOf(context) : { ...peerOf(context), unattended: true };
  const token = bearerOf(context) ?? context.get("meterToken") ?? keptToken(context, surface.identity.name);
  return (token === undefined ? undefined : surface.resume(token, peer)) ?? surface.open(peer);
}

/** Makes a browser ask for a name and a password, and says of whom. */
export const ASKS = 'Basic realm="a user of the meter", charset="UTF-8"';

const LOG_IN = "log in first: POST session with user and password, then Authorization: Bearer TOKEN";

const statuses: Readonly<Record<Refusal, 401 | 403 | 422 | 503>> = {
  invalid: 422,
  session: 401,
  privilege: 403,
  key: 403,
  mid: 403,
  lockout: 422,
  power: 403,
  testMode: 422,
  unsupported: 422,
  store: 503,
};

/** Why something is not done, as HTTP says it. */
export function refuse(context: Context, { refused, words }: Refused): Response {
  const error = refused === "session" ? LOG_IN : words.join("; ");
  return problem(context, statuses[refused], error, { refused, problems: words });
}
