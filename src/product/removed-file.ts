/** Files that somebody at a port that has files (SFTP, FTP, MMS) takes from a meter's shelf. */
import { isRefused, type Session } from "#quantity/authority.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";

export interface NotRemoved {
  /** There is no such file; or there is one that nobody, or not this one, may remove. */
  readonly refused: "none" | "denied";
  readonly words: string;
}

/** Undefined where it is removed. */
export function removeFile(surface: MeterSurface, session: Session, name: string): NotRemoved | undefined {
  const outcome = surface.obey({ command: "removeFile", name }, session);
  if (!isRefused(outcome)) return undefined;
  if (outcome.refused !== "invalid") return { refused: "denied", words: outcome.words.join("; ") };
  // What is made when it is read, as the CID, is there, and nobody removes it.
  return surface.files.list().some((file) => file.name === name)
    ? { refused: "denied", words: "it is made when it is read, and cannot be removed" }
    : { refused: "none", words: "there is no such file" };
}
