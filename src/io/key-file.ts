/** A file with one key, which nobody but its owner may read. */
import { readFileSync, statSync } from "node:fs";
import { hasModes, makeOwnFile } from "./draft.ts";
import { KEY_LENGTH, randomKey } from "./secret-box.ts";

export type KeyFile =
  | { readonly key: Uint8Array }
  | { readonly missing: true }
  | { /** In words. */ readonly wrong: string };

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
  // A disk that was full when it was made has left a name without a key.
  if (digits === "") return { missing: true };
  if (!/^[0-9a-f]+$/i.test(digits) || digits.length !== 2 * KEY_LENGTH)
    return { wrong: `${file} is no key: expected ${2 * KEY_LENGTH} hexadecimal digits` };
  return { key: Uint8Array.from(Buffer.from(digits, "hex")) };
}

/** Makes a key and its file, which must not be there yet: on disk when it returns. */
export function makeKeyFile(file: string): KeyFile {
  const key = randomKey();
  try {
    makeOwnFile(file, `${Buffer.from(key).toString("hex")}\n`);
  } catch (error) {
    return { wrong: `${file} cannot be made: ${error instanceof Error ? error.message : String(error)}` };
  }
  return { key };
}

function octal(mode: number): string {
  return `0${(mode & 0o777).toString(8)}`;
}
