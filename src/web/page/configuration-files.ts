/** Files of configurations: JSON, as the command reads and writes it. */
import { isMembers, type Json, type Members } from "./configuration-value.ts";
import { say } from "./language.ts";
import { configuration as texts } from "./texts/configuration.ts";

/** No configuration is longer: the site takes none that is. */
const MOST_BYTES = 1_048_576;

export function fileText(value: Json): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** What a file holds; words on why it is none. */
export async function readFileText(file: Pick<Blob, "size" | "text">): Promise<{ readonly value: Members } | string> {
  if (file.size > MOST_BYTES) return say(texts.fileLong);
  try {
    const value = JSON.parse((await file.text()).replace(/^\uFEFF/, "")) as Json;
    return isMembers(value) ? { value } : say(texts.fileObject);
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
}

/** Characters that are made of bytes at once: a call takes only so many arguments. */
const CHUNK = 8192;

/** Bytes in base64. */
export function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (let from = 0; from < bytes.length; from += CHUNK)
    text += String.fromCodePoint(...bytes.subarray(from, from + CHUNK));
  return btoa(text);
}
