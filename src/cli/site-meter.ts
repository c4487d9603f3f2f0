/** What the verbs that work on a meter of a running site have in common: its URL, who asks, and what a refusal is. */
import { isSiteMeter, SiteRefusal, withSession, type Pass, type Query } from "#headend/site-meter.ts";
import { credentialsOf, type Asking } from "./credentials.ts";
import { Failure, orFailLater } from "./failure.ts";

export const siteUrl = ["<url>", "http://host:port/api/meters/NAME"] as const;

/** The name of the meter at a URL. */
export function nameIn(url: string): string {
  return decodeURIComponent(/\/api\/meters\/([^/?#]+)/.exec(url)?.[1] ?? "the meter");
}

/** Runs a conversation with the meter at a URL, as users of the site and of the meter, or as nobody; what the site refuses ends with status 1. */
export async function atMeter<T>(url: string, asking: Asking, run: (at: string, pass: Pass) => Promise<T>): Promise<T> {
  if (!isSiteMeter(url)) throw new Failure(`expected http://host:port/api/meters/NAME, found "${url}"`, 2);
  const at = url.replace(/\/$/, "");
  const who = await credentialsOf(asking);
  return orFailLater(1, async () => {
    try {
      return await withSession(at, who, (pass) => run(at, pass));
    } catch (error) {
      // What there is not of a meter is said of the meter, not of its address.
      const words = error instanceof SiteRefusal ? error.message.replace(/^https?:\S+: /, "") : "";
      if (error instanceof SiteRefusal && error.status === 404 && words.includes(nameIn(at)))
        throw new Failure(words, 1);
      if (!(error instanceof SiteRefusal) || error.status !== 401) throw error;
      const [option, given] = error.bySite ? ["--site-user", asking.siteUser] : ["--user", asking.user];
      if (given !== undefined) throw error;
      throw new Failure(`${error.message} (${option} NAME says who asks)`, 1);
    }
  });
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
