/**
 * A site file read again while its site runs: all of it, or nothing. Meters and listeners of which it says what it said are not touched;
 * others go by the same rules as at a start.
 */
import type { WhenKept } from "#product/product.ts";
import type { Carriers } from "#fleet/protocols/carriers.ts";
import { readText } from "#io/file.ts";
import { FileError } from "#product/file-error.ts";
import { withLines } from "#product/file-lines.ts";
import { same } from "#quantity/same.ts";
import { entriesOf, install, kept, keyIn, noticesOf, type Entry, type Installed, type Premises } from "./installed.ts";
import type { Listeners } from "./listeners.ts";
import type { Notice } from "./notice.ts";
import { readSite } from "./read-site.ts";
import type { SiteFile } from "./site-schema.ts";

export interface Reloading {
  readonly premises: Premises;
  readonly carriers: Carriers | undefined;
  /** What the file said when it was read last. */
  readonly described: SiteFile;
  /** The file is not read, and only meters that reboot are made anew. */
  readonly isOld?: boolean;
  readonly installed: readonly Installed[];
  readonly listeners: Listeners;
  /** Whether the site still runs. */
  readonly isRunning: () => boolean;
  /** These are what runs from now on. */
  readonly take: (installed: readonly Installed[]) => void;
  readonly whenKept: WhenKept;
}

export interface Reloaded {
  readonly described: SiteFile;
  /** What has changed, in words, meter by meter; empty when nothing has. */
  readonly changes: readonly Notice[];
  /** What listens no more is closed. */
  readonly closed: Promise<void>;
}

/** What belongs to a run of the process as a whole. */
const lasting = ["web", "store", "clock"] as const;

/** Throws an Error that says what cannot be changed while the site runs. */
function checkLasting(file: string, before: SiteFile, next: SiteFile): void {
  const problems = lasting
    .filter((key) => !same(before[key], next[key]))
    .map((key) => `${key}: cannot be changed while the site runs; stop it and start it again`);
  if (problems.length > 0)
    throw new FileError(file, problems, readText(file), "is valid, and asks for what only a start can do");
}

/** An entry, and who stands there already. */
interface Planned {
  readonly entry: Entry;
  readonly before: Installed | undefined;
  /** The same, where it stays. */
  readonly stays: Installed | undefined;
}

function isReplaced({ before, stays }: Planned): boolean {
  return before !== undefined && stays === undefined;
}

/**
 * Takes up what the file says now. Rejects, with everything as it was, with an Error that says what is wrong: the file as a whole is checked
 * first, then its meters are made, then what they listen on is opened, and only then anything changes, all at once.
 */
export async function reload(reloading: Reloading): Promise<Reloaded> {
  const { premises, carriers, installed, listeners, isRunning } = reloading;
  const { file, products, store } = premises;
  const { isOld = false } = reloading;
  const described = isOld ? reloading.described : readSite(file, { products, carriers });
  if (!isOld) checkLasting(file, reloading.described, described);
  const trouble = store.check();
  if (trouble !== undefined) throw new Error(`nothing can be kept: ${trouble}`);
  const names = new Map(installed.map((one) => [one.made.entry.name, one]));
  const planned = entriesOf(described).map((entry): Planned => {
    const before = names.get(entry.entry.name);
    names.delete(entry.entry.name);
    const isSpent = before?.device.isSpent === true;
    const stays = before === undefined || isSpent ? undefined : isOld ? before : kept(before, entry, premises);
    return { entry, before, stays };
  });
  const gone = [...names.values()];
  // Whether they can be made shows before a port is opened; they are made anew once all are open, of what meters know by then.
  const made = (): Installed[] => planned.map(({ entry, stays }) => stays ?? install(entry, premises));
  const opening = await listeners.prepare(
    made().map(({ listening }) => listening),
    keyIn(described),
  );
  const stopped: Installed[] = [];
  try {
    if (!isRunning()) throw new Error("the site is stopping");
    const now = premises.clock.elapsed();
    for (const { device } of [...gone, ...planned.filter(isReplaced).flatMap(({ before }) => before ?? [])])
      device.advance(now);
    for (const one of planned.filter(isReplaced).flatMap(({ before }) => before ?? [])) {
      one.device.stop(one.device.isSpent !== true);
      stopped.push(one);
    }
    const next = made();
    const begin = opening.behind(next.map(({ listening }) => listening));
    const isNew = new Set(next.filter((_, k) => planned[k]?.stays === undefined));
    // From here on nothing can fail.
    for (const { device } of gone) device.stop();
    for (const one of isNew) one.take();
    for (const { device } of isNew) device.start(reloading.whenKept);
    reloading.take(next);
    const closed = begin();
    const changes = [...changesOf(planned, gone, opening), ...[...isNew].flatMap(noticesOf)];
    return { described, changes, closed };
  } catch (error) {
    for (const { device } of stopped) device.start(reloading.whenKept);
    const lost = await opening.undo();
    if (lost.length === 0) throw error;
    throw new Error([error instanceof Error ? error.message : String(error), ...lost].join("; "), { cause: error });
  }
}

/** What a person is told of a reload. */
function changesOf(
  planned: readonly Planned[],
  gone: readonly Installed[],
  { opened, closed }: { readonly opened: readonly string[]; readonly closed: readonly string[] },
): readonly Notice[] {
  const of = (meter: string, words: string): Notice => ({ level: "info", meter, words });
  return [
    ...gone.map(({ made, drawer }) =>
      of(made.entry.name, drawer === undefined ? "is gone" : "is gone; what it knows stays in the store"),
    ),
    ...planned.flatMap((one) => {
      const { name } = one.entry.entry;
      if (one.before === undefined) return of(name, "is new");
      if (one.stays === undefined)
        return of(name, one.before.device.isSpent === true ? "has rebooted" : "goes on with what the file says now");
      return one.stays === one.before ? [] : of(name, "listens as the file says now");
    }),
    ...closed.map((what): Notice => ({ level: "info", words: `closed ${what}` })),
    ...opened.map((what): Notice => ({ level: "info", words: `opened ${what}` })),
  ];
}

/** Words that begin with a key of a file, with the line on which that stands. */
function placed(file: string, words: string): string {
  try {
    return withLines(readText(file), [words])[0] ?? words;
  } catch {
    // It cannot be read: the words say so.
    return words;
  }
}

/** What went wrong, in one line: what is wrong with a file stands on lines of its own, and whoever is told has one. */
export function refusalOf(file: string, error: unknown): string {
  const words = placed(file, error instanceof Error ? error.message : String(error));
  const [head = "", ...problems] = words.split(/\n */);
  return problems.length === 0 ? head : `${head} ${problems.join("; ")}`;
}
