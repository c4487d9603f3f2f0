/**
 * What takes a file's place: a draft beside it, written and synced whole before it gets the name, and the folder after. A crash or a
 * full disk at any moment leaves the file as it was, or as it is to be.
 */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { limits } from "#quantity/limits.ts";

/** Windows keeps who may read a file elsewhere than in its mode. */
export const hasModes = process.platform !== "win32";

/** The mode of a file that nobody but its owner may read. */
const OWN = 0o600;

const draftOf = (file: string): string => `${file}.new`;

/**
 * Changes a text file; `change` gets what stands there (undefined: there is no file) and gives what is to. Whoever else changes it by this
 * function, in whatever process, does so before or after. Who may read it, and whose it is, stays; `own` keeps it from everybody but its owner, and a
 * new one belongs to whom its folder does. Rejects with what `change` throws, and with an Error that names the file and what is
 * wrong; then nothing is changed.
 */
export async function changeText(
  name: string,
  change: (there: string | undefined) => string,
  own = false,
): Promise<void> {
  // A link goes on leading to it.
  const file = existsSync(name) ? realpathSync(name) : name;
  const open = await takeDraft(file);
  put(file, open, () => change(existsSync(file) ? readFileSync(file, "utf8") : undefined), own);
}

/** Makes a file that is not there, or has nothing in it, for its owner only. It is nobody's but this process's to make. */
export function makeOwnFile(file: string, text: string): void {
  const open = openSync(draftOf(file), "w", OWN);
  const make = (): string => {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0) throw new Error(`${file} is there already`);
    return text;
  };
  put(file, open, make, true);
}

function put(file: string, open: number, make: () => string, own: boolean): void {
  const draft = draftOf(file);
  let isTaken = false;
  try {
    const text = make();
    dress(open, file, own);
    writeFileSync(open, text);
    fsyncSync(open);
    // Who was stopped for long may find that another has taken it for left behind.
    isTaken = statSync(draft, { throwIfNoEntry: false })?.ino !== fstatSync(open).ino;
    if (isTaken) throw new Error(`${file} is being changed by another process; nothing is changed`);
    renameSync(draft, file);
  } catch (error) {
    if (!isTaken) rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(open);
  }
  syncFolder(path.dirname(file));
}

/** Makes the draft, and waits for whoever has it. One that lies there unchanged was left by a crash. */
async function takeDraft(file: string): Promise<number> {
  const draft = draftOf(file);
  const { draftMs, draftLookMs } = limits.files;
  let mark: string | undefined;
  for (let waited = 0; ; waited += draftLookMs) {
    try {
      return openSync(draft, "wx", OWN);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const found = fileMark(draft);
    if (found !== mark) waited = 0;
    else if (waited >= draftMs) rmSync(draft, { force: true });
    mark = found;
    await after(draftLookMs);
  }
}

/** What a file is known by as long as nobody puts another in its place or writes to it; undefined where there is none. */
export function fileMark(file: string): string | undefined {
  const at = statSync(file, { bigint: true, throwIfNoEntry: false });
  return at && `${at.dev} ${at.ino} ${at.size} ${at.mode} ${at.mtimeNs}`;
}

/** Gives a draft the owner and the mode that the file has, or is to have. */
function dress(open: number, file: string, own: boolean): void {
  if (!hasModes) return;
  const there = statSync(file, { throwIfNoEntry: false });
  const like = there ?? (own ? statSync(path.dirname(file)) : undefined);
  const { uid, gid } = fstatSync(open);
  if (like !== undefined && (like.uid !== uid || (like.gid !== gid && !own))) {
    try {
      fchownSync(open, like.uid, like.gid);
    } catch (error) {
      // Of another's new name it would be kept from him.
      if (own && there !== undefined)
        throw new Error(`${file} is another user's; only he and root can change it`, { cause: error });
    }
  }
  fchmodSync(open, own ? OWN : there === undefined ? 0o666 & ~process.umask() : there.mode & 0o7777);
}

/** A name is on disk when its folder is. */
function syncFolder(folder: string): void {
  if (!hasModes) return;
  const open = openSync(folder, "r");
  try {
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
}

/** Why another file may not take the place of one, in words; undefined where it may. Who made it read-only meant it, whatever his folder says. */
export function unwritable(name: string): string | undefined {
  try {
    const file = realpathSync(name);
    if ((statSync(file).mode & 0o222) === 0) return `${name} is read-only`;
    accessSync(file, constants.W_OK);
    accessSync(path.dirname(file), constants.W_OK);
    return undefined;
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    const why: Readonly<Record<string, string>> = {
      ENOENT: "there is no such file",
      EACCES: "this user may not write it, or into its folder",
      EPERM: "this user may not write it, or into its folder",
      EROFS: "the disk is read-only",
    };
    return `${name}: ${why[code] ?? message}`;
  }
}
