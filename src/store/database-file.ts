/** Opening, making and putting aside the SQLite files of a store. */
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Disk } from "./disk.ts";
import { FORMAT, RecordFile, type NewFile, type Verified } from "./record-file.ts";
import { isBusy, isDamage, reasonOf, StoreBusy, StoreForbidden } from "./trouble.ts";

/** What SQLite puts beside a file. */
const TAILS = ["", "-wal", "-shm", "-journal"] as const;

/** What is where a file of the store should be. Whoever looks closes what was opened. */
export type Look =
  | { readonly kind: "none" }
  | { readonly kind: "unreadable"; readonly why: string; readonly close: () => void }
  | { readonly kind: "later"; readonly version: number; readonly close: () => void }
  | { readonly kind: "earlier"; readonly database: DatabaseSync; readonly close: () => void }
  | { readonly kind: "readable"; readonly file: RecordFile; readonly verified: Verified; readonly close: () => void };

/** Changes nothing. Throws StoreBusy, and StoreForbidden where this process may not use it or its disk fails. */
export function look(disk: Disk, place: string): Look {
  const found = disk.find(place);
  if (found === undefined) return { kind: "none" };
  if (found.size === 0) return { kind: "unreadable", why: "it is empty", close: nothing };
  let database: DatabaseSync | undefined;
  try {
    disk.check(place);
    disk.database(place, "open");
    database = new DatabaseSync(place, { timeout: 0 });
    return lookInto(disk, place, database);
  } catch (error) {
    const close = (): void => database?.close();
    if (isBusy(error)) {
      close();
      throw new StoreBusy(
        `the store ${place} is in use by another process: does this site run already? End that one, or give this one another store`,
        { cause: error },
      );
    }
    if (isDamage(error)) return { kind: "unreadable", why: reasonOf(error), close };
    close();
    throw forbidden(place, error);
  }
}

export function forbidden(place: string, error: unknown): StoreForbidden {
  const why = reasonOf(error);
  const folder = place.endsWith(".sqlite") ? dirname(place) : place;
  const advice = /user|written/.test(why)
    ? `: ${folder} and the files in it have to be this user's to read and write (sudo chown -R $USER ${folder}), or where there is none yet, the folder that it is to be in`
    : "";
  return new StoreForbidden(`the store ${place} cannot be used (${why})${advice}; nothing of it has been changed`, {
    cause: error,
  });
}

function nothing(): void {}

function lookInto(disk: Disk, place: string, database: DatabaseSync): Look {
  const close = (): void => database.close();
  // One process at a time: the lock is taken by the first statement and held until the end. Nothing is written before
  // everything has been looked at, so that a file that is put aside is as it was found.
  database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = FULL");
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (version > FORMAT) return { kind: "later", version, close };
  const check = database.prepare("PRAGMA quick_check").get()?.["quick_check"];
  // One line for each damaged page: the first ones tell enough.
  if (check !== "ok") return { kind: "unreadable", why: String(check).split("\n").slice(0, 2).join(" "), close };
  if (version === 1 || version === 2) return { kind: "earlier", database, close };
  if (version !== FORMAT) return { kind: "unreadable", why: `there is no format ${version}`, close };
  const file = new RecordFile(disk, place, database);
  return { kind: "readable", file, verified: file.verify(), close };
}

/** Whether a version that reads as later is this one with one bit turned. */
export function isOneBitOff(version: number): boolean {
  const turned = version ^ FORMAT;
  return (turned & (turned - 1)) === 0;
}

function draftOf(place: string): string {
  return `${place}.new`;
}

/** Makes a file that has all this in it, under another name. It is on disk when this returns. */
export function draft(disk: Disk, place: string, contents: NewFile): void {
  const name = draftOf(place);
  for (const tail of TAILS) disk.remove(name + tail);
  // Made here and not by SQLite, which would let others read it.
  disk.open(name, "begin").close();
  disk.database(name, "open");
  const database = new DatabaseSync(name, { timeout: 0 });
  try {
    database.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = FULL");
    database.exec(
      "CREATE TABLE record (meter TEXT, key TEXT, bytes BLOB, sum INTEGER, PRIMARY KEY (meter, key)) WITHOUT ROWID",
    );
    database.exec(`PRAGMA user_version = ${FORMAT}`);
    new RecordFile(disk, name, database).fill(contents);
    database.exec("PRAGMA journal_mode = WAL");
    database.close();
  } catch (error) {
    database.close();
    // What is half made takes room that is needed.
    for (const tail of TAILS) disk.remove(name + tail);
    throw error;
  }
}

/** Gives what was drafted its name, where nothing is by now, and opens it. */
export function install(disk: Disk, folder: string, place: string): RecordFile {
  // The log of a file that was there before would be taken for this one's.
  for (const tail of TAILS) if (tail !== "") disk.remove(place + tail);
  disk.rename(draftOf(place), place);
  disk.syncFolder(folder);
  const made = look(disk, place);
  if (made.kind === "readable") return made.file;
  throw new Error(`the file ${place} that was just made is ${made.kind}`);
}

/** Gives a file, and what SQLite has put beside it, a name under which it is kept. */
export function putAside(disk: Disk, place: string, stamp: string): string {
  let aside = `${place}.unreadable-${stamp}`;
  for (let k = 2; disk.find(aside) !== undefined; k++) aside = `${place}.unreadable-${stamp}-${k}`;
  for (const tail of TAILS) if (disk.find(place + tail) !== undefined) disk.rename(place + tail, aside + tail);
  return aside;
}
