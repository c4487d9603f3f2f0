/**
 * Files of the observations of a day, from midnight to midnight of local time. What comes in it is kept as parts; when the day is over they are
 * put together in files of up to 500 kB before they are compressed. A file comes in the very moment in which its parts go: whatever ends the process,
 * each observation is in one of both.
 */
import type { LocalTime } from "#clock/local-time.ts";
import { FormatError } from "#format/recording.ts";
import {
  readPqdif,
  sizeOfObservation,
  splitPqdif,
  timeOf,
  writePqdif,
  type DataSource,
  type MonitorSettings,
  type Observation,
} from "#format/pqdif/pqdif.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { DAILY, pqdifName } from "./file-names.ts";
import type { KeptFile, KeptFiles } from "./kept-files.ts";
import { GRACE } from "./log-reader.ts";
import { dayOf } from "./periods.ts";

/** Bytes of a file ("maximum size of 500K"). */
const MOST = 500_000;

export interface DailyFilesOptions {
  readonly kept: KeptFiles;
  readonly serial: () => string;
  readonly now: () => Stamp;
  readonly zone: () => LocalTime;
  /** Whether observations are collected by day now: where they are not, no part waits. */
  readonly collects: () => boolean;
  readonly failed: (why: string) => void;
}

interface Part {
  readonly file: KeptFile;
  readonly observation: Observation;
}

export class DailyFiles {
  readonly #options: DailyFilesOptions;

  constructor(options: DailyFilesOptions) {
    this.#options = options;
  }

  /** The day whose parts go into files now; undefined where there is none. */
  #dayThatIsOver(): number | undefined {
    const { kept, now, zone, collects } = this.#options;
    const { utc } = now();
    for (const day of kept.days) {
      const { begin, end } = dayOf(day, zone());
      if (!collects() || utc < begin || utc >= end + GRACE) return day;
    }
    return undefined;
  }

  /** Whether there is something to be put together. */
  get isDue(): boolean {
    return this.#dayThatIsOver() !== undefined;
  }

  /** Puts the parts of one day together; false where no day is over. `isStopped` says that nothing may be written any more. */
  async put(isStopped: () => boolean): Promise<boolean> {
    const { kept } = this.#options;
    const day = this.#dayThatIsOver();
    if (day === undefined) return false;
    const files = [...kept.all].filter(({ facts }) => facts.kind === "part" && facts.day === day);
    let parts: Part[] = [];
    let size = 0;
    const share = sharer();
    for (const file of files) {
      const found = await this.#observationOf(file);
      if (isStopped()) return false;
      if (found === undefined) continue;
      const observation = share(found);
      parts.push({ file, observation });
      size += sizeOfObservation(observation);
      if (size <= MOST) continue;
      const left = await this.#write(day, parts, { isLast: false, isStopped });
      if (left === undefined) return false;
      parts = left;
      size = parts.reduce((sum, one) => sum + sizeOfObservation(one.observation), 0);
    }
    return (await this.#write(day, parts, { isLast: true, isStopped })) !== undefined;
  }

  /** What cannot be read is left out, and said. */
  async #observationOf(file: KeptFile): Promise<Observation | undefined> {
    const { kept, failed } = this.#options;
    const { name } = file.facts;
    const bytes = kept.read(file);
    if (bytes === undefined) return undefined;
    try {
      const [found] = (await readPqdif(name, bytes)).observations;
      if (found !== undefined) return found;
      failed(`${name}: it has no observation`);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      failed(error.message);
    }
    kept.remove(file);
    return undefined;
  }

  /** Writes files of these parts, all that are full or all; those that are left. Undefined when it had to stop. */
  async #write(
    day: number,
    parts: readonly Part[],
    { isLast, isStopped }: { readonly isLast: boolean; readonly isStopped: () => boolean },
  ): Promise<Part[] | undefined> {
    const { kept, now } = this.#options;
    const serial = this.#options.serial();
    if (parts.length === 0) return [];
    const container = { fileName: pqdifName(serial, day * 1000, DAILY), created: timeOf(now().utc) };
    const observations = parts.map((one) => one.observation);
    const groups = splitPqdif({ container, observations }, MOST, () => container.fileName);
    let at = 0;
    for (const group of isLast ? groups : groups.slice(0, -1)) {
      const own = parts.slice(at, at + group.observations.length);
      at += own.length;
      const name = this.#freeName(day);
      const bytes = await writePqdif({ ...group, container: { ...container, fileName: name } }, { compress: true });
      if (isStopped()) return undefined;
      const recordings = own.flatMap(({ file }, observation) =>
        (kept.now(file)?.facts.recordings ?? []).map((one) => ({ ...one, observation })),
      );
      const facts = { kind: "file", name, at: now(), takes: { others: bytes.length }, recordings } as const;
      kept.add(
        facts,
        bytes,
        own.map(({ file }) => file),
      );
    }
    return parts.slice(at);
  }

  /** Further files of a day have later microseconds. */
  #freeName(day: number): string {
    const { kept } = this.#options;
    const serial = this.#options.serial();
    let instant = day * 1000;
    while (kept.has(pqdifName(serial, instant, DAILY))) instant++;
    return pqdifName(serial, instant, DAILY);
  }
}

/** Observations that say the same of their meter share its records: they differ in when those became effective. */
function sharer(): (observation: Observation) => Observation {
  const sources = new Map<string, DataSource>();
  const all = new Map<string, MonitorSettings>();
  const of = <T>(known: Map<string, T>, one: T): T => {
    const key = JSON.stringify({ ...one, effective: undefined, installed: undefined });
    const there = known.get(key) ?? one;
    known.set(key, there);
    return there;
  };
  return (observation) => ({
    ...observation,
    source: of(sources, observation.source),
    settings: observation.settings === undefined ? undefined : of(all, observation.settings),
  });
}
