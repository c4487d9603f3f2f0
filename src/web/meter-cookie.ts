/**
 * In what browsers keep a session with a meter: a cookie of its own for each. An event stream and a link that saves a file send no header, and a
 * token in an address would stay in histories and logs.
 */
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";

const NAMED = "polyphase-meter-";

/** Names of meters are made of letters, digits, dots and dashes: names of cookies may have them. */
function nameOf(context: Context, meter: string): string {
  return prefixOf(context) + meter;
}

/** On HTTPS no other site of the same host can have set it. */
function prefixOf(context: Context): string {
  return context.get("visitor").secure ? `__Host-${NAMED}` : NAMED;
}

/** The token that a browser keeps for a meter. */
export function keptToken(context: Context, meter: string): string | undefined {
  return getCookie(context, nameOf(context, meter));
}

/** Until the browser ends; a session that has ended meanwhile lets nobody in. */
export function keepToken(context: Context, meter: string, token: string): void {
  const { secure } = context.get("visitor");
  setCookie(context, nameOf(context, meter), token, { path: "/", httpOnly: true, sameSite: "Strict", secure });
}

export function forgetToken(context: Context, meter: string): void {
  deleteCookie(context, nameOf(context, meter), { path: "/", secure: context.get("visitor").secure });
}

/** Forgets those of sessions that have ended, so that they do not pile up. */
export function forgetEnded(context: Context, lasts: (meter: string, token: string) => boolean): void {
  const prefix = prefixOf(context);
  for (const [name, token] of Object.entries(getCookie(context))) {
    if (!name.startsWith(prefix)) continue;
    if (!lasts(name.slice(prefix.length), token))
      deleteCookie(context, name, { path: "/", secure: context.get("visitor").secure });
  }
}
