/** The folder of a store, before anything in it is opened. */
import path from "node:path";
import type { Disk } from "./disk.ts";
import { StoreForbidden } from "./trouble.ts";

/** Files of a store, and what SQLite puts beside them. */
const OURS = /^polyphase(-2)?\.sqlite(\.new)?(-wal|-shm|-journal)?$|^polyphase\.journal-\d+$/;

/** The folder is there, and what is in it is its owner's alone. */
export function prepare(disk: Disk, folder: string): void {
  disk.makeFolder(folder);
  disk.guard(folder);
  disk.check(folder);
  for (const name of disk.list(folder)) {
    const file = path.join(folder, name);
    if (!name.startsWith("polyphase")) continue;
    disk.guard(file);
    // What was put aside is nobody's business.
    if (!name.includes(".unreadable-")) disk.check(file);
  }
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
