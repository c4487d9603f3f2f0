import { existsSync, mkdirSync, readFileSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { hasModes } from "./draft.ts";

/** The bytes of a file; throws an Error that names the path and says why it could not be read. */
export function readFile(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : String(error);
    throw new Error(`cannot read ${file}: ${why}`, { cause: error });
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
