/** A row of the table of readers: all that has to be known of a protocol to name its meters by URL and to read them. */
import type { PointFacts as DnpPointFacts } from "#protocol/dnp3/point-facts.ts";
import { didYouMean } from "#quantity/nearest.ts";
import type { DlmsSecrets } from "./dlms-secrets.ts";
import type { MeterSource } from "./meter-source.ts";
import type { PointReading } from "./point-reading.ts";
import { placeIn, UrlError, type Place, type Transport } from "./place.ts";
export type { PointReading } from "./point-reading.ts";

/** What a URL names. What tells a meter from others on its place stands here, too, by the protocol's own word for it: `unit`. */
export interface MeterUrl {
  readonly protocol: string;
  /** By the names of site files. */
  readonly transport: string;
  readonly place: Place;
}

/** How long to wait for each answer, and how often to ask again what can be asked again. */
export interface LineSettings {
  readonly timeoutMs: number;
  readonly retries?: number;
  /** Requests under way at once, where the URL is TCP. */
  readonly outstanding?: number;
  /** Registers that are read at once at most, of Modbus. */
  readonly maxRegisters?: number | undefined;
}

export interface Reader<Url extends MeterUrl = MeterUrl> {
  /** Its URLs in words. */
  readonly forms: readonly string[];
  /** Undefined where it has no such scheme. Throws UrlError. */
  parse(url: URL, text: string): Url | undefined;
  /**
   * All that a meter has, over a line that is opened for it; rejects with a message that names the address or device. Left out where
   * only a model or a configuration says what there is.
   */
  read?(url: Url, settings: LineSettings): Promise<readonly PointReading[]>;
  /** A meter that is read by what is named, or as a whole, over a line that stays: where the protocol tells what there is. */
  source?(url: Url, asked: SourceAsked): Promise<MeterSource>;
}

/** What is wanted of a meter that tells what it has. */
export interface SourceAsked {
  /** The URL as it was given. */
  readonly text: string;
  /** Nothing is all. */
  readonly names: readonly string[];
  readonly timeoutMs: number;
  readonly secrets: DlmsSecrets;
  /** What a configuration says of the points of DNP3; nothing where there is none. */
  readonly dnp3Points?: (() => Promise<readonly DnpPointFacts[]>) | undefined;
  /** Who has a line now, by its name, and how he leaves it: a line carries one association at a time. */
  readonly held: Map<string, () => Promise<void>>;
}

interface Named<Way> {
  readonly transport: Way;
  readonly place: Place;
  readonly url: URL;
  /** As it was given. */
  readonly text: string;
}

/** A row of a protocol's own transports: what its URLs name, and how it is read. */
export function reader<Way extends Transport, Url extends MeterUrl>(
  transports: readonly Way[],
  named: (named: Named<Way>) => Url,
  read?: (url: Url, settings: LineSettings) => Promise<readonly PointReading[]>,
): Reader<Url> {
  return {
    forms: transports.map(({ form }) => form),
    parse(url, text) {
      const transport = transports.find(({ scheme }) => `${scheme}:` === url.protocol);
      return transport && named({ transport, place: placeIn(url, text, transport), url, text });
    },
    ...(read === undefined ? {} : { read }),
  };
}

/** What a text names by one of the rows, and the row; `foreign` says what is wrong with another scheme. Throws UrlError. */
export function namedBy<Url extends MeterUrl>(
  text: string,
  table: readonly Reader<Url>[],
  foreign: string,
): { readonly url: Url; readonly by: Reader<Url> } {
  const forms = table.flatMap((row) => row.forms);
  const expected = `expected ${[forms.slice(0, -1).join(", "), forms.at(-1)].filter(Boolean).join(" or ")}`;
  let given: URL;
  try {
    given = new URL(text);
  } catch {
    const [, port] = /^[a-z0-9+]+:\/\/[^/?#]*:(\d+)(?=[/?#]|$)/.exec(text) ?? [];
    if (port !== undefined && Number(port) > 65_535)
      throw new UrlError(`"${text}": expected a port from 1 to 65535; found ${port}`);
    throw new UrlError(`"${text}" is not a meter's URL; ${expected}`);
  }
  for (const by of table) {
    const url = by.parse(given, text);
    if (url !== undefined) return { url, by };
  }
  const schemes = forms.map((form) => form.slice(0, form.indexOf(":")));
  throw new UrlError(`"${text}" ${foreign}${didYouMean(given.protocol.slice(0, -1), schemes)}; ${expected}`);
}
