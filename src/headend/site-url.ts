/** URLs of meters of running sites: those of the HTTP API, and what a browser shows of the page. */
import { UrlError } from "./place.ts";

export interface SiteUrl {
  /** "http://host:port". */
  readonly site: string;
  /** Undefined of a site as a whole. */
  readonly meter?: string | undefined;
}

export const siteUrlForm = "http://host:port/api/meters/NAME";

/**
 * What an http(s) URL names: http://host:port/api/meters/NAME (or /api/v1/meters/NAME) and whatever is below it, the page's http://host:port/#NAME and its sections,
 * http://host:port/meters/NAME/pqdif/, or http://host:port, the site, and its /pqdif/. Undefined of another scheme; throws UrlError of what names nothing of a site.
 */
export function parseSiteUrl(text: string): SiteUrl | undefined {
  if (!/^https?:/i.test(text)) return undefined;
  if (!URL.canParse(text)) throw new UrlError(`"${text}" is no URL; expected ${siteUrlForm}`);
  const { origin, pathname, hash } = new URL(text);
  const [, below] = /^(?:\/api(?:\/v1)?)?\/meters(?:\/(.*))?$/.exec(pathname) ?? [];
  const [ofApi = ""] = below?.split("/") ?? [];
  const isKnown = below !== undefined || /^\/(api\/(v1\/)?(meters)?|index\.html|login|pqdif\/?)?$/.test(pathname);
  if (!isKnown)
    throw new UrlError(`"${text}" names nothing of a site; expected ${siteUrlForm} or http://host:port/#NAME`);
  // A "/" of a name is %2F there: what follows one is a section of the page.
  const [ofPage = ""] = hash.slice(1).split("/");
  const meter = decoded(ofApi === "" ? ofPage : ofApi, text);
  return meter === "" ? { site: origin } : { site: origin, meter };
}

function decoded(name: string, text: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    throw new UrlError(`the meter of "${text}" is not well encoded; write a % as %25`);
  }
}

/** Where the API has a meter: by the path that sites of before there were versions have as well. */
export function meterUrlOf(site: string, meter: string): string {
  return `${site}/api/meters/${encodeURIComponent(meter)}`;
}
