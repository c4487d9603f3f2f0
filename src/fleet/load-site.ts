/** From a site file to a site: its clock, its store, its meters. */
import type { Clock } from "#clock/clock.ts";
import { PacedClock } from "#clock/paced-clock.ts";
import { SystemClock } from "#clock/system-clock.ts";
import { folderOf, resolvePath } from "#io/file.ts";
import { ReadLines } from "#remote/lines.ts";
import type { Product } from "#product/product.ts";
import { SqliteStore } from "#store/sqlite-store.ts";
import { MemoryStore, type Store } from "#store/store.ts";
import type { Carriers } from "#fleet/protocols/carriers.ts";
import { GroupCommit } from "./group-commit.ts";
import { entriesOf, install, keyIn, noticesOf, type Installed, type Premises } from "./installed.ts";
import type { Notice } from "./notice.ts";
import { products } from "./products.ts";
import { readSite } from "./read-site.ts";
import { Refusals } from "./refusals.ts";
import type { SiteFile } from "./site-schema.ts";
import { SiteUsers, usersFileOf } from "./site-users.ts";
import { Site } from "./site.ts";

/** What a site stands on; each is the computer's own, and what the site file says, unless named. */
export interface Ground {
  readonly products?: readonly Product[];
  /** The time by which peers, lines and people go. */
  readonly real?: Clock;
  /** The time of the meters; with another than the site file's, the site is moved on by whoever moves it. */
  readonly clock?: Clock;
  readonly store?: Store;
  readonly carriers?: Carriers;
  /** What the site file says, checked; it is read unless named. */
  readonly described?: SiteFile | undefined;
}

/**
 * Reads a site file and makes its meters, each by the first of the products that has its model; throws an Error that says what is
 * wrong and where.
 */
export function loadSite(file: string, ground: Ground = {}): Site {
  const { products: all = products, real = new SystemClock(), carriers } = ground;
  const described = ground.described ?? readSite(file, { products: all, carriers });
  const users = new SiteUsers(usersFileOf(file));
  const installed: Installed[] = [];
  const clock = ground.clock ?? clockOf(described, () => installed.every(({ device }) => device.source.ended));
  const store = ground.store ?? openStore(described, file);
  const refusals = new Refusals();
  const commits = new GroupCommit(store, real, (notice) => refusals.told(notice));
  const premises: Premises = { file, products: all, clock, real, store, refusals, lines: new ReadLines() };
  try {
    for (const entry of entriesOf(described)) {
      const one = install(entry, premises);
      one.take();
      installed.push(one);
    }
  } catch (error) {
    // Whoever could not begin leaves nothing.
    store.abandon();
    throw withKey(error, described);
  }
  // Damage shows when a record is asked for.
  const complaints = store.complaints.map((words): Notice => ({ level: "warn", words }));
  store.listen((words) => refusals.told({ level: "warn", words }));
  const notices = [...complaints, ...installed.flatMap(noticesOf)];
  return new Site({ described, premises, installed, notices, commits, users, carriers });
}

/** What a meter says of an entry of its listeners, by the key that the file has for that. */
function withKey(error: unknown, described: SiteFile): unknown {
  if (!(error instanceof Error)) return error;
  const [, name = "", words] = /^(.*?): (listen\[\d+\]: [^]*)$/.exec(error.message) ?? [];
  return words === undefined ? error : new Error(`${keyIn(described)(name)}.${words}`, { cause: error });
}

function clockOf({ clock, meters }: SiteFile, finished: () => boolean): Clock {
  if (clock === undefined || (clock.start === undefined && clock.speed === 1)) return new SystemClock();
  const start =
    clock.start === undefined ? new SystemClock().utc() : Temporal.Instant.from(clock.start).epochMilliseconds;
  // Only recordings end; a site of other sources goes on until it is stopped.
  const recorded = meters.every(({ source }) => source.recording?.loop === false);
  return new PacedClock(start, clock.speed, recorded ? finished : () => false);
}

/** The same site to be looked at only: its store is memory, and nothing of it is opened or left. */
export function lookAtSite(file: string): Site {
  return loadSite(file, { store: new MemoryStore() });
}

/** Where a site keeps what it knows; undefined where that is memory. */
export function storeFolderOf({ store }: Pick<SiteFile, "store">, file: string): string | undefined {
  if (store === ":memory:") return undefined;
  return resolvePath(folderOf(file), store ?? `${file.replace(/^.*[\\/]/, "").replace(/\.[^.]*$/, "")}.data`);
}

function openStore(described: SiteFile, file: string): Store {
  const folder = storeFolderOf(described, file);
  if (folder === undefined) return new MemoryStore();
  const stamp = Temporal.Instant.fromEpochMilliseconds(new SystemClock().utc()).toString().replaceAll(/[:.]/g, "-");
  return new SqliteStore(folder, stamp);
}
