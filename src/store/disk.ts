/** What a store does to the file system, and nothing else does: a simulated disk stands in its place. */
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  statfsSync,
  writeSync,
  type Stats,
} from "node:fs";
import { dirname } from "node:path";

/** A file of the disk that is open. Every method throws what the system says: an Error with a `code` such as ENOSPC. */
export interface DiskFile {
  /** Bytes. */
  size(): number;
  /** Which file it is, whatever its name is by now: the `identity` of what a path leads to is the same where it leads here. */
  readonly identity: string;
  /** Fills `into` from byte `at` of the file on; how many bytes there were. */
  read(into: Uint8Array, at: number): number;
  /** Writes all of it at byte `at`, or throws: some of it may be there then. It is on disk after `sync`, not before. */
  write(bytes: Uint8Array, at: number): void;
  /** Cuts it, or makes it longer by zeros. */
  truncate(size: number): void;
  /** What was written before is on disk when it returns (fdatasync). */
  sync(): void;
  close(): void;
}

/** What a path leads to. */
export interface Found {
  readonly identity: string;
  /** "other" is a pipe, a socket or a device. */
  readonly kind: "file" | "folder" | "other";
  /** Bytes. */
  readonly size: number;
  /** Who may do what, in the nine bits of the system: 0o600. */
  readonly mode: number;
}

/** What a database is about to do to its files. */
export type DatabaseStep = "open" | "begin" | "commit" | "checkpoint";

/**
 * The disk that a store lies on. Paths are those of the system.
 *
 * The journal does all of its reading and writing here. SQLite has its own way to its files (Node has no VFS), so of those the seam is
 * coarser: `database` is asked before each step of a transaction, and what it throws is taken for the database's own error. Between
 * two such steps nothing is written to them but what the step before asked for. A simulated disk lets SQLite's files
 * (`polyphase*.sqlite` and what SQLite puts beside them, `-wal`) lie in a real folder under the very same path, passes on what
 * is asked of those names, and makes the image of a crash by copying them while they are open: as a kill leaves them. It does so
 * within the call that it lets fail, and throws whatever it is asked from then on: a store goes on after an error as long as it can.
 */
export interface Disk {
  /**
   * Makes a folder and those that it lies in; whoever owns it may use it, nobody else. The outermost that was made; undefined where
   * it is there.
   */
  makeFolder(folder: string): string | undefined;
  /** Takes away a folder and those that it lies in, from the innermost to `outermost`, as far as they are empty. */
  removeFolders(folder: string, outermost: string): void;
  /** Names of what is in a folder, in any order. */
  list(folder: string): readonly string[];
  /** "read" of one that is there, "begin" of a new one, which only its owner may use; what was there by its name is emptied. */
  open(file: string, how: "read" | "begin"): DiskFile;
  /** Undefined where there is nothing. */
  find(path: string): Found | undefined;
  /** Throws where this process may not read and write what is there. */
  check(path: string): void;
  /** Lets its owner use a file or folder, and nobody else. What belongs to others stays as it is. */
  guard(path: string): void;
  rename(from: string, to: string): void;
  /** None where it is not there. */
  remove(file: string): void;
  /** Names that were made, renamed and removed in it are on disk when it returns. */
  syncFolder(folder: string): void;
  /** Bytes that may still be written there. */
  space(folder: string): number;
  /** A database is about to do this to its files; throws where it cannot. */
  database(file: string, step: DatabaseStep): void;
}

const OWNER = { file: 0o600, folder: 0o700 } as const;

function identityOf({ dev, ino }: Stats): string {
  return `${dev}.${ino}`;
}

class NodeFile implements DiskFile {
  readonly identity: string;
  readonly #file: number;

  constructor(file: number) {
    this.#file = file;
    this.identity = identityOf(fstatSync(file));
  }

  size(): number {
    return fstatSync(this.#file).size;
  }

  read(into: Uint8Array, at: number): number {
    return readSync(this.#file, into, 0, into.length, at);
  }

  write(bytes: Uint8Array, at: number): void {
    for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done, bytes.length - done, at + done);
  }

  truncate(size: number): void {
    ftruncateSync(this.#file, size);
  }

  sync(): void {
    fdatasyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** The disk of this machine. */
export class NodeDisk implements Disk {
  makeFolder(folder: string): string | undefined {
    return mkdirSync(folder, { recursive: true, mode: OWNER.folder });
  }

  removeFolders(folder: string, outermost: string): void {
    try {
      for (let one = folder; one.length >= outermost.length; one = dirname(one)) rmdirSync(one);
    } catch {
      // Somebody has put something into it.
    }
  }

  list(folder: string): readonly string[] {
    return readdirSync(folder);
  }

  open(file: string, how: "read" | "begin"): DiskFile {
    return new NodeFile(how === "read" ? openSync(file, "r") : openSync(file, "w+", OWNER.file));
  }

  find(path: string): Found | undefined {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    const kind = stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "other";
    return { identity: identityOf(stats), kind, size: stats.size, mode: stats.mode & 0o777 };
  }

  check(path: string): void {
    accessSync(path, constants.R_OK | constants.W_OK);
  }

  guard(path: string): void {
    const found = this.find(path);
    // A name that leads to a device leads to everybody's.
    if (found === undefined || found.kind === "other") return;
    const mode = found.kind === "folder" ? OWNER.folder : OWNER.file;
    if (found.mode === mode) return;
    try {
      chmodSync(path, mode);
    } catch (error) {
      // Only its owner may change that.
      if ((error as { code?: string }).code !== "EPERM") throw error;
    }
  }

  rename(from: string, to: string): void {
    renameSync(from, to);
  }

  remove(file: string): void {
    rmSync(file, { force: true });
  }

  syncFolder(folder: string): void {
    const file = openSync(folder, "r");
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  space(folder: string): number {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  }

  database(_file: string, _step: DatabaseStep): void {}
}
