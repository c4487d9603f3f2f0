/** A revenue meter of a running site, over the site's HTTP API. */
import { requestJson } from "#io/http.ts";
import type { KeyChange } from "#quantity/configuration-history.ts";
import type { ConfigurationHistoryView } from "#quantity/configuration-view.ts";
import type { MeterCommand } from "#quantity/authority.ts";
import type { FilesView, LogView, ProfileView, MeterView, SelfReadsView, RegisterView } from "#quantity/meter-api.ts";

/** Where somebody logs in to a site. */
const SITE_SESSION = "/api/session";

/** What the site refused, in its own words. */
export class SiteRefusal extends Error {
  /** HTTP's: 401 where somebody has to log in first, 404 where there is no such thing. */
  readonly status: number;
  /** It is the site that somebody has to log in to, not the meter. */
  readonly bySite: boolean;

  constructor(message: string, status: number, bySite = false) {
    super(message);
    this.name = "SiteRefusal";
    this.status = status;
    this.bySite = bySite;
  }
}

/** By what a site knows who asks: a session with the site, which one elsewhere takes, and one with the meter. */
export interface Pass {
  readonly site?: string | undefined;
  readonly meter?: string | undefined;
}

interface Request {
  readonly method?: string;
  readonly body?: unknown;
  readonly pass?: Pass | undefined;
  readonly match?: string | undefined;
}

/** Asks, and throws SiteRefusal with what the site says against it. */
export async function ask<T>(url: string, request: Request = {}): Promise<T> {
  return (await askTagged<T>(url, request)).value;
}

async function askTagged<T>(
  url: string,
  { pass, ...request }: Request,
): Promise<{ readonly value: T; readonly tag?: string | undefined }> {
  const shown = { token: pass?.meter, siteToken: pass?.site };
  const { status, value, tag } = await requestJson(url, { ...request, ...shown });
  if (status < 300) return { value: value as T, tag };
  const { error, refused } = value as { error?: string; refused?: string };
  throw new SiteRefusal(
    `${url}: ${error ?? `HTTP status ${status}`}`,
    status,
    refused === "site" || new URL(url).pathname === SITE_SESSION,
  );
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Who somebody is at a site, and at one of its meters; nobody where neither is said. */
export interface Who {
  readonly siteUser?: Credentials | undefined;
  readonly user?: Credentials | undefined;
}

async function tokenOf(url: string, who: Credentials, pass: Pass): Promise<string> {
  return (await ask<{ token: string }>(url, { method: "POST", body: who, pass })).token;
}

/** Logs in to the site, and to the meter at a URL, where somebody is to. */
export async function logIn(url: string, { siteUser, user }: Who): Promise<Pass> {
  const site = siteUser && (await tokenOf(new URL(SITE_SESSION, url).href, siteUser, {}));
  if (user === undefined) return { site };
  try {
    return { site, meter: await tokenOf(`${url}/session`, user, { site }) };
  } catch (error) {
    await logOut(url, { site });
    throw error;
  }
}

export async function logOut(url: string, pass: Pass): Promise<void> {
  try {
    if (pass.meter !== undefined) await ask(`${url}/session`, { method: "DELETE", pass });
  } finally {
    if (pass.site !== undefined) await ask(new URL(SITE_SESSION, url).href, { method: "DELETE", pass });
  }
}

/** Logs in to the site, and to the meter at a URL, where somebody is to; runs, and logs out. */
export async function withSession<T>(url: string, who: Who, run: (pass: Pass) => Promise<T>): Promise<T> {
  const pass = await logIn(url, who);
  try {
    return await run(pass);
  } finally {
    await logOut(url, pass);
  }
}

export function readRegisters(
  url: string,
  list: string,
  pass?: Pass,
): Promise<{ readonly registers: readonly RegisterView[] }> {
  return ask(`${url}/registers/${list}`, { pass });
}

/** Keys and values after the question mark; undefined ones are left out. */
export type Query = Readonly<Record<string, string | undefined>>;

function withQuery(url: string, query: Query): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? url : `${url}?${new URLSearchParams(given).toString()}`;
}

/** A profile's records, by as many answers as it takes: a site gives so many at once. */
async function readAll(one: (query: Query) => Promise<ProfileView>, query: Query): Promise<ProfileView> {
  let last = await one(query);
  const records = [...last.records];
  while (last.more === true) {
    last = await one({ ...query, since: String(last.next) });
    for (const record of last.records) records.push(record);
  }
  const { more: _more, ...view } = last;
  return { ...view, records };
}

