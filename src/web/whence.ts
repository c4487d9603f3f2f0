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
}

/** A request that is not for this site, in words. */
export interface Astray {
  readonly astray: string;
}

/** The one address of this machine that nobody has to choose: who comes from another of its loopback network is a stranger. */
const own: ReadonlySet<string | undefined> = new Set(["127.0.0.1", "::1"]);

/** What proxies put in; whoever sends one himself makes himself no nearer by it. */
const forwarding =
  /^(forwarded|via|x-forwarded(-.*)?|x-real-ip|x-client-ip|x-cluster-client-ip|true-client-ip|cf-connecting-ip)$/;

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

/** Ends the connection that a request came on, whatever waits on it. */
export function cut(context: Context): void {
  socketOf(context)?.destroy();
}

export function whenceOf(context: Context, web: WebOptions): Whence | Astray {
  const { req, env } = context;
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
  const isForwarded =
    [...req.raw.headers.keys()].some((name) => forwarding.test(name)) ||
    // What browsers and programs have not said for decades, and proxies do.
    (env as Partial<HttpBindings> | undefined)?.incoming?.httpVersion === "1.0";
  const encrypted = socket !== undefined && "encrypted" in socket && socket.encrypted === true;
  return {
    address: from,
    near: (inside || own.has(from)) && toLoopback && !isForwarded,
    secure: encrypted,
    proxied: false,
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
