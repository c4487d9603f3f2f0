/** Which outstations answer at a place over DNP3: by their data link, then by what they have. */
import { indicationText, refusals } from "#protocol/dnp3/application/indication-words.ts";
import { Association } from "#protocol/dnp3/master/association.ts";
import { DnpError } from "#protocol/dnp3/master/failing.ts";
import type { Line } from "#protocol/dnp3/master/line.ts";
import { read } from "#protocol/dnp3/master/outstation.ts";
import { Points } from "#protocol/dnp3/master/points.ts";
import { classes } from "#protocol/dnp3/master/requests.ts";
import { lineTo } from "./dnp3-meter.ts";
import { titles } from "./dnp3-points.ts";
import type { Dnp3Url } from "./dnp3-url.ts";
import { realClock } from "./real-clock.ts";

export interface Dnp3Found {
  readonly address: number;
  /** Its application answers this master; its data link alone answers many a one that it does not know. */
  readonly answers: boolean;
  /** Points of each kind that class 0 has. */
  readonly points: Readonly<Record<string, number>>;
  /** Its state, or why it does not answer. */
  readonly text: string;
}

/** Whoever is called so answers with its own address. */
const SELF_ADDRESS = 65_532;

/** An application takes longer than its data link. */
const LEAST_MS = 1000;

/** So many are asked at once over what has packets. */
const AT_ONCE = 256;

export interface Dnp3ScanOptions {
  readonly timeoutMs: number;
  readonly progress: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Asks each address; rejects where the place itself cannot be reached, and as soon as `signal` ends it. */
export async function scanDnp3(
  url: Dnp3Url,
  addresses: readonly number[],
  { timeoutMs, progress, signal }: Dnp3ScanOptions,
): Promise<readonly Dnp3Found[]> {
  const line = await lineTo(url, { timeoutMs, retries: 0, signal });
  try {
    const found = new Set(await line.present([SELF_ADDRESS], timeoutMs));
    const most = url.place.over === "serial" ? 1 : AT_ONCE;
    for (let k = 0; k < addresses.length; k += most) {
      const some = addresses.slice(k, k + most);
      progress(`trying addresses ${some[0]} to ${some.at(-1)}; ${found.size} found`);
      for (const address of await line.present(some, timeoutMs)) found.add(address);
    }
    const looked: Dnp3Found[] = [];
    for (const address of [...found].sort((a, b) => a - b)) {
      progress(`reading outstation ${address}`);
      looked.push(await look(line, address, timeoutMs));
      signal?.throwIfAborted();
    }
    return looked;
  } finally {
    line.close();
  }
}

/** Present values are read, which changes nothing. */
async function look(line: Line, address: number, timeoutMs: number): Promise<Dnp3Found> {
  const association = new Association(line.to(address), realClock, {
    timeoutMs: Math.max(timeoutMs, LEAST_MS),
    retries: 1,
  });
  const points = new Points();
  try {
    const { iin } = await read(association, classes(0), points);
    const counts = titles.map(([kind, title]) => {
      const own = points.present.filter((point) => point.kind === kind);
      return [title.toLowerCase(), own.length] as const;
    });
    return {
      address,
      answers: true,
      points: Object.fromEntries(counts.filter(([, count]) => count > 0)),
      text: indicationText(iin & ~refusals),
    };
  } catch (error) {
    if (!(error instanceof DnpError)) throw error;
    return { address, answers: false, points: {}, text: error.message };
  }
}
