/** From a site file to a site: its clock, its store, its meters. */
import type { Clock } from "#clock/clock.ts";
import { PacedClock } from "#clock/paced-clock.ts";
import { SystemClock } from "#clock/system-clock.ts";
import { folderOf, readText, resolvePath, withExtension } from "#io/file.ts";
import { FileError, firstOf } from "#product/file-error.ts";
import type { Device, DeviceOptions, Product } from "#product/product.ts";
import { SqliteStore } from "#store/sqlite-store.ts";
import { MemoryStore, type Store } from "#store/store.ts";
import type { Carriers } from "#fleet/protocols/carriers.ts";
import { GroupCommit } from "./group-commit.ts";
import { plainDevice, productOf, products } from "./products.ts";
import { Refusals } from "./refusals.ts";
import { namedFileProblems } from "./named-files.ts";
import { parseSite } from "./site-file.ts";
import type { SiteFile } from "./site-schema.ts";
import { SiteUsers, usersFileOf } from "./site-users.ts";
import { Site } from "./site.ts";
import { makeSource, phasesOf } from "./sources.ts";

/** What a site stands on; each is the computer's own, and what the site file says, unless named. */
export interface Ground {
  readonly products?: readonly Product[];
  /** The time by which peers, lines and people go. */
  readonly real?: Clock;
  /** The time of the meters; with another than the site file's, the site is moved on by whoever moves it. */
  readonly clock?: Clock;
  readonly store?: Store;
  readonly carriers?: Carriers;
}

/**
 * Reads a site file and makes its meters, each by the first of the products that has its model; throws an Error that says what is
 * wrong and where.
 */
export function loadSite(file: string, ground: Ground = {}): Site {
  const { products: all = products, real = new SystemClock(), carriers } = ground;
  const folder = folderOf(file);
  const text = readText(file);
  const described = parseSite(file, text, all);
  const wrong = namedFileProblems(described, { folder, over: carriers });
  if (wrong.length > 0) throw new FileError(file, firstOf(wrong), text);
  const users = new SiteUsers(usersFileOf(file));
  const meters: Device[] = [];
  const clock = ground.clock ?? clockOf(described, () => meters.every(({ source }) => source.ended));
  const store = ground.store ?? openStore(described, file);
  const notices: string[] = [];
  const refusals = new Refusals();
  const commits = new GroupCommit(store, real, (what) => refusals.told(what));
  const makeAll = (): void => {
    for (const entry of described.meters) {
      const { name } = entry;
      const product = productOf(entry.model, all);
      if (product === undefined) continue;
      const device = made(product, {
        entry,
        ports: entry.listen,
        folder,
        keyFile: store instanceof MemoryStore ? undefined : withExtension(file, ".key"),
        clock,
        real,
        store: store.drawer(name),
        source: (how) => makeSource(entry.source, { folder, start: clock.utc(), ...how }),
        phases: phasesOf(entry.source),
        refused: (why) => refusals.add(name, why),
      });
      notices.push(...device.notices.map((notice) => `${name}: ${notice}`));
      meters.push(device);
    }
  };
  try {
    makeAll();
    // Damage shows when a record is asked for.
    notices.unshift(...store.complaints);
    store.listen((what) => refusals.told(what));
  } catch (error) {
    // Whoever could not begin leaves nothing.
    store.abandon();
    throw error;
  }
  const devices = described.devices.map((entry) => plainDevice(entry, clock));
  return new Site({
    file: described,
    folder,
    clock,
    real,
    store,
    meters,
    devices,
    notices,
    refusals,
    commits,
    users,
    carriers,
  });
}

/** Whose file is wrong is said, where the file does not say it itself. */
function made(product: Product, options: DeviceOptions): Device {
  try {
    return product.make(options);
  } catch (error) {
    if (!(error instanceof Error) || error instanceof FileError) throw error;
    throw new Error(`${options.entry.name}: ${error.message}`, { cause: error });
  }
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
