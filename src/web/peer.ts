/** Who asks over HTTP: where they are, and the session that they hold. */
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context } from "hono";
import type { Peer, Refusal, Refused, Session } from "#quantity/authority.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";

const loopback = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);

/** A function call of a test comes from this machine. */
export function peerOf(context: Context): Peer {
  let address: string | undefined;
  try {
    address = getConnInfo(context).remote.address;
  } catch {
    return { protocol: "http", port: "site", near: true };
  }
  return { protocol: "http", port: "site", address, near: loopback.has(address ?? "") };
}

function tokenOf(context: Context): string | undefined {
  return /^Bearer +(\S+)$/i.exec(context.req.header("Authorization") ?? "")?.[1];
}

/** The session of the request's token; that of somebody who shows nothing, where there is none. */
export function sessionOf(context: Context, surface: MeterSurface): Session {
  const peer = peerOf(context);
  const token = tokenOf(context);
  return (token === undefined ? undefined : surface.resume(token, peer)) ?? surface.open(peer);
}

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
  return context.json({ error, refused, problems: words }, statuses[refused]);
}
