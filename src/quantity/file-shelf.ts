/** The files of a meter: what it recorded, and what describes it. */
import type { Stamp } from "./stamp.ts";

export interface ShelvedFile {
  /** Within the shelf, with its folder: "142300003_1454408745_133724_07.pqd", "wfc/…". Letters, digits, `_`, `.`, `-`, and `/` between folders. */
  readonly name: string;
  /** When it was written. */
  readonly at: Stamp;
  /** Bytes. */
  readonly size: number;
  /** What happened, in words: "sag, phase b: 70.0 %, 208 ms". */
  readonly what?: string | undefined;
}

/** Folders are those of the names, and those that are always there. Oldest files come first. */
export interface FileShelf {
  readonly folders: readonly string[];
  list(): readonly ShelvedFile[];
  /** Undefined where there is none of the name. */
  read(name: string): Uint8Array | undefined;
}

/** The shelf of a meter without files. */
export const noFiles: FileShelf = { folders: [], list: () => [], read: () => undefined };
