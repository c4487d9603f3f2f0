/**
 * Where a request comes from, and whether it means this site: the socket, the Host header and what proxies leave in the headers, together.
 * The socket alone says too little: a page of elsewhere whose name points to this machine, and a proxy on it, have loopback sockets too.
 */
import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { WebEntry } from "#fleet/site-schema.ts";
import { addressOf, isLoopback } from "#io/address.ts";

/** What the site file says of its web side. */
export type WebOptions = Partial<WebEntry>;

export interface Whence {
  /** The socket's peer, or whom a trusted proxy asks for; undefined of a function call, which comes from this process. */
  readonly address: string | undefined;
  /** On the site's own machine. */
  readonly near: boolean;
  /** Over TLS, all the way from the peer. */
  readonly secure: boolean;
  /** Through the proxy that the site file names. */
  readonly proxied: boolean;
  /** What makes somebody elsewhere who would be near without it, in words. */
  readonly trace?: string | undefined;
}

/** A request that is not for this site, in words. */
export interface Astray {
  readonly astray: string;
}

/** The one address of this machine that nobody has to choose: who comes from another of its loopback network is a stranger. */
const own: ReadonlySet<string | undefined> = new Set(["127.0.0.1", "::1"]);

/** The headers that browsers and programs send of themselves. Whatever else there is, something on the way may have put in. */
const families: readonly string[] = ["accept-", "content-", "sec-", "if-"];
const plain: ReadonlySet<string> = new Set([
  "host",
  "user-agent",
  "accept",
  "authorization",
  "cookie",
  "origin",
  "referer",
  "cache-control",
  "pragma",
  "connection",
  "keep-alive",
  "upgrade",
  "upgrade-insecure-requests",
  // curl offers HTTP/2 by it.
  "http2-settings",
  "transfer-encoding",
  "te",
  "trailer",
  "expect",
  "range",
  "priority",
  "date",
  "dnt",
  "save-data",
  "last-event-id",
  "traceparent",
  "tracestate",
  "x-requested-with",
  // Of Prometheus, when it asks for /metrics.
  "x-prometheus-scrape-timeout-seconds",
  "polyphase-session",
  "polyphase-unattended",
]);

/** Whether a header is one that browsers and programs send; `name` in small letters. */
export function isPlain(name: string): boolean {
  return plain.has(name) || families.some((family) => name.startsWith(family));
}

/** What in a request says that something has passed it on, in words; undefined where nothing does. */
function traceOf({ req, env }: Context): string | undefined {
  const strange = [...req.raw.headers.keys()].find((name) => !isPlain(name));
  // A stranger chose it, however long.
  if (strange !== undefined) return `with the header ${strange.slice(0, 64)} a request counts as one from elsewhere`;
  // Other versions browsers and programs do not say here, and proxies do.
  const version = (env as Partial<HttpBindings> | undefined)?.incoming?.httpVersion ?? "1.1";
  return version === "1.1" ? undefined : `with HTTP/${version} a request counts as one from elsewhere`;
}

/** The host of an authority ("[::1]:8080"), as addresses are written; undefined of what is none. */
function hostOf(authority: string): string | undefined {
  try {
    const { hostname, username, pathname } = new URL(`http://${authority}`);
    return username === "" && pathname === "/" ? (addressOf(hostname) ?? hostname) : undefined;
  } catch {
    return undefined;
  }
}

/** Whom a trusted proxy asks for; undefined where no such proxy asks. */
function askedFor(context: Context, from: string | undefined, { proxy }: WebOptions): string | undefined {
  if (proxy === undefined || !proxy.from.some((one) => addressOf(one) === from)) return undefined;
  // What stands before the last was sent to the proxy by whoever asked it.
  const last = context.req.header(proxy.header)?.split(",").at(-1)?.trim();
  return last === undefined ? undefined : (addressOf(last) ?? from);
}

function socketOf(context: Context): HttpBindings["incoming"]["socket"] | undefined {
  return (context.env as Partial<HttpBindings> | undefined)?.incoming?.socket;
}

/** Ends the connection that a request came on, whatever waits on it; false of a function call, which has none. */
export function cut(context: Context): boolean {
  const socket = socketOf(context);
  socket?.destroy();
  return socket !== undefined;
}

export function whenceOf(context: Context, web: WebOptions): Whence | Astray {
  const { req } = context;
  const socket = socketOf(context);
  const url = new URL(req.url);
  const host = hostOf(req.header("Host") ?? url.host);
  // A request line can name another host than the header.
  if (host === undefined || hostOf(url.host) !== host) return { astray: "expected one host" };
  const inside = socket === undefined;
  const from = inside ? undefined : addressOf(socket.remoteAddress);
  const fromLoopback = inside || isLoopback(from);
  const toLoopback = host === "localhost" || isLoopback(host);
  const isNamed = web.names?.includes(host) === true;
  const meant = toLoopback ? fromLoopback : isNamed || (!inside && addressOf(socket.localAddress) === host);
  if (!meant)
    return { astray: `this site is not ${host}; web.names in its site file has the names that it is asked for by` };
  const forwarded = askedFor(context, from, web);
  if (forwarded !== undefined)
    return { address: forwarded, near: false, secure: req.header("X-Forwarded-Proto") === "https", proxied: true };
  const isOwn = (inside || own.has(from)) && toLoopback;
  const trace = isOwn ? traceOf(context) : undefined;
  const encrypted = socket !== undefined && "encrypted" in socket && socket.encrypted === true;
  return {
    address: from,
    near: isOwn && trace === undefined,
    secure: encrypted,
    proxied: false,
    trace,
  };
}

/** What a change comes from where it is neither a program nor a page of this site, in words. */
export function foreignOf(context: Context, { names = [] }: WebOptions, whence: Whence): string | undefined {
  const { req } = context;
  const site = req.header("Sec-Fetch-Site") ?? "none";
  if (site !== "same-origin" && site !== "none") return `a page of elsewhere (${site})`;
  const origin = req.header("Origin");
  const authority = (req.header("Host") ?? new URL(req.url).host).toLowerCase();
  const own = [`${whence.secure ? "https" : "http"}://${authority}`];
  // A proxy may ask by another name than it is asked by, and say nothing of the TLS before it.
  if (whence.proxied) own.push(...names.map((name) => `https://${name}`));
  return origin === undefined || own.includes(origin) ? undefined : `a page of ${origin}`;
}
