/** A revenue meter of a running site, over the site's HTTP API. */
import { requestJson } from "#io/http.ts";
import type { ProfileView, RevenueView, ShownRegister } from "#quantity/revenue-api.ts";

/** What the site refused, in its own words. */
export class SiteRefusal extends Error {}

/** Checks that a URL is one of a site's meters: http://host:port/api/meters/NAME. */
export function isSiteMeter(url: string): boolean {
  return /^https?:\/\/[^/]+\/api\/meters\/[^/?#]+\/?$/.test(url);
}

async function ask<T>(url: string, method = "GET", body?: unknown, token?: string): Promise<T> {
  const { status, value } = await requestJson(url, { method, body, token });
  if (status < 300) return value as T;
  const { error } = value as { error?: string };
  throw new SiteRefusal(`${url}: ${error ?? `HTTP status ${status}`}`);
}

export function readRegisters(url: string, list: string): Promise<{ readonly registers: readonly ShownRegister[] }> {
  return ask(`${url}/registers/${list}`);
}

export function readProfile(
  url: string,
  number: number,
  query: Readonly<Record<string, string>>,
): Promise<ProfileView> {
  const search = new URLSearchParams(query).toString();
  return ask(`${url}/profiles/${number}${search === "" ? "" : `?${search}`}`);
}

/** What was ordered of a meter. */
export async function readModelNumber(url: string): Promise<string> {
  return (await ask<Pick<RevenueView, "modelNumber">>(url)).modelNumber;
}

export function readConfiguration(url: string): Promise<unknown> {
  return ask(`${url}/configuration`);
}

export interface Application {
  /** What begins anew. */
  readonly consequences: readonly string[];
}

/** What applying a configuration would do. */
export function checkConfiguration(url: string, configuration: unknown): Promise<Application> {
  return ask(`${url}/configuration?check`, "PUT", configuration);
}

/** Logs in, applies a configuration, logs out. */
export async function applyConfiguration(
  url: string,
  configuration: unknown,
  user: { readonly user: string; readonly password: string },
): Promise<Application> {
  const { token } = await ask<{ token: string }>(`${url}/session`, "POST", user);
  try {
    return await ask(`${url}/configuration`, "PUT", configuration, token);
  } finally {
    await ask(`${url}/session`, "DELETE", undefined, token);
  }
}
