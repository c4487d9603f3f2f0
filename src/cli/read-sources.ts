/** The meters and names that words of `read` say. What one kind of meter needs is loaded where one is there. */
import type { MeterSource } from "#headend/meter-source.ts";
import { UnknownName } from "#headend/chosen.ts";
import { UrlError } from "#headend/place.ts";
import { realClock } from "#headend/real-clock.ts";
import { parseSiteUrl, type SiteUrl } from "#headend/site-url.ts";
import { didYouMean } from "#quantity/nearest.ts";
import type { Asked } from "./credentials.ts";
import { Failure, orFail } from "./failure.ts";

/** What is read: words with a scheme are URLs, the others are names. */
export function readingWords(words: readonly string[]): {
  readonly urls: readonly string[];
  readonly names: readonly string[];
} {
  const isUrl = (word: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(word);
  const [first = ""] = words;
  // The first has to be one: what is wrong with it is said of it.
  const urls = words.filter((word, k) => k === 0 || isUrl(word));
  if (new Set(urls).size < urls.length)
    throw new Failure(`${urls.find((url, k) => urls.indexOf(url) < k)} stands there twice`, 2);
  return {
    urls,
    names: isUrl(first) ? words.filter((word) => !isUrl(word)) : words.slice(1).filter((word) => !isUrl(word)),
  };
}

export interface SourceOptions {
  /** One of all meters that need one, or one of each in their order. */
  readonly model: readonly string[];
  readonly list?: string | undefined;
  readonly swapWords?: true;
  readonly configuration?: string | undefined;
  readonly modelNumber?: string | undefined;
  readonly timeoutMs: number;
  readonly maxRegisters?: number | undefined;
  /** Every value once, by its name. */
  readonly byName: boolean;
}

/** A meter of a site by its URL; undefined of what is none of a site. */
export function siteMeterIn(text: string): SiteUrl | undefined {
  return orFail(2, () => parseSiteUrl(text));
}

/** Throws Failure of status 2 of words that say nothing, or nothing that a model has. */
export async function sourcesOf(
  urls: readonly string[],
  names: readonly string[],
  options: SourceOptions,
  who: () => Promise<Asked>,
): Promise<readonly MeterSource[]> {
  try {
    const of = await overModbus(
      urls.filter((url) => siteMeterIn(url) === undefined),
      names,
      options,
    );
    const asked = of.length === urls.length ? undefined : await who();
    const sources: MeterSource[] = [];
    for (const url of urls) {
      const found = siteMeterIn(url);
      if (found === undefined) sources.push(...of.filter((one) => one.url === url));
      else sources.push(await ofSite(url, found, names, { ...options, asked }));
    }
    return sources;
  } catch (error) {
    if (error instanceof UnknownName || error instanceof UrlError) throw new Failure(error.message, 2);
    throw error;
  }
}

async function ofSite(
  url: string,
  { site, meter }: SiteUrl,
  names: readonly string[],
  { list, asked = { user: undefined, siteUser: undefined } }: SourceOptions & { readonly asked: Asked | undefined },
): Promise<MeterSource> {
  const { SiteSource } = await import("#headend/site-source.ts");
  if (meter === undefined)
    throw new Failure(`${url} is a site: npx polyphase read ${site} alone says which meters it has`, 2);
  return new SiteSource(url, { site, meter }, asked, { list, names });
}

async function overModbus(
  urls: readonly string[],
  names: readonly string[],
  options: SourceOptions,
): Promise<readonly MeterSource[]> {
  if (urls.length === 0) return [];
  const { parseMeterUrl, readerOf } = await import("#headend/meter-url.ts");
  const { Lines } = await import("#headend/lines.ts");
  const { timeoutMs, maxRegisters } = options;
  const lines = new Lines({ timeoutMs, maxRegisters });
  for (const url of urls) parseMeterUrl(url);
  const modelled = urls.filter((url) => readerOf(url) === undefined);
  const { model: models } = options;
  if (models.length > 1 && models.length !== modelled.length)
    throw new Failure(`--model: expected one, or one of each of ${modelled.length} meters; found ${models.length}`, 2);
  const sources: MeterSource[] = [];
  for (const url of urls) {
    const read = readerOf(url);
    if (read === undefined) {
      const model = models.length > 1 ? models[modelled.indexOf(url)] : models[0];
      sources.push(await ofModel(url, model, { lines, names, options }));
      continue;
    }
    const { TellingSource } = await import("#headend/point-source.ts");
    sources.push(new TellingSource(url, () => read({ timeoutMs }), { clock: realClock, names }));
  }
  return sources;
}

async function ofModel(
  text: string,
  name: string | undefined,
  {
    lines,
    names,
    options,
  }: {
    readonly lines: InstanceType<typeof import("#headend/lines.ts").Lines>;
    readonly names: readonly string[];
    readonly options: SourceOptions;
  },
): Promise<MeterSource> {
  if (name === undefined) throw new Failure("--model is needed: which model it is (see: npx polyphase models)", 2);
  const { parseModbusUrl } = await import("#headend/modbus-url.ts");
  const { modelNamed, revenueModelNamed } = await import("#model/catalogue.ts");
  const model = modelNamed(name);
  if (model === undefined && revenueModelNamed(name) === undefined) {
    const { catalogue, revenueModels } = await import("#model/catalogue.ts");
    const known = [...catalogue, ...revenueModels].map((one) => one.name);
    throw new Failure(`there is no model "${name}"; expected one of ${known.join(", ")}${didYouMean(name, known)}`, 2);
  }
  const at = parseModbusUrl(text);
  if (model !== undefined) {
    const { FixedMapSource } = await import("#headend/fixed-map-source.ts");
    const { withWordsTurned } = await import("#headend/read-meter.ts");
    const wanted = names.length > 0 ? { names } : options.byName ? "quantities" : "all";
    const given = options.swapWords ? withWordsTurned(model) : model;
    return new FixedMapSource({ text, at }, given, { lines, clock: realClock, wanted });
  }
  const { configurationsOf, FACTORY } = await import("./configured.ts");
  const { ConfiguredSource } = await import("#headend/point-source.ts");
  const { configuration, modelNumber } = options;
  if (configuration === undefined)
    throw new Failure(
      `what the registers of a ${name} are, its configuration says: --configuration FILE names it, --configuration factory says that it has the factory's (npx polyphase config show URL prints that of a meter of a site)`,
      2,
    );
  const { usualOrder, modbusPoints } = configurationsOf(name);
  const { readText } = await import("#io/file.ts");
  const isFactory = configuration === FACTORY;
  const lists = orFail(2, () =>
    modbusPoints(
      isFactory ? "the factory's configuration" : configuration,
      isFactory ? "" : readText(configuration),
      modelNumber ?? usualOrder,
    ),
  );
  return new ConfiguredSource({ text, at, model: name }, lists, { lines, clock: realClock, names });
}