/** `query`: days, from and to (local times), or since (a record's number). */
export function readProfile(url: string, number: number, query: Query, pass?: Pass): Promise<ProfileView> {
  return readAll((one) => ask(withQuery(`${url}/profiles/${number}`, one), { pass }), query);
}

/** The same of a group of the measurement log. */
export function readMeasurementLog(url: string, number: number, query: Query, pass?: Pass): Promise<ProfileView> {
  return readAll((one) => ask(withQuery(`${url}/measurement-log/${number}`, one), { pass }), query);
}

/** `page`: from (an entry's number) and most. */
export function readLog(url: string, kind: string, page: Query, pass?: Pass): Promise<LogView> {
  return ask(withQuery(`${url}/logs/${encodeURIComponent(kind)}`, page), { pass });
}

export function readSelfReads(url: string, page: Query, pass?: Pass): Promise<SelfReadsView> {
  return ask(withQuery(`${url}/self-reads`, page), { pass });
}

export function readFiles(url: string, pass?: Pass): Promise<FilesView> {
  return ask(`${url}/files`, { pass });
}

/** What came of a command: what else it set in motion, where it did. */
export interface CommandAnswer {
  readonly consequences?: readonly string[];
}

export function sendCommand(url: string, command: MeterCommand, pass?: Pass): Promise<CommandAnswer> {
  return ask(`${url}/commands`, { method: "POST", body: command, pass });
}

/** The number of the member of a series that a reader has yet to read. */
export async function readMark(
  url: string,
  { reader, series }: { readonly reader: string; readonly series: string },
  pass?: Pass,
): Promise<number> {
  return (await ask<{ next: number }>(withQuery(`${url}/marks`, { reader, series }), { pass })).next;
}

/** A reader has what it was sent, up to the member before `next`: it will not be shown again as new. */
export async function moveMark(
  url: string,
  mark: { readonly reader: string; readonly series: string; readonly next: number },
  pass?: Pass,
): Promise<void> {
  await ask(`${url}/marks`, { method: "POST", body: mark, pass });
}

/** A meter of a site, as the site lists it. */
export interface ListedMeter {
  readonly name: string;
  readonly model: string;
  readonly title: string;
  /** By which it answers over other protocols. */
  readonly urls: readonly string[];
}

/** The meters of the site at a URL, "http://host:port". */
export async function readMeters(site: string, pass?: Pass): Promise<readonly ListedMeter[]> {
  return (await ask<{ meters: readonly ListedMeter[] }>(`${site}/api/meters`, { pass })).meters;
}

/** What a meter is, and all that it says of now; `utc` is the site's clock, milliseconds. */
export function readMeterView(url: string, pass?: Pass): Promise<MeterView & { readonly utc: number }> {
  return ask(url, { pass });
}

export function readConfiguration(url: string, pass?: Pass): Promise<unknown> {
  return ask(`${url}/configuration`, { pass });
}

export interface Application {
  /** What begins anew. */
  readonly consequences: readonly string[];
  /** Of the configuration that it was compared with. */
  readonly tag?: string | undefined;
}

/** What applying a configuration would do. */
export async function checkConfiguration(url: string, configuration: unknown, pass?: Pass): Promise<Application> {
  const asked = { method: "PUT", body: configuration, pass };
  const { value, tag } = await askTagged<Application>(`${url}/configuration?check`, asked);
  return { ...value, tag };
}

/** Applies a configuration to what the meter had when it was checked; takes a session. */
export function applyConfiguration(
  url: string,
  configuration: unknown,
  { tag, pass }: { readonly tag?: string | undefined; readonly pass?: Pass | undefined },
): Promise<Application> {
  return ask(`${url}/configuration`, { method: "PUT", body: configuration, pass, match: tag });
}

/** The last entries of its history, oldest first. */
export function readConfigurationHistory(url: string, pass?: Pass): Promise<ConfigurationHistoryView> {
  return ask(`${url}/configuration/history`, { pass });
}

export interface Undoing extends Application {
  readonly changes: readonly KeyChange[];
}

/** Takes back an entry of its history and all since, the last unless said; what that would do, where it is only checked. */
export async function undoConfiguration(
  url: string,
  {
    entry,
    check,
    tag,
    pass,
  }: {
    readonly entry?: number | undefined;
    readonly check: boolean;
    readonly tag?: string | undefined;
    readonly pass?: Pass | undefined;
  },
): Promise<Undoing> {
  const body = entry === undefined ? {} : { entry };
  const place = `${url}/configuration/undo${check ? "?check" : ""}`;
  const answer = await askTagged<Undoing>(place, { method: "POST", body, pass, match: tag });
  return { ...answer.value, tag: answer.tag };
}
