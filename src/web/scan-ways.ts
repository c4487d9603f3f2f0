/** How a place is scanned, protocol by protocol: what is tried of it, and how what is found is named. */
import { scanDlms } from "#headend/dlms-scan.ts";
import { looksDlms, parseDlmsUrl } from "#headend/dlms-url.ts";
import { scanDnp3 } from "#headend/dnp3-scan.ts";
import { addressRange, looksDnp3, parseDnp3Url } from "#headend/dnp3-url.ts";
import { modelsOf, type Identity } from "#headend/identity.ts";
import { parseModbusUrl } from "#headend/modbus-url.ts";
import { UrlError } from "#headend/place.ts";
import { scanPlace, type Found } from "#headend/scan.ts";
import type { ScanAsked, ScanFound, ScanView } from "#quantity/site-edit-view.ts";

/** Told how far it is; it throws once somebody has ended it. */
export type Tell = (part: Partial<Pick<ScanView, "unit" | "found" | "words">>) => void;

export interface Ended {
  readonly found: readonly ScanFound[];
  readonly silent: number;
  readonly words: string;
}

interface Way {
  readonly looks: (url: string) => boolean;
  readonly range: readonly [least: number, most: number];
  /** Throws UrlError at once of what is no such place. */
  readonly begin: (asked: ScanAsked) => (tell: Tell, signal: AbortSignal) => Promise<Ended>;
}

const SELF = ["self-describing"];
const says: ReadonlySet<string> = new Set<Identity["by"]>(["SunSpec", "device identification", "server id"]);

function numbers({ from, to }: ScanAsked): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, k) => from + k);
}

/** The URL of what answers behind a place: by the path where there is a host, else among the questions. */
function urlOf(text: string, number: number, word: string): string {
  const url = new URL(text);
  if (url.hostname === "") url.searchParams.set(word, String(number));
  else url.pathname = `/${number}`;
  return url.href;
}

const modbus: Way = {
  looks: () => true,
  range: [1, 247],
  begin(asked) {
    const place = parseModbusUrl(asked.url, "has no protocol that is scanned; DLMS/COSEM and DNP3 are, and Modbus");
    const foundOf = ({ unit, by, text }: Found): ScanFound => {
      const models = says.has(by) ? modelsOf({ by: by as Identity["by"], text }) : [];
      return { unit, by, text, url: urlOf(asked.url, unit, "unit"), models };
    };
    return async (tell, signal) => {
      const { found, absent } = await scanPlace(
        place,
        numbers(asked),
        asked.timeout,
        (unit, sofar) => tell({ unit, found: sofar.map(foundOf) }),
        signal,
      );
      const news = absent.filter(({ why }) => why !== "silence" && why !== "gateway").map(({ words }) => words);
      return { found: found.map(foundOf), silent: absent.length, words: news.slice(0, 3).join("; ") };
    };
  },
};

const dnp3: Way = {
  looks: looksDnp3,
  range: addressRange,
  begin(asked) {
    const url = parseDnp3Url(asked.url);
    return async (tell, signal) => {
      const progress = (words: string): void => tell({ words });
      const all = await scanDnp3(url, numbers(asked), { timeoutMs: asked.timeout, progress, signal });
      const found = all.map(({ address, answers, points, text }): ScanFound => {
        const counts = Object.entries(points).map(([title, count]) => `${count} ${title}`);
        const by = answers ? "answers" : "its data link alone";
        const words = [...counts, ...(text === "" ? [] : [text])].join(", ");
        return { unit: address, by, text: words, url: urlOf(asked.url, address, "address"), models: SELF };
      });
      return { found, silent: asked.to - asked.from + 1 - found.length, words: "" };
    };
  },
};

/** Clients that a meter knows, at one of its logical devices. */
const dlms: Way = {
  looks: looksDlms,
  range: [1, 127],
  begin(asked) {
    const url = parseDlmsUrl(asked.url);
    return async (tell, signal) => {
      const scanned = { clients: numbers(asked), servers: [url.server], physicals: [url.physical] };
      const progress = (words: string): void => tell({ words });
      const { found, silent } = await scanDlms(url, scanned, { timeoutMs: asked.timeout, progress, signal });
      const all = found.map(({ client, says: by, text }): ScanFound => {
        const at = new URL(asked.url);
        at.searchParams.set("client", String(client));
        return { unit: client, by, text, url: at.href, models: SELF };
      });
      return { found: all, silent, words: "" };
    };
  },
};

/** How a place is scanned; throws UrlError of what cannot be. */
export function wayOf(asked: ScanAsked): ReturnType<Way["begin"]> {
  const way = [dnp3, dlms].find(({ looks }) => looks(asked.url)) ?? modbus;
  const run = way.begin(asked);
  const [least, most] = way.range;
  if (asked.from < least || asked.to > most)
    throw new UrlError(`expected numbers from ${least} to ${most}; found ${asked.from} to ${asked.to}`);
  return run;
}
