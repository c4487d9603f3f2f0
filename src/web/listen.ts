/** Serves the HTTP side of a site at an address: over HTTP, or over HTTPS where the site file names a certificate. */
import http from "node:http";
import https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Renewal, Site } from "#fleet/site.ts";
import type { Notice } from "#fleet/notice.ts";
import { isLoopback } from "#io/address.ts";
import { Entrance, type Guest } from "#io/entrance.ts";
import { readText, resolvePath } from "#io/file.ts";
import { listenTrouble } from "#io/listen-trouble.ts";
import { noPeers, type PeerCounts } from "#io/peer-counts.ts";
import { PeerRoom } from "#io/peer-room.ts";
import { Turns } from "#io/turns.ts";
import { limits } from "#quantity/limits.ts";
import { same } from "#quantity/same.ts";
import { inTurns } from "./connection-in-turns.ts";
import { headers, webSide } from "./server.ts";
import type { WebOptions } from "./whence.ts";

export interface WebServer {
  readonly url: string;
  /** Takes up its certificate and key if their files are others now, for whoever connects from then on. */
  readonly renew: Renewal;
  close(): Promise<void>;
}

const { connections, connectionsOfAddress, handshakeMs, headersMs, requestMs, beatMs } = limits.web;

/**
 * Peers elsewhere take places, as at every listener: who has been answered keeps his, who only connects goes first. Those near take none, so that
 * nobody elsewhere keeps them out.
 */
function guarded(server: http.Server): Readonly<PeerCounts> {
  const counts = noPeers();
  const entrance = new Entrance([new PeerRoom(connections, connectionsOfAddress)], counts);
  const guests = new Map<string, Guest>();
  const keyOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;
  server.on("connection", (socket: Socket) => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined || isLoopback(remoteAddress)) return;
    const guest = entrance.knock(remoteAddress, () => socket.destroy());
    if (guest === undefined) return void socket.destroy();
    const key = keyOf(socket);
    guests.set(key, guest);
    socket.once("close", () => {
      guests.delete(key);
      guest.left();
    });
  });
  // Over TLS the socket of a request is another than the one that connected.
  server.prependListener("request", ({ socket }: http.IncomingMessage) => void guests.get(keyOf(socket))?.answered());
  return counts;
}

/** What its certificate and key are, was looked at when the site file was read. */
function serverOf(
  listener: http.RequestListener,
  { certificate, key }: WebOptions,
  folder: string,
): { readonly server: http.Server; readonly renew: Renewal } {
  const times = { headersTimeout: headersMs, requestTimeout: requestMs, connectionsCheckingInterval: headersMs / 2 };
  if (certificate === undefined || key === undefined)
    return { server: http.createServer(times, listener), renew: () => [] };
  const identity = (): { readonly cert: string; readonly key: string } => {
    const [cert, own] = [certificate, key].map((file) => readText(resolvePath(folder, file)));
    return { cert: cert ?? "", key: own ?? "" };
  };
  let now = identity();
  const tls = { minVersion: "TLSv1.2", handshakeTimeout: handshakeMs } as const;
  const server = https.createServer({ ...times, ...tls, ...now }, listener);
  const renew = (): readonly Notice[] => {
    try {
      const next = identity();
      if (same(next, now)) return [];
      server.setSecureContext({ minVersion: tls.minVersion, ...next });
      now = next;
      return [{ level: "info", words: `web: shows the certificate that ${certificate} holds now` }];
    } catch (error) {
      // Its files changed once more since the site file was read.
      const why = error instanceof Error ? error.message : String(error);
      return [{ level: "error", words: `web: goes on with the certificate that it had: ${why}` }];
    }
  };
  return { server, renew };
}

/** Where what listens at a host is asked for on this machine: whoever listens everywhere, by loopback. */
export function urlOf(scheme: string, host: string, port: number): string {
  const named = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `${scheme}://${named.includes(":") ? `[${named}]` : named}:${port}/`;
}

/** Listens; rejects when the address or the certificate cannot be had, naming it. */
export async function serveWeb(
  site: Site,
  web: WebOptions & { readonly port: number; readonly host: string },
): Promise<WebServer> {
  const { port, host } = web;
  const side = webSide(site, web);
  // What is no request that a side can be asked: a host that is none, a body that breaks off.
  const errorHandler = (): Response => Response.json({ error: "expected an HTTP request" }, { status: 400, headers });
  const listener = getRequestListener((request, env) => side.app.fetch(request, env), { hostname: host, errorHandler });
  const { server, renew } = serverOf((incoming, outgoing) => void listener(incoming, outgoing), web, site.folder);
  inTurns(server, new Turns(site.real));
  guarded(server);
  // Of those whose handshake is under way the server knows none.
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  let cancel = (): void => {};
  const beat = (): void => {
    cancel = site.real.after(beatMs, () => {
      side.beat();
      beat();
    });
  };
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(new Error(`web.port: cannot serve pages on ${listenTrouble({ host, port }, error)}`, { cause: error }));
    });
    server.listen(port, host, () => {
      server.removeAllListeners("error");
      // A failed accept (too many open files) concerns that one peer, not the server.
      server.on("error", () => {});
      beat();
      resolve({
        renew,
        url: urlOf(web.certificate === undefined ? "http" : "https", host, (server.address() as AddressInfo).port),
        close: () =>
          new Promise((done) => {
            cancel();
            server.close(() => done());
            server.closeAllConnections();
            for (const socket of sockets) socket.destroy();
            side.stop();
          }),
      });
    });
  });
}
