/** Secrets that a site file does not have but names: in a file that nobody but its owner may read, or in the environment. */
import { readOwnText, resolvePath } from "./file.ts";

export type NamedSecret = { readonly file: string } | { readonly env: string };

/** Without the line's end behind it; `folder` is where the file is named from. Throws an Error that says what is not there, or wrong. */
export function readSecret(named: NamedSecret, folder: string): Uint8Array {
  const text = "file" in named ? readOwnText(resolvePath(folder, named.file)) : (process.env[named.env] ?? "");
  const secret = text.replace(/\r?\n$/, "");
  if (secret === "")
    throw new Error("file" in named ? `${named.file} is empty` : `the environment variable ${named.env} is not set`);
  return new TextEncoder().encode(secret);
}
