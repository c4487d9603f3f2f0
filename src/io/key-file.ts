/** A file with one key, which nobody but its owner may read. */
import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { KEY_LENGTH, randomKey } from "./secret-box.ts";

export type KeyFile =
  | { readonly key: Uint8Array }
  | { readonly missing: true }
  | { /** In words. */ readonly wrong: string };

/** Windows keeps who may read a file elsewhere than in its mode. */
const hasModes = process.platform !== "win32";

export function readKeyFile(file: string): KeyFile {
  let text: string;
  try {
    const { mode } = statSync(file);
    if (hasModes && (mode & 0o077) !== 0) {
      return {
        wrong: `${file} has the mode ${octal(mode)}, expected 0600: others can read it; chmod 600 makes it right`,
      };
    }
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { missing: true };
    return { wrong: `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
  const digits = text.trim();
  if (!/^[0-9a-f]+$/i.test(digits) || digits.length !== 2 * KEY_LENGTH)
    return { wrong: `${file} is no key: expected ${2 * KEY_LENGTH} hexadecimal digits` };
  return { key: Uint8Array.from(Buffer.from(digits, "hex")) };
}

/** Makes a key and its file, which must not be there yet: on disk when it returns. */
export function makeKeyFile(file: string): KeyFile {
  const key = randomKey();
  let handle: number;
  try {
    handle = openSync(file, "wx", 0o600);
  } catch (error) {
    return { wrong: `${file} cannot be made: ${error instanceof Error ? error.message : String(error)}` };
  }
  try {
    writeSync(handle, `${Buffer.from(key).toString("hex")}\n`);
    fsyncSync(handle);
  } catch (error) {
    return { wrong: `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    closeSync(handle);
  }
  return { key };
}

function octal(mode: number): string {
  return `0${(mode & 0o777).toString(8)}`;
}
