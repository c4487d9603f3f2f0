/** A revenue meter of a running site, over the site's HTTP API. */
import { requestJson } from "#io/http.ts";
import type { MeterCommand } from "#quantity/authority.ts";
import type { LogView, ProfileView, MeterView, SelfReadsView, RegisterView } from "#quantity/meter-api.ts";

/** What the site refused, in its own words. */
export class SiteRefusal extends Error {
  /** HTTP's: 401 where somebody has to log in first, 404 where there is no such thing. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.name = "SiteRefusal";
    this.status = status;
  }
}

/** Checks that a URL is one of a site's meters: http://host:port/api/meters/NAME. */
export function isSiteMeter(url: string): boolean {
  return /^https?:\/\/[^/]+\/api\/meters\/[^/?#]+\/?$/.test(url);
}

interface Request {
  readonly method?: string;
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly match?: string | undefined;
}

async function ask<T>(url: string, request: Request = {}): Promise<T> {
  return (await askTagged<T>(url, request)).value;
}

async function askTagged<T>(
  url: string,
  request: Request,
): Promise<{ readonly value: T; readonly tag?: string | undefined }> {
  const { status, value, tag } = await requestJson(url, request);
  if (status < 300) return { value: value as T, tag };
  const { error } = value as { error?: string };
  throw new SiteRefusal(`${url}: ${error ?? `HTTP status ${status}`}`, status);
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

/** Keys and values after the question mark; undefined ones are left out. */
export type Query = Readonly<Record<string, string | undefined>>;

function withQuery(url: string, query: Query): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? url : `${url}?${new URLSearchParams(given).toString()}`;
}

/** `query`: days, from and to (local times), or since (a record's number). */
export function readProfile(url: string, number: number, query: Query, token?: string): Promise<ProfileView> {
  return ask(withQuery(`${url}/profiles/${number}`, query), { token });
}

/** `page`: from (an entry's number) and most. */
export function readLog(url: string, kind: string, page: Query, token?: string): Promise<LogView> {
  return ask(withQuery(`${url}/logs/${encodeURIComponent(kind)}`, page), { token });
}

export function readSelfReads(url: string, page: Query, token?: string): Promise<SelfReadsView> {
  return ask(withQuery(`${url}/self-reads`, page), { token });
}

/** What came of a command: what else it set in motion, where it did. */
export interface CommandAnswer {
  readonly consequences?: readonly string[];
}

export function sendCommand(url: string, command: MeterCommand, token?: string): Promise<CommandAnswer> {
  return ask(`${url}/commands`, { method: "POST", body: command, token });
}

/** The number of the member of a series that a reader has yet to read. */
export async function readMark(
  url: string,
  { reader, series }: { readonly reader: string; readonly series: string },
  token?: string,
): Promise<number> {
  return (await ask<{ next: number }>(withQuery(`${url}/marks`, { reader, series }), { token })).next;
}

/** A reader has what it was sent, up to the member before `next`: it will not be shown again as new. */
export async function moveMark(
  url: string,
  mark: { readonly reader: string; readonly series: string; readonly next: number },
  token?: string,
): Promise<void> {
  await ask(`${url}/marks`, { method: "POST", body: mark, token });
}

/** What a meter is, and all that it says of now. */
export function readMeterView(url: string, token?: string): Promise<MeterView> {
  return ask(url, { token });
}

export function readConfiguration(url: string, token?: string): Promise<unknown> {
  return ask(`${url}/configuration`, { token });
}

export interface Application {
  /** What begins anew. */
  readonly consequences: readonly string[];
  /** Of the configuration that it was compared with. */
  readonly tag?: string | undefined;
}

/** What applying a configuration would do. */
export async function checkConfiguration(url: string, configuration: unknown, token?: string): Promise<Application> {
  const asked = { method: "PUT", body: configuration, token };
  const { value, tag } = await askTagged<Application>(`${url}/configuration?check`, asked);
  return { ...value, tag };
}

/** Applies a configuration to what the meter had when it was checked; takes a session. */
export function applyConfiguration(
  url: string,
  configuration: unknown,
  { tag, token }: { readonly tag?: string | undefined; readonly token?: string | undefined },
): Promise<Application> {
  return ask(`${url}/configuration`, { method: "PUT", body: configuration, token, match: tag });
}
