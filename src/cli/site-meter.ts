/** What the verbs that work on a meter of a running site have in common: its URL, who asks, and what a refusal is. */
import { readMeters, SiteRefusal, withSession, type Pass, type Query } from "#headend/site-meter.ts";
import { meterUrlOf, parseSiteUrl, siteUrlForm } from "#headend/site-url.ts";
import { credentialsOf, type Asking } from "./credentials.ts";
import { Failure, orFail, orFailLater } from "./failure.ts";
import { print } from "./print.ts";

export const siteUrl = ["<url>", `${siteUrlForm}, or as a browser shows it: http://host:port/#NAME`] as const;

/** The meter of a site that a URL names; fails with status 2 of one that names none. */
export function siteMeter(url: string): { readonly at: string; readonly name: string } {
  const found = orFail(2, () => parseSiteUrl(url));
  if (found?.meter === undefined) throw new Failure(`expected ${siteUrlForm}, found "${url}"`, 2);
  return { at: meterUrlOf(found.site, found.meter), name: found.meter };
}

/** Runs a conversation with the meter at a URL, as users of the site and of the meter, or as nobody; what the site refuses ends with status 1. */
export async function atMeter<T>(url: string, asking: Asking, run: (at: string, pass: Pass) => Promise<T>): Promise<T> {
  const { at } = siteMeter(url);
  const who = await credentialsOf(asking);
  return orFailLater(1, async () => {
    try {
      return await withSession(at, who, (pass) => run(at, pass));
    } catch (error) {
      throw inWords(error, url, asking);
    }
  });
}

/** What a site says, without the address that it says it of. */
export function wordsOf({ message }: SiteRefusal): string {
  return message.replace(/^https?:\S+: /, "");
}

/** An error of what was asked at a meter's URL, in words that say what to do where that is known. */
export function inWords(error: unknown, url: string, asking: Asking): unknown {
  if (!(error instanceof SiteRefusal)) return error;
  // What there is not of a meter is said of the meter, not of its address.
  const words = wordsOf(error);
  const name = parseSiteUrl(url)?.meter;
  if (error.status === 404 && name !== undefined && words.includes(name)) return new Failure(words, 1);
  if (error.status !== 401) return error;
  const [option, given] = error.bySite ? ["--site-user", asking.siteUser] : ["--user", asking.user];
  return given === undefined ? new Failure(`${error.message} (${option} NAME says who asks)`, 1) : error;
}

/** Prints the meters of a site, and by what each is read. */
export async function listMeters(
  site: string,
  { json, csv, ...asking }: Asking & { readonly json?: true; readonly csv?: true },
): Promise<void> {
  const { siteUser: who } = await credentialsOf({ siteUser: asking.siteUser });
  const meters = await orFailLater(1, async () => {
    try {
      return await withSession(site, { siteUser: who }, (pass) => readMeters(site, pass));
    } catch (error) {
      throw inWords(error, site, asking);
    }
  });
  const listed = meters.map(({ name, model, title, urls }) => ({
    name,
    model,
    title,
    url: meterUrlOf(site, name),
    urls,
  }));
  const rows = listed.map(({ name, model, url, urls }) => [name, model, url, urls.join(" ")]);
  await print(
    { ...(json ? { json } : {}), ...(csv ? { csv } : {}) },
    { document: { site, meters: listed }, rows: [["name", "model", "url", "also"], ...rows], right: [] },
  );
}

/** Options of what is read page by page. */
export interface PageOptions {
  readonly from?: string;
  readonly most?: string;
}

export const pageOptions = [
  ["--from <number>", "only from this number on; members are counted from 0 since the meter was made"],
  ["--most <number>", "at most so many, the oldest first"],
] as const;

export function pageOf({ from, most }: PageOptions): Query {
  const whole = (name: string, text: string | undefined, least: number): string | undefined => {
    if (text === undefined || (/^\d{1,15}$/.test(text) && Number(text) >= least)) return text;
    throw new Failure(`--${name}: expected a whole number from ${least}, found "${text}"`, 2);
  };
  return { from: whole("from", from, 0), most: whole("most", most, 1) };
}
