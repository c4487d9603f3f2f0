import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { hasModes } from "./draft.ts";

/** Why a file cannot be read, by what the system says. */
const unreadable: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "this user may not read it; its owner lets him (chmod, chown), or runs this",
  EPERM: "this user may not read it",
  ELOOP: "its links lead in a circle",
  EMFILE: "this process has as many files open as it may; ulimit -n says how many",
  ENAMETOOLONG: "its name is too long",
  EIO: "the disk fails",
};

/** Why a file cannot be made. */
export const unmakeable: Readonly<Record<string, string>> = {
  EEXIST: "there is one already, and it stays as it is; take another name",
  ENOENT: "there is no such folder",
  ENOTDIR: "there is no such folder",
  EISDIR: "it is a folder",
  EACCES: "this user may not write into that folder",
  EPERM: "this user may not write into that folder",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
};

/** The bytes of a file; throws an Error that names the path and says why it could not be read. */
export function readFile(file: string): Uint8Array {
  try {
    const is = statSync(file);
    // Whoever reads a pipe waits until somebody writes into it; of a device there may be no end.
    if (!is.isFile() && !is.isDirectory()) throw new Error("it is a pipe, a socket or a device; expected a file");
    return readFileSync(file);
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new Error(`cannot read ${file}: ${unreadable[code] ?? message}`, { cause: error });
  }
}

/** Bytes of a file that are read when they are wanted. */
export interface FileBytes {
  readonly size: number;
  /** Puts bytes from `at` on into `into`; says how many there were. */
  read(at: number, into: Uint8Array): number;
}

/**
 * A file of any size, to be read piece by piece: it is open while a piece is read and not between, so that a site may have thousands.
 * Throws an Error that names the path and says why it cannot be read.
 */
export function fileBytes(file: string): FileBytes {
  const failed = (error: unknown): never => {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new Error(`cannot read ${file}: ${unreadable[code] ?? message}`, { cause: error });
  };
  const read = (at: number, into: Uint8Array): number => {
    try {
      const open = openSync(file, "r");
      try {
        return readSync(open, into, 0, into.length, at);
      } finally {
        closeSync(open);
      }
    } catch (error) {
      return failed(error);
    }
  };
  try {
    const is = statSync(file);
    if (!is.isFile() && !is.isDirectory()) throw new Error("it is a pipe, a socket or a device; expected a file");
    if (is.isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
    read(0, new Uint8Array(1));
    return {
      size: is.size,
      read(at, into) {
        const got = read(at, into);
        // Whoever reads on knows how long it was.
        if (got > 0 || at >= is.size || into.length === 0) return got;
        throw new Error(`cannot read ${file}: it had ${is.size} bytes, and has been cut to ${statSync(file).size}`);
      },
    };
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("cannot read ")) throw error;
    return failed(error);
  }
}

export function readText(file: string): string {
  return new TextDecoder().decode(readFile(file));
}

/** The text of a file that nobody but its owner may read; throws an Error that names the path and what is wrong. */
export function readOwnText(file: string): string {
  const text = readText(file);
  const mode = statSync(file).mode & 0o777;
  if (!hasModes || (mode & 0o077) === 0) return text;
  const octal = `0${mode.toString(8)}`;
  throw new Error(`${file} has the mode ${octal}, expected 0600: others can read it; chmod 600 makes it right`);
}

/** Makes a file that is not there yet; throws an Error that names it, and says why it cannot be made. */
export function makeFile(file: string, content: string | Uint8Array): void {
  try {
    writeFileSync(file, content, { flag: "wx" });
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new Error(`cannot make ${file}: ${unmakeable[code] ?? message}`, { cause: error });
  }
}

/** Where a file is written until it is whole. */
const PART = ".part";

/**
 * Makes a file of bytes, whole or not at all; one that is there stays as it is unless `over`. Throws an Error that names it, and says why
 * it cannot be made.
 */
export function makeBytes(file: string, bytes: Uint8Array, over = false): void {
  const part = file + PART;
  try {
    const open = openSync(part, "w");
    try {
      writeFileSync(open, bytes);
      fsyncSync(open);
    } finally {
      closeSync(open);
    }
    // A name that is taken already is no link's.
    if (!over) linkSync(part, file);
    else renameSync(part, file);
    if (!over) rmSync(part);
  } catch (error) {
    rmSync(part, { force: true });
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new Error(`cannot make ${file}: ${unmakeable[code] ?? message}`, { cause: error });
  }
}

export function fileExists(file: string): boolean {
  return existsSync(file);
}

export function makeFolder(folder: string): void {
  // Step by step: where the system says that nothing can be there (/proc) Node's own way tries for ever.
  const missing: string[] = [];
  for (let at = path.resolve(folder); !existsSync(at); at = path.dirname(at)) missing.unshift(at);
  for (const one of missing) if (!existsSync(one)) mkdirSync(one);
}

export function renameFile(from: string, to: string): void {
  renameSync(from, to);
}

/** `file` as seen from `folder`, absolute. */
export function resolvePath(folder: string, file: string): string {
  return path.resolve(folder, file);
}

export function folderOf(file: string): string {
  return path.dirname(path.resolve(file));
}

/** The same path with another extension: ("a/b.cfg", ".dat") is "a/b.dat". */
export function withExtension(file: string, extension: string): string {
  const { dir, name } = path.parse(file);
  return path.join(dir, name + extension);
}

/** The file beside another that has its name and another extension, in whatever case that is written; undefined where there is none. */
export function besideWithExtension(file: string, extension: string): string | undefined {
  const { dir, name } = path.parse(file);
  const folder = dir === "" ? "." : dir;
  if (!existsSync(folder)) return undefined;
  const wanted = (name + extension).toLowerCase();
  const found = readdirSync(folder).filter((other) => other.toLowerCase() === wanted);
  // Of several the one whose name is the same but for the extension, then the one that is written as usual.
  const best =
    found.find((other) => other === name + extension) ??
    found.find((other) => other.startsWith(`${name}.`)) ??
    found[0];
  return best === undefined ? undefined : path.join(dir, best);
}
