/** The meters that words of `read` say. */
import { UnknownName, WrongWords } from "#headend/chosen.ts";
import type { MeterSource } from "#headend/meter-source.ts";
import { UrlError } from "#headend/place.ts";
import { SiteSource } from "#headend/site-source.ts";
import { parseSiteUrl, type SiteUrl } from "#headend/site-url.ts";
import type { Asked } from "./credentials.ts";
import { Failure, orFail } from "./failure.ts";
import type { ProtocolOptions } from "./protocol-sources.ts";
import type { ReadingWords } from "./reading-words.ts";

/** What an http URL names; undefined of another. */
export function siteIn(text: string): SiteUrl | undefined {
  return orFail(2, () => parseSiteUrl(text));
}

export interface SourceOptions extends ProtocolOptions {
  readonly list?: string | undefined;
}

/** The meters of the words, in their order; `who` is asked where one is of a site. Throws Failure of status 2 of what no meter has, or nobody knows. */
export async function sourcesOf(
  { urls, names }: ReadingWords,
  options: SourceOptions,
  who: () => Promise<Asked>,
): Promise<readonly MeterSource[]> {
  const others = urls.filter((url) => siteIn(url) === undefined);
  try {
    const sources = new Map<string, MeterSource>();
    if (others.length > 0) {
      // Models and protocols take a while to load: who reads a site needs none of them.
      const { protocolSources } = await import("./protocol-sources.ts");
      for (const source of await protocolSources({ urls: others, names }, options)) sources.set(source.url, source);
    }
    const asked = others.length === urls.length ? undefined : await who();
    for (const url of urls) {
      const found = siteIn(url);
      if (found === undefined || asked === undefined) continue;
      const { site, meter } = found;
      if (meter === undefined)
        throw new Failure(`${url} is a site: npx polyphase read ${site} alone says which meters it has`, 2);
      sources.set(url, new SiteSource(url, { site, meter }, asked, { list: options.list, names }));
    }
    return urls.flatMap((url) => sources.get(url) ?? []);
  } catch (error) {
    if (error instanceof UnknownName || error instanceof UrlError || error instanceof WrongWords)
      throw new Failure(error.message, 2);
    throw error;
  }
}
