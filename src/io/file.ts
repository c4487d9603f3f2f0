import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import path from "node:path";

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

/** Puts a text in place of a file's whole content: after a crash the file has the old text or the new one. Who may read it stays. */
export function replaceText(name: string, text: string): void {
  // A link goes on leading to it.
  const file = existsSync(name) ? realpathSync(name) : name;
  const draft = `${file}.new`;
  const open = openSync(draft, "w");
  try {
    if (existsSync(file)) fchmodSync(open, statSync(file).mode & 0o7777);
    writeSync(open, text);
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
  renameSync(draft, file);
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
