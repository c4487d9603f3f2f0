import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
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
const unmakeable: Readonly<Record<string, string>> = {
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
export function makeText(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new Error(`cannot make ${file}: ${unmakeable[code] ?? message}`, { cause: error });
  }
}

export function fileExists(file: string): boolean {
  return existsSync(file);
}

export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
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
