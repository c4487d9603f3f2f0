/** The folder of a store, before anything in it is opened, and taken away again by whoever could not begin. */
import path from "node:path";
import type { Disk } from "./disk.ts";
import { StoreForbidden } from "./trouble.ts";

/** Files of a store, and what SQLite puts beside them. */
const OURS = /^polyphase(-2)?\.sqlite(\.new)?(-wal|-shm|-journal)?$|^polyphase\.journal-\d+$/;

/** How the names of all files of a store begin. */
const OWN = "polyphase";

/** A store that was not there before. */
export interface Made {
  /** The outermost folder that was made for it; undefined where there was one. */
  readonly outermost: string | undefined;
}

/** The folder is there, and what is in it is its owner's alone. Undefined where there was something of a store in it. */
export function prepare(disk: Disk, folder: string): Made | undefined {
  const outermost = disk.makeFolder(folder);
  disk.guard(folder);
  disk.check(folder);
  const names = disk.list(folder).filter((name) => name.startsWith(OWN));
  for (const name of names) {
    const file = path.join(folder, name);
    disk.guard(file);
    // What was put aside is nobody's business.
    if (!name.includes(".unreadable-")) disk.check(file);
  }
  return names.length === 0 ? { outermost } : undefined;
}

/**
 * Throws StoreForbidden where something that is no file has the name of one of a store's, or both of its files are one: whoever opens a
 * pipe waits for good, and what is written twice would be there once.
 */
export function refuseOthers(disk: Disk, folder: string, places: readonly [string, string]): void {
  for (const name of disk.list(folder)) {
    const kind = OURS.test(name) ? (disk.find(path.join(folder, name))?.kind ?? "file") : "file";
    if (kind === "file") continue;
    const what = kind === "folder" ? "a folder" : "a pipe, a socket or a device";
    throw new StoreForbidden(
      `the store ${folder} cannot be used (${name} is ${what}, where a file should be); nothing of it has been changed`,
    );
  }
  const [one, other] = places.map((place) => disk.find(place)?.identity);
  if (one !== undefined && one === other)
    throw new StoreForbidden(
      `the store ${folder} cannot be used (${path.basename(places[1])} is a link to ${path.basename(places[0])}, or the other way round: there have to be two files); nothing of it has been changed`,
    );
}

/** Takes away what has been made of a store: nobody else had anything there. */
export function unmake(disk: Disk, folder: string, { outermost }: Made): void {
  for (const name of disk.list(folder)) if (name.startsWith(OWN)) disk.remove(path.join(folder, name));
  if (outermost !== undefined) disk.removeFolders(folder, outermost);
}
