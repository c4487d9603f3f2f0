/**
 * Files that are made together: each is written whole beside its place before any gets its name, so that nothing half-written is ever
 * called so. What is there already stays as it is unless it is said to be written over.
 */
import { closeSync, existsSync, linkSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import path from "node:path";
import { makeFolder, unmakeable } from "./file.ts";

/** A piece of a file: text is UTF-8. */
export type Piece = string | Uint8Array;

interface Draft {
  readonly file: string;
  readonly draft: string;
}

export class NewFiles {
  readonly #force: boolean;
  readonly #drafts: Draft[] = [];
  readonly #folders: string[] = [];
  readonly #outdated: string[] = [];

  constructor(force: boolean) {
    this.#force = force;
  }

  /** Throws an Error where a file could not be made: there is one already, or no folder for it. */
  expect(file: string): void {
    const there = statSync(file, { throwIfNoEntry: false });
    if (there?.isDirectory() === true) throw cannot(file, { code: "EISDIR" });
    if (there !== undefined && !this.#force) throw cannot(file, { code: "EEXIST" });
    const folder = path.dirname(file);
    const parent = statSync(folder, { throwIfNoEntry: false });
    if (parent?.isDirectory() !== true && !this.#folders.includes(folder)) throw cannot(file, { code: "ENOENT" });
  }

  /** Throws an Error where there is a file already that may be in the way. */
  expectNone(file: string): void {
    if (!this.#force && existsSync(file)) throw cannot(file, { code: "EEXIST" });
  }

  /** Of these files those that are not written are removed when the others get their names. */
  removeOthers(files: readonly string[]): void {
    this.#outdated.push(...files);
  }

  /** A folder that is made where it is not there; one that was, and stays empty, is removed again by `discard`. */
  folder(folder: string): void {
    if (existsSync(folder)) {
      if (!statSync(folder).isDirectory()) throw new Error(`cannot make ${folder}: there is a file of that name`);
      return;
    }
    try {
      makeFolder(folder);
    } catch (error) {
      throw cannot(folder, error);
    }
    this.#folders.push(folder);
  }

  /** Writes a file beside its place. Throws an Error that names it, and says why it cannot be made. */
  put(file: string, pieces: Iterable<Piece>): void {
    this.expect(file);
    const draft = `${file}.${process.pid}.new`;
    try {
      const open = openSync(draft, "wx");
      this.#drafts.push({ file, draft });
      try {
        for (const piece of pieces) writeAll(open, typeof piece === "string" ? Buffer.from(piece) : piece);
      } finally {
        closeSync(open);
      }
    } catch (error) {
      throw cannot(file, error);
    }
  }

  /** Gives all of them their names. */
  commit(): readonly string[] {
    const made: string[] = [];
    for (const { file, draft } of this.#drafts) {
      try {
        if (this.#force) renameSync(draft, file);
        else nameNew(draft, file);
      } catch (error) {
        this.discard();
        throw cannot(file, error);
      }
      made.push(file);
    }
    for (const file of this.#outdated) if (!made.includes(file)) rmSync(file, { force: true });
    this.#drafts.length = 0;
    this.#folders.length = 0;
    return made;
  }

  /** Leaves all as it was. */
  discard(): void {
    for (const { draft } of this.#drafts) rmSync(draft, { force: true });
    this.#drafts.length = 0;
    for (const folder of this.#folders.toReversed()) {
      try {
        rmSync(folder, { recursive: false });
      } catch {
        // Somebody else has put something into it.
      }
    }
    this.#folders.length = 0;
  }
}

/** A name that nobody has taken since it was looked for. */
function nameNew(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Not every file system has links.
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS" && code !== "EOPNOTSUPP") throw error;
    if (existsSync(file)) throw Object.assign(new Error("it is there"), { code: "EEXIST" });
    renameSync(draft, file);
    return;
  }
  rmSync(draft);
}

function writeAll(open: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(open, bytes, at);
}

function cannot(file: string, error: unknown): Error {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const why = code === "EEXIST" ? "there is one already; --force writes over it" : (unmakeable[code] ?? message);
  return new Error(`cannot make ${file}: ${why}`, { cause: error });
}
