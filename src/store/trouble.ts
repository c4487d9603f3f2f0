/** What is wrong with a store or its disk: errors that end a start, and words for what a running one meets. */

/** Another process has the store open: two sites must not count into the same registers. */
export class StoreBusy extends Error {
  override readonly name = "StoreBusy";
}

/** A later version of this program made it: it is left alone. */
export class StoreLater extends Error {
  override readonly name = "StoreLater";
}

/** It cannot be opened or written by this process, or its disk fails: it is left alone. */
export class StoreForbidden extends Error {
  override readonly name = "StoreForbidden";
}

export function isOfStore(error: unknown): boolean {
  return error instanceof StoreBusy || error instanceof StoreLater || error instanceof StoreForbidden;
}

/** By the code of the system, and by the first eight bits of that of SQLite. */
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the disk takes no larger file",
  EROFS: "the disk is read-only",
  EIO: "the disk fails",
  EACCES: "this user may not use it",
  EPERM: "this user may not use it",
  ENOENT: "it is gone",
  ENOTDIR: "there is a file where its folder should be",
  EEXIST: "there is a file where its folder should be",
  3: "this user may not use it",
  8: "it may not be written",
  10: "the disk fails",
  13: "the disk is full",
  14: "this user may not use it, or it is gone",
};

interface Coded {
  readonly code?: string;
  readonly errcode?: number;
  readonly message?: string;
}

function codesOf(error: unknown): { readonly system: string; readonly database: number } {
  const { code = "", errcode } = error as Coded;
  return { system: code, database: errcode === undefined ? 0 : errcode & 0xff };
}

/** What is wrong, in words, of what the system or the database threw. */
export function reasonOf(error: unknown): string {
  const { system, database } = codesOf(error);
  return reasons[system] ?? reasons[database] ?? (error as Coded).message ?? String(error);
}

/** SQLITE_IOERR_SHORT_READ: the file is shorter than it says. */
const SHORT_READ = 522;

/** Whether a database's error is one of its content, not of the disk or of who may do what. */
export function isDamage(error: unknown): boolean {
  const { database } = codesOf(error);
  if ((error as Coded).errcode === SHORT_READ) return true;
  // SQLITE_ERROR (what is asked for is not there), CORRUPT, SCHEMA, MISMATCH, NOTADB.
  return [1, 11, 17, 20, 26].includes(database);
}

/** SQLITE_BUSY and SQLITE_LOCKED. */
export function isBusy(error: unknown): boolean {
  return [5, 6].includes(codesOf(error).database);
}
