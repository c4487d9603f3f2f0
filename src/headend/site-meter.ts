/** A revenue meter of a running site, over the site's HTTP API. */
import { requestJson } from "#io/http.ts";
import type { ProfileView, MeterView, RegisterView } from "#quantity/meter-api.ts";

/** What the site refused, in its own words. */
export class SiteRefusal extends Error {}

/** Checks that a URL is one of a site's meters: http://host:port/api/meters/NAME. */
export function isSiteMeter(url: string): boolean {
  return /^https?:\/\/[^/]+\/api\/meters\/[^/?#]+\/?$/.test(url);
}

async function ask<T>(
  url: string,
  request: { readonly method?: string; readonly body?: unknown; readonly token?: string | undefined } = {},
): Promise<T> {
  const { status, value } = await requestJson(url, request);
  if (status < 300) return value as T;
  const { error } = value as { error?: string };
  throw new SiteRefusal(`${url}: ${error ?? `HTTP status ${status}`}`);
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Logs in, runs, logs out; runs without a session where nobody is to log in. */
export async function withSession<T>(
  url: string,
  who: Credentials | undefined,
  run: (token: string | undefined) => Promise<T>,
): Promise<T> {
  if (who === undefined) return run(undefined);
  const { token } = await ask<{ token: string }>(`${url}/session`, { method: "POST", body: who });
  try {
    return await run(token);
  } finally {
    await ask(`${url}/session`, { method: "DELETE", token });
  }
}

export function readRegisters(
  url: string,
  list: string,
  token?: string,
): Promise<{ readonly registers: readonly RegisterView[] }> {
  return ask(`${url}/registers/${list}`, { token });
}

export function readProfile(
  url: string,
  number: number,
  query: Readonly<Record<string, string>>,
  token?: string,
): Promise<ProfileView> {
  const search = new URLSearchParams(query).toString();
  return ask(`${url}/profiles/${number}${search === "" ? "" : `?${search}`}`, { token });
}

/** What was ordered of a meter. */
export async function readModelNumber(url: string, token?: string): Promise<string> {
  return (await ask<Pick<MeterView, "modelNumber">>(url, { token })).modelNumber;
}

export function readConfiguration(url: string, token?: string): Promise<unknown> {
  return ask(`${url}/configuration`, { token });
}

export interface Application {
  /** What begins anew. */
  readonly consequences: readonly string[];
}

/** What applying a configuration would do. */
export function checkConfiguration(url: string, configuration: unknown, token?: string): Promise<Application> {
  return ask(`${url}/configuration?check`, { method: "PUT", body: configuration, token });
}

/** Applies a configuration; takes a session. */
export function applyConfiguration(url: string, configuration: unknown, token?: string): Promise<Application> {
  return ask(`${url}/configuration`, { method: "PUT", body: configuration, token });
}
