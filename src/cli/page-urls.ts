/** By which URLs a site's pages are asked for: on its own machine, and from elsewhere. */
import { X509Certificate } from "node:crypto";
import net from "node:net";
import type { WebEntry } from "#fleet/site-schema.ts";
import type { Site } from "#fleet/site.ts";
import { isLoopback, ownAddresses } from "#io/address.ts";
import { readText, resolvePath } from "#io/file.ts";

/** Several machines' worth of addresses (containers, tunnels) help nobody. */
const MOST = 4;

function at(page: string, host: string): string {
  const url = new URL(page);
  url.hostname = net.isIPv6(host) ? `[${host}]` : host;
  return url.href;
}

function hostIn(page: string): string {
  return new URL(page).hostname.replace(/^\[(.*)\]$/, "$1");
}

/** Where others reach what listens at `page` on this machine: by the names of the site file, then by addresses. */
export function urlsElsewhere(page: string, { host, names = [] }: WebEntry, own = ownAddresses()): readonly string[] {
  if (host === "localhost" || isLoopback(host)) return [];
  const addresses = host === "0.0.0.0" ? own.filter((one) => net.isIPv4(one)) : host === "::" ? own : [];
  return [...names, ...addresses].slice(0, MOST).map((one) => at(page, one));
}

/** Whether a URL names an address, and nobody has to be asked for it. */
export function isByAddress(url: string): boolean {
  return net.isIP(hostIn(url)) !== 0;
}

/** Whether a certificate (PEM) is for the host of a URL. */
export function isFor(certificate: string, url: string): boolean {
  const shown = new X509Certificate(certificate);
  const host = hostIn(url);
  return (net.isIP(host) === 0 ? shown.checkHost(host) : shown.checkIP(host)) !== undefined;
}

/** Whether whoever asks by a URL from this machine has to log in. */
export function takesLogIn(url: string, { login }: WebEntry): boolean {
  const host = hostIn(url);
  return login === "always" || !(host === "localhost" || isLoopback(host));
}

export interface PageUrl {
  readonly url: string;
  /** Whoever asks there is shown a certificate that is for it, or none is shown. */
  readonly isSure: boolean;
}

/** Where the page is, here and from elsewhere. */
export function pagesOf(
  { file: { web }, folder }: Pick<Site, "file" | "folder">,
  page: string | undefined,
): readonly PageUrl[] {
  if (web === undefined || page === undefined) return [];
  const certificate = web.certificate === undefined ? undefined : readText(resolvePath(folder, web.certificate));
  const urls = [page, ...urlsElsewhere(page, web)];
  return urls.map((url) => ({ url, isSure: certificate === undefined || isFor(certificate, url) }));
}

/** What a person is told of such a URL beside it. */
export function pageNote({ isSure }: PageUrl): string {
  return isSure ? "" : "  (the certificate is for other names)";
}
